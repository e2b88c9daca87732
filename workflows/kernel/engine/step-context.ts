/** What the parts of the engine share: the case, and the step under way. */
import type { StepDraft } from './step-draft'
import type { CommandId, TaskId, ProcessTypes } from '../contract'
import type { MessageKind, Messages, Refusal } from '../protocol/messages'
import type { CaseState } from './case-state'
import type { ClosedTask } from '../protocol/step'
import type { Strands } from './strands'
import type { AskWait } from './waits'

/** What wakes a case: a message, or its clock. */
export type Trigger =
  { [K in MessageKind]: { readonly kind: K; readonly message: Messages[K] } }[MessageKind] | { readonly kind: 'alarm' }

export interface StepContext<P extends ProcessTypes> {
  readonly state: CaseState<P>
  readonly strands: Strands
  readonly draft: StepDraft<P>
  /** what woke the case since the last step, in the order it came */
  readonly triggers: Trigger[]
  readonly movedDeadlines: {
    /** a task has come to its end by an answer or by its hard term */
    done(wait: AskWait): void
  }
  readonly suspensions: {
    /** ends those that end by themselves, and asks about those that should have ended; whether there was any */
    wake(now: number): boolean
  }
  /** resolves when every strand of the story has parked */
  parked(): Promise<void>
  /** changes facts; clocks, dates and addressees that follow from them follow */
  note(facts: P['facts']): void
  finishAsk(wait: AskWait, closed: ClosedTask): void
  /** gives a message its outcome, done or refused; its sender gets it once the step is recorded */
  recordOutcome(message: { readonly command: CommandId; readonly task?: TaskId }, why: Refusal | undefined): void
}
