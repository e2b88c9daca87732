/** The inbox and the task page. */
import { z } from 'zod'
import { inbox, inboxCounts, taskById, usualSort, QUEUES, type OneTask } from '../../prisma/store/inbox'
import { parseCursor, TASK_SORTS } from '../../prisma/store/order'
import { putOff, takeBack } from '../../prisma/store/snoozes'
import type { TaskId } from '../../workflows/kernel/contract'
import { startOfDay } from '../../workflows/kernel/law/calendar'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { mayHold } from '../../workflows/kernel/law/policy'
import { taskForm } from '../../workflows/kernel/kernel-forms'
import { offeredTask, refusedIds } from '../views/offer-view'
import { taskDetail } from '../views/task-page'
import { behind, flag, id, isoDate, key, many, paging, rehearsal, version, word } from '../http/fields'
import { pageBody, placeOf } from '../http/pages'
import { noteTask, policyTask, seesTask, snoozeOf } from '../policy/tasks'
import { taskNow, taskView } from '../views/task-view'
import { notChanged } from '../commands/submit'
import { forbidden, Problem } from '../http/problems'
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
    summary:
      'Your inbox: to do (in hand, or waiting for your roles), in the hands of your team, brought before you, put off or done by you',
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
    summary: 'How many are in each queue, or in those that you name, counted no further than one more than a thousand',
    query: z.strictObject({ queue: many(z.enum(QUEUES)).optional(), rehearsal: rehearsal.optional() }),
    responses: {
      200: {
        description: 'A number for each open queue',
        schema: z.partialRecord(z.enum(QUEUES), z.number().int()),
      },
    },
    handler: async ({ viewer, query: { queue: queues, rehearsal: set } }) => ({
      body: await inboxCounts(db, deciding(viewer), { queues, rehearsal: set }),
    }),
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
  const asItIs = { 200: { description: 'The task as it is now', schema: schemas.taskView } }
  routes.signed({
    method: 'put',
    path: '/api/tasks/:id/snooze',
    summary: 'Put it off until a day, for yourself alone: no further than its term',
    params,
    body: z.strictObject({ version, until: isoDate }),
    responses: asItIs,
    handler: async ({ actor, viewer, params: { id: taskId }, body: { version: seen, until } }) => {
      const row = await seenTask(service, viewer, taskId)
      const verdict = mayHold(actor, policyTask(row))
      if (!verdict.may) throw forbidden(verdict.reason)
      const days = snoozeOf(viewer, row, now())
      if (!days || until < days.from) throw Problem.for('notPutOff')
      if (days.to !== null && until > days.to) throw Problem.for('pastTerm', { params: { date: days.to } })
      const returnsAt = startOfDay(until, row.clock.zone)
      const why = await putOff(db, { task: row.id, person: actor.person, version: seen, until, returnsAt })
      if (why) throw notChanged(why)

      return { body: await taskNow(service, viewer, row) }
    },
  })
  routes.signed({
    method: 'delete',
    path: '/api/tasks/:id/snooze',
    summary: 'Take it back among what you have to do',
    params,
    responses: { 204: { description: 'It is put off no longer' } },
    handler: async ({ actor, viewer, params: { id: taskId } }) => {
      const row = await seenTask(service, viewer, taskId)
      await takeBack(db, { task: row.id, person: actor.person })

      return { status: 204 }
    },
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
