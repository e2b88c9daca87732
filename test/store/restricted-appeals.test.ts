/** An appeal begins, or ends, while the case that it is against is being restricted: whichever comes first, it is restricted in the end. */
import { randomUUID } from 'node:crypto'
import { recordStep } from '../../prisma/store/casefile'
import { verifyChain } from '../../prisma/store/events'
import { openingOf } from '../../prisma/store/opening'
import type { CaseId, PersonId } from '../../workflows/kernel/contract'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import { contract } from '../../workflows/appeal/contract'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { BODY, paperCases, templates, type PaperCases } from '../support/paper-cases'
import { at, on } from '../support/steps'

jest.setTimeout(120_000)

const ROUNDS = 25

let database: FreshDatabase
let cases: PaperCases
let person: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  cases = await paperCases(database)
  person = (await database.db.bodyRole.findFirstOrThrow({ where: { role: 'head', bodyKey: BODY } }))
    .personId as PersonId
})
afterAll(() => database.drop())

const record = (id: CaseId, more: Parameters<PaperCases['stepOf']>[2]) =>
  recordStep(database.db, cases.stepOf(id, [], more), templates)
const restricts = (of: CaseId) =>
  record(of, {
    n: 3,
    restrictedTo: [person],
    events: [{ kind: 'caseRestricted', at, on, params: { people: [person] } }],
  })
const begins = async (appeal: CaseId, of: CaseId) => {
  const opening = await openingOf(database.db, openingQuestion(contract, { body: BODY, on, regime: null, form: null }))

  return record(appeal, {
    ...{ n: 1, process: 'appeal', version: 1, stage: 'preparing', aboutCase: of, opening },
    ...{ links: [{ kind: 'appeals', to: of }], events: [{ kind: 'caseOpened', at, on }] },
  })
}
const ends = (appeal: CaseId, of: CaseId) =>
  record(appeal, {
    ...{
      n: 2,
      process: 'appeal',
      version: 1,
      stage: 'withdrawn',
      aboutCase: of,
      status: 'closed',
      outcome: 'withdrawn',
    },
    events: [{ kind: 'caseClosed', at, on }],
  })
/** One of two that wait for each other is undone by Postgres, and tried again as an activity is. */
const tried = async (write: () => Promise<unknown>): Promise<void> => {
  for (let left = 5; ; left -= 1)
    try {
      return void (await write())
    } catch (error) {
      if (left === 0 || !/deadlock detected/.test(String(error))) throw error
    }
}
/** Both at once, one of them some random milliseconds later. */
const race = (...both: readonly (() => Promise<unknown>)[]) =>
  Promise.all(
    both.map(async (write) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 12))
      await tried(write)
    }),
  )
const named = async (id: CaseId) =>
  (await database.sql('select "restrictedTo" as named from cases where id = $1', [id]))[0]?.['named']

test('an appeal begins while its case is being restricted', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [of, appeal] = [await cases.newCase(), randomUUID() as CaseId]
    await race(
      () => restricts(of),
      () => begins(appeal, of),
    )
    expect([round, await named(appeal)]).toEqual([round, [person]])
  }
})

test('an appeal ends while its case is being restricted', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [of, appeal] = [await cases.newCase(), randomUUID() as CaseId]
    await begins(appeal, of)
    await race(
      () => restricts(of),
      () => ends(appeal, of),
    )
    expect([round, await named(appeal)]).toEqual([round, [person]])
    // its file says so, or nothing could tell that the lift of its case lifts it
    expect(await database.db.event.count({ where: { caseId: appeal, kind: 'caseRestricted' } })).toBe(1)
    expect(await verifyChain(database.db, appeal)).toEqual({ ok: true })
  }
})
