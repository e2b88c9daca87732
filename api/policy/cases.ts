/** The policy asked about rows of cases: what the actor may see of a case and which acts he may perform on it. */
import type { CaseRow } from '../../prisma/store/cases'
import type { Actor, BodyKey } from '../../workflows/kernel/contract'
import { mayPerform, maySee } from '../../workflows/kernel/law/policy'
import { isRehearsalAct, REPLACE_MEMBER } from '../../workflows/kernel/kernel-forms'

export const seesCase = (actor: Actor, row: CaseRow) =>
  maySee(actor, { body: row.body.key as BodyKey, agency: row.agencyKey, people: row.people })

/** May the actor perform this act on the case? */
export const mayDo = (
  actor: Actor,
  act: string,
  kind: Parameters<typeof mayPerform>[1],
  row: CaseRow,
  file: Parameters<typeof mayPerform>[2],
): boolean => {
  if (act === REPLACE_MEMBER && !row.commissions.some(({ state }) => state === 'asking')) return false
  if (!isRehearsalAct(act)) return mayPerform(actor, kind, file).may

  return row.rehearsal !== null && mayAdvance(actor, kind, file)
}

/** The clock of a rehearsal moves for those who may start a case there, and for developers of any body. */
export const mayAdvance = (
  actor: Actor,
  kind: Parameters<typeof mayPerform>[1],
  file: Parameters<typeof mayPerform>[2],
): boolean => mayPerform(actor, kind, file).may || actor.grants.some((grant) => grant.role === 'developer')
