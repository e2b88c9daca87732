/** The shapes of the register's rows, and which fields an administrator may enter or change. */
import { z } from 'zod'
import { END_GROUNDS } from '../../workflows/service/posts'
import { POST_KINDS, type AddedFields } from '../../workflows/kernel/register'
import { UNITS } from '../../workflows/kernel/law/register-values'
import { trimmed, WEEK_PROFILES, type BodyKey, type PersonId } from '../../workflows/kernel/contract'
import { anyForm, id as uuid, isoDate, key, mailAddress } from '../http/fields'
import { bodyRef, name, personRef } from '../shapes/schemas'

const confidence = z.enum(['S', 'L', 'O', 'N', 'B', 'U', 'D'])
const shownDate = z.string().meta({ format: 'date' })
const unverified = z.boolean()
const version = z.number().int()
const id = z.string()
const text = z.string()
const ref = z.strictObject({ id, name })
const range = z.strictObject({ from: z.number().int(), to: z.number().int() })

/** Fields that processes add to a register, by process: see `registerFields` of each. */
const added = z.record(z.string(), anyForm)

/** Rows as they are answered; a column that the reader is not shown is absent. */
export const rows = {
  regions: z.strictObject({ id, name, timezone: text, kind: text, createdOn: shownDate.nullable(), source: text }),
  bodies: z.strictObject({
    id,
    name,
    kind: text,
    parent: text.nullable(),
    region: text,
    weekProfile: z.enum(WEEK_PROFILES),
    source: text,
    version,
  }),
  units: z.strictObject({ id, body: bodyRef, name, version }),
  positions: z.strictObject({
    id,
    body: bodyRef,
    unit: ref.nullable(),
    category: text,
    corps: text,
    name,
    headsUnit: z.boolean(),
    headsBody: z.boolean(),
    elected: z.boolean(),
    holder: z.strictObject({ person: personRef, from: shownDate }).nullable().exactOptional(),
    fields: added.exactOptional(),
    version,
  }),
  people: z.strictObject({
    id,
    name,
    surname: name,
    given: name,
    sex: text.exactOptional(),
    birthDate: shownDate.exactOptional(),
    email: text.nullable().exactOptional(),
    post: z
      .strictObject({ id, from: shownDate, position: ref, unit: ref.nullable(), body: bodyRef })
      .nullable()
      .exactOptional(),
    sample: z.boolean(),
    fields: added.exactOptional(),
    version,
  }),
  posts: z.strictObject({
    id,
    person: personRef,
    position: ref,
    body: bodyRef,
    from: shownDate,
    to: shownDate.nullable(),
    endGround: text.nullable().exactOptional(),
    kind: z.enum(POST_KINDS),
    version,
  }),
  roles: z.strictObject({
    id,
    person: personRef,
    role: text,
    body: bodyRef,
    from: shownDate,
    to: shownDate.nullable(),
    basis: text.exactOptional(),
    /** the post by virtue of which it is held, with which it ends */
    post: id.nullable().exactOptional(),
    version,
  }),
  categories: z.strictObject({
    id,
    group: text,
    rank: z.number().nullable(),
    corps: text,
    managerial: text,
    bodyKind: text,
    confidence,
    source: text,
    unverified,
  }),
  regimes: z.strictObject({
    id,
    name,
    validFrom: shownDate.nullable(),
    validTo: shownDate.nullable(),
    basis: text,
    confidence,
    unverified,
  }),
  terms: z.strictObject({
    id,
    key: text,
    process: text,
    name,
    value: z.number().nullable(),
    unit: text,
    regime: text,
    confidence,
    unverified,
    source: text,
    valueMin: z.number().nullable(),
    valueMax: z.number().nullable(),
    /** from what to what the value may go */
    range,
    validFrom: shownDate.nullable(),
    validTo: shownDate.nullable(),
    version,
  }),
  rules: z.strictObject({
    id,
    key: text,
    regime: text,
    value: z.union([z.boolean(), z.number(), z.string()]),
    /** what the value may be; null for a key that no process of this release knows */
    kind: z.union([z.literal('yesNo'), range]).nullable(),
    /** it is off until the act and the day that brought it into force are entered */
    flag: z.boolean(),
    act: text.nullable(),
    inForceFrom: shownDate.nullable(),
    confidence,
    unverified,
    source: text,
    version,
  }),
  holidays: z.strictObject({
    id,
    date: shownDate,
    nameKey: text,
    name,
    kind: text,
    moves: z.boolean(),
    confidence,
    source: text,
    unverified,
    version,
  }),
  swaps: z.strictObject({
    id,
    date: shownDate,
    kind: z.enum(['working', 'off']),
    appliesTo: z.enum(['five-day', 'all']),
    reason: text,
    confidence,
    source: text,
    unverified,
    version,
  }),
  'body-days': z.strictObject({ id, body: text, date: shownDate, working: z.boolean(), reason: text, version }),
} as const
export type Resource = keyof typeof rows

/** A row by the names of its columns, as the trail keeps it. */
const keptRow = z.record(z.string(), z.unknown()).nullable()
/** One change of a row: entered when there is nothing before, removed when there is nothing after. */
export const rowChange = z.strictObject({
  seq: z.number(),
  at: z.string().meta({ format: 'date-time' }),
  by: z.enum(['person', 'case', 'system']),
  person: personRef.nullable(),
  capacity: text.nullable(),
  case: text.nullable(),
  document: text.nullable(),
  basis: text.nullable(),
  before: keptRow,
  after: keptRow,
})

// ---------------------------------------------------------------- what is sent

const words = (max: number) => z.string().overwrite(trimmed).min(1).max(max)
const newName = z.strictObject({ kk: words(200), ru: words(200), en: words(200) })
const source = words(500)

/** What JSON can say; the forms of the processes read it (`withAddedFields`). */
const newAdded = added.transform((value) => value as AddedFields)

const holiday = { date: isoDate, name: newName, moves: z.boolean(), confidence, source }
const swap = {
  date: isoDate,
  kind: z.enum(['working', 'off']),
  appliesTo: z.enum(['five-day', 'all']),
  reason: words(500),
  confidence,
  source,
}
const bodyDay = { working: z.boolean(), reason: words(500) }

type Shape = Record<string, z.ZodType>
/** Any of these fields, at least one. */
const anyOf = <S extends Shape>(shape: S) =>
  z
    .strictObject(
      Object.fromEntries(Object.entries(shape).map(([field, type]) => [field, z.exactOptional(type)])) as {
        [K in keyof S]: z.ZodExactOptional<S[K]>
      },
    )
    .refine((change) => Object.keys(change).length > 0, { error: 'required' })

export const changes = {
  bodies: anyOf({ name: newName, weekProfile: z.enum(WEEK_PROFILES) }),
  units: anyOf({ name: newName }),
  positions: anyOf({ name: newName, category: key, unit: uuid.nullable(), headsUnit: z.boolean(), fields: newAdded }),
  people: anyOf({
    surname: newName,
    given: newName,
    birthDate: isoDate,
    email: mailAddress.nullable(),
    fields: newAdded,
  }),
  posts: anyOf({
    from: isoDate,
    to: isoDate.nullable(),
    endGround: z.enum(END_GROUNDS).nullable(),
    kind: z.enum(POST_KINDS),
  }),
  roles: anyOf({ from: isoDate, to: isoDate.nullable(), basis: words(500), post: uuid.nullable() }),
  terms: anyOf({
    // which of these a row may have, its key says
    value: z.int().nullable(),
    unit: z.enum(UNITS),
    confidence,
    source,
    validFrom: isoDate.nullable(),
    validTo: isoDate.nullable(),
  }),
  rules: anyOf({
    value: z.union([z.boolean(), z.int()]),
    confidence,
    source,
    act: source.nullable(),
    inForceFrom: isoDate.nullable(),
  }),
  holidays: anyOf(holiday),
  swaps: anyOf(swap),
  'body-days': anyOf(bodyDay),
} as const

export const entries = {
  roles: z.strictObject({
    person: uuid.transform((value) => value as PersonId),
    role: key,
    body: key.transform((value) => value as BodyKey),
    from: isoDate,
    to: isoDate.nullable(),
    basis: words(500),
    post: uuid.nullable().exactOptional(),
  }),
  holidays: z.strictObject({
    ...holiday,
    nameKey: z.string().regex(/^[a-zA-Z][\w-]{0,59}$/),
    kind: z.enum(['state', 'national', 'religious']),
  }),
  swaps: z.strictObject(swap),
  'body-days': z.strictObject({ ...bodyDay, body: key.transform((value) => value as BodyKey), date: isoDate }),
} as const
