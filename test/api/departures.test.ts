/** A post ends: open cases in which its holder has a part by it are told, and their contract says who comes in. */
import { randomUUID } from 'node:crypto'
import { startDispatcher } from '../../api/operations/dispatcher'
import { sweepOffices } from '../../api/operations/office-sweep'
import type { Rounds } from '../../api/operations/rounds'
import { today } from '../../api/service/today'
import type { TaskDetail } from '../../api/shapes/views'
import { addDays } from '../../workflows/kernel/law/calendar'
import { eventually } from '../support/eventually'
import { freshPosition } from '../support/positions'
import { arrangeCase, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

const BODY = 'ministryFinance'
const YESTERDAY = addDays(today(Date.now()), -1)

let api: Api
let hr: Agent
let mentor: string
let supervisor: string
let caseId: string
let dispatcher: Rounds

beforeAll(async () => {
  api = await startWorkedApi()
  dispatcher = startDispatcher(api.service)
  hr = await api.as('hrMinistry')
  ;[mentor, supervisor] = [await personOf(api, 'mentor'), await personOf(api, 'supervisor')]
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const appointedOn = post.from.toISOString().slice(0, 10)
  const form = { person, position: post.positionId, appointedOn, actNumber: '1', actDate: appointedOn }
  const { body } = await hr.post('/api/processes/probation/cases').send({ form })
  caseId = (body as { caseId: string }).caseId
  await answer('appointMentor', { mentor, order: '77-қ' })
})
afterAll(async () => {
  await dispatcher.stop()
  await api.close()
})

const taskOf = async (kind: string) =>
  api.db.task.findFirst({ where: { caseId, kind, state: { notIn: ['completed', 'obsolete'] } } })
async function answer(kind: string, form: object): Promise<void> {
  const task = await taskOf(kind)
  const at = `/api/tasks/${task?.id ?? ''}`
  const { body } = await hr.post(`${at}/claim`).send({ version: task?.version }).expect(200)
  await hr
    .post(`${at}/complete`)
    .send({ version: (body as TaskDetail).version, form })
    .expect(200)
}
const parties = async () => (await api.db.case.findUniqueOrThrow({ where: { id: caseId } })).parties
const told = () => api.db.command.count({ where: { caseId, kind: 'partyLeft' } })
const leaves = (person: string) =>
  api.database.sql(
    `update posts set "to" = $2::date, "endGround" = 'ownWish' where "personId" = $1::uuid and "to" is null returning "positionId"`,
    [person, YESTERDAY],
  )
const sweep = () => sweepOffices(api.service)

test('a supervisor leaves, and who holds his position now is the supervisor', async () => {
  const [left] = await leaves(supervisor)
  const colleague = await api.db.post.findFirstOrThrow({
    where: {
      to: null,
      position: { headsUnit: false, headsBody: false },
      person: { accounts: { none: { demoAs: { not: null } } } },
    },
  })
  await leaves(colleague.personId)
  await api.database.sql(`insert into posts values ($1, $2, $3, $4::date, null, null)`, [
    randomUUID(),
    colleague.personId,
    left?.['positionId'],
    today(Date.now()),
  ])
  await Promise.all([sweep(), sweep()])
  await eventually('the successor', async () => {
    const { supervisor: now } = (await parties()) as { supervisor?: string }

    return now === colleague.personId
  })
  await sweep()
  expect(await told()).toBe(1)
  const event = await api.db.event.findFirstOrThrow({ where: { caseId, kind: 'partyLeft' } })
  expect(event.params).toEqual({ part: 'supervisor', person: supervisor, successor: colleague.personId })
})

test('a mentor leaves, and HR is asked to name another, until there is one', async () => {
  await leaves(mentor)
  await sweep()
  await eventually('the task of HR', async () => (await taskOf('nameSuccessor')) !== null)
  expect(await taskOf('nameSuccessor')).toMatchObject({
    role: 'hr',
    bodyKey: BODY,
    about: { code: 'partyLeft', params: { part: 'mentor' } },
  })
  expect(await parties()).not.toHaveProperty('mentor')
  // what the mentor had to do is HR's meanwhile
  expect(await taskOf('draftAdaptationPlan')).toMatchObject({ role: 'hr', bodyKey: BODY })
  await eventually('all that was told', async () => (await api.db.command.count({ where: { state: 'stored' } })) === 0)
  const { step } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
  const experienced = await api.db.post.findFirstOrThrow({
    where: { to: null, position: { bodyKey: BODY }, person: { accounts: { none: { demoAs: { not: null } } } } },
    orderBy: { from: 'asc' },
  })
  await hr
    .post(`/api/cases/${caseId}/acts/replaceMentor`)
    .send({ step, form: { mentor: experienced.personId, reason: 'He left' } })
    .expect(200)
  await eventually('another mentor', async () => 'mentor' in ((await parties()) as object))
  expect(await taskOf('nameSuccessor')).toBeNull()
  expect(await taskOf('draftAdaptationPlan')).toMatchObject({ role: null })
})

test('a supervisor leaves before there is another in his position, who comes in once he is appointed', async () => {
  const { supervisor: leaving } = (await parties()) as { supervisor: string }
  const tomorrow = () => sweepOffices({ ...api.service, now: () => Date.now() + 24 * 60 * 60 * 1000 })
  const [left] = await api.database.sql(
    `update posts set "to" = $2::date where "personId" = $1::uuid and "to" is null returning "positionId"`,
    [leaving, today(Date.now())],
  )
  await Promise.all([tomorrow(), tomorrow()])
  const asked = () =>
    api.db.task.findFirst({
      where: { caseId, kind: 'nameSuccessor', about: { path: ['params', 'part'], equals: 'supervisor' } },
    })
  await eventually('the task of HR', async () => (await asked()) !== null)
  expect(await parties()).not.toHaveProperty('supervisor')
  await tomorrow()
  const succeeded = () => api.db.command.count({ where: { caseId, kind: 'successorCame' } })
  expect(await succeeded()).toBe(0)

  const next = await personWithoutPost()
  await holds(next, String(left?.['positionId']), addDays(today(Date.now()), 1))
  await Promise.all([tomorrow(), tomorrow()])
  await eventually('the successor', async () => ((await parties()) as { supervisor?: string }).supervisor === next)
  expect(await asked()).toMatchObject({ state: 'obsolete' })
  await tomorrow()
  expect(await succeeded()).toBe(1)
  const event = await api.db.event.findFirstOrThrow({ where: { caseId, kind: 'successorCame' } })
  expect(event.params).toEqual({ part: 'supervisor', successor: next })
})

async function personWithoutPost(): Promise<string> {
  const id = randomUUID()
  await api.database.sql(
    `insert into people (id, "surnameKk", "surnameRu", "surnameEn", "givenKk", "givenRu", "givenEn", sex, "birthDate")
    values ($1, 'a', 'b', 'c', 'd', 'e', 'f', 'f', '1990-01-01')`,
    [id],
  )

  return id
}
async function holds(person: string, position: string, from: string, to: string | null = null): Promise<string> {
  const id = randomUUID()
  await api.database.sql(
    `insert into posts (id, "personId", "positionId", "from", "to") values ($1, $2, $3, $4::date, $5::date)`,
    [id, person, position, from, to],
  )

  return id
}

describe('a case is told of each post that ended once, and of no other', () => {
  const ELSEWHERE = 'ministryJustice'
  let person: string
  let post: string
  let file: string
  beforeEach(async () => {
    person = await personWithoutPost()
    post = await holds(person, await freshPosition(api.db, BODY), '2020-01-01')
    file = await arrangeCase(api.db, { body: BODY, subject: null, parties: { supervisor: person } })
  })
  // there is no workflow behind it
  afterEach(() => api.database.sql(`update cases set status = 'closed' where id = $1`, [file]))
  const ends = (on: string | null, of = post) =>
    api.database.sql(`update posts set "to" = $2::date where id = $1`, [of, on])
  const toldOf = async () => {
    await Promise.all([sweep(), sweep()])
    await sweep()

    return api.db.command.count({ where: { caseId: file, kind: 'partyLeft' } })
  }

  test('not of one that was given back before anybody looked', async () => {
    await ends(YESTERDAY)
    await ends(null)
    expect(await toldOf()).toBe(0)
  })

  test('again of one that was given back and ended on another day', async () => {
    await ends(addDays(YESTERDAY, -2))
    expect(await toldOf()).toBe(1)
    await ends(null)
    expect(await toldOf()).toBe(1)
    await ends(YESTERDAY)
    expect(await toldOf()).toBe(2)
  })

  test('not of one that he left for another in the body, but of that', async () => {
    await ends(addDays(YESTERDAY, -5))
    const next = await holds(person, await freshPosition(api.db, BODY), addDays(YESTERDAY, -4))
    expect(await toldOf()).toBe(0)
    await ends(YESTERDAY, next)
    expect(await toldOf()).toBe(1)
    const { key } = await api.db.command.findFirstOrThrow({ where: { caseId: file, kind: 'partyLeft' } })
    expect(key).toContain(next)
  })

  test('of one in a body to which the case belonged before, unless he serves in that of now', async () => {
    await api.database.sql(
      `update cases set "bodyKey" = $2, "formerBodies" = jsonb_build_array(jsonb_build_object('body', $3::text)) where id = $1`,
      [file, ELSEWHERE, BODY],
    )
    await ends(addDays(YESTERDAY, -5))
    const now = await holds(person, await freshPosition(api.db, ELSEWHERE), addDays(YESTERDAY, -4))
    expect(await toldOf()).toBe(0)
    await ends(YESTERDAY, now)
    expect(await toldOf()).toBe(2)
    await api.database.sql(`update cases set "formerBodies" = '[]', "bodyKey" = 'akimat.karaganda' where id = $1`, [
      file,
    ])
    await ends(addDays(YESTERDAY, -1), now)
    expect(await toldOf()).toBe(2)
  })

  test('not of a rehearsal, of a part that is somebody else’s, or of a case that is closed', async () => {
    await ends(YESTERDAY)
    await api.database.sql(`update cases set rehearsal = 'a set' where id = $1`, [file])
    expect(await toldOf()).toBe(0)
    await api.database.sql(`update cases set rehearsal = null, status = 'closed' where id = $1`, [file])
    expect(await toldOf()).toBe(0)
    await api.database.sql(
      `update cases set status = 'open', parties = jsonb_build_object('supervisor', $2::text) where id = $1`,
      [file, supervisor],
    )
    expect(await toldOf()).toBe(0)
  })
})
