/**
 * Who may do what: one answer for the list, the button and the command. Pure; the API applies it to the register, a workflow's
 * validator to the facts that came with the Update. Exclusion beats every grant. `prisma/store/inbox.ts` says the same in SQL,
 * and a property test holds the two together.
 */
import { isAppealing, peopleAmong, unnamedAmong } from '../contract'
import type {
  ActKind,
  Actor,
  Addressee,
  BodyKey,
  Capacity,
  CaseSender,
  Grant,
  HandsOver,
  KernelReason,
  PersonId,
  ProcessContract,
  Reason,
  Role,
  Starter,
  Unnamed,
} from '../contract'
import { FROM_NOBODY, whyKept, type Keeps } from './kept'

/** `capacities`: every one in which he may, in the order of the contract. Of several the person says in which he acts. */
export type Verdict =
  | { readonly may: true; readonly capacities: readonly [Capacity, ...Capacity[]] }
  | { readonly may: false; readonly reason: Reason<KernelReason> }

const yes = (first: Capacity, ...others: readonly Capacity[]): Verdict => ({
  may: true,
  capacities: [first, ...others],
})
const no = (code: KernelReason): Verdict => ({ may: false, reason: { code } })

export const holdsRole = (grants: readonly Grant[], role: Role, body: BodyKey): boolean =>
  grants.some((grant) => grant.role === role && grant.body === body)

/** Are both the same role in the same body, or the same person? */
export const sameAddressee = (a: Addressee<Role>, b: Addressee<Role>): boolean =>
  a.role === undefined
    ? b.role === undefined && a.person === b.person
    : b.role !== undefined && a.role === b.role && a.body === b.body

/** Does this person serve in the body on the day? Of a message that does not say it is taken for granted: it is of a release before. */
export const servesIn = (actor: Actor, body: BodyKey): boolean => actor.posts?.includes(body) ?? true

/** A task as far as it says who may hold it. */
interface TaskOf {
  readonly for: Addressee<Role>
  /** from the task, or from its case */
  readonly excluded: readonly PersonId[]
  /** whom its case is about, who has no task of it by a role */
  readonly subject: PersonId | null
  /** the people whom its case names, if it is restricted to them: nobody else has a task of it by a role */
  readonly restrictedTo?: Keeps['restrictedTo']
}

/** May this person hold (claim, be assigned, answer) a task? Nobody does a task of an office in his own case. */
export function mayHold(actor: Actor, { for: to, excluded, subject, restrictedTo = null }: TaskOf): Verdict {
  const kept = whyKept(actor.person, { keptFrom: excluded, restrictedTo: to.role === undefined ? null : restrictedTo })
  if (kept) return no(`policy.${kept}`)
  // whoever hands a task over does not learn from the reason whom its case is about
  if (to.role !== undefined && actor.person === subject) return no('policy.excluded')
  if (to.role !== undefined) return holdsRole(actor.grants, to.role, to.body) ? yes(to.role) : no('policy.noRole')
  if (to.person !== actor.person) return no('policy.notAddressee')

  return to.servesIn === undefined || servesIn(actor, to.servesIn) ? yes('self') : no('policy.leftOffice')
}

/** May this person answer the task now? Somebody else's claim stands in the way; a person's own task needs no claim. */
export function mayComplete(actor: Actor, task: TaskOf & { readonly assignee: PersonId | null }): Verdict {
  const verdict = mayHold(actor, task)
  if (!verdict.may) return verdict
  if (task.assignee === null) return no('policy.claimFirst')

  return task.assignee === actor.person ? verdict : no('policy.heldByAnother')
}

/** May this person take back the question put from this task? While nobody holds the task, whoever may hold it. */
export function mayWithdraw(actor: Actor, task: TaskOf & { readonly assignee: PersonId | null }): Verdict {
  return task.assignee === null ? mayHold(actor, task) : mayComplete(actor, task)
}

/** What of a case says who may act in it: its body, and whom it is about, if anybody. */
interface CaseOf extends Partial<Keeps> {
  readonly body: BodyKey
  /** the body of the Agency competent for it; absent of a case that is only being started */
  readonly agency?: BodyKey
  readonly subject: PersonId | null
}

/**
 * May this person perform an act on a case of this body about this subject? Nobody acts by office in his own case, or in one that is
 * restricted and does not name him; whoever is excluded from it does not act at all.
 */
export function mayPerform(actor: Actor, act: ActKind, file: CaseOf): Verdict {
  const kept = whyKept(actor.person, { ...FROM_NOBODY, ...file })
  if (kept === 'excluded') return no('policy.excludedFromCase')
  if (actor.person === file.subject) return act.by.includes('subject') ? yes('self') : no('policy.ownCase')
  if (kept) return no('policy.notNamed')
  const [first, ...others] = act.by.filter(
    (by): by is Role =>
      by !== 'subject' &&
      (holdsRole(actor.grants, by, file.body) ||
        (by === 'agency' && file.agency !== undefined && holdsRole(actor.grants, by, file.agency))),
  )

  return first === undefined ? no('policy.noRole') : yes(first, ...others)
}

/** May this case tell another to do an act? What it is to the other decides. */
export const mayTell = (sender: CaseSender, { byCases = [] }: Pick<ActKind, 'byCases'>): boolean =>
  byCases.some((part) => sender.parts.includes(part))

/** In which of his capacities a person acts: the one he says, if it is his; unsaid, the only one there is; else null. */
export function capacityOf(capacities: readonly Capacity[], said: Capacity | undefined): Capacity | null {
  const fitting = said === undefined ? capacities : capacities.filter((each) => each === said)

  return fitting.length === 1 ? (fitting[0] ?? null) : null
}

/** He serves nowhere on the day. Of a message that does not say it is not taken for granted. */
const hasNoPost = ({ posts }: Actor): boolean => posts?.length === 0

/**
 * May this person start a case in this body about this subject? A servant starts his own where he serves; while he has no post, or where
 * it appeals a decision of another case, wherever it belongs by what its form says: his right to appeal outlasts his post. None for others.
 * `unnamed`: whoever is signed in starts one anywhere, but not about himself, because the case names its subject.
 */
export function mayStart(
  actor: Actor,
  contract: Pick<ProcessContract, 'startedBy' | 'appeals'>,
  file: CaseOf,
  unnamed?: Unnamed,
): Verdict {
  if (unnamed !== undefined) {
    if (!contract.startedBy.includes(unnamed)) return no('policy.noRole')

    return actor.person === file.subject ? no('policy.ownCase') : yes('self')
  }
  const verdict = mayPerform(actor, { by: peopleAmong(contract.startedBy) }, file)

  const anywhere = hasNoPost(actor) || isAppealing(contract)

  return verdict.may && actor.person === file.subject && !anywhere && !servesIn(actor, file.body)
    ? no('policy.notYourBody')
    : verdict
}

/**
 * Who moves and discards rehearsals of a process in the body of their set: who may start its cases, or HR where no person does; and
 * developers.
 */
export function rehearsersOf({ startedBy }: { readonly startedBy: readonly Starter[] }): ActKind['by'] {
  const people = peopleAmong(startedBy)

  return [...(people.length > 0 ? people : (['hr'] as const)), 'developer']
}

/** Who hands cases of a process over to another body; null: nobody. No act says it: this is a design default (confidence D). */
export const handoverKind = ({ handsOver }: { readonly handsOver?: HandsOver }): ActKind | null =>
  handsOver === false ? null : { by: handsOver?.by ?? ['head', 'agency'] }

/** Who replaces members of commissions. */
export const replacementKind = ({ handledBy = ['hr'] }: Pick<ProcessContract, 'handledBy'>): ActKind => ({
  by: handledBy,
})

/** Bodies in which this person may start cases, and in which capacities: as `self` about himself alone, by a role about others. */
export function startsIn(actor: Actor, startedBy: readonly Starter[]): ReadonlyMap<BodyKey, readonly Capacity[]> {
  const found = new Map<BodyKey, readonly Capacity[]>()
  const add = (body: BodyKey, capacity: Capacity) =>
    found.set(body, [...new Set([...(found.get(body) ?? []), capacity])])
  for (const by of peopleAmong(startedBy)) {
    if (by === 'subject') for (const body of actor.posts ?? []) add(body, 'self')
    else for (const { role, body } of actor.grants) if (role === by) add(body, by)
  }

  return found
}

/** May a servant who has no post start his own in any body? */
const startsOwnAnywhere = (actor: Actor, startedBy: readonly Starter[]): boolean =>
  startedBy.includes('subject') && hasNoPost(actor)

/** May this person start cases in any body: without being named, or his own while he has no post? */
export const startsAnywhere = (actor: Actor, startedBy: readonly Starter[]): boolean =>
  unnamedAmong(startedBy).length > 0 || startsOwnAnywhere(actor, startedBy)

/**
 * In which capacities this person may start cases in a body by his name; empty: only without it. Null: he may start none there.
 * `unnamed`: he has chosen to start without it.
 */
export function startsAs(
  actor: Actor,
  startedBy: readonly Starter[],
  body: BodyKey,
  unnamed?: Unnamed,
): readonly Capacity[] | null {
  if (unnamed !== undefined) return startedBy.includes(unnamed) ? [] : null

  const byPostOrOffice = startsIn(actor, startedBy).get(body) ?? []
  const capacities = startsOwnAnywhere(actor, startedBy) ? ([...byPostOrOffice, 'self'] as const) : byPostOrOffice

  return capacities.length > 0 || startsAnywhere(actor, startedBy) ? capacities : null
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
