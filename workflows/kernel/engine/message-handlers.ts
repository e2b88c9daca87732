/**
 * What a case is told from outside. One Update per kind of message, not a signal: whoever sent it needs to hear yes or no. The
 * validator refuses before anything enters history; the handler answers once the step that the message belongs to is recorded.
 */
import { ApplicationFailure, defineQuery, defineUpdate, log, setHandler } from '@temporalio/workflow'
import type { MessageKind, MessageOutcome, Messages, Refusal } from '../protocol/messages'
import { REFUSED, SNAPSHOT_QUERY } from '../protocol/messages'
import { refusal, refusalOfFault } from '../protocol/refusals'
import { isFull, MESSAGE_LIMITS } from './length'
import type { StepRecorder } from './step-recorder'
import * as refusals from './message-validators'
import type { CaseState } from './case-state'
import type { SnapshotAnswer } from '../protocol/step'
import type { ProcessTypes } from '../contract'
import type { Trigger } from './step-context'

interface HandlerContext<P extends ProcessTypes> {
  readonly state: CaseState<P>
  readonly triggers: Trigger[]
  readonly recorder: StepRecorder<P>
  /** something is on its way that may change what can be done */
  busy(): boolean
}

/** Takes every kind of message from now on. */
export function handleMessages<P extends ProcessTypes>(context: HandlerContext<P>): void {
  const { state } = context
  on(context, 'start', (message) => ({ kind: 'start', message }))
  on(
    context,
    'complete',
    (message) => ({ kind: 'complete', message }),
    (message) => state.reachingBack(message, () => refusals.refusalOfNewAnswer(state, message)),
  )
  on(
    context,
    'return',
    (message) => ({ kind: 'return', message }),
    (message) => refusals.refusalOfReturn(state, message),
  )
  on(
    context,
    'recuse',
    (message) => ({ kind: 'recuse', message }),
    (message) => refusals.refusalOfRecusal(state, message),
  )
  on(
    context,
    'ask',
    (message) => ({ kind: 'ask', message }),
    (message) => refusals.refusalOfQuestion(state, message),
  )
  on(
    context,
    'withdrawQuestion',
    (message) => ({ kind: 'withdrawQuestion', message }),
    (message) => refusals.refusalOfWithdrawal(state, message),
  )
  on(
    context,
    'act',
    (message) => ({ kind: 'act', message }),
    (message) => state.reachingBack(message, () => refusals.refusalOfAct(state, message, context.busy())),
  )
  on(context, 'recompute', (message) => ({ kind: 'recompute', message }))
  on(context, 'reply', (message) => ({ kind: 'reply', message }))
  on(
    context,
    'awaitEnd',
    (message) => ({ kind: 'awaitEnd', message }),
    ({ actor }) => refusals.refusalOfAwaitingEnd(actor),
  )
  on(context, 'caseEnded', (message) => ({ kind: 'caseEnded', message }))
  on(context, 'listEnded', (message) => ({ kind: 'listEnded', message }))
  on(context, 'eligible', (message) => ({ kind: 'eligible', message }))
  on(context, 'partyLeft', (message) => ({ kind: 'partyLeft', message }))
  on(context, 'successorCame', (message) => ({ kind: 'successorCame', message }))
  setHandler(defineQuery<SnapshotAnswer>(SNAPSHOT_QUERY), () => context.recorder.snapshot())
}

function on<P extends ProcessTypes, K extends MessageKind>(
  { state, triggers, recorder }: HandlerContext<P>,
  kind: K,
  trigger: (message: Messages[K]) => Trigger,
  refuses: (message: Messages[K]) => Refusal | undefined = () => undefined,
): void {
  setHandler(
    defineUpdate<MessageOutcome, [Messages[K]]>(kind),
    async (message: Messages[K]) => {
      state.messages += 1
      triggers.push(trigger(message))
      if ('task' in message) state.taken.add(message.task)
      await recorder.outcomeRecorded(message.command)
      const outcome = recorder.takeOutcome(message.command)
      if (!outcome || outcome.result === 'overtaken') throw refused(outcome?.refusal ?? refusal(409, 'case.closed'))

      return outcome
    },
    {
      validator: (message: Messages[K]) => {
        if (state.closing) throw refused(refusal(409, 'case.closed'))
        if (isFull(kind, message, state.messages, state.contract.messageLimits ?? MESSAGE_LIMITS))
          throw refused(refusal(409, 'case.full'))
        // the second about one task is refused before it is known what comes of the first
        if ('task' in message && state.taken.has(message.task)) throw refused(refusal(409, 'task.taken'))
        const why = refusalOf(state, () => refuses(message))
        if (why) throw refused(why)
      },
    },
  )
}

/** What a process throws while it is only asked refuses the message: nothing enters history, and developers find it in the log. */
function refusalOf<P extends ProcessTypes>(state: CaseState<P>, ask: () => Refusal | undefined): Refusal | undefined {
  try {
    return ask()
  } catch (error) {
    log.error('a rule failed while a message was looked at', { case: state.input.case, error: String(error) })

    return refusalOfFault(error, state.daysOff)
  }
}

/** Anything else than a failure of this kind would fail the workflow's task, and be tried for ever. */
const refused = (why: Refusal): ApplicationFailure => ApplicationFailure.nonRetryable(why.reason.code, REFUSED, why)
