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
import { localDate } from './calendar'
import { caseTime, instant, millis, movedTo, realTime } from './clock'
import type { CommandId, Due, IsoDate, TaskId } from './contract'
import type { Actor, CaseInput, ContentRef, Fact, MessageKind, MessageOutcome, Messages, Refusal } from './messages'
import { REFUSED } from './messages'
import { mayHold } from './policy'
import type { ClosedTask, RevealedAnswer, Settled } from './step'
import { StepDraft } from './draft'
import * as refusals from './refusals'
import { advanceForm, refusal, replaceMemberForm } from './refusals'
import { CaseState } from './state'
import type { AskOptions, Closing, Moment, ProcessTypes, Rulebook, StoryContract } from './story'
import { Scope, Strands, Turned } from './strands'
import type { Wait } from './strands'
import { AskWait, UntilWait } from './waits'
import type { Outcome, Question } from './waits'

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  // Postgres may be away for as long as it likes: a step that people were promised is written in the end
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
})

/** Terms of the kernel itself, taken by every case beside those of its contract. */
const KERNEL_TERMS = ['kernel.remindBefore']
const RECHECK_MS = 30_000

type Stimulus =
  { [K in MessageKind]: { readonly kind: K; readonly message: Messages[K] } }[MessageKind] | { readonly kind: 'alarm' }

/** Something done in the world that may be refused. */
export type Effect = (effects: Effects) => Promise<Attempted>

type TaskOptions = AskOptions & { readonly closing?: Moment }

export class Engine<P extends ProcessTypes = ProcessTypes> {
  readonly strands = new Strands((waits, reason) => this.withdrawn(waits, reason))
  readonly root = new Scope(null, ['cancel'])
  readonly state: CaseState<P>
  private draft: StepDraft<P>

  private readonly undos: Effect[] = []
  private remarks: ContentRef | null = null

  private readonly stimuli: Stimulus[] = []
  private readonly settled = new Map<CommandId, Settled>()
  private starts: CommandId[] = []
  private advancing: { readonly to: number; readonly release: boolean; readonly message: Messages['act'] } | null = null
  private alarm: { readonly at: number; readonly scope: CancellationScope } | null = null

  constructor(
    contract: StoryContract,
    rulebook: Rulebook<P>,
    private readonly input: CaseInput<unknown>,
    firstFacts: P['facts'],
  ) {
    this.state = new CaseState(contract, rulebook, input, firstFacts)
    this.draft = new StepDraft(this.state)
    this.listen()
  }

  /** Runs the story step by step to its end. */
  async run(story: (scope: Scope) => Promise<Closing>): Promise<Closing> {
    this.state.opening = await activities.opening({
      process: this.state.contract.name,
      body: this.input.body,
      on: this.state.today,
      terms: [...this.state.contract.terms, ...KERNEL_TERMS],
      rules: this.state.contract.rules,
      regime: this.input.regime ?? null,
    })
    this.state.daysOff = this.state.opening.daysOff
    this.state.parts.add(this.root)
    this.draft.event('caseOpened', { regime: this.state.opening.regime }, this.input.startedBy)
    this.takeStarts()
    if (this.state.opening.missing.length > 0) this.state.closing = this.registerGap()
    else
      this.strands.begin(
        () => story(this.root),
        (closing) => void (this.state.closing = closing),
      )

    for (;;) {
      await this.parked()
      if (this.root.ended instanceof Turned) await this.cancel(this.root.ended)
      else this.strands.throwFailure()
      if (this.state.closing) this.close(this.state.closing)
      if (this.draft.changed) await this.record()
      if (this.state.closing) break
      this.advance()
      this.arm()
      await condition(() => this.stimuli.length > 0)
      await this.apply(this.stimuli.splice(0))
    }
    this.disarm()
    await condition(allHandlersFinished)

    return this.state.closing
  }

  /** The register lacks rows the process needs under this regime: nothing is guessed, an administrator has to enter them. */
  private registerGap(): Closing {
    const { regime, missing } = this.state.opening

    return { end: 'refused', basis: { code: 'registerGap', params: { regime, keys: missing.join(', ') } } }
  }

  // ------------------------------------------------------------------ what the story asks for

  note(facts: P['facts']): void {
    this.state.facts = facts
    this.draft.changed = true
  }

  enter(stage: string): void {
    if (stage === this.state.stage) return
    this.state.stage = stage
    this.draft.event('stageEntered', { stage })
  }

  keepClock(name: string, due: () => Due, startsOn: () => IsoDate): void {
    this.state.clocks.set(name, { due, startsOn, endsOn: null })
    this.draft.changed = true
  }

  order(document: string, facts: Fact): void {
    this.draft.order(document, facts)
  }

  remark(event: string, params: Readonly<Record<string, Fact>>): void {
    this.draft.event(event, params)
  }

  openPart(scope: Scope): void {
    this.state.parts.add(scope)
  }

  closePart(scope: Scope): void {
    scope.ended ??= new Error('this part of the story is over')
    this.state.parts.delete(scope)
  }

  ask(scope: Scope, kind: string, options: TaskOptions): Promise<Outcome> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => void this.openTask(scope, kind, options, resolve, reject))
  }

  /** Asks a member of a commission, who may also leave it. */
  askMember(
    scope: Scope,
    kind: string,
    options: TaskOptions & { readonly opened: (task: TaskId) => void },
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
    options: TaskOptions,
    resolve: (outcome: Outcome) => void,
    reject: (reason: Error) => void,
  ): AskWait {
    const { of, exclude = [] } = options
    const openedOn = this.state.today
    const closing = options.closing
    const again = options.again ?? false

    const wait: AskWait = new AskWait(
      uuid4() as TaskId,
      kind,
      typeof of === 'function' ? of : () => of,
      typeof exclude === 'function' ? exclude : () => exclude,
      () => this.state.dueOf(options.within, openedOn, wait?.questions ?? []),
      closing === undefined ? null : typeof closing === 'function' ? closing : () => closing,
      this.state.caseInstant,
      openedOn,
      this.state.n + 1,
      again,
      again ? this.remarks : null,
      resolve,
      reject,
    )
    this.state.asks.add(wait)
    this.draft.event('taskOpened', { kind, for: wait.lastFor }, undefined, { task: wait.id })
    this.draft.notices.push({ kind: 'taskOpened', to: wait.lastFor, task: wait.id })
    this.strands.park(wait, scope)

    return wait
  }

  // ------------------------------------------------------------------ what a commission asks for

  tell(event: string, params: Readonly<Record<string, Fact>>, actor?: Actor): void {
    this.draft.event(event, params, actor)
  }

  /** Reads sealed answers; null for one that is not what was committed to. */
  openSealed(kind: string, commitments: readonly ContentRef[]): Promise<readonly Fact[]> {
    const { case: id, process, version } = this.input

    return activities.openSealed({ case: id, process, version, kind, commitments })
  }

  reveal(answer: RevealedAnswer): void {
    this.draft.revealed.push(answer)
    this.draft.changed = true
  }

  /** A row was tampered with: the case goes on without it, and a person is told. */
  sealBroken(kind: string, task: TaskId): void {
    this.draft.event('sealBroken', { kind }, undefined, { task })
    for (const to of [
      { role: 'hr', body: this.input.body },
      { role: 'agency', body: this.state.opening.agency },
    ] as const)
      this.draft.notices.push({ kind: 'sealBroken', to, task })
  }

  /** The task of a member who was replaced is nobody's any more. */
  dismissMember(task: TaskId): void {
    const wait = this.state.askById(task)
    if (!wait?.leave) return
    this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    this.draft.event('taskWithdrawn', { kind: wait.kind, because: 'replaced' }, undefined, { task })
    if (this.strands.resume(wait)) wait.leave('replaced')
  }

  until(scope: Scope, moment: Moment): Promise<void> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => {
      const wait = new UntilWait(typeof moment === 'function' ? moment : () => moment, resolve, reject)
      this.state.untils.add(wait)
      this.draft.changed = true
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
      (message) => refusals.refusalOfAnswer(this.state, message),
    )
    this.on(
      'return',
      (message) => ({ kind: 'return', message }),
      (message) => refusals.refusalOfReturn(this.state, message),
    )
    this.on(
      'recuse',
      (message) => ({ kind: 'recuse', message }),
      (message) => refusals.refusalOfRecusal(this.state, message),
    )
    this.on(
      'ask',
      (message) => ({ kind: 'ask', message }),
      (message) => refusals.refusalOfQuestion(this.state, message),
    )
    this.on(
      'withdrawQuestion',
      (message) => ({ kind: 'withdrawQuestion', message }),
      (message) => refusals.refusalOfWithdrawal(this.state, message),
    )
    this.on(
      'act',
      (message) => ({ kind: 'act', message }),
      (message) => refusals.refusalOfAct(this.state, message, this.stimuli.length > 0 || this.advancing !== null),
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
        if ('task' in message) this.state.taken.add(message.task)
        await condition(() => this.settled.has(message.command))
        const settled = this.settled.get(message.command)
        this.settled.delete(message.command)
        if (!settled || settled.result === 'overtaken') throw refused(settled?.refusal ?? refusal(409, 'case.closed'))

        return settled
      },
      {
        validator: (message: Messages[K]) => {
          const why = this.state.closing ? refusal(409, 'case.closed') : refuses(message)
          if (why) throw refused(why)
        },
      },
    )
  }

  // ------------------------------------------------------------------ what happened

  private async apply(stimuli: readonly Stimulus[]): Promise<void> {
    // people before clocks: an answer at the moment its term ends is in time
    for (const [i, stimulus] of stimuli.entries()) {
      if (stimulus.kind === 'alarm') continue
      await this.take(stimulus)
      // the story is heard before the next: an answer may leave another task without a purpose, or end the case
      await this.parked()
      if (this.state.closing) return void this.stimuli.unshift(...stimuli.slice(i + 1))
    }
    await this.wake()
  }

  private parked(): Promise<void> {
    return condition(() => this.strands.allParked)
  }

  private async take(stimulus: Exclude<Stimulus, { kind: 'alarm' }>): Promise<void> {
    switch (stimulus.kind) {
      case 'start':
        this.starts.push(stimulus.message.command)
        this.draft.changed = true
        return
      case 'complete':
        return this.settle(stimulus.message, this.complete(stimulus.message))
      case 'return':
        return this.settle(stimulus.message, this.returnForRevision(stimulus.message))
      case 'recuse':
        return this.settle(stimulus.message, this.recuse(stimulus.message))
      case 'ask':
        return this.settle(stimulus.message, this.askQuestion(stimulus.message))
      case 'withdrawQuestion':
        return this.settle(stimulus.message, this.withdrawQuestion(stimulus.message))
      case 'act':
        return this.perform(stimulus.message)
      case 'recompute':
        this.state.daysOff = await activities.daysOff({ body: this.input.body, on: this.state.today })
        this.draft.event('calendarChanged')
        return this.settle(stimulus.message, undefined)
    }
  }

  private settle(message: { readonly command: CommandId; readonly task?: TaskId }, why: Refusal | undefined): void {
    if (message.task) this.state.taken.delete(message.task)
    this.draft.settling.push({
      id: message.command,
      settled: why ? { result: 'overtaken', refusal: why } : { result: 'done' },
    })
    this.draft.changed = true
  }

  private complete(message: Messages['complete']): Refusal | undefined {
    const on = localDate(instant(caseTime(this.state.clock, millis(message.receivedAt))), this.state.clock.zone)
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on,
      facts: message.answer,
      content: message.content,
    }
    const question = this.state.questionById(message.task)
    if (question) {
      question.answeredOn = on
      this.draft.closed.push({ id: question.id, state: 'completed', answer })
      this.draft.event('questionAnswered', {}, message.actor, { task: question.id })

      return undefined
    }
    const wait = this.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const due = wait.due()
    const verdict = mayHold(message.actor, { for: wait.addressee(), excluded: wait.excluded })
    const sealed = this.state.contract.tasks[wait.kind]?.sealed
    const { content } = message
    this.finishAsk(wait, {
      id: wait.id,
      state: 'completed',
      answer: sealed ? { ...answer, facts: null, content: null } : answer,
    })
    const said = sealed ? { commitment: { ...content } } : { answer: message.answer }
    this.draft.event('taskCompleted', { kind: wait.kind, ...said }, message.actor, {
      task: wait.id,
      ...(verdict.may ? { capacity: verdict.capacity } : {}),
    })
    if (this.strands.resume(wait))
      wait.resolve({
        result: 'answered',
        answer: message.answer as never,
        content,
        by: message.actor.person,
        on,
        late: due !== null && on > due.on,
      })

    return undefined
  }

  private returnForRevision(message: Messages['return']): Refusal | undefined {
    const wait = this.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on: this.state.today,
      facts: { returned: true },
      content: message.content,
    }
    this.remarks = message.content
    this.finishAsk(wait, { id: wait.id, state: 'completed', answer })
    this.draft.event('taskReturned', { kind: wait.kind }, message.actor, { task: wait.id })
    if (this.strands.resume(wait)) wait.resolve({ result: 'returned', by: message.actor.person })

    return undefined
  }

  private recuse(message: Messages['recuse']): Refusal | undefined {
    const wait = this.state.askById(message.task)
    if (!wait?.leave) return refusal(409, 'task.closed')
    this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    this.draft.event('memberRecused', { kind: wait.kind, content: message.content.id }, message.actor, {
      task: wait.id,
    })
    if (this.strands.resume(wait)) wait.leave('recused')

    return undefined
  }

  private askQuestion(message: Messages['ask']): Refusal | undefined {
    const wait = this.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const question: Question = {
      id: uuid4() as TaskId,
      to: message.person,
      content: message.content,
      openedAt: this.state.caseInstant,
      openedOn: this.state.today,
      openedStep: this.state.n + 1,
      answeredOn: null,
    }
    wait.questions.push(question)
    this.draft.event('questionAsked', { to: message.person, of: wait.id }, message.actor, { task: question.id })
    this.draft.notices.push({ kind: 'taskOpened', to: { person: message.person }, task: question.id })

    return undefined
  }

  private withdrawQuestion(message: Messages['withdrawQuestion']): Refusal | undefined {
    const question = this.state.questionById(message.task)
    if (!question) return refusal(409, 'task.closed')
    question.answeredOn = this.state.today
    this.draft.closed.push({ id: question.id, state: 'obsolete' })
    this.draft.event('questionWithdrawn', {}, message.actor, { task: question.id })

    return undefined
  }

  private perform(message: Messages['act']): void {
    if (message.act === 'advance') {
      const { to, release = false } = advanceForm(message.form)
      const next = to === undefined ? (this.state.nextAlarm() ?? this.state.caseNow) : this.state.startOf(to)
      this.advancing = { to: release ? Date.now() : next, release, message }

      return
    }
    if (message.act === 'replaceMember') return this.replaceMember(message)
    const result = this.state.resultOf(message)
    if ('refused' in result) return this.settle(message, { status: 409, reason: result.refused })
    this.draft.event(
      'actPerformed',
      { act: message.act, form: message.form, content: message.content.id },
      message.actor,
    )
    if ('facts' in result) this.note(result.facts)
    else {
      const part = this.state.partTurnedBy(message.act)
      if (!part) return this.settle(message, refusal(409, 'act.notNow'))
      this.strands.end(part, new Turned(part, { act: message.act, form: message.form }))
    }
    this.settle(message, undefined)
  }

  private replaceMember(message: Messages['act']): void {
    const { member, by } = replaceMemberForm(message.form)
    const { act, form, content } = message
    this.draft.event('actPerformed', { act, form, content: content.id }, message.actor)
    for (const commission of this.state.commissions) commission.replace(member, by, message.actor)
    this.settle(message, undefined)
  }

  /** What was open in a part of the story that is over is nobody's any more. */
  private withdrawn(waits: readonly Wait[], reason: Error): void {
    const because = reason instanceof Turned ? { because: reason.turn.act } : { because: 'otherBranch' }
    for (const wait of waits) {
      if (wait instanceof AskWait) {
        this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
        this.draft.event('taskWithdrawn', { kind: wait.kind, ...because }, undefined, { task: wait.id })
      } else if (wait instanceof UntilWait) this.state.untils.delete(wait)
    }
  }

  private finishAsk(wait: AskWait, closed: ClosedTask): void {
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

  // ------------------------------------------------------------------ alarms

  /** Does what the clock says is due by now. A timer is only an alarm: everything is worked out anew here. */
  private async wake(): Promise<void> {
    const now = this.state.caseNow
    for (const wait of [...this.state.untils]) {
      if (!this.state.untils.has(wait) || this.state.startOf(wait.moment().on) > now) continue
      this.state.untils.delete(wait)
      this.draft.changed = true
      if (this.strands.resume(wait)) wait.resolve()
      await this.parked()
    }
    for (const wait of [...this.state.asks]) {
      if (!this.state.asks.has(wait) || this.state.taken.has(wait.id) || wait.answerUnderway) continue
      await this.wakeAsk(wait, now)
      await this.parked()
    }
  }

  private async wakeAsk(wait: AskWait, now: number): Promise<void> {
    const closes = wait.closes?.()
    if (closes && this.state.endOfDay(closes.on) <= now) {
      // a person who answered in time is heard even if the answer is still on its way
      const by = realTime(this.state.clock, this.state.endOfDay(closes.on)) ?? Date.now()
      if (await activities.answerUnderway({ task: wait.id, by: instant(by) })) {
        wait.answerUnderway = true

        return this.recheck()
      }
      if (this.stimuli.some((s) => s.kind === 'complete' && s.message.task === wait.id)) return
      this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
      this.draft.event('taskLapsed', { kind: wait.kind, on: closes.on }, undefined, { task: wait.id })
      if (this.strands.resume(wait)) wait.resolve({ result: 'late', on: closes.on })

      return
    }
    const due = wait.due()
    if (!due || this.state.isSuspended(wait)) return
    if (wait.escalatedOf !== null && due.on > wait.escalatedOf) wait.escalatedOf = wait.escalatedTo = null
    if (this.state.endOfDay(due.on) <= now) this.escalate(wait, due)
    else if (this.state.reminds(wait, due) && this.state.startOf(this.state.remindOn(due)) <= now) {
      wait.remindedOf = due.on
      this.draft.event('taskReminded', { kind: wait.kind, due: due.on }, undefined, { task: wait.id })
      this.draft.notices.push({ kind: 'taskReminder', to: wait.addressee(), task: wait.id })
    }
  }

  private escalate(wait: AskWait, due: Due): void {
    if (wait.escalatedOf !== null) return
    const role = this.state.contract.tasks[wait.kind]?.escalatesTo ?? 'hr'
    wait.remindedOf = wait.escalatedOf = due.on
    wait.escalatedTo = { role, body: role === 'agency' ? this.state.opening.agency : this.input.body }
    this.draft.event('taskOverdue', { kind: wait.kind, due: due.on, escalatedTo: role }, undefined, { task: wait.id })
    this.draft.notices.push({ kind: 'taskOverdue', to: wait.escalatedTo, task: wait.id })
  }

  private recheck(): void {
    void sleep(RECHECK_MS).then(() => {
      for (const wait of this.state.asks) wait.answerUnderway = false
      this.stimuli.push({ kind: 'alarm' })
    })
  }

  /** One timer for the whole case, started anew only when the next alarm is at another moment. */
  private arm(): void {
    const next = this.state.nextAlarm()
    if (next !== null && next <= this.state.caseNow) {
      this.stimuli.push({ kind: 'alarm' })

      return
    }
    const at = next === null ? null : realTime(this.state.clock, next)
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
    if ([...this.state.asks].some((wait) => wait.answerUnderway)) return
    const { to, release, message } = this.advancing
    const next = this.state.nextAlarm()
    if (next !== null && next <= to) {
      if (next > this.state.caseNow) this.state.clock = movedTo(this.state.clock, next, Date.now())

      return
    }
    if (to > this.state.caseNow) this.state.clock = movedTo(this.state.clock, to, Date.now())
    if (release) this.state.clock = { ...this.state.clock, speed: 1 }
    this.advancing = null
    this.draft.event('clockAdvanced', { to: this.state.today }, message.actor)
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
    if (this.state.closing) return
    for (const undo of this.undos.reverse()) {
      const undone = await CancellationScope.nonCancellable(() => undo(activities))
      if (!undone.taken) this.draft.event('undoFailed', { reason: undone.reason.code })
    }
    this.state.closing = { end: 'cancelled', basis: { code: 'cancelled', params: { act: turned.turn.act } } }
  }

  private close({ end, basis }: Closing): void {
    this.state.stage = end === 'refused' ? 'refused' : end
    for (const wait of [...this.state.asks]) this.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    this.draft.event(end === 'refused' ? 'caseRefused' : 'caseClosed', { end, basis: basis.code })
    this.draft.notices.push({ kind: 'caseClosed', to: { person: this.input.subject } })
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
        this.state.closing?.end === 'refused'
          ? { result: 'refused', reason: this.state.closing.basis }
          : { result: 'started' }
      this.draft.settling.push({ id: command, settled })
    }
    this.starts = []
    const step = this.draft.step()
    this.draft = new StepDraft(this.state)
    // counted before it is written: whoever acts while its completion is on the way has seen this step, or is told he has not
    this.state.n = step.n
    await activities.record(step)
    for (const { id, settled } of step.commands) this.settled.set(id, settled)
  }
}

const refused = (why: Refusal): ApplicationFailure => ApplicationFailure.nonRetryable(why.reason.code, REFUSED, why)
