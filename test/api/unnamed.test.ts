/** Starts by people who are not named: nothing that is stored, answered or logged says who they are. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import pino from 'pino'
import type { EventView, ProcessView } from '../../api/shapes/views'
import { verifyChain } from '../../prisma/store/events'
import { changedContents } from '../../prisma/store/reconcile-trails'
import type { CaseId } from '../../workflows/kernel/contract'
import { processesOf, type Process } from '../../workflows/kernel/process'
import { keepDraft, personOf, type Agent } from './harness'
import { inquiry } from './inquiry/process'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

const BODY = 'ministryFinance'
const ELSEWHERE = 'ministryJustice'
const process: Process = {
  ...inquiry,
  contract: { ...inquiry.contract, startedBy: ['hr', 'subject', 'anonymous', 'confidential'] },
}

let api: Awaited<ReturnType<typeof startWorkedApi>>
let newcomer: Agent
let hr: Agent
let developer: Agent
/** who starts */
let person: string
/** people about whom there is no case yet */
let others: string[]
const logged: string[] = []

beforeAll(async () => {
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  api = await startWorkedApi({
    workflows: path.join(__dirname, 'inquiry', 'workflow.ts'),
    more: { processes: processesOf(process), log },
  })
  newcomer = await api.as('newcomer')
  hr = await api.as('hrMinistry')
  developer = await api.as('developer')
  person = await personOf(api, 'newcomer')
  const found = await api.db.person.findMany({
    where: { accounts: { none: { demoAs: { not: null } } } },
    orderBy: { id: 'asc' },
    take: 20,
  })
  others = found.map(({ id }) => id)
})
afterAll(() => api.close())

const another = () => others.pop() ?? ''
const start = (agent: Agent, asked: object, key?: string) => {
  const request = agent.post('/api/processes/inquiry/cases')

  return (key === undefined ? request : request.set('Idempotency-Key', key)).send(asked)
}

/** In how many rows of each table the person is named. */
async function rowsThatName(who: string): Promise<Record<string, number>> {
  const tables: { table_name: string }[] = await api.db.$queryRawUnsafe(
    `select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  const counts = tables.map(async ({ table_name: table }): Promise<[string, number]> => {
    const [row] = await api.db.$queryRawUnsafe<{ n: number }[]>(
      `select count(*)::int as n from "${table}" t where t::text like '%' || $1 || '%'`,
      who,
    )

    return [table, row?.n ?? 0]
  })

  return Object.fromEntries(await Promise.all(counts))
}

/** Payloads are base64 in it. */
function plain(history: unknown): string {
  return JSON.stringify(history, (_key, value: unknown) =>
    typeof value === 'string' && /^[A-Za-z0-9+/=]{12,}$/.test(value)
      ? value + Buffer.from(value, 'base64').toString('utf8')
      : value,
  )
}

describe.each([
  ['anonymous', {}],
  ['confidential', { contents: 1 }],
] as const)('a start that is %s', (by, more) => {
  test('is made by whoever is signed in, and names him nowhere but in one row that nobody can read', async () => {
    const address = `start:inquiry:${BODY}`
    const other = another()
    const form = { person: other, body: BODY, why: `something seen ${randomUUID()}` }
    const before = await rowsThatName(person)
    await keepDraft(newcomer, address, { person, form }).expect(200)
    logged.length = 0
    const key = randomUUID()
    const { body: started } = await start(newcomer, { form, body: BODY, by }, key).expect(201)
    expect(started).toMatchObject({ result: 'started', number: expect.any(String) })
    const caseId: CaseId = started.caseId

    // sent again it is the same, and told from what another sends under the same key
    expect((await start(newcomer, { form, body: BODY, by }, key).expect(201)).body).toEqual(started)
    await start(newcomer, { form: { ...form, why: 'other' }, body: BODY, by }, key).expect(422)
    const { body: hers } = await start(hr, { form: { person: another(), body: BODY }, by }, key).expect(201)
    expect(hers.caseId).not.toBe(caseId)

    // not a row
    const after = await rowsThatName(person)
    const added = Object.entries(after).filter(([table, n]) => n !== before[table])
    expect(Object.fromEntries(added.map(([table, n]) => [table, n - (before[table] ?? 0)]))).toEqual(more)
    const command = await api.db.command.findFirstOrThrow({ where: { caseId, kind: 'start' } })
    expect(command).toMatchObject({ principal: by, actor: { by } })
    expect(command.key).not.toContain(key)
    expect(await api.db.case.findUniqueOrThrow({ where: { id: caseId } })).toMatchObject({
      startedById: null,
      subjectId: other,
    })
    if (by === 'confidential') {
      const ref = command.actor as { content: { id: string; hash: string } }
      expect(await api.db.content.findUniqueOrThrow({ where: { id: ref.content.id } })).toMatchObject({
        caseId,
        body: { person },
        hash: ref.content.hash,
      })
    }
    expect(await verifyChain(api.db, caseId)).toEqual({ ok: true })
    expect(await changedContents(api.db, [caseId])).toEqual([])

    // not an answer, whoever asks
    const { body: events } = await hr.get(`/api/cases/${caseId}/events`).expect(200)
    expect((events.data as EventView[])[0]).toMatchObject({ kind: 'caseOpened', actor: null, by, capacity: null })
    const addresses = ['', '/events', '/tasks', '/documents', '/history'].map((part) => `/api/cases/${caseId}${part}`)
    const tasks: { id: string }[] = (await hr.get(`/api/cases/${caseId}/tasks`).expect(200)).body.data
    const answers = [...addresses, ...tasks.map(({ id }) => `/api/tasks/${id}`), `/api/cases?id=${caseId}`].flatMap(
      (each) => [hr, developer].map(async (agent) => (await agent.get(each)).text),
    )
    for (const text of await Promise.all(answers)) expect(text).not.toContain(person)
    const history = plain(await api.service.engine.history(caseId))
    expect(history).toContain(other)
    expect(history).not.toContain(person)

    // not a line
    expect(logged.length).toBeGreaterThan(0)
    expect(logged.join('')).not.toContain(person)

    // he is in it no more than anybody else
    await newcomer.get(`/api/cases/${caseId}`).expect(404)
    await newcomer.get(`/api/commands/${command.id}`).expect(404)
    await hr.get(`/api/commands/${command.id}`).set('Idempotency-Key', key).expect(404)
    const { body: view } = await newcomer.get(`/api/commands/${command.id}`).set('Idempotency-Key', key).expect(200)
    expect(view).toMatchObject({ state: 'done', outcome: { result: 'started', caseId } })
  })

  test.each([
    ['about himself', () => ({ form: { person, body: BODY } }), 403, { reason: { code: 'policy.ownCase' } }],
    [
      'that says nothing of where it belongs',
      () => ({ form: { person: another() } }),
      422,
      { errors: { body: 'required' } },
    ],
    [
      'about a case that he may not find',
      () => ({ form: { other: randomUUID(), body: BODY } }),
      422,
      { errors: { other: 'unknownId' } },
    ],
  ])('is none %s, and nothing is stored', async (_what, asked, status, problem) => {
    const stored = await api.db.command.count()
    const { body } = await start(newcomer, { ...asked(), by }).expect(status)
    expect(body).toMatchObject(problem)
    expect(await api.db.command.count()).toBe(stored)
  })

  test.each([
    ['a key that could be guessed', 'one', 400],
    ['a key under which he has sent something by his name', randomUUID(), 422],
  ])('is not known by %s', async (_what, key, status) => {
    if (status === 422) await start(hr, { form: { body: BODY, person: another() } }, key).expect(201)
    const stored = await api.db.command.count()
    await start(hr, { form: { body: ELSEWHERE, person: another() }, by }, key).expect(status)
    expect(await api.db.command.count()).toBe(stored)
  })

  test('names nobody as the owner of the set of rehearsals that it begins', async () => {
    const set = `set ${randomUUID().slice(0, 8)}`
    await start(newcomer, { form: { person: another(), body: BODY }, by, rehearsal: { set } }).expect(201)
    expect(await api.db.rehearsalSet.findFirstOrThrow({ where: { name: set } })).toMatchObject({ startedById: null })
    await newcomer.post(`/api/rehearsals/${BODY}/${encodeURIComponent(set)}/discard`).expect(403)
    await developer.post(`/api/rehearsals/${BODY}/${encodeURIComponent(set)}/discard`).expect(200)
  })
})

describe('whether a case may be started without a name', () => {
  test('is said with the process, for every body, and what its form offers then', async () => {
    const [view]: ProcessView[] = (await newcomer.get('/api/processes').expect(200)).body
    expect(view?.startedBy).toEqual(['hr', 'subject', 'anonymous', 'confidential'])
    const bodies = Object.fromEntries((view?.startableIn ?? []).map(({ key, capacities }) => [key, capacities]))
    expect(Object.keys(bodies)).toHaveLength(await api.db.stateBody.count())
    expect([bodies[BODY], bodies[ELSEWHERE]]).toEqual([['self'], []])
    const at = '/api/processes/inquiry/start'
    expect((await newcomer.get(`${at}?body=${BODY}`).expect(200)).body.among).toEqual({ person: [person] })
    expect((await newcomer.get(`${at}?body=${BODY}&by=anonymous`).expect(200)).body.among).toEqual({})
    const other = another()
    const refused = `${at}/refused?body=${ELSEWHERE}&by=confidential&field=person&id=${person}&id=${other}`
    expect((await newcomer.get(refused).expect(200)).body.refused).toMatchObject({ [person]: 'yourself' })
  })

  test('takes nothing from those who are named: about another they need an office', async () => {
    const { body } = await start(newcomer, { form: { person: another(), body: BODY } }).expect(403)
    expect(body.reason).toEqual({ code: 'policy.noRole' })
  })
})
