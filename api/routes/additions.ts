/** What is added to a case after its end: papers that came late, files and notes. */
import { z } from 'zod'
import { additionsOf } from '../../prisma/store/additions'
import { ADDITIONS } from '../../workflows/kernel/contract'
import { addToClosed } from '../commands/add-after-end'
import { anyForm, id, paging } from '../http/fields'
import { forbidden } from '../http/problems'
import type { Routes } from '../http/route'
import { sendingOf } from '../http/sending'
import { seesCase } from '../policy/cases'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import type { AdditionView } from '../shapes/views'
import { answerOnce } from '../views/command-view'
import { seenCase } from './cases'

const params = z.strictObject({ id })

export function additionRoutes(routes: Routes, service: Service): void {
  const { db } = service

  routes.signed({
    method: 'get',
    path: '/api/cases/:id/additions',
    summary: 'What was added to it after its end, newest first',
    params,
    query: z.strictObject(paging),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.additionView) } },
    handler: async ({ viewer, params: { id: caseId }, query }) => {
      const row = await seenCase(service, viewer, caseId)
      if (!seesCase(viewer, row).sees('added')) throw forbidden({ code: 'policy.contentHidden' })
      const { data, pageInfo } = await additionsOf(db, row.id, query)
      const additions = data.map(({ at, content, ...addition }): AdditionView => ({
        ...addition,
        at: at.toISOString(),
        content: { ...content },
      }))

      return { body: { data: additions, pageInfo } }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/cases/:id/additions',
    summary: 'Add a paper that came late, a file or a note to a case that has ended; it stays closed',
    params,
    body: z.strictObject({ kind: z.enum(ADDITIONS), form: anyForm }),
    headers: ['Idempotency-Key'],
    responses: {
      201: { description: 'Added', schema: z.strictObject({ result: z.literal('done') }) },
      202: { description: 'Being processed', schema: schemas.commandView },
    },
    handler: async ({ actor, viewer, today, params: { id: caseId }, body, key }) => {
      const sending = sendingOf(actor, key, `add/${caseId}`, body)
      const add = async () => addToClosed(service, actor, await seenCase(service, viewer, caseId), today, sending, body)

      return answerOnce(service, sending, add(), () => Promise.resolve({ status: 201, body: { result: 'done' } }))
    },
  })
}
