/** A closed loop: each person does one thing after another, for so many seconds. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from './system'

/** What one loop is measured by: milliseconds of each named action, in the order in which they ended. */
export class Timings {
  private readonly taken = new Map<string, number[]>()

  async time<T>(action: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    this.add(action, performance.now() - began)

    return result
  }

  add(action: string, milliseconds: number): void {
    const known = this.taken.get(action)
    if (known) known.push(milliseconds)
    else this.taken.set(action, [milliseconds])
  }

  of(action: string): readonly number[] {
    return this.taken.get(action) ?? []
  }
}

export interface Loaded {
  readonly seconds: number
  readonly errors: number
  readonly firstError: string | null
}

const AFTER_ERROR_MS = 20

/**
 * Lets these people work at once until the time is over; what they are in the middle of is finished. An action that fails is
 * counted, and its person goes on.
 */
export async function load(
  people: readonly Worker[],
  seconds: number,
  stopped: AbortSignal,
  once: (person: Worker, goesOn: () => boolean) => Promise<void>,
): Promise<Loaded> {
  const began = performance.now()
  const until = began + seconds * 1000
  const goesOn = () => performance.now() < until && !stopped.aborted
  let errors = 0
  let firstError: string | null = null
  await Promise.all(
    people.map(async (person) => {
      while (goesOn()) {
        try {
          await once(person, goesOn)
        } catch (error) {
          errors += 1
          firstError ??= String(error)
          await sleep(AFTER_ERROR_MS)
        }
      }
    }),
  )

  return { seconds: (performance.now() - began) / 1000, errors, firstError }
}
