/** Histories kept of each released version: the code that follows must still replay them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils'
import type { Casework } from './casework'

const FOLDER = path.join(__dirname, '..', 'histories')

export interface RecordedHistory {
  readonly name: string
  /** the replayed workflow derives nothing from it, but Temporal wants to know */
  readonly workflowId: string
  readonly history: object
}

/** All recorded histories. */
export const recordedHistories = (): RecordedHistory[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file,
      ...(JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Omit<RecordedHistory, 'name'>),
    }))

/** Writes one history per way in which a case of this run ended, over those recorded before of the same version. */
export async function recordHistories(work: Casework): Promise<void> {
  const cases = await work.db.case.findMany({ where: { status: 'closed' }, orderBy: { step: 'desc' } })
  const seen = new Set<string>()
  for (const { id, process: name, version, outcome, basis, regimeId } of cases) {
    const code = (basis as { code?: string } | null)?.code ?? ''
    const history = historyToJSON(await work.client.workflow.getHandle(id).fetchHistory())
    // the API brings the law of its day to a case; one that was begun by a release before asks for it
    const law = /"name":\s*"opening"/.test(history) ? '' : '-law-brought'
    // an end that annulled the result of another case made other moves than one that stopped it in time
    const annuls = (await work.db.effect.count({ where: { caseId: id, name: 'annul', state: 'taken' } })) > 0
    const way = `${code}${law}${annuls ? '-annulling' : ''}`
    const key = `${name}-v${String(version)}-${regimeId}-${outcome ?? ''}-${way}`.replaceAll('.', '-')
    if (seen.has(key)) continue
    seen.add(key)
    writeFileSync(
      path.join(FOLDER, `${key}.json`),
      JSON.stringify({ workflowId: id, history: JSON.parse(history) as unknown }),
    )
  }
}
