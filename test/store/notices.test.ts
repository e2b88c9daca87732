/** Whom a step that is recorded tells of what: those concerned, whatever its workflow says. */
import { randomUUID } from 'node:crypto'
import { recordStep } from '../../prisma/store/casefile'
import { assign, claim, delegate, free, release } from '../../prisma/store/tasks'
import type { BodyKey, CaseId, PersonId, TaskId } from '../../workflows/kernel/contract'
import type { OpenTask, Step } from '../../workflows/kernel/protocol/step'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { arrangeCase, arrangeTask } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { at, on, openTask, stepOfCase } from '../support/steps'

const BODY = 'ministryFinance' as BodyKey
const templates = { processes, words: readWords() }
let database: FreshDatabase
let subject: PersonId
let mentor: PersonId
let officer: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  const people = await database.db.person.findMany({ orderBy: { id: 'asc' }, take: 3 })
  const [a, b, c] = people.map(({ id }) => id as PersonId)
  if (!a || !b || !c) throw new Error('the register has people')
  ;[subject, mentor, officer] = [a, b, c]
})
afterAll(() => database.drop())

const aCase = async () => (await arrangeCase(database.db, { body: BODY, subject })) as CaseId
const record = (id: CaseId, tasks: readonly OpenTask[], more: Partial<Step> = {}) =>
  recordStep(database.db, { ...stepOfCase(id, subject, tasks, { events: [], ...more }) }, templates)
const told = async (id: CaseId) =>
  (await database.db.notice.findMany({ where: { caseId: id }, orderBy: [{ kind: 'asc' }, { personId: 'asc' }] })).map(
    ({ kind, role, personId, taskId, params }) => ({ kind, to: personId ?? role, task: taskId, params }),
  )
const event = (kind: string, params: Record<string, string> = {}, task?: TaskId) => ({
  kind,
  at,
  on,
  params,
  ...(task && { task }),
})
const newTask = () => randomUUID() as TaskId
const toOffice = { role: 'hr', body: BODY } as const

test('a task is told of as what it is: new, come back, or a question', async () => {
  const id = await aCase()
  const [fresh, back, question, moved] = [newTask(), newTask(), newTask(), newTask()]
  await record(
    id,
    [
      openTask(fresh),
      openTask(back, { returned: true }),
      openTask(question, { questionOf: fresh, for: { person: mentor } }),
      openTask(moved, { returned: true }),
    ],
    {
      notices: [
        ...[fresh, back, moved].map((task) => ({ kind: 'taskOpened' as const, to: toOffice, task })),
        { kind: 'taskOpened', to: { person: mentor }, task: question },
      ],
      events: [event('taskReassigned', {}, moved)],
    },
  )
  expect(new Set(await told(id))).toEqual(
    new Set([
      { kind: 'questionAsked', to: mentor, task: question, params: {} },
      { kind: 'taskOpened', to: 'hr', task: fresh, params: {} },
      { kind: 'taskOpened', to: 'hr', task: moved, params: {} },
      { kind: 'taskReturned', to: 'hr', task: back, params: {} },
    ]),
  )
})

test('whoever put a question hears that it is answered, and not that it was withdrawn', async () => {
  for (const [assignee, to] of [
    [officer, officer],
    [null, 'hr'],
  ] as const) {
    const id = await aCase()
    const task = (await arrangeTask(database.db, id, { ...toOffice, assignee, state: 'reserved' })) as TaskId
    const ask = async () =>
      (await arrangeTask(database.db, id, { person: mentor, assignee: mentor, questionOf: task })) as TaskId
    const [answered, withdrawn] = [await ask(), await ask()]
    const answer = { by: mentor, at, on, facts: null, content: null }
    await record(id, [openTask(task)], {
      closed: [
        { id: answered, state: 'completed', answer },
        { id: withdrawn, state: 'obsolete' },
      ],
    })
    expect(await told(id)).toEqual([{ kind: 'questionAnswered', to, task, params: {} }])
  }
})

test('of an overdue task whoever holds it is told too, once, and nobody where nobody has taken it up', async () => {
  const holds = (person: PersonId, role: string) =>
    database.db.bodyRole.findFirst({ where: { personId: person, role, bodyKey: BODY } })
  const head = (await database.db.bodyRole.findFirstOrThrow({ where: { role: 'head', bodyKey: BODY } })).personId
  expect(await holds(officer, 'head')).toBeNull()
  for (const [assignee, to] of [
    [officer, [officer, 'head']],
    [head as PersonId, ['head']],
    [null, ['head']],
  ] as const) {
    const id = await aCase()
    const task = (await arrangeTask(database.db, id, { ...toOffice, assignee })) as TaskId
    const notices = [{ kind: 'taskOverdue' as const, to: { role: 'head' as const, body: BODY }, task }]
    await record(id, [openTask(task)], { notices })
    expect((await told(id)).map((each) => [each.kind, each.to, each.task]).sort()).toEqual(
      to.map((who) => ['taskOverdue', who, task]).sort(),
    )
  }
})

test('the subject hears which stage his case reached; of its end everybody with a part, and who started it', async () => {
  const id = await aCase()
  const startedBy = { person: officer, grants: [] }
  await record(id, [], { events: [event('stageEntered', { stage: 'planning' })], stage: 'planning' })
  expect(await told(id)).toEqual([{ kind: 'stageReached', to: subject, task: null, params: { stage: 'planning' } }])
  await database.db.notice.deleteMany()
  await record(id, [], {
    ...{ n: 3, status: 'closed', outcome: 'passed', basis: { code: 'passed' }, startedBy },
    ...{ parties: { mentor, supervisor: mentor }, notices: [{ kind: 'caseClosed', to: { person: subject } }] },
  })
  expect((await told(id)).map(({ kind, to }) => [kind, to]).sort()).toEqual(
    [subject, mentor, officer].map((to) => ['caseClosed', to]).sort(),
  )
})

test('who started a case without his name is told nothing of it', async () => {
  const id = await aCase()
  await record(id, [], {
    status: 'closed',
    outcome: 'passed',
    basis: { code: 'passed' },
    startedBy: { by: 'anonymous' },
  })
  expect(await told(id)).toEqual([])
})

test('everybody with a part hears that the case went to another body', async () => {
  const id = await aCase()
  await record(id, [], { events: [event('handedOver')], parties: { mentor } })
  expect((await told(id)).map(({ kind, to }) => [kind, to]).sort()).toEqual(
    [subject, mentor].map((to) => ['caseMoved', to]).sort(),
  )
})

test('whoever is given a task hears of it, and its role when it comes back; nobody of what he does himself', async () => {
  const id = await aCase()
  const task = (await arrangeTask(database.db, id, toOffice)) as TaskId
  let version = 1
  const command = (actor: PersonId) => ({ task, case: id, version: version++, actor, capacity: 'hr', at, on }) as const
  await claim(database.db, command(officer))
  expect(await told(id)).toEqual([])
  const told1 = async (kind: string, to: string) => {
    expect(await told(id)).toEqual([{ kind, to, task, params: {} }])
    await database.db.notice.deleteMany()
  }
  await delegate(database.db, { ...command(officer), to: mentor })
  await told1('taskAssigned', mentor)
  await release(database.db, command(mentor))
  await told1('taskOpened', 'hr')
  await assign(database.db, { ...command(officer), to: mentor })
  await told1('taskAssigned', mentor)
  await free(database.db, { task, case: id, version, holder: mentor }, { at, on })
  await told1('taskOpened', 'hr')
})

test('a step that is written again tells nobody twice', async () => {
  const id = await aCase()
  const more = { events: [event('stageEntered', { stage: 'planning' })], stage: 'planning' }
  await record(id, [], more)
  await record(id, [], more)
  expect(await told(id)).toHaveLength(1)
})
