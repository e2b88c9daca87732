/**
 * Suspends a case, or one term of it, and lets it go on: by an act, by the story, or by the answer of whoever is asked when it should
 * have ended. Dates are worked out anew from the days on which it stood; nothing else of the case changes.
 */
import { isCase, type Instant, type IsoDate, type ProcessTypes, type Role } from '../contract'
import { addDays, localDate } from '../law/calendar'
import { instant, millis } from '../law/case-clock'
import { mayPerform } from '../law/policy'
import {
  expectedEnd,
  isStanding,
  lastDay,
  standingOn,
  suspensionKind,
  whyNotGround,
  type Expected,
  type Suspension,
  type SuspensionAct,
} from '../law/suspension'
import type { Messages, Refusal } from '../protocol/messages'
import type { KernelTasks } from './kernel-tasks'
import { expectedIn, refusalOfSuspension, reviewForm, suspensionForm } from './message-validators'
import { writtenIn } from './step-draft'
import type { StepContext } from './step-context'
import { recordedCapacity } from './task-messages'
import type { Outcome } from './waits'

export class Suspensions<P extends ProcessTypes> {
  constructor(
    private readonly step: StepContext<P>,
    private readonly kernelTasks: Pick<KernelTasks<P>, 'ask'>,
  ) {}

  /** What an act comes to. */
  perform(act: SuspensionAct, message: Messages['act']): Refusal | undefined {
    const { state, draft } = this.step
    const why = refusalOfSuspension(state, act, message)
    const { actor, content, form, receivedAt } = message
    if (why || isCase(actor)) return why
    const { ground, suspendedFrom, resumedFrom } = suspensionForm(form)
    const by: readonly Role[] = suspensionKind(state.contract, ground)?.by ?? []
    const capacity = recordedCapacity(message, mayPerform(actor, { by }, state.stands))
    draft.event('actPerformed', { act, ...writtenIn(content) }, actor, capacity)
    const on = this.dayOf(receivedAt)
    if (act === 'suspend') this.begin(ground, expectedIn(form), { on: suspendedFrom ?? on, at: receivedAt })
    else this.end(ground, resumedFrom ?? on, resumedFrom !== undefined)

    return undefined
  }

  /** The story suspends its case. False: its rule says no, or it stands already. */
  suspend(ground: string, expected: Expected | null): boolean {
    const { state } = this.step
    const { contract, suspensions, opening } = state
    if (whyNotGround('suspend', ground, { contract, suspensions, rules: opening.rules })) return false
    this.begin(ground, expected, { on: state.today, at: instant(Date.now()) })

    return true
  }

  /** The story lets its case go on. False: it does not stand on that ground. */
  resume(ground: string): boolean {
    return this.end(ground, this.step.state.today)
  }

  private dayOf(receivedAt: Instant): IsoDate {
    const { state } = this.step
    const at = state.caseTimeWhen(millis(receivedAt))

    return localDate(instant(at), state.zoneAt(at))
  }

  private begin(
    ground: string,
    expects: Expected | null,
    { on, at }: { readonly on: IsoDate; readonly at: Instant },
  ): void {
    const { state, draft } = this.step
    const kind = suspensionKind(state.contract, ground)
    if (!kind) return
    const expected = expectedEnd(on, expects, state.daysOff)
    state.suspensions = [...state.suspensions, { ground, of: kind.of, from: on, at, expected, to: null }]
    draft.event('suspended', { ground, since: on })
    if (expected !== null) draft.event('suspensionExpected', { ground, until: expected })
    else this.askWhetherItEnds(ground)
  }

  private end(ground: string, on: IsoDate, recordedLater = false): boolean {
    const { state, draft } = this.step
    const standing = standingOn(state.suspensions, ground)
    if (!standing) return false
    const to = on > standing.from ? lastDay(on) : lastDay(standing.from)
    this.change(standing, { to })
    draft.event('resumed', { ground, since: standing.from })
    if (recordedLater && on < state.today) draft.event('resumedFrom', { from: on })
    const asked = state.reviewOf(ground)
    if (asked) {
      this.step.finishAsk(asked, { id: asked.id, state: 'obsolete' })
      draft.event('taskWithdrawn', { kind: asked.kind, because: 'resumed' }, undefined, { task: asked.id })
    }

    return true
  }

  private change(standing: Suspension, to: Partial<Suspension>): void {
    const { state } = this.step
    state.suspensions = state.suspensions.map((each) => (each === standing ? { ...each, ...to } : each))
    this.step.draft.changed = true
  }

  /** Those that should have ended by now: each ends by itself where its ground says so, or somebody is asked. Whether there was any. */
  wake(now: number): boolean {
    const { state } = this.step
    const over = state.overdueSuspensions(now)
    for (const { ground, expected } of over)
      if (suspensionKind(state.contract, ground)?.endsItself) this.end(ground, addDays(expected, 1))
      else this.askWhetherItEnds(ground)
    // dates move on with each day of one that stands
    if (state.recountsOn !== null && state.startOf(state.recountsOn) <= now) this.step.draft.changed = true

    return over.length > 0
  }

  private askWhetherItEnds(ground: string): void {
    const { state } = this.step
    const standing = standingOn(state.suspensions, ground)
    const role = suspensionKind(state.contract, ground)?.by[0]
    if (!standing || role === undefined) return
    const { from: since, expected } = standing
    const about =
      expected === null
        ? { code: 'suspensionOpen', params: { since } }
        : { code: 'suspensionOver', params: { since, until: expected } }
    const wait = this.kernelTasks.ask('reviewSuspension', about, {
      of: { role, body: state.body },
      heard: (outcome) => this.reviewed(ground, outcome),
    })
    if (wait) state.suspensionReviews.set(ground, wait)
  }

  /** Whoever was asked has answered: it ends, or is expected to stand longer. */
  private reviewed(ground: string, outcome: Outcome): void {
    const { state, draft } = this.step
    if (outcome.result !== 'answered') return
    const { suspension, expectedUntil, resumedFrom } = reviewForm(outcome.answer)
    if (suspension === 'resume') return void this.end(ground, resumedFrom ?? outcome.on, resumedFrom !== undefined)
    const standing = standingOn(state.suspensions, ground)
    if (!standing || expectedUntil === undefined) return
    this.change(standing, { expected: expectedUntil })
    draft.event('suspensionExpected', { ground, until: expectedUntil })
  }

  /** The case is over, and so is what stands. */
  close(): void {
    const { state } = this.step
    for (const each of state.suspensions)
      if (isStanding(each))
        this.change(each, { to: state.today > each.from ? lastDay(state.today) : lastDay(each.from) })
  }
}
