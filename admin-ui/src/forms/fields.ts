/** What a JSON Schema asks of a person, as a small tree that the renderer walks. Pure, so that it can be tested. */
import type { OfferView } from '../../../api/shapes/views'
import { trimmed } from '../../../workflows/kernel/contract/blanks'

export type Path = readonly (string | number)[]
export type Register = 'person' | 'position' | 'body' | 'case'

interface Common {
  name: string
  required: boolean
  readOnly: boolean
  /** what of the post of the form's `person` it takes when that person is chosen */
  follows: 'post.from' | 'post.position' | null
  /** shown only while another field of the same object has one of these values */
  when: { field: string; values: readonly unknown[] } | null
}
export type Field = Common &
  (
    | { kind: 'text'; long: boolean; maxLength: number | null }
    | { kind: 'date' }
    | { kind: 'number'; integer: boolean; min: number | null; max: number | null }
    | { kind: 'boolean'; explicit: boolean }
    /** `words`: where the words of its options are */
    | { kind: 'choice'; options: readonly string[]; words: string }
    | { kind: 'constant'; value: unknown }
    /** `appointedWithin`: people appointed at most so many days ago are offered first of all; null: whoever it is */
    | { kind: 'reference'; register: Register; scope: string; appointedWithin: number | null }
    | { kind: 'item' }
    /** `endings`: of the names of its kinds; `largest`: bytes */
    | { kind: 'file'; kinds: readonly string[]; endings: readonly string[]; largest: number }
    | { kind: 'object'; fields: readonly Field[] }
    | { kind: 'list'; item: Field; fixed: boolean; min: number; max: number | null }
  )

/** A value as text: as it is where it is one, else as JSON. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value

  return JSON.stringify(value) ?? ''
}

type Json = Record<string, unknown>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const numberOr = <D>(value: unknown, otherwise: D): number | D => (typeof value === 'number' ? value : otherwise)

/** Follows local references, merges `allOf`, and takes the one real branch of "this or null". */
function resolved(schema: Json, root: Json): Json {
  const ref = schema['$ref']
  if (typeof ref === 'string' && ref.startsWith('#/')) {
    const target = ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, part) => (isJson(at) ? at[part] : undefined), root)

    return resolved({ ...(isJson(target) ? target : {}), ...without(schema, '$ref') }, root)
  }
  const all = listOf(schema['allOf']).filter(isJson)
  if (all.length > 0) return resolved({ ...without(schema, 'allOf'), ...Object.assign({}, ...all) }, root)
  for (const key of ['anyOf', 'oneOf']) {
    const branches = listOf(schema[key]).filter(isJson)
    const real = branches.filter((branch) => branch['type'] !== 'null')
    if (real.length === 1 && real[0]) return resolved({ ...real[0], ...without(schema, key), 'x-nullable': true }, root)
    const constants = real.map((branch) => branch['const'])
    if (real.length > 1 && constants.every((value) => typeof value === 'string')) {
      return { ...without(schema, key), type: 'string', enum: constants }
    }
  }

  return schema
}

const without = (schema: Json, key: string): Json =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key))

const FOLLOWS = ['post.from', 'post.position'] as const
const REGISTERS: readonly Register[] = ['person', 'position', 'body', 'case']

function conditionOf(value: unknown): Common['when'] {
  if (!isJson(value)) return null
  const [entry] = Object.entries(value)
  if (!entry) return null
  const [field, wanted] = entry

  return { field, values: Array.isArray(wanted) ? wanted : [wanted] }
}

function fieldOf(name: string, given: unknown, required: boolean, root: Json): Field {
  const schema = resolved(isJson(given) ? given : {}, root)
  const common: Common = {
    name,
    required: required && schema['x-nullable'] !== true,
    readOnly: schema['readOnly'] === true,
    follows: FOLLOWS.find((each) => each === schema['x-follows']) ?? null,
    when: conditionOf(schema['x-when']),
  }
  const register = REGISTERS.find((widget) => widget === schema['x-widget'])
  if (register)
    return {
      ...common,
      kind: 'reference',
      register,
      scope: asText(schema['x-scope'] ?? 'body'),
      appointedWithin: numberOr(schema['x-appointed-within'], null),
    }
  if (schema['x-widget'] === 'item') return { ...common, kind: 'item' }
  if (schema['x-widget'] === 'file')
    return {
      ...common,
      kind: 'file',
      kinds: listOf(schema['x-kinds']).map(asText),
      endings: listOf(schema['x-endings']).map(asText),
      largest: numberOr(schema['x-largest'], 0),
    }
  if ('const' in schema) return { ...common, kind: 'constant', value: schema['const'] }
  const options = listOf(schema['enum']).filter((option) => typeof option === 'string')
  if (options.length > 0)
    return { ...common, kind: 'choice', options, words: asText(schema['x-words'] ?? `options.${name}`) }
  const type = Array.isArray(schema['type']) ? schema['type'].find((each) => each !== 'null') : schema['type']
  switch (type) {
    case 'object':
      return { ...common, kind: 'object', fields: fieldsOf(schema, root) }
    case 'array':
      return {
        ...common,
        kind: 'list',
        item: fieldOf(name, schema['items'], true, root),
        fixed: schema['x-fixed'] === true,
        min: numberOr(schema['minItems'], 0),
        max: numberOr(schema['maxItems'], null),
      }
    case 'boolean':
      // a decision between yes and no must be made, not left at a default
      return { ...common, kind: 'boolean', explicit: required && schema['default'] === undefined }
    case 'integer':
    case 'number':
      return {
        ...common,
        kind: 'number',
        integer: type === 'integer',
        min: numberOr(schema['minimum'], null),
        max: numberOr(schema['maximum'], null),
      }
    default:
      if (schema['format'] === 'date') return { ...common, kind: 'date' }

      return {
        ...common,
        kind: 'text',
        long: schema['x-widget'] === 'text',
        maxLength: numberOr(schema['maxLength'], null),
      }
  }
}

/** The fields of an object schema, in the order in which the process declares them. */
export function fieldsOf(schema: Json, root: Json = schema): Field[] {
  const properties = isJson(schema['properties']) ? schema['properties'] : {}
  const required = new Set(listOf(schema['required']))

  return Object.entries(properties).map(([name, property]) => fieldOf(name, property, required.has(name), root))
}

export type Values = Record<string, unknown>

export const isValues = isJson

/** The values of a form in a draft that holds more than them. */
export const formIn = (draft: Values): Values => (isValues(draft['form']) ? draft['form'] : {})

/** The value at a path, undefined where there is none. */
export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, part) => {
    if (Array.isArray(at) && typeof part === 'number') return at[part]

    return isJson(at) ? at[String(part)] : undefined
  }, values)
}

/** A copy with another value at a path. */
export function withValue<V>(values: V, path: Path, value: unknown): V
export function withValue(values: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (typeof part === 'number') {
    const items = [...listOf(values)]
    items[part] = withValue(items[part], rest, value)

    return items
  }
  const object = isJson(values) ? values : {}

  return { ...object, [part]: withValue(object[part], rest, value) }
}

/** A new entry of a list. */
export function blank(field: Field): unknown {
  return field.kind === 'object' ? {} : field.kind === 'list' ? [] : ''
}

/** The values a form begins with: as many blank entries as a list must have at least, so that nobody has to add the first. */
export function withBlanks(fields: readonly Field[], values: Values): Values {
  const begun = { ...values }
  for (const field of fields) {
    if (field.kind !== 'list' || field.fixed || !field.required) continue
    const items = [...listOf(begun[field.name])]
    while (items.length < field.min) items.push(blank(field.item))
    begun[field.name] = items
  }

  return begun
}

/** Whether a field is to be shown, by the values of the object that it is in. */
export const isShown = (field: Field, siblings: unknown): boolean =>
  field.when === null || field.when.values.includes(isJson(siblings) ? siblings[field.when.field] : undefined)

/** A group that may be left out is left out while all of it is blank. */
const isFilled = ({ required, fields }: Extract<Field, { kind: 'object' }>, value: unknown): boolean =>
  required || (isJson(value) && Object.keys(payload(fields, value)).length > 0)

function payloadOf(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'constant':
      return field.value
    case 'object':
      return isFilled(field, value) ? payload(field.fields, isJson(value) ? value : {}) : undefined
    case 'list':
      return Array.isArray(value) || field.required
        ? listOf(value)
            .map((item) => payloadOf(field.item, item))
            .filter((item) => item !== undefined)
        : undefined
    case 'item':
    case 'number': {
      if (typeof value !== 'string') return value ?? undefined
      const number = Number(value.replace(',', '.'))

      return trimmed(value) === '' ? undefined : Number.isNaN(number) ? value : number
    }
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    default:
      return value === '' || value === null ? undefined : value
  }
}

/** What is sent: the values without empty strings, numbers as numbers, nothing of what is not shown. */
export function payload(fields: readonly Field[], values: Values): Values {
  const result: Values = {}
  for (const field of fields) {
    if (!isShown(field, values)) continue
    const value = payloadOf(field, values[field.name])
    if (value !== undefined) result[field.name] = value
  }

  return result
}

/** Dotted paths of required fields that are still empty. The server checks everything else, and this again. */
export function missing(fields: readonly Field[], values: Values, path: Path = []): string[] {
  return fields.flatMap((field) => {
    if (!isShown(field, values) || field.readOnly) return []

    return missingIn(field, values[field.name], [...path, field.name])
  })
}

function missingIn(field: Field, value: unknown, path: Path): string[] {
  if (field.kind === 'object') {
    return isFilled(field, value) ? missing(field.fields, isJson(value) ? value : {}, path) : []
  }
  if (field.kind === 'list') {
    const items = listOf(value)
    const short = items.length < field.min ? [path.join('.')] : []

    return [...short, ...items.flatMap((item, index) => missingIn(field.item, item, [...path, index]))]
  }
  const empty = value === undefined || value === null || (typeof value === 'string' && trimmed(value) === '')

  return field.required && field.kind !== 'constant' && empty ? [path.join('.')] : []
}

/** By how many characters a text is longer than it may be, without what nobody sees at its ends; 0 where it fits. */
export const tooLongBy = (value: unknown, max: number | null): number =>
  typeof value === 'string' && max !== null ? Math.max(0, trimmed(value).length - max) : 0

/** Texts that are longer than their fields take, by dotted path, and by how much. Nothing of them is cut off. */
export function overlong(
  fields: readonly Field[],
  values: Values,
  path: Path = [],
): { readonly path: string; readonly max: number; readonly by: number }[] {
  return fields.flatMap((field) =>
    isShown(field, values) && !field.readOnly ? overlongIn(field, values[field.name], [...path, field.name]) : [],
  )
}

function overlongIn(field: Field, value: unknown, path: Path): ReturnType<typeof overlong> {
  switch (field.kind) {
    case 'object':
      return overlong(field.fields, isJson(value) ? value : {}, path)
    case 'list':
      return listOf(value).flatMap((item, index) => overlongIn(field.item, item, [...path, index]))
    case 'text': {
      const by = tooLongBy(value, field.maxLength)

      return field.maxLength !== null && by > 0 ? [{ path: path.join('.'), max: field.maxLength, by }] : []
    }
    default:
      return []
  }
}

/** The code of the sentence why a value at a dotted path cannot be chosen, or null. Places in lists do not matter. */
export function refusedAs(offer: OfferView | null, path: Path, value: unknown): string | null {
  if (!offer || value === undefined || value === null || value === '') return null
  const name = path.filter((part) => typeof part === 'string').join('.')
  const days = offer.days[name]
  if (days && typeof value === 'string') {
    // half a year typed is no date yet
    if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return null
    if (days.from && value < days.from.on) return days.from.code
    if (days.to && value > days.to.on) return days.to.code
  }

  return offer.refused[name]?.[asText(value)] ?? null
}

/** Values that the form does not offer as the case stands, by dotted path, each with the code of its sentence. */
export function notOffered(
  fields: readonly Field[],
  values: Values,
  offer: OfferView | null,
  path: Path = [],
): { readonly path: string; readonly code: string }[] {
  return fields.flatMap((field) =>
    isShown(field, values) && !field.readOnly
      ? notOfferedIn(field, values[field.name], offer, [...path, field.name])
      : [],
  )
}

function notOfferedIn(
  field: Field,
  value: unknown,
  offer: OfferView | null,
  path: Path,
): ReturnType<typeof notOffered> {
  if (field.kind === 'object') return notOffered(field.fields, isJson(value) ? value : {}, offer, path)
  if (field.kind === 'list')
    return listOf(value).flatMap((item, index) => notOfferedIn(field.item, item, offer, [...path, index]))
  const code = refusedAs(offer, path, value)

  return code === null ? [] : [{ path: path.join('.'), code }]
}
