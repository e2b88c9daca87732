/**
 * What a case is told from outside. One Update per kind of message, not a signal: whoever sent it needs to hear yes or no. The
 * validator refuses before anything enters history; the handler answers once the step that the message belongs to is recorded.
 */
import { ApplicationFailure, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow'
import type { MessageKind, MessageOutcome, Messages, Refusal } from './messages'
import { REFUSED, STANDING } from './messages'
import type { Recording } from './recording'
import * as refusals from './refusals'
import { refusal } from './refusals'
import type { CaseState } from './state'
import type { StandingAnswer } from './step'
import type { ProcessTypes } from './story'
import type { Stimulus } from './underway'

interface Heard<P extends ProcessTypes> {
  readonly state: CaseState<P>
  readonly stimuli: Stimulus[]
  readonly recording: Recording<P>
  /** something is on its way that may change what can be done */
  busy(): boolean
}

/** Takes every kind of message from now on. */
export function hear<P extends ProcessTypes>(heard: Heard<P>): void {
  const { state } = heard
  on(heard, 'start', (message) => ({ kind: 'start', message }))
  on(
    heard,
    'complete',
    (message) => ({ kind: 'complete', message }),
    (message) => refusals.refusalOfAnswer(state, message),
  )
  on(
    heard,
    'return',
    (message) => ({ kind: 'return', message }),
    (message) => refusals.refusalOfReturn(state, message),
  )
  on(
    heard,
    'recuse',
    (message) => ({ kind: 'recuse', message }),
    (message) => refusals.refusalOfRecusal(state, message),
  )
  on(
    heard,
    'ask',
    (message) => ({ kind: 'ask', message }),
    (message) => refusals.refusalOfQuestion(state, message),
  )
  on(
    heard,
    'withdrawQuestion',
    (message) => ({ kind: 'withdrawQuestion', message }),
    (message) => refusals.refusalOfWithdrawal(state, message),
  )
  on(
    heard,
    'act',
    (message) => ({ kind: 'act', message }),
    (message) => refusals.refusalOfAct(state, message, heard.busy()),
  )
  on(heard, 'recompute', (message) => ({ kind: 'recompute', message }))
  setHandler(defineQuery<StandingAnswer>(STANDING), () => heard.recording.standing())
}

function on<P extends ProcessTypes, K extends MessageKind>(
  { state, stimuli, recording }: Heard<P>,
  kind: K,
  stimulus: (message: Messages[K]) => Stimulus,
  refuses: (message: Messages[K]) => Refusal | undefined = () => undefined,
): void {
  setHandler(
    defineUpdate<MessageOutcome, [Messages[K]]>(kind),
    async (message: Messages[K]) => {
      stimuli.push(stimulus(message))
      if ('task' in message) state.taken.add(message.task)
      await recording.written(message.command)
      const settled = recording.take(message.command)
      if (!settled || settled.result === 'overtaken') throw refused(settled?.refusal ?? refusal(409, 'case.closed'))

      return settled
    },
    {
      validator: (message: Messages[K]) => {
        if (state.closing) throw refused(refusal(409, 'case.closed'))
        // the second about one task is refused before it is known what comes of the first
        if ('task' in message && state.taken.has(message.task)) throw refused(refusal(409, 'task.taken'))
        const why = refuses(message)
        if (why) throw refused(why)
      },
    },
  )
}

/** Anything else than a failure of this kind would fail the workflow's task, and be tried for ever. */
const refused = (why: Refusal): ApplicationFailure => ApplicationFailure.nonRetryable(why.reason.code, REFUSED, why)
