/**
 * What a message about a task does to the case: an answer, a return for revision, a question, its withdrawal. What came before it in
 * the same step may have changed who may do what, so that it is looked at again.
 */
import { patched, uuid4 } from '@temporalio/workflow'
import { localDate } from './calendar'
import { caseTime, instant, millis } from './clock'
import type { Instant, TaskId } from './contract'
import type { ContentRef, Messages, Refusal } from './messages'
import { mayHold } from './policy'
import { refusal, refusalOfAnswer, refusalOfRecusal, refusalOfReturn } from './refusals'
import type { ProcessTypes } from './story'
import type { Underway } from './underway'
import type { Question } from './waits'

/** The release before took what its validator had let in: asked only where it matters, so that hardly a history has the marker. */
const isLookedAtAgain = (): boolean => patched('lookedAtAgain')

export class Answering<P extends ProcessTypes> {
  /** of the latest return for revision */
  remarks: ContentRef | null = null

  constructor(private readonly underway: Underway<P>) {}

  /** Case time at which a message was received. Cases of the release before took the clock as it was moved since. */
  private receivedOf(receivedAt: Instant): number {
    const { state } = this.underway
    const real = millis(receivedAt)
    const [stood, moved] = [state.caseTimeWhen(real), caseTime(state.clock, real)]

    return stood === moved || !patched('clockAsItStood') ? moved : stood
  }

  complete(message: Messages['complete']): Refusal | undefined {
    const received = this.receivedOf(message.receivedAt)
    const why = refusalOfAnswer(this.underway.state, message, received)
    if (why && isLookedAtAgain()) return why
    const on = localDate(instant(received), this.underway.state.clock.zone)
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on,
      facts: message.answer,
      content: message.content,
    }
    const question = this.underway.state.questionById(message.task)
    if (question) {
      question.answeredOn = on
      this.underway.draft.closed.push({ id: question.id, state: 'completed', answer })
      this.underway.draft.event('questionAnswered', {}, message.actor, { task: question.id })

      return undefined
    }
    const wait = this.underway.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const due = wait.due()
    this.underway.reconsidering.done(wait)
    const verdict = mayHold(message.actor, { for: wait.addressee(), excluded: wait.excluded })
    const sealed = this.underway.state.contract.tasks[wait.kind]?.sealed
    this.underway.finishAsk(wait, {
      id: wait.id,
      state: 'completed',
      answer: sealed ? { ...answer, facts: null, content: null } : answer,
    })
    const said = sealed ? { commitment: { ...message.content } } : { answer: message.answer }
    this.underway.draft.event('taskCompleted', { kind: wait.kind, ...said }, message.actor, {
      task: wait.id,
      ...(verdict.may ? { capacity: verdict.capacity } : {}),
    })
    if (this.underway.strands.resume(wait))
      wait.resolve({
        result: 'answered',
        answer: message.answer as never,
        given: answer,
        by: message.actor.person,
        on,
        late: due !== null && on > due.on,
      })

    return undefined
  }

  returnForRevision(message: Messages['return']): Refusal | undefined {
    const why = refusalOfReturn(this.underway.state, message, this.receivedOf(message.receivedAt))
    if (why && isLookedAtAgain()) return why
    const wait = this.underway.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const answer = {
      by: message.actor.person,
      at: message.receivedAt,
      on: this.underway.state.today,
      facts: { returned: true },
      content: message.content,
    }
    this.remarks = message.content
    this.underway.finishAsk(wait, { id: wait.id, state: 'completed', answer })
    this.underway.draft.event('taskReturned', { kind: wait.kind }, message.actor, { task: wait.id })
    if (this.underway.strands.resume(wait)) wait.resolve({ result: 'returned', by: message.actor.person })

    return undefined
  }

  recuse(message: Messages['recuse']): Refusal | undefined {
    const why = refusalOfRecusal(this.underway.state, message, this.receivedOf(message.receivedAt))
    if (why && isLookedAtAgain()) return why
    const wait = this.underway.state.askById(message.task)
    if (!wait?.leave) return refusal(409, 'task.closed')
    this.underway.finishAsk(wait, { id: wait.id, state: 'obsolete' })
    const params = { kind: wait.kind, content: message.content.id }
    this.underway.draft.event('memberRecused', params, message.actor, { task: wait.id })
    if (this.underway.strands.resume(wait)) wait.leave('recused')

    return undefined
  }

  askQuestion(message: Messages['ask']): Refusal | undefined {
    const wait = this.underway.state.askById(message.task)
    if (!wait) return refusal(409, 'task.closed')
    const question: Question = {
      id: uuid4() as TaskId,
      to: message.person,
      content: message.content,
      openedAt: this.underway.state.caseInstant,
      openedOn: this.underway.state.today,
      openedStep: this.underway.state.n + 1,
      answeredOn: null,
    }
    wait.questions.push(question)
    this.underway.draft.event('questionAsked', { to: message.person, of: wait.id }, message.actor, {
      task: question.id,
    })
    this.underway.draft.notices.push({ kind: 'taskOpened', to: { person: message.person }, task: question.id })

    return undefined
  }

  withdrawQuestion(message: Messages['withdrawQuestion']): Refusal | undefined {
    const question = this.underway.state.questionById(message.task)
    if (!question) return refusal(409, 'task.closed')
    question.answeredOn = this.underway.state.today
    this.underway.draft.closed.push({ id: question.id, state: 'obsolete' })
    this.underway.draft.event('questionWithdrawn', {}, message.actor, { task: question.id })

    return undefined
  }
}
