/**
 * The engine of one case: takes Updates and alarms, lets the story go on until every strand has parked, records the step, then
 * answers. No business rule is here, and nothing technical is above it.
 *
 * Invariants: facts, tasks and clocks change only while a step is under way; an Update answers only after the step it belongs to
 * has been recorded; between steps every strand is parked, and the case has an open task, an alarm, or is closed.
 */
import { allHandlersFinished, condition, log, patched, proxyActivities, uuid4 } from '@temporalio/workflow'
import { changeAccess, restrictTo } from './access'
import { Alarms } from './alarms'
import { Decisions } from './decisions'
import { Departures } from './departures'
import { Effects, Questions } from './effects'
import { hearWhoMay } from './eligibility'
import { Handover } from './handover'
import { KernelTasks } from './kernel-tasks'
import { LinkedCases } from './linked-cases'
import { recordedCapacity, TaskMessages } from './task-messages'
import type { Activities } from '../protocol/activities'
import { isAccessAct } from '../law/kept'
import { isSuspensionAct } from '../law/suspension'
import { mayPerform } from '../law/policy'
import { continuedBy, keepingPast, localDate, OutsideCalendar, saysTheSame } from '../law/calendar'
import { millis } from '../law/case-clock'
import { DECIDED_ON_APPEAL, isCase, offerOf, personOf, refusedDays } from '../contract'
import type {
  BodyKey,
  Capacity,
  CommandId,
  Due,
  IsoDate,
  PersonId,
  Reason,
  TaskId,
  ContentRef,
  Fact,
  Closing,
  Moment,
  ProcessContract,
  ProcessTypes,
  Rulebook,
  TaskOptions,
} from '../contract'
import { handleMessages } from './message-handlers'
import type { CaseInput, Messages, Refusal } from '../protocol/messages'
import { openingQuestion } from '../protocol/opening'
import type { ClosedTask } from '../protocol/step'
import type { Opening } from '../protocol/opening'
import { writtenIn, type StepDraft } from './step-draft'
import { MovedDeadlines } from './moved-deadlines'
import { StepRecorder } from './step-recorder'
import { Suspensions } from './suspensions'
import { outsideCalendar, refusal, refusalOfCheck } from '../protocol/refusals'
import {
  advanceForm,
  appealForm,
  executionOf,
  groundOf,
  isCancelByOpener,
  refusalOfAct,
  refusalOfAppealed,
  replaceMemberForm,
} from './message-validators'
import { CaseState } from './case-state'
import { Ended, Scope, Strands, Turned } from './strands'
import type { Wait } from './strands'
import type { Trigger, StepContext } from './step-context'
import { AskWait, UntilWait } from './waits'
import type { Outcome } from './waits'

const activities = proxyActivities<Activities>({
  // as long as Postgres may be slow or frozen; a worker that is gone is noticed sooner, by its silence
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '4 seconds',
  // Postgres may be away for as long as it likes: a step that people were promised is written in the end
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
})

type OpenOptions = TaskOptions & { readonly about?: Reason }

export class Engine<P extends ProcessTypes = ProcessTypes> implements StepContext<P> {
  readonly strands = new Strands((waits, reason) => this.withdrawn(waits, reason))
  readonly root = new Scope(null, ['cancel'])
  readonly state: CaseState<P>
  readonly recorder: StepRecorder<P>

  readonly linkedCases = new LinkedCases<P>(this, activities)
  readonly kernelTasks = new KernelTasks<P>(this)
  readonly movedDeadlines: MovedDeadlines<P> = new MovedDeadlines<P>(this, this.kernelTasks)
  private readonly departures = new Departures<P>(this, this.kernelTasks, this.movedDeadlines)
  readonly suspensions: Suspensions<P> = new Suspensions<P>(this, this.kernelTasks)
  readonly decisions = new Decisions<P>(this)
  readonly questions: Questions<P>
  readonly effects = new Effects<P>(this, activities, this.linkedCases, this.kernelTasks)

  readonly triggers: Trigger[] = []
  /** from the moment something is taken until the step that holds it is counted */
  private making = true
  /** the story has come to its end, and what it attempted is taken back where it has to be */
  private unwound = false
  private readonly alarms = new Alarms<P>(this, activities)
  private readonly handover = new Handover<P>(this, activities, this.movedDeadlines)
  private readonly taskMessages = new TaskMessages<P>(this)

  constructor(
    contract: ProcessContract,
    rulebook: Rulebook<P>,
    private readonly input: CaseInput<unknown>,
    firstFacts: P['facts'],
  ) {
    this.state = new CaseState(contract, rulebook, input, firstFacts)
    this.questions = new Questions(this.state, activities)
    this.recorder = new StepRecorder(this.state, activities)
    handleMessages(this)
  }

  get draft(): StepDraft<P> {
    return this.recorder.draft
  }

  /** Runs the story step by step to its end. */
  async run(story: (scope: Scope) => Promise<Closing>): Promise<Closing> {
    this.state.opening = await this.findOpening()
    this.state.daysOff = this.state.opening.daysOff
    this.state.calendarOf = this.state.today
    this.state.parts.add(this.root)
    const { startedBy, startedAs: capacity, content } = this.input
    const { regime } = this.state.opening
    this.draft.event('caseOpened', { regime, ...writtenIn(content) }, startedBy, capacity ? { capacity } : {})
    this.restrictAtOpening()
    this.takeStarts()
    this.state.ending = this.state.opening.missing.length > 0 ? this.registerGap() : this.refusedByRules()
    if (!this.state.ending)
      this.strands.begin(
        () => story(this.root),
        (ending) => void (this.state.ending = ending),
      )

    for (;;) {
      await this.parked()
      if (this.root.ended instanceof Turned) this.state.ending ??= cancelledBy(this.root.ended)
      else this.heedFailure()
      if (this.state.ending) await this.end(this.state.ending)
      this.making = false
      if (this.draft.changed) await this.recorder.record()
      if (this.state.closing) break
      this.alarms.advance()
      this.alarms.arm()
      await condition(() => this.triggers.length > 0)
      this.making = true
      await this.apply(this.triggers.splice(0))
    }
    this.alarms.disarm()
    await condition(allHandlersFinished)

    return this.state.closing
  }

  /** Whom it is about is not among the named: he sees it by his part, and has no office in it. */
  private restrictAtOpening(): void {
    const { state, input } = this
    if (!state.contract.restricted) return
    const parties: Readonly<Partial<Record<string, PersonId>>> = state.rulebook.parties(state.facts)
    const people = [personOf(input.startedBy), ...Object.values(parties)].flatMap((person) => person ?? [])
    this.restrict(people.filter((person) => person !== input.subject))
  }

  restrict(people: readonly PersonId[]): void {
    restrictTo(this, people)
  }

  private async findOpening(): Promise<Opening> {
    const { body, clock, regime = null, opening, form } = this.input
    const on = this.state.today
    const given = opening !== undefined && on === localDate(clock.base.case, clock.zone)
    // a worker of the release before may have begun it, and asked
    if (!given || !patched('openingGiven'))
      return activities.opening(openingQuestion(this.state.contract, { body, on, regime, form }))
    // looked at once now, and again when every message that came with the start has been heard
    let looks = 0
    await condition(() => (looks += 1) > 1)

    return opening
  }

  /** The register lacks rows the process needs under this regime: nothing is guessed, an administrator has to enter them. */
  private registerGap(): Closing {
    const { regime, missing } = this.state.opening

    return {
      by: 'kernel',
      end: 'refused',
      basis: { code: 'registerGap', params: { regime, keys: missing.join(', ') } },
    }
  }

  /** A start by nobody in person, whose form the rules of the process do not accept, is refused as one by a person is before it is stored. */
  private refusedByRules(): Closing | null {
    const { named, form, startedBy } = this.input
    // a worker of the release before may have begun it, and did not ask
    if (!named || !patched('startAsked')) return null
    const { rulebook, daysOff } = this.state
    const context = this.state.contextOf(startedBy, named.people, named.positions)
    const why = refusalOfCheck(
      () =>
        rulebook.check('start', form as Fact, {}, context) ??
        refusedDays(offerOf(rulebook.offers, 'start'), form, {}, context),
      daysOff,
      (error) =>
        log.error('a rule failed while a start was looked at', { case: this.input.case, error: String(error) }),
    )

    return why ? { by: 'kernel', end: 'refused', basis: why.reason, ...(why.errors && { errors: why.errors }) } : null
  }

  /** A start with a date past its calendar is answered like one with a gap in the register; what fails later is a fault of the code. */
  private heedFailure(): void {
    if (this.unwound) return
    if (this.state.n > 0 || !this.leadsOutside()) return this.strands.throwFailure()
    this.state.ending ??= { by: 'kernel', end: 'refused', basis: outsideCalendar(this.state.daysOff) }
    // nor could they be told
    this.state.clocks.clear()
    this.state.decisions.length = 0
  }

  private leadsOutside(): boolean {
    const { failure } = this.strands

    return failure ? failure.error instanceof OutsideCalendar : !this.state.reaches(this.state.facts)
  }

  // ------------------------------------------------------------------ what the story asks for

  note(facts: P['facts']): void {
    this.state.facts = facts
    this.draft.changed = true
    this.departures.filled()
  }

  enter(stage: string): void {
    if (stage === this.state.stage) return
    this.state.stage = stage
    this.draft.event('stageEntered', { stage })
  }

  keepClock(name: string, due: () => Due, startsOn: () => IsoDate): void {
    const counted = () => this.state.countingFor({ clock: name }, due)
    this.state.clocks.set(name, { due: counted, startsOn, endsOn: null })
    this.draft.changed = true
  }

  order(document: string, facts: Fact): void {
    this.draft.order(document, facts)
  }

  remark(event: string, params: Readonly<Record<string, Fact>>): void {
    this.draft.remark(event, params)
  }

  openPart(scope: Scope): void {
    this.state.parts.add(scope)
  }

  closePart(scope: Scope): void {
    scope.ended ??= new Error('this part of the story is over')
    this.state.parts.delete(scope)
  }

  ask(scope: Scope, kind: string, options: OpenOptions): Promise<Outcome> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => void this.openTask(scope, kind, options, resolve, reject))
  }

  /** These people, and those excluded from the case. */
  private barring(people: readonly PersonId[]): readonly PersonId[] {
    const { keptFrom } = this.state

    return keptFrom.length === 0 ? people : [...new Set([...people, ...keptFrom])]
  }

  exclude(people: readonly PersonId[]): void {
    const { state, draft } = this
    const more = [...new Set(people)].filter((person) => !state.keptFrom.includes(person))
    if (more.length === 0) return
    state.keptFrom = [...state.keptFrom, ...more]
    draft.event('peopleExcluded', { people: more })
    for (const commission of state.commissions) commission.unseat(more)
  }

  /** Asks a member of a commission, who may also leave it. */
  askMember(
    scope: Scope,
    kind: string,
    options: OpenOptions & { readonly opened: (task: TaskId) => void },
  ): Promise<Outcome | { readonly result: 'recused' | 'replaced' }> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => {
      const wait = this.openTask(scope, kind, options, resolve, reject)
      wait.leave = (result) => resolve({ result })
      options.opened(wait.id)
    })
  }

  private openTask(
    scope: Scope,
    kind: string,
    options: OpenOptions,
    resolve: (outcome: Outcome) => void,
    reject: (reason: Error) => void,
  ): AskWait {
    const { of, exclude = [] } = options
    const openedOn = this.state.today
    const within = options.within ?? this.state.contract.tasks[kind]?.within
    const again = options.again ?? null
    const { closing } = options
    const counted = <T>(workOut: () => T): T => this.state.countingFor({ task: kind }, workOut)

    const wait: AskWait = new AskWait(
      uuid4() as TaskId,
      kind,
      () => this.state.addresseeNow(typeof of === 'function' ? of() : of),
      () => this.barring(typeof exclude === 'function' ? exclude() : exclude),
      () => counted(() => this.state.dueOf(within, openedOn, wait?.questions ?? [])),
      closing ? () => counted(closing) : null,
      this.state.caseInstant,
      openedOn,
      this.state.n + 1,
      again !== null,
      again && again.remarks,
      scope,
      resolve,
      reject,
    )
    wait.about = options.about ?? null
    wait.actsOn = options.actsOn ?? null
    this.state.asks.add(wait)
    this.draft.event('taskOpened', { kind, for: wait.lastFor }, undefined, { task: wait.id })
    this.draft.notices.push({ kind: 'taskOpened', to: wait.lastFor, task: wait.id })
    this.strands.park(wait, scope)

    return wait
  }

  // ------------------------------------------------------------------ what a commission asks for

  /** Reads sealed answers; null for one that is not what was committed to. */
  openSealed(kind: string, commitments: readonly ContentRef[]): Promise<readonly Fact[]> {
    const { case: id, process, version } = this.input

    return activities.openSealed({ case: id, process, version, kind, commitments })
  }

  /** A row was tampered with: the case goes on without it, and a person is told. */
  sealBroken(kind: string, task: TaskId): void {
    this.draft.event('sealBroken', { kind }, undefined, { task })
    this.draft.notices.push({ kind: 'sealBroken', to: { role: 'hr', body: this.state.body }, task })
    this.draft.notices.push({ kind: 'sealBroken', to: { role: 'agency', body: this.state.agency }, task })
  }

  /** The task of a member who was replaced is nobody's any more. */
  dismissMember(task: TaskId): void {
    const wait = this.state.askById(task)
    if (!wait?.leave) return
    this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    this.draft.event('taskWithdrawn', { kind: wait.kind, because: 'replaced' }, undefined, { task })
    if (this.strands.resume(wait)) wait.leave('replaced')
  }

  until(scope: Scope, moment: Moment, comes: string | null): Promise<void> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => {
      const wait = new UntilWait(moment, comes, scope, resolve, reject)
      this.state.untils.add(wait)
      this.draft.changed = true
      this.strands.park(wait, scope)
    })
  }

  // ------------------------------------------------------------------ what happened

  private async apply(triggers: readonly Trigger[]): Promise<void> {
    await this.followCalendar()
    // people before clocks: an answer at the moment its term ends is in time
    for (const [i, trigger] of triggers.entries()) {
      if (trigger.kind === 'alarm') continue
      await this.handle(trigger)
      this.alarms.heard()
      // the story is heard before the next: an answer may leave another task without a purpose, or end the case
      await this.parked()
      if (this.state.ending && !this.unwound) return void this.triggers.unshift(...triggers.slice(i + 1))
    }
    await this.alarms.wake()
  }

  /**
   * A case that has come into another year than that in which it last asked asks for its calendar again: it reaches as far ahead as that
   * of a case that is opened now, whether or not anybody has entered a day since.
   */
  private async followCalendar(): Promise<void> {
    const { calendarOf, today } = this.state
    // cases of the release before kept what they had
    if (today.slice(0, 4) <= calendarOf.slice(0, 4) || !patched('calendarOfTheYear')) return
    const before = this.state.daysOff
    await this.askCalendar()
    if (saysTheSame(before, this.state.daysOff)) return
    this.draft.event('calendarChanged')
    this.movedDeadlines.changed((facts) => facts)
  }

  /** The calendar as it stands now: that of each body to which the case belonged for the days on which it did. */
  private async askCalendar(): Promise<void> {
    const { today: on, daysOff, formerBodies } = this.state
    const [first = this.state.body, ...later] = [...formerBodies.map(({ body }) => body), this.state.body]
    const ask = (body: BodyKey) => activities.daysOff({ body, on, earliest: daysOff.from })
    let now = await ask(first)
    for (const [i, { until }] of formerBodies.entries()) now = continuedBy(now, until, await ask(later[i] ?? first))
    this.state.daysOff = keepingPast(daysOff, now)
    this.state.calendarOf = on
  }

  busy(): boolean {
    if (this.triggers.length > 0) return true
    if (this.making) return !this.alarms.looking

    return this.alarms.advancing !== null && !this.alarms.holdsBack
  }

  parked(): Promise<void> {
    return condition(() => this.strands.allParked)
  }

  private async handle(trigger: Exclude<Trigger, { kind: 'alarm' }>): Promise<void> {
    switch (trigger.kind) {
      case 'start':
        return this.recorder.startHandled(trigger.message.command)
      case 'complete':
        return this.recordOutcome(trigger.message, this.taskMessages.complete(trigger.message))
      case 'return':
        return this.recordOutcome(trigger.message, this.taskMessages.returnForRevision(trigger.message))
      case 'recuse':
        return this.recordOutcome(trigger.message, this.taskMessages.recuse(trigger.message))
      case 'ask':
        return this.recordOutcome(trigger.message, this.taskMessages.askQuestion(trigger.message))
      case 'withdrawQuestion':
        return this.recordOutcome(trigger.message, this.taskMessages.withdrawQuestion(trigger.message))
      case 'act':
        if (trigger.message.act === 'handOver')
          return this.recordOutcome(trigger.message, await this.handover.perform(trigger.message))
        return this.perform(trigger.message)
      case 'recompute':
        await this.askCalendar()
        this.draft.event('calendarChanged')
        this.movedDeadlines.changed((facts) => facts)
        return this.recordOutcome(trigger.message, undefined)
      case 'reply':
        this.linkedCases.heardReply(trigger.message)
        return this.recordOutcome(trigger.message, undefined)
      case 'awaitEnd':
        this.linkedCases.heardAwaitingEnd(trigger.message)
        return this.recordOutcome(trigger.message, undefined)
      case 'caseEnded':
        this.linkedCases.heardEnd(trigger.message)
        return this.recordOutcome(trigger.message, undefined)
      case 'listEnded':
        this.linkedCases.heardListEnd(trigger.message)
        return this.recordOutcome(trigger.message, undefined)
      case 'partyLeft':
        this.departures.heard(trigger.message)
        return this.recordOutcome(trigger.message, undefined)
      case 'successorCame':
        this.departures.heardSuccessor(trigger.message)
        return this.recordOutcome(trigger.message, undefined)
      case 'eligible':
        hearWhoMay(this, trigger.message)
        return this.recordOutcome(trigger.message, undefined)
    }
  }

  recordOutcome(message: { readonly command: CommandId; readonly task?: TaskId }, why: Refusal | undefined): void {
    if (message.task) this.state.taken.delete(message.task)
    this.draft.outcomes.push({
      id: message.command,
      settled: why ? { result: 'overtaken', refusal: why } : { result: 'done' },
    })
    this.draft.changed = true
  }

  private perform(message: Messages['act']): void {
    this.state.reachBack(message.daysOff)
    if (message.act === 'advance') {
      const { to, release = false } = advanceForm(message.form)
      const next = to === undefined ? (this.state.nextAlarm() ?? this.state.caseNow) : this.state.startOf(to)
      this.alarms.advancing = { to: release ? Date.now() : next, release, message }

      return
    }
    if (message.act === 'discard') {
      this.draft.event('actPerformed', { act: message.act }, message.actor)
      this.strands.end(this.root, new Turned(this.root, { act: message.act, form: {} }))

      return this.recordOutcome(message, undefined)
    }
    if (message.act === 'replaceMember') return this.replaceMember(message)
    if (isAccessAct(message.act)) return this.recordOutcome(message, changeAccess(this, message.act, message))
    if (isSuspensionAct(message.act)) return this.recordOutcome(message, this.suspensions.perform(message.act, message))
    if (message.act === DECIDED_ON_APPEAL) return this.decidedOnAppeal(message)
    if (isCase(message.actor)) {
      // it was let in whatever else was under way
      const why = refusalOfAct(this.state, message, false)
      if (why) return this.recordOutcome(message, why)
      if (isCancelByOpener(message)) return this.cancelledByOpener(message)
    }
    const result = this.state.resultOf(message)
    if ('refused' in result) return this.recordOutcome(message, { status: 409, reason: result.refused })
    const capacity = isCase(message.actor)
      ? {}
      : recordedCapacity(
          message,
          mayPerform(message.actor, this.state.contract.acts[message.act] ?? { by: [] }, this.state.stands),
        )
    this.draft.event('actPerformed', { act: message.act, ...writtenIn(message.content) }, message.actor, capacity)
    if ('facts' in result) {
      this.note(result.facts)
      this.changeDecision(message, capacity)
      this.movedDeadlines.changed((facts) => {
        const then = this.state.resultOf(message, facts)

        return 'facts' in then ? then.facts : null
      })
    } else {
      const part = this.state.partTurnedBy(message.act, this.state.caseTimeWhen(millis(message.receivedAt)))
      if (!part) return this.recordOutcome(message, refusal(409, 'act.notNow'))
      this.changeDecision(message, capacity)
      this.strands.end(part, new Turned(part, { act: message.act, form: message.form }))
    }
    this.recordOutcome(message, undefined)
  }

  /** What an act does to a decision, where the contract says so. */
  private changeDecision({ act, form, actor }: Messages['act'], capacity: { readonly capacity?: Capacity }): void {
    const { amends, withdraws } = this.state.contract.acts[act] ?? {}
    if (amends !== undefined) {
      const facts = Object.keys(this.state.contract.documents[amends] ?? {})
      const said = Object.entries(form as Readonly<Record<string, Fact>>)
      this.decisions.amend(amends, null, Object.fromEntries(said.filter(([name]) => facts.includes(name))))
    }
    if (withdraws !== undefined)
      this.decisions.withdraw(withdraws, groundOf(form), isCase(actor) ? {} : { by: actor.person, ...capacity })
  }

  /** The case that opened this one is cancelled, and this one with it. */
  private cancelledByOpener({ act, actor, ...message }: Messages['act']): void {
    this.draft.event('actPerformed', { act }, actor)
    this.strands.end(this.root, new Turned(this.root, { act, form: {} }))
    this.recordOutcome(message, undefined)
  }

  /** An appeal has come to something while this case carries out what it is against. */
  private decidedOnAppeal(message: Messages['act']): void {
    const { act, actor, form } = message
    const part = this.state.partTurnedBy(executionOf(form), this.state.caseTimeWhen(millis(message.receivedAt)))
    const why = refusalOfAppealed(this.state, message)
    if (why || !part) return this.recordOutcome(message, why ?? refusal(409, 'act.notNow'))
    const { outcome } = appealForm(form)
    this.draft.event('actPerformed', { act }, actor)
    if (outcome === 'cancelled' || outcome === 'changed') this.effects.tellUndone()
    this.strands.end(part, new Turned(part, { act, form }))
    this.recordOutcome(message, undefined)
  }

  private replaceMember(message: Messages['act']): void {
    const { member, by } = replaceMemberForm(message.form)
    const { act, content, actor } = message
    // the validator lets nobody else in
    if (isCase(actor)) return this.recordOutcome(message, refusal(403, 'policy.notLinked'))
    const verdict = mayPerform(actor, { by: ['hr'] }, this.state.stands)
    this.draft.event('actPerformed', { act, ...writtenIn(content) }, actor, recordedCapacity(message, verdict))
    for (const commission of this.state.commissions) commission.replace(member, by, actor)
    this.recordOutcome(message, undefined)
  }

  /** What was open in a part of the story that is over is nobody's any more. */
  private withdrawn(waits: readonly Wait[], reason: Error): void {
    const because = reason instanceof Turned ? reason.turn.act : 'otherBranch'
    for (const wait of waits) {
      if (wait instanceof AskWait) {
        if (reason instanceof Ended) this.movedDeadlines.done(wait)
        this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
        const { kind, id: task } = wait
        if (reason instanceof Ended) this.draft.event('taskLapsed', { kind, on: reason.on }, undefined, { task })
        else this.draft.event('taskWithdrawn', { kind, because }, undefined, { task })
      } else if (wait instanceof UntilWait) this.state.untils.delete(wait)
      else this.linkedCases.withdrawn(wait)
    }
  }

  finishAsk(wait: AskWait, closed: ClosedTask): void {
    this.state.asks.delete(wait)
    this.state.taken.delete(wait.id)
    this.draft.closed.push(closed)
    for (const question of wait.questions) {
      if (question.answeredOn !== null) continue
      question.answeredOn = this.state.today
      this.draft.closed.push({ id: question.id, state: 'obsolete' })
      this.draft.event('questionWithdrawn', {}, undefined, { task: question.id })
    }
  }

  // ------------------------------------------------------------------ steps

  private takeStarts(): void {
    for (let i = this.triggers.length - 1; i >= 0; i -= 1) {
      const trigger = this.triggers[i]
      if (trigger?.kind !== 'start') continue
      this.recorder.startHandled(trigger.message.command)
      this.triggers.splice(i, 1)
    }
  }

  /**
   * Ends the story: what it attempted is taken back if it came to nothing (cancelled, refused); then the case closes, but not
   * before what the kernel itself asked of people is done.
   */
  private async end(ending: Closing): Promise<void> {
    if (!this.unwound) {
      this.unwound = true
      this.suspensions.close()
      this.state.refusedAtStart = this.state.n === 0 && ending.by === 'kernel' && ending.end === 'refused'
      this.state.parts.clear()
      for (const wait of [...this.state.asks])
        if (!this.kernelTasks.keeps(wait, ending)) this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
      this.state.untils.clear()
      if (ending.by === 'kernel') await this.effects.undos.run(this.root)
    }
    if (this.state.asks.size === 0) this.close(ending)
  }

  private close(closing: Closing): void {
    const { end, basis } = closing
    this.state.closing = closing
    this.state.stage = end
    const refused = closing.by === 'kernel' && end === 'refused'
    const errors = refused && closing.errors ? { errors: closing.errors } : {}
    this.draft.event(refused ? 'caseRefused' : 'caseClosed', { end, basis: basis.code, ...errors })
    const { subject } = this.input
    if (subject !== null) this.draft.notices.push({ kind: 'caseClosed', to: { person: subject } })
    const left = this.triggers.splice(0)
    for (const trigger of left) if (trigger.kind === 'awaitEnd') this.linkedCases.heardAwaitingEnd(trigger.message)
    this.linkedCases.close(closing)
    // whoever is still waiting for an answer hears that the case is closed
    for (const trigger of left) {
      if (trigger.kind === 'alarm') continue
      if (trigger.kind === 'start') this.recorder.startHandled(trigger.message.command)
      else if (trigger.kind === 'awaitEnd') this.recordOutcome(trigger.message, undefined)
      else this.recordOutcome(trigger.message, refusal(409, 'case.closed'))
    }
    if (this.alarms.advancing) this.recordOutcome(this.alarms.advancing.message, undefined)
  }
}

const cancelledBy = ({ turn }: Turned): Closing => ({
  by: 'kernel',
  end: 'cancelled',
  basis: { code: 'cancelled', params: { act: turn.act } },
})
