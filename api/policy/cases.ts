/** The policy asked about rows of cases: what the actor may see of a case and which acts he may perform on it. */
import type { CaseRow } from '../../prisma/store/cases'
import type { AboutRow, OtherCase } from '../../prisma/store/refs'
import type { Actor, BodyKey, PersonId } from '../../workflows/kernel/contract'
import { mayPerform, maySee, type Verdict } from '../../workflows/kernel/law/policy'
import type { AboutView, CaseRef } from '../shapes/views'
import { isRehearsalAct, REPLACE_MEMBER } from '../../workflows/kernel/kernel-forms'

export const seesCase = (actor: Actor, row: CaseRow) =>
  maySee(actor, { body: row.body.key as BodyKey, agency: row.agencyKey, people: row.people })

/** Another case as it is named to somebody: nothing to whoever may not find it. */
export const caseRef = (actor: Actor, other: OtherCase | null): CaseRef | null =>
  other && maySee(actor, other).file ? { id: other.id, number: other.number } : null

/** Whom and what a case is about, as it is shown to somebody. */
export const aboutView = (actor: Actor, { subject, position, aboutBody, aboutCase }: AboutRow): AboutView => ({
  subject,
  position,
  aboutBody,
  aboutCase: caseRef(actor, aboutCase),
})

/** A case as the policy is asked about it. */
export const policyCase = (
  row: CaseRow,
): { body: BodyKey; agency: BodyKey; setBody: BodyKey; subject: PersonId | null } => ({
  body: row.body.key as BodyKey,
  agency: row.agencyKey,
  setBody: (row.setBody ?? row.body.key) as BodyKey,
  subject: row.subject && (row.subject.id as PersonId),
})

/** May the actor perform this act on a case? A rehearsal is handled in the body of its set, which may be another than its own. */
export const mayDo = (
  actor: Actor,
  act: string,
  kind: Parameters<typeof mayPerform>[1],
  { setBody, ...file }: ReturnType<typeof policyCase>,
): Verdict =>
  isRehearsalAct(act)
    ? mayRehearse(actor, mayPerform(actor, kind, { ...file, body: setBody }))
    : mayPerform(actor, kind, file)

/** Is there something on the case now that the act would change? */
export const isOffered = (act: string, row: CaseRow): boolean => {
  if (act === REPLACE_MEMBER) return row.commissions.some(({ state }) => state === 'asking')

  return row.rehearsal !== null || !isRehearsalAct(act)
}

/** A rehearsal is handled by those who may start a case there, and by developers of any body; nobody acts by office in it. */
const mayRehearse = (actor: Actor, verdict: Verdict): Verdict => {
  if (verdict.may) return { may: true, capacities: [verdict.capacities[0]] }

  return actor.grants.some(({ role }) => role === 'developer') ? { may: true, capacities: ['developer'] } : verdict
}
