/**
 * The case file: what a story may do. A story awaits nothing but these calls; everything technical (Updates, timers, records,
 * the counting of strands) is in `engine.ts`.
 */
import { CancellationScope, patched, TemporalFailure } from '@temporalio/workflow'
import type {
  EffectName,
  EffectOutcome,
  Hold,
  ListQuestion,
  QuestionOf,
  QuestionsOf,
  RequestOf,
  ValueOf,
} from './protocol/activities'
import { addTerm } from './law/calendar'
import type { Expected } from './law/suspension'
import type {
  ActForm,
  AnswerOf,
  Answered,
  AskOptions,
  BodyKey,
  CaseId,
  ClockOf,
  Closing,
  CommissionOf,
  AwaitOf,
  DaysOff,
  DocumentFactsOf,
  AmendmentOf,
  DecisionOf,
  DocumentOf,
  Due,
  EndOf,
  Fact,
  FlagOf,
  GivenTerm,
  GroundOf,
  IsoDate,
  KeptList,
  Late,
  LinkedEnd,
  ListId,
  ListOfStarts,
  MayReturn,
  Moment,
  OpensOf,
  PersonId,
  ProcessTypes,
  Reason,
  ReasonOf,
  RemarkOf,
  Reply,
  Returned,
  RuleOf,
  RuleRow,
  Rulebook,
  StageOf,
  TaskOf,
  TaskOptions,
  TermOf,
  TermRow,
  TimedOf,
  TurnOf,
  WithinOf,
} from './contract'
import { TAKES_EFFECT } from './contract'
import { Commission } from './commission'
import type { CommissionOptions, Decision } from './commission'
import { Engine } from './engine/engine'
import { appealForm, executionOf } from './engine/message-validators'
import type { SentToCase, SentToList, StartOfCase } from './engine/linked-cases'

export type { SentToCase, SentToList, StartOfCase } from './engine/linked-cases'
import type { CaseInput } from './protocol/messages'
import type { Branch, Scope } from './engine/strands'
import { Ended, Scope as Part, Turned, Withdrawn } from './engine/strands'

/** Branches of a story, whose results keep their places. */
type Branches<P extends ProcessTypes, T extends readonly unknown[] | []> = {
  readonly [K in keyof T]: (file: CaseFile<P>) => Promise<T[K]>
}

/** What a document is ordered with: nothing, where its contract names no facts. */
type OrderedWith<P extends ProcessTypes, D extends DocumentOf<P['contract']>> = keyof DocumentFactsOf<
  P['contract'],
  D
> extends never
  ? readonly []
  : readonly [facts: DocumentFactsOf<P['contract'], D>]

/** The act that ended a part of the story, with its form. */
type TurnTaken<P extends ProcessTypes, A> = A extends string ? { readonly act: A; readonly form: ActForm<P, A> } : never

/** A commission has a term: from the contract, or from the story. */
type TermOfCommission<P extends ProcessTypes, K> =
  K extends TimedOf<P['contract']> ? WithinOf<P, K> : Required<WithinOf<P, K>>

/** Kinds that one person answers. */
type Asked<P extends ProcessTypes> = Exclude<TaskOf<P['contract']>, CommissionOf<P['contract']>>

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

  /** The day on which its start was received, however much later it begins: what decides whether a start is in time. */
  get receivedOn(): IsoDate {
    return this.engine.state.receivedOn
  }

  /** The regime the case was opened under, for good. */
  get regime(): string {
    return this.engine.state.opening.regime
  }

  /** The body to which this case belongs now; `input.body` is that in which it began. */
  get body(): BodyKey {
    return this.engine.state.body
  }

  /** The body of the Agency competent for this case. */
  get agency(): BodyKey {
    return this.engine.state.agency
  }

  /** A term as the case took it when it was opened. */
  term(key: TermOf<P['contract']>): TermRow {
    return this.engine.state.term(key)
  }

  /** The value of a rule of the regime. */
  rule(key: RuleOf<P['contract']>): RuleRow {
    return this.engine.state.ruleRow(key)
  }

  /** Whether something was in force when the case started: off until its act and its day were entered in the register of rules. */
  flag(key: FlagOf<P['contract']>): boolean {
    return this.engine.state.flag(key)
  }

  /** The calendar of the body as it stands, with the days on which the case is suspended: they count for no term. */
  get daysOff(): DaysOff {
    return this.engine.state.calendar
  }

  /**
   * The date one term from a day (or before it), by the calendar as it stands; the term is one of the contract, or a length that a
   * form gave. The day is a fact, or was fixed by the story
   * (`const asked = file.today`): a term counted from today inside a function would never end.
   */
  dueIn(term: TermOf<P['contract']> | GivenTerm, from: IsoDate, back = false): Due {
    const length = typeof term === 'object' ? term : this.term(term)

    return addTerm(from, length, this.engine.state.calendar, { back })
  }

  /** Notes facts. Clocks, dates and addressees that follow from them follow. */
  note(facts: Partial<P['facts']>): void {
    this.engine.note({ ...this.engine.state.facts, ...facts })
  }

  /** Names where the case stands. */
  enter(stage: StageOf<P['contract']>): void {
    this.engine.enter(stage)
  }

  /** Keeps a clock under a name, worked out anew from the facts at each change; the case page shows it with its reasons. */
  clock(name: ClockOf<P['contract']>, due: () => Due, startsOn: () => IsoDate): void {
    this.engine.keepClock(name, due, startsOn)
  }

  /** Asks for a document, made of the answers given so far that its template names, and of the facts that its contract names. */
  order<D extends DocumentOf<P['contract']>>(document: D, ...[facts]: OrderedWith<P, D>): void {
    this.engine.order(document, { ...facts })
  }

  /**
   * Takes a decision: orders the document that says it, and keeps from which day it has effect, which is given as a function and worked
   * out anew at each change. Whoever gave the answer that decides the document took it.
   */
  decide<D extends DecisionOf<P['contract']>>(
    document: D,
    effectiveFrom: () => IsoDate,
    ...[facts]: OrderedWith<P, D>
  ): void {
    this.engine.decisions.decide(document, effectiveFrom, { ...facts })
  }

  /**
   * Notes that whom the last decision of this kind concerns has been told of it today, or of what amended it: the term of an appeal runs
   * from here, of an amendment where the rule that the contract names says so.
   */
  deliver(document: DecisionOf<P['contract']> | AmendmentOf<P['contract']>): void {
    this.engine.decisions.deliver(document)
  }

  /**
   * Amends the last decision of the kind that this document amends: orders the document and keeps it beside those before it. A new day
   * from which the decision has effect is given as a function; null leaves it as it was.
   */
  amend<D extends AmendmentOf<P['contract']>>(
    document: D,
    effectiveFrom: (() => IsoDate) | null,
    ...[facts]: OrderedWith<P, D>
  ): void {
    this.engine.decisions.amend(document, effectiveFrom, { ...facts })
  }

  /** Withdraws the last decision of this kind: it has no effect and cannot be appealed. */
  withdraw(document: DecisionOf<P['contract']>, ground: ReasonOf<P['contract']>): void {
    this.engine.decisions.withdraw(document, ground)
  }

  /**
   * Keeps the case from people for good: they hold none of its tasks, open or to come, perform no act, sit in no commission, and see
   * nothing of it by an office, a task or a link. By a part that they have they see it as ever: whom it is about keeps his page.
   */
  exclude(people: readonly PersonId[]): void {
    this.engine.exclude(people)
  }

  /**
   * Restricts the case to people: an office, a task of a role and a link count for them only. Done before the story first waits, its number
   * tells nothing of other cases. One that is restricted already stays as it is.
   */
  restrict(people: readonly PersonId[]): void {
    this.engine.restrict(people)
  }

  /**
   * Whether this case does what its story did not do in the release before, without a version of its own for it: one that had come past this
   * point then goes on as it was. Each change has a name, and is asked once.
   */
  follows(change: string): boolean {
    return patched(change)
  }

  /** Writes into the file something that no task or act says. */
  remark(event: RemarkOf<P['contract']>, params: Readonly<Record<string, Fact>> = {}): void {
    this.engine.remark(event, params)
  }

  /** Opens a task and waits for its answer; with `closing`, no longer than to the end of that day. */
  ask<K extends Asked<P>>(
    kind: K,
    options: AskOptions<P, K> & { readonly closing: Moment },
  ): Promise<Answered<AnswerOf<P, K>> | MayReturn<P, K> | Late>
  ask<K extends Asked<P>>(kind: K, options: AskOptions<P, K>): Promise<Answered<AnswerOf<P, K>> | MayReturn<P, K>>
  ask<A>(kind: string, options: TaskOptions): Promise<Answered<A> | Returned | Late> {
    // nobody would ever open it
    if (this.engine.state.contract.tasks[kind]?.sealed) throw new Error(`${kind} is sealed: a commission answers it`)

    return this.engine.ask(this.scope, kind, options)
  }

  /**
   * Asks the members of a commission, one task each, and counts their answers by the rules that the contract gives for this kind of
   * task. Sealed answers are opened together.
   */
  commission<K extends CommissionOf<P['contract']>>(
    kind: K,
    options: CommissionOptions & TermOfCommission<P, K>,
  ): Promise<Decision<AnswerOf<P, K>>> {
    return new Commission<P, AnswerOf<P, K>>(this.engine, this.scope, kind, options).run()
  }

  /**
   * Waits for the beginning of a day, given as a clock of the contract or worked out anew when facts or the calendar change; while there
   * is no such day, for one. `comes`: what comes with it, for the page of the case.
   */
  until(day: ClockOf<P['contract']> | Moment, comes?: AwaitOf<P['contract']>): Promise<void> {
    return this.engine.until(this.scope, this.momentOf(day), comes ?? null)
  }

  /** A clock as it is kept, with what suspends it alone, or a date of the story. */
  private momentOf(day: ClockOf<P['contract']> | Moment): Moment {
    return typeof day === 'function' ? day : () => this.engine.state.clocks.get(day)?.due() ?? null
  }

  /**
   * Suspends the case, or the term that the ground names, from today on. False: the rule of the ground says no, or it stands already.
   * Whoever may resume it is asked when it should have ended; at once where nothing says when that is.
   */
  suspend(ground: GroundOf<P['contract']>, expected: Expected | null = null): boolean {
    return this.engine.suspensions.suspend(ground, expected)
  }

  /** Lets the case, or its term, go on: today counts again. False: it does not stand on that ground. */
  resume(ground: GroundOf<P['contract']>): boolean {
    return this.engine.suspensions.resume(ground)
  }

  /**
   * Runs a part of the story that is over with the end of a day, given as a clock of the contract or worked out anew like any date.
   * What is open in it then is withdrawn, and what it attempted is taken back. What was received before the end is heard in it, however
   * late it arrives. A part whose last day is over already does not begin.
   */
  async deadline<T>(
    last: ClockOf<P['contract']> | Moment,
    part: (file: CaseFile<P>) => Promise<T>,
  ): Promise<{ readonly over: true; readonly on: IsoDate } | { readonly over: false; readonly value: T }> {
    const ends = this.momentOf(last)
    const day = ends()
    if (day && day.on < this.today) return { over: true, on: day.on }
    const came = await this.runPart(new Part(this.scope, [], ends), Ended, part)

    return came.ended ? { over: true, on: came.ended.on } : { over: false, value: came.value }
  }

  /** Runs a part of the story that any of these acts ends; what was open in it is then withdrawn. */
  async during<T, const A extends TurnOf<P['contract']>>(
    turns: readonly A[],
    part: (file: CaseFile<P>) => Promise<T>,
  ): Promise<{ readonly turned: null; readonly value: T } | { readonly turned: TurnTaken<P, A> }> {
    const came = await this.runPart(new Part(this.scope, turns), Turned, part)

    return came.ended ? { turned: came.ended.turn as TurnTaken<P, A> } : { turned: null, value: came.value }
  }

  /** Runs a part of the story to its end, or until it is ended so from outside. */
  private async runPart<T, E extends Turned | Ended>(
    scope: Scope,
    endsBy: abstract new (...args: never[]) => E,
    part: (file: CaseFile<P>) => Promise<T>,
  ): Promise<{ readonly ended: null; readonly value: T } | { readonly ended: E }> {
    this.engine.openPart(scope)
    try {
      return { ended: null, value: await part(new CaseFile<P>(this.engine, scope)) }
    } catch (error) {
      if (!(error instanceof endsBy) || error.scope !== scope) throw error
      // nothing in the story will look after what this part attempted
      if (this.engine.effects.undos.has(scope)) await this.engine.effects.undos.run(scope)

      return { ended: error }
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
        if (scope.over instanceof Withdrawn && this.engine.effects.undos.has(scope))
          await this.engine.effects.undos.run(scope)
      }
    })

    return this.engine.strands.first<T[number]>(this.scope, each)
  }

  private branches<T extends readonly unknown[] | []>(of: Branches<P, T>): Branch<T[number]>[] {
    const each: readonly ((file: CaseFile<P>) => Promise<T[number]>)[] = of

    return each.map((branch) => (scope) => branch(new CaseFile<P>(this.engine, scope)))
  }

  /** Asks the store something that changes nothing: what every process may ask, and what is this one's own. */
  consult<T>(question: (register: QuestionsOf<P>) => Promise<T>): Promise<T> {
    return this.engine.questions.consult(this.scope, question)
  }

  /**
   * Asks the register something of which the answer is a list that may be long. The store keeps it as a content row of the case;
   * history has its id and hash, and how many items there are. `openEach` takes it as its list.
   */
  keep<K extends ListQuestion<P>>(question: K, about: QuestionOf<P, K>): Promise<KeptList> {
    return this.engine.questions.keep(this.scope, question, about)
  }

  /**
   * Does something to a register, which may be refused. Its undo is registered first. It runs, last first, when the part of the story
   * that attempted it is abandoned: a turn ended the part, another branch was first, or the case is cancelled or refused. One that
   * fails is a task for HR (`mendUndo`), in which words `effects.<effect>` name what could not be taken back, and the case stays open
   * until it is done. `undo: false`: it stays whatever becomes of that part.
   */
  attempt<E extends EffectName<P>>(
    effect: E,
    request: RequestOf<P, E>,
    { undo = true }: { readonly undo?: boolean } = {},
  ): Promise<EffectOutcome<ValueOf<P, E>>> {
    // what an effect takes and tells is JSON by its type, and the store is held to it (`storeOf`)
    return this.engine.effects.attempt(this.scope, effect, request as Fact, { undo }) as Promise<
      EffectOutcome<ValueOf<P, E>>
    >
  }

  /**
   * Does to a register what was decided and has to be done: refused, it is a task for HR (`mendEffect`), who does it by hand; the story
   * goes on, and the case stays open until the task is done.
   */
  async carryOut<E extends EffectName<P>>(effect: E, request: RequestOf<P, E>): Promise<EffectOutcome<ValueOf<P, E>>> {
    const outcome = await this.attempt(effect, request)
    if (!outcome.taken) this.engine.kernelTasks.mendEffect(effect, outcome.reason)

    return outcome
  }

  /**
   * Carries out the last decision of a kind by an effect, whose request is made of the day from which it has effect: waits for that day, and
   * for the end of each appeal that suspends the decision, however shortly before it was received; the decision then has effect from the day
   * on which it may be carried out. An outcome ends the wait at once. A decision that was withdrawn by its day is not carried out.
   * `meanwhile` runs beside the wait for the day, and the effect waits for both. Refused by the register, it is HR's, as with `carryOut`.
   */
  async execute<E extends EffectName<P>>(
    document: DecisionOf<P['contract']>,
    effect: E,
    request: (on: IsoDate) => RequestOf<P, E>,
    meanwhile?: (file: CaseFile<P>) => Promise<unknown>,
  ): Promise<'carriedOut' | 'cancelled'> {
    const decision = this.engine.decisions.standing(document)
    for (let beside = meanwhile; ; beside = undefined) {
      const part = new Part(this.scope, [executionOf({ document: decision.document, outcome: 'stands' })])
      const came = await this.runPart(part, Turned, (file) => file.carryOutInTime(decision, effect, request, beside))
      if (!came.ended) return decision.withdrawn ? 'cancelled' : 'carriedOut'
      const { outcome, effectiveFrom } = appealForm(came.ended.turn.form)
      if (outcome === 'cancelled') {
        if (!decision.withdrawn) this.engine.decisions.withdraw(document, 'appeal.cancelled')

        return 'cancelled'
      }
      this.engine.decisions.move(decision.document, effectiveFrom ?? later(decision.effectiveFrom(), this.today))
    }
  }

  private async carryOutInTime<E extends EffectName<P>>(
    decision: ReturnType<Engine<P>['decisions']['standing']>,
    effect: E,
    request: (on: IsoDate) => RequestOf<P, E>,
    meanwhile?: (file: CaseFile<P>) => Promise<unknown>,
  ): Promise<void> {
    const { document } = decision
    // a move of the decision gives it another function
    const day = () => decision.effectiveFrom()
    const until = (file: CaseFile<P>) =>
      file.engine.until(file.scope, () => ({ on: day(), steps: [{ code: 'starts', on: day() }] }), TAKES_EFFECT)
    await (meanwhile ? this.together([meanwhile, until]) : until(this))
    for (;;) {
      if (decision.withdrawn) return
      // amended meanwhile, or moved behind an appeal
      if (day() > this.today) await until(this)
      const asked = request(day()) as Fact
      const outcome = await this.engine.effects.attempt(this.scope, effect, asked, { undo: true, decision: document })
      if (outcome.taken) return
      const { code, params } = outcome.reason
      if (code !== 'appeal.underway') return this.engine.kernelTasks.mendEffect(effect, outcome.reason)
      const { on } = await this.ended(params?.['appeal'] as CaseId)
      this.engine.decisions.move(document, later(day(), on))
    }
  }

  /**
   * Does what another case did for another day, from which a decision of it then has effect: taken back and done again in one transaction each; when this part of the story is abandoned,
   * it is done for the day of before. What cannot be is a task for HR. False: that case has withdrawn the decision, and nothing is done.
   */
  doOn(of: CaseId, on: IsoDate, decision: string): Promise<boolean> {
    return this.engine.effects.doOn(this.scope, of, on, decision)
  }

  /**
   * Takes back, last first, what this part of the story did to registers, or, with `of`, what another case did and still stands; when
   * this part of the story is abandoned, that is done again. What cannot be is a task for HR, as with every undo.
   */
  compensate({ of }: { readonly of?: CaseId } = {}): Promise<void> {
    return this.engine.effects.compensate(this.scope, of)
  }

  /** What to hold so that this process has one open case about its subject; a rehearsal never stands in the way of a real one. */
  get onlyCase(): Hold {
    return this.engine.state.onlyCase
  }

  /**
   * Opens another case, as the contract says under this name. It begins once this step is recorded; whether it did is its `reply`,
   * and how it ended its `ended`.
   */
  open(as: OpensOf<P['contract']>, start: StartOfCase): SentToCase {
    return this.engine.linkedCases.open(this.scope, as, start)
  }

  /**
   * Tells a linked case by an act of its process, which says what kinds of link may do it. What is told to one case arrives in the
   * order in which it was told; nothing waits for it unless the story waits for its `reply`.
   */
  tell(to: CaseId, act: string, form: Fact = {}): SentToCase {
    return this.engine.linkedCases.tell(this.scope, to, act, form)
  }

  /** Waits for what came of an opening or of something told: done, started, or refused and why. */
  reply(to: SentToCase): Promise<Reply> {
    return this.engine.linkedCases.reply(this.scope, to)
  }

  /**
   * Waits for the end of a case that this one opened, or is linked with in any other way. One that did not begin has ended as
   * `refused`; so has, with the reason `policy.notLinked`, one with which this case is not linked.
   */
  ended(of: CaseId | Pick<SentToCase, 'case'>): Promise<LinkedEnd> {
    return this.engine.linkedCases.ended(this.scope, typeof of === 'string' ? of : of.case)
  }

  /**
   * Opens a case for each item of a list that the store keeps; the story goes on when all are stored, and they begin at a pace that
   * leaves people their answers. How they stand: `consult((register) => register.endsOf({ list }))`.
   */
  openEach(as: OpensOf<P['contract']>, starts: ListOfStarts): Promise<SentToList> {
    return this.engine.linkedCases.openEach(this.scope, as, starts)
  }

  /** Tells each case of a list that is not over, as `tell` does one. */
  tellEach({ list }: SentToList, act: string, form: Fact = {}): void {
    this.engine.linkedCases.tellEach(this.scope, list, act, form)
  }

  /** Waits until each case of a list has ended or was refused. */
  allEnded({ list }: SentToList): Promise<void> {
    return this.engine.linkedCases.allEnded(this.scope, list)
  }

  /**
   * The case that opened this one, the name under which it did, and the list, if this is one of many; null: it was started otherwise.
   */
  get openedBy(): { readonly case: CaseId; readonly as: string; readonly list?: ListId } | null {
    return this.engine.state.input.openedBy ?? null
  }

  /** The case does not begin, and this is why. */
  refuse(reason: Reason<ReasonOf<P['contract']>>): Closing<EndOf<P['contract']>> {
    return { by: 'kernel', end: 'refused', basis: reason }
  }

  /** The case ends so, and this is why. */
  close(end: EndOf<P['contract']>, basis: Reason<ReasonOf<P['contract']>>): Closing<EndOf<P['contract']>> {
    return { by: 'story', end, basis }
  }
}

const later = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b)

/**
 * Opens a case and runs its story to the end. Regime, terms and rules are fixed here. The workflow that calls it does nothing
 * else. A turn of `cancel` ends any story: undos run in reverse, and the case closes as cancelled.
 *
 * A case ends by its story and in no other way. What the story throws is a fault of its code: the case stands still, keeps its
 * tasks and all it took, and goes on once the code is mended. Temporal's own cancellation is not heard.
 */
export async function openCase<P extends ProcessTypes, Form>(
  contract: P['contract'],
  rulebook: Rulebook<P>,
  input: CaseInput<Form>,
  firstFacts: P['facts'],
  story: (file: CaseFile<P>) => Promise<Closing<EndOf<P['contract']>>>,
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
