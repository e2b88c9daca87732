/** What a transaction that failed tells the code that ran it. */
import { createDb, violatesUnique } from '../../prisma/store/db'
import { freshDatabase, type FreshDatabase } from '../support/database'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
  await database.sql(`insert into regions values ('r','р','р','r','Asia/Almaty','city',null,'test')`)
})
afterAll(() => database.drop())

test('a transaction fails with the statement that ended it, whichever failure is heard of first', async () => {
  const failed = await database.db.sql
    .transaction(async (tx) => {
      const taken = tx.run`insert into regions values ('r','р','р','r','Asia/Almaty','city',null,'test')`
      taken.catch(() => undefined)
      // was sent with it, and is refused because the transaction is over
      await tx.rows`select 1`
      await taken
    })
    .catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: '23505' })
  expect(violatesUnique(failed)).toBe(true)
})

test('a transaction whose own code fails tells that, and its connection can be used again', async () => {
  const one = createDb(database.url, 1)
  const stop = new Error('not today')
  await expect(
    one.sql.transaction(async (tx) => {
      await tx.run`delete from regions`
      throw stop
    }),
  ).rejects.toBe(stop)
  expect(await one.sql.rows`select key from regions`).toEqual([{ key: 'r' }])
  await one.$disconnect()
})
