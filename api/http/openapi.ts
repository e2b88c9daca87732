/** /openapi.json, made from the schemas that validate. */
import { z } from 'zod'
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi'
import type { AnySpec, ResponseSpec } from './route'
import { problem } from '../shapes/schemas'

const PROBLEM = {
  description: 'A problem (RFC 9457) with a code',
  content: { 'application/problem+json': { schema: problem } },
}

const responseOf = ({ description, schema, type }: ResponseSpec) => ({
  description,
  ...(schema ? { content: { [type ?? 'application/json']: { schema } } } : type ? { content: { [type]: {} } } : {}),
})

const HEADERS = {
  'Idempotency-Key': z.string().min(1).max(200).optional().meta({
    description:
      'Sent twice with the same body it has one effect and one answer. That of a start without your name, and no other, begins with `unnamed-`, followed by 32 random characters or more',
  }),
  'If-Match': z.string().max(20).optional().meta({ description: 'Version that was read' }),
}

function operationOf(spec: AnySpec) {
  const path = spec.params instanceof z.ZodObject ? spec.params : undefined
  const query = spec.query instanceof z.ZodObject ? spec.query : undefined
  const header = spec.headers
    ? z.object(Object.fromEntries(spec.headers.map((name) => [name, HEADERS[name]])))
    : undefined

  return {
    operationId: `${spec.method} ${spec.path}`.replace(/[^A-Za-z]+(\w)/g, (_all, letter: string) =>
      letter.toUpperCase(),
    ),
    summary: spec.summary,
    tags: [spec.path.split('/')[2] ?? 'service'],
    ...(spec.open ? {} : { security: [{ session: [] }] }),
    requestParams: { ...(path ? { path } : {}), ...(query ? { query } : {}), ...(header ? { header } : {}) },
    ...(spec.body ? { requestBody: { required: true, content: { 'application/json': { schema: spec.body } } } } : {}),
    ...(spec.bytes ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(spec.responses).map(([status, response]) => [status, responseOf(response)])),
      '4XX': PROBLEM,
      '5XX': PROBLEM,
    },
  }
}

/** The OpenAPI 3.1 description of the routes. */
export function openApiOf(specs: readonly AnySpec[], version: string) {
  const paths: ZodOpenApiPathsObject = {}
  for (const spec of specs) {
    const path = spec.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [spec.method]: operationOf(spec) }
  }

  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Mansap', version, license: { name: 'Apache-2.0' } },
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'mansap' } },
    },
    paths,
  })
}
