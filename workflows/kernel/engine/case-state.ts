/** What is known of one case between two steps, and what follows from it. Changed only by the engine. */
import {
  addDays,
  addTerm,
  continuedBy,
  endOf,
  keepingPast,
  localDate,
  localDateAt,
  OutsideCalendar,
  startOfDay,
} from '../law/calendar'
import { personOf } from '../contract'
import type {
  Addressee,
  BodyKey,
  DaysOff,
  Due,
  Instant,
  IsoDate,
  Pause,
  People,
  PersonId,
  PeopleOf,
  Positions,
  PositionsOf,
  Role,
  RuleRow,
  Sender,
  TaskId,
  TermRow,
  Actor,
  ActContext,
  Fact,
  ActResult,
  Closing,
  Moment,
  ProcessTypes,
  ProcessContract,
  Rulebook,
  StageOf,
  ActOf,
} from '../contract'
import type { CasePlace, Hold } from '../protocol/activities'
import { caseTime, inPlace, instant, millis, movedTo, realTime } from '../law/case-clock'
import type { CaseClock } from '../law/case-clock'
import type { CaseInput, Messages } from '../protocol/messages'
import type {
  AwaitedDay,
  CommissionRecord,
  DecisionRecord,
  FormerBody,
  OpenTask,
  WithdrawalRecord,
} from '../protocol/step'
import type { Keeps } from '../law/kept'
import {
  calendarOf,
  isMoving,
  isStanding,
  suspendedCase,
  suspendedTask,
  suspensionKind,
  type CountedFor,
  type Suspension,
} from '../law/suspension'
import { flagIn, KERNEL_TERMS, onlyCaseKey, type Opening } from '../protocol/opening'
import type { Scope } from './strands'
import { UntilWait } from './waits'
import type { AskWait, LinkedWait, Question } from './waits'

/** The task of a person to whom a question was put. */
const QUESTION = 'answerQuestion'

/** A commission as the case knows it. */
export interface CaseCommission {
  readonly record: CommissionRecord
  hasSeat(member: PersonId): boolean
  whyNotReplacedBy(successor: PersonId | undefined): Readonly<Record<string, string>> | null
  replace(member: PersonId, by: PersonId | undefined, actor: Actor): void
  unseat(people: readonly PersonId[]): void
}

/** A document that amended a decision. */
interface CaseAmendment {
  readonly document: string
  readonly kind: string
  readonly on: IsoDate
  deliveredOn: IsoDate | null
}

/** A decision that the story took. */
export interface CaseDecision {
  readonly document: string
  readonly kind: string
  readonly madeOn: IsoDate
  effectiveFrom: () => IsoDate
  /** the day of before it was changed first */
  firstEffectiveFrom?: IsoDate
  deliveredOn: IsoDate | null
  readonly amendments: CaseAmendment[]
  withdrawn?: WithdrawalRecord
}

export class CaseState<P extends ProcessTypes> implements Keeps {
  opening!: Opening
  /** the body to which it belongs, and those to which it belonged before, in order */
  body: BodyKey
  formerBodies: readonly FormerBody[] = []
  private movedAgency: BodyKey | null = null
  daysOff!: DaysOff
  /** the day, by its own clock, on which the case last asked for its calendar */
  calendarOf!: IsoDate
  facts: P['facts']
  clock: CaseClock
  stage = ''
  /** last step begun to be recorded */
  n = 0
  /** messages taken, of this run */
  messages = 0
  /** how the story came to its end; the case closes once nothing it asked of people is left */
  ending: Closing | null = null
  closing: Closing | null = null
  /** it was refused in its first step: its start has that outcome */
  refusedAtStart = false
  readonly parts = new Set<Scope>()
  readonly asks = new Set<AskWait>()
  readonly untils = new Set<UntilWait>()
  /** strands that wait for another case */
  readonly linkedWaits = new Set<LinkedWait>()
  readonly commissions = new Set<CaseCommission>()
  /** in the order in which they were taken */
  readonly decisions: CaseDecision[] = []
  readonly clocks = new Map<string, { due: () => Due; startsOn: () => IsoDate; endsOn: IsoDate | null }>()
  /** tasks whose answer is taken but not yet recorded: the second of two answers is refused */
  readonly taken = new Set<TaskId>()
  /** in the order in which they began; those that have ended stay, because dates follow from them */
  suspensions: readonly Suspension[] = []
  /** whom the kernel asked, by the ground of a suspension, whether it ends */
  readonly suspensionReviews = new Map<string, AskWait>()
  /** the day of which the dates in the last step are */
  datedOn: IsoDate | null = null
  /** what a date is worked out for */
  private countedFor: CountedFor = {}
  keptFrom: readonly PersonId[] = []
  restrictedTo: readonly PersonId[] | null = null
  /** it is restricted because the case that it appeals is */
  restrictedWithOther = false
  /** the clocks before each move of it, oldest first: by an act on a rehearsal, or to another zone */
  private clocksBefore: readonly CaseClock[] = []

  constructor(
    readonly contract: ProcessContract,
    readonly rulebook: Rulebook<P>,
    readonly input: CaseInput<unknown>,
    firstFacts: P['facts'],
  ) {
    this.facts = firstFacts
    this.clock = input.clock
    this.body = input.body
  }

  /** The body of the Agency competent for it. */
  get agency(): BodyKey {
    return this.movedAgency ?? this.opening.agency
  }

  /** As the policy is asked about it. */
  get stands(): { readonly body: BodyKey; readonly agency: BodyKey; readonly subject: PersonId | null } & Keeps {
    const { body, agency, keptFrom, restrictedTo } = this

    return { body, agency, subject: this.input.subject, keptFrom, restrictedTo }
  }

  /** Who is asked when a role in a body is: a role in a body to which the case belonged before is now that of the body of now. */
  addresseeNow(to: Addressee<Role>): Addressee<Role> {
    if (to.role === undefined) return to
    const part = to.role === 'agency' ? 'agency' : 'body'

    return this.formerBodies.some((former) => former[part] === to.body) ? { ...to, body: this[part] } : to
  }

  /** It belongs to another body from now on. What it answers takes that back. */
  moveTo(place: CasePlace): () => void {
    const { body, agency, movedAgency, formerBodies, clock, clocksBefore, daysOff } = this
    const { zone } = clock
    const now = this.caseNow
    const today = [this.today, localDateAt(now, place.zone)].sort()
    const until = today[1] ?? this.today
    this.formerBodies = [...formerBodies, { body, agency, zone, at: instant(now), step: this.n + 1, until }]
    this.body = place.body
    this.movedAgency = place.agency
    this.clocksBefore = [...clocksBefore, clock]
    this.clock = inPlace(clock, { zone: place.zone, profile: place.daysOff.profile }, Date.now())
    this.daysOff = continuedBy(daysOff, until, place.daysOff)

    return () => Object.assign(this, { body, movedAgency, formerBodies, clock, clocksBefore, daysOff })
  }

  /** The zone of the body to which it belonged at a moment of case time. */
  zoneAt(at: number): string {
    return this.formerBodies.find((former) => at < millis(former.at))?.zone ?? this.clock.zone
  }

  get today(): IsoDate {
    return localDate(this.caseInstant, this.clock.zone)
  }

  /** The calendar by which terms are counted: without the days on which the case, or what is asked about, is suspended. */
  get calendar(): DaysOff {
    return calendarOf(this.contract, this.suspensions, this.daysOff, this.today, this.countedFor)
  }

  /** Works out a date of a clock or a task, which may be suspended apart. */
  countingFor<T>(of: CountedFor, workOut: () => T): T {
    const before = this.countedFor
    this.countedFor = of
    try {
      return workOut()
    } finally {
      this.countedFor = before
    }
  }

  /** The suspension for which something the story waits for stands still; null: it does not. */
  stopOf(wait: AskWait | UntilWait): Suspension | null {
    return wait instanceof UntilWait
      ? suspendedCase(this.suspensions)
      : suspendedTask(this.contract, this.suspensions, wait.kind)
  }

  /** The same for what a person sent about a task at a moment: what was received before it began is heard. */
  stopOfMessage(wait: AskWait, receivedAt: Instant): Suspension | null {
    const begun = this.suspensions.filter(({ at }) => millis(at) <= millis(receivedAt))

    return suspendedTask(this.contract, begun, wait.kind)
  }

  /** The next day on which the dates of a suspended case are worked out anew; null: none is. A held clock is moved by somebody, and that is a step. */
  get recountsOn(): IsoDate | null {
    const moves = this.clock.speed !== 0 && this.suspensions.some(isStanding)

    return moves && this.datedOn !== null ? addDays(this.datedOn, 1) : null
  }

  /** The open task in which somebody is asked whether a suspension ends. */
  reviewOf(ground: string): AskWait | undefined {
    const wait = this.suspensionReviews.get(ground)

    return wait && this.asks.has(wait) ? wait : undefined
  }

  /** The day on which it began, by the clock with which it did. */
  get begunOn(): IsoDate {
    const { base, zone } = this.input.clock

    return localDate(base.case, zone)
  }

  /** The day on which its start was received, by the clock with which it began. */
  get receivedOn(): IsoDate {
    const { clock, receivedAt } = this.input

    return localDateAt(receivedAt ? caseTime(clock, millis(receivedAt)) : millis(clock.base.case), clock.zone)
  }

  term(key: string): TermRow {
    const row = [...this.opening.terms, ...KERNEL_TERMS].find((term) => term.key === key)
    if (!row) throw new Error(`${this.contract.name} did not declare the term ${key}`)

    return row
  }

  /** The decisions as they stand by the calendar of now. */
  decisionsNow(): DecisionRecord[] {
    return this.decisions.map((decision) => {
      const { document, kind, madeOn, effectiveFrom, firstEffectiveFrom: first, ...later } = decision
      const { deliveredOn, amendments, withdrawn } = later
      const amended = amendments.map((each) => ({ ...each, appealAnew: this.runsAnew(each.kind) }))

      return {
        ...{ document, kind, madeOn, deliveredOn },
        effectiveFrom: effectiveFrom(),
        ...(first && { firstEffectiveFrom: first }),
        appealBy: this.appealBy(decision),
        ...(amended.length > 0 && { amendments: amended }),
        ...(withdrawn && { withdrawn }),
      }
    })
  }

  /** Whether the delivery of a document by which a decision is amended begins the term of its appeal anew. */
  private runsAnew(amendment: string): boolean {
    const key = this.contract.decisions?.[amendment]?.appealAnew

    // a case opened before its process knew the rule does not have it
    return this.opening.rules.some((rule) => rule.key === key && rule.value === true)
  }

  /** The last day for an appeal; null where no term is known: of a case opened before the process had one, or past its calendar. */
  private appealBy({ kind, deliveredOn, amendments, withdrawn }: CaseDecision): Due | null {
    const key = this.contract.decisions?.[kind]?.appeal
    const term = this.opening.terms.find((row) => row.key === key)
    const anew = amendments.findLast((each) => each.deliveredOn !== null && this.runsAnew(each.kind))
    const from = anew?.deliveredOn ?? deliveredOn
    if (!term || !from || withdrawn) return null
    try {
      return addTerm(from, term, this.daysOff)
    } catch (error) {
      // a decision stands though the register does not know yet which days of so far ahead are off
      if (error instanceof OutsideCalendar) return null
      throw error
    }
  }

  ruleRow(key: string): RuleRow {
    const row = this.opening.rules.find((rule) => rule.key === key)
    if (!row) throw new Error(`${this.contract.name} did not declare the rule ${key}`)

    return row
  }

  flag(key: string): boolean {
    return flagIn(this.opening.rules, key)
  }

  get onlyCase(): Hold {
    return { case: this.input.case, key: onlyCaseKey({ ...this.input, process: this.contract.name }) }
  }

  /**
   * The innermost part under way that this act ends; of two equally deep, the one opened last. A part is under way for what was
   * received (by the clock of the case) before its last day ended.
   */
  partTurnedBy(act: string, received: number): Scope | null {
    let found: Scope | null = null
    for (const part of this.parts)
      if (part.turns.includes(act) && this.isUnderway(part, received) && (!found || part.depth >= found.depth))
        found = part

    return found
  }

  /** Whether a moment comes before a part of the story is over with its last day. */
  isUnderway(part: Scope, at: number): boolean {
    const day = part.lastDay

    return day === null || at < this.endOfDay(day.on)
  }

  /** Once per due date, and not on the day it was opened. */
  reminds(wait: AskWait, due: Due): boolean {
    return wait.remindedOf !== due.on && this.remindOn(due) > wait.openedOn
  }

  /** Moments of case time at which something falls due. */
  nextAlarm(): number | null {
    const moments: number[] = this.suspensionAlarms()
    for (const part of suspendedCase(this.suspensions) ? [] : this.parts) {
      const day = part.heldBack ? null : part.ownLastDay
      if (day && !isMoving(day.steps)) moments.push(this.endOfDay(day.on))
    }
    for (const wait of [...this.untils, ...this.asks])
      moments.push(...this.alarmsOf(wait).filter((at) => this.isUnderway(wait.part, at)))

    return moments.length === 0 ? null : Math.min(...moments)
  }

  /** The first day for which the story waits, and what comes with it. */
  nextDay(): AwaitedDay | null {
    const days = [...this.untils].flatMap((wait): AwaitedDay[] => {
      const due = this.alarmsOf(wait).some((at) => this.isUnderway(wait.part, at)) ? wait.moment() : null

      return due ? [{ comes: wait.comes, due }] : []
    })

    return days.reduce<AwaitedDay | null>((first, day) => (first && first.due.on <= day.due.on ? first : day), null)
  }

  /** When one that stands should have ended; and the next day of its dates. */
  private suspensionAlarms(): number[] {
    const ends = this.expectedToEnd().map(({ expected }) => this.endOfDay(expected))

    return this.recountsOn === null ? ends : [...ends, this.startOf(this.recountsOn)]
  }

  /** Suspensions that should have ended by a moment of case time, and of which nobody has been asked yet. */
  overdueSuspensions(now: number): { readonly ground: string; readonly expected: IsoDate }[] {
    return this.expectedToEnd().filter(({ expected }) => this.endOfDay(expected) <= now)
  }

  private expectedToEnd(): { readonly ground: string; readonly expected: IsoDate }[] {
    return this.suspensions.flatMap((each) => {
      const { ground, expected } = each
      const isAsked = this.reviewOf(ground) !== undefined || !suspensionKind(this.contract, ground)

      return isStanding(each) && expected !== null && !isAsked ? [{ ground, expected }] : []
    })
  }

  private alarmsOf(wait: AskWait | UntilWait): number[] {
    if (this.stopOf(wait)) return []
    if (wait instanceof UntilWait) {
      const day = wait.heldBack ? null : wait.moment()

      return day && !isMoving(day.steps) ? [this.startOf(day.on)] : []
    }
    if (wait.answerUnderway) return []
    const lapses = wait.lapses?.()
    const moments = lapses && !isMoving(lapses.steps) ? [this.endOfDay(lapses.on)] : []
    const due = wait.due()
    if (!due || this.isSuspended(wait) || (wait.escalatedOf !== null && due.on <= wait.escalatedOf)) return moments
    if (this.reminds(wait, due)) moments.push(this.startOf(this.remindOn(due)))
    moments.push(this.endOfDay(due.on))

    return moments
  }

  openTasks(): OpenTask[] {
    const tasks: OpenTask[] = []
    for (const wait of this.asks) {
      const due = wait.due()
      tasks.push({
        id: wait.id,
        kind: wait.kind,
        for: wait.addressee(),
        excluded: wait.excluded,
        openedAt: wait.openedAt,
        openedOn: wait.openedOn,
        openedStep: wait.openedStep,
        due,
        dueAt: due && this.realEnd(due.on),
        closes: wait.closes(),
        reminded: due !== null && wait.remindedOf === due.on,
        escalatedTo: wait.escalatedTo ?? wait.standsIn?.by ?? null,
        suspended: this.isSuspended(wait),
        returned: wait.returned,
        questionOf: null,
        content: wait.remarks,
        about: wait.about,
        ...(wait.standsIn ? { standIn: wait.standsIn } : {}),
      })
      const question = wait.question
      if (!question) continue
      tasks.push({
        id: question.id,
        kind: QUESTION,
        for: question.to,
        excluded: this.keptFrom,
        openedAt: question.openedAt,
        openedOn: question.openedOn,
        openedStep: question.openedStep,
        due: null,
        dueAt: null,
        closes: null,
        reminded: false,
        escalatedTo: null,
        suspended: this.stopOf(wait) !== null,
        returned: false,
        questionOf: wait.id,
        content: question.content,
        about: null,
      })
    }

    return tasks
  }

  get caseNow(): number {
    return caseTime(this.clock, Date.now())
  }

  /** Case time at a past moment of real time, as the clock stood at that moment: a later move of it does not count. */
  caseTimeWhen(real: number): number {
    const clocks = [...this.clocksBefore, this.clock]
    const stood = clocks.findLast(({ base }) => millis(base.real) <= real) ?? clocks[0] ?? this.clock

    return caseTime(stood, real)
  }

  moveClock(to: number): void {
    this.clocksBefore = [...this.clocksBefore, this.clock]
    this.clock = movedTo(this.clock, to, Date.now())
  }

  get caseInstant(): Instant {
    return instant(this.caseNow)
  }

  /** A day that began before the case was handed over began by the zone of the body of then. */
  startOf(day: IsoDate): number {
    for (const { zone, at } of this.formerBodies) {
      const began = millis(startOfDay(day, zone))
      if (began < millis(at)) return began
    }

    return millis(startOfDay(day, this.clock.zone))
  }

  /** A term ends with its last day. */
  endOfDay(day: IsoDate): number {
    return this.startOf(addDays(day, 1))
  }

  realEnd(day: IsoDate): Instant | null {
    const at = realTime(this.clock, this.endOfDay(day))

    return at === null ? null : instant(at)
  }

  /** The moment of real time from which the clock shows a moment that has come: a held clock has shown it since it was moved. */
  shownFrom(at: number): Instant {
    return instant(realTime(this.clock, at) ?? millis(this.clock.base.real))
  }

  remindOn(due: Due): IsoDate {
    return addTerm(due.on, this.term('kernel.remindBefore'), this.calendar, { back: true }).on
  }

  /** Asks something as if the calendar reached as far back as the one that a message brings. */
  reachingBack<T>({ daysOff: brought }: { readonly daysOff?: DaysOff }, ask: () => T): T {
    const before = this.daysOff
    this.reachBack(brought)
    try {
      return ask()
    } finally {
      this.daysOff = before
    }
  }

  reachBack(brought: DaysOff | undefined): void {
    if (brought) this.daysOff = keepingPast(brought, this.daysOff)
  }

  /**
   * Whether every date that follows from such facts lies within the calendar: one that does not could never be told. Works out all
   * that a step would say of them, so that whatever a process supplies throws here and not when the step is made.
   */
  reaches(facts: P['facts']): boolean {
    const before = this.facts
    this.facts = facts
    try {
      for (const { due, startsOn } of this.clocks.values()) void [due(), startsOn()]
      this.nextAlarm()
      this.openTasks()
      this.decisionsNow()
      this.rulebook.parties(facts)

      return true
    } catch (error) {
      if (error instanceof OutsideCalendar) return false
      throw error
    } finally {
      this.facts = before
    }
  }

  get factsAsJson(): Fact {
    return this.facts as Fact
  }

  dueOf(within: string | Moment | undefined, from: IsoDate, questions: readonly Question[]): Due | null {
    if (within === undefined) return null
    if (typeof within === 'function') return within()
    const term = this.term(within)
    const pauses: Pause[] = this.questionsStopTerms
      ? questions.map((question) => ({
          from: question.openedOn,
          to: addDays(question.answeredOn ?? this.today, -1),
          because: 'question',
        }))
      : []

    return endOf({ from, terms: [term], pauses, moveToWorkingDay: term.unit === 'calendar days' }, this.calendar)
  }

  get questionsStopTerms(): boolean {
    return this.opening.rules.find((rule) => rule.key === `${this.contract.name}.questionStopsTerm`)?.value === true
  }

  isSuspended(wait: AskWait): boolean {
    return this.waitsForQuestion(wait) || this.stopOf(wait) !== null
  }

  waitsForQuestion(wait: AskWait): boolean {
    return wait.question !== null && this.questionsStopTerms
  }

  askById(id: TaskId): AskWait | undefined {
    return [...this.asks].find((wait) => wait.id === id)
  }

  /** The task from which a question was put that is still open. */
  askOfQuestion(id: TaskId): AskWait | undefined {
    return [...this.asks].find((wait) => wait.question?.id === id)
  }

  questionById(id: TaskId): Question | undefined {
    return this.askOfQuestion(id)?.question ?? undefined
  }

  /** What an act comes to, on the facts as they are or as they once were. */
  resultOf({ act, form, actor, people, positions }: Messages['act'], facts: P['facts'] = this.facts): ActResult<P> {
    const apply = this.rulebook.acts[act as ActOf<P['contract']>]

    return apply(facts, form as Parameters<typeof apply>[1], this.contextOf(actor, people, positions))
  }

  /** What the rules of acts and answers see of the case as it stands. */
  contextOf(sender: Sender, people: People, positions: Positions | undefined): ActContext<P> {
    return {
      today: this.today,
      actor: personOf(sender),
      stage: this.stage as StageOf<P['contract']>,
      rule: (key) => this.ruleRow(key).value,
      flag: (key) => this.flag(key),
      // the API resolved them for the form of this very process
      people: people as PeopleOf<P>,
      positions: positions as PositionsOf<P> | undefined,
      daysOff: this.calendar,
      endOf: (clock) => this.clocks.get(clock)?.due().on ?? null,
    }
  }
}
