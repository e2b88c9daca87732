/** Where the result of a benchmark is kept, and under which name. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { provenance, type Provenance } from './machine'

/** What every result says of itself. */
export interface Origin {
  readonly startedAt: string
  readonly provenance: Provenance
}

/** Of a benchmark that begins now. */
export const originNow = (): Origin => ({ startedAt: new Date().toISOString(), provenance: provenance({}) })

/** Commit and machine, for the page of a result. */
export function aboutOrigin({ provenance: { commit, machine } }: Origin): string {
  return `Commit ${commit.slice(0, 8)}, ${machine.processor}, ${String(machine.cores)} cores, ${String(machine.memoryGB)} GB`
}

/** Writes a result, and a page of it where there is one, to `results/<name>-<date>-<commit>`; answers where. */
export function writeResult<R extends Origin>(name: string, result: R, page?: (result: R) => string): string {
  const { startedAt, provenance: from } = result
  const dirty = from.dirty.length > 0 ? '-dirty' : ''
  const file = `${name}-${startedAt.slice(0, 10)}-${from.commit.slice(0, 7)}${dirty}`
  const place = path.join(__dirname, 'results', file)
  writeFileSync(`${place}.json`, `${JSON.stringify(result, null, 1)}\n`)
  if (page) writeFileSync(`${place}.md`, page(result))

  return page ? `${place}.md and .json` : `${place}.json`
}
