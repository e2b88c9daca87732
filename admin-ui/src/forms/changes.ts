/** What is different between two versions of one answer. Pure, so that it can be tested. */
import type { Values } from './fields'

export interface Change {
  readonly field: string
  /** of a list: the places, from 1, at which something was changed, added or left out */
  readonly items: readonly number[]
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** The fields whose values differ, in the order of the later version; those that are gone come last. */
export function changesOf(before: Values, after: Values): readonly Change[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]

  return names
    .filter((field) => !same(before[field], after[field]))
    .map((field) => ({ field, items: placesIn(before[field], after[field]) }))
}

function placesIn(before: unknown, after: unknown): readonly number[] {
  if (!Array.isArray(before) || !Array.isArray(after)) return []

  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => at)
    .filter((at) => !same(before[at], after[at]))
    .map((at) => at + 1)
}
