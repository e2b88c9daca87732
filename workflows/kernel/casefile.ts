/**
 * The case file: what a story may do. A story awaits nothing but these calls; everything technical (Updates, timers, records,
 * the counting of strands) is in `engine.ts`.
 */
import { CancellationScope, TemporalFailure } from '@temporalio/workflow'
import type { Attempted, Consultations, Effects } from './protocol/activities'
import { addTerm } from './law/calendar'
import type {
  DaysOff,
  BodyKey,
  Due,
  IsoDate,
  Reason,
  RuleRow,
  TermRow,
  Fact,
  Answered,
  AskOptions,
  Closing,
  Late,
  MayReturn,
  Moment,
  ProcessTypes,
  Returned,
  Rulebook,
  StoryContract,
} from './contract'
import { Commission } from './commission'
import type { CommissionOptions, Decision } from './commission'
import { Engine } from './engine/engine'
import type { Effect } from './engine/undos'
import type { CaseInput } from './protocol/messages'
import type { Branch, Scope, Turn } from './engine/strands'
import { Scope as Part, Turned, Withdrawn } from './engine/strands'

/** Branches of a story, whose results keep their places. */
type Branches<P extends ProcessTypes, T extends readonly unknown[] | []> = {
  readonly [K in keyof T]: (file: CaseFile<P>) => Promise<T[K]>
}

export class CaseFile<P extends ProcessTypes> {
  constructor(
    private readonly engine: Engine<P>,
    private readonly scope: Scope,
  ) {}

  /** Facts the rules stand on: ids, dates and codes. */
  get facts(): P['facts'] {
    return this.engine.state.facts
  }

  get today(): IsoDate {
    return this.engine.state.today
  }

  /** The regime the case was opened under, for good. */
  get regime(): string {
    return this.engine.state.opening.regime
  }

  /** The body of the Agency competent for this case. */
  get agency(): BodyKey {
    return this.engine.state.opening.agency
  }

  /** A term as the case took it when it was opened. */
  term(key: string): TermRow {
    return this.engine.state.term(key)
  }

  /** The value of a rule of the regime. */
  rule(key: string): RuleRow {
    return this.engine.state.ruleRow(key)
  }

  /** The calendar of the body as it stands. */
  get daysOff(): DaysOff {
    return this.engine.state.daysOff
  }

  /** The date one term from a day (or before it), by the calendar as it stands. */
  dueIn(key: string, from: IsoDate = this.today, back = false): Due {
    return addTerm(from, this.term(key), this.engine.state.daysOff, { back })
  }

  /** Notes facts. Clocks, dates and addressees that follow from them follow. */
  note(facts: Partial<P['facts']>): void {
    this.engine.note({ ...this.engine.state.facts, ...facts })
  }

  /** Names where the case stands. */
  enter(stage: P['stage']): void {
    this.engine.enter(stage)
  }

  /** Keeps a clock under a name, worked out anew from the facts at each change; the case page shows it with its reasons. */
  clock(name: string, due: () => Due, startsOn: () => IsoDate): void {
    this.engine.keepClock(name, due, startsOn)
  }

  /** Asks for a document, made of the answers given so far that its template names. */
  order(document: P['document'], facts: Fact = {}): void {
    this.engine.order(document, facts)
  }

  /** Writes into the file something that no task or act says. */
  remark(event: string, params: Readonly<Record<string, Fact>> = {}): void {
    this.engine.remark(event, params)
  }

  /** Opens a task and waits for its answer; with `closing`, no longer than to the end of that day. */
  ask<K extends keyof P['answers'] & string>(
    kind: K,
    options: AskOptions & { readonly closing: Moment },
  ): Promise<Answered<P['answers'][K]> | MayReturn<P, K> | Late>
  ask<K extends keyof P['answers'] & string>(
    kind: K,
    options: AskOptions,
  ): Promise<Answered<P['answers'][K]> | MayReturn<P, K>>
  ask<A>(kind: string, options: AskOptions & { readonly closing?: Moment }): Promise<Answered<A> | Returned | Late> {
    // nobody would ever open it
    if (this.engine.state.contract.tasks[kind]?.sealed) throw new Error(`${kind} is sealed: a commission answers it`)

    return this.engine.ask(this.scope, kind, options)
  }

  /**
   * Asks the members of a commission, one task each, and counts their answers by the rules that the contract gives for this kind of
   * task. Sealed answers are opened together.
   */
  commission<K extends keyof P['answers'] & string>(
    kind: K,
    options: CommissionOptions,
  ): Promise<Decision<P['answers'][K]>> {
    return new Commission<P, P['answers'][K]>(this.engine, this.scope, kind, options).run()
  }

  /** Waits for the beginning of a day; worked out anew when facts or the calendar change. */
  until(moment: Moment): Promise<void> {
    return this.engine.until(this.scope, moment)
  }

  /** Runs a part of the story that any of these acts ends; what was open in it is then withdrawn. */
  async during<T>(
    turns: readonly (keyof P['acts'] & string)[],
    part: (file: CaseFile<P>) => Promise<T>,
  ): Promise<{ readonly turned: null; readonly value: T } | { readonly turned: Turn }> {
    const scope = new Part(this.scope, turns)
    this.engine.openPart(scope)
    try {
      return { turned: null, value: await part(new CaseFile<P>(this.engine, scope)) }
    } catch (error) {
      if (!(error instanceof Turned) || error.scope !== scope) throw error
      // nothing in the story will look after what this part attempted
      if (this.engine.undos.has(scope)) await this.engine.undos.run(scope)

      return { turned: error.turn }
    } finally {
      this.engine.closePart(scope)
    }
  }

  /** Runs branches side by side and waits for all; if one throws, the others are withdrawn. */
  together<T extends readonly unknown[] | []>(branches: Branches<P, T>): Promise<T> {
    return this.engine.strands.together(this.scope, this.branches(branches)) as Promise<unknown> as Promise<T>
  }

  /**
   * Runs branches side by side until the first of them ends; what is open in the others is withdrawn in the same step, and what
   * they attempted is taken back.
   */
  first<T extends readonly unknown[] | []>(branches: Branches<P, T>): Promise<T[number]> {
    const each = this.branches(branches).map((branch): Branch<T[number]> => async (scope) => {
      try {
        return await branch(scope)
      } finally {
        // withdrawn: nothing in the story will look after what this branch attempted
        if (scope.over instanceof Withdrawn && this.engine.undos.has(scope)) await this.engine.undos.run(scope)
      }
    })

    return this.engine.strands.first<T[number]>(this.scope, each)
  }

  private branches<T extends readonly unknown[] | []>(of: Branches<P, T>): Branch<T[number]>[] {
    const each: readonly ((file: CaseFile<P>) => Promise<T[number]>)[] = of

    return each.map((branch) => (scope) => branch(new CaseFile<P>(this.engine, scope)))
  }

  /** Asks the register something that changes nothing. */
  consult<T>(question: (register: Consultations) => Promise<T>): Promise<T> {
    return this.engine.consult(this.scope, question)
  }

  /**
   * Does something that may be refused. Its undo is registered first. It runs, last first, when the part of the story that
   * attempted it is abandoned: a turn ended the part, another branch was first, or the case is cancelled or refused. One that
   * fails is a task for HR (`mendUndo`), in which `as` names what could not be taken back (words `effects.<as>`), and the case
   * stays open until it is done.
   */
  attempt(effect: Effect, undo?: { readonly undo: Effect; readonly as: string }): Promise<Attempted> {
    return this.engine.attempt(this.scope, effect, undo)
  }

  /** What to hold so that this process has one open case about its subject; a rehearsal never stands in the way of a real one. */
  get onlyCase(): Parameters<Effects['hold']>[0] {
    return this.engine.state.onlyCase
  }

  /** The case does not begin, and this is why. */
  refuse(reason: Reason): Closing<P['end']> {
    return { end: 'refused', basis: reason }
  }

  close(end: P['end'], basis: Reason): Closing<P['end']> {
    return { end, basis }
  }
}

/**
 * Opens a case and runs its story to the end. Regime, terms and rules are fixed here. The workflow that calls it does nothing
 * else. A turn of `cancel` ends any story: undos run in reverse, and the case closes as cancelled.
 *
 * A case ends by its story and in no other way. What the story throws is a fault of its code: the case stands still, keeps its
 * tasks and all it took, and goes on once the code is mended. Temporal's own cancellation is not heard.
 */
export async function openCase<P extends ProcessTypes, Form>(
  contract: StoryContract,
  rulebook: Rulebook<P>,
  input: CaseInput<Form>,
  firstFacts: P['facts'],
  story: (file: CaseFile<P>) => Promise<Closing<P['end']>>,
): Promise<Closing> {
  const engine = new Engine<P>(contract, rulebook, input, firstFacts)

  try {
    return await CancellationScope.nonCancellable(() => engine.run((scope) => story(new CaseFile<P>(engine, scope))))
  } catch (error) {
    // a failure of Temporal's own types would end the workflow, and leave its people with a case that nobody runs
    throw error instanceof TemporalFailure
      ? new Error(`the case stands still: ${String(error)}`, { cause: error })
      : error
  }
}
