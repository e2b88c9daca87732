/** A term that a contract declares is used by its process: each case takes it along, and its page shows it as law that holds for it. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { processes } from '../workflows/registry'

/** Terms that stand nowhere in the sources of a process but in the lists of its contract. */
function unused(terms: readonly string[], sources: string): string[] {
  const used = sources.replace(/\b(terms|intervals): \[[^\]]*\]/g, '')

  return terms.filter((term) => !used.includes(`'${term}'`))
}
const sourcesOf = (folder: string): string =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n')

const served = Object.values(processes.current).map(({ contract }) => contract)

test.each(served)('every term that $name declares is used by it', ({ name, terms }) => {
  expect(unused(terms, sourcesOf(path.join(__dirname, '..', 'workflows', name)))).toEqual([])
})

test('one that nothing uses is named', () => {
  const sources = `{ tasks: { ask: { within: 'a.ask' } }, terms: ['a.ask', 'a.none'], intervals: ['a.none'] }`
  expect(unused(['a.ask', 'a.none'], sources)).toEqual(['a.none'])
})
