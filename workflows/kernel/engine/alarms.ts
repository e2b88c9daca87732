/**
 * The clock of one case: wakes it when something falls due, reminds, escalates, ends hard terms, and moves the clock of a
 * rehearsal. A timer is only an alarm; what is due is worked out anew when it rings.
 */
import { CancellationScope, isCancellation, patched, sleep } from '@temporalio/workflow'
import type { KernelActivities } from '../protocol/activities'
import { suspendedCase } from '../law/suspension'
import { realTime } from '../law/case-clock'
import type { Due, ProcessTypes } from '../contract'
import type { Messages } from '../protocol/messages'
import type { StepContext } from './step-context'
import { Ended } from './strands'
import type { Scope } from './strands'
import { AskWait } from './waits'
import type { UntilWait } from './waits'

const RECHECK_MS = 30_000

/** A rehearsal's clock on its way to a moment. */
interface Advancing {
  readonly to: number
  readonly release: boolean
  readonly message: Messages['act']
}

export class Alarms<P extends ProcessTypes> {
  advancing: Advancing | null = null
  /** it is only asking whether something is on its way, and has changed nothing yet */
  looking = false
  private rechecking = false
  private alarm: { readonly at: number; readonly scope: CancellationScope } | null = null

  constructor(
    private readonly step: StepContext<P>,
    private readonly activities: Pick<KernelActivities, 'answerUnderway' | 'messageUnderway'>,
  ) {}

  /** Does what the clock says is due by now. A timer is only an alarm: everything is worked out anew here. */
  async wake(): Promise<void> {
    const now = this.step.state.caseNow
    // an await more would change the order of commands that recorded histories hold
    if (this.step.suspensions.wake(now)) await this.step.parked()
    // those around others were opened first
    for (const part of [...this.step.state.parts]) await this.wakePart(part, now)
    for (const wait of [...this.step.state.untils]) {
      if (!this.step.state.untils.has(wait) || wait.heldBack || this.step.state.stopOf(wait)) continue
      const day = wait.moment()
      if (!day || !this.hasComeTo(this.step.state.startOf(day.on), wait.part, now)) continue
      if (await this.comesAfterAnAnswer(wait, day)) {
        wait.heldBack = true
        this.recheck()
        continue
      }
      this.step.state.untils.delete(wait)
      this.step.draft.changed = true
      if (this.step.strands.resume(wait)) wait.resolve()
      await this.step.parked()
    }
    for (const wait of [...this.step.state.asks]) {
      if (!this.step.state.asks.has(wait) || this.step.state.taken.has(wait.id) || wait.answerUnderway) continue
      await this.wakeAsk(wait, now)
      await this.step.parked()
    }
  }

  private hasComeTo(at: number, part: Scope, now: number): boolean {
    return at <= now && this.step.state.isUnderway(part, at)
  }

  /** Ends a part of the story whose last day is over; what was said to it in time is heard even if it is still on its way. */
  private async wakePart(part: Scope, now: number): Promise<void> {
    const { state, strands, draft, triggers } = this.step
    if (suspendedCase(state.suspensions)) return
    const day = state.parts.has(part) && !part.heldBack ? part.ownLastDay : null
    if (!day) return
    const end = state.endOfDay(day.on)
    // what comes earlier is done first
    if (end > now || (state.nextAlarm() ?? end) < end) return
    const tasks = strands.affectedBy(part).flatMap((wait) => (wait instanceof AskWait ? [wait.id] : []))
    this.looking = !draft.changed
    const underway = await this.activities.messageUnderway({ case: state.input.case, tasks, by: state.shownFrom(end) })
    this.looking = false
    if (underway) {
      part.heldBack = true

      return this.recheck()
    }
    // or has come while it was looked for
    if (triggers.some(({ kind }) => kind !== 'alarm')) return
    draft.changed = true
    strands.end(part, new Ended(part, day.on))
    await this.step.parked()
  }

  /** A part of the story whose last day is over waits for what was said to it in time. */
  get holdsBack(): boolean {
    return [...this.step.state.parts].some(({ heldBack }) => heldBack)
  }

  /** Something has been heard: what is held back for it is looked at again. */
  heard(): void {
    for (const part of this.step.state.parts) part.heldBack = false
  }

  /** Whether an answer that was received before the day, and would be withdrawn with its task, is still on its way. */
  private async comesAfterAnAnswer(wait: UntilWait, day: Due): Promise<boolean> {
    const { state, strands } = this.step
    const rivals = strands.rivalsOf(wait).filter((each) => each instanceof AskWait)
    // cases of the release before did not ask
    if (rivals.length === 0 || !patched('daysWaitForAnswers')) return false
    const by = state.shownFrom(state.startOf(day.on))
    for (const { id } of rivals) if (await this.activities.answerUnderway({ task: id, by })) return true

    // or has come while it was looked for
    return rivals.some(({ id }) => state.taken.has(id))
  }

  private async wakeAsk(wait: AskWait, now: number): Promise<void> {
    if (this.step.state.stopOf(wait)) return
    const lapses = wait.lapses?.()
    if (lapses && this.hasComeTo(this.step.state.endOfDay(lapses.on), wait.part, now)) {
      // a person who answered in time is heard even if the answer is still on its way
      const by = this.step.state.shownFrom(this.step.state.endOfDay(lapses.on))
      if (await this.activities.answerUnderway({ task: wait.id, by })) {
        wait.answerUnderway = true

        return this.recheck()
      }
      if (this.hasCome(wait)) return
      this.step.movedDeadlines.done(wait)
      this.step.finishAsk(wait, { id: wait.id, state: 'obsolete' })
      this.step.draft.event('taskLapsed', { kind: wait.kind, on: lapses.on }, undefined, { task: wait.id })
      if (this.step.strands.resume(wait)) wait.resolve({ result: 'late', on: lapses.on })

      return
    }
    const due = wait.due()
    if (!due || this.step.state.isSuspended(wait)) return
    if (wait.escalatedOf !== null && due.on > wait.escalatedOf) wait.escalatedOf = wait.escalatedTo = null
    if (this.hasComeTo(this.step.state.endOfDay(due.on), wait.part, now)) this.escalate(wait, due)
    else if (
      this.step.state.reminds(wait, due) &&
      this.hasComeTo(this.step.state.startOf(this.step.state.remindOn(due)), wait.part, now)
    ) {
      wait.remindedOf = due.on
      this.step.draft.event('taskReminded', { kind: wait.kind, due: due.on }, undefined, { task: wait.id })
      this.step.draft.notices.push({ kind: 'taskReminder', to: wait.addressee(), task: wait.id })
    }
  }

  /** Something about the task has come while it was looked for; the release before knew answers only. */
  private hasCome(wait: AskWait): boolean {
    const { state, triggers } = this.step
    const answered = triggers.some((each) => each.kind === 'complete' && each.message.task === wait.id)

    return answered || (state.taken.has(wait.id) && patched('othersHaveCome'))
  }

  private escalate(wait: AskWait, due: Due): void {
    if (wait.escalatedOf !== null) return
    const role = this.step.state.contract.tasks[wait.kind]?.escalatesTo ?? 'hr'
    wait.remindedOf = wait.escalatedOf = due.on
    wait.escalatedTo = {
      role,
      body: role === 'agency' ? this.step.state.agency : this.step.state.body,
    }
    this.step.draft.event('taskOverdue', { kind: wait.kind, due: due.on, escalatedTo: role }, undefined, {
      task: wait.id,
    })
    this.step.draft.notices.push({ kind: 'taskOverdue', to: wait.escalatedTo, task: wait.id })
  }

  private recheck(): void {
    // the release before had a timer for each thing that waits
    if (this.rechecking && patched('oneRecheck')) return
    this.rechecking = true
    void sleep(RECHECK_MS).then(() => {
      this.rechecking = false
      for (const wait of this.step.state.asks) wait.answerUnderway = false
      for (const wait of this.step.state.untils) wait.heldBack = false
      this.heard()
      this.step.triggers.push({ kind: 'alarm' })
    })
  }

  /** One timer for the whole case, started anew only when the next alarm is at another moment. */
  arm(): void {
    const next = this.step.state.nextAlarm()
    if (next !== null && next <= this.step.state.caseNow) {
      this.step.triggers.push({ kind: 'alarm' })

      return
    }
    const at = next === null ? null : realTime(this.step.state.clock, next)
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
          this.step.triggers.push({ kind: 'alarm' })
        },
        (error: unknown) => {
          if (!isCancellation(error)) throw error
        },
      )
  }

  disarm(): void {
    this.alarm?.scope.cancel()
    this.alarm = null
  }

  /** Moves the clock of a rehearsal to the next alarm on its way, so that everything happens on its own day and in order. */
  advance(): void {
    if (!this.advancing) return
    const { asks, untils } = this.step.state
    if (this.holdsBack || [...asks].some((wait) => wait.answerUnderway) || [...untils].some((wait) => wait.heldBack))
      return
    const { to, release, message } = this.advancing
    const next = this.step.state.nextAlarm()
    if (next !== null && next <= to) {
      if (next > this.step.state.caseNow) this.step.state.moveClock(next)

      return
    }
    const { caseNow } = this.step.state
    if (to > caseNow) this.step.state.moveClock(to)
    // in the release before, another speed counted from when the clock was last moved, and an early clock jumped
    else if (release && patched('releasedWhereItStands')) this.step.state.moveClock(caseNow)
    if (release) this.step.state.clock = { ...this.step.state.clock, speed: 1 }
    this.advancing = null
    this.step.draft.event('clockAdvanced', { to: this.step.state.today }, message.actor)
    this.step.recordOutcome(message, undefined)
    this.step.triggers.push({ kind: 'alarm' })
  }
}
