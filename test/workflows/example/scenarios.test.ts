import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import { verifyChain } from '../../../prisma/store/events'
import { bundleWorkflows } from '../../../worker/bundle'
import { dueStep } from '../../../api/shapes/schemas'
import type { CaseId, CommandId, Instant, IsoDate, PersonId, PositionId } from '../../../workflows/kernel/contract'
import { example } from '../../example/process'
import { exampleStore } from '../../example/store'
import { advance, openTask, say } from '../../support/casework'
import type { Casework } from '../../support/casework'
import { commendations, EXAMPLE, proposer, teamIn, voteFor, type Proposal } from '../../support/commendations'
import { commandOnItsWay, freshDatabase } from '../../support/database'
import type { FreshDatabase } from '../../support/database'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { eventually } from '../../support/eventually'
import { recordHistories } from '../../support/histories'
import { admitted } from '../../support/updates'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let propose: ReturnType<typeof proposer>

beforeAll(async () => {
  database = await freshDatabase()
  work = await commendations(database)
  propose = proposer(database, work)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const file = ({ id }: Proposal) => work.db.case.findUniqueOrThrow({ where: { id } })

async function votedFor(proposal: Proposal): Promise<void> {
  await voteFor(work, proposal)
  expect(await file(proposal)).toMatchObject({ stage: 'announcing' })
}

test('recommended, returned once, heard, voted for, and announced when nobody objects', async () => {
  const proposal = await propose()
  const supervisor = proposal.supervisor
  await proposal.answers('recommend', supervisor, {})
  const approve = await openTask(work, proposal.id, 'approve')
  await say(work, proposal.id, 'return', proposal.head, { task: approve })
  await proposal.answers('recommend', supervisor, {})
  await proposal.answers('approve', proposal.head, {})
  await proposal.answers('consent', proposal.servant, { agrees: true })
  await proposal.answers('checkRecord', proposal.hr, { clean: true })
  await votedFor(proposal)
  await advance(work, proposal.id, proposal.hr, '2026-03-30')
  expect(await file(proposal)).toMatchObject({ outcome: 'granted', basis: { code: 'voted' } })
  expect(await proposal.commission.events('taskWithdrawn')).toHaveLength(2)
  expect(await verifyChain(work.db, proposal.id)).toEqual({ ok: true })
})

describe('the roll of honour, which the example owns', () => {
  const remark = async ({ id }: Proposal) =>
    (await work.db.event.findFirst({ where: { caseId: id, kind: 'entered' } }))?.params
  const granted = async (more: object) => {
    const proposal = await propose(true, more)
    await votedFor(proposal)
    await advance(work, proposal.id, proposal.hr, '2026-03-30')
    expect(await file(proposal)).toMatchObject({ outcome: 'granted' })

    return proposal
  }

  test('a commendation gets the next number of its body in its set, and the file says so', async () => {
    const proposal = await granted({ roll: true })
    expect(await remark(proposal)).toEqual({ number: 1, all: 1 })
    const events = await work.db.event.findMany({ where: { caseId: proposal.id, kind: 'effectTaken' } })
    expect(events.map(({ params }) => params)).toEqual([{ effect: 'enterInRoll' }])
    // rehearsals write no real register
    expect(await work.db.sql.rows`select 1 from register_rows`).toEqual([])
  })

  test('by an act in force every commendation gets one, of the cases that start with it', async () => {
    const before = await propose(true)
    await database.sql(
      `update regime_rows set value = 'true', act = 'Order 12', "inForceFrom" = '2026-03-02' where key = 'example.everyoneInRoll'`,
    )
    const after = await propose(true)
    await database.sql(`update regime_rows set value = 'false' where key = 'example.everyoneInRoll'`)
    for (const proposal of [before, after]) {
      await votedFor(proposal)
      await advance(work, proposal.id, proposal.hr, '2026-03-30')
      expect(await file(proposal)).toMatchObject({ outcome: 'granted' })
    }
    expect(await remark(before)).toBeUndefined()
    expect(await remark(after)).toMatchObject({ all: 1 })
  })

  test('who has three is not proposed again', async () => {
    const person = randomUUID() as PersonId
    const commended = async () =>
      (await exampleStore.people?.(work.db.sql, [person], '2026-03-02' as IsoDate))?.get(person)
    const errors = async () => {
      const form = { person, chair: 'chair', members: ['chair'], alternates: [] } as never
      const people = { [person]: { body: null, serviceMonths: 0, ...(await commended()) } }

      return example.check('start', form, {}, { people } as never)
    }
    expect(await errors()).toBeNull()
    for (const n of [1, 2, 3])
      await work.db.sql.run`insert into register_rows (id, register, "bodyKey", key, fields)
        values (${randomUUID()}::uuid, 'example-roll', 'elsewhere', ${String(n)}, ${JSON.stringify({ person })}::jsonb)`
    expect(await commended()).toEqual({ commended: 3 })
    expect(await errors()).toEqual({ person: 'commendedOften' })
  })
})

test('of two who answer at the same moment where the first decides, one does and the other is told', async () => {
  const proposal = await propose(true)
  await votedFor(proposal)
  const [object, announce] = [
    await openTask(work, proposal.id, 'object'),
    await openTask(work, proposal.id, 'announce'),
  ]
  await worker.stop()
  const commands = [randomUUID() as CommandId, randomUUID() as CommandId]
  const sent = Promise.all([
    say(work, proposal.id, 'complete', proposal.head, { task: object, answer: {}, command: commands[0]! }),
    say(work, proposal.id, 'complete', proposal.hr, { task: announce, answer: {}, command: commands[1]! }),
  ])
  for (const command of commands)
    await eventually('the answer is with Temporal', () => admitted(work.client, proposal.id, command))
  worker = await work.work()
  const answers = await sent
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ refusal: { status: 409 } })
  const states = await work.db.task.findMany({ where: { id: { in: [object, announce] } }, select: { state: true } })
  expect(states.map(({ state }) => state).sort()).toEqual(['completed', 'obsolete'])
  expect(await file(proposal)).toMatchObject({ status: 'closed' })
})

test('an objection received while there was time is heard, though it arrives when the time is over', async () => {
  const proposal = await propose(true)
  await votedFor(proposal)
  const task = await openTask(work, proposal.id, 'object')
  const receivedAt = new Date().toISOString() as Instant
  const command = await commandOnItsWay(database, { case: proposal.id, task, receivedAt })
  const moving = advance(work, proposal.id, proposal.hr, '2026-03-30')
  await eventually('the silence to end', async () => {
    const { events } = await work.client.workflow.getHandle(proposal.id).fetchHistory()

    return events?.some(
      ({ activityTaskScheduledEventAttributes: asked }) => asked?.activityType?.name === 'answerUnderway',
    )
  })
  const { head } = proposal
  const objected = await say(work, proposal.id, 'complete', head, { task, answer: {}, command, receivedAt })
  expect(objected).toMatchObject({ ok: true })
  await moving
  expect(await file(proposal)).toMatchObject({ outcome: 'declined', basis: { code: 'headObjected' } })
})

test('time that a form gave moves the end of the silence, and the file says that the form gave it', async () => {
  const proposal = await propose(true)
  await votedFor(proposal)
  const silence = async () => {
    const clock = await work.db.clock.findFirstOrThrow({ where: { caseId: proposal.id, name: 'silence' } })

    return { on: clock.endsOn.toISOString().slice(0, 10), steps: clock.explanation }
  }
  const before = await silence()
  const { step } = await file(proposal)
  const given = { act: 'giveTime', step, form: { days: 2 } }
  expect(await say(work, proposal.id, 'act', proposal.hr, given)).toMatchObject({ ok: true })
  const after = await silence()
  expect(after.on > before.on).toBe(true)
  expect(after.steps).toEqual(
    expect.arrayContaining([
      {
        code: 'given',
        term: { value: 2, unit: 'working days', given: { act: 'giveTime', field: 'days' } },
        reaches: after.on,
      },
    ]),
  )
  // as the page of the case is told
  expect(dueStep.array().parse(after.steps)).toEqual(after.steps)
  await advance(work, proposal.id, proposal.hr, before.on)
  expect(await file(proposal)).toMatchObject({ status: 'open' })
  await advance(work, proposal.id, proposal.hr, after.on)
  expect(await file(proposal)).toMatchObject({ outcome: 'granted' })
})

test('withdrawn while it is being heard, it ends with nothing open', async () => {
  const proposal = await propose()
  const { step } = await file(proposal)
  await say(work, proposal.id, 'act', proposal.hr, { act: 'withdrawProposal', step, form: {} })
  expect(await file(proposal)).toMatchObject({ outcome: 'withdrawn' })
  expect(await work.db.task.count({ where: { caseId: proposal.id, state: { not: 'obsolete' } } })).toBe(0)
})

type Asked = 'recommend' | 'approve' | 'consent' | 'checkRecord'

test.each<readonly [unanswered: Asked, answered: readonly Asked[]]>([
  ['recommend', []],
  ['approve', ['recommend']],
  ['consent', ['recommend', 'approve', 'checkRecord']],
  ['checkRecord', ['recommend', 'approve', 'consent']],
])('a case in which nobody answers %s ends by itself', async (unanswered, answered) => {
  const proposal = await propose()
  const { head, hr } = proposal
  const by = {
    recommend: proposal.supervisor,
    approve: head,
    consent: proposal.servant,
    checkRecord: hr,
  }
  for (const kind of answered) await proposal.answers(kind, by[kind], kind === 'consent' ? { agrees: true } : {})
  await openTask(work, proposal.id, unanswered)
  await advance(work, proposal.id, hr, '2026-05-04')
  expect(await file(proposal)).toMatchObject({ outcome: 'declined', basis: { code: 'nobodyAnswered' } })
})

test('the sitting is moved, and the commission meets on the new day', async () => {
  const proposal = await propose(true)
  const { step } = await file(proposal)
  await say(work, proposal.id, 'act', proposal.hr, { act: 'moveSitting', step, form: { sitting: '2026-03-18' } })
  await advance(work, proposal.id, proposal.hr, '2026-03-17')
  expect(await file(proposal)).toMatchObject({ stage: 'hearing' })
  await advance(work, proposal.id, proposal.hr, '2026-03-18')
  expect(await file(proposal)).toMatchObject({ stage: 'voting' })
})

describe('a certificate, which is a case of its own', () => {
  let dispatcher: Dispatching
  beforeAll(() => void (dispatcher = dispatch(work, database.url)))
  afterAll(() => dispatcher.stop())

  const granted = async () => {
    const proposal = await propose(true, { certificate: 'servant' })
    await votedFor(proposal)
    await proposal.answers('announce', proposal.hr, {})
    const opened = async () => (await work.db.caseLink.findFirst({ where: { fromId: proposal.id } }))?.toId as CaseId
    await eventually('the certificate has begun', async () => {
      const id = await opened()

      return id !== undefined && (await work.db.case.count({ where: { id } })) > 0
    })

    return { proposal, printed: await opened() }
  }
  const does = async (of: CaseId, kind: string, by: Proposal['hr']) =>
    expect(await say(work, of, 'complete', by, { task: await openTask(work, of, kind), answer: {} })).toMatchObject({
      ok: true,
    })
  const closed = async (id: string) => (await work.db.case.findUniqueOrThrow({ where: { id } })).status === 'closed'
  const begins = async (kind: string, of: readonly string[]) =>
    eventually(
      `each ${kind} waits to be done`,
      async () => (await work.db.task.count({ where: { caseId: { in: [...of] }, kind } })) === of.length,
    )

  test('is printed and handed over, and the commendation hears of both before it ends', async () => {
    const { proposal, printed } = await granted()
    await does(printed, 'print', proposal.hr)
    await eventually('the printing is known', async () => {
      const { facts } = await file(proposal)

      return (facts as { printed?: boolean }).printed === true
    })
    expect(await file(proposal)).toMatchObject({ status: 'open' })
    await eventually(
      'it waits to be handed over',
      async () => (await work.db.task.count({ where: { caseId: printed, kind: 'handOver' } })) > 0,
    )
    await does(printed, 'handOver', proposal.hr)
    await eventually('the commendation has ended', () => closed(proposal.id))
    expect(await file(proposal)).toMatchObject({ outcome: 'granted' })
    expect(await proposal.commission.events('certificateEnded')).toHaveLength(1)
  })

  test('for each of a team is printed and handed over, and the commendation knows how each ended', async () => {
    const nowhere = randomUUID() as PositionId
    const proposal = await propose(true, { certificate: 'team' }, async ({ body }) => {
      const team = await teamIn(work, body, 4)

      return team.map((each, n) => (n === 2 ? { ...each, position: nowhere } : each))
    })
    await votedFor(proposal)
    await proposal.answers('announce', proposal.hr, {})
    const of = async () => {
      const begun = await work.db.command.findMany({ where: { senderId: proposal.id, kind: 'start', state: 'done' } })

      return begun.map(({ caseId }) => caseId as CaseId)
    }
    await eventually('three have begun', async () => (await of()).length === 3)
    const each = await of()
    await eventually(
      'each knows its ceremony',
      async () =>
        (await work.db.command.count({ where: { senderId: proposal.id, act: 'setCeremony', state: 'done' } })) === 3,
    )
    for (const kind of ['print', 'handOver']) {
      await begins(kind, each)
      expect(await file(proposal)).toMatchObject({ status: 'open' })
      for (const id of each) await does(id, kind, proposal.hr)
    }
    await eventually('the commendation has ended', () => closed(proposal.id))
    const remark = await work.db.event.findFirstOrThrow({ where: { caseId: proposal.id, kind: 'certificatesEnded' } })
    expect(remark.params).toMatchObject({ total: 4, handed: 3 })
    const { each: kept } = remark.params as { each: string }
    const { body } = await work.db.content.findUniqueOrThrow({ where: { id: kept } })
    expect((body as { rows: { case: string; end: string }[] }).rows.map(({ end }) => end)).toEqual([
      ...['handed', 'handed', 'refused', 'handed'],
    ])
    // it hears once of all, and its history knows nobody of the team
    const heard = await work.db.command.groupBy({
      by: ['kind'],
      where: { caseId: proposal.id, senderId: { not: null } },
      _count: true,
    })
    expect(heard).toEqual([{ kind: 'listEnded', _count: 1 }])
    const history = JSON.stringify(await work.client.workflow.getHandle(proposal.id).fetchHistory())
    expect(history).not.toContain(nowhere)
  })

  test('is cancelled with the commendation', async () => {
    const { proposal, printed } = await granted()
    // the case may still be hearing what came of the opening
    await eventually('the commendation is cancelled', async () => {
      const { step } = await file(proposal)

      return (await say(work, proposal.id, 'act', proposal.head, { act: 'cancel', step, form: {} })).ok
    })
    await eventually('the certificate is cancelled', () => closed(printed))
    expect(await work.db.case.findUniqueOrThrow({ where: { id: printed } })).toMatchObject({ outcome: 'cancelled' })
  })
})

test('histories of every scenario replay', async () => {
  const workflowBundle = await bundleWorkflows(EXAMPLE)
  for (const { id } of await work.db.case.findMany()) {
    const history = await work.client.workflow.getHandle(id).fetchHistory()
    await expect(Worker.runReplayHistory({ workflowBundle }, history, id)).resolves.toBeUndefined()
  }
  if (process.env['RECORD_HISTORIES']) await recordHistories(work)
})
