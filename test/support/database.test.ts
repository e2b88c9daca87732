import { freshDatabase, type FreshDatabase } from './database'
import { testServers } from './servers'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

test('a fresh database has every table and knows the case of Kazakh letters', async () => {
  expect(await database.sql('select count(*)::int as n from tasks')).toEqual([{ n: 0 }])
  expect(await database.sql("select lower('ҚАЗАҚСТАН') as name")).toEqual([{ name: 'қазақстан' }])
  expect(await database.db.task.count()).toBe(0)
  expect(testServers().temporal.address).toMatch(/^127\.0\.0\.1:\d+$/)
})

test('two databases do not see each other', async () => {
  const other = await freshDatabase()
  await other.sql("insert into holds values ('k', gen_random_uuid())")
  expect(await database.sql('select * from holds')).toEqual([])
  await other.drop()
})
