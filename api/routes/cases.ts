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
import { readersOf } from '../../prisma/store/access-log'
import { startOf } from '../../prisma/store/commands'
import { documentsOf } from '../../prisma/store/documents'
import { papersOf } from '../../prisma/store/papers'
import { tasksOfCase } from '../../prisma/store/inbox'
import { slice } from '../../prisma/store/refs'
import {
  ADDED_AFTER_END,
  KERNEL_EVENTS,
  type CaseId,
  type KernelEvent,
  type Piece,
} from '../../workflows/kernel/contract'
import { deciding, sightOf, type Sight, type Viewer } from '../../workflows/kernel/law/sight'
import type { Processes } from '../../workflows/kernel/process'
import { performAct, sendingOfAct } from '../commands/perform-act'
import { caseDetail } from '../views/case-page'
import { anyForm, behind, capacity, flag, id, key, many, paging, rehearsal, word } from '../http/fields'
import { pageBody, placeOf } from '../http/pages'
import { hidingIds } from '../views/hidden-ids'
import { historyOf } from '../views/workflow-history'
import { answersOf, answerView, completed, startAnswer } from '../views/answers-given'
import { answerOnce, answerTo } from '../views/command-view'
import { caseView } from '../views/case-view'
import { offeredAct, refusedIds } from '../views/offer-view'
import { actKinds } from '../../workflows/kernel/kernel-forms'
import { caseRef, mayDo, naming, policyCase, seesCase } from '../policy/cases'
import { taskView } from '../views/task-view'
import { Problem, forbidden } from '../http/problems'
import type { Routes } from '../http/route'
import * as schemas from '../shapes/schemas'
import type { Service } from '../service/service'
import type { EventView, ReaderView } from '../shapes/views'

const params = z.strictObject({ id })
const window = z.strictObject(paging)

/** Entries that say what another case did, and nothing of what this one did. */
const OF_OTHERS: readonly string[] = [
  'linkedCaseReplied',
  'linkedCaseRefused',
  'linkedCaseEnded',
] satisfies KernelEvent[]

/**
 * Parameters that belong to the course of a case: codes, days and names of things of the contract. All others may hold what was
 * answered, and older entries do.
 */
const OF_COURSE: ReadonlySet<string> = new Set([
  ...['added', 'kind', 'act', 'stage', 'document', 'clock', 'effect', 'opens', 'part', 'regime'],
  ...['on', 'due', 'endsOn', 'before', 'escalatedTo', 'because', 'end', 'basis', 'result', 'reason', 'since', 'until'],
  ...['total', 'members', 'quorum', 'absent', 'opened', 'why', 'code', 'line'],
])
/** The entry that the store makes of a paper. */
const PAPER_MADE = 'paperMade'
/** Entries of which a document says all. */
const OF_DOCUMENTS: readonly string[] = [
  PAPER_MADE,
  ...([
    'decisionMade',
    'decisionDelivered',
    'decisionAmended',
    'decisionWithdrawn',
    'decisionMoved',
  ] satisfies KernelEvent[]),
]
const isKernelEvent = (kind: string): boolean =>
  kind === PAPER_MADE || kind === ADDED_AFTER_END || (KERNEL_EVENTS as readonly string[]).includes(kind)

/** What has to be seen for all that an entry says: an answer, what an act said, a document, or all of it. */
function pieceOf({ kind, params }: EventRow): Piece {
  if (OF_DOCUMENTS.includes(kind) && typeof params['document'] === 'string') return `document:${params['document']}`
  if (kind === ADDED_AFTER_END) return 'added'
  if (kind === 'caseOpened') return 'answer:start'
  if (kind === 'actPerformed' && typeof params['act'] === 'string') return `answer:${params['act']}`
  if ((kind === 'taskCompleted' || kind === 'taskReturned') && typeof params['kind'] === 'string')
    return `answer:${params['kind']}`

  return 'answers'
}

/** Parameters of an entry as they are answered: what another case did is told to nobody who does not find it. */
function paramsOf(row: EventRow, sight: Sight, found: boolean): EventView['params'] {
  const { kind, params, otherCase } = row
  const { content: _ref, hash: _hash, case: _case, ...said } = params
  if (otherCase && !found && OF_OTHERS.includes(kind)) return {}
  if (sight.sees(pieceOf(row))) return said
  if (!isKernelEvent(kind)) return {}

  return Object.fromEntries(
    Object.entries(said).filter(([name, value]) => OF_COURSE.has(name) && typeof value !== 'object'),
  )
}

const eventView = (
  processes: Processes,
  viewer: Viewer,
  file: CaseRow,
  row: EventRow,
  shown: (values: EventRow['params']) => EventView['params'],
): EventView => {
  const { otherCase } = row
  const other = caseRef(viewer, otherCase)
  const sight = seesCase(viewer, file)

  return {
    seq: row.seq,
    kind: row.kind,
    at: row.at.toISOString(),
    on: row.on,
    actor: naming(viewer, file)(row.actor),
    by: row.actorKind === 'person' ? null : row.actorKind,
    actorCase: caseRef(viewer, row.actorCase),
    otherCase: other &&
      otherCase && { ...other, process: processes.keyOf(otherCase.seen.process, otherCase.seen.version) },
    handedOver: row.handedOver,
    capacity: row.capacity,
    taskId: row.taskId,
    params: shown(paramsOf(row, sight, other !== null)),
    content: row.content && sight.sees(pieceOf(row)) ? shown(row.content) : null,
    hash: row.hash,
  }
}

/** The kinds of document that the viewer sees of a case; null: every one. */
function documentsSeen(processes: Processes, viewer: Viewer, row: CaseRow): string[] | null {
  const sight = seesCase(deciding(viewer), row)
  if (sight.sees('documents')) return null
  const kinds = processes.of(row.process, row.version)?.contract.documents ?? {}

  return Object.keys(kinds).filter((kind) => sight.sees(`document:${kind}`))
}

/** The case, if the viewer finds it; to everybody else it does not exist. */
async function foundCase({ db }: Service, viewer: Viewer, caseId: string): Promise<CaseRow> {
  const row = await caseById(db, viewer, caseId as CaseId)
  if (!row || !seesCase(viewer, row).sees('exists')) throw Problem.for('notFound')

  return row
}

/** The case, if the viewer sees its course; whoever only finds it is told that he may not read it. */
export async function seenCase(service: Service, viewer: Viewer, caseId: string): Promise<CaseRow> {
  const row = await foundCase(service, viewer, caseId)
  if (!seesCase(viewer, row).sees('course')) throw forbidden({ code: 'policy.contentHidden' })

  return row
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
    handler: async ({ viewer, query: { after, ...asked } }) => {
      const place = placeOf(after, (text) => parseCaseCursor(text, asked.sort))

      return {
        body: pageBody(await listCases(db, viewer, { ...asked, ...place }), (row) => caseView(viewer, row, processes)),
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
    handler: async ({ actor, viewer, params: { id: caseId } }) => {
      const page = async () => ({
        body: await caseDetail(service, viewer, await seenCase(service, viewer, caseId)),
      })
      const file = await caseById(db, viewer, caseId as CaseId)
      // asked for a case that he does not find as for none: the time that it takes must not tell them apart
      const isFound = file !== null && sightOf(viewer, file.seen).finds
      const begun = isFound ? null : await startOf(db, caseId as CaseId, actor.person)
      const start = file === null ? begun : null

      // a start that was refused has made no case
      return start && start.state !== 'refused' ? answerTo(service, start, page) : page()
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/events',
    summary: 'What happened, from the audit trail',
    params,
    query: z.strictObject({ ...paging, sort: z.enum(['seq', '-seq']).default('seq'), technical: flag.optional() }),
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.eventView) } },
    handler: async ({ viewer, params: { id: caseId }, query }) => {
      const row = await seenCase(service, viewer, caseId)
      const { data, pageInfo } = await eventsOf(db, viewer, row.id, query, {
        newestFirst: query.sort === '-seq',
        technical: query.technical,
      })

      const shown = await hidingIds(
        service,
        viewer,
        row,
        data.map(({ params: said, content: written }) => [said, written]),
      )

      return { body: { data: data.map((event) => eventView(processes, viewer, row, event, shown)), pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/tasks',
    summary: 'Its tasks, oldest first',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.taskView) } },
    handler: async ({ viewer, params: { id: caseId }, query }) => {
      const row = await seenCase(service, viewer, caseId)
      const { data, pageInfo } = await tasksOfCase(db, viewer, row.id, query)

      return { body: { data: data.map((task) => taskView(viewer, task, processes, now())), pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/answers',
    summary: 'What was answered in it, as far as you see it, oldest first',
    params,
    responses: {
      200: { description: 'The last answers', schema: z.strictObject({ data: z.array(schemas.answerView) }) },
    },
    handler: async ({ viewer, params: { id: caseId } }) => {
      const row = await seenCase(service, viewer, caseId)
      const sight = seesCase(viewer, row)
      const begun = sight.sees('answer:start') ? await startAnswer(service, viewer, row) : []
      const { answers, shown } = await answersOf(service, viewer, { ...row, caseId: row.id })
      const seen = completed(answers).filter((answer) => sight.sees(`answer:${answer.row.kind}`))

      return { body: { data: [...begun, ...seen.map((answer) => answerView(viewer, answer, shown))] } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/documents',
    summary: 'Its numbered documents',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.documentView) } },
    handler: async ({ viewer, params: { id: caseId }, query }) => {
      const row = await seenCase(service, viewer, caseId)
      const kinds = documentsSeen(processes, viewer, row)
      const { data, pageInfo } = await documentsOf(db, row.id, kinds, query)
      const sight = seesCase(viewer, row)
      const documents = data.filter(({ kind }) => sight.sees(`document:${kind}`))
      const papers = await papersOf(
        db,
        documents.map(({ id: documentId }) => documentId),
      )

      return {
        body: {
          data: documents.map(({ id: documentId, kind, number, issuer, issuedOn }) => ({
            ...{ id: documentId, kind, number },
            ...{ issuer, issuedOn, papers: papers.get(documentId) ?? null },
          })),
          pageInfo,
        },
      }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/history',
    summary: 'The workflow history behind it, for developers and administrators',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.historyEventView) } },
    handler: async ({ viewer, params: { id: caseId }, query }) => {
      const row = await seenCase(service, viewer, caseId)
      const sight = seesCase(viewer, row)
      if (!sight.sees('technical')) throw forbidden({ code: 'policy.operatorsOnly' })
      // what was said names him wherever it names people
      const content = sight.sees('answers') && (row.seen.subject === null || sight.sees('identity'))
      const events = await historyOf(service, row.id, { content })
      const from = (query.page - 1) * query.perPage
      const { data, pageInfo } = slice(events.slice(from, from + query.perPage + 1), query)
      const shown = await hidingIds(
        service,
        viewer,
        row,
        data.map(({ attributes }) => attributes),
      )

      return { body: { data: data.map((event) => ({ ...event, attributes: shown(event.attributes) })), pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/readers',
    summary: 'Who was shown something of it, in what capacity, when and at which address, newest first',
    params,
    query: window,
    responses: { 200: { description: 'A page', schema: schemas.pageOf(schemas.readerView) } },
    handler: async ({ viewer, params: { id: caseId }, query }) => {
      const row = await foundCase(service, viewer, caseId)
      if (!seesCase(viewer, row).sees('readers')) throw forbidden({ code: 'policy.contentHidden' })
      const named = naming(viewer, row)
      const { data, pageInfo } = await readersOf(db, row.id, query)
      const readers = data.map(({ at, person, onBehalfOf, rows, ...reader }): ReaderView => ({
        ...reader,
        at: at.toISOString(),
        person: named(person),
        onBehalfOf: named(onBehalfOf),
        as: [...rows],
        pieces: [...reader.pieces],
      }))

      return { body: { data: readers, pageInfo } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/cases/:id/acts/:act/refused',
    summary: 'Which of these people or positions a field of the form of an act cannot be given now, and why',
    params: z.strictObject({ id, act: key }),
    query: z.strictObject({ field: key, id: many(id) }),
    responses: { 200: { description: 'Those that cannot be chosen', schema: schemas.refusedIds } },
    handler: async ({ actor, viewer, params: { id: caseId, act }, query: { field, id: ids } }) => {
      const row = await seenCase(service, viewer, caseId)
      const process = processes.of(row.process, row.version)
      const form = process ? offeredAct(service, process, act, { row, actor }) : null
      const kind = process && actKinds(process)[act]
      if (!form || !kind || !mayDo(actor, act, kind, policyCase(row)).may) throw Problem.for('notFound')
      const asked = { form, file: { ...row, caseId: row.id } }

      return { body: { refused: await refusedIds(service, asked, actor, { field, ids }) } }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/cases/:id/acts/:act',
    summary: 'Perform an act on the case',
    params: z.strictObject({ id, act: key }),
    body: z.strictObject({
      step: z.number().int().min(0).max(2_147_483_647),
      form: anyForm,
      capacity,
      confirms: z.boolean().optional(),
    }),
    headers: ['Idempotency-Key'],
    responses: {
      200: { description: 'Done', schema: schemas.caseDetail },
      202: { description: 'Being processed', schema: schemas.commandView },
      204: { description: 'Done, and you see the case no longer' },
    },
    handler: async ({ actor, viewer, params: { id: caseId, act }, body, key: sent }) => {
      const asked = { act, ...body }
      const sending = sendingOfAct(actor, caseId, sent, asked)
      const perform = async () => performAct(service, actor, await seenCase(service, viewer, caseId), sending, asked)

      return answerOnce(service, sending, perform(), async () => {
        const now = await caseById(db, viewer, caseId as CaseId)

        return now && seesCase(viewer, now).sees('course')
          ? { body: await caseDetail(service, viewer, now) }
          : { status: 204 }
      })
    },
  })
}
