/** Why a case stands still, for whoever sent it something and for its page. */
import { storyFailure } from '../../prisma/store/incidents'
import type { CaseId } from '../../workflows/kernel/contract'
import type { Sight } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import type { StandstillView } from '../shapes/views'

/** Null when the case does not stand still. What failed in the code is told to whoever sees the case's technical history. */
export async function standstillOf(
  { db }: Pick<Service, 'db'>,
  caseId: CaseId,
  sight: Sight | null = null,
): Promise<StandstillView | null> {
  const found = await storyFailure(db, caseId)
  if (!found) return null
  const { params, times } = found
  const { process, version, cause, line } = params

  return {
    since: found.firstAt.toISOString(),
    details: sight?.sees('technical') ? { process, version, cause, line, times } : null,
  }
}
