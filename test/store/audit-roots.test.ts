/** The daily root, from the API that takes it to the line that the operator keeps. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { takeAuditRoot } from '../../api/operations/audit-root'
import { merkleRoot, rootFaults } from '../../prisma/store/audit-roots'
import { sha256 } from '../../prisma/store/canonical'
import { rootIn, toldRoots } from '../../scripts/reconcile/told-roots'
import { freshDatabase, type FreshDatabase } from '../support/database'

let database: FreshDatabase
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-roots-'))
})
afterAll(async () => {
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

test('a root is taken once a day, a day on which nobody could is caught up, and the log is what reconcile reads', async () => {
  const lines: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const take = (at: string) => takeAuditRoot({ db: database.db, log, now: () => Date.parse(at) })
  expect(await take('2026-11-27T06:00:00Z')).toEqual({ torn: [] })
  expect(await take('2026-11-27T18:59:00Z')).toBe('there')
  // in Kazakhstan the next day has begun
  expect(await take('2026-11-27T19:00:00Z')).toEqual({ torn: [] })
  expect(await take('2026-12-02T12:00:00Z')).toEqual({ torn: [] })
  const file = path.join(folder, 'api.log')
  writeFileSync(file, ['{"level":30,"msg":"listening"}', 'no JSON', '{"auditRoot":1}', ...lines].join('\n'))
  const told = toldRoots(file)
  expect(told.map(({ day }) => day)).toEqual(['2026-11-27', '2026-11-28', '2026-12-02'])
  expect(await rootFaults(database.db, told)).toEqual([])
  expect((await rootFaults(database.db, told.slice(0, 2))).map(({ says }) => says)).toEqual([
    'the root of 2026-12-02 is in the database and was not told',
  ])
  expect(() => toldRoots(path.join(folder, 'nowhere'))).toThrow('There is no file of daily roots')
  expect(toldRoots(undefined)).toEqual([])
  expect(rootIn('{"auditRoot":{"day":"2026-11-27"}}')).toBeNull()
})

test('a Merkle tree: every leaf counts, and their order', async () => {
  const node = (left: string, right: string) => sha256(`node${left}${right}`)
  expect(await merkleRoot(['a'])).toBe('a')
  expect(await merkleRoot(['a', 'b', 'c'])).toBe(node(node('a', 'b'), 'c'))
  const roots = await Promise.all(
    [[], ['a', 'b'], ['b', 'a'], ['a', 'b', 'b'], ['a', 'b', 'c', 'd', 'e']].map(merkleRoot),
  )
  expect(new Set(roots).size).toBe(5)
})
