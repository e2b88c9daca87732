/** The policy asked about files: one is seen by whoever sees the answer it belongs to. */
import { caseById } from '../../prisma/store/cases'
import type { FileRow } from '../../prisma/store/files'
import { openTasksOf } from '../../prisma/store/case-course'
import { taskById } from '../../prisma/store/inbox'
import type { CaseId, Piece, TaskId } from '../../workflows/kernel/contract'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import { seesCase } from './cases'
import { noteTask, seesTask } from './tasks'

/** `hidden`: he sees the course of its case, and is told why he may not read it; to everybody else there is no such file. */
export type FileSight = 'seen' | 'hidden' | 'none'

/**
 * May the viewer read the file of this id now? He is noted to have been shown the answer, if he may. One that he does not find costs as many
 * statements as one that does not exist: the time that it takes must not tell them apart.
 */
export async function seesFile(
  { db, processes }: Pick<Service, 'db' | 'processes'>,
  viewer: Viewer,
  fileId: string,
  row: FileRow | null,
): Promise<FileSight> {
  const answer = row?.state === 'kept' ? row.answer : null
  if (row && row.state !== 'kept' && row.uploadedBy === viewer.actor.person) return 'seen'
  const file = await caseById(db, viewer, answer?.case ?? (fileId as CaseId))
  const piece: Piece = !answer || answer.added ? 'added' : `answer:${answer.kind}`
  if (file && answer?.open && seesCase(viewer, file).sees(piece)) return 'seen'
  const answered = await taskById(db, viewer, answer?.task ?? (fileId as TaskId))
  const openTasks = await openTasksOf(db, viewer, answer?.case ?? fileId)
  if (!file || !answer) return 'none'
  if (answer.open && answer.task && answered && seesTask(viewer, answered).answered) {
    noteTask(viewer, answered, piece)

    return 'seen'
  }
  if (answer.open && !answer.added && isShownByTask(answer.kind)) return 'seen'

  return seesCase(deciding(viewer), file).sees('course') ? 'hidden' : 'none'

  /** Does a task that he holds show him answers of this kind? */
  function isShownByTask(shown: string): boolean {
    const held = openTasks.find(
      (each) =>
        processes.of(each.process, each.formVersion)?.contract.tasks[each.kind]?.shows?.includes(shown) === true &&
        seesTask(viewer, each).holds,
    )
    if (held) noteTask(viewer, held, piece)

    return held !== undefined
  }
}
