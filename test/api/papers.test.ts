/**
 * A probation in which the mentor lets checks and opinions pass, and the Agency refuses the dismissal: what was not done is told as
 * such to whoever decides after it, and each paper is issued by the body whose officer decided, and says what he decided.
 */
import { LOCALES } from '../../workflows/kernel/contract'
import { wordsAt } from '../../workflows/words'
import type { DocumentView, MissedView, TaskDetail, TaskView } from '../../api/shapes/views'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(180_000)

let api: Api
let hr: Agent
let caseId: string
/** what the supervisor is shown at his first review, and once the case is closed the whole of its tasks and documents */
let atReview: TaskDetail
let tasks: TaskView[]
let documents: DocumentView[]

beforeAll(async () => {
  api = await startWorkedApi()
  hr = await api.as('hrMinistry')
  const newcomer = await personOf(api, 'newcomer')
  const { from, positionId } = await api.db.post.findFirstOrThrow({ where: { personId: newcomer, to: null } })
  const appointedOn = from.toISOString().slice(0, 10)
  const started = await hr
    .post('/api/processes/probation/cases')
    .send({
      form: { person: newcomer, position: positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn },
      rehearsal: { set: 'papers', origin: appointedOn },
    })
    .expect(201)
  caseId = String(started.body.caseId)
  await answer('hrMinistry', 'appointMentor', { mentor: await personOf(api, 'mentor'), order: '77-қ' })
  await answer('mentor', 'draftAdaptationPlan', { goals: [{ goal: 'Goal', measure: 'Measure', by: appointedOn }] })
  await answer('supervisor', 'agreeAdaptationPlan', {})
  await reach('reviewProbation')
  atReview = (await (await api.as('supervisor')).get(`/api/tasks/${(await open('reviewProbation')).id}`).expect(200))
    .body
  const review = { result: 'unsatisfactory', goals: [{ number: 1, verdict: 'missed', remark: 'No' }], grounds: 'Weak' }
  await answer('supervisor', 'reviewProbation', review)
  await answer('headMinistry', 'decideExtension', { decision: 'extend', grounds: 'Once more' })
  await reach('reviewProbation')
  await answer('supervisor', 'reviewProbation', review)
  await answer('headMinistry', 'decideDismissal', { decision: 'propose', grounds: 'Weak still' })
  await answer('agencyOfficer', 'agreeDismissal', { decision: 'refuse', grounds: 'Not shown' })
  await answer('newcomer', 'acknowledge', {})
  tasks = await allTasks()
  documents = (await hr.get(`/api/cases/${caseId}/documents?perPage=100`).expect(200)).body.data
})
afterAll(() => api.close())

const allTasks = async (): Promise<TaskView[]> =>
  (await hr.get(`/api/cases/${caseId}/tasks?perPage=100`).expect(200)).body.data
const isOpen = ({ state }: TaskView) => state !== 'completed' && state !== 'obsolete'
async function open(kind: string): Promise<TaskView> {
  const found = (await allTasks()).find((task) => task.kind === kind && isOpen(task))
  if (!found) throw new Error(`no open task ${kind}`)

  return found
}

async function answer(user: string, kind: string, form: object): Promise<void> {
  const agent = await api.as(user)
  const { id, version, state } = await open(kind)
  const held =
    state === 'ready' ? (await agent.post(`/api/tasks/${id}/claim`).send({ version }).expect(200)).body : { version }
  await agent.post(`/api/tasks/${id}/complete`).send({ version: held.version, form }).expect(200)
}

/** Lets the clock run, with nobody doing anything, until such a task is open. */
async function reach(kind: string): Promise<void> {
  for (let moves = 0; moves < 40; moves += 1) {
    if ((await allTasks()).some((task) => task.kind === kind && isOpen(task))) return
    const { body: file } = await hr.get(`/api/cases/${caseId}`).expect(200)
    await hr.post(`/api/cases/${caseId}/acts/advance`).send({ step: file.step, form: {} }).expect(200)
  }
  throw new Error(`no task ${kind} in sight`)
}

const page = async (kind: string, locale: string): Promise<string> => {
  const document = documents.findLast((each) => each.kind === kind)
  if (!document) throw new Error(`no document ${kind}`)

  return (await hr.get(`/api/documents/${document.id}/html?locale=${locale}`).expect(200)).text
}

describe('a task that nobody did before it closed', () => {
  test('says so itself: it is neither done nor without need', () => {
    const checks = tasks.filter(({ kind }) => kind === 'interimCheck' || kind === 'mentorOpinion')
    expect(checks.length).toBeGreaterThanOrEqual(6)
    for (const check of checks)
      expect(check).toMatchObject({ state: 'obsolete', unanswered: { because: 'missed', on: expect.any(String) } })
    for (const task of tasks.filter(({ state }) => state !== 'obsolete')) expect(task.unanswered).toBeNull()
  })

  test('is named to whoever decides after it, with whose it was, its term and its end', async () => {
    const mentor = await personOf(api, 'mentor')
    const { missed } = atReview
    expect(missed.map(({ kind }: MissedView) => kind)).toEqual(['interimCheck', 'interimCheck', 'mentorOpinion'])
    for (const each of missed) {
      expect(each).toMatchObject({ by: { id: mentor }, due: expect.any(String) })
      expect(tasks.find(({ id }) => id === each.taskId)).toMatchObject({ unanswered: { on: each.on } })
    }
  })

  test('stands as not given in the paper that would have carried its answer', async () => {
    for (const locale of LOCALES) {
      const sentence = wordsAt(api.service.words, locale, 'kernel', 'documents.missed')?.split('%{')[0] ?? 'nothing'
      expect(await page('reviewSheet', locale)).toContain(`<p>${sentence}`)
    }
  })
})

describe('a document', () => {
  test('is issued by the body whose officer decided, in the numbers of that body', () => {
    const of = (kind: string) => documents.filter((each) => each.kind === kind)
    expect(of('agencyReply')).toMatchObject([
      { issuer: { key: 'civilServiceAgency' }, number: expect.stringMatching(/-0*1$/) },
    ])
    for (const document of documents.filter(({ kind }) => kind !== 'agencyReply'))
      expect(document.issuer.key).toBe('ministryFinance')
    // by year and kind, without a gap where the Agency has issued one between
    const series = new Map<string, number[]>()
    for (const { number } of documents.filter(({ kind }) => kind !== 'agencyReply'))
      series.set(number.slice(0, -6), [...(series.get(number.slice(0, -6)) ?? []), Number(number.slice(-6))])
    expect([...series.keys()].every((mark) => /^R-\d{4}-[A-Z]{2}-$/.test(mark))).toBe(true)
    for (const given of series.values()) expect(given).toEqual(given.map((_, i) => i + 1))
  })

  test.each([
    ['mentorOrder', 'hrMinistry', 'roles', 'hr'],
    ['adaptationPlan', 'supervisor', 'parties', 'supervisor'],
    ['reviewSheet', 'supervisor', 'parties', 'supervisor'],
    ['extensionAct', 'headMinistry', 'roles', 'head'],
    ['agencyRequest', 'headMinistry', 'roles', 'head'],
    ['agencyReply', 'agencyOfficer', 'roles', 'agency'],
  ])('says by whom, in which position and in which capacity it was decided: %s', async (kind, user, group, name) => {
    const personId = await personOf(api, user)
    const person = await api.db.person.findUniqueOrThrow({ where: { id: personId } })
    const post = await api.db.post.findFirstOrThrow({ where: { personId, to: null }, include: { position: true } })
    const capacity = wordsAt(api.service.words, 'ru', 'probation', `${group}.${name}`) ?? 'none'
    const [, footer = ''] = /<footer>(.*)<\/footer>/.exec(await page(kind, 'ru')) ?? []
    expect(footer).toContain(`: ${person.surnameRu} ${person.givenRu}, ${post.position.nameRu}, ${capacity}, `)
  })

  test('has the body that issued it above it, not that of the case', async () => {
    const { nameRu } = await api.db.stateBody.findUniqueOrThrow({ where: { key: 'civilServiceAgency' } })
    expect(/<header><p><span>([^<]*)/.exec(await page('agencyReply', 'ru'))?.[1]).toBe(nameRu)
  })

  test('says what was decided', async () => {
    expect(await page('agencyReply', 'en')).toContain('is refused. The servant stays in service.')
    expect(await page('agencyReply', 'en')).not.toContain('is agreed to')
  })
})

describe('of a case under the law of 2026', () => {
  test('tasks and papers cite that law, and say that it has not been read', async () => {
    expect(atReview.regime).toBe('R5')
    for (const kind of ['extensionAct', 'agencyReply']) {
      expect(await page(kind, 'ru')).toContain('Закон 2026 года: текст не прочитан, не проверено')
      for (const locale of LOCALES) expect(await page(kind, locale)).not.toMatch(/2015|%\{/)
    }
  })

  test('the end of the case rests on the rule of its own regime', async () => {
    const { body: file } = await hr.get(`/api/cases/${caseId}`).expect(200)
    expect(file.basis).toMatchObject({ code: 'agencyRefused', confidence: 'U' })
    expect(file.basis.source).not.toContain('W4')
  })
})
