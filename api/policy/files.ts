/** The policy asked about files: one is seen by whoever sees the answer it belongs to. */
import { caseById } from '../../prisma/store/cases'
import type { FileRow } from '../../prisma/store/files'
import { taskById, tasksOfCase } from '../../prisma/store/inbox'
import type { CaseId, Piece } from '../../workflows/kernel/contract'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import { seesCase } from './cases'
import { noteTask, seesTask } from './tasks'

/** `hidden`: he sees the course of its case, and is told why he may not read it; to everybody else there is no such file. */
export type FileSight = 'seen' | 'hidden' | 'none'

/** More open tasks a case has not. */
const TASKS = { page: 1, perPage: 100 }

/** May the viewer read the file now? He is noted to have been shown the answer, if he may. */
export async function seesFile(
  service: Pick<Service, 'db' | 'processes'>,
  viewer: Viewer,
  row: FileRow,
): Promise<FileSight> {
  const { db, processes } = service
  const { state, uploadedBy, answer } = row
  if (state !== 'kept') return uploadedBy === viewer.actor.person ? 'seen' : 'none'
  const file = answer && (await caseById(db, viewer, answer.case))
  if (!file) return 'none'
  const { kind, task, open, added } = answer
  const piece: Piece = added ? 'added' : `answer:${kind}`
  if (!open) return seesCase(deciding(viewer), file).sees('course') ? 'hidden' : 'none'
  if (seesCase(viewer, file).sees(piece)) return 'seen'
  const answered = task && (await taskById(db, viewer, task))
  if (answered && seesTask(viewer, answered).answered) {
    noteTask(viewer, answered, piece)

    return 'seen'
  }
  if (!added && (await isShownByTask(answer.case, kind))) return 'seen'

  return seesCase(deciding(viewer), file).sees('course') ? 'hidden' : 'none'

  /** Does a task that he holds show him answers of this kind? */
  async function isShownByTask(of: CaseId, shown: string): Promise<boolean> {
    const { data } = await tasksOfCase(db, viewer, of, TASKS)
    const held = data.find(
      (each) =>
        processes.of(each.process, each.formVersion)?.contract.tasks[each.kind]?.shows?.includes(shown) === true &&
        seesTask(viewer, each).holds,
    )
    if (held) noteTask(viewer, held, piece)

    return held !== undefined
  }
}
