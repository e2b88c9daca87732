/** The samples whose looks somebody has seen are those that are committed: see doc/papers-looked-at.md. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import sums from './sums.json'

test('every sample in the languages of the state was looked at as it is now', () => {
  const page = readFileSync(path.join(__dirname, '..', '..', 'doc', 'papers-looked-at.md'), 'utf8')
  const seen = Object.fromEntries(
    [...page.matchAll(/^\| `([\w.]+)` +\| `([0-9a-f]{64})` +\|$/gm)].map(([, of, sum]) => [of, sum]),
  )
  expect(seen).toEqual(Object.fromEntries(Object.entries(sums).filter(([of]) => !of.endsWith('.en'))))
})
