import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Worker } from '@temporalio/worker'
import { seedRegister } from '../../../prisma/seed/seed'
import { sampleRegister } from '../../../prisma/seed/sample'
import { verifyChain } from '../../../prisma/store/events'
import { bundleWorkflows } from '../../../worker/bundle'
import { isoDate } from '../../../workflows/kernel/law/calendar'
import { dueStep } from '../../../api/shapes/schemas'
import type { CaseId, CommandId, Instant, PersonId } from '../../../workflows/kernel/contract'
import { processesOf } from '../../../workflows/kernel/process'
import { certificate } from '../../certificate/process'
import { example } from '../../example/process'
import { enterExampleLaw } from '../../example/register'
import { actor, advance, casework, open, openTask, say } from '../../support/casework'
import type { Casework } from '../../support/casework'
import { commandOnItsWay, freshDatabase } from '../../support/database'
import type { FreshDatabase } from '../../support/database'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { eventually } from '../../support/eventually'
import { recordHistories } from '../../support/histories'
import { Sitting } from '../../support/panels'
import { admitted } from '../../support/updates'

const WORKFLOWS = path.resolve(__dirname, '../../example/workflows.ts')
const MONDAY = isoDate('2026-03-02')
const sample = { seed: 7, on: isoDate('2026-01-20') }

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  database = await freshDatabase()
  await seedRegister(database.url, sample)
  work = await casework(database.url, WORKFLOWS, {}, { processes: processesOf(example, certificate) })
  await enterExampleLaw(work.db)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const free = sampleRegister(sample).newcomers.filter((each) => each.bodyKind === 'central' && each.hr.length > 0)

/** A proposal about somebody new, by a body's HR, with five members and an alternate. */
async function propose(proposedByHead = false, more: object = {}) {
  const newcomer = free.shift()
  if (!newcomer) throw new Error('nobody is left to commend')
  const { body, person, position, head, supervisor } = newcomer
  const people = await work.db.person.findMany({
    where: { id: { notIn: [person, head, supervisor, ...newcomer.hr] } },
    take: 6,
  })
  const ids = people.map(({ id }) => id as PersonId)
  const hr = actor(newcomer.hr[0] ?? '', ['hr', body])
  // nobody else has held his position
  await database.sql('delete from posts where "positionId" = $1 and "personId" <> $2', [position, person])
  await database.sql('update posts set "from" = $1 where "personId" = $2 and "to" is null', ['2026-01-05', person])
  const opened = await open(work, {
    process: 'example',
    body,
    subject: person,
    position,
    on: MONDAY,
    by: hr,
    form: {
      person,
      position,
      chair: ids[0],
      members: ids.slice(0, 5),
      alternates: ids.slice(5),
      sitting: '2026-03-16',
      proposedByHead,
      ...more,
    },
  })
  expect(opened.outcome).toEqual({ result: 'started' })
  const commission = new Sitting(work, opened.id)
  const answers = async (kind: string, by: typeof hr, answer: object) =>
    say(work, opened.id, 'complete', by, { task: await openTask(work, opened.id, kind), answer: answer as never })

  return { id: opened.id, commission, members: ids, hr, head: actor(head, ['head', body]), newcomer, answers }
}
type Proposal = Awaited<ReturnType<typeof propose>>

const file = ({ id }: Proposal) => work.db.case.findUniqueOrThrow({ where: { id } })

async function votedFor(proposal: Proposal): Promise<void> {
  await advance(work, proposal.id, proposal.hr, '2026-03-16')
  for (const member of proposal.members.slice(0, 5)) await proposal.commission.votes(member, 'grant')
  expect(await file(proposal)).toMatchObject({ stage: 'announcing' })
}

test('recommended, returned once, heard, voted for, and announced when nobody objects', async () => {
  const proposal = await propose()
  const supervisor = actor(proposal.newcomer.supervisor)
  await proposal.answers('recommend', supervisor, {})
  const approve = await openTask(work, proposal.id, 'approve')
  await say(work, proposal.id, 'return', proposal.head, { task: approve })
  await proposal.answers('recommend', supervisor, {})
  await proposal.answers('approve', proposal.head, {})
  await proposal.answers('consent', actor(proposal.newcomer.person), { agrees: true })
  await proposal.answers('checkRecord', proposal.hr, { clean: true })
  await votedFor(proposal)
  await advance(work, proposal.id, proposal.hr, '2026-03-30')
  expect(await file(proposal)).toMatchObject({ outcome: 'granted', basis: { code: 'voted' } })
  expect(await proposal.commission.events('taskWithdrawn')).toHaveLength(2)
  expect(await verifyChain(work.db, proposal.id)).toEqual({ ok: true })
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
  const { newcomer, head, hr } = proposal
  const by = {
    recommend: actor(newcomer.supervisor),
    approve: head,
    consent: actor(newcomer.person),
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
  const workflowBundle = await bundleWorkflows(WORKFLOWS)
  for (const { id } of await work.db.case.findMany()) {
    const history = await work.client.workflow.getHandle(id).fetchHistory()
    await expect(Worker.runReplayHistory({ workflowBundle }, history, id)).resolves.toBeUndefined()
  }
  if (process.env['RECORD_HISTORIES']) await recordHistories(work)
})
