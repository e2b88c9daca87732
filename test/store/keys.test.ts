/** The same key gets the same answer for thirty days; after that the key is free again, and the command stays. */
import { randomUUID } from 'node:crypto'
import { commandByKey, forgetKeys, KEYS_KEPT_DAYS } from '../../prisma/store/commands'
import { freshDatabase, type FreshDatabase } from '../support/database'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const NOW = Date.parse('2026-06-30T12:00:00Z')
const DAY_MS = 24 * 60 * 60 * 1000
const principal = randomUUID()

async function sent(key: string, daysAgo: number, state = 'done'): Promise<void> {
  const id = randomUUID()
  const receivedAt = new Date(NOW - daysAgo * DAY_MS)
  const data = { id, caseId: id, kind: 'start', principal, key, digest: 'd', actor: {}, payload: {}, receivedAt, state }
  await database.db.command.create({ data: { ...data, outcome: { result: 'started' } } })
}

test('keys past their promise are forgotten, and nothing else is', async () => {
  await sent('old', KEYS_KEPT_DAYS + 1)
  await sent('refused', KEYS_KEPT_DAYS + 1, 'refused')
  await sent('underWay', KEYS_KEPT_DAYS + 1, 'stored')
  await sent('kept', KEYS_KEPT_DAYS - 1)
  expect(await forgetKeys(database.db, NOW)).toBe(2)
  expect(await forgetKeys(database.db, NOW)).toBe(0)
  const known = async (key: string) => (await commandByKey(database.db, principal, key)) !== null
  expect(await Promise.all(['old', 'refused', 'underWay', 'kept'].map(known))).toEqual([false, false, true, true])
  expect(await database.sql(`select outcome from commands where state = 'done'`)).toEqual([
    { outcome: { result: 'started' } },
    { outcome: { result: 'started' } },
  ])
  await sent('old', 0)
  expect(await known('old')).toBe(true)
})
