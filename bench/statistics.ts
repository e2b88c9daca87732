/** The few statistics that the tables stand on. */

/** The value below which this share of the values lies, by nearest rank; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN
  const sorted = [...values].sort((a, b) => a - b)

  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const [low, high] = [sorted[half - 1] ?? NaN, sorted[half] ?? NaN]

  return sorted.length % 2 === 1 ? high : (low + high) / 2
}

export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly n: number
}

/** Median and spread of the rounds in which there was a figure; null when there was none. */
export function summarise(values: readonly (number | null | undefined)[]): Summary | null {
  const known = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  if (known.length === 0) return null

  return { median: median(known), min: Math.min(...known), max: Math.max(...known), n: known.length }
}

/** The ratio of two figures round by round: a round that others disturbed disturbs both. Null where one is missing or zero. */
export const ratios = (
  over: readonly (number | null | undefined)[],
  under: readonly (number | null | undefined)[],
): readonly (number | null)[] =>
  over.map((value, round) => {
    const base = under[round]
    if (typeof value !== 'number' || typeof base !== 'number' || base === 0) return null

    return value / base
  })
