/** For programs and operators: live changes, the description of the API, health and figures. */
import { z } from 'zod'
import { INCIDENTS, openIncidents } from '../../prisma/store/incidents'
import { openApiOf } from '../http/openapi'
import { pageOf } from '../http/openapi-page'
import { forbidden, Problem } from '../http/problems'
import { readiness } from '../operations/ready'
import type { Routes } from '../http/route'
import type { Service } from '../service/service'
import { stuckCase } from '../shapes/schemas'
import type { Actor } from '../../workflows/kernel/contract'
import { noteOperated, operates, stuckCasesOf } from '../views/stuck'

const ready = z.strictObject({
  postgres: z.boolean(),
  space: z.boolean(),
  schema: z.boolean(),
  temporal: z.boolean(),
  worker: z.boolean(),
  serving: z.boolean(),
  /** what is not so, in a sentence each */
  why: z.array(z.string()),
})

const incident = z.strictObject({
  caseId: z.uuid(),
  /** null for a case whose first step failed */
  caseNumber: z.string().nullable(),
  kind: z.enum(INCIDENTS),
  params: z.record(z.string(), z.unknown()),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  times: z.number().int(),
})

/** Throws 403 unless the actor operates the product. */
export function requireOperator(actor: Actor): void {
  if (!operates(actor)) throw forbidden({ code: 'policy.operatorsOnly' })
}

export function operationRoutes(routes: Routes, service: Service): void {
  const { live, version } = service
  routes.signed({
    method: 'get',
    path: '/api/events',
    summary:
      'Which tasks and cases that you find change, as server-sent events: {topic, ids}; it ends with your session',
    responses: { 200: { description: 'A stream', type: 'text/event-stream' } },
    handler: async ({ request, response, viewer }) => {
      if (!live.stream(response, request.sessionID, viewer)) throw Problem.for('tooManyStreams')

      return null
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/incidents',
    summary: 'What operators have to look at: cases that try in vain or stand still, histories that grow too long',
    responses: { 200: { description: 'Open incidents, the oldest first', schema: z.array(incident) } },
    handler: async ({ actor, viewer }) => {
      requireOperator(actor)
      const found = await openIncidents(service.db, actor.person)
      // of a case that has not begun there is nothing to show
      for (const { caseId, caseNumber } of found) if (caseNumber !== null) noteOperated(viewer, caseId, 'exists')

      return {
        body: found.map((row) => ({
          ...row,
          firstAt: row.firstAt.toISOString(),
          lastAt: row.lastAt.toISOString(),
        })),
      }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/stuck-cases',
    summary: 'Open cases that nothing will move: no task that anybody may do, no date, no other case',
    responses: { 200: { description: 'A hundred at most, the longest first', schema: z.array(stuckCase) } },
    handler: async ({ actor, viewer }) => {
      requireOperator(actor)

      return { body: await stuckCasesOf(service, viewer) }
    },
  })
  routes.open({
    method: 'get',
    path: '/live',
    summary: 'The process answers',
    responses: { 200: { description: 'It does', schema: z.strictObject({ live: z.literal(true) }) } },
    handler: async () => ({ body: { live: true } }),
  })
  routes.open({
    method: 'get',
    path: '/ready',
    summary: 'A decision can be taken and carried through',
    responses: { 200: { description: 'It can', schema: ready }, 503: { description: 'It cannot', schema: ready } },
    handler: async () => {
      const found = await readiness(service)

      return { status: found.why.length === 0 ? 200 : 503, body: { ...found, why: [...found.why] } }
    },
  })
  let known: ReturnType<typeof openApiOf> | undefined
  let page: string | undefined
  const description = () => (known ??= openApiOf(routes.specs, version))
  routes.open({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    responses: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
    handler: async () => ({ body: description() }),
  })
  routes.open({
    method: 'get',
    path: '/docs',
    summary: 'This description, to read',
    responses: { 200: { description: 'A page', type: 'text/html' } },
    handler: async () => ({ body: (page ??= pageOf(description())) }),
  })
}
