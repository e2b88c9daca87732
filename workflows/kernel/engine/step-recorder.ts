/**
 * The steps of a case: what is drafted is written once, and only then do those hear of it whose messages it settled. How the case
 * stands, for whoever compares its rows with it, is how the last step was written.
 */
import { CancellationScope, condition, log, workflowInfo } from '@temporalio/workflow'
import type { KernelActivities } from '../protocol/activities'
import { instant } from '../law/case-clock'
import type { CommandId, ProcessTypes } from '../contract'
import { StepDraft } from './step-draft'
import type { CaseState } from './case-state'
import type { Settled, Standing, StandingAnswer } from '../protocol/step'
import { standingOf } from '../protocol/step'

/** Events of Temporal's history, far below its limit of 51,200, at which somebody should plan to split such cases. */
const LONG_HISTORY = 2_000

export class StepRecorder<P extends ProcessTypes> {
  draft: StepDraft<P>
  private starts: CommandId[] = []
  private readonly settled = new Map<CommandId, Settled>()
  private last: Standing | null = null
  /** the history has been found long */
  private long = false

  constructor(
    private readonly state: CaseState<P>,
    private readonly activities: Pick<KernelActivities, 'record'>,
  ) {
    this.draft = new StepDraft(state)
  }

  /** A start that the step settles: as begun, or as refused if the story came to that. */
  started(command: CommandId): void {
    this.starts.push(command)
    this.draft.changed = true
  }

  /** Writes the step under way; the next begins. */
  async record(): Promise<void> {
    this.noteLength()
    for (const id of this.starts) this.draft.settling.push({ id, settled: this.begun })
    this.starts = []
    const step = this.draft.step()
    this.draft = new StepDraft(this.state)
    // counted before it is written: whoever acts while its completion is on the way has seen this step, or is told he has not
    this.state.n = step.n
    await this.activities.record(step)
    this.last = standingOf(step)
    for (const { id, settled } of step.commands) this.settled.set(id, settled)
  }

  private get begun(): Settled {
    const { ending } = this.state

    return ending?.by === 'kernel' && ending.end === 'refused'
      ? { result: 'refused', reason: ending.basis }
      : { result: 'started' }
  }

  /** Once per case, with a step that is written anyway: what grows so long was meant to be split into cases. */
  private noteLength(): void {
    const { longAfterEvents = LONG_HISTORY } = this.state.contract
    if (this.long || workflowInfo().historyLength < longAfterEvents) return
    this.long = true
    const { input } = this.state
    this.draft.event('longHistory', { events: longAfterEvents })
    this.draft.notices.push({ kind: 'longHistory', to: { role: 'developer', body: input.body } })
    log.warn('the history of a case grows long', { case: input.case, events: longAfterEvents })
  }

  /**
   * Resolves when the step that settles a command is written. Not an async function: each makes the answer come later among the
   * commands of the workflow, whose order recorded histories hold.
   */
  written(command: CommandId): Promise<void> {
    return CancellationScope.nonCancellable(() => condition(() => this.settled.has(command)))
  }

  /** What came of a command, asked for once. */
  take(command: CommandId): Settled | undefined {
    const settled = this.settled.get(command)
    this.settled.delete(command)

    return settled
  }

  /** Where the case stands: asked to compare the rows with, by no list. */
  standing(): StandingAnswer {
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
