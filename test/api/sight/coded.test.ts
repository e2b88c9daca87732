/**
 * A table that shows everything of a case but whom it is about: whoever reads by it finds neither his name nor his id, wherever a person
 * can stand, and reads the number of the case there instead.
 */
import { randomUUID } from 'node:crypto'
import { addComment } from '../../../prisma/store/comments'
import { appendTo, lockCase, NO_EVENTS } from '../../../prisma/store/events'
import type { CaseId, Instant, IsoDate, PersonId, TaskId } from '../../../workflows/kernel/contract'
import { processesOf } from '../../../workflows/kernel/process'
import { processes } from '../../../workflows/registry'
import { arrangeCase, arrangeDocuments, arrangeTask, personOf, startApi, type Agent, type Api } from '../harness'
import { word } from './marks'
import { requestsFor } from './routes'

const BODY = 'ministryFinance'
/** What an order says of whom it is about is a piece of its own. */
const ALL_BUT_IDENTITY = ['course', 'answers', 'pauses', 'technical', 'readers', 'comments'] as const
const HOLDER = ['course'] as const
/** So that he is among those whom a comment may name. */
const SUBJECT = ['course', 'comments'] as const
const coding = processesOf(
  ...processes.all.map((each) =>
    each.contract.name === 'probation'
      ? {
          ...each,
          contract: {
            ...each.contract,
            sees: { ...each.contract.sees, hr: ALL_BUT_IDENTITY, holder: HOLDER, subject: SUBJECT },
          },
        }
      : each,
  ),
)

let api: Api
let hr: Agent
let subject: string
let caseId: string
let tasks: string[]

beforeAll(async () => {
  api = await startApi(undefined, { processes: coding })
  hr = await api.as('hrMinistry')
  subject = await personOf(api, 'newcomer')
  await api.database.sql(`update people set "surnameKk" = $2, "surnameRu" = $2, "surnameEn" = $2 where id = $1`, [
    subject,
    word('Surname'),
  ])
  // he has a part in his own case, and is among the people whom it names
  caseId = await arrangeCase(api.db, {
    ...{ body: BODY, subject, parties: { mentor: await personOf(api, 'mentor'), supervisor: subject } },
    restrictedTo: [subject, await personOf(api, 'hrMinistry'), await personOf(api, 'headMinistry')],
  })
  await api.db.case.update({
    where: { id: caseId },
    data: { facts: { startsOn: '2026-03-01', mentor: subject, absences: [{ id: 'a1', person: subject }], goals: [] } },
  })
  const his = { person: subject, assignee: subject }
  const [answered, next] = [
    await arrangeTask(api.db, caseId, {
      ...{ kind: 'draftAdaptationPlan', state: 'completed', answeredBy: subject, ...his },
    }),
    await arrangeTask(api.db, caseId, { kind: 'decideDismissal', role: 'hr', body: BODY, state: 'reserved' }),
  ]
  await api.db.task.update({ where: { id: next }, data: { assigneeId: await personOf(api, 'hrMinistry') } })
  const written = (body: object) => ({ id: randomUUID(), caseId, body, salt: '', hash: '', createdAt: new Date() })
  const content = written({ mentor: subject, goals: [{ goal: 'Plans', with: [subject] }], [`seen.${subject}`]: 'yes' })
  const begun = written({ person: subject, plan: 'Started' })
  await api.db.content.createMany({ data: [content, begun] })
  await arrangeDocuments(api.db, caseId, ['mentorOrder'])
  await api.db.task.update({ where: { id: answered }, data: { answerContentId: content.id } })
  tasks = [
    answered,
    next,
    await arrangeTask(api.db, caseId, { kind: 'acknowledge', state: 'reserved', ...his }),
    await arrangeTask(api.db, caseId, { kind: 'appointMentor', role: 'hr', body: BODY }),
    await arrangeTask(api.db, caseId, {
      ...{ kind: 'question', state: 'completed', questionOf: next, answeredBy: subject, ...his },
    }),
    await arrangeTask(api.db, caseId, { kind: 'mentorOpinion', state: 'obsolete', ...his }),
    await arrangeTask(api.db, caseId, { kind: 'reviewProbation', role: 'hr', body: BODY }),
    await arrangeTask(api.db, caseId, { kind: 'decideDismissal', role: 'hr', body: BODY }),
  ]
  const [at, on] = ['2026-03-02T05:00:00.000Z' as Instant, '2026-03-02' as IsoDate]
  await api.db.sql.transaction(async (tx) =>
    appendTo(tx, caseId as CaseId, (await lockCase(tx, caseId as CaseId)) ?? NO_EVENTS, [
      {
        ...{ at, on, step: null, actor: null, capacity: null, task: null },
        ...{ kind: 'caseOpened', params: { content: begun.id, person: subject, key: `probation ${subject}` } },
      },
      {
        ...{ at, on, step: null, actor: null, capacity: null, task: null },
        ...{ kind: 'documentIssued', params: { document: 'mentorOrder', number: 'D-1', signatory: subject } },
      },
      {
        ...{ at, on, step: null, actor: subject as PersonId, capacity: 'self', task: answered as TaskId },
        ...{ kind: 'taskCompleted', params: { kind: 'draftAdaptationPlan' } },
      },
      {
        ...{ at, on, step: null, actor: null, capacity: null, task: tasks[5] as TaskId },
        ...{ kind: 'taskLapsed', params: { kind: 'mentorOpinion' } },
      },
    ]),
  )
  const stuck = { tasks: [{ kind: 'acknowledge', why: 'leftOffice', role: null, body: null, person: subject }] }
  await api.database.sql(
    `insert into incidents ("caseId", kind, params, "firstAt", "lastAt", times) values ($1, 'stuck', $2, now(), now(), 1)`,
    [caseId, JSON.stringify({ ...stuck, waitsFor: [], circle: [] })],
  )
  await addComment(api.db, {
    ...{ id: randomUUID(), case: caseId as CaseId, task: null, capacity: 'subject', text: 'Said' },
    ...{ author: subject as PersonId, mentions: [subject as PersonId] },
  })
  await (await api.as('newcomer')).get(`/api/cases/${caseId}`).expect(200)
})
afterAll(() => api.close())

const file = async () => {
  const { number } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })

  return { id: caseId, name: { kk: number, ru: number, en: number } }
}

const documentsOf = async () => (await api.db.document.findMany({ where: { caseId } })).map(({ id }) => id)

test('no answer to whoever does not see whom the case is about names him', async () => {
  const { name } = await file()
  const requests = requestsFor({
    ...{ case: caseId, number: name.en, set: 'none', subject: await personOf(api, 'mentor'), position: caseId },
    ...{ surname: 'Planted', tasks, documents: await documentsOf(), commands: [], files: [], comments: [] },
  }).filter(({ method }) => method === 'get')
  const leaks: string[] = []
  for (const { address } of requests) {
    const { status, text } = await hr.get(address)
    expect(status).toBeLessThan(500)
    if (text.includes(word('Surname')) || text.includes(subject)) leaks.push(address)
  }
  expect(leaks).toEqual([])
})

test('where he would be named the number of the case stands: entries, tasks, comments, readers, what stands still', async () => {
  const coded = await file()
  const data = async (part: string) => (await hr.get(`/api/cases/${caseId}/${part}?perPage=100`).expect(200)).body.data
  expect((await data('events'))[2]).toMatchObject({ actor: coded })
  expect(await data('readers')).toContainEqual(
    expect.objectContaining({ person: coded, as: expect.arrayContaining(['subject']) }),
  )
  expect(await data('comments')).toMatchObject([{ author: coded, mentions: [coded] }])
  const people = (await hr.get(`/api/cases/${caseId}/comments/people`).expect(200)).body.data
  expect(people).toContainEqual(coded)
  const listed: Record<string, unknown>[] = await data('tasks')
  expect(listed.find(({ id }) => id === tasks[0])).toMatchObject({ subject: coded, answeredBy: coded, assignee: coded })
  expect(listed.find(({ id }) => id === tasks[2])).toMatchObject({ for: { person: coded }, assignee: coded })
  const page = (await hr.get(`/api/cases/${caseId}`).expect(200)).body
  expect(page).toMatchObject({ subject: coded, stuck: { tasks: [{ person: coded }] } })
  const task = (await hr.get(`/api/tasks/${tasks[1] ?? ''}`).expect(200)).body
  expect(task).toMatchObject({ shows: [{ by: coded }], questions: [{ to: coded }] })
  const missing = (await hr.get(`/api/tasks/${tasks[6] ?? ''}`).expect(200)).body
  expect(missing.missed).toMatchObject([{ by: coded }])
  expect(page.parties).toContainEqual({ part: 'supervisor', person: coded })
  expect(page.restricted.to).toContainEqual(coded)
})

test('what was said is shown without his id, and with all else', async () => {
  const data = async (part: string) => (await hr.get(`/api/cases/${caseId}/${part}`).expect(200)).body.data
  const [opened] = await data('events')
  expect(opened).toMatchObject({
    params: { person: null, key: null },
    content: { person: null, plan: 'Started' },
  })
  const plan = { mentor: null, goals: [{ goal: 'Plans', with: [null] }] }
  expect((await data('answers')).map(({ answer }: { answer: object }) => answer)).toEqual([
    { person: null, plan: 'Started' },
    expect.objectContaining(plan),
    { question: null },
  ])
  const { body: whole } = await (await api.as('headMinistry')).get(`/api/cases/${caseId}/answers`).expect(200)
  expect(whole.data[1].answer).toMatchObject({ mentor: subject, [`seen.${subject}`]: 'yes' })
})
