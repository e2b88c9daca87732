/** Parts of which query strings, paths and bodies are made, each with its limit. */
import { z } from 'zod'
import { trimmed } from '../../workflows/kernel/contract'
import { date, uuid } from '../../workflows/kernel/forms'
import { isPlainText } from './input'

/** Short text of a query. */
export const word = (max = 100) => z.string().overwrite(trimmed).min(1).max(max)
export const id = uuid()
const keyUpTo = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[\w.:@*-]+$/)
/** A natural key of a register row, `ministryFinance`; that of a term for all regimes ends in `*`. */
export const key = keyUpTo(100)
/** The address of a form: keys and an id, joined by colons. */
export const formAddress = keyUpTo(250)
/** A date that exists, of the centuries in which the product counts; all others are refused at the edge. */
export const isoDate = date()
/** What people call a set of rehearsals. Alike to the eye is alike: letters are composed, and blanks are one or none. */
export const setName = z
  .string()
  .overwrite(trimmed)
  .normalize()
  .overwrite((text) => text.replace(/ +/g, ' '))
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u)
/** A filter: one set of rehearsals, or any. */
export const rehearsal = z.union([z.literal('*'), setName])
export const version = z.number().int().min(1).max(2_147_483_647)
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

/** In which of several capacities somebody acts; who has one need not say. */
export const capacity = key.optional().meta({ description: 'In which capacity you act, if you might in several' })

/** One or many: `?id=a&id=b`. */
export const many = <T extends z.ZodType<string, string>>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).max(200)])

/** `pageInfo.end` of a page: a list continues behind it. As long as the longest names in it. */
export const behind = word(4000).optional().meta({
  description: '`pageInfo.end` of the page before, in the same order: the rows after it, instead of `page`',
})

export const paging = {
  page: z.coerce.number().int().min(1).max(1000).default(1),
  perPage: z.coerce.number().int().min(1).max(100).default(25),
}

const MAIL_ADDRESS = /^[A-Za-z0-9._%+-]{1,64}@(?=.{1,189}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/
/** Is this an address of e-mail and nothing else, without a name or a line break? */
export const isMailAddress = (text: string): boolean => MAIL_ADDRESS.test(text)
export const mailAddress = z.string().overwrite(trimmed).max(254).refine(isMailAddress)

/** What a client may call his request: printable ASCII. */
export const idempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/)

/** A form before its own schema looks at it. */
export const anyForm = z
  .record(z.string(), z.unknown())
  .meta({ description: 'Values by field, see the JSON Schema of the form' })

export const plain = z.string().refine(isPlainText)
