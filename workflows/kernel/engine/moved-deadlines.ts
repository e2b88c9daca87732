/**
 * What was done by a term whose end moves afterwards.
 *
 * A clock is *acted on* when a task that the story opened with `actsOn` is answered or lapses. From then on its end, as it stood,
 * is remembered with the facts of that moment. Whenever a person's act changes facts, or the calendar changes, the same change is
 * applied to the remembered facts: would the end have been another, had this been known? Only then HR gets one `reconsider` task,
 * which names the clock, both ends and what was done. So an absence after the end moves nothing, and what the story itself decides
 * (an extension) is no correction. A clock acted on again is remembered anew.
 *
 * One task per clock at a time: a further move changes the open task, a move back withdraws it. Nothing is reopened and the story
 * goes on; but the case stays open until it is answered, because a decision that may stand on a wrong date must not be shut away
 * unseen. A cancelled case has decided nothing: there it is withdrawn.
 */
import { patched } from '@temporalio/workflow'
import { millis } from '../law/case-clock'
import type { Suspension } from '../law/suspension'
import type { Instant, IsoDate, ProcessTypes } from '../contract'
import type { KernelTasks } from './kernel-tasks'
import type { StepContext } from './step-context'
import type { AskWait } from './waits'

interface Acted<Facts> {
  readonly clock: string
  /** kind of the task by which it was acted on */
  readonly task: string
  readonly on: IsoDate
  readonly at: Instant
  /** those of then: what began or ended afterwards corrects nothing */
  readonly suspensions: readonly Suspension[]
  facts: Facts
  /** end by which it was acted on, and as it would be now */
  readonly before: IsoDate
  now: IsoDate
  asked: AskWait | null
}

export class MovedDeadlines<P extends ProcessTypes> {
  private readonly acted = new Map<string, Acted<P['facts']>>()

  constructor(
    private readonly step: StepContext<P>,
    private readonly kernelTasks: KernelTasks<P>,
  ) {}

  /** A task has come to its end by an answer or by its hard term. */
  done(wait: AskWait): void {
    const { state } = this.step
    const end = wait.actsOn === null ? undefined : state.clocks.get(wait.actsOn)?.due().on
    if (wait.actsOn === null || end === undefined) return
    this.acted.set(wait.actsOn, {
      clock: wait.actsOn,
      task: wait.kind,
      on: state.today,
      at: state.caseInstant,
      suspensions: state.suspensions,
      facts: state.facts,
      before: end,
      now: end,
      asked: null,
    })
  }

  /** Facts or the calendar have changed: `change` makes the same change to facts as they were, or null where it does not apply. */
  changed(change: (facts: P['facts']) => P['facts'] | null): void {
    for (const acted of this.acted.values()) {
      acted.facts = change(acted.facts) ?? acted.facts
      const end = this.endOf(acted)
      if (end === acted.now) continue
      // cases of the first release that met this were not asked
      if (!patched('reconsider')) continue
      acted.now = end
      const asked = acted.asked && this.step.state.asks.has(acted.asked) ? acted.asked : null
      acted.asked = this.ask(acted, asked)
    }
  }

  private ask(acted: Acted<P['facts']>, asked: AskWait | null): AskWait | null {
    if (acted.now === acted.before && asked) {
      this.step.finishAsk(asked, { id: asked.id, state: 'obsolete' })
      this.step.draft.event('taskWithdrawn', { kind: asked.kind, because: 'movedBack' }, undefined, {
        task: asked.id,
      })

      return null
    }
    const { clock, before, now, task, on } = acted
    const about = { code: 'reconsider', params: { clock, before, after: now, task, on } }
    if (!asked) return this.kernelTasks.ask('reconsider', about)
    asked.about = about
    this.step.draft.changed = true

    return asked
  }

  /** The end of the clock on the day it was acted on, had the facts been these. */
  private endOf({ clock, facts, at, suspensions, now }: Acted<P['facts']>): IsoDate {
    const { state } = this.step
    const { facts: present, clock: running, suspensions: known } = state
    state.facts = facts
    state.suspensions = suspensions
    state.clock = { ...running, zone: state.zoneAt(millis(at)), speed: 0, base: { case: at, real: at } }
    try {
      return state.clocks.get(clock)?.due().on ?? now
    } finally {
      state.facts = present
      state.clock = running
      state.suspensions = known
    }
  }
}
