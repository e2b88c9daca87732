/** Cases: lists, the case page and what belongs to it, and acts. */
import { z } from 'zod'
import {
  caseById,
  CASE_SORTS,
  eventsOf,
  listCases,
  parseCaseCursor,
  type CaseRow,
  type EventRow,
} from '../../prisma/store/cases'
import { startOf } from '../../prisma/store/commands'
import { documentsOf } from '../../prisma/store/documents'
import { tasksOfCase } from '../../prisma/store/inbox'
import { slice } from '../../prisma/store/refs'
import type { Actor, CaseId, KernelEvent } from '../../workflows/kernel/contract'
import type { Processes } from '../../workflows/kernel/process'
import { performAct, sendingOfAct } from '../commands/perform-act'
import { caseDetail } from '../views/case-page'
import { anyForm, behind, capacity, flag, id, key, many, paging, rehearsal, word } from '../http/fields'
import { pageBody, placeOf } from '../http/pages'
import { hidingCases } from '../views/hidden-cases'
import { historyOf } from '../views/workflow-history'
import { answerOnce, answerTo } from '../views/command-view'
import { caseView } from '../views/case-view'
import { offeredAct, refusedIds } from '../views/offer-view'
import { caseRef, seesCase } from '../policy/cases'
import { taskView } from '../views/task-view'
import { Problem, forbidden } from '../http/problems'
import type { Routes } from '../http/route'
import * as schemas from '../shapes/schemas'
import type { Service } from '../service/service'
import type { EventView } from '../shapes/views'

const params = z.strictObject({ id })
const window = z.strictObject(paging)

/** Entries that say what another case did, and nothing of what this one did. */
const OF_OTHERS: readonly string[] = [
  'linkedCaseReplied',
  'linkedCaseRefused',
  'linkedCaseEnded',
] satisfies KernelEvent[]

/** Parameters of an entry as they are answered: what another case did is told to nobody who may not find it. */
function paramsOf({ kind, params, otherCase }: EventRow, found: boolean): EventView['params'] {
  const { content: _ref, case: _case, ...said } = params

  return otherCase && !found && OF_OTHERS.includes(kind) ? {} : said
}

const eventView = (
  processes: Processes,
  actor: Actor,
  row: EventRow,
  {
    content,
    shown,
  }: { readonly content: boolean; readonly shown: (values: EventRow['params']) => EventView['params'] },
): EventView => {
  const { otherCase } = row
  const other = caseRef(actor, otherCase)

  return {
    seq: row.seq,
    kind: row.kind,
    at: row.at.toISOString(),
    on: row.on,
    actor: row.actor,
    by: row.actorKind === 'person' ? null : row.actorKind,
    actorCase: caseRef(actor, row.actorCase),
    otherCase: other && otherCase && { ...other, process: processes.keyOf(otherCase.process, otherCase.version) },
    handedOver: row.handedOver,
    capacity: row.capacity,
    taskId: row.taskId,
    params: shown(paramsOf(row, other !== null)),
    content: content && row.content ? shown(row.content) : null,
    hash: row.hash,
  }
}

/** The case, if the actor may see it; to everybody else it does not exist. */
export async function seenCase(
  { db }: Service,
  actor: Actor,
  caseId: string,
): Promise<{ row: CaseRow; content: boolean }> {
  const row = await caseById(db, caseId as CaseId)
  const may = row && seesCase(actor, row)
  if (!row || !may?.file) throw Problem.for('notFound')

  return { row, content: may.content }
}

export function caseRoutes(routes: Routes, service: Service): void {
  const { db, processes, now } = service

  routes.signed({
    method: 'get',
    path: '/api/cases',
    summary: 'Cases that you may see',
    query: z.strictObject({
      ...paging,
      after: behind,
      sort: z.enum(CASE_SORTS).optional(),
      id: many(id).optional(),
      status: z.enum(['opening', 'open', 'closed']).optional(),
      process: key.optional(),
      body: key.optional(),
      stage: key.optional(),
      outcome: key.optional(),
      annulled: flag.optional(),
      subject: id.optional(),
      q: word().optional(),
      rehearsal: rehearsal.optional(),
    }),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.caseView) } },
    handler: async ({ actor, query: { after, ...asked } }) => {
      const place = placeOf(after, (text) => parseCaseCursor(text, asked.sort))

      return {
        body: pageBody(await listCases(db, actor, { ...asked, ...place }), (row) => caseView(actor, row, processes)),
      }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id',
    summary: 'A case with its clocks, terms and the acts you may perform',
    params,
    responses: {
      200: { description: 'The case', schema: schemas.caseDetail },
      202: { description: 'You have started it, and it is being processed', schema: schemas.commandView },
    },
    handler: async ({ actor, params: { id: caseId } }) => {
      const page = async () => ({
        body: await caseDetail(service, actor, (await seenCase(service, actor, caseId)).row),
      })
      const start = (await caseById(db, caseId as CaseId)) ? null : await startOf(db, caseId as CaseId, actor.person)

      // a start that was refused has made no case
      return start && start.state !== 'refused' ? answerTo(service, start, page) : page()
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/events',
    summary: 'What happened, from the audit trail',
    params,
    query: z.strictObject({ ...paging, sort: z.enum(['seq', '-seq']).default('seq') }),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.eventView) } },
    handler: async ({ actor, params: { id: caseId }, query }) => {
      const { row, content } = await seenCase(service, actor, caseId)
      const { data, pageInfo } = await eventsOf(db, row.id, query, query.sort === '-seq')

      const shown = await hidingCases(
        service,
        actor,
        data.map(({ params: said, content: written }) => [said, written]),
      )

      return { body: { data: data.map((event) => eventView(processes, actor, event, { content, shown })), pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/tasks',
    summary: 'Its tasks, oldest first',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.taskView) } },
    handler: async ({ actor, params: { id: caseId }, query }) => {
      const { row } = await seenCase(service, actor, caseId)
      const { data, pageInfo } = await tasksOfCase(db, row.id, query)

      return { body: { data: data.map((task) => taskView(actor, task, processes, now())), pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/documents',
    summary: 'Its numbered documents',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.documentView) } },
    handler: async ({ actor, params: { id: caseId }, query }) => {
      const { row } = await seenCase(service, actor, caseId)
      const { data, pageInfo } = await documentsOf(db, row.id, query)
      const documents = data.map(({ id: documentId, kind, number, issuer, issuedOn }) => ({
        id: documentId,
        kind,
        number,
        issuer,
        issuedOn,
      }))

      return { body: { data: documents, pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/history',
    summary: 'The workflow history behind it, for developers',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.historyEventView) } },
    handler: async ({ actor, params: { id: caseId }, query }) => {
      const { row } = await seenCase(service, actor, caseId)
      if (!actor.grants.some(({ role }) => role === 'developer')) throw forbidden({ code: 'policy.developersOnly' })
      const events = await historyOf(service, row.id)
      const from = (query.page - 1) * query.perPage

      return { body: slice(events.slice(from, from + query.perPage + 1), query) }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/acts/:act/refused',
    summary: 'Which of these people or positions a field of the form of an act cannot be given now, and why',
    params: z.strictObject({ id, act: key }),
    query: z.strictObject({ field: key, id: many(id) }),
    responses: { 200: { description: 'Those that cannot be chosen', schema: schemas.refusedIds } },
    handler: async ({ actor, params: { id: caseId, act }, query: { field, id: ids } }) => {
      const { row, content } = await seenCase(service, actor, caseId)
      const process = processes.of(row.process, row.version)
      const form = process ? offeredAct(service, process, act, row) : null
      if (!form || !content) throw Problem.for('notFound')
      const asked = { form, file: { ...row, caseId: row.id } }

      return { body: { refused: await refusedIds(service, asked, actor.person, { field, ids }) } }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/cases/:id/acts/:act',
    summary: 'Perform an act on the case',
    params: z.strictObject({ id, act: key }),
    body: z.strictObject({ step: z.number().int().min(0).max(2_147_483_647), form: anyForm, capacity }),
    headers: ['Idempotency-Key'],
    responses: {
      200: { description: 'Done', schema: schemas.caseDetail },
      202: { description: 'Being processed', schema: schemas.commandView },
    },
    handler: async ({ actor, params: { id: caseId, act }, body, key: sent }) => {
      const { row } = await seenCase(service, actor, caseId)
      const asked = { act, ...body }
      const sending = sendingOfAct(actor, row, sent, asked)

      return answerOnce(service, sending, performAct(service, actor, row, sending, asked), async () => ({
        body: await caseDetail(service, actor, (await caseById(db, row.id)) ?? row),
      }))
    },
  })
}
