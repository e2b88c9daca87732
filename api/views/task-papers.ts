/** The documents beside a task: those of its case that its contract names, and the decision that the case is an appeal of. */
import { caseById } from '../../prisma/store/cases'
import { documentById, documentsOf, type DocumentRow } from '../../prisma/store/documents'
import type { OneTask } from '../../prisma/store/inbox'
import type { CaseId } from '../../workflows/kernel/contract'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import type { Process } from '../../workflows/kernel/process'
import { seesCase } from '../policy/cases'
import type { Service } from '../service/service'
import type { TaskDetail } from '../shapes/views'
import { factsOf } from './answers-given'

/** No task has more of them to read. */
const MOST = 50

type Paper = TaskDetail['documents'][number]

/** Only those that the reader may open by the table of their case: a task opens none that is closed to him. */
export async function papersBeside(
  service: Service,
  viewer: Viewer,
  process: Process | undefined,
  row: OneTask,
): Promise<Paper[]> {
  const { db, processes } = service
  const allowed = seesCase(deciding(viewer), row)
  const kinds = (process?.contract.tasks[row.kind]?.documents ?? []).filter((kind) => allowed.sees(`document:${kind}`))
  const [own, appealed] = await Promise.all([
    kinds.length > 0 ? documentsOf(db, row.caseId as CaseId, kinds, { page: 1, perPage: MOST }) : null,
    appealedDecision(service, viewer, process, row),
  ])
  const sight = seesCase(viewer, row)
  const paper = (of: string, { id, kind, number, issuedOn }: DocumentRow): Paper => ({
    ...{ id, kind, number, issuedOn, process: of },
  })

  return [
    ...(appealed ? [paper(appealed.process, appealed.document)] : []),
    ...(own?.data ?? [])
      .filter(({ kind }) => sight.sees(`document:${kind}`))
      .map((document) => paper(processes.keyOf(row.process, row.formVersion), document)),
  ]
}

/** The decision against which the case is, where the reader sees it in the case in which it was taken. */
async function appealedDecision(
  { db, processes }: Service,
  viewer: Viewer,
  process: Process | undefined,
  { facts }: OneTask,
): Promise<{ process: string; document: DocumentRow } | null> {
  const named = process?.contract.appeals && factsOf(facts)[process.contract.appeals.fact]
  // a case that is being opened does not know yet which document it is
  const document = typeof named === 'string' && named !== '' ? await documentById(db, named) : null
  const file = document && (await caseById(db, viewer, document.caseId))
  if (!document || !file || !seesCase(viewer, file).sees(`document:${document.kind}`)) return null

  return { process: processes.keyOf(file.process, file.version), document }
}
