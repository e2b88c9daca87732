import { setTimeout as sleep } from 'node:timers/promises'

/** Looks until it finds something; a look that fails counts as nothing found. Throws what it waited for when time is over. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs = 120_000,
): Promise<T> {
  const until = Date.now() + withinMs
  let last: unknown
  for (;;) {
    try {
      const found = await look()
      if (found !== null && found !== undefined && found !== false) return found
    } catch (error) {
      last = error
    }
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`, { cause: last })
    await sleep(20)
  }
}
