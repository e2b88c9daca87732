/** Every field that the API takes, from the list of its routes and the forms of its processes: a new one is tried without a word. */
import express from 'express'
import { z } from 'zod'
import { addRoutes } from '../../api/app'
import type { Service } from '../../api/service/service'
import { KERNEL_FORMS } from '../../workflows/kernel/kernel-forms'
import { processes } from '../../workflows/registry'

export interface Leaf {
  readonly at: string
  readonly schema: z.ZodType
}

/** The fields of a schema that hold one value, however deep. */
function leavesOf(schema: unknown, at: string): Leaf[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, inner]) => leavesOf(inner, `${at}.${name}`))
  if (schema instanceof z.ZodArray) return leavesOf(schema.element, at)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => leavesOf(option, at))
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  )
    return leavesOf(schema.unwrap(), at)

  return schema instanceof z.ZodType ? [{ at, schema }] : []
}

export const takes = ({ schema }: Leaf, value: string): boolean => schema.safeParse(value).success
/** What becomes of it, or `refused`. */
export const given = ({ schema }: Leaf, value: string): unknown => {
  const parsed = schema.safeParse(value)
  if (!parsed.success) return 'refused'
  const found: unknown = parsed.data

  // one of many
  return Array.isArray(found) && found.length === 1 ? found[0] : found
}

/** Every field of every route and every form. */
export function allLeaves(service: Service): Leaf[] {
  const { specs } = addRoutes(express(), service, {})
  const inRoutes = specs.flatMap(({ method, path, params, query, body }) =>
    [params, query, body].flatMap((schema) => leavesOf(schema, `${method} ${path}`)),
  )
  const forms = processes.all.flatMap(({ contract: { name }, forms: { start, tasks, acts } }) =>
    Object.entries({ start, ...tasks, ...acts }).map(([kind, form]) => [`${name} ${kind}`, form] as const),
  )
  const inForms = [...forms, ...Object.entries(KERNEL_FORMS)].flatMap(([kind, form]) => leavesOf(form, `form ${kind}`))

  return [...inRoutes, ...inForms]
}
