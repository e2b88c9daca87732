/**
 * Strands: the branches of a story that are under way. The kernel must know exactly when every one of them has parked, because
 * that is when a step is whole and may be recorded. A story awaits kernel calls only, so counting is enough: a strand runs from
 * the moment its wait is resolved until it calls the kernel to wait again.
 */
import type { Fact } from './messages'

/** An act that ended the part of the story it was declared for. */
export interface Turn {
  readonly act: string
  readonly form: Fact
}

/** Thrown through the story, from every wait inside a scope that a turn ended, up to the `during` that declared it. */
export class Turned extends Error {
  constructor(
    readonly scope: Scope,
    readonly turn: Turn,
  ) {
    super(`turned by ${turn.act}`)
    this.name = 'Turned'
  }
}

/** Thrown from the waits of the siblings of a branch that failed. */
export class Withdrawn extends Error {
  constructor() {
    super('withdrawn')
    this.name = 'Withdrawn'
  }
}

/** Something a strand is parked on. */
export abstract class Wait {
  abstract reject(reason: Error): void
}

/** A part of the story: the whole of it, a `during`, or one branch of a `together`. */
export class Scope {
  /** set once the part is over for its waits; every kernel call in it then throws */
  ended: Error | null = null

  constructor(
    readonly parent: Scope | null,
    /** acts that end this part */
    readonly turns: readonly string[] = [],
  ) {}

  get depth(): number {
    return this.parent ? this.parent.depth + 1 : 0
  }

  /** The reason for which this part, or one around it, is over. */
  get over(): Error | null {
    return this.ended ?? this.parent?.over ?? null
  }

  within(other: Scope): boolean {
    return this === other || (this.parent?.within(other) ?? false)
  }
}

/** A strand that throws before it first waits has failed like any other. */
const started = <T>(strand: () => Promise<T>): Promise<T> => {
  try {
    return strand()
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

export class Strands {
  private running = 0
  private readonly parked = new Map<Wait, Scope>()
  private failure: { readonly error: unknown } | null = null

  /** Every strand has parked or come to its end. */
  get allParked(): boolean {
    return this.running === 0
  }

  /** Throws what a strand threw that nothing in the story caught: a fault of the code, not of a person. */
  throwFailure(): void {
    if (this.failure) throw this.failure.error
  }

  /** Runs a strand to its end and hands over what came of it. */
  begin<T>(strand: () => Promise<T>, ended: (value: T) => void, failed?: (error: unknown) => void): void {
    this.running += 1
    started(strand)
      .then(ended, failed ?? ((error: unknown) => void (this.failure ??= { error })))
      .finally(() => (this.running -= 1))
  }

  /** Parks the calling strand until the wait is resolved or rejected by whoever called `park`. */
  park(wait: Wait, scope: Scope): void {
    this.parked.set(wait, scope)
    this.running -= 1
  }

  /** The wait's strand runs again; call before its promise is settled. False if it ran already. */
  resume(wait: Wait): boolean {
    if (!this.parked.delete(wait)) return false
    this.running += 1

    return true
  }

  /** Ends a part of the story: its waits throw `reason`. Returns the waits that were withdrawn. */
  end(scope: Scope, reason: Error): Wait[] {
    scope.ended = reason
    const withdrawn = [...this.parked].filter(([, of]) => of.within(scope)).map(([wait]) => wait)
    for (const wait of withdrawn) {
      this.resume(wait)
      wait.reject(reason)
    }

    return withdrawn
  }

  /** Waits for all branches, each in a part of its own; a throw withdraws the siblings, and is thrown once all have ended. */
  together<T>(scope: Scope, branches: readonly ((scope: Scope) => Promise<T>)[]): Promise<T[]> {
    if (scope.over) throw scope.over
    if (branches.length === 0) return Promise.resolve([])
    const results: T[] = []
    const parts = branches.map(() => new Scope(scope))
    let left = branches.length
    let first: { readonly error: unknown } | null = null

    return new Promise<T[]>((resolve, reject) => {
      const settle = (): void => {
        left -= 1
        if (left > 0) return
        // the parent runs again before the last branch is counted out, so that the count never touches zero between them
        this.running += 1
        if (first) reject(first.error instanceof Error ? first.error : new Error(String(first.error)))
        else resolve(results)
      }
      branches.forEach((branch, i) => {
        const part = parts[i]
        if (!part) return
        this.begin(
          () => branch(part),
          (value) => {
            results[i] = value
            settle()
          },
          (error) => {
            if (!first) {
              first = { error }
              for (const sibling of parts) if (sibling !== part && !sibling.over) this.end(sibling, new Withdrawn())
            }
            settle()
          },
        )
      })
      this.running -= 1
    })
  }
}
