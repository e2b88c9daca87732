/** The lock of a case: whom it keeps waiting, and that nobody has two. */
import { lockCase } from '../../prisma/store/events'
import type { CaseId, PersonId } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'

const BODY = 'ministryFinance'

let database: FreshDatabase
let person: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  const holder = await database.db.bodyRole.findFirstOrThrow({ where: { role: 'hr', bodyKey: BODY } })
  person = holder.personId as PersonId
})
afterAll(() => database.drop())

const newCase = async () => (await arrangeCase(database.db, { body: BODY, subject: person })) as CaseId

test('a row that refers to a case is written while the case is locked', async () => {
  const id = await newCase()
  await database.db.sql.transaction(async (tx) => {
    await lockCase(tx, id)
    await database.db.sql.transaction(async (other) => {
      await other.run`set local lock_timeout = '1s'`
      await other.run`insert into clocks values (${id}::uuid, 'term', now(), now(), '[]')`
    })
  })
  expect(await database.db.clock.count({ where: { caseId: id } })).toBe(1)
})

test('who locks a case waits for whoever has it', async () => {
  const id = await newCase()
  await database.db.sql.transaction(async (tx) => {
    await lockCase(tx, id)
    const second = database.db.sql.transaction(async (other) => {
      await other.run`set local lock_timeout = '200ms'`
      await lockCase(other, id)
    })
    await expect(second).rejects.toMatchObject({ code: '55P03' })
  })
})

test('a transaction that has locked a case is refused another', async () => {
  const [one, two] = [await newCase(), await newCase()]
  await database.db.sql.transaction(async (tx) => {
    await lockCase(tx, one)
    await lockCase(tx, one)
    await expect(lockCase(tx, two)).rejects.toThrow('two cases')
  })
  await database.db.sql.transaction(async (tx) => void (await lockCase(tx, two)))
})
