/** What stands beside the form of a task: the facts and documents that its contract names, within what the reader sees of the case. */
import { randomUUID } from 'node:crypto'
import type { TaskDetail } from '../../api/shapes/views'
import { arrangeCase, arrangeDocuments, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const shownTo = async (agent: Agent, task: string): Promise<TaskDetail> =>
  (await agent.get(`/api/tasks/${task}`).expect(200)).body as TaskDetail

test('whoever holds a task reads the facts that it names, and no other fact; whoever only finds it reads none', async () => {
  const [subject, mentor, supervisor] = await Promise.all(
    ['newcomer', 'mentor', 'supervisor'].map((user) => personOf(api, user)),
  )
  const id = await arrangeCase(api.db, { body: BODY, subject: subject!, parties: { mentor: mentor! } })
  const leave = { from: '2026-09-07', to: '2026-09-09', kind: 'leave' }
  const absences = [
    { ...leave, withdrawn: false },
    { ...leave, kind: 'illness', withdrawn: true },
  ]
  const facts = { servant: subject, mentor, supervisor, absences, extended: false, restarts: 0 }
  await api.db.case.update({ where: { id }, data: { facts } })
  const task = await arrangeTask(api.db, id, {
    ...{ kind: 'reviewProbation', person: supervisor!, assignee: supervisor! },
    excluded: [mentor!],
  })

  expect(await shownTo(await api.as('supervisor'), task)).toHaveProperty('facts', {
    mentor,
    // one that was withdrawn is no fact
    absences: [leave],
    extended: false,
  })
  expect(await shownTo(await api.as('mentor'), task)).toHaveProperty('facts', {})
})

test('whoever finds a task that a colleague holds is told since when', async () => {
  const [subject, holder] = await Promise.all(['newcomer', 'hrMinistry'].map((user) => personOf(api, user)))
  const id = await arrangeCase(api.db, { body: BODY, subject: subject! })
  const task = await arrangeTask(api.db, id, { role: 'hr', body: BODY })
  const hr = await api.as('hrMinistry')
  expect(await shownTo(hr, task)).toMatchObject({ heldSince: null })
  const { version } = await shownTo(hr, task)
  await hr.post(`/api/tasks/${task}/claim`).set('Idempotency-Key', randomUUID()).send({ version }).expect(200)
  expect(await shownTo(await api.as('headMinistry'), task)).toMatchObject({
    assignee: { id: holder },
    heldSince: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
  })
})

test('of a task of a person who came in for another it says since when he has it, and not since when there is the task', async () => {
  const [subject, mentor] = await Promise.all(['newcomer', 'mentor'].map((user) => personOf(api, user)))
  const id = await arrangeCase(api.db, { body: BODY, subject: subject! })
  const task = await arrangeTask(api.db, id, { person: mentor!, assignee: mentor! })
  const hr = await api.as('hrMinistry')
  const since = async () => (await shownTo(hr, task)).heldSince
  await api.database.sql(`update tasks set "openedOn" = '2026-03-02' where id = $1`, [task])
  expect(await since()).toBe('2026-03-02')
  for (const [seq, on] of ['2026-03-05', '2026-03-09'].entries())
    await api.database.sql(
      `insert into events ("caseId", seq, step, kind, at, "on", "taskId", params, "prevHash", hash)
       values ($1, $2, 1, 'taskReassigned', now(), $3, $4, '{}', '', '')`,
      [id, 1000 + seq, on, task],
    )
  expect(await since()).toBe('2026-03-09')
})

describe('of an appeal', () => {
  const arrangeAppeal = async (stage = 'executing') => {
    const [subject, head] = await Promise.all(['newcomer', 'headMinistry'].map((user) => personOf(api, user)))
    const of = await arrangeCase(api.db, { body: BODY, subject: subject!, status: 'closed', stage: 'dismissed' })
    await arrangeDocuments(api.db, of, ['dismissalAct'])
    const decision = await api.db.document.findFirstOrThrow({ where: { caseId: of } })
    const id = await arrangeCase(api.db, { body: BODY, subject: subject!, aboutCase: of, stage })
    const facts = { document: 'dismissalAct', asks: 'cancel', outcome: 'cancel', decision: decision.id }
    await api.db.case.update({ where: { id }, data: { process: 'appeal', version: 1, facts } })
    await arrangeDocuments(api.db, id, ['minutes', 'ruling'])
    const task = await arrangeTask(api.db, id, { kind: 'acknowledge', person: subject!, assignee: subject! })
    await api.db.task.update({ where: { id: task }, data: { process: 'appeal' } })

    return { id, task, decision, head: head! }
  }

  test('the servant who is to confirm that he knows the ruling reads its outcome, and has the way to it and to the decision', async () => {
    const { task, decision, id } = await arrangeAppeal()
    const ruling = await api.db.document.findFirstOrThrow({ where: { caseId: id, kind: 'ruling' } })
    const servant = await api.as('newcomer')
    const shown = await shownTo(servant, task)

    expect(shown.facts).toEqual({ document: 'dismissalAct', asks: 'cancel', outcome: 'cancel' })
    expect(shown.documents).toMatchObject([
      { id: decision.id, kind: 'dismissalAct', number: decision.number, process: 'probation' },
      { id: ruling.id, kind: 'ruling', number: ruling.number, process: 'appeal' },
    ])
  })

  test('a document that is closed to the reader is not named to him', async () => {
    const { task } = await arrangeAppeal()
    // HR of the body finds the task; the minutes and, of that case, what others see are none of its papers
    const shown = await shownTo(await api.as('hrMinistry'), task)
    expect(shown.facts).toEqual({})
    expect(shown.documents.map(({ kind }) => kind)).not.toContain('minutes')
  })

  test('before there is a ruling its servant is named the decision alone', async () => {
    const { task, decision } = await arrangeAppeal('hearing')
    const shown = await shownTo(await api.as('newcomer'), task)
    expect(shown.documents).toMatchObject([{ id: decision.id }])
  })
})
