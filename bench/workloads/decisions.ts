/** W1: a case of two human tasks with something written between them, from its start to its end, again and again. */
import { load, Timings } from '../load'
import { latency, watch } from '../measure'
import type { Figures } from '../measure'
import type { Meters } from '../meters'
import type { Listed, System, Worker } from '../system'

export interface Load {
  readonly system: System
  readonly meters: Meters
  readonly people: number
  readonly seconds: number
  readonly stopped: AbortSignal
}

/** Its figures, and the first error if there was one. */
export async function decisions({ system, meters, people, seconds, stopped }: Load): Promise<{
  figures: Figures
  firstError: string | null
  /** those that came to their end */
  cases: readonly string[]
}> {
  const timings = new Timings()
  const ended: string[] = []
  let unseen = 0

  /** Asked at once after the answer, without trying again: what is not there is missing. */
  const find = async (person: Worker, caseId: string): Promise<Listed> => {
    const page = await timings.time('list', () => person.list('newest'))
    const found = page.find((task) => task.caseId === caseId)
    if (found) return found
    unseen += 1
    throw new Error('the next task was not in the list when the command had been answered')
  }
  /** Resolves with the moment at which the command was sent. */
  const answer = async (person: Worker, task: Listed): Promise<number> => {
    const held = await timings.time('claim', () => person.claim(task))
    const sent = performance.now()
    await timings.time('complete', () => person.complete({ ...task, version: held.version }))

    return sent
  }
  const once = async (person: Worker): Promise<void> => {
    const began = performance.now()
    const caseId = await timings.time('start', () => person.start(1))
    const sent = await answer(person, await find(person, caseId))
    const next = await find(person, caseId)
    timings.add('visible', performance.now() - sent)
    await answer(person, next)
    timings.add('case', performance.now() - began)
    ended.push(caseId)
  }
  const done = () => timings.of('complete').length
  const { loaded, figures } = await watch(
    system,
    meters,
    () => load(system.workers.slice(0, people), seconds, stopped, once),
    done,
  )
  const { 'application bytes': ofRows, 'temporal bytes': ofTemporal, ...kept } = figures

  const last = ended.at(-1)

  return {
    figures: {
      decisions: done(),
      'decisions/s': done() / loaded.seconds,
      ...latency('complete', timings),
      ...latency('list', timings),
      ...latency('claim', timings),
      ...latency('start', timings),
      ...latency('visible', timings),
      ...latency('case', timings),
      'not visible': unseen,
      'events/case': last === undefined ? null : await system.events(last),
      'rows kB/case': perCase(ofRows, ended.length),
      'Temporal kB/case': perCase(ofTemporal, ended.length),
      ...kept,
    },
    firstError: loaded.firstError,
    cases: ended,
  }
}

export const perCase = (bytes: number | null | undefined, cases: number): number | null =>
  typeof bytes === 'number' && cases > 0 ? bytes / 1024 / cases : null
