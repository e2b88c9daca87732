/** What becomes of an appeal when its case is restricted, or withdraws the decision by itself, while it is heard; and of one by another person. */
import { randomUUID } from 'node:crypto'
import type { Actor, CaseId } from '../../../workflows/kernel/contract'
import { verifyChain } from '../../../prisma/store/events'
import { seedRegister } from '../../../prisma/seed/seed'
import { appealing, appealOf, casting, dismissal, postOf, SAMPLE, TOLD } from '../../support/appeals'
import { actor, type Casework } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { eventually } from '../../support/eventually'
import type { StoryCase } from '../../support/story-case'

jest.setTimeout(200_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let dispatcher: Dispatching
let someone: ReturnType<typeof casting>

beforeAll(async () => {
  database = await freshDatabase()
  await seedRegister(database.url, SAMPLE)
  work = await appealing(database)
  worker = await work.work()
  dispatcher = dispatch(work, database.url)
  someone = casting(database, work)
})
afterAll(async () => {
  await dispatcher.stop()
  await worker.stop()
  await work.close()
  await database.drop()
})

const row = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const closed = (id: CaseId) => eventually(`the end of ${id}`, async () => (await row(id)).status === 'closed')
const nothingUnderway = () =>
  eventually('nothing is under way', async () => (await work.db.command.count({ where: { state: 'stored' } })) === 0)
const annulled = async (id: CaseId) => (await work.db.annulment.count({ where: { caseId: id } })) > 0
/** by his dismissal, three working days after he was told of it; the role that hangs on the post has the same last day */
const ENDED = { from: '2026-01-05', to: '2026-03-26', ground: 'probation', roles: ['2026-03-26'] }
const HELD = { from: '2026-01-05', to: null, ground: null, roles: [null] }

test('whoever appeals what was decided about another hears what he hears of a case that there is not', async () => {
  const people = await someone()
  const file = await dismissal(work, people.cast)
  const by = actor(people.cast.mentor)
  const [others, none] = [file.id, randomUUID() as CaseId].map((of) => appealOf(work, people, of, { by }))
  expect((await others)?.outcome).toEqual({ result: 'refused', reason: { code: 'notDecided' } })
  expect((await none)?.outcome).toEqual((await others)?.outcome)
})

test('a case that is restricted while its appeal is heard restricts that in the same step, names who hears it, and lifts it again', async () => {
  const people = await someone()
  const { cast, hearers } = people
  const file = await dismissal(work, cast)
  const { file: appeal } = await appealOf(work, people, file.id)
  await appeal.isPrepared()
  const whole = async () =>
    (await database.sql('select "restrictedTo" as named from cases where id = $1', [appeal.id]))[0]
  const [chair, ...members] = hearers.members
  const expected = [cast.hr.person, hearers.secretary.person, chair ?? '', ...members].sort()
  const { step } = await row(appeal.id)
  expect(await file.act('restrict', cast.hr, { people: [cast.head.person] })).toMatchObject({ ok: true })
  // whoever decided first is excluded, and named in neither
  expect(await whole()).toEqual({ named: expected })
  // the appeal hears of it, and answers
  await nothingUnderway()
  expect((await row(appeal.id)).step).toBeGreaterThan(step)
  expect(await whole()).toEqual({ named: expected })
  expect(await file.act('lift', cast.hr, {})).toMatchObject({ ok: true })
  await nothingUnderway()
  expect(await whole()).toEqual({ named: null })
  expect(await Promise.all(['caseRestricted', 'restrictionLifted'].map((kind) => appeal.events(kind)))).toEqual([
    [TOLD],
    [TOLD],
  ])
  // one that the Agency restricts by hand is lifted by hand
  expect(await appeal.act('restrict', hearers.secretary, { people: [] })).toMatchObject({ ok: true })
  expect(await file.act('restrict', cast.hr, { people: [] })).toMatchObject({ ok: true })
  await nothingUnderway()
  expect(await file.act('lift', cast.hr, {})).toMatchObject({ ok: true })
  await nothingUnderway()
  expect(await whole()).toEqual({ named: [hearers.secretary.person] })
})

test('a case that is restricted after its appeal has ended restricts that too, in its row and its file, and lifts it again', async () => {
  const people = await someone()
  const { cast, hearers } = people
  const file = await dismissal(work, cast)
  const { file: appeal } = await appealOf(work, people, file.id)
  await appeal.isRuled('uphold')
  await eventually('to be told', () => appeal.isAcknowledged())
  await closed(appeal.id)
  const named = async () =>
    (await database.sql('select "restrictedTo" as named from cases where id = $1', [appeal.id]))[0]?.['named']
  // whoever prepared it and sat in it may look at what they decided on
  const expected = [cast.hr.person, hearers.secretary.person, ...hearers.members].sort()
  expect(await file.act('restrict', cast.hr, { people: [cast.head.person] })).toMatchObject({ ok: true })
  expect(await named()).toEqual(expected)
  expect(await file.act('lift', cast.hr, {})).toMatchObject({ ok: true })
  expect(await named()).toBeNull()
  const said = await work.db.event.findMany({
    where: { caseId: appeal.id, kind: { in: ['caseRestricted', 'restrictionLifted'] } },
    orderBy: { seq: 'asc' },
  })
  expect(said).toMatchObject([
    { kind: 'caseRestricted', step: null, params: { people: expected } },
    { kind: 'restrictionLifted', step: null },
  ])
  expect(await verifyChain(work.db, appeal.id)).toEqual({ ok: true })
})

test.each([
  ['cancel', 'granted', undefined],
  ['change', 'changed', '2026-05-11'],
])(
  '%s, but its case has withdrawn the decision by itself: nothing more is done to that case, and the appeal says so',
  async (outcome, end, day) => {
    const people = await someone()
    const { cast } = people
    const file = await dismissal(work, cast)
    await file.comes('2026-04-02')
    const { file: appeal } = await appealOf(work, people, file.id, { on: '2026-04-02' })
    // as by an act of its process
    await database.sql(
      `update cases set decisions = jsonb_set(decisions, '{0,withdrawn}', '{"on":"2026-04-02","ground":"agencyRefused"}') where id = $1`,
      [file.id],
    )
    await appeal.isRuled(outcome, day)
    await eventually('to be told', () => appeal.isAcknowledged())
    await closed(appeal.id)
    expect(await row(appeal.id)).toMatchObject({ outcome: end, basis: { code: 'withdrawnBefore' } })
    expect(await annulled(file.id)).toBe(false)
    expect(await postOf(work, cast)).toEqual([ENDED])
    expect(await work.db.notice.count({ where: { caseId: appeal.id, kind: 'resultUndone' } })).toBe(0)
  },
)

describe('a dismissal that HR withdraws before its day, with a ground', () => {
  const withdraws = (file: StoryCase, cast: { readonly hr: Actor }, ground = 'dismissalInError') =>
    file.act('withdrawDismissal', cast.hr, { ground })
  /** He stays in his post, the case has ended so, and its day changes nothing any more. */
  const keptBy = async (file: StoryCase, cast: Parameters<typeof postOf>[1], ground: string) => {
    await closed(file.id)
    expect(await row(file.id)).toMatchObject({ outcome: 'keptInService', basis: { code: ground, confidence: 'D' } })
    expect(await file.openKinds()).toEqual([])
    expect(await postOf(work, cast)).toEqual([HELD])
    expect(await work.db.effect.count({ where: { caseId: file.id, name: 'endPost', state: 'taken' } })).toBe(0)
  }

  test('that nobody was told of: no term ran, and what asked him to acknowledge it is withdrawn', async () => {
    const { cast } = await someone()
    const file = await dismissal(work, cast, { told: false })
    expect(await file.openKinds()).toEqual(['acknowledge'])
    expect(await file.act('withdrawDismissal', actor(cast.servant), { ground: 'dismissalInError' })).toMatchObject({
      refusal: { status: 403 },
    })
    expect(await withdraws(file, cast)).toMatchObject({ ok: true })
    await keptBy(file, cast, 'dismissalInError')
    expect(await file.decisions()).toMatchObject([
      {
        ...{ kind: 'dismissalAct', effectiveFrom: ENDED.to, deliveredOn: null, appealBy: null },
        withdrawn: { ground: 'dismissalInError', by: cast.hr.person, capacity: 'hr' },
      },
    ])
  })

  test('that he was told of and appeals: it has no appeal any more, and the appeal in hand finds nothing to cancel', async () => {
    const people = await someone()
    const { cast } = people
    const file = await dismissal(work, cast)
    const { file: appeal } = await appealOf(work, people, file.id)
    await appeal.isPrepared()
    // its day has come, and its appeal keeps it from being carried out
    await file.comes('2026-04-06')
    expect(await withdraws(file, cast, 'dismissalGroundsGone')).toMatchObject({ ok: true })
    await keptBy(file, cast, 'dismissalGroundsGone')
    expect(await file.decisions()).toMatchObject([
      { deliveredOn: TOLD, appealBy: null, withdrawn: { ground: 'dismissalGroundsGone' } },
    ])
    await appeal.isVoted('cancel')
    await appeal.isWritten()
    await eventually('to be told', () => appeal.isAcknowledged())
    await closed(appeal.id)
    expect(await row(appeal.id)).toMatchObject({ outcome: 'granted', basis: { code: 'withdrawnBefore' } })
    expect(await annulled(file.id)).toBe(false)
    expect(await postOf(work, cast)).toEqual([HELD])
  })

  test('not after it was carried out', async () => {
    const { cast } = await someone()
    const file = await dismissal(work, cast)
    await file.comes('2026-04-02')
    await closed(file.id)
    await expect(withdraws(file, cast)).rejects.toThrow('already completed')
    expect(await postOf(work, cast)).toEqual([ENDED])
  })
})
