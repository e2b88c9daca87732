/** Cases that owe something: which are looked at for failures that no worker tells of. */
import { randomUUID } from 'node:crypto'
import { noteIncident } from '../../prisma/store/incidents'
import { owingCases, resolveAnswered } from '../../prisma/store/owing-cases'
import type { CaseId } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'

let database: FreshDatabase

beforeAll(async () => {
  database = await freshDatabase({ register: true })
})
afterAll(() => database.drop())

const sql = (text: string, values: readonly unknown[] = []) => database.db.$executeRawUnsafe(text, ...values)
beforeEach(() => sql('truncate cases, commands, incidents cascade'))

async function arrange(): Promise<CaseId> {
  const { id: subject } = await database.db.person.findFirstOrThrow()

  return (await arrangeCase(database.db, { body: 'ministryFinance', subject })) as CaseId
}
const sent = (caseId: CaseId, ago: string, { state = 'stored', payload = {}, kind = 'complete' } = {}) =>
  sql(
    `insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", "sentAt", state)
     values (gen_random_uuid(), $1::uuid, $2, 'system', $3, '', '{}', $4::jsonb, now() - $5::interval, now(), $6)`,
    [caseId, kind, randomUUID(), JSON.stringify(payload), ago, state],
  )
const rang = (caseId: CaseId, ago: string, speed: number) =>
  sql(
    `update cases set "wakesAt" = now() - $2::interval, clock = clock || jsonb_build_object('speed', $3::float8,
       'base', jsonb_build_object('case', now() - interval '1 day', 'real', now() - interval '1 day')) where id = $1::uuid`,
    [caseId, ago, speed],
  )
const owing = async () => (await owingCases(database.db, null, 10)).map((each) => each.case)

test('a command that has had no outcome for a while, and one whose start has none: it names its process itself', async () => {
  const late = await arrange()
  await sent(late, '1 minute')
  await sent(await arrange(), '1 second')
  await sent(await arrange(), '1 minute', { state: 'done' })
  const notBegun = randomUUID() as CaseId
  await sent(notBegun, '1 minute', { kind: 'start', payload: { input: { process: 'errand', version: 3 } } })
  const found = await owingCases(database.db, null, 10)
  expect(found).toHaveLength(2)
  expect(found).toContainEqual({ case: late, process: 'probation', version: expect.any(Number) })
  expect(found).toContainEqual({ case: notBegun, process: 'errand', version: 3 })
})

test('an alarm that should have rung a while ago by the clock of the case, unless the clock is held', async () => {
  const late = await arrange()
  await rang(late, '1 minute', 1)
  await rang(await arrange(), '1 second', 1)
  await rang(await arrange(), '1 minute', 0)
  await arrange()
  expect(await owing()).toEqual([late])
})

test('not again what is said to stand still; page after page by id', async () => {
  const [a, b, c] = [await arrange(), await arrange(), await arrange()]
  for (const each of [a, b, c]) await sent(each, '1 minute')
  await noteIncident(database.db.sql, b, 'storyFailed', {})
  const [first, second] = [a, c].sort()
  expect(await owing()).toEqual([first, second])
  expect((await owingCases(database.db, first ?? null, 10)).map((each) => each.case)).toEqual([second])
})

test('what was noted by the history of a case is over when the case owes nothing; what the worker told is over with a step', async () => {
  const [answers, owes, alarm, told] = [await arrange(), await arrange(), await arrange(), await arrange()]
  for (const each of [answers, owes, alarm])
    await noteIncident(database.db.sql, each, 'storyFailed', { heardFrom: 'history' })
  await noteIncident(database.db.sql, told, 'storyFailed', { line: 'story.ts:1' })
  await sent(owes, '1 second')
  await rang(alarm, '1 minute', 1)
  await resolveAnswered(database.db)
  const open = await database.db.incident.findMany({ where: { resolvedAt: null } })
  expect(open.map(({ caseId }) => caseId).sort()).toEqual([owes, alarm, told].sort())
})
