/**
 * The engine of one case: takes Updates and alarms, lets the story go on until every strand has parked, records the step, then
 * answers. No business rule is here, and nothing technical is above it.
 *
 * Invariants: facts, tasks and clocks change only while a step is under way; an Update answers only after the step it belongs to
 * has been recorded; between steps every strand is parked, and the case has an open task, an alarm, or is closed.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  proxyActivities,
  setHandler,
  sleep,
  uuid4,
} from '@temporalio/workflow'
import type { Activities, Attempted, Consultations, Effects } from './activities'
import { addDays, addTerm, endOf, localDate, startOfDay } from './calendar'
import type { DaysOff } from './calendar'
import type { ActResult, AskOptions, Closing, Moment, ProcessTypes, Rulebook, StoryContract } from './casefile'
import { caseTime, instant, millis, movedTo, realTime } from './clock'
import type { Addressee, CommandId, Due, Instant, IsoDate, Pause, PersonId, RuleRow, TaskId, TermRow } from './contract'
import type {
  Actor,
  AdvanceForm,
  CaseClock,
  CaseInput,
  ContentRef,
  Fact,
  MessageKind,
  MessageOutcome,
  Messages,
  Refusal,
} from './messages'
import { REFUSED } from './messages'
import { mayHold, mayPerform } from './policy'
import type { ClosedTask, OpenTask, Opening, Settled, Step, StepDocument, StepEvent, StepNotice } from './step'
import { Scope, Strands, Turned, Wait } from './strands'

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // Postgres may be away for as long as it likes: a step that people were promised is written in the end
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
})

/** Terms of the kernel itself, taken by every case beside those of its contract. */
const KERNEL_TERMS = ['kernel.remindBefore']
/** The task of a person to whom a question was put. */
const QUESTION = 'answerQuestion'
const RECHECK_MS = 30_000

export type Outcome =
  | {
      readonly result: 'answered'
      readonly answer: never
      readonly by: PersonId
      readonly on: IsoDate
      readonly late: boolean
    }
  | { readonly result: 'returned'; readonly by: PersonId }
  | { readonly result: 'late'; readonly on: IsoDate }

interface Question {
  readonly id: TaskId
  readonly to: PersonId
  readonly content: ContentRef
  readonly openedAt: Instant
  readonly openedOn: IsoDate
  readonly openedStep: number
  answeredOn: IsoDate | null
}

/** A strand parked on a task. */
export class AskWait extends Wait {
  readonly questions: Question[] = []
  /** the due dates of which it was reminded and escalated: one that moved later counts anew */
  remindedOf: IsoDate | null = null
  escalatedOf: IsoDate | null = null
  escalatedTo: Addressee | null = null
  /** an answer received in time is on its way: the hard term waits for it */
  answerUnderway = false
  /** what the record last said, to notice a change */
  lastFor: Addressee

  constructor(
    readonly id: TaskId,
    readonly kind: string,
    readonly addressee: () => Addressee,
    private readonly excluding: () => readonly PersonId[],
    readonly due: () => Due | null,
    readonly closes: (() => Due) | null,
    readonly openedAt: Instant,
    readonly openedOn: IsoDate,
    readonly openedStep: number,
    readonly returned: boolean,
    readonly remarks: ContentRef | null,
    readonly resolve: (outcome: Outcome) => void,
    readonly reject: (reason: Error) => void,
  ) {
    super()
    this.lastFor = addressee()
  }

  get excluded(): readonly PersonId[] {
    return this.excluding()
  }

  get question(): Question | null {
    return this.questions.find((question) => question.answeredOn === null) ?? null
  }
}

class UntilWait extends Wait {
  constructor(
    readonly moment: () => Due,
    readonly resolve: () => void,
    readonly reject: (reason: Error) => void,
  ) {
    super()
  }
}

type Stimulus =
  { [K in MessageKind]: { readonly kind: K; readonly message: Messages[K] } }[MessageKind] | { readonly kind: 'alarm' }

/** Something done in the world that may be refused. */
export type Effect = (effects: Effects) => Promise<Attempted>

const refusal = (status: Refusal['status'], code: string, extra: Omit<Refusal, 'status' | 'reason'> = {}): Refusal => ({
  status,
  reason: { code },
  ...extra,
})

export class Engine<P extends ProcessTypes = ProcessTypes> {
  readonly strands = new Strands()
  readonly root = new Scope(null, ['cancel'])
  opening!: Opening
  daysOff!: DaysOff
  facts: P['facts']

  private clock: CaseClock
  private stage = ''
  private n = 0
  private closing: Closing | null = null
  private readonly parts = new Set<Scope>()
  private readonly asks = new Set<AskWait>()
  private readonly untils = new Set<UntilWait>()
  private readonly clocks = new Map<string, { due: () => Due; startsOn: () => IsoDate; endsOn: IsoDate | null }>()
  private readonly undos: Effect[] = []
  private remarks: ContentRef | null = null

  private readonly stimuli: Stimulus[] = []
  /** tasks whose answer is taken but not yet recorded: the second of two answers is refused */
  private readonly taken = new Set<TaskId>()
  private readonly settled = new Map<CommandId, Settled>()
  private starts: CommandId[] = []
  private advancing: { readonly to: number; readonly release: boolean; readonly message: Messages['act'] } | null = null
  private alarm: { readonly at: number; readonly scope: CancellationScope } | null = null

  // what this step has brought so far
  private changed = true
  private events: StepEvent[] = []
  private documents: StepDocument[] = []
  private notices: StepNotice[] = []
  private closed: ClosedTask[] = []
  private settling: { readonly id: CommandId; readonly settled: Settled }[] = []

  constructor(
    private readonly contract: StoryContract,
    private readonly rulebook: Rulebook<P>,
    private readonly input: CaseInput<unknown>,
    firstFacts: P['facts'],
  ) {
    this.facts = firstFacts
    this.clock = input.clock
    this.listen()
  }

  /** Runs the story step by step to its end. */
  async run(story: (scope: Scope) => Promise<Closing>): Promise<Closing> {
    this.opening = await activities.opening({
      process: this.contract.name,
      body: this.input.body,
      on: this.today,
      terms: [...this.contract.terms, ...KERNEL_TERMS],
      rules: this.contract.rules,
      regime: this.input.regime ?? null,
    })
    this.daysOff = this.opening.daysOff
    this.parts.add(this.root)
    this.event('caseOpened', { regime: this.opening.regime }, this.input.startedBy)
    this.takeStarts()
    if (this.opening.missing.length > 0) this.closing = this.registerGap()
    else
      this.strands.begin(
        () => story(this.root),
        (closing) => void (this.closing = closing),
      )

    for (;;) {
      await condition(() => this.strands.allParked)
      if (this.root.ended instanceof Turned) await this.cancel(this.root.ended)
      else this.strands.throwFailure()
      if (this.closing) this.close(this.closing)
      if (this.changed) await this.record()
      if (this.closing) break
      this.advance()
      this.arm()
      await condition(() => this.stimuli.length > 0)
      await this.apply(this.stimuli.splice(0))
    }
    this.disarm()
    await condition(allHandlersFinished)

    return this.closing
  }

  /** The register lacks rows the process needs under this regime: nothing is guessed, an administrator has to enter them. */
  private registerGap(): Closing {
    const { regime, missing } = this.opening

    return { end: 'refused', basis: { code: 'registerGap', params: { regime, keys: missing.join(', ') } } }
  }

  // ------------------------------------------------------------------ what the story asks for

  get today(): IsoDate {
    return localDate(this.caseInstant, this.clock.zone)
  }

  term(key: string): TermRow {
    const row = this.opening.terms.find((term) => term.key === key)
    if (!row) throw new Error(`${this.contract.name} did not declare the term ${key}`)

    return row
  }

  ruleRow(key: string): RuleRow {
    const row = this.opening.rules.find((rule) => rule.key === key)
    if (!row) throw new Error(`${this.contract.name} did not declare the rule ${key}`)

    return row
  }

  get onlyCase(): Parameters<Effects['hold']>[0] {
    const { case: id, subject, rehearsal } = this.input
    const set = rehearsal === null ? '' : `rehearsal/${rehearsal}/`

    return { case: id, key: `${set}${this.contract.name}:${subject}` }
  }

  note(facts: P['facts']): void {
    this.facts = facts
    this.changed = true
  }

  enter(stage: string): void {
    if (stage === this.stage) return
    this.stage = stage
    this.event('stageEntered', { stage })
  }

  keepClock(name: string, due: () => Due, startsOn: () => IsoDate): void {
    this.clocks.set(name, { due, startsOn, endsOn: null })
    this.changed = true
  }

  order(kind: string, facts: Fact): void {
    this.documents.push({ id: uuid4(), kind, facts })
    this.event('documentIssued', { document: kind })
  }

  /** Writes a business event into the file. */
  event(kind: string, params: StepEvent['params'] = {}, actor?: Actor, more: Partial<StepEvent> = {}): void {
    this.events.push({
      kind,
      at: this.caseInstant,
      on: this.today,
      params,
      ...(actor ? { actor: actor.person } : {}),
      ...more,
    })
    this.changed = true
  }

  openPart(scope: Scope): void {
    this.parts.add(scope)
  }

  closePart(scope: Scope): void {
    scope.ended ??= new Error('this part of the story is over')
    this.parts.delete(scope)
  }

  ask(scope: Scope, kind: string, options: AskOptions & { readonly closing?: Moment }): Promise<Outcome> {
    if (scope.over) return Promise.reject(scope.over)
    const { of, exclude = [] } = options
    const openedOn = this.today
    const closing = options.closing
    const again = options.again ?? false

    return new Promise((resolve, reject) => {
      const wait: AskWait = new AskWait(
        uuid4() as TaskId,
        kind,
        typeof of === 'function' ? of : () => of,
        typeof exclude === 'function' ? exclude : () => exclude,
        () => this.dueOf(options.within, openedOn, wait?.questions ?? []),
        closing === undefined ? null : typeof closing === 'function' ? closing : () => closing,
        this.caseInstant,
        openedOn,
        this.n + 1,
        again,
        again ? this.remarks : null,
        resolve,
        reject,
      )
      this.asks.add(wait)
      this.event('taskOpened', { kind, for: wait.lastFor }, undefined, { task: wait.id })
      this.notices.push({ kind: 'taskOpened', to: wait.lastFor, task: wait.id })
      this.strands.park(wait, scope)
    })
  }

  until(scope: Scope, moment: Moment): Promise<void> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => {
      const wait = new UntilWait(typeof moment === 'function' ? moment : () => moment, resolve, reject)
      this.untils.add(wait)
      this.changed = true
      this.strands.park(wait, scope)
    })
  }

  async consult<T>(scope: Scope, question: (register: Consultations) => Promise<T>): Promise<T> {
    if (scope.over) throw scope.over

    return await question(activities)
  }

  async attempt(scope: Scope, effect: Effect, undo?: Effect): Promise<Attempted> {
    if (scope.over) throw scope.over
    // registered before the effect: one that succeeded but was never heard of is undone too
    if (undo) this.undos.push(undo)

    return await effect(activities)
  }

  // ------------------------------------------------------------------ Updates

  private listen(): void {
    this.on('start', (message) => ({ kind: 'start', message }))
    this.on(
      'complete',
      (message) => ({ kind: 'complete', message }),
      (message) => this.refusalOfAnswer(message),
    )
    this.on(
      'return',
      (message) => ({ kind: 'return', message }),
      (message) => this.refusalOfReturn(message),
    )
    this.on(
      'ask',
      (message) => ({ kind: 'ask', message }),
      (message) => this.refusalOfQuestion(message),
    )
    this.on(
      'withdrawQuestion',
      (message) => ({ kind: 'withdrawQuestion', message }),
      (message) => this.refusalOfWithdrawal(message),
    )
    this.on(
      'act',
      (message) => ({ kind: 'act', message }),
      (message) => this.refusalOfAct(message),
    )
    this.on('recompute', (message) => ({ kind: 'recompute', message }))
  }

  /**
   * One Update per kind of message, not a signal: whoever sent it needs to hear yes or no. The validator refuses before anything
   * enters history; the handler answers once the step is recorded.
   */
  private on<K extends MessageKind>(
    kind: K,
    stimulus: (message: Messages[K]) => Stimulus,
    refuses: (message: Messages[K]) => Refusal | undefined = () => undefined,
  ): void {
    setHandler(
      defineUpdate<MessageOutcome, [Messages[K]]>(kind),
      async (message: Messages[K]) => {
        this.stimuli.push(stimulus(message))
        if ('task' in message) this.taken.add(message.task)
        await condition(() => this.settled.has(message.command))
        const settled = this.settled.get(message.command)
        this.settled.delete(message.command)
        if (!settled || settled.result === 'overtaken') throw refused(settled?.refusal ?? refusal(409, 'case.closed'))

        return settled
      },
      {
        validator: (message: Messages[K]) => {
          const why = this.closing ? refusal(409, 'case.closed') : refuses(message)
          if (why) throw refused(why)
        },
      },
    )
  }

  private refusalOfAnswer({ task, actor, receivedAt, answer, people }: Messages['complete']): Refusal | undefined {
    const question = this.questionById(task)
    if (question) {
      if (this.taken.has(task)) return refusal(409, 'task.taken')

      return question.to === actor.person ? undefined : refusal(403, 'policy.notAddressee')
    }
    const wait = this.askById(task)
    if (!wait) return refusal(409, 'task.closed')
    if (this.taken.has(task)) return refusal(409, 'task.taken')
    const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })
    if (!verdict.may) return { status: 403, reason: verdict.reason }
    if (this.isSuspended(wait)) return refusal(409, 'task.suspended')
    const closes = wait.closes?.()
    // in time is what the API received in time, whenever the timer fires
    if (closes && caseTime(this.clock, millis(receivedAt)) >= this.endOfDay(closes.on))
      return refusal(409, 'task.tooLate')
    const errors = this.rulebook.check(wait.kind, answer, this.factsAsJson, {
      rule: (key) => this.ruleRow(key).value,
      people,
    })

    return errors ? refusal(422, 'form.invalid', { errors }) : undefined
  }

  private refusalOfReturn({ task, actor }: Messages['return']): Refusal | undefined {
    const wait = this.askById(task)
    if (!wait) return refusal(409, 'task.closed')
    if (this.taken.has(task)) return refusal(409, 'task.taken')
    if (!this.contract.tasks[wait.kind]?.returns) return refusal(409, 'task.notReturnable')
    const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

    return verdict.may ? undefined : { status: 403, reason: verdict.reason }
  }

  private refusalOfQuestion({ task, actor, person }: Messages['ask']): Refusal | undefined {
    const wait = this.askById(task)
    if (!wait) return refusal(409, 'task.closed')
    if (this.taken.has(task)) return refusal(409, 'task.taken')
    if (!this.contract.tasks[wait.kind]?.asks) return refusal(409, 'task.noQuestions')
    if (wait.question) return refusal(409, 'task.questionOpen')
    if (person === actor.person) return refusal(422, 'form.invalid', { errors: { person: 'yourself' } })
    const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

    return verdict.may ? undefined : { status: 403, reason: verdict.reason }
  }

  private refusalOfWithdrawal({ task, actor }: Messages['withdrawQuestion']): Refusal | undefined {
    const wait = [...this.asks].find((ask) => ask.question?.id === task)
    if (!wait) return refusal(409, 'task.closed')
    if (this.taken.has(task)) return refusal(409, 'task.taken')
    const verdict = mayHold(actor, { for: wait.addressee(), excluded: wait.excluded })

    return verdict.may ? undefined : { status: 403, reason: verdict.reason }
  }

  private refusalOfAct(message: Messages['act']): Refusal | undefined {
    if (message.step !== this.n || this.stimuli.length > 0 || this.advancing) return refusal(412, 'case.changed')
    if (message.act === 'advance') return this.refusalOfAdvance(message)
    const kind = this.contract.acts[message.act]
    if (!kind) return refusal(409, 'act.unknown')
    const verdict = mayPerform(message.actor, kind, this.input)
    if (!verdict.may) return { status: 403, reason: verdict.reason }
    if (kind.during && !kind.during.includes(this.stage)) return refusal(409, 'act.notNow')
    const result = this.resultOf(message)
    if ('refused' in result)
      return {
        status: result.errors ? 422 : 409,
        reason: result.refused,
        ...(result.errors ? { errors: result.errors } : {}),
      }
    if ('turn' in result && !this.partTurnedBy(message.act)) return refusal(409, 'act.notNow')

    return undefined
  }

  private refusalOfAdvance({ actor, form }: Messages['act']): Refusal | undefined {
    if (this.input.rehearsal === null && this.clock.speed !== 0) return refusal(409, 'act.rehearsalOnly')
    const verdict = mayPerform(actor, { by: [...this.contract.startedBy, 'developer'] }, this.input)
    const developer = actor.grants.some((grant) => grant.role === 'developer')
    if (!verdict.may && !developer) return { status: 403, reason: verdict.reason }

    const { to, release } = advanceForm(form)
    if (release) return undefined
    if (to === undefined) return this.nextAlarm() === null ? refusal(409, 'act.nothingAhead') : undefined

    return to <= this.today ? refusal(422, 'form.invalid', { errors: { to: 'past' } }) : undefined
  }

  private resultOf({ act, form, actor, people }: Messages['act']): ActResult<P['facts']> {
    const apply = this.rulebook.acts[act as keyof P['acts']]

    return apply(this.facts, form as P['acts'][keyof P['acts']], {
      today: this.today,
      actor: actor.person,
      stage: this.stage,
      rule: (key) => this.ruleRow(key).value,
      people,
    })
  }

  // ------------------------------------------------------------------ what happened

  private async apply(stimuli: readonly Stimulus[]): Promise<void> {
    // people before clocks: an answer at the moment its term ends is in time
    for (const stimulus of stimuli) if (stimulus.kind !== 'alarm') await this.take(stimulus)
    await this.wake()
  }

  private async take(stimulus: Exclude<Stimulus, { kind: 'alarm' }>): Promise<void> {
    switch (stimulus.kind) {
      case 'start':
        this.starts.push(stimulus.message.command)
        this.changed = true
        return
      case 'complete':
        return this.settle(stimulus.message, this.complete(stimulus.message))
      case 'return':
        return this.settle(stimulus.message, this.returnForRevision(stimulus.message))
      case 'ask':
        return this.settle(stimulus.message, this.askQuestion(stimulus.message))
      case 'withdrawQuestion':
        return this.settle(stimulus.message, this.withdrawQuestion(stimulus.message))
      case 'act':
        return this.perform(stimulus.message)
      case 'recompute':
        this.daysOff = await activities.daysOff({ body: this.input.body, on: this.today })
        this.event('calendarChanged')
        return this.settle(stimulus.message, undefined)
    }
  }

  private settle(message: { readonly command: CommandId; readonly task?: TaskId }, why: Refusal | undefined): void {
    if (message.task) this.taken.delete(message.task)
    this.settling.push({
      id: message.command,
      settled: why ? { result: 'overtaken', refusal: why } : { result: 'done' },
    })
    this.changed = true
  }

  private complete(message: Messages['complete']): Refusal | undefined {
    const on = localDate(instant(caseTime(this.clock, millis(message.receivedAt))), this.clock.zone)
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on,
      facts: message.answer,
      content: message.content,
    }
    const question = this.questionById(message.task)
    if (question) {
      question.answeredOn = on
      this.closed.push({ id: question.id, state: 'completed', answer })
      this.event('questionAnswered', {}, message.actor, { task: question.id })

      return undefined
    }
    const wait = this.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const due = wait.due()
    const verdict = mayHold(message.actor, { for: wait.addressee(), excluded: wait.excluded })
    this.finishAsk(wait, { id: wait.id, state: 'completed', answer })
    this.event('taskCompleted', { kind: wait.kind, answer: message.answer }, message.actor, {
      task: wait.id,
      ...(verdict.may ? { capacity: verdict.capacity } : {}),
    })
    if (this.strands.resume(wait))
      wait.resolve({
        result: 'answered',
        answer: message.answer as never,
        by: message.actor.person,
        on,
        late: due !== null && on > due.on,
      })

    return undefined
  }

  private returnForRevision(message: Messages['return']): Refusal | undefined {
    const wait = this.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on: this.today,
      facts: { returned: true },
      content: message.content,
    }
    this.remarks = message.content
    this.finishAsk(wait, { id: wait.id, state: 'completed', answer })
    this.event('taskReturned', { kind: wait.kind }, message.actor, { task: wait.id })
    if (this.strands.resume(wait)) wait.resolve({ result: 'returned', by: message.actor.person })

    return undefined
  }

  private askQuestion(message: Messages['ask']): Refusal | undefined {
    const wait = this.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const question: Question = {
      id: uuid4() as TaskId,
      to: message.person,
      content: message.content,
      openedAt: this.caseInstant,
      openedOn: this.today,
      openedStep: this.n + 1,
      answeredOn: null,
    }
    wait.questions.push(question)
    this.event('questionAsked', { to: message.person, of: wait.id }, message.actor, { task: question.id })
    this.notices.push({ kind: 'taskOpened', to: { person: message.person }, task: question.id })

    return undefined
  }

  private withdrawQuestion(message: Messages['withdrawQuestion']): Refusal | undefined {
    const question = this.questionById(message.task)
    if (!question) return refusal(409, 'task.closed')
    question.answeredOn = this.today
    this.closed.push({ id: question.id, state: 'obsolete' })
    this.event('questionWithdrawn', {}, message.actor, { task: question.id })

    return undefined
  }

  private perform(message: Messages['act']): void {
    if (message.act === 'advance') {
      const { to, release = false } = advanceForm(message.form)
      const next = to === undefined ? (this.nextAlarm() ?? this.caseNow) : this.startOf(to)
      this.advancing = { to: release ? Date.now() : next, release, message }

      return
    }
    const result = this.resultOf(message)
    if ('refused' in result) return this.settle(message, { status: 409, reason: result.refused })
    this.event('actPerformed', { act: message.act, form: message.form, content: message.content.id }, message.actor)
    if ('facts' in result) this.note(result.facts)
    else {
      const part = this.partTurnedBy(message.act)
      if (!part) return this.settle(message, refusal(409, 'act.notNow'))
      this.turn(part, new Turned(part, { act: message.act, form: message.form }))
    }
    this.settle(message, undefined)
  }

  private turn(part: Scope, turned: Turned): void {
    for (const wait of this.strands.end(part, turned)) {
      if (wait instanceof AskWait) {
        this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
        this.event('taskWithdrawn', { kind: wait.kind, because: turned.turn.act }, undefined, { task: wait.id })
      } else if (wait instanceof UntilWait) this.untils.delete(wait)
    }
  }

  /** The innermost part under way that this act ends; of two equally deep, the one opened last. */
  private partTurnedBy(act: string): Scope | null {
    let found: Scope | null = null
    for (const part of this.parts) if (part.turns.includes(act) && (!found || part.depth >= found.depth)) found = part

    return found
  }

  private finishAsk(wait: AskWait, closed: ClosedTask): void {
    this.asks.delete(wait)
    this.taken.delete(wait.id)
    this.closed.push(closed)
    for (const question of wait.questions) {
      if (question.answeredOn !== null) continue
      question.answeredOn = this.today
      this.closed.push({ id: question.id, state: 'obsolete' })
      this.event('questionWithdrawn', {}, undefined, { task: question.id })
    }
  }

  // ------------------------------------------------------------------ alarms

  /** Does what the clock says is due by now. A timer is only an alarm: everything is worked out anew here. */
  private async wake(): Promise<void> {
    const now = this.caseNow
    for (const wait of [...this.untils]) {
      if (this.startOf(wait.moment().on) > now) continue
      this.untils.delete(wait)
      this.changed = true
      if (this.strands.resume(wait)) wait.resolve()
    }
    for (const wait of [...this.asks]) {
      if (this.taken.has(wait.id) || wait.answerUnderway) continue
      await this.wakeAsk(wait, now)
    }
  }

  private async wakeAsk(wait: AskWait, now: number): Promise<void> {
    const closes = wait.closes?.()
    if (closes && this.endOfDay(closes.on) <= now) {
      // a person who answered in time is heard even if the answer is still on its way
      const by = realTime(this.clock, this.endOfDay(closes.on)) ?? Date.now()
      if (await activities.answerUnderway({ task: wait.id, by: instant(by) })) {
        wait.answerUnderway = true

        return this.recheck()
      }
      if (this.stimuli.some((s) => s.kind === 'complete' && s.message.task === wait.id)) return
      this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
      this.event('taskLapsed', { kind: wait.kind, on: closes.on }, undefined, { task: wait.id })
      if (this.strands.resume(wait)) wait.resolve({ result: 'late', on: closes.on })

      return
    }
    const due = wait.due()
    if (!due || this.isSuspended(wait)) return
    if (wait.escalatedOf !== null && due.on > wait.escalatedOf) wait.escalatedOf = wait.escalatedTo = null
    if (this.endOfDay(due.on) <= now) this.escalate(wait, due)
    else if (this.reminds(wait, due) && this.startOf(this.remindOn(due)) <= now) {
      wait.remindedOf = due.on
      this.event('taskReminded', { kind: wait.kind, due: due.on }, undefined, { task: wait.id })
      this.notices.push({ kind: 'taskReminder', to: wait.addressee(), task: wait.id })
    }
  }

  private escalate(wait: AskWait, due: Due): void {
    if (wait.escalatedOf !== null) return
    const role = this.contract.tasks[wait.kind]?.escalatesTo ?? 'hr'
    wait.remindedOf = wait.escalatedOf = due.on
    wait.escalatedTo = { role, body: role === 'agency' ? this.opening.agency : this.input.body }
    this.event('taskOverdue', { kind: wait.kind, due: due.on, escalatedTo: role }, undefined, { task: wait.id })
    this.notices.push({ kind: 'taskOverdue', to: wait.escalatedTo, task: wait.id })
  }

  /** Once per due date, and not on the day it was opened. */
  private reminds(wait: AskWait, due: Due): boolean {
    return wait.remindedOf !== due.on && this.remindOn(due) > wait.openedOn
  }

  private recheck(): void {
    void sleep(RECHECK_MS).then(() => {
      for (const wait of this.asks) wait.answerUnderway = false
      this.stimuli.push({ kind: 'alarm' })
    })
  }

  /** Moments of case time at which something falls due. */
  private nextAlarm(): number | null {
    const moments: number[] = []
    for (const wait of this.untils) moments.push(this.startOf(wait.moment().on))
    for (const wait of this.asks) {
      if (wait.answerUnderway) continue
      const closes = wait.closes?.()
      if (closes) moments.push(this.endOfDay(closes.on))
      const due = wait.due()
      if (!due || this.isSuspended(wait) || (wait.escalatedOf !== null && due.on <= wait.escalatedOf)) continue
      if (this.reminds(wait, due)) moments.push(this.startOf(this.remindOn(due)))
      moments.push(this.endOfDay(due.on))
    }

    return moments.length === 0 ? null : Math.min(...moments)
  }

  /** One timer for the whole case, started anew only when the next alarm is at another moment. */
  private arm(): void {
    const next = this.nextAlarm()
    if (next !== null && next <= this.caseNow) {
      this.stimuli.push({ kind: 'alarm' })

      return
    }
    const at = next === null ? null : realTime(this.clock, next)
    if (at === (this.alarm?.at ?? null)) return
    this.disarm()
    if (at === null) return
    const scope = new CancellationScope()
    this.alarm = { at, scope }
    void scope
      .run(() => sleep(Math.max(1, at - Date.now())))
      .then(
        () => {
          this.alarm = null
          this.stimuli.push({ kind: 'alarm' })
        },
        (error: unknown) => {
          if (!isCancellation(error)) throw error
        },
      )
  }

  private disarm(): void {
    this.alarm?.scope.cancel()
    this.alarm = null
  }

  /** Moves the clock of a rehearsal to the next alarm on its way, so that everything happens on its own day and in order. */
  private advance(): void {
    if (!this.advancing) return
    if ([...this.asks].some((wait) => wait.answerUnderway)) return
    const { to, release, message } = this.advancing
    const next = this.nextAlarm()
    if (next !== null && next <= to) {
      if (next > this.caseNow) this.clock = movedTo(this.clock, next, Date.now())

      return
    }
    if (to > this.caseNow) this.clock = movedTo(this.clock, to, Date.now())
    if (release) this.clock = { ...this.clock, speed: 1 }
    this.advancing = null
    this.event('clockAdvanced', { to: this.today }, message.actor)
    this.settle(message, undefined)
    this.stimuli.push({ kind: 'alarm' })
  }

  // ------------------------------------------------------------------ steps

  private takeStarts(): void {
    for (let i = this.stimuli.length - 1; i >= 0; i -= 1) {
      const stimulus = this.stimuli[i]
      if (stimulus?.kind !== 'start') continue
      this.starts.push(stimulus.message.command)
      this.stimuli.splice(i, 1)
    }
  }

  private async cancel(turned: Turned): Promise<void> {
    if (this.closing) return
    for (const undo of this.undos.reverse()) {
      const undone = await CancellationScope.nonCancellable(() => undo(activities))
      if (!undone.taken) this.event('undoFailed', { reason: undone.reason.code })
    }
    this.closing = { end: 'cancelled', basis: { code: 'cancelled', params: { act: turned.turn.act } } }
  }

  private close({ end, basis }: Closing): void {
    this.stage = end === 'refused' ? 'refused' : end
    for (const wait of [...this.asks]) this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    this.event(end === 'refused' ? 'caseRefused' : 'caseClosed', { end, basis: basis.code })
    this.notices.push({ kind: 'caseClosed', to: { person: this.input.subject } })
    // whoever is still waiting for an answer hears that the case is closed
    for (const stimulus of this.stimuli.splice(0)) {
      if (stimulus.kind === 'alarm') continue
      if (stimulus.kind === 'start') this.starts.push(stimulus.message.command)
      else this.settle(stimulus.message, refusal(409, 'case.closed'))
    }
    if (this.advancing) this.settle(this.advancing.message, undefined)
  }

  private async record(): Promise<void> {
    for (const command of this.starts) {
      const settled: Settled =
        this.closing?.end === 'refused' ? { result: 'refused', reason: this.closing.basis } : { result: 'started' }
      this.settling.push({ id: command, settled })
    }
    this.starts = []
    this.noteChangedClocks()
    this.noteMovedTasks()
    const step = this.step()
    this.changed = false
    this.events = []
    this.documents = []
    this.notices = []
    this.closed = []
    this.settling = []
    // counted before it is written: whoever acts while its completion is on the way has seen this step, or is told he has not
    this.n = step.n
    await activities.record(step)
    for (const { id, settled } of step.commands) this.settled.set(id, settled)
  }

  private step(): Step {
    const { input } = this

    return {
      case: input.case,
      n: this.n + 1,
      at: instant(Date.now()),
      on: this.today,
      process: this.contract.name,
      version: this.contract.version,
      regime: this.opening.regime,
      body: input.body,
      agency: this.opening.agency,
      subject: input.subject,
      position: input.position,
      startedBy: input.startedBy,
      rehearsal: input.rehearsal,
      clock: this.clock,
      stage: this.stage,
      status: this.closing ? 'closed' : 'open',
      outcome: this.closing?.end ?? null,
      basis: this.closing?.basis ?? null,
      facts: this.factsAsJson,
      parties: this.rulebook.parties(this.facts),
      tasks: this.openTasks(),
      clocks: [...this.clocks].map(([name, clock]) => ({ name, startsOn: clock.startsOn(), due: clock.due() })),
      closed: this.closed,
      events: this.events,
      documents: this.documents,
      notices: this.notices,
      commands: this.settling,
      opening: this.n === 0 ? this.opening : null,
    }
  }

  private openTasks(): OpenTask[] {
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
        closes: wait.closes?.() ?? null,
        reminded: due !== null && wait.remindedOf === due.on,
        escalatedTo: wait.escalatedTo,
        suspended: this.isSuspended(wait),
        returned: wait.returned,
        questionOf: null,
        content: wait.remarks,
      })
      const question = wait.question
      if (!question) continue
      tasks.push({
        id: question.id,
        kind: QUESTION,
        for: { person: question.to },
        excluded: [],
        openedAt: question.openedAt,
        openedOn: question.openedOn,
        openedStep: question.openedStep,
        due: null,
        dueAt: null,
        closes: null,
        reminded: false,
        escalatedTo: null,
        suspended: false,
        returned: false,
        questionOf: wait.id,
        content: question.content,
      })
    }

    return tasks
  }

  private noteChangedClocks(): void {
    for (const [name, clock] of this.clocks) {
      const endsOn = clock.due().on
      if (endsOn !== clock.endsOn) this.event('clockSet', { clock: name, endsOn, before: clock.endsOn })
      clock.endsOn = endsOn
    }
  }

  private noteMovedTasks(): void {
    for (const wait of this.asks) {
      const now = wait.addressee()
      if (sameAddressee(now, wait.lastFor)) continue
      this.event('taskReassigned', { kind: wait.kind, from: wait.lastFor, to: now }, undefined, { task: wait.id })
      this.notices.push({ kind: 'taskOpened', to: now, task: wait.id })
      wait.lastFor = now
    }
  }

  // ------------------------------------------------------------------ times and look-ups

  private get caseNow(): number {
    return caseTime(this.clock, Date.now())
  }
  private get caseInstant(): Instant {
    return instant(this.caseNow)
  }
  private startOf(day: IsoDate): number {
    return millis(startOfDay(day, this.clock.zone))
  }
  /** A term ends with its last day. */
  private endOfDay(day: IsoDate): number {
    return this.startOf(addDays(day, 1))
  }
  private realEnd(day: IsoDate): Instant | null {
    const at = realTime(this.clock, this.endOfDay(day))

    return at === null ? null : instant(at)
  }
  private remindOn(due: Due): IsoDate {
    return addTerm(due.on, this.term('kernel.remindBefore'), this.daysOff, { back: true }).on
  }
  private get factsAsJson(): Fact {
    return this.facts as Fact
  }

  private dueOf(within: string | Moment | undefined, from: IsoDate, questions: readonly Question[]): Due | null {
    if (within === undefined) return null
    if (typeof within === 'function') return within()
    if (typeof within === 'object') return within
    const term = this.term(within)
    const pauses: Pause[] = this.questionsStopTerms
      ? questions.map((question) => ({
          from: question.openedOn,
          to: addDays(question.answeredOn ?? this.today, -1),
          because: 'question',
        }))
      : []

    return endOf({ from, terms: [term], pauses, moveToWorkingDay: term.unit === 'calendar days' }, this.daysOff)
  }

  private get questionsStopTerms(): boolean {
    return this.opening.rules.find((rule) => rule.key === `${this.contract.name}.questionStopsTerm`)?.value === true
  }
  private isSuspended(wait: AskWait): boolean {
    return wait.question !== null && this.questionsStopTerms
  }
  private askById(id: TaskId): AskWait | undefined {
    return [...this.asks].find((wait) => wait.id === id)
  }
  private questionById(id: TaskId): Question | undefined {
    return [...this.asks].map((wait) => wait.question).find((question) => question?.id === id) ?? undefined
  }
}

const refused = (why: Refusal): ApplicationFailure => ApplicationFailure.nonRetryable(why.reason.code, REFUSED, why)

const advanceForm = (form: Fact): AdvanceForm => form as unknown as AdvanceForm

const sameAddressee = (a: Addressee, b: Addressee): boolean =>
  'person' in a ? 'person' in b && a.person === b.person : !('person' in b) && a.role === b.role && a.body === b.body
