/**
 * Hands a case over to another body, in one step: tasks, clocks, calendar and rights go with it. Days that have passed keep the calendar
 * and the zone under which they passed. Nobody in the story has to know: it asks the role of a body, and the role of the body of now is asked.
 */
import { isCase, type ProcessTypes } from '../contract'
import { handoverKind, mayPerform } from '../law/policy'
import type { CasePlace, KernelActivities } from '../protocol/activities'
import type { Messages, Refusal } from '../protocol/messages'
import { outsideCalendar, refusal } from '../protocol/refusals'
import { handOverForm } from './message-validators'
import type { MovedDeadlines } from './moved-deadlines'
import type { StepContext } from './step-context'
import { recordedCapacity } from './task-messages'
import { writtenIn } from './step-draft'

export class Handover<P extends ProcessTypes> {
  constructor(
    private readonly step: StepContext<P>,
    private readonly activities: Pick<KernelActivities, 'placeOf'>,
    private readonly movedDeadlines: Pick<MovedDeadlines<P>, 'changed'>,
  ) {}

  /** What the act comes to; its validator has let it in, and nothing else is in its step. */
  async perform(message: Messages['act']): Promise<Refusal | undefined> {
    const { state } = this.step
    const { act, form, content, actor } = message
    if (isCase(actor)) return refusal(403, 'policy.notLinked')
    const { body: to } = handOverForm(form)
    const place = await this.activities.placeOf({ body: to, on: state.today, earliest: state.daysOff.from })
    if (!place) return refusal(422, 'form.invalid', { errors: { body: 'unknownId' } })
    const { body: from, stands } = state
    const capacity = recordedCapacity(message, mayPerform(actor, handoverKind(state.contract) ?? { by: [] }, stands))
    if (!this.moves(message, place)) return { status: 409, reason: outsideCalendar(state.daysOff) }
    this.step.draft.event('actPerformed', { act, ...writtenIn(content) }, actor, capacity)
    this.step.draft.event('handedOver', { from, body: to }, actor, capacity)
    this.step.draft.notices.push({ kind: 'caseHandedOver', to: { role: 'hr', body: to } })

    return undefined
  }

  /** Everything of the case goes to the body, or nothing: false when a date would lie outside its calendar. */
  private moves({ receivedAt }: Messages['act'], place: CasePlace): boolean {
    const { state } = this.step
    const asked = [...state.asks].map((wait) => ({ wait, addressee: wait.addressee() }))
    const facts = state.rulebook.handedOver?.(state.facts, place.body) ?? state.facts
    const goBack = state.moveTo(place)
    if (!state.reaches(facts)) {
      goBack()

      return false
    }
    state.facts = facts
    for (const { wait, addressee } of asked) {
      wait.askedBefore.push({ until: receivedAt, addressee })
      // the register of the new body says who is asked instead, if anybody has to be
      wait.standIn = null
      wait.escalatedTo = wait.escalatedTo && state.addresseeNow(wait.escalatedTo)
    }
    this.movedDeadlines.changed((then) => state.rulebook.handedOver?.(then, place.body) ?? then)

    return true
  }
}
