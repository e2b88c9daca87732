/**
 * Forms of starts, tasks and acts: zod schemas from which come the JSON Schema the console draws, the validation, and the
 * parting of facts, which rules need and history keeps, from content, which only Postgres keeps. Never imported by a workflow
 * at run time (zod is loaded again for each cached case); a workflow takes its types by `import type`.
 */
import { z } from 'zod'
import {
  FIELD_ERRORS,
  FILE_KINDS,
  isFileKind,
  LARGEST_MB,
  MEGABYTE,
  trimmed,
  USUAL_LARGEST_MB,
  type BodyKey,
  type CaseId,
  type ExtendedRegister,
  type Fact,
  type FieldError,
  type FileId,
  type FileKind,
  type FileLimits,
  type IsoDate,
  type PersonId,
  type PositionId,
} from './contract'

type ContentBrand = z.core.$brand<'content'>

/** A form's value without its personal content: what a workflow is given. */
export type Facts<T> = T extends readonly (infer Item)[]
  ? readonly Facts<Item>[]
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T as NonNullable<T[K]> extends ContentBrand ? never : K]: Facts<T[K]> }

/** Free text about people: kept as a content row, never in history. What nobody sees at its ends is no part of it. */
export const text = (max = 4000) =>
  z
    .string()
    .overwrite(trimmed)
    .min(1)
    .max(max)
    .meta({ 'x-content': true, ...(max > 300 ? { 'x-widget': 'text' } : {}) })
    .brand<'content'>()

/** A list too long for history: kept as content, and read by the store only, as by `openEach`. */
export const rows = <T extends z.ZodType>(item: T, most = 5000) =>
  z.array(item).min(1).max(most).meta({ 'x-content': true }).brand<'content'>()

/** An id of a row. Postgres reads it in capitals too, and what compares text would not: it has one spelling from here on. */
export const uuid = () => z.uuid().toLowerCase()

/** What the console takes from the present post of the form's `person` when that person is chosen; it may be changed. */
type Follows = 'post.from' | 'post.position'
const following = (follows: Follows | undefined) => (follows ? { 'x-follows': follows } : {})

/** A calendar date that exists, of a century in which terms can be counted. */
export const date = (follows?: Follows) =>
  z.iso
    .date()
    .refine((value) => value >= '1900' && value < '2200', 'outsideCalendar')
    .meta(following(follows))
    .transform((value) => value as IsoDate)

/** A period: its last day may be open, and none ends before it begins. */
export const period = () =>
  z
    .strictObject({ from: date(), to: date().nullable().optional() })
    .refine(({ from, to }) => !to || to >= from, { path: ['to'], error: 'beforeFrom' })

export const PERSON_SCOPES = ['body', 'newcomers', 'anyone', 'party'] as const
export type PersonScope = (typeof PERSON_SCOPES)[number]

/**
 * A person of the register. `scope` tells the console whom to offer, and the API whether he must be in office on the day: those of
 * a body and anyone must; a newcomer is compared by his post when the case begins, a party has a part in the case already.
 */
export const person = (scope: Exclude<PersonScope, 'newcomers'> = 'body') =>
  uuid()
    .meta({ 'x-widget': 'person', 'x-scope': scope })
    .transform((value) => value as PersonId)

/** A person who was appointed at most so many days ago; those are offered first of all. */
export const newcomer = (days: number) =>
  uuid()
    .meta({ 'x-widget': 'person', 'x-scope': 'newcomers', 'x-appointed-within': days })
    .transform((value) => value as PersonId)

export const position = (scope: 'body' | 'anyone' = 'body', follows?: Follows) =>
  uuid()
    .meta({ 'x-widget': 'position', 'x-scope': scope, ...following(follows) })
    .transform((value) => value as PositionId)

/** A state body. */
export const body = () =>
  z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w.-]+$/)
    .meta({ 'x-widget': 'body' })
    .transform((value) => value as BodyKey)

/** Another case: one that whoever fills the form in may find, of the same set of rehearsals or as real as this one. */
export const caseRef = () =>
  uuid()
    .meta({ 'x-widget': 'case' })
    .transform((value) => value as CaseId)

/** In a list of facts: the item was taken back, and is shown to nobody as a fact any more. */
export const takenBack = () => z.boolean().meta({ 'x-taken-back': true })

/** A recorded item of a list of the case's facts, by its number from 1: the console offers the list and fills in what is there. */
export const item = (list: string, most = 99) => z.int().min(1).max(most).meta({ 'x-widget': 'item', 'x-list': list })

/**
 * A file of one of these kinds, of at most so many megabytes: whoever fills the form in uploads it first, and the answer holds its id.
 * Several are a list: `z.array(file(...)).max(5)`.
 */
export const file = (kinds: readonly [FileKind, ...FileKind[]], largestMb = USUAL_LARGEST_MB) => {
  if (!(largestMb > 0 && largestMb <= LARGEST_MB))
    throw new RangeError(`a field accepts files of at most ${LARGEST_MB} MB, not of ${largestMb}`)

  return uuid()
    .meta({
      'x-widget': 'file',
      'x-kinds': [...kinds],
      'x-endings': kinds.flatMap((kind) => FILE_KINDS[kind].endings),
      'x-largest': largestMb * MEGABYTE,
    })
    .transform((value) => value as FileId)
}

export type Form = z.ZodObject
export interface ProcessForms {
  readonly start: Form
  readonly tasks: Readonly<Record<string, Form>>
  readonly acts: Readonly<Record<string, Form>>
  /** the facts that matter for its tasks, as a page shows them; nobody fills it in */
  readonly facts?: Form
  /** rows of the registers that the process owns (`registers` of its contract) */
  readonly registers?: Readonly<Record<string, Form>>
  /** fields that it adds to shared registers */
  readonly registerFields?: RegisterFieldForms
}
/** The fields that a process adds to rows of each shared register. */
export type RegisterFieldForms = { readonly [R in ExtendedRegister]?: Form }

export type JsonSchema = { readonly [key: string]: unknown }

const schemas = new WeakMap<Form, JsonSchema>()

/** JSON Schema (2020-12) of what a person fills in, with `x-widget` and `x-content`. */
export function jsonSchemaOf(form: Form): JsonSchema {
  const known = schemas.get(form)
  if (known) return known
  const schema: JsonSchema = z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' })
  schemas.set(form, schema)

  return schema
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export interface Field {
  readonly name: string
  /** the list of facts an item of which it names */
  readonly itemOf: string | null
  /** the values it may have, where they are named, or it is yes or no */
  readonly choices: readonly string[]
  readonly list: boolean
}

/** How a field that is one value is kept and put in order; null: it is a group or a list. */
export type ValueKind = 'text' | 'number' | 'flag' | 'choice' | 'person' | 'position' | 'body' | 'case'

/** The fields of a form that are one value, each with its kind. */
export const valuesOf = (form: Form): readonly { readonly name: string; readonly kind: ValueKind }[] =>
  Object.entries(propertiesOf(jsonSchemaOf(form))).flatMap(([name, schema]) => {
    const kind = kindOf(withoutNull(schema))

    return kind ? [{ name, kind }] : []
  })

const propertiesOf = (schema: unknown): Record<string, unknown> =>
  isRecord(schema) && isRecord(schema['properties']) ? schema['properties'] : {}

/** Facts of a case as they stand: without the items that were taken back, and without the mark that says it of the others. */
export function standing(form: Form, facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const properties = propertiesOf(jsonSchemaOf(form))

  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      const list = properties[name]
      const mark = isRecord(list) ? markOf(list['items']) : undefined

      return [name, mark === undefined || !Array.isArray(value) ? value : withoutMarked(value, mark)]
    }),
  )
}
const markOf = (item: unknown): string | undefined =>
  Object.entries(propertiesOf(item)).find(([, field]) => isRecord(field) && field['x-taken-back'] === true)?.[0]
const withoutMarked = (items: readonly unknown[], mark: string): unknown[] =>
  items.flatMap((item) => {
    if (!isRecord(item)) return [item]
    const { [mark]: gone, ...rest } = item

    return gone === true ? [] : [rest]
  })

/** The one other alternative of a schema that allows null. */
function withoutNull(schema: unknown): unknown {
  const alternatives = isRecord(schema) ? (schema['anyOf'] ?? schema['oneOf']) : undefined
  if (!Array.isArray(alternatives)) return schema
  const others = alternatives.filter((each) => !isRecord(each) || each['type'] !== 'null')

  return others.length === 1 ? others[0] : schema
}

function kindOf(schema: unknown): ValueKind | null {
  if (!isRecord(schema)) return null
  const widget = REFERENCES.find((each) => each === schema['x-widget'])
  if (widget) return widget
  if (Array.isArray(schema['enum'])) return 'choice'
  if (schema['type'] === 'boolean') return 'flag'
  if (schema['type'] === 'integer') return 'number'

  return schema['type'] === 'string' ? 'text' : null
}
const REFERENCES = ['person', 'position', 'body', 'case'] as const

/** Every field of a form, however deep. */
export const fieldsOf = (form: Form): readonly Field[] => fieldsIn(jsonSchemaOf(form))

function fieldsIn(schema: unknown): Field[] {
  return Object.entries(propertiesOf(schema)).flatMap(([name, inner]) => {
    const list = isRecord(inner) && inner['type'] === 'array'
    const item = list ? inner['items'] : inner

    return [{ name, itemOf: listNamedIn(item), choices: choicesIn(item), list }, ...fieldsIn(item)]
  })
}

const listNamedIn = (schema: unknown): string | null =>
  isRecord(schema) && typeof schema['x-list'] === 'string' ? schema['x-list'] : null

function choicesIn(schema: unknown): readonly string[] {
  if (!isRecord(schema)) return []
  if (schema['type'] === 'boolean') return ['true', 'false']

  return Array.isArray(schema['enum']) ? schema['enum'].map(String) : []
}

/** What a form names, by dotted field. */
export interface InField<Id extends string> {
  readonly field: string
  readonly id: Id
}
/** The same of a person or a position, with from among whom it was to be chosen. */
export interface Named<Id extends string> extends InField<Id> {
  readonly scope: PersonScope
}

/** A file that a form names, with what its field accepts. */
export interface NamedFile extends InField<FileId> {
  readonly accepts: FileLimits
}

/** The people, positions, bodies, cases and files that a form names. */
export interface NamedInForm {
  readonly people: readonly Named<PersonId>[]
  readonly positions: readonly Named<PositionId>[]
  readonly bodies: readonly InField<BodyKey>[]
  readonly cases: readonly InField<CaseId>[]
  readonly files: readonly NamedFile[]
}

/** Everything that a validated form names, however deep. */
export function namedIn(form: Form, value: unknown): NamedInForm {
  const people: Named<PersonId>[] = []
  const positions: Named<PositionId>[] = []
  const bodies: InField<BodyKey>[] = []
  const cases: InField<CaseId>[] = []
  const files: NamedFile[] = []
  const look = (schema: unknown, said: unknown, field: string): void => {
    if (!isRecord(schema)) return
    const alternatives = schema['anyOf'] ?? schema['oneOf']
    if (Array.isArray(alternatives)) for (const each of alternatives) look(each, said, field)
    if (typeof said === 'string') {
      const scope = PERSON_SCOPES.find((each) => each === schema['x-scope']) ?? 'body'
      if (schema['x-widget'] === 'person') people.push({ field, id: said as PersonId, scope })
      if (schema['x-widget'] === 'position') positions.push({ field, id: said as PositionId, scope })
      if (schema['x-widget'] === 'body') bodies.push({ field, id: said as BodyKey })
      if (schema['x-widget'] === 'case') cases.push({ field, id: said as CaseId })
      const accepts = limitsIn(schema)
      if (accepts) files.push({ field, id: said as FileId, accepts })
    } else if (Array.isArray(said))
      for (const [index, item] of said.entries()) look(schema['items'], item, within(field, index))
    else if (isRecord(said) && isRecord(schema['properties']))
      for (const [key, inner] of Object.entries(schema['properties'])) look(inner, said[key], within(field, key))
  }
  look(jsonSchemaOf(form), value, '')

  return { people, positions, bodies, cases, files }
}

/** What a field accepts as files; null: it is none for files. */
function limitsIn(schema: unknown): FileLimits | null {
  if (!isRecord(schema) || schema['x-widget'] !== 'file') return null
  const { 'x-kinds': kinds, 'x-largest': largest } = schema

  return Array.isArray(kinds) && typeof largest === 'number' ? { kinds: kinds.filter(isFileKind), largest } : null
}

/** What the field at a dotted place of a form accepts as files; of a list, each of its items. Null: there is no such field. */
export function fileFieldAt(form: Form, field: string): FileLimits | null {
  let schema: unknown = jsonSchemaOf(form)
  for (const part of field.split('.')) {
    const at = withoutNull(schema)
    if (!isRecord(at)) return null
    schema = /^\d+$/.test(part) && at['type'] === 'array' ? at['items'] : propertiesOf(at)[part]
  }
  const found = withoutNull(schema)

  return limitsIn(isRecord(found) && found['type'] === 'array' ? withoutNull(found['items']) : found)
}

/** Named in order to do something by virtue of a post, not because the case is about him or he has a part in it already. */
export const actsByOffice = ({ scope }: Named<PersonId>): boolean => scope === 'body' || scope === 'anyone'

/** From among whom the people are chosen whom a form asks for, however deep. */
export function scopesIn(form: Form): PersonScope[] {
  const look = (schema: unknown): PersonScope[] => {
    if (Array.isArray(schema)) return schema.flatMap(look)
    if (!isRecord(schema)) return []
    const own = PERSON_SCOPES.filter((each) => schema['x-widget'] === 'person' && each === schema['x-scope'])

    return [...own, ...Object.values(schema).flatMap(look)]
  }

  return [...new Set(look(jsonSchemaOf(form)))]
}

const within = (field: string, key: string | number): string => (field === '' ? String(key) : `${field}.${key}`)

/** Keeps what the schema plainly says is a fact; what it marks as content, or says nothing of, is left out. */
function prune(schema: unknown, value: unknown): Fact | undefined {
  if (value === undefined || !isRecord(schema) || schema['x-content'] === true) return undefined
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives)) {
    // free text in one of them is free text
    const kept = alternatives
      .filter((each) => !isRecord(each) || each['type'] !== 'null')
      .map((each) => prune(each, value))
    const alike = new Set(kept.map((each) => JSON.stringify(each))).size === 1

    return alike ? kept[0] : undefined
  }
  if (Array.isArray(value)) return value.map((item) => prune(schema['items'], item) ?? null)
  if (isRecord(value)) {
    const properties = isRecord(schema['properties']) ? schema['properties'] : {}
    const facts: Record<string, Fact> = {}
    for (const [key, item] of Object.entries(value)) {
      const kept = key in properties ? prune(properties[key], item) : undefined
      if (kept !== undefined) facts[key] = kept
    }

    return facts
  }
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value

  return undefined
}

/** The facts of a validated form: everything that its schema does not mark as content. */
export const factsOf = (form: Form, value: unknown): Fact => prune(jsonSchemaOf(form), value) ?? null

/**
 * zod's issues as dotted field → code, which the console puts in words (`errors.<code>`). Parse with `reportInput`, or what
 * has a wrong type reads like what is missing.
 */
export function fieldErrors(error: z.ZodError): Record<string, FieldError> {
  const errors: Record<string, FieldError> = {}
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) errors[[...issue.path, key].join('.')] = 'unknown'
    } else {
      errors[issue.path.join('.') || 'form'] ??= codeOf(issue)
    }
  }

  return errors
}

function codeOf(issue: z.core.$ZodIssue): FieldError {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'required' : 'type'
    case 'too_small':
      return issue.origin === 'string' ? 'required' : 'tooSmall'
    case 'too_big':
      return issue.origin === 'string' ? 'tooLong' : 'tooBig'
    case 'invalid_format':
      return issue.format === 'date' ? 'date' : 'format'
    case 'invalid_value':
      return issue.input === undefined ? 'required' : 'option'
    case 'custom':
      // a refinement names its code as its message
      return FIELD_ERRORS.find((code) => code === issue.message) ?? 'invalid'
    case 'unrecognized_keys':
      return 'unknown'
    default:
      return 'invalid'
  }
}
