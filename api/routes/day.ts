/** The start page: what needs the signed-in person, and how the work goes for which he answers. */
import { dayOf, loadRows, loadsOf, soonOfOthers, tasksBeside } from '../../prisma/store/day'
import type { TaskRow } from '../../prisma/store/inbox'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { Routes } from '../http/route'
import { seesTask } from '../policy/tasks'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import type { DayTask, TaskView } from '../shapes/views'
import { taskView } from '../views/task-view'

export function dayRoutes(routes: Routes, service: Service): void {
  const { db, processes, now } = service

  routes.signed({
    method: 'get',
    path: '/api/day',
    summary: 'What needs you, by the legal terms; and, if you answer for the work of others, how it goes',
    responses: { 200: { description: 'The day', schema: schemas.day } },
    handler: async ({ viewer }) => {
      const asked = loadsOf(viewer)
      const [parts, loads, soon] = await Promise.all([
        dayOf(db, viewer),
        Promise.all(asked.map(async (each) => ({ by: each.by, ...(await loadRows(db, viewer, each)) }))),
        soonOfOthers(db, viewer, asked),
      ])
      const view = (row: TaskRow) => taskView(viewer, row, processes, now())
      const beside = await tasksBeside(
        db,
        viewer,
        parts.flatMap(({ tasks }) => tasks),
      )
      const withBeside = (row: TaskRow): DayTask => ({
        ...view(row),
        beside: besideOf(viewer, row, beside).map((other) => besideView(view(other))),
      })

      return {
        body: {
          parts: parts.map((part) => ({ ...part, tasks: part.tasks.map(withBeside) })),
          loads,
          soon: soon.map(view),
        },
      }
    },
  })
}

/** The other tasks of its case that the viewer finds. */
const besideOf = (viewer: Viewer, { caseId }: TaskRow, others: readonly TaskRow[]): TaskRow[] =>
  others.filter((other) => other.caseId === caseId && seesTask(viewer, other).finds)

const besideView = ({ id, kind, process, for: waitsFor, assignee }: TaskView): DayTask['beside'][number] => ({
  id,
  kind,
  process,
  for: waitsFor,
  assignee,
})
