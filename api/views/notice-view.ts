/** A notice as its reader is shown it: ids and codes, of which the console or a letter makes a sentence. */
import type { NoticeRow } from '../../prisma/store/notices'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { Processes } from '../../workflows/kernel/process'
import { seesCase } from '../policy/cases'
import type { NoticeView } from '../shapes/views'

/** The view of a notice that its reader sees; it is noted that he is shown the course of the case. */
export function noticeView(viewer: Viewer, row: NoticeRow, processes: Processes): NoticeView {
  const { id, kind, toldAt, read, process, version, taskId, taskKind, taskOpen, dueOn, params, outcome, rehearsal } =
    row
  seesCase(viewer, row).sees('course')

  return {
    id,
    kind,
    at: toldAt.toISOString(),
    read,
    process: processes.keyOf(process, version),
    case: { id: row.caseId, number: row.caseNumber },
    task: taskId !== null && taskKind !== null ? { id: taskId, kind: taskKind, open: taskOpen === true } : null,
    due: dueOn,
    stage: params.stage ?? null,
    end: outcome,
    rehearsal,
  }
}
