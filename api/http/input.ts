/** What no field of any form may hold: characters that Postgres cannot keep, numbers that are none, keys that would poison an object. */
import { Problem } from './problems'

const DEPTH = 32
const NODES = 20_000

/** NUL, which Postgres refuses, and halves of surrogate pairs, which are no characters. */
export const isPlainText = (text: string): boolean => !text.includes('\u0000') && !/[\uD800-\uDFFF]/u.test(text)

const POISON = new Set(['__proto__', 'constructor', 'prototype'])

/** Refuses a parsed JSON body by its dotted fields. Walks without recursion, so that depth cannot exhaust the stack. */
export function refuseUnstorable(body: unknown): void {
  const left: { value: unknown; path: string; depth: number }[] = [{ value: body, path: '', depth: 0 }]
  let seen = 0
  for (let item = left.pop(); item; item = left.pop()) {
    const { value, path, depth } = item
    if (++seen > NODES || depth > DEPTH) throw Problem.for('malformed', { detail: 'Too deep or too many values' })
    if (typeof value === 'string' && !isPlainText(value)) refuse(path, 'characters')
    if (typeof value === 'number' && !Number.isFinite(value)) refuse(path, 'tooBig')
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`
      if (!Array.isArray(value) && POISON.has(key)) refuse(at, 'unknown')
      if (!isPlainText(key)) refuse(path, 'characters')
      left.push({ value: inner, path: at, depth: depth + 1 })
    }
  }
}

function refuse(path: string, code: string): never {
  throw Problem.for('invalidForm', { errors: { [path || 'form']: code } })
}
