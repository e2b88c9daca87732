/**
 * Records the steps of a case. A draft is written once; only then do the senders of its messages get their outcomes. The snapshot
 * that a query answers with is the last step that was written.
 */
import { CancellationScope, condition, log, patched, workflowInfo } from '@temporalio/workflow'
import type { KernelActivities } from '../protocol/activities'
import { instant } from '../law/case-clock'
import type { CommandId, ProcessTypes } from '../contract'
import { LONG_HISTORY, MESSAGE_LIMITS } from './length'
import { StepDraft } from './step-draft'
import type { CaseState } from './case-state'
import type { CaseSnapshot, CommandOutcome, SnapshotAnswer } from '../protocol/step'
import { snapshotOf } from '../protocol/step'

export class StepRecorder<P extends ProcessTypes> {
  draft: StepDraft<P>
  private starts: CommandId[] = []
  private readonly outcomes = new Map<CommandId, CommandOutcome>()
  private last: CaseSnapshot | null = null
  /** the history has been found long, the messages many */
  private long = false
  private many = false

  constructor(
    private readonly state: CaseState<P>,
    private readonly activities: Pick<KernelActivities, 'record' | 'recordHandover'>,
  ) {
    this.draft = new StepDraft(state)
  }

  /** Gives a start its outcome with the step under way: started, or refused if the story came to that. */
  startHandled(command: CommandId): void {
    this.starts.push(command)
    this.draft.changed = true
  }

  /** Writes the step under way; the next begins. */
  async record(): Promise<void> {
    this.noteLength()
    this.noteMessages()
    for (const id of this.starts) this.draft.outcomes.push({ id, settled: this.begun })
    this.starts = []
    const step = this.draft.step()
    this.draft = new StepDraft(this.state)
    // counted before it is written: whoever acts while its completion is on the way has seen this step, or is told he has not
    this.state.n = step.n
    const handsOver = step.events.some(({ kind }) => kind === 'handedOver') && patched('recordHandover')
    await (handsOver ? this.activities.recordHandover(step) : this.activities.record(step))
    this.last = snapshotOf(step)
    for (const { id, settled } of step.commands) this.outcomes.set(id, settled)
  }

  private get begun(): CommandOutcome {
    const { ending, refusedAtStart } = this.state

    return ending?.by === 'kernel' && refusedAtStart
      ? { result: 'refused', reason: ending.basis, ...(ending.errors && { errors: ending.errors }) }
      : { result: 'started' }
  }

  /** Once per case, with a step that is written anyway: what grows so long was meant to be split into cases. */
  private noteLength(): void {
    const { longAfterEvents = LONG_HISTORY } = this.state.contract
    if (this.long || workflowInfo().historyLength < longAfterEvents) return
    this.long = true
    const { input, body } = this.state
    this.draft.event('longHistory', { events: longAfterEvents })
    this.draft.notices.push({ kind: 'longHistory', to: { role: 'developer', body } })
    log.warn('the history of a case grows long', { case: input.case, events: longAfterEvents })
  }

  /** Once per case, as long as there is time to split what it does. */
  private noteMessages(): void {
    const { noted } = this.state.contract.messageLimits ?? MESSAGE_LIMITS
    if (this.many || this.state.messages < noted) return
    this.many = true
    const { input, body } = this.state
    this.draft.event('manyMessages', { messages: noted })
    this.draft.notices.push({ kind: 'manyMessages', to: { role: 'developer', body } })
    log.warn('a case has taken many messages', { case: input.case, messages: noted })
  }

  /**
   * Resolves when the step with the outcome of a command is written. Not an async function: each makes the answer come later among the
   * commands of the workflow, whose order recorded histories hold.
   */
  outcomeRecorded(command: CommandId): Promise<void> {
    return CancellationScope.nonCancellable(() => condition(() => this.outcomes.has(command)))
  }

  /** The outcome of a command; forgotten once taken. */
  takeOutcome(command: CommandId): CommandOutcome | undefined {
    const outcome = this.outcomes.get(command)
    this.outcomes.delete(command)

    return outcome
  }

  /** The snapshot of the last recorded step: `npm run reconcile` compares the rows with it, no list uses it. */
  snapshot(): SnapshotAnswer {
    const { n } = this.state
    // before the opening is known there is nothing to work a date out with
    const next = this.last ? this.state.nextAlarm() : null

    return {
      recorded: this.last,
      recording: n > (this.last?.n ?? 0) ? n : null,
      wakes: next === null ? null : instant(next),
    }
  }
}
