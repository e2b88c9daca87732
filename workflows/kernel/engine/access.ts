/** A case is restricted to named people, and who is named changes. Each change stands in its file, with who did it; why, in the content. */
import { isAppealing, isCase, type Fact, type KernelEvent, type PersonId, type ProcessTypes } from '../contract'
import { accessKind, type AccessAct, type Keeps } from '../law/kept'
import { mayPerform } from '../law/policy'
import type { AccessForm, Messages, Refusal } from '../protocol/messages'
import { accessForm, refusalOfAccess } from './message-validators'
import type { StepContext } from './step-context'
import { writtenIn } from './step-draft'
import { recordedCapacity } from './task-messages'

/** Does what its validator has let in. */
export function changeAccess<P extends ProcessTypes>(
  { state, draft }: Pick<StepContext<P>, 'state' | 'draft'>,
  act: AccessAct,
  message: Messages['act'],
): Refusal | undefined {
  const why = refusalOfAccess(state, act, message)
  const { actor, content, form } = message
  if (why) return why
  const capacity = isCase(actor)
    ? {}
    : recordedCapacity(message, mayPerform(actor, accessKind(state.contract), state.stands))
  draft.event('actPerformed', { act, ...writtenIn(content) }, actor, capacity)
  const { named, event, params } = changed(state, act, accessForm(form), isCase(actor) ? null : actor.person)
  state.restrictedTo = named
  if (act === 'restrict' || act === 'lift') state.restrictedWithOther = act === 'restrict' && isCase(actor)
  draft.event(event, params, actor, capacity)

  return undefined
}

interface Changed {
  readonly named: readonly PersonId[] | null
  readonly event: KernelEvent
  readonly params: Readonly<Record<string, Fact>>
}

function changed(
  { restrictedTo, keptFrom }: Keeps,
  act: AccessAct,
  { people = [], person }: AccessForm,
  /** null: the case that this one appeals */
  by: PersonId | null,
): Changed {
  const named = restrictedTo ?? []
  const given = person === undefined ? [] : [person]
  switch (act) {
    case 'restrict': {
      // who was excluded since that was sent has no office here
      const first = by === null ? people.filter((each) => !keptFrom.includes(each)) : [...new Set([by, ...people])]

      return { named: first, event: 'caseRestricted', params: { people: first } }
    }
    case 'grant':
      return { named: [...named, ...given], event: 'accessGranted', params: { people: given } }
    case 'revokeAccess':
      return { named: named.filter((each) => each !== person), event: 'accessRevoked', params: { people: given } }
    case 'lift':
      return { named: null, event: 'restrictionLifted', params: {} }
  }
}

/** The story restricts the case; one that is restricted already stays as it is. */
export function restrictTo<P extends ProcessTypes>(
  { state, draft }: Pick<StepContext<P>, 'state' | 'draft'>,
  people: readonly PersonId[],
): void {
  if (state.restrictedTo !== null) return
  state.restrictedTo = [...new Set(people)]
  state.restrictedWithOther = isAppealing(state.contract) && !state.contract.restricted
  draft.event('caseRestricted', { people: state.restrictedTo })
}

/** The heads of its body, for a task of a restricted case that none of those whom it names may do. */
export function nameHeads<P extends ProcessTypes>(
  { state, draft }: Pick<StepContext<P>, 'state' | 'draft'>,
  heads: readonly PersonId[],
): void {
  const named = state.restrictedTo
  const more = heads.filter((head) => named?.includes(head) === false)
  if (named === null || more.length === 0) return
  state.restrictedTo = [...named, ...more]
  draft.event('headNamed', { people: more })
}
