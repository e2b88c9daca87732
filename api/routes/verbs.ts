/** The verbs of a task. Claiming and handing over are the store's; answering goes to the workflow as a command. */
import { z } from 'zod'
import { personById } from '../../prisma/store/accounts'
import type { TaskRow } from '../../prisma/store/inbox'
import { rolesOf } from '../../prisma/store/service'
import * as tasks from '../../prisma/store/tasks'
import type { CaseId, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { instant } from '../../workflows/kernel/clock'
import type { Actor } from '../../workflows/kernel/messages'
import { mayHold } from '../../workflows/kernel/policy'
import { answerTask, type Answering } from '../answers'
import { notChanged } from '../commands'
import { anyForm, id, version } from '../fields'
import { caseToday, mayAssign, policyTask, taskView } from '../present'
import { Problem, forbidden, invalid } from '../problems'
import type { AskedBy, Reply, Routes } from '../route'
import * as schemas from '../schemas'
import type { Service } from '../service'
import { seenTask } from './tasks'

const params = z.strictObject({ id })
const seenOnly = z.strictObject({ version })
const toPerson = z.strictObject({ version, person: id })
const responses = { 200: { description: 'The task as it is now', schema: schemas.taskView } }

type Simple = 'claim' | 'release' | 'start'
type Handover = 'assign' | 'delegate'
const SUMMARIES: Readonly<Record<Simple | Handover, string>> = {
  claim: 'Take a task that waits for a role of yours',
  release: 'Give it back to the role',
  start: 'Say that you have begun',
  assign: 'Give a task of your body to one who may hold it',
  delegate: 'Hand your task to another who may hold it',
}

export function taskVerbRoutes(routes: Routes, service: Service): void {
  const { db, now, processes } = service

  const command = (actor: Actor, row: TaskRow, seen: number, capacity: string): tasks.TaskCommand => ({
    task: row.id,
    case: row.caseId as CaseId,
    version: seen,
    actor: actor.person,
    capacity,
    at: instant(now()),
    on: caseToday(row.clock, now()),
  })
  /** One condition after another: whose, in what state, which version; the store repeats the last two in SQL. */
  const changed = async (actor: Actor, row: TaskRow, moved: Promise<tasks.Moved>): Promise<Reply> => {
    const result = await moved
    if (!result.changed) throw notChanged(result.why)

    return { body: taskView(actor, { ...row, ...result.now }, processes, now()) }
  }

  const SIMPLE: Readonly<Record<Simple, typeof tasks.claim>> = tasks
  for (const verb of ['claim', 'release', 'start'] as const) {
    routes.signed({
      method: 'post',
      path: `/api/tasks/:id/${verb}`,
      summary: SUMMARIES[verb],
      params,
      body: seenOnly,
      responses,
      handler: async ({ actor, params: { id: taskId }, body }) => {
        const row = await seenTask(service, actor, taskId)
        const verdict = mayHold(actor, policyTask(row))
        if (!verdict.may) throw forbidden(verdict.reason)
        if (verb !== 'claim' && row.assignee && row.assignee.id !== actor.person) {
          throw forbidden({ code: 'policy.heldByAnother' })
        }

        return changed(actor, row, SIMPLE[verb](db, command(actor, row, body.version, verdict.capacity)))
      },
    })
  }

  /** The one who is to hold it must be one who may: exclusion and roles bind whoever hands it over. */
  async function receiver(row: TaskRow, person: string, on: IsoDate): Promise<PersonId> {
    const to = person as PersonId
    if (!(await personById(db, to))) throw invalid({ person: 'unknownId' })
    const verdict = mayHold({ person: to, grants: await rolesOf(db, to, on) }, policyTask(row))
    if (!verdict.may) throw Problem.for('invalidForm', { errors: { person: 'mayNotHold' }, reason: verdict.reason })

    return to
  }
  routes.signed({
    method: 'post',
    path: '/api/tasks/:id/assign',
    summary: SUMMARIES.assign,
    params,
    body: toPerson,
    responses,
    handler: async ({ actor, today, params: { id: taskId }, body }) => {
      const row = await seenTask(service, actor, taskId)
      if (!mayAssign(actor, policyTask(row))) throw forbidden({ code: 'policy.noRole' })
      const to = await receiver(row, body.person, today)

      return changed(actor, row, tasks.assign(db, { ...command(actor, row, body.version, 'head'), to }))
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/tasks/:id/delegate',
    summary: SUMMARIES.delegate,
    params,
    body: toPerson,
    responses,
    handler: async ({ actor, today, params: { id: taskId }, body }) => {
      const row = await seenTask(service, actor, taskId)
      const verdict = mayHold(actor, policyTask(row))
      if (!verdict.may) throw forbidden(verdict.reason)
      if (row.assignee && row.assignee.id !== actor.person) throw forbidden({ code: 'policy.heldByAnother' })
      const to = await receiver(row, body.person, today)

      return changed(actor, row, tasks.delegate(db, { ...command(actor, row, body.version, verdict.capacity), to }))
    },
  })

  const sent = {
    params,
    headers: ['Idempotency-Key'],
    responses: { ...responses, 202: { description: 'Being processed', schema: schemas.commandView } },
  } as const
  const answer = async (
    { actor, params: { id: taskId }, key }: AskedBy<{ id: string }, unknown, unknown>,
    seen: number,
    answering: Answering,
  ) => answerTask(service, actor, await seenTask(service, actor, taskId), { version: seen, key, ...answering })
  const formBody = z.strictObject({ version, form: anyForm })
  routes.signed({
    ...sent,
    method: 'post',
    path: '/api/tasks/:id/complete',
    summary: 'Answer the task',
    body: formBody,
    handler: (asked) => answer(asked, asked.body.version, { verb: 'complete', form: asked.body.form }),
  })
  routes.signed({
    ...sent,
    method: 'post',
    path: '/api/tasks/:id/return',
    summary: 'Send what was answered before back for revision',
    body: z.strictObject({ version, remarks: z.string().max(4000) }),
    handler: (asked) => answer(asked, asked.body.version, { verb: 'return', form: { remarks: asked.body.remarks } }),
  })
  routes.signed({
    ...sent,
    method: 'post',
    path: '/api/tasks/:id/recuse',
    summary: 'Withdraw from the matter as a member of its commission, with a reason',
    body: z.strictObject({ version, reason: z.string().max(4000) }),
    handler: (asked) => answer(asked, asked.body.version, { verb: 'recuse', form: { reason: asked.body.reason } }),
  })
  routes.signed({
    ...sent,
    method: 'post',
    path: '/api/tasks/:id/ask',
    summary: 'Put a question to a person before answering',
    body: z.strictObject({ version, person: id, question: z.string().max(4000) }),
    handler: ({ body: { version: seen, ...form }, ...asked }) =>
      answer({ ...asked, body: null }, seen, { verb: 'ask', form }),
  })
  routes.signed({
    ...sent,
    method: 'post',
    path: '/api/tasks/:id/withdrawQuestion',
    summary: 'Take back the question put from this task',
    body: seenOnly,
    handler: (asked) => answer(asked, asked.body.version, { verb: 'withdrawQuestion', form: {} }),
  })
}
