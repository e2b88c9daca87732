/** How a figure is written. */
import type { Summary } from './statistics'

/** A figure with as many digits as mean something. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)

  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

/** Median with the smallest and the largest. */
export function spread(summary: Summary | null): string {
  if (!summary) return '–'
  const { median, min, max } = summary

  return min === max ? shown(median) : `${shown(median)} (${shown(min)}–${shown(max)})`
}
