/** What a person is told without looking: the bell, and what he has read of it. */
import { z } from 'zod'
import { markAllRead, markRead, noticesFor, parseNoticeCursor, unreadNotices } from '../../prisma/store/notices'
import { deciding } from '../../workflows/kernel/law/sight'
import { behind, flag, id, paging } from '../http/fields'
import { pageBody, placeOf } from '../http/pages'
import { Problem } from '../http/problems'
import type { Routes } from '../http/route'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import { noticeView } from '../views/notice-view'

export function noticeRoutes(routes: Routes, { db, processes }: Service): void {
  routes.signed({
    method: 'get',
    path: '/api/notices',
    summary: 'What you are told and see now, the newest first; `rehearsed`: of rehearsals instead',
    query: z.strictObject({
      perPage: paging.perPage,
      after: behind,
      unread: flag.optional(),
      rehearsed: flag.optional(),
    }),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.notice) } },
    handler: async ({ viewer, query: { after, ...asked } }) => ({
      body: pageBody(await noticesFor(db, viewer, { ...asked, ...placeOf(after, parseNoticeCursor) }), (row) =>
        noticeView(viewer, row, processes),
      ),
    }),
  })
  routes.signed({
    method: 'get',
    path: '/api/notices/count',
    summary: 'How many of them you have not read, rehearsals left out, up to a hundred',
    responses: { 200: { description: 'A number', schema: z.strictObject({ unread: z.number().int() }) } },
    handler: async ({ viewer }) => ({ body: { unread: await unreadNotices(db, deciding(viewer)) } }),
  })
  routes.signed({
    method: 'post',
    path: '/api/notices/:id/read',
    summary: 'You have read it',
    params: z.strictObject({ id }),
    responses: { 204: { description: 'It is read, by you alone' } },
    handler: async ({ viewer, params }) => {
      if (!(await markRead(db, deciding(viewer), params.id))) throw Problem.for('notFound')

      return { status: 204 }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/notices/read',
    summary: 'You have read all up to a moment: that of the newest that you were shown',
    body: z.strictObject({ upTo: z.iso.datetime() }),
    responses: { 204: { description: 'They are read, by you alone' } },
    handler: async ({ viewer, body }) => {
      await markAllRead(db, deciding(viewer), new Date(body.upTo))

      return { status: 204 }
    },
  })
}
