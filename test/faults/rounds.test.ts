/** Twenty rounds of faults on the whole product under load: nothing confirmed is lost or doubled, no case is nobody's. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runFaults } from './runner/run'

const SEED = 4
const ROUNDS = 20

test('twenty rounds of faults leave every confirmed decision in its file once', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-rounds-'))
  chmodSync(folder, 0o755)
  const told: string[] = []
  const wanted = { seed: SEED, rounds: ROUNDS, people: 6, workers: 1, apis: 1, checkEvery: ROUNDS, only: null }
  const { violations, results, book, errors } = await runFaults(wanted, folder, (line) => told.push(line))
  if (violations.length > 0) throw new Error([JSON.stringify(violations, null, 1), ...told, folder].join('\n'))
  rmSync(folder, { recursive: true, force: true })
  // that something is away is never an error nobody foresaw
  expect(errors).toEqual([])
  const done = results.filter((each) => each.done)
  // a machine that may not mount a disk leaves out two rounds at most, and a point may not be reached in time
  expect(done.length).toBeGreaterThanOrEqual(ROUNDS - 4)
  expect(done.filter(({ round }) => round.at !== null).length).toBeGreaterThanOrEqual(done.length / 2)
  expect(book.decisions.filter((each) => each.told === 'confirmed').length).toBeGreaterThan(ROUNDS)
}, 600_000)
