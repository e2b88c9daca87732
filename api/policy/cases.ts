/** The policy asked about rows of cases: what the viewer sees of a case and which acts the actor may perform on it. */
import type { CaseRow } from '../../prisma/store/cases'
import type { AboutRow, OtherCase } from '../../prisma/store/about'
import {
  isKernelAct,
  type Actor,
  type BodyKey,
  type PersonId,
  type PersonRef,
  type ProcessContract,
} from '../../workflows/kernel/contract'
import { changesAccess, isAccessAct, whyKept, type Keeps } from '../../workflows/kernel/law/kept'
import { mayPerform, type Verdict } from '../../workflows/kernel/law/policy'
import {
  groundsOf,
  isSuspensionAct,
  suspendedAct,
  whyNotGround,
  type Suspension,
} from '../../workflows/kernel/law/suspension'
import { sightOf, type SeenCase, type Sight, type Viewer } from '../../workflows/kernel/law/sight'
import type { AboutView, CaseRef } from '../shapes/views'
import { isRehearsalAct, REPLACE_MEMBER } from '../../workflows/kernel/kernel-forms'

/** What the viewer sees of the case of a row. */
export const seesCase = (viewer: Viewer, { seen }: { readonly seen: SeenCase }): Sight => sightOf(viewer, seen)

/** Another case as it is named to somebody: nothing to whoever does not find it. */
export const caseRef = (viewer: Viewer, other: OtherCase | null): CaseRef | null =>
  other && sightOf(viewer, other.seen).sees('exists') ? { id: other.id, number: other.number } : null

/** A case of which people are named. */
export interface NamedIn {
  readonly id: string
  readonly number: string
  readonly seen: SeenCase
}

/** The person whom a case is about, to whoever does not see who it is: he is called by the number of the case. */
const coded = ({ id, number }: NamedIn): PersonRef => ({ id, name: { kk: number, ru: number, en: number } })

/** People of a case as they are named to the viewer. */
export const naming = (viewer: Viewer, file: NamedIn): (<P extends PersonRef | null>(person: P) => P | PersonRef) => {
  const { subject } = file.seen
  const isHidden = (person: PersonRef) => person.id === subject && !sightOf(viewer, file.seen).sees('identity')

  return (person) => (person !== null && isHidden(person) ? coded(file) : person)
}

/** Whom and what a case is about, as it is shown to somebody. */
export function aboutView(viewer: Viewer, row: AboutRow & NamedIn): AboutView {
  const about = row.subject ?? row.position
  const isNamed = about !== null && sightOf(viewer, row.seen).sees('identity')

  return {
    subject: isNamed && row.subject ? row.subject : row.seen.subject === null ? null : coded(row),
    position: isNamed ? row.position : null,
    aboutBody: row.aboutBody,
    aboutCase: caseRef(viewer, row.aboutCase),
  }
}

/** A case as the policy is asked about it. */
export const policyCase = (
  row: CaseRow,
): { body: BodyKey; agency: BodyKey; setBody: BodyKey; subject: PersonId | null } & Keeps => ({
  body: row.body.key as BodyKey,
  agency: row.agencyKey,
  setBody: (row.setBody ?? row.body.key) as BodyKey,
  // nobody acts by office in his own case, whether or not he is shown that it is his
  subject: row.seen.subject,
  keptFrom: row.keptFrom,
  restrictedTo: row.restrictedTo,
})

/** May the actor perform this act on a case? A rehearsal is handled in the body of its set, which may be another than its own. */
export const mayDo = (
  actor: Actor,
  act: string,
  kind: Parameters<typeof mayPerform>[1],
  { setBody, ...file }: ReturnType<typeof policyCase>,
): Verdict =>
  isRehearsalAct(act)
    ? mayRehearse(actor, mayPerform(actor, kind, { ...file, body: setBody }), file)
    : mayPerform(actor, kind, file)

/** The suspension for which an act of the process is not done now; null: none. What the kernel does to any case goes on. */
export const stopOf = (act: string, { suspensions }: CaseRow, contract: ProcessContract): Suspension | null =>
  isKernelAct(act) ? null : suspendedAct(contract, suspensions ?? [], act)

/** Is there something on the case now that the act would change? */
export const isOffered = (act: string, row: CaseRow, contract: ProcessContract): boolean => {
  if (isSuspensionAct(act)) {
    const known = { contract, suspensions: row.suspensions ?? [], rules: row.law.rules ?? [] }

    return groundsOf(contract).some((ground) => whyNotGround(act, ground, known) === null)
  }
  if (isAccessAct(act)) return changesAccess(act, row)
  if (act === REPLACE_MEMBER) return row.commissions.some(({ state }) => state === 'asking')

  return row.rehearsal !== null || !isRehearsalAct(act)
}

/** A rehearsal is handled by those who may start a case there, and by developers of any body; nobody acts by office in it. */
const mayRehearse = (actor: Actor, verdict: Verdict, file: Keeps): Verdict => {
  if (verdict.may) return { may: true, capacities: [verdict.capacities[0]] }

  return actor.grants.some(({ role }) => role === 'developer') && whyKept(actor.person, file) === null
    ? { may: true, capacities: ['developer'] }
    : verdict
}
