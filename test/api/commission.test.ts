/** A commission through the API: whatever is asked while its votes are sealed, nobody learns a vote. */
import path from 'node:path'
import type { AnswerView, CaseDetail } from '../../api/shapes/views'
import { decisionsWithoutCommand } from '../../prisma/store/reconcile-trails'
import type { CaseId } from '../../workflows/kernel/contract'
import { readWords } from '../../workflows/words'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { example } from '../example/process'
import { enterExampleLaw } from '../example/register'
import { eventually } from '../support/eventually'
import { keepDraft, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

const all = processesOf(...processes.all, example)
const OPINION = 'Sealed-opinion-of-a-member'
const VOTE = /"vote"\s*:\s*"(grant|decline)"/

let api: Api
let hr: Agent
let members: string[]

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.resolve(__dirname, '../example/workflows.ts'),
    more: {
      processes: all,
      words: readWords(path.resolve(__dirname, '../../workflows'), path.resolve(__dirname, '..')),
    },
  })
  await enterExampleLaw(api.db)
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

/** A case about the newcomer in which five colleagues vote, each with an account `member0` … `member4`. */
async function begin(): Promise<string> {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({
    where: { personId: person, to: null },
    include: { position: true },
  })
  const demo = (
    await api.db.account.findMany({ where: { demoAs: { not: null }, NOT: { id: { startsWith: 'member' } } } })
  ).map(({ personId }) => personId)
  // an office would show them the case whether or not they sit
  const inOffice = (await api.db.bodyRole.findMany({ select: { personId: true } })).map(({ personId }) => personId)
  const colleagues = await api.db.post.findMany({
    where: {
      to: null,
      position: { bodyKey: post.position.bodyKey },
      personId: { notIn: [person, ...demo, ...inOffice] },
    },
    orderBy: { id: 'asc' },
    take: 6,
  })
  members = colleagues.map(({ personId }) => personId)
  for (const [i, personId] of members.entries())
    await api.db.account.upsert({
      where: { id: `member${i}` },
      create: { id: `member${i}`, personId, demoAs: 'mentor' },
      update: {},
    })
  const started = await hr.post('/api/processes/example/cases').send({
    form: {
      person,
      position: post.positionId,
      chair: members[0],
      members: members.slice(0, 5),
      alternates: members.slice(5),
      sitting: new Date().toISOString().slice(0, 10),
      proposedByHead: true,
      grounds: 'Long service',
    },
  })
  if (started.status !== 201) throw new Error(started.text)

  return started.body.caseId
}

/** The sitting is on the day of the proposal: the commission is convened a moment after the case has begun. */
const taskOf = async (caseId: string, member: number) =>
  eventually('the commission is convened', () =>
    api.db.task.findFirst({ where: { caseId, kind: 'vote', personId: members[member] ?? '' } }),
  )

async function votes(caseId: string, member: number, vote: 'grant' | 'decline'): Promise<void> {
  const agent = await api.as(`member${member}`)
  const task = await taskOf(caseId, member)
  const draft = { person: members[member] ?? '', form: { vote } }
  await keepDraft(agent, `task:${task.id}:complete`, draft).expect(200)
  const done = await agent
    .post(`/api/tasks/${task.id}/complete`)
    .send({ version: task.version, form: { vote, opinion: OPINION } })
  expect({ status: done.status, text: done.text }).toMatchObject({ status: 200 })
  const { body } = await agent.get(`/api/tasks/${task.id}`)
  expect(body).toMatchObject({ state: 'completed', sealed: true, initial: {} })
}

/** Every address of the API that answers a question, with everything of the case put in where its id belongs. */
async function everyQuestion(caseId: string): Promise<string[]> {
  const spec = await api.nobody().get('/openapi.json')
  const idsOf = async (table: string) =>
    (await api.database.sql(`select id from ${table} where "caseId" = $1`, [caseId])).map(({ id }) => String(id))
  const ids: Record<string, readonly string[]> = {
    cases: [caseId],
    tasks: await idsOf('tasks'),
    documents: await idsOf('documents'),
    commands: await idsOf('commands'),
  }

  return (
    Object.entries<Record<string, unknown>>(spec.body.paths)
      // the live stream never ends; it names ids only
      .filter(([address, verbs]) => 'get' in verbs && address !== '/api/events')
      .flatMap(([address]) => {
        const [, , resource = ''] = address.split('/')

        return address.includes('{id}') ? (ids[resource] ?? []).map((id) => address.replace('{id}', id)) : [address]
      })
      .filter((address) => !address.includes('{'))
      .flatMap((address) => (address === '/api/tasks' ? [address, `${address}?queue=done`] : [address]))
  )
}

test('what the case was started with is shown beside a task that names it, to whoever holds that, and on the time line to whoever sees it', async () => {
  const caseId = await begin()
  const [mine, { id: task }] = [await api.as('member0'), await taskOf(caseId, 0)]
  const { shows } = (await mine.get(`/api/tasks/${task}`)).body
  const person = await personOf(api, 'hrMinistry')
  expect(shows[0]).toMatchObject({
    taskId: null,
    kind: 'start',
    by: { id: person },
    answer: { grounds: 'Long service' },
  })
  const said = async (user: string) => (await (await api.as(user)).get(`/api/cases/${caseId}/events`)).body.data[0]
  expect(await said('hrMinistry')).toMatchObject({ kind: 'caseOpened', content: { grounds: 'Long service' } })
  // he sees the course of the case by his task
  expect(await said('member0')).toMatchObject({
    kind: 'caseOpened',
    content: null,
    params: { regime: expect.anything() },
  })
  // he holds it no longer
  await votes(caseId, 0, 'grant')
  expect((await mine.get(`/api/tasks/${task}`)).body.shows).toEqual([])

  const head = await api.as('headMinistry')
  const { step } = (await head.get(`/api/cases/${caseId}`)).body
  await head
    .post(`/api/cases/${caseId}/acts/cancel`)
    .send({ step, form: { reason: 'Once more' } })
    .expect(200)
})

test('while votes are sealed no route of the API tells one, to anybody; opened, the case page lists them', async () => {
  const caseId = await begin()
  for (const member of [0, 1, 2, 3]) await votes(caseId, member, member === 3 ? 'decline' : 'grant')

  const addresses = await everyQuestion(caseId)
  expect(addresses.length).toBeGreaterThan(25)
  for (const user of ['hrMinistry', 'developer', 'agencyOfficer', 'member0', 'member4']) {
    const agent = await api.as(user)
    for (const address of addresses) {
      const { text } = await agent.get(address).buffer(true)
      if ((text ?? '').includes(OPINION) || VOTE.test(text ?? ''))
        throw new Error(`${user} learned a vote at ${address}`)
    }
  }
  const payloads = await api.database.sql('select payload::text from commands where "caseId" = $1', [caseId])
  expect(payloads.map(({ payload }) => payload).join()).not.toMatch(/"(grant|decline)"/)

  const sealed = await hr.get(`/api/cases/${caseId}`)
  await replacementOffered(sealed.body)
  expect(sealed.body.commissions).toMatchObject([
    {
      kind: 'vote',
      state: 'asking',
      seats: [...Array<object>(4).fill({ state: 'answered', mark: null }), { state: 'asked' }],
    },
  ])
  // who has voted goes on seeing the case as a member, and nobody's vote
  const seen = async () => {
    const member = await api.as('member1')

    return {
      file: (await member.get(`/api/cases/${caseId}`).expect(200)).body as CaseDetail,
      answers: ((await member.get(`/api/cases/${caseId}/answers`).expect(200)).body as { data: AnswerView[] }).data,
    }
  }
  const before = await seen()
  expect(before.file.commissions[0]).toMatchObject({ task: null, closesOn: expect.any(String), choice: null })
  expect(before.answers.map(({ kind }) => kind)).not.toContain('vote')
  const yetToVote = ((await (await api.as('member4')).get(`/api/cases/${caseId}`)).body as CaseDetail).commissions[0]
  expect(yetToVote?.task).toBe((await taskOf(caseId, 4)).id)
  await votesLast(caseId)
  const after = await seen()
  expect(after.file.commissions[0]).toMatchObject({ choice: 'grant', closesOn: null })
  expect(after.answers.filter(({ kind }) => kind === 'vote')).toHaveLength(5)
  const open = await hr.get(`/api/cases/${caseId}`)
  expect(open.body.commissions).toMatchObject([
    {
      state: 'decided',
      choice: 'grant',
      seats: [{ chair: true, mark: 'grant' }, {}, {}, { mark: 'decline' }, { mark: 'grant' }],
    },
  ])
  const head = await api.as('headMinistry')
  const timeline = await head.get(`/api/cases/${caseId}/events?perPage=100`)
  expect(timeline.text).toContain(OPINION)
  const [minutes] = (await hr.get(`/api/cases/${caseId}/documents`)).body.data
  for (const [locale, word] of [
    ['kk', 'Қатысқандар'],
    ['ru', 'Присутствовали'],
    ['en', 'Present'],
  ] as const) {
    const { body } = await hr.get(`/api/documents/${minutes.id}?locale=${locale}`)
    expect(body.html).toContain(word)
    expect(body.html.match(/<li>/g)?.length).toBeGreaterThanOrEqual(10)
  }
})

/** Who is replaced is one of those who sit, and is named; whoever sits already takes nobody's seat. */
async function replacementOffered({ id, acts }: CaseDetail): Promise<void> {
  const replace = acts.find(({ act }) => act === 'replaceMember')
  expect([...(replace?.offer.among['member'] ?? [])].sort()).toEqual(members.slice(0, 5).sort())
  const subject = await personOf(api, 'newcomer')
  const head = await personOf(api, 'headMinistry')
  const refused = async (field: string) => {
    const asked = [...members, subject, head].map((each) => `id=${each}`).join('&')

    return (await hr.get(`/api/cases/${id}/acts/replaceMember/refused?field=${field}&${asked}`).expect(200)).body
      .refused
  }
  const all = (people: readonly (string | undefined)[], code: string) =>
    Object.fromEntries(people.map((each) => [each, code]))
  expect(await refused('member')).toEqual(all([members[5], subject, head], 'noSeat'))
  expect(await refused('by')).toEqual(all([...members.slice(0, 5), subject], 'mayNotHold'))
}

async function votesLast(caseId: string): Promise<void> {
  const agent = await api.as('member4')
  const task = await taskOf(caseId, 4)
  await agent
    .post(`/api/tasks/${task.id}/complete`)
    .send({ version: task.version, form: { vote: 'grant' } })
    .expect(200)
  expect((await agent.get(`/api/tasks/${task.id}`)).body).toMatchObject({
    state: 'completed',
    sealed: false,
    initial: { vote: 'grant' },
  })
}

test('every decision of a case whose command is not in the store is named: a vote, a withdrawal from the matter, an act, a start', async () => {
  const before = await api.db.case.findFirstOrThrow({ where: { process: 'example', status: 'open' } })
  const head = await api.as('headMinistry')
  await head
    .post(`/api/cases/${before.id}/acts/cancel`)
    .send({ step: before.step, form: { reason: 'Once more' } })
    .expect(200)

  const caseId = await begin()
  await votes(caseId, 0, 'grant')
  const recused = await taskOf(caseId, 1)
  await (
    await api.as('member1')
  )
    .post(`/api/tasks/${recused.id}/recuse`)
    .send({ version: recused.version, reason: 'A relative of the candidate' })
    .expect(200)
  // who has left his seat sees nothing by it any more
  await (await api.as('member1')).get(`/api/cases/${caseId}`).expect(404)
  const { step } = (await hr.get(`/api/cases/${caseId}`)).body
  await hr
    .post(`/api/cases/${caseId}/acts/replaceMember`)
    .send({ step, form: { member: members[2], by: await personOf(api, 'headMinistry'), reason: 'On leave' } })
    .expect(200)

  await (await api.as('member2')).get(`/api/cases/${caseId}`).expect(404)
  await (await api.as('member0')).get(`/api/cases/${caseId}`).expect(200)

  const missing = async () =>
    (await decisionsWithoutCommand(api.db, 100, [caseId as CaseId])).map(({ says }) =>
      says.replace(/ [\w-]+ is in .*/, ''),
    )
  expect(await missing()).toEqual([])
  const named = []
  for (const kind of ['complete', 'recuse', 'act', 'start']) {
    await api.database.sql('update commands set "caseId" = gen_random_uuid() where "caseId" = $1 and kind = $2', [
      caseId,
      kind,
    ])
    named.push(await missing())
  }
  const [answer, withdrawal, act, start] = ['the answer to task', 'the withdrawal of a member', 'the act', 'the start']
  expect(named).toEqual([[answer], [answer, withdrawal], [act, answer, withdrawal], [act, answer, start, withdrawal]])
})
