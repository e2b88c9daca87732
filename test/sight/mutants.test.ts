/** Each condition and each use of who sees what has its mutant in the results of `npm run mutants:sight`, and none survived. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { keyOf, mutants } from '../../scripts/mutants/uses'

const results = JSON.parse(readFileSync(path.join(__dirname, 'mutants.json'), 'utf8')) as Record<string, string>

test('every condition and every use has its mutant in the results', () => {
  expect(Object.keys(results)).toEqual(mutants().map(keyOf))
})

test('of each it is written which test found it, or that it was not tried yet', () => {
  const isResult = (result: string) => /^fails test\/\S+\.test\.ts$/.test(result) || result === 'not tried'
  expect(Object.entries(results).filter(([, result]) => !isResult(result))).toEqual([])
})
