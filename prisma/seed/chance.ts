/** Chance that is the same every time: everything sampled follows from a number. */
import { createHash } from 'node:crypto'

/** A UUID that follows from its parts (RFC 9562 version 8). */
export const uuidOf = (...parts: (string | number)[]): string => {
  const hex = createHash('sha256').update(parts.join('\n')).digest('hex')
  const variant = ((parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}

export interface Chance {
  /** a whole number, both ends included */
  int(min: number, max: number): number
  pick<Value>(values: readonly Value[]): Value
  /** true in so many of a hundred cases */
  percent(chance: number): boolean
}

/** A sequence of its own for every combination of parts, so that a new body does not change the others (mulberry32). */
export const chanceOf = (...parts: (string | number)[]): Chance => {
  let state = createHash('sha256').update(parts.join('\n')).digest().readUInt32LE()
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    int,
    pick: (values) => {
      const value = values[int(0, values.length - 1)]
      if (value === undefined) throw new RangeError('nothing to pick from')
      return value
    },
    percent: (chance) => next() * 100 < chance,
  }
}
