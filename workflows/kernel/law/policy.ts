/**
 * Who may do what: one answer for the list, the button and the command. Pure; the API applies it to the register, a workflow's
 * validator to the facts that came with the Update. Exclusion beats every grant. `prisma/store/inbox.ts` says the same in SQL,
 * and a property test holds the two together.
 */
import type { ActKind, Addressee, BodyKey, KernelReason, PersonId, Reason, Role, Actor, Grant } from '../contract'

export type Verdict =
  | { readonly may: true; readonly capacity: Role | 'self' }
  | { readonly may: false; readonly reason: Reason<KernelReason> }

const yes = (capacity: Role | 'self'): Verdict => ({ may: true, capacity })
const no = (code: KernelReason): Verdict => ({ may: false, reason: { code } })

export const holdsRole = (grants: readonly Grant[], role: Role, body: BodyKey): boolean =>
  grants.some((grant) => grant.role === role && grant.body === body)

/** May this person hold (claim, be assigned, answer) a task? `capacity` is the role in which he would. */
export function mayHold(
  actor: Actor,
  task: { readonly for: Addressee; readonly excluded: readonly PersonId[] },
): Verdict {
  if (task.excluded.includes(actor.person)) return no('policy.excluded')
  if ('person' in task.for) return task.for.person === actor.person ? yes('self') : no('policy.notAddressee')

  return holdsRole(actor.grants, task.for.role, task.for.body) ? yes(task.for.role) : no('policy.noRole')
}

/** May this person answer the task now? Somebody else's claim stands in the way; a person's own task needs no claim. */
export function mayComplete(
  actor: Actor,
  task: { readonly for: Addressee; readonly excluded: readonly PersonId[]; readonly assignee: PersonId | null },
): Verdict {
  const verdict = mayHold(actor, task)
  if (!verdict.may) return verdict
  if (task.assignee === null) return no('policy.claimFirst')

  return task.assignee === actor.person ? verdict : no('policy.heldByAnother')
}

/** May this person perform an act on a case of this body about this subject? Nobody acts by office in his own case. */
export function mayPerform(
  actor: Actor,
  act: ActKind,
  file: { readonly body: BodyKey; readonly subject: PersonId },
): Verdict {
  if (actor.person === file.subject) return act.by.includes('subject') ? yes('self') : no('policy.ownCase')
  for (const by of act.by) {
    if (by !== 'subject' && holdsRole(actor.grants, by, file.body)) return yes(by)
  }

  return no('policy.noRole')
}

/** May this person start a case in this body about this subject? */
export function mayStart(
  actor: Actor,
  startedBy: readonly Role[],
  file: { readonly body: BodyKey; readonly subject: PersonId },
): Verdict {
  return mayPerform(actor, { by: startedBy }, file)
}

/** The central body of the Agency, which inspects every case. */
export const AGENCY: BodyKey = 'civilServiceAgency' as BodyKey

/**
 * Who sees a case: its people, HR and head of its body, the Agency (its central body every case, a department those it is
 * competent for), and developers, who see its course but not its personal content.
 */
export function maySee(
  actor: Actor,
  file: { readonly body: BodyKey; readonly agency: BodyKey; readonly people: readonly PersonId[] },
): { readonly file: boolean; readonly content: boolean } {
  const content =
    file.people.includes(actor.person) ||
    holdsRole(actor.grants, 'hr', file.body) ||
    holdsRole(actor.grants, 'head', file.body) ||
    holdsRole(actor.grants, 'agency', file.agency) ||
    holdsRole(actor.grants, 'agency', AGENCY)

  return { file: content || actor.grants.some((grant) => grant.role === 'developer'), content }
}
