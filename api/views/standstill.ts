/** Why a case stands still, for whoever sent it something and for its page. */
import { storyFailure } from '../../prisma/store/incidents'
import type { Actor, CaseId } from '../../workflows/kernel/contract'
import type { Service } from '../service/service'
import type { StandstillView } from '../shapes/views'

/** Null when the case does not stand still. What failed in the code is told to developers only. */
export async function standstillOf(
  { db }: Pick<Service, 'db'>,
  caseId: CaseId,
  actor: Actor | null = null,
): Promise<StandstillView | null> {
  const found = await storyFailure(db, caseId)
  if (!found) return null
  const { params, times } = found
  const { process, version, cause, line } = params
  const developer = actor?.grants.some(({ role }) => role === 'developer') === true

  return {
    since: found.firstAt.toISOString(),
    details: developer ? { process, version, cause, line, times } : null,
  }
}
