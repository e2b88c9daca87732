/**
 * What a message about a task does to the case: an answer, a return for revision, a question, its withdrawal. What came before it in
 * the same step may have changed who may do what, so that it is looked at again.
 */
import { patched, uuid4 } from '@temporalio/workflow'
import { localDate } from '../law/calendar'
import { caseTime, instant, millis } from '../law/case-clock'
import type { Capacity, Instant, ProcessTypes, TaskId } from '../contract'
import type { Messages, Refusal } from '../protocol/messages'
import type { Verdict } from '../law/policy'
import { refusal } from '../protocol/refusals'
import {
  refusalOfAnswer,
  refusalOfRecusal,
  refusalOfReturn,
  verdictOnQuestion,
  verdictOnTask,
} from './message-validators'
import type { StepContext } from './step-context'
import type { Question } from './waits'
import { writtenIn } from './step-draft'

/** The release before took what its validator had let in: asked only where it matters, so that hardly a history has the marker. */
const isLookedAtAgain = (): boolean => patched('lookedAtAgain')

/** The capacity that is written into the file: the one that was said, or the first, as releases took that did not ask. */
export const recordedCapacity = (
  message: { readonly capacity?: Capacity },
  verdict: Verdict,
): { readonly capacity?: Capacity } => {
  const capacity = message.capacity ?? (verdict.may ? verdict.capacities[0] : undefined)

  return capacity === undefined ? {} : { capacity }
}

export class TaskMessages<P extends ProcessTypes> {
  constructor(private readonly step: StepContext<P>) {}

  /** Case time at which a message was received. Cases of the release before took the clock as it was moved since. */
  private receivedOf(receivedAt: Instant): number {
    const { state } = this.step
    const real = millis(receivedAt)
    const [stood, moved] = [state.caseTimeWhen(real), caseTime(state.clock, real)]

    return stood === moved || !patched('clockAsItStood') ? moved : stood
  }

  complete(message: Messages['complete']): Refusal | undefined {
    this.step.state.reachBack(message.daysOff)
    const received = this.receivedOf(message.receivedAt)
    const why = refusalOfAnswer(this.step.state, message, received)
    if (why && isLookedAtAgain()) return why
    const on = localDate(instant(received), this.step.state.zoneAt(received))
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on,
      facts: message.answer,
      content: message.content,
    }
    const question = this.step.state.questionById(message.task)
    if (question) {
      question.answeredOn = on
      this.step.draft.closed.push({ id: question.id, state: 'completed', answer })
      this.step.draft.event('questionAnswered', writtenIn(message.content), message.actor, {
        task: question.id,
        ...recordedCapacity(message, verdictOnQuestion(this.step.state, message.actor, question)),
      })

      return undefined
    }
    const wait = this.step.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const due = wait.due()
    this.step.movedDeadlines.done(wait)
    const capacity = recordedCapacity(message, verdictOnTask(this.step.state, message, wait))
    const sealed = this.step.state.contract.tasks[wait.kind]?.sealed
    this.step.finishAsk(wait, {
      id: wait.id,
      state: 'completed',
      answer: sealed ? { ...answer, facts: null, content: null } : answer,
    })
    const said = sealed ? { commitment: { ...message.content } } : writtenIn(message.content)
    this.step.draft.event('taskCompleted', { kind: wait.kind, ...said }, message.actor, {
      task: wait.id,
      ...capacity,
    })
    if (this.step.strands.resume(wait))
      wait.resolve({
        result: 'answered',
        answer: message.answer as never,
        given: answer,
        by: message.actor.person,
        on,
        late: due !== null && on > due.on,
        content: message.content,
      })

    return undefined
  }

  returnForRevision(message: Messages['return']): Refusal | undefined {
    const why = refusalOfReturn(this.step.state, message, this.receivedOf(message.receivedAt))
    if (why && isLookedAtAgain()) return why
    const wait = this.step.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on: this.step.state.today,
      facts: { returned: true },
      content: message.content,
    }
    const capacity = recordedCapacity(message, verdictOnTask(this.step.state, message, wait))
    this.step.finishAsk(wait, { id: wait.id, state: 'completed', answer })
    this.step.draft.event('taskReturned', { kind: wait.kind, ...writtenIn(message.content) }, message.actor, {
      task: wait.id,
      ...capacity,
    })
    if (this.step.strands.resume(wait))
      wait.resolve({ result: 'returned', by: message.actor.person, remarks: message.content })

    return undefined
  }

  recuse(message: Messages['recuse']): Refusal | undefined {
    const why = refusalOfRecusal(this.step.state, message, this.receivedOf(message.receivedAt))
    if (why && isLookedAtAgain()) return why
    const wait = this.step.state.askById(message.task)
    if (!wait?.leave) return refusal(409, 'task.closed')
    const capacity = recordedCapacity(message, verdictOnTask(this.step.state, message, wait))
    this.step.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    const params = { kind: wait.kind, ...writtenIn(message.content) }
    this.step.draft.event('memberRecused', params, message.actor, { task: wait.id, ...capacity })
    if (this.step.strands.resume(wait)) wait.leave('recused')

    return undefined
  }

  askQuestion(message: Messages['ask']): Refusal | undefined {
    const wait = this.step.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const { person, servesIn } = message
    const question: Question = {
      id: uuid4() as TaskId,
      to: { person, ...(servesIn !== undefined && { servesIn }) },
      content: message.content,
      openedAt: this.step.state.caseInstant,
      openedOn: this.step.state.today,
      openedStep: this.step.state.n + 1,
      answeredOn: null,
    }
    wait.questions.push(question)
    this.step.draft.event('questionAsked', { to: person, of: wait.id }, message.actor, {
      task: question.id,
      ...recordedCapacity(message, verdictOnTask(this.step.state, message, wait)),
    })
    this.step.draft.notices.push({ kind: 'taskOpened', to: question.to, task: question.id })

    return undefined
  }

  withdrawQuestion(message: Messages['withdrawQuestion']): Refusal | undefined {
    const wait = this.step.state.askOfQuestion(message.task)
    const question = wait?.question
    if (!wait || !question) return refusal(409, 'task.closed')
    question.answeredOn = this.step.state.today
    this.step.draft.closed.push({ id: question.id, state: 'obsolete' })
    this.step.draft.event('questionWithdrawn', {}, message.actor, {
      task: question.id,
      ...recordedCapacity(message, verdictOnTask(this.step.state, message, wait)),
    })

    return undefined
  }
}
