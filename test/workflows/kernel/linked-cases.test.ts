/** Cases that open and tell each other, on a real Temporal and Postgres, with a real dispatcher. */
import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import path from 'node:path'
import { bundleWorkflows } from '../../../worker/bundle'
import { keepList } from '../../../prisma/store/case-lists'
import { verifyChain } from '../../../prisma/store/events'
import { storyFailure } from '../../../prisma/store/incidents'
import { doneWithoutEffect } from '../../../prisma/store/reconcile-rows'
import { openCasesOf } from '../../../prisma/store/rehearsals'
import type { BodyKey, CaseId, ContentId } from '../../../workflows/kernel/contract'
import { actor, advance, openTask, say, type Casework } from '../../support/casework'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { arrangeErrands, BODY, head, hr, id } from '../../support/errands'
import { eventually } from '../../support/eventually'
import { begin, relays } from '../../support/relays'
import type { Script } from './relay'

jest.setTimeout(120_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let dispatcher: Dispatching

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  work = await relays(database)
  worker = await work.work()
  dispatcher = dispatch(work, database.url)
})
afterAll(async () => {
  await dispatcher.stop()
  await worker.stop()
  await work.close()
  await database.drop()
})

interface Facts {
  readonly heard: readonly { readonly from: string; readonly n: number }[]
  readonly came: readonly string[]
  readonly opened: Readonly<Record<string, CaseId>>
}
const start = (script: Script) => begin(database, work, script)
const row = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const factsOf = async (id: CaseId) => (await row(id)).facts as unknown as Facts
const openedBy = async (id: CaseId, name = 'b') => {
  const { opened } = await factsOf(id)
  const found = opened[name]
  if (!found) throw new Error(`it opened no ${name}`)

  return found
}
/** How a case ended, once it has. */
const endOf = async (id: CaseId): Promise<string> => {
  await eventually(
    `the end of ${id}`,
    async () => (await work.db.case.findUnique({ where: { id } }))?.status === 'closed',
  )

  return (await row(id)).outcome ?? ''
}
const nothingUnderway = () =>
  eventually('nothing is under way', async () => (await work.db.command.count({ where: { state: 'stored' } })) === 0)
const outcomes = async (from: CaseId, to: CaseId) => {
  const rows = await work.db.command.findMany({ where: { senderId: from, caseId: to }, orderBy: { seq: 'asc' } })

  return rows.map(({ kind, state }) => `${kind} ${state}`)
}
const works = async (id: CaseId, by = hr) =>
  expect(await say(work, id, 'complete', by, { task: await openTask(work, id, 'work'), answer: {} })).toMatchObject({
    ok: true,
  })
const cancels = async (id: CaseId) => {
  const { step } = await row(id)

  return say(work, id, 'act', head, { act: 'cancel', step, form: {} })
}

test('a case opens another, tells it, and hears what came of both and how it ended, with the facts it hands out', async () => {
  const a = await start([
    { open: 'b', script: [{ heard: 2 }] },
    { reply: true },
    { tell: 'b', n: 1 },
    { tell: 'b', n: 2 },
    { reply: true },
    { ended: 'b' },
  ])
  expect(await endOf(a)).toBe('done')
  const { came } = await factsOf(a)
  expect(came).toEqual(['started', 'done', 'done ran 1 2'])
  const b = await openedBy(a)
  expect(await row(b)).toMatchObject({ startedById: null, rehearsal: 'tests', outcome: 'done' })
  expect(await outcomes(a, b)).toEqual(['start done', 'act done', 'act done'])
  expect(await verifyChain(work.db, a)).toEqual({ ok: true })
  expect(await work.db.caseLink.findMany({ where: { fromId: a } })).toMatchObject([
    { toId: b, kind: 'opened', as: 'leg' },
  ])
})

test('A tells B, and B tells A in the step that hears it', async () => {
  const a = await start([
    { open: 'b', script: [{ heard: 1 }, { tell: 'opener', n: 7 }, { heard: 2 }] },
    { tell: 'b', n: 1 },
    { heard: 1 },
    { tell: 'b', n: 2 },
    { ended: 'b' },
  ])
  expect(await endOf(a)).toBe('done')
  const b = await openedBy(a)
  expect((await factsOf(a)).heard).toEqual([{ from: b, n: 7 }])
})

test('what is told to a case that is closed is refused, and the teller hears that it is closed', async () => {
  const a = await start([{ open: 'b', script: [] }, { ended: 'b' }, { tell: 'b', n: 1 }, { reply: true }])
  expect(await endOf(a)).toBe('done')
  expect((await factsOf(a)).came).toEqual([expect.stringMatching(/^done/), 'case.closed'])
})

test('what is told before the case has begun is heard when it has', async () => {
  await dispatcher.stop()
  const a = await start([{ open: 'b', script: [{ heard: 1 }] }, { work: true }])
  const b = await openedBy(a)
  // somebody whom A told of B tells it something: not A, whose commands to B go in order
  const c = await start([{ open: 'x', script: [] }, { work: true }])
  await work.db.caseLink.create({ data: { fromId: b, toId: c, kind: 'opened', madeAt: new Date() } })
  await work.db
    .$executeRaw`insert into commands (id, "caseId", "senderId", kind, act, principal, key, digest, actor, payload, "receivedAt", state)
    select gen_random_uuid(), ${b}::uuid, ${c}::uuid, 'act', 'hear', 'case:c', gen_random_uuid()::text, '', '{}', '{}', now(), 'stored'`
  const told = await work.db.command.findFirstOrThrow({ where: { senderId: c, caseId: b } })
  await work.db.command.update({
    where: { id: told.id },
    data: {
      payload: {
        command: told.id,
        actor: { case: c, parts: ['opened'] },
        receivedAt: told.receivedAt.toISOString(),
        content: { id: told.id, hash: 'x' },
        act: 'hear',
        form: { from: c, n: 3 },
        people: {},
      },
    },
  })
  // its turn comes before the start's
  await work.db.$executeRaw`update commands set "sentAt" = now() where "caseId" = ${b}::uuid and kind = 'start'`
  dispatcher = dispatch(work, database.url)
  await eventually(
    'it was tried',
    async () => (await work.db.command.findUniqueOrThrow({ where: { id: told.id } })).sentAt !== null,
  )
  await work.db.$executeRaw`update commands set "sentAt" = null where "caseId" = ${b}::uuid and kind = 'start'`
  expect(await endOf(b)).toBe('done')
  expect((await factsOf(b)).heard).toEqual([{ from: c, n: 3 }])
  await Promise.all([works(a), works(c)])
})

test('a case that is cancelled cancels what it opened, or tells it, or leaves it, as its contract says', async () => {
  const a = await start([
    { open: 'cancelled', as: 'leg', script: [{ work: true }] },
    { open: 'stopped', as: 'told', script: [{ work: true }] },
    { open: 'left', as: 'left', script: [{ work: true }] },
    { open: 'over', as: 'leg', script: [] },
    { ended: 'over' },
    { work: true },
  ])
  await nothingUnderway()
  expect(await cancels(a)).toMatchObject({ ok: true })
  const [cancelled, stopped, left, over] = await Promise.all(
    ['cancelled', 'stopped', 'left', 'over'].map((name) => openedBy(a, name)),
  )
  expect(await endOf(cancelled!)).toBe('cancelled')
  expect(await endOf(stopped!)).toBe('stopped')
  await nothingUnderway()
  expect(await row(left!)).toMatchObject({ status: 'open' })
  expect(await outcomes(a, over!)).toEqual(['start done'])
  // reconciliation finds the cancellation, which came without content of anybody, in the file
  expect(await doneWithoutEffect(work.db, 10, [a, cancelled!, stopped!])).toEqual([])
  await works(left!)
})

test('two linked cases cancelled at once are both cancelled, and nothing is left on its way', async () => {
  const a = await start([{ open: 'b', script: [{ work: true }] }, { reply: true }, { work: true }])
  const b = await openedBy(a)
  await eventually('B has begun', async () => (await work.db.case.findUnique({ where: { id: b } })) !== null)
  await nothingUnderway()
  const sent = await Promise.all([cancels(a), cancels(b)])
  expect(sent.map(({ ok }) => ok)).toContain(true)
  expect(await endOf(a)).toBe('cancelled')
  expect(await endOf(b)).toBe('cancelled')
  await nothingUnderway()
})

test('a branch that is withdrawn while its reply is on the way goes on without it, and the file says what came', async () => {
  const a = await start([
    { open: 'b', script: [{ heard: 1 }, { work: true }] },
    { reply: true },
    { tellOrWork: 'b', n: 4 },
    { work: true },
  ])
  await eventually('A waits', async () => (await factsOf(a)).came.length === 1)
  await eventually(
    'the reply or the task',
    async () => (await factsOf(a)).came.length === 2 || (await work.db.task.count({ where: { caseId: a } })) > 0,
  )
  await nothingUnderway()
  const b = await openedBy(a)
  expect((await factsOf(b)).heard).toEqual([{ from: a, n: 4 }])
  const replied = await work.db.event.count({ where: { caseId: a, kind: 'linkedCaseReplied' } })
  expect(replied).toBe(2)
  await works(a)
  await works(b)
  expect(await endOf(a)).toBe('done')
})

test('a branch that is withdrawn waits for no case any more', async () => {
  await dispatcher.stop()
  const a = await start([
    { open: 'b', as: 'left', script: [{ work: true }] },
    { tellOrWork: 'b', n: 4 },
    { work: true },
  ])
  const b = await openedBy(a)
  expect((await row(a)).waitsFor).toEqual([b])
  await works(a)
  expect((await row(a)).waitsFor).toEqual([])
  dispatcher = dispatch(work, database.url)
  await nothingUnderway()
  await Promise.all([works(a), works(b)])
})

test('a case that cannot be opened is refused with the reason: no such process, no such body, a form that is wrong', async () => {
  const a = await start([
    { open: 'x', as: 'foreign', script: [] },
    { reply: true },
    { open: 'y', script: [], body: 'nowhere' },
    { reply: true },
    { open: 'z', script: [{ refuse: true }] },
    { reply: true },
    { ended: 'z' },
  ])
  expect(await endOf(a)).toBe('done')
  expect((await factsOf(a)).came).toEqual(['open.notServed', 'open.unknownBody', 'unwilling', 'refused unwilling '])
})

test('a case that its story refuses after it had begun has ended for whoever opened it, alone or in a list', async () => {
  const a = await start([{ open: 'b', script: [{ work: true }, { refuse: true }] }, { reply: true }, { ended: 'b' }])
  const list = await begin(
    database,
    work,
    [{ openEach: 'leg' }, { allEnded: true }],
    [[{ work: true }, { refuse: true }]],
  )
  await nothingUnderway()
  const legs = await work.db.caseLink.findMany({ where: { fromId: { in: [a, list] } } })
  for (const { toId } of legs) await works(toId as CaseId)
  expect([await endOf(a), await endOf(list)]).toEqual(['done', 'done'])
  expect((await factsOf(a)).came).toEqual(['started', 'refused unwilling '])
  expect(JSON.parse((await factsOf(list)).came[0] ?? '')).toMatchObject({ total: 1, refused: 1, open: 0 })
})

test('a case whose form the rules of its process refuse, or that names somebody unknown, does not begin, and its opener hears it', async () => {
  const a = await start([
    { open: 'b', script: [{ ruledOut: true }] },
    { reply: true },
    { ended: 'b' },
    { open: 'c', script: [], person: '00000000-0000-4000-8000-000000000000' },
    { reply: true },
  ])
  expect(await endOf(a)).toBe('done')
  expect((await factsOf(a)).came).toEqual([
    'form.invalid',
    expect.stringContaining('refused form.invalid'),
    'form.invalid',
  ])
  expect(await row(await openedBy(a))).toMatchObject({ status: 'closed', outcome: 'refused' })
  expect(await work.db.case.count({ where: { id: await openedBy(a, 'c') } })).toBe(0)
})

test('a rehearsal that a case of another body opened is in the set of that body, and moved from there', async () => {
  await database.sql(
    `insert into state_bodies (key, kind, "regionKey", "nameKk", "nameRu", "nameEn", source) values ('c','central','r','с','с','c','test')`,
  )
  const a = await start([
    { open: 'b', as: 'left', body: 'c', script: [{ open: 'c', as: 'left', script: [{ work: true }] }, { work: true }] },
    { work: true },
  ])
  await nothingUnderway()
  const b = await openedBy(a)
  const c = await openedBy(b, 'c')
  expect(await Promise.all([b, c].map(row))).toMatchObject([
    { bodyKey: 'c', setBodyKey: 'b', rehearsal: 'tests' },
    { bodyKey: 'c', setBodyKey: 'b', rehearsal: 'tests' },
  ])
  const set = await openCasesOf(work.db, { body: BODY, name: 'tests' })
  expect([a, b, c].every((id) => set.includes(id))).toBe(true)
  expect(await openCasesOf(work.db, { body: 'c' as BodyKey, name: 'tests' })).toEqual([])
  // by HR of the body of the set
  expect(await advance(work, c, hr, '2026-03-09')).toMatchObject({ ok: true })
  const hrOfC = actor(id(7), ['hr', 'c'])
  expect(await advance(work, c, hrOfC, '2026-03-16')).toMatchObject({ ok: false, refusal: { status: 403 } })
  await Promise.all([works(a), works(b, hrOfC), works(c, hrOfC)])
})

describe('a linked case that is handed over to another body', () => {
  const THERE = 'd'
  const hrThere = actor(id(7), ['hr', THERE])
  const headThere = actor(id(8), ['head', THERE])
  const handsOver = async (of: CaseId) =>
    say(work, of, 'act', head, { act: 'handOver', step: (await row(of)).step, form: { body: THERE } })

  beforeAll(() =>
    database.sql(
      `insert into state_bodies (key, kind, "regionKey", "nameKk", "nameRu", "nameEn", source) values ($1,'central','r','д','д','d','test')`,
      [THERE],
    ),
  )

  test('tells its end to its opener, and is cancelled with it', async () => {
    const a = await start([
      { open: 'ended', script: [{ work: true }] },
      { open: 'cancelled', script: [{ work: true }] },
      { ended: 'ended' },
      { work: true },
    ])
    await nothingUnderway()
    const [ended, cancelled] = [await openedBy(a, 'ended'), await openedBy(a, 'cancelled')]
    for (const each of [ended, cancelled]) expect(await handsOver(each)).toMatchObject({ ok: true })
    await works(ended, hrThere)
    await nothingUnderway()
    expect((await factsOf(a)).came).toEqual([expect.stringMatching(/^done/)])
    expect(await cancels(a)).toMatchObject({ ok: true })
    expect(await endOf(cancelled)).toBe('cancelled')
  })

  test('opens others in the body to which it belongs now, in the set in which it was, and takes them with it', async () => {
    const a = await start([
      { open: 'before', script: [{ work: true }] },
      { work: true },
      { open: 'after', script: [{ work: true }] },
      { work: true },
    ])
    await nothingUnderway()
    expect(await handsOver(a)).toMatchObject({ ok: true })
    await works(a, hrThere)
    await nothingUnderway()
    const [before, after] = [await openedBy(a, 'before'), await openedBy(a, 'after')]
    expect(await Promise.all([a, before, after].map(row))).toMatchObject([
      { bodyKey: THERE, setBodyKey: BODY },
      { bodyKey: BODY },
      { bodyKey: THERE, setBodyKey: BODY },
    ])
    const cancelled = { act: 'cancel', step: (await row(a)).step, form: {} }
    expect(await say(work, a, 'act', headThere, cancelled)).toMatchObject({ ok: true })
    expect(await Promise.all([before, after].map(endOf))).toEqual(['cancelled', 'cancelled'])
  })
})

test('a case about another is linked to it as its contract says, and may tell it what that allows', async () => {
  const a = await start([
    { open: 'b', as: 'left', about: 'opener', script: [{ tell: 'appealed', n: 6 }, { reply: true }] },
    { heard: 1 },
    { ended: 'b' },
  ])
  expect(await endOf(a)).toBe('done')
  const b = await openedBy(a)
  expect(await work.db.caseLink.findMany({ where: { fromId: b } })).toMatchObject([{ toId: a, kind: 'appeals' }])
  expect((await factsOf(a)).heard).toEqual([{ from: b, n: 6 }])
  expect((await factsOf(b)).came).toEqual(['done'])
})

describe('a case waits for the end of another that it is linked with, though it did not open it', () => {
  const heardOf = async (id: CaseId) => (await factsOf(id)).came
  /** A case that is about another, and what it does; some other case opens it. */
  const about = async (other: CaseId, script: Script) => {
    const a = await start([{ open: 'b', as: 'left', about: other, script }])

    return openedBy(a)
  }

  test('of its opener, and of the case that it is about, with what that hands out', async () => {
    const a = await start([
      { open: 'b', as: 'left', script: [{ ended: 'opener' }, { ended: 'opener' }] },
      { open: 'c', as: 'left', about: 'opener', script: [{ tell: 'appealed', n: 6 }, { ended: 'appealed' }] },
      { heard: 1 },
      { work: true },
    ])
    await nothingUnderway()
    const [b, c] = [await openedBy(a, 'b'), await openedBy(a, 'c')]
    expect([(await row(b)).waitsFor, (await row(c)).waitsFor]).toEqual([[a], [a]])
    await works(a)
    expect([await endOf(b), await endOf(c)]).toEqual(['done', 'done'])
    expect([await heardOf(b), await heardOf(c)]).toEqual([['done ran 6', 'done ran 6'], ['done ran 6']])
    await nothingUnderway()
    expect(await outcomes(b, a)).toContain('awaitEnd done')
    expect(await outcomes(a, b)).toEqual(['start done', 'caseEnded done'])
  })

  test('that has ended before it asks, and says of it what the closed case handed out', async () => {
    const c = await start([{ open: 'x', script: [{ tell: 'opener', n: 7 }] }, { heard: 1 }, { ended: 'x' }])
    expect(await endOf(c)).toBe('done')
    const b = await about(c, [{ ended: 'appealed' }])
    expect(await endOf(b)).toBe('done')
    expect(await heardOf(b)).toEqual(['done ran 7'])
    expect(await outcomes(b, c)).toEqual(['awaitEnd done'])
    expect(await outcomes(c, b)).toEqual(['caseEnded done'])
    expect(await work.db.event.count({ where: { caseId: b, kind: 'linkedCaseEnded' } })).toBe(1)
  })

  test('that was refused, and hears why', async () => {
    const c = await start([{ refuse: true }])
    const b = await about(c, [{ ended: 'appealed' }])
    expect(await endOf(b)).toBe('done')
    expect(await heardOf(b)).toEqual(['refused unwilling '])
  })

  test('whose start could not be made, and hears why', async () => {
    const a = await start([
      { open: 'x', as: 'foreign', script: [] },
      { open: 'y', script: [], body: 'nowhere' },
    ])
    expect(await endOf(a)).toBe('done')
    const [x, y] = [await openedBy(a, 'x'), await openedBy(a, 'y')]
    const b = await start([{ work: true }, { ended: x }, { ended: y }])
    const madeAt = new Date()
    await work.db.caseLink.createMany({ data: [x, y].map((toId) => ({ fromId: b, toId, kind: 'about', madeAt })) })
    await works(b)
    expect(await endOf(b)).toBe('done')
    expect(await heardOf(b)).toEqual(['refused open.notServed ', 'refused open.unknownBody '])
    // who is not linked with it hears no more than that nobody answers
    const c = await start([{ ended: x }])
    expect(await endOf(c)).toBe('done')
    expect(await heardOf(c)).toEqual(['refused case.closed '])
  })

  test('whose result is annulled: that is said with its end', async () => {
    const [c, by] = [await start([]), await start([])]
    expect([await endOf(c), await endOf(by)]).toEqual(['done', 'done'])
    const annulment = { caseId: c, byId: by, effectId: randomUUID(), on: new Date('2026-04-01') }
    await work.db.annulment.create({ data: { ...annulment, ground: 'unworthy', at: new Date() } })
    const b = await about(c, [{ ended: 'appealed' }])
    expect(await endOf(b)).toBe('done')
    expect(await heardOf(b)).toEqual(['done annulled ran '])
  })

  test('that is cancelled while it waits', async () => {
    const a = await start([{ open: 'b', as: 'left', script: [{ ended: 'opener' }] }, { work: true }])
    await nothingUnderway()
    expect(await cancels(a)).toMatchObject({ ok: true })
    const b = await openedBy(a)
    expect(await endOf(b)).toBe('done')
    expect(await heardOf(b)).toEqual(['cancelled cancelled '])
  })

  test('and not of one that it is not linked with, open or closed: that is refused, and hands out nothing', async () => {
    const [open, closed] = [await start([{ work: true }]), await start([])]
    const a = await start([{ ended: open }, { ended: closed }])
    expect(await endOf(a)).toBe('done')
    expect(await heardOf(a)).toEqual(['refused policy.notLinked ', 'refused case.closed '])
    await works(open)
    await nothingUnderway()
    expect(await work.db.command.count({ where: { kind: 'caseEnded', caseId: a } })).toBe(0)
  })

  test('and goes on without it in another branch, though the end is on its way', async () => {
    const a = await start([
      { open: 'b', as: 'left', script: [{ endedOrWork: 'opener' }, { work: true }] },
      { work: true },
    ])
    await nothingUnderway()
    const b = await openedBy(a)
    await dispatcher.stop()
    await works(a)
    await works(b)
    expect(await row(b)).toMatchObject({ waitsFor: [], status: 'open' })
    dispatcher = dispatch(work, database.url)
    await nothingUnderway()
    expect(await heardOf(b)).toEqual(['answered'])
    expect(await work.db.event.count({ where: { caseId: b, kind: 'linkedCaseEnded' } })).toBe(1)
    await works(b)
    expect(await endOf(b)).toBe('done')
  })

  test.each([
    ['is just closing', 'case.closed'],
    ['takes no more messages', 'case.full'],
  ])('that %s when it is asked: it is asked again, and not taken for one without an end', async (_what, code) => {
    const a = await start([{ open: 'b', as: 'left', script: [{ work: true }, { ended: 'opener' }] }, { work: true }])
    await nothingUnderway()
    const b = await openedBy(a)
    await dispatcher.stop()
    let closing = true
    dispatcher = dispatch(
      work,
      database.url,
      (send) => (command, waitMs) =>
        command.kind === 'awaitEnd' && closing
          ? Promise.resolve({ result: 'refused', refusal: { status: 409, reason: { code } } })
          : send(command, waitMs),
    )
    await works(b)
    const asked = () => work.db.command.findFirst({ where: { kind: 'awaitEnd', senderId: b } })
    await eventually('it was asked', async () => Boolean((await asked())?.sentAt))
    await dispatcher.stop()
    closing = false
    expect(await asked()).toMatchObject({ state: 'stored' })
    await works(a)
    await work.db.command.updateMany({ where: { kind: 'awaitEnd', senderId: b }, data: { sentAt: null } })
    dispatcher = dispatch(work, database.url)
    expect(await endOf(b)).toBe('done')
    expect(await heardOf(b)).toEqual(['done ran '])
  })
})

test('a case about one of another set of rehearsals cannot be opened', async () => {
  const other = await start([{ work: true }])
  await work.db.case.update({ where: { id: other }, data: { rehearsal: 'others' } })
  const a = await start([{ open: 'b', about: other, script: [] }, { reply: true }])
  expect(await endOf(a)).toBe('done')
  expect((await factsOf(a)).came).toEqual(['open.otherSet'])
  await works(other)
})

test('an act that the contract does not give to linked cases, or that its rules refuse, is refused', async () => {
  const a = await start([
    { open: 'b', script: [{ work: true }] },
    { tell: 'b', n: -1 },
    { reply: true },
    { tell: 'b', n: 1, act: 'replaceMember' },
    { reply: true },
    { tell: 'b', n: 1, act: 'nonsense' },
    { reply: true },
    { tell: 'b', n: 1, act: 'cancel' },
    { ended: 'b' },
  ])
  expect(await endOf(a)).toBe('done')
  expect((await factsOf(a)).came).toEqual(['unwilling', 'policy.notLinked', 'act.unknown', 'cancelled cancelled '])
})

test('sending adds three events to the history at most, and histories with links replay', async () => {
  const eventsOf = async (id: CaseId) => (await work.client.workflow.getHandle(id).fetchHistory()).events?.length ?? 0
  const plain = await start([{ work: true }])
  const telling = await start([{ open: 'b', as: 'left', script: [{ work: true }] }, { work: true }])
  // its reply has not come: nothing else woke it
  const sent = await eventsOf(telling)
  await nothingUnderway()
  expect(sent - (await eventsOf(plain))).toBeLessThanOrEqual(3)
  const b = await openedBy(telling)
  for (const id of [telling, b]) {
    const history = await work.client.workflow.getHandle(id).fetchHistory()
    await Worker.runReplayHistory(
      { workflowBundle: await bundleWorkflows(path.join(__dirname, 'bundle.ts')) },
      history,
      id,
    )
  }
  await Promise.all([works(plain), works(telling), works(b)])
})

describe('a case that opens others by a list in the store', () => {
  const times = (n: number, script: Script) => Array.from({ length: n }, () => script)
  const startList = (script: Script, legs: readonly Script[]) => begin(database, work, script, legs)

  test('knows how each ended when all are over, those that were refused among them', async () => {
    const a = await startList(
      [{ openEach: 'leg' }, { tellEach: 5 }, { allEnded: true }],
      [...times(120, [{ heard: 1 }]), ...times(3, [{ refuse: true }])],
    )
    expect(await endOf(a)).toBe('done')
    const [ends] = (await factsOf(a)).came
    expect(JSON.parse(ends ?? '')).toEqual({ total: 123, open: 0, refused: 3, ends: { done: 120 } })
    expect(await work.db.caseLink.count({ where: { fromId: a } })).toBe(123)
    const history = await work.client.workflow.getHandle(a).fetchHistory()
    expect(history.events?.length).toBeLessThan(100)
  })

  test('counts each once among those that are over, also one that was refused after it had begun', async () => {
    const a = await startList(
      [{ openEach: 'leg' }, { allEnded: true }],
      [[{ work: true }, { refuse: true }], [{ refuse: true }], [{ work: true }]],
    )
    await nothingUnderway()
    const over = async () => (await work.db.caseList.findFirstOrThrow({ where: { caseId: a } })).over
    expect(await over()).toBe(1)
    const legs = await work.db.command.findMany({ where: { senderId: a, kind: 'start' }, orderBy: { seq: 'asc' } })
    const [refused, , last] = legs.map(({ caseId }) => caseId as CaseId)
    if (!refused || !last) throw new Error('it opened no three')
    await works(refused)
    await nothingUnderway()
    // its start is settled once more, as after a database that was gone back
    const [first] = legs
    await work.db.command.update({ where: { id: first?.id ?? '' }, data: { state: 'stored', sentAt: null } })
    await nothingUnderway()
    expect(await over()).toBe(2)
    expect(await row(a)).toMatchObject({ status: 'open', waitsFor: [expect.any(String)] })
    await works(last)
    expect(await endOf(a)).toBe('done')
    expect(await over()).toBe(3)
    expect(JSON.parse((await factsOf(a)).came[0] ?? '')).toEqual({ total: 3, open: 0, refused: 2, ends: { done: 1 } })
  })

  test('cancels or tells those that are not over when it is cancelled', async () => {
    const a = await startList([{ openEach: 'told' }, { allEnded: true }], times(12, [{ work: true }]))
    await nothingUnderway()
    expect(await cancels(a)).toMatchObject({ ok: true })
    await nothingUnderway()
    const links = await work.db.caseLink.findMany({ where: { fromId: a }, select: { toId: true } })
    const legs = await work.db.case.groupBy({
      by: ['outcome'],
      where: { id: { in: links.map(({ toId }) => toId) } },
      _count: true,
    })
    expect(legs).toEqual([{ outcome: 'stopped', _count: 12 }])
  })

  test('keeps how each ended in the store, however many there are: its history has the reference', async () => {
    const a = await startList([{ openEach: 'leg' }, { allEnded: true }, { work: true }, { keep: true }], times(3, []))
    await eventually('all three are over', async () => (await factsOf(a)).came.length === 1)
    const { id: list } = await work.db.caseList.findFirstOrThrow({ where: { caseId: a } })
    await work.db.$executeRaw`
      insert into commands (id, "caseId", "listId", kind, principal, key, digest, actor, payload, "receivedAt", state)
      select gen_random_uuid(), gen_random_uuid(), ${list}::uuid, 'start', 'case', 'kept ' || n, '', '{}', '{}', now(), 'done'
      from generate_series(4, 3000) n`
    const before = JSON.stringify(await work.client.workflow.getHandle(a).fetchHistory()).length
    await works(a)
    expect(await endOf(a)).toBe('done')
    expect((await factsOf(a)).came[1]).toBe('kept 3000')
    const history = await work.client.workflow.getHandle(a).fetchHistory()
    const kept = await work.db.content.findMany({ where: { caseId: a } })
    const rows = kept.flatMap(({ body }) => (body as { rows?: { case: CaseId; end?: string }[] }).rows ?? [])
    expect(rows).toHaveLength(3000)
    // the answer to the worker may be lost: what is kept stays as it is
    const content = kept.find(({ body }) => 'rows' in (body as object))
    const again = { case: a, content: content?.id as ContentId }
    expect(await keepList(work.db, again, [])).toEqual({ hash: content?.hash, total: 3000 })
    expect(rows.slice(0, 4).map(({ end }) => end)).toEqual(['done', 'done', 'done', undefined])
    // the 3,000 ids alone are more than a hundred thousand characters
    expect(JSON.stringify(history).length - before).toBeLessThan(20_000)
    await work.db.command.deleteMany({ where: { key: { startsWith: 'kept ' } } })
  })

  test('opens others by a list that it had kept, each with what its item says', async () => {
    const a = await startList(
      [{ openEach: 'leg' }, { allEnded: true }, { keep: true }, { openKept: 'leg' }, { allEnded: true }],
      [...times(2, []), [{ refuse: true }]],
    )
    expect(await endOf(a)).toBe('done')
    const starts = await work.db.command.findMany({ where: { senderId: a, kind: 'start' }, orderBy: { seq: 'asc' } })
    const forms = starts.map(
      ({ payload }) => (payload as { input: { form: { case?: string; end?: string } } }).input.form,
    )
    expect(forms.slice(3)).toMatchObject(
      starts.slice(0, 3).map(({ caseId }, n) => ({ case: caseId, end: ['done', 'done', 'refused'][n] })),
    )
  })

  test('goes on at once when the list is empty, and when none of them can be opened', async () => {
    const none = await startList([{ openEach: 'leg' }, { allEnded: true }], [])
    expect(await endOf(none)).toBe('done')
    const refused = await startList([{ openEach: 'leg' }, { allEnded: true }], times(3, [{ refuse: true }]))
    expect(await endOf(refused)).toBe('done')
    expect(JSON.parse((await factsOf(refused)).came[0] ?? '')).toMatchObject({ total: 3, refused: 3, open: 0 })
  })

  test('whose row was changed opens none and stands still, for somebody to look', async () => {
    const a = await startList([{ work: true }, { openEach: 'leg' }, { allEnded: true }], times(2, []))
    await work.db.$executeRaw`update contents set body = '{"legs": []}' where "caseId" = ${a}::uuid`
    const task = await openTask(work, a, 'work')
    void say(work, a, 'complete', hr, { task, answer: {} }).catch(() => undefined)
    await eventually('the incident', async () => (await storyFailure(work.db, a)) !== null)
    expect(await work.db.caseLink.count({ where: { fromId: a } })).toBe(0)
    await work.client.workflow.getHandle(a).terminate()
  })
})

test('messages to fifty cases that hang keep no other message waiting', async () => {
  const names = Array.from({ length: 50 }, (_, n) => `h${String(n)}`)
  const a = await start([
    ...names.map((open) => ({ open, as: 'left' as const, script: [{ heard: 1 }] })),
    { work: true },
    ...names.map((tell) => ({ tell, n: 1 })),
    { work: true },
  ])
  await nothingUnderway()
  const { opened } = await factsOf(a)
  const hanging = new Set<string>()
  let answer: (() => void) | null = null
  const answered = new Promise<void>((resolve) => (answer = resolve))
  await dispatcher.stop()
  dispatcher = dispatch(work, database.url, (send) => async (command, waitMs) => {
    if (!Object.values(opened).includes(command.caseId)) return send(command, waitMs)
    hanging.add(command.caseId)
    await answered

    return send(command, waitMs)
  })
  await works(a)
  await eventually('all fifty hang', () => hanging.size === 50)
  const other = await start([
    { open: 'b', script: [{ heard: 2 }] },
    { tell: 'b', n: 1 },
    { tell: 'b', n: 2 },
    { ended: 'b' },
  ])
  expect(await endOf(other)).toBe('done')
  expect(await work.db.command.count({ where: { state: 'stored', senderId: a } })).toBe(50)
  answer!()
  for (const id of Object.values(opened)) expect(await endOf(id)).toBe('done')
  await works(a)
})
