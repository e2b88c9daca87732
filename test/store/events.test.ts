/** The audit trail by formats: what the release before wrote verifies as it was, beside what is written now. */
import { canonical, sha256 } from '../../prisma/store/canonical'
import { appendTo, lockCase, NO_EVENTS, verifyChain, type NewEvent } from '../../prisma/store/events'
import type { By, CaseId, Instant, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'

const at = '2026-03-02T05:00:00.000Z' as Instant
const on = '2026-03-02' as IsoDate

let database: FreshDatabase
let person: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  person = (await database.db.person.findFirstOrThrow({ orderBy: { id: 'asc' } })).id as PersonId
})
afterAll(() => database.drop())

const newCase = async () => (await arrangeCase(database.db, { body: 'ministryFinance', subject: person })) as CaseId

/** Writes entries as the release before did: it named no format, no kind of actor and no other case. */
async function appendAsBefore(caseId: CaseId, count: number): Promise<void> {
  const { lastSeq, lastHash } = await database.db.case.findUniqueOrThrow({ where: { id: caseId } })
  let [seq, prevHash] = [lastSeq, lastHash]
  for (let i = 0; i < count; i += 1) {
    seq += 1
    const params = { n: i, ә: [null, 1.5] }
    const row = { caseId, seq, step: 1, kind: 'remark', at, on, actorId: person, capacity: 'hr', taskId: null, params }
    const hash = sha256(prevHash + canonical(row))
    await database.sql(
      `insert into events ("caseId", seq, step, kind, at, "on", "actorId", capacity, params, "prevHash", hash)
       values ($1, $2, 1, 'remark', $3, $4, $5, 'hr', $6, $7, $8)`,
      [caseId, seq, at, on, person, params, prevHash, hash],
    )
    prevHash = hash
  }
  await database.sql(`update cases set "lastSeq" = $2, "lastHash" = $3 where id = $1`, [caseId, seq, prevHash])
}

const entry = (more: Partial<NewEvent> = {}): NewEvent => ({
  kind: 'remark',
  at,
  on,
  step: 1,
  actor: null,
  capacity: null,
  task: null,
  params: {},
  ...more,
})
const append = (caseId: CaseId, events: readonly NewEvent[]) =>
  database.db.sql.transaction(async (tx) => appendTo(tx, caseId, (await lockCase(tx, caseId)) ?? NO_EVENTS, events))

const another = 'a0000000-0000-4000-8000-000000000001' as CaseId
const OTHERS: readonly By[] = [{ case: another }, 'system', 'clock', 'anonymous', 'confidential']

/** Two entries of the release before, six of now, one more of a process of before that still runs, one more of now. */
async function mixed(): Promise<CaseId> {
  const caseId = await newCase()
  await appendAsBefore(caseId, 2)
  await append(caseId, [entry({ actor: person }), ...OTHERS.map((by) => entry({ by }))])
  await appendAsBefore(caseId, 1)
  await append(caseId, [entry()])

  return caseId
}

test('a trail that the release before wrote is whole', async () => {
  const caseId = await newCase()
  await appendAsBefore(caseId, 3)
  expect(await verifyChain(database.db, caseId)).toEqual({ ok: true })
})

test('a trail of both formats is whole, and says who acted', async () => {
  const caseId = await mixed()
  expect(await verifyChain(database.db, caseId)).toEqual({ ok: true })
  const rows = await database.db.event.findMany({ where: { caseId }, orderBy: { seq: 'asc' } })
  expect(rows.map(({ format, actorKind, actorCase, actorId }) => [format, actorKind, actorCase, actorId])).toEqual([
    [1, null, null, person],
    [1, null, null, person],
    [2, 'person', null, person],
    [2, 'case', another, null],
    [2, 'system', null, null],
    [2, 'clock', null, null],
    [2, 'anonymous', null, null],
    [2, 'confidential', null, null],
    [1, null, null, person],
    [2, null, null, null],
  ])
})

test.each([
  ['another kind of actor', `"actorKind" = 'system'`, 3],
  ['another case as actor', `"actorCase" = 'a0000000-0000-4000-8000-000000000002'`, 4],
  ['no case any more', `"actorCase" = null`, 4],
  ['an anonymous actor who is said to be confidential', `"actorKind" = 'confidential'`, 7],
  ['an entry of now as one of before', `format = 1`, 5],
  ['an entry of now as one of before, without what that did not know', `format = 1, "actorKind" = null`, 5],
  ['an entry of before as one of now', `format = 2`, 1],
  ['a format that nobody has written', `format = 3`, 10],
  ['a kind of actor added to an entry of before', `"actorKind" = 'clock'`, 2],
  ['a case added to an entry of before', `"actorCase" = 'a0000000-0000-4000-8000-000000000002'`, 9],
])('a mixed trail shows %s', async (_what, change, seq) => {
  const caseId = await mixed()
  await database.sql(`update events set ${change} where "caseId" = $1 and seq = $2`, [caseId, seq])
  expect(await verifyChain(database.db, caseId)).toEqual({ ok: false, brokenAt: seq })
})
