/**
 * Strands: the branches of a story that are under way. The kernel must know exactly when every one of them has parked, because
 * that is when a step is whole and may be recorded. A story awaits kernel calls only, so counting is enough: a strand runs from
 * the moment its wait is resolved until it calls the kernel to wait again.
 */
import type { Due, Fact, IsoDate, Moment } from '../contract'

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

/** Thrown from every wait inside a part of the story that is over with the end of its last day, up to the `deadline` of it. */
export class Ended extends Error {
  constructor(
    readonly scope: Scope,
    readonly on: IsoDate,
  ) {
    super(`over since the end of ${on}`)
    this.name = 'Ended'
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

/** A part of the story: the whole of it, a `during`, or one branch of several side by side. */
export class Scope {
  /** set once the part is over for its waits; every kernel call in it then throws */
  ended: Error | null = null
  /** branches of which only one may end, with this one among them */
  rivals: ReadonlySet<Scope> | null = null
  /** its last day has ended, but something said to it in time is on its way */
  heldBack = false

  constructor(
    readonly parent: Scope | null,
    /** acts that end this part */
    readonly turns: readonly string[] = [],
    /** the day with whose end it is over */
    private readonly ends: Moment = () => null,
  ) {}

  /** The day with whose end this part is over, or one around it. */
  get lastDay(): Due | null {
    return earlier(this.ends(), this.parent?.lastDay ?? null)
  }

  /** The day with whose end this part is over, unless one around it is over by then. */
  get ownLastDay(): Due | null {
    const [own, outer] = [this.ends(), this.parent?.lastDay]

    return own && outer && outer.on <= own.on ? null : own
  }

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

/** The earlier of two days, of which either may be missing; the second if they are the same. */
export const earlier = (a: Due | null, b: Due | null): Due | null => (a && b ? (a.on < b.on ? a : b) : (a ?? b))

/** A strand that throws before it first waits has failed like any other. */
const started = <T>(strand: () => Promise<T>): Promise<T> => {
  try {
    return strand()
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

/** The branches against which a part of the story, or one around it, runs. */
function against(of: Scope): Scope[] {
  const others: Scope[] = []
  for (let part: Scope | null = of; part; part = part.parent)
    for (const other of part.rivals ?? []) if (other !== part) others.push(other)

  return others
}

/** A branch of the story, in a part of its own. */
export type Branch<T> = (scope: Scope) => Promise<T>

/** Branches that run side by side. */
export interface Group {
  /** one more; in a group that is over it may not wait */
  add(branch: Branch<void>): void
  /** no more is needed: whoever still waits is withdrawn */
  enough(): void
}

export class Strands {
  private running = 0
  private readonly parked = new Map<Wait, Scope>()
  /** what a strand threw that nothing in the story caught */
  failure: { readonly error: unknown } | null = null

  /** `withdrawn` hears of waits that nobody will be resumed from any more, and why. */
  constructor(private readonly withdrawn: (waits: readonly Wait[], reason: Error) => void = () => undefined) {}

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

  /** What others wait for that would be withdrawn if the branch of this wait were the first to end. */
  rivalsOf(wait: Wait): Wait[] {
    const part = this.parked.get(wait)

    return part ? this.waitsWithin(against(part)) : []
  }

  /** What would be withdrawn if this part were over, and the branch with it the first to end. */
  affectedBy(part: Scope): Wait[] {
    return this.waitsWithin([part, ...against(part)])
  }

  private waitsWithin(parts: readonly Scope[]): Wait[] {
    return [...this.parked].filter(([, of]) => parts.some((part) => of.within(part))).map(([wait]) => wait)
  }

  /** Ends a part of the story: its waits throw `reason`. Returns the waits that were withdrawn. */
  end(scope: Scope, reason: Error): Wait[] {
    scope.ended = reason
    const withdrawn = this.waitsWithin([scope])
    for (const wait of withdrawn) {
      this.resume(wait)
      wait.reject(reason)
    }
    this.withdrawn(withdrawn, reason)

    return withdrawn
  }

  /** Waits for all branches, each in a part of its own; a throw withdraws the siblings, and is thrown once all have ended. */
  async together<T>(scope: Scope, branches: readonly Branch<T>[]): Promise<T[]> {
    const results: T[] = []
    await this.gather(scope, (group) =>
      branches.forEach((branch, i) => group.add(async (part) => void (results[i] = await branch(part)))),
    )

    return results
  }

  /** Runs branches until one of them ends; the others are withdrawn at once, and have ended when this goes on. */
  async first<T>(scope: Scope, branches: readonly Branch<T>[]): Promise<T> {
    const ended: T[] = []
    const begin = (group: Group): void => {
      for (const branch of branches)
        group.add(async (part) => {
          ended.push(await branch(part))
          group.enough()
        })
    }
    await this.gather(scope, begin, { rivals: true })
    if (ended.length === 0) throw new Error('of no branches none is the first')

    return ended[0] as T
  }

  /**
   * Waits for a group of branches, to which more may be added while it is under way. A throw withdraws the others, and is thrown
   * once all have ended.
   */
  gather(scope: Scope, begin: (group: Group) => void, { rivals = false } = {}): Promise<void> {
    if (scope.over) return Promise.reject(scope.over)
    const parts = new Set<Scope>()
    let over: Withdrawn | null = null
    let failure: { readonly error: unknown } | null = null

    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        over ??= new Withdrawn()
        for (const part of parts) if (!part.over) this.end(part, over)
      }
      const ended = (part: Scope): void => {
        parts.delete(part)
        if (parts.size > 0) return
        // the parent runs again before the last branch is counted out, so that the count never touches zero between them
        this.running += 1
        if (failure) reject(failure.error instanceof Error ? failure.error : new Error(String(failure.error)))
        else resolve()
      }
      begin({
        add: (branch) => {
          const part = new Scope(scope)
          part.ended = over
          if (rivals) part.rivals = parts
          parts.add(part)
          this.begin(
            () => branch(part),
            () => ended(part),
            (error) => {
              // what the others threw because they were withdrawn says nothing
              if (error !== over) failure ??= { error }
              if (error !== over) withdraw()
              ended(part)
            },
          )
        },
        enough: withdraw,
      })
      if (parts.size === 0) resolve()
      else this.running -= 1
    })
  }
}
