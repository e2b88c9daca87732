/** A post ends: open cases in which its holder has a part by it are told, and their contract says who comes in. */
import { randomUUID } from 'node:crypto'
import { startDispatcher } from '../../api/operations/dispatcher'
import { sweepOffices } from '../../api/operations/office-sweep'
import type { Rounds } from '../../api/operations/rounds'
import { today } from '../../api/service/today'
import type { TaskDetail } from '../../api/shapes/views'
import { addDays } from '../../workflows/kernel/law/calendar'
import { eventually } from '../support/eventually'
import { personOf, type Agent, type Api } from './harness'
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
