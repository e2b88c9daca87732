/** What a step brings before it is recorded: events, documents, notices, closed tasks, outcomes of commands. */
import { uuid4 } from '@temporalio/workflow'
import { instant } from '../law/case-clock'
import { authorOf, linkToAbout } from '../contract'
import { sameAddressee } from '../law/policy'
import type { CommandId, ContentRef, Fact, KernelEvent, ProcessTypes, Sender } from '../contract'
import { isMoving } from '../law/suspension'
import type { CaseState } from './case-state'
import type { ClosedTask, CommandOutcome, Step, StepDocument, StepEvent, StepNotice, StepSend } from '../protocol/step'

/**
 * How an entry names what was written: by its row and salted hash, and by no fact of it, so that a content can be erased and the chain of
 * entries stays whole.
 */
export const writtenIn = ({ id, hash }: ContentRef) => ({ content: id, hash })

export class StepDraft<P extends ProcessTypes> {
  /** something is to be recorded */
  changed = false
  readonly closed: ClosedTask[] = []
  readonly notices: StepNotice[] = []
  /** what is sent to other cases, in order */
  readonly sends: StepSend[] = []
  readonly outcomes: { readonly id: CommandId; readonly settled: CommandOutcome }[] = []
  private readonly events: StepEvent[] = []
  private readonly documents: StepDocument[] = []

  constructor(private readonly state: CaseState<P>) {}

  /** Answers the id of the document. */
  order(kind: string, facts: Fact): string {
    const id = uuid4()
    this.documents.push({ id, kind, facts })
    this.event('documentIssued', { document: kind })

    return id
  }

  /** Writes a business event into the file. */
  event(
    kind: KernelEvent,
    params: NonNullable<StepEvent['params']> = {},
    sender?: Sender,
    more: Partial<StepEvent> = {},
  ): void {
    this.write(kind, params, { ...(sender && authorOf(sender)), ...more })
  }

  /** Writes what the story remarks. */
  remark(kind: string, params: NonNullable<StepEvent['params']>): void {
    this.write(kind, params, {})
  }

  private write(
    kind: string,
    params: NonNullable<StepEvent['params']>,
    more: Omit<StepEvent, 'kind' | 'at' | 'on' | 'params'>,
  ): void {
    this.events.push({ kind, at: this.state.caseInstant, on: this.state.today, params, ...more })
    this.changed = true
  }

  /** The step as it is to be written. */
  step(): Step {
    this.noteChangedClocks()
    this.noteMovedTasks()
    this.state.datedOn = this.state.today
    const { input, body, formerBodies, keptFrom, restrictedTo, suspensions } = this.state
    // the set in which it is rehearsed does not move with it
    const setBody = input.setBody ?? (input.rehearsal !== null && body !== input.body ? input.body : undefined)
    const commissions = [...this.state.commissions].map(({ record }) => record)
    const decisions = this.state.decisionsNow()
    const waits = [...this.state.linkedWaits].map(({ said }) => said)
    const next = this.state.closing ? null : this.state.nextAlarm()

    return {
      case: input.case,
      n: this.state.n + 1,
      at: instant(Date.now()),
      on: this.state.today,
      process: this.state.contract.name,
      version: this.state.contract.version,
      regime: this.state.opening.regime,
      body,
      agency: this.state.agency,
      ...(formerBodies.length > 0 && { formerBodies }),
      subject: input.subject,
      position: input.position,
      ...(input.aboutBody && { aboutBody: input.aboutBody }),
      ...(input.aboutCase && { aboutCase: input.aboutCase }),
      startedBy: input.startedBy,
      rehearsal: input.rehearsal,
      ...(setBody && { setBody }),
      clock: this.state.clock,
      stage: this.state.stage,
      status: this.state.closing ? 'closed' : 'open',
      outcome: this.state.closing?.end ?? null,
      basis: this.state.closing?.basis ?? null,
      facts: this.state.factsAsJson,
      parties: this.state.rulebook.parties(this.state.facts),
      tasks: this.state.openTasks(),
      clocks: [...this.state.clocks].map(([name, clock]) => ({ name, startsOn: clock.startsOn(), due: clock.due() })),
      closed: this.closed,
      ...(commissions.length > 0 ? { commissions } : {}),
      decisions,
      ...(suspensions.length > 0 && { suspensions }),
      ...(keptFrom.length > 0 && { keptFrom }),
      ...(restrictedTo !== null && { restrictedTo }),
      ...(waits.length > 0 ? { waits } : {}),
      wakes: next === null ? null : instant(next),
      awaits: this.state.closing ? null : this.state.nextDay(),
      events: this.events,
      documents: this.documents,
      notices: this.notices,
      commands: this.outcomes,
      ...(this.sends.length > 0 ? { sends: this.sends } : {}),
      ...(this.state.n === 0 && input.aboutCase
        ? { links: [{ kind: linkToAbout(this.state.contract), to: input.aboutCase }] }
        : {}),
      opening: this.state.n === 0 ? this.state.opening : null,
    }
  }

  private noteChangedClocks(): void {
    for (const [name, clock] of this.state.clocks) {
      const { on: endsOn, steps } = clock.due()
      // while it stands still its end moves on every day: the file says so once it has ended
      if (clock.endsOn !== null && isMoving(steps)) continue
      if (endsOn !== clock.endsOn) this.event('clockSet', { clock: name, endsOn, before: clock.endsOn })
      clock.endsOn = endsOn
    }
  }

  private noteMovedTasks(): void {
    for (const wait of this.state.asks) {
      const now = wait.addressee()
      if (sameAddressee(now, wait.lastFor)) continue
      this.event('taskReassigned', { kind: wait.kind, from: wait.lastFor, to: now }, undefined, { task: wait.id })
      this.notices.push({ kind: 'taskOpened', to: now, task: wait.id })
      wait.lastFor = now
    }
  }
}
