/** Comments on a case and on its tasks. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { canonical, idFrom } from '../../prisma/store/canonical'
import type { CaseRow } from '../../prisma/store/cases'
import {
  addComment,
  caseOfComment,
  commentsOf,
  isAsSaid,
  isTaskOf,
  withdrawComment,
  type CommentRow,
} from '../../prisma/store/comments'
import type { PersonId, TaskId } from '../../workflows/kernel/contract'
import { text } from '../../workflows/kernel/forms'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { id, paging } from '../http/fields'
import { forbidden, invalid, Problem } from '../http/problems'
import type { Routes } from '../http/route'
import { naming, seesCase } from '../policy/cases'
import { mayComment, whoSeesComments } from '../policy/comments'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import type { CommentView } from '../shapes/views'
import { seenCase } from './cases'

const params = z.strictObject({ id })
const LONGEST = 4000
const MOST_MENTIONS = 20

const commentView = (viewer: Viewer, file: CaseRow, row: CommentRow): CommentView => {
  const named = naming(viewer, file)

  return {
    id: row.id,
    taskId: row.taskId,
    author: named(row.author),
    capacity: row.capacity,
    text: row.text,
    at: row.at.toISOString(),
    mentions: row.mentions.map(named),
    mine: row.authorId === viewer.actor.person,
  }
}

/** Follows from author and key, so that a comment that is sent again, because its answer was lost, is the same comment. */
const commentId = (author: PersonId, key: string): string => idFrom(canonical({ comment: key, author }))

export function commentRoutes(routes: Routes, service: Service): void {
  const { db } = service

  /** The case, if the viewer sees its comments; throws why not. */
  async function talkedOf(viewer: Viewer, caseId: string): Promise<CaseRow> {
    const row = await seenCase(service, viewer, caseId)
    if (!seesCase(viewer, row).sees('comments')) throw forbidden({ code: 'policy.contentHidden' })

    return row
  }
  const page = async (viewer: Viewer, row: CaseRow, task: string | null, query: { page: number; perPage: number }) => {
    const { data, pageInfo } = await commentsOf(db, row.id, task, query)

    return { data: data.map((each) => commentView(viewer, row, each)), pageInfo }
  }

  routes.signed({
    method: 'get',
    path: '/api/cases/:id/comments',
    summary: 'What colleagues say of it, newest first',
    params,
    query: z.strictObject({ ...paging, task: id.optional().meta({ description: 'Those on this task alone' }) }),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.commentView) } },
    handler: async ({ viewer, params: { id: caseId }, query: { task, ...window } }) => ({
      body: await page(viewer, await talkedOf(viewer, caseId), task ?? null, window),
    }),
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/comments/people',
    summary: 'Whom a comment may name: the people who see the comments of the case',
    params,
    responses: { 200: { description: 'People', schema: z.strictObject({ data: z.array(schemas.personRef) }) } },
    handler: async ({ viewer, today, params: { id: caseId } }) => {
      const row = await talkedOf(viewer, caseId)

      return { body: { data: (await whoSeesComments(service, row, today)).map(naming(viewer, row)) } }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/cases/:id/comments',
    summary: 'Say something of it, or of one of its tasks, and name people who are told',
    params,
    body: z.strictObject({
      text: text(LONGEST),
      task: id.optional(),
      mentions: z.array(id).max(MOST_MENTIONS).default([]),
    }),
    headers: ['Idempotency-Key'],
    responses: { 201: { description: 'The newest comments', schema: schemas.pageOf(schemas.commentView) } },
    handler: async ({ actor, viewer, today, params: { id: caseId }, body, key }) => {
      const row = await talkedOf(viewer, caseId)
      const task = (body.task ?? null) as TaskId | null
      const comment = {
        ...{ id: key === null ? randomUUID() : commentId(actor.person, key), case: row.id, task, text: body.text },
        author: actor.person,
      }
      const newest = async () => ({ status: 201, body: await page(viewer, row, task, { page: 1, perPage: 25 }) })
      // it may have been said while it still could be
      const isSame = key === null ? null : await isAsSaid(db, comment)
      if (isSame === true) return newest()
      if (isSame === false) throw Problem.for('idempotencyKeyReused')
      const capacity = mayComment(viewer, row)
      if (capacity === null) throw Problem.for('caseClosed')
      if (task !== null && !(await isTaskOf(db, task, row.id))) throw invalid({ task: 'unknownId' })
      const mentions = [...new Set(body.mentions)]
      const seeing = mentions.length > 0 ? await whoSeesComments(service, row, today) : []
      const unseeing = mentions.findIndex((each) => !seeing.some((person) => person.id === each))
      if (unseeing >= 0) throw invalid({ [`mentions.${unseeing}`]: 'unknownId' })
      switch (await addComment(db, { ...comment, capacity, mentions: mentions.map((each) => each as PersonId) })) {
        case 'anotherSaid':
          throw Problem.for('idempotencyKeyReused')
        case 'caseClosed':
          throw Problem.for('caseClosed')
        case 'said':
          return newest()
      }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/comments/:id/withdraw',
    summary: 'Withdraw what you have said; a mark stays in its place',
    params,
    responses: { 204: { description: 'Withdrawn' } },
    handler: async ({ actor, viewer, params: { id: said } }) => {
      const of = await caseOfComment(db, said)
      // of none as well: the time that it takes must not tell it from one that is kept from him
      await talkedOf(viewer, of ?? said)
      if (of === null) throw Problem.for('notFound')
      switch (await withdrawComment(db, { id: said, case: of, author: actor.person })) {
        case 'absent':
          throw Problem.for('notFound')
        case 'caseClosed':
          throw Problem.for('caseClosed')
        case 'withdrawn':
          return { status: 204 }
      }
    },
  })
}
