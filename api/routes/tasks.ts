/** The inbox and the task page. */
import { z } from 'zod'
import { inbox, inboxCounts, taskById, usualSort, QUEUES, type OneTask } from '../../prisma/store/inbox'
import { parseCursor, TASK_SORTS } from '../../prisma/store/order'
import type { TaskId } from '../../workflows/kernel/contract'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { taskForm } from '../../workflows/kernel/kernel-forms'
import { offeredTask, refusedIds } from '../views/offer-view'
import { taskDetail } from '../views/task-page'
import { behind, flag, id, key, many, paging, rehearsal, word } from '../http/fields'
import { pageBody, placeOf } from '../http/pages'
import { noteTask, seesTask } from '../policy/tasks'
import { taskView } from '../views/task-view'
import { Problem } from '../http/problems'
import type { Routes } from '../http/route'
import * as schemas from '../shapes/schemas'
import type { Service } from '../service/service'

const params = z.strictObject({ id })

/** The task, if the viewer finds it; to everybody else it does not exist. */
export async function seenTask({ db }: Service, viewer: Viewer, taskId: string): Promise<OneTask> {
  const row = await taskById(db, viewer, taskId as TaskId)
  if (!row || !seesTask(viewer, row).finds) throw Problem.for('notFound')
  noteTask(viewer, row, 'exists')

  return row
}

export function taskRoutes(routes: Routes, service: Service): void {
  const { db, processes, now } = service

  routes.signed({
    method: 'get',
    path: '/api/tasks',
    summary: 'Your inbox: to do (in hand, or waiting for your roles), brought before you, or done by you',
    query: z.strictObject({
      ...paging,
      after: behind,
      sort: z.enum(TASK_SORTS).optional(),
      queue: z.enum(QUEUES).default('mine'),
      process: key.optional(),
      kind: key.optional(),
      overdue: flag.optional(),
      q: word().optional(),
      rehearsal: rehearsal.optional(),
    }),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.taskView) } },
    handler: async ({ viewer, query }) => {
      const { after, sort = usualSort(query.queue), ...asked } = query
      const place = placeOf(after, (text) => parseCursor(text, sort))

      return {
        body: pageBody(await inbox(db, viewer, { ...asked, sort, ...place }), (row) =>
          taskView(viewer, row, processes, now()),
        ),
      }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/tasks/counts',
    summary: 'How many wait, up to a hundred',
    responses: {
      200: {
        description: 'A number for each open queue',
        schema: z.strictObject({ todo: z.number(), mine: z.number(), unit: z.number(), escalated: z.number() }),
      },
    },
    handler: async ({ actor }) => ({ body: await inboxCounts(db, actor) }),
  })
  routes.signed({
    method: 'get',
    path: '/api/tasks/:id',
    summary: 'A task with its form',
    params,
    responses: { 200: { description: 'The task', schema: schemas.taskDetail } },
    handler: async ({ viewer, params: { id: taskId } }) => ({
      body: await taskDetail(service, viewer, await seenTask(service, viewer, taskId)),
    }),
  })
  routes.signed({
    method: 'get',
    path: '/api/tasks/:id/refused',
    summary: 'Which of these people or positions a field of its form cannot be given now, and why',
    params,
    query: z.strictObject({ field: key, id: many(id) }),
    responses: { 200: { description: 'Those that cannot be chosen', schema: schemas.refusedIds } },
    handler: async ({ actor, viewer, params: { id: taskId }, query: { field, id: ids } }) => {
      const row = await seenTask(service, viewer, taskId)
      const process = processes.of(row.process, row.formVersion)
      const form = taskForm(process, row.kind)
      if (!process || !form || !seesTask(viewer, row).holds) throw Problem.for('notFound')
      const asked = {
        form: offeredTask(process, row.kind, { form, today: caseToday(row.clock, service.now()) }),
        file: row,
      }

      return { body: { refused: await refusedIds(service, asked, actor, { field, ids }) } }
    },
  })
}
