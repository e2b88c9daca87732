/** Starts by people who are not named: nothing that is stored, answered or logged says who they are. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import pino from 'pino'
import type { EventView, ProcessView } from '../../api/shapes/views'
import { keyOfUnnamed } from '../../api/http/sending'
import { verifyChain } from '../../prisma/store/events'
import { changedContents } from '../../prisma/store/reconcile-trails'
import type { CaseId, PersonId } from '../../workflows/kernel/contract'
import { processesOf } from '../../workflows/kernel/process'
import { keepDraft, personOf, type Agent } from './harness'
import { openInquiry } from './inquiry/process'
import { startWorkedApi } from './worked'
import { pdfWith } from '../support/sample-files'

jest.setTimeout(120_000)

const BODY = 'ministryFinance'
const ELSEWHERE = 'ministryJustice'

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
    more: { processes: processesOf(openInquiry), log },
  })
  newcomer = await api.as('newcomer')
  hr = await api.as('hrMinistry')
  developer = await api.as('developer')
  person = await personOf(api, 'newcomer')
  const found = await api.db.person.findMany({
    where: { accounts: { none: { demoAs: { not: null } } } },
    orderBy: { id: 'asc' },
    take: 40,
  })
  others = found.map(({ id }) => id)
})
afterAll(() => api.close())

const another = () => others.pop() ?? ''
const unnamedKey = () => `unnamed-${randomUUID()}`
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
    const key = unnamedKey()
    const { body: started } = await start(newcomer, { form, body: BODY, by }, key).expect(201)
    expect(started).toEqual({ result: 'received', caseId: expect.any(String), number: expect.stringMatching(/\d/) })
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
    expect(view).toMatchObject({ state: 'done', outcome: { result: 'received', caseId } })
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
    ['a key that could be guessed', () => 'unnamed-one'],
    ['a key under which something may be sent by his name', () => randomUUID()],
  ])('is not known by %s', async (_what, keyOf) => {
    const stored = await api.db.command.count()
    const { body } = await start(hr, { form: { body: ELSEWHERE, person: another() }, by }, keyOf()).expect(400)
    expect(body.detail).toContain('unnamed-')
    expect(await api.db.command.count()).toBe(stored)
  })

  test('shares its key with nothing that is sent by a name, in either order and at once', async () => {
    const form = () => ({ body: BODY, person: another() })
    const key = unnamedKey()
    const [, refused] = await Promise.all([
      start(hr, { form: form(), by }, key).expect(201),
      start(hr, { form: form() }, key),
    ])
    const again = await start(hr, { form: form() }, key)
    expect([refused, again].map(({ status }) => status)).toEqual([400, 400])
    const self = await personOf(api, 'hrMinistry')
    const keys = (await api.db.command.findMany({ where: { principal: self } })).map((each) => each.key)
    const unnamed = (await api.db.command.findMany({ where: { principal: by } })).map((each) => each.key)
    // what the database says of him and his keys does not make one of theirs
    expect(keys.filter((each) => unnamed.includes(keyOfUnnamed(self as PersonId, each)))).toEqual([])
  })

  test('leaves no draft of the process under his name, in whichever body he began to write it, and touches no other', async () => {
    const addresses = [`start:inquiry:${BODY}`, `start:inquiry:${ELSEWHERE}`, `start:inquiry2:${BODY}`]
    const typed = { person, form: { why: `something ${randomUUID()}` } }
    for (const address of addresses.slice(0, 2)) await keepDraft(newcomer, address, typed).expect(200)
    const hers = { ...typed, person: await personOf(api, 'hrMinistry') }
    await keepDraft(hr, addresses[0] ?? '', hers).expect(200)
    await api.database.sql(
      `insert into form_drafts (address, "personId", version, writer, form, "savedAt") values ($1, $2, 1, 'one', '{}', now())
      on conflict do nothing`,
      [addresses[2], person],
    )
    await start(newcomer, { form: { person: another(), body: BODY }, body: BODY, by }, unnamedKey()).expect(201)
    const left = await api.database.sql(
      `select address, "personId" as person from form_drafts where address = any($1) order by address collate "C"`,
      [addresses],
    )
    expect(left).toEqual([
      { address: addresses[2], person },
      { address: addresses[0], person: hers.person },
    ])
    await api.database.sql(`delete from form_drafts where address = any($1)`, [addresses])
  })

  test('names nobody as the owner of the set of rehearsals that it begins', async () => {
    const set = `set ${randomUUID().slice(0, 8)}`
    await start(newcomer, { form: { person: another(), body: BODY }, by, rehearsal: { set } }).expect(201)
    expect(await api.db.rehearsalSet.findFirstOrThrow({ where: { name: set } })).toMatchObject({ startedById: null })
    await newcomer.post(`/api/rehearsals/${BODY}/${encodeURIComponent(set)}/discard`).expect(403)
    await developer.post(`/api/rehearsals/${BODY}/${encodeURIComponent(set)}/discard`).expect(200)
  })
})

/** What every door of a start answers to somebody about a person, without what differs in any two answers. */
async function answersAbout(agent: Agent, about: string, query: string, send: ((key: string) => object) | null) {
  const at = '/api/processes/inquiry/start'
  const draft = encodeURIComponent(`start:inquiry:${ELSEWHERE}`)
  const answers = [
    await agent.get(`${at}?${query}`),
    await agent.get(`${at}/refused?${query}&field=person&id=${about}`),
    await agent.get(`/api/drafts/${draft}`),
  ]
  if (send) {
    const key = unnamedKey()
    const asked = send(about)
    const sent = await start(agent, asked, key)
    const { caseId = randomUUID() } = sent.body as { caseId?: string }
    const command = await api.db.command.findFirst({ where: { caseId, kind: 'start' } })
    answers.push(sent, await start(agent, asked, key))
    answers.push(await agent.get(`/api/commands/${command?.id ?? caseId}`).set('Idempotency-Key', key))
    answers.push(await agent.get(`/api/cases/${caseId}`))
  }
  const plainly = (text: string) =>
    text
      .replaceAll(about, 'him')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an id')
      .replace(/"number":"[^"]+"/g, 'a number')
      .replace(/\d{4}-\d\d-\d\dT[0-9:.]+Z/g, 'a moment')

  return answers.map(({ status, body }) => `${String(status)} ${plainly(JSON.stringify(body))}`)
}

describe('nothing that a start is answered tells of a case about somebody else', () => {
  let taken: string
  beforeAll(async () => {
    taken = another()
    await start(hr, { form: { person: taken, body: BODY } }).expect(201)
  })

  test.each(['anonymous', 'confidential'] as const)('to whoever starts one that is %s', async (by) => {
    const send = (about: string) => ({ form: { person: about, body: ELSEWHERE }, by })
    const query = `body=${ELSEWHERE}&by=${by}`
    const free = another()
    const answers = await answersAbout(newcomer, taken, query, send)
    expect(answers).toEqual(await answersAbout(newcomer, free, query, send))
    expect(answers.map((each) => each.slice(0, 3))).toEqual(['200', '200', '200', '201', '201', '200', '404'])
    // those who may find cases there read that it was refused, and why
    const refused = await api.db.case.findFirstOrThrow({ where: { subjectId: taken, bodyKey: ELSEWHERE } })
    expect(refused).toMatchObject({ outcome: 'refused', basis: { code: 'alreadyOpen' } })
  })

  test('to whoever would start one by his name and may not', async () => {
    const send = (about: string) => ({ form: { person: about, body: ELSEWHERE } })
    const answers = await answersAbout(newcomer, taken, `body=${ELSEWHERE}`, send)
    expect(answers).toEqual(await answersAbout(newcomer, another(), `body=${ELSEWHERE}`, send))
  })

  test('to HR of another body, until it starts one by its name', async () => {
    const elsewhere = await api.as('hrAkimat')
    const [view]: ProcessView[] = (await elsewhere.get('/api/processes').expect(200)).body
    const own = view?.startableIn.find(({ capacities }) => capacities.includes('hr'))?.key ?? ''
    const answers = await answersAbout(elsewhere, taken, `body=${own}`, null)
    expect(answers).toEqual(await answersAbout(elsewhere, another(), `body=${own}`, null))
    // who may find the case is told
    const refused = `/api/processes/inquiry/start/refused?body=${BODY}&field=person&id=${taken}`
    expect((await hr.get(refused).expect(200)).body.refused).toEqual({ [taken]: 'alreadyOpen' })
    expect((await start(elsewhere, { form: { person: taken, body: own } }).expect(200)).body.reason).toEqual({
      code: 'alreadyOpen',
    })
  })

  test('but that the register lacks something is told to whoever sends in vain', async () => {
    const key = unnamedKey()
    const asked = { form: { person: another(), body: BODY }, by: 'anonymous' }
    const { caseId } = (await start(newcomer, asked, key).expect(201)).body as { caseId: string }
    const { id } = await api.db.command.findFirstOrThrow({ where: { caseId, kind: 'start' } })
    const reason = { code: 'registerGap' }
    await api.db.command.update({ where: { id }, data: { outcome: { result: 'refused', reason } } })
    const { body } = await newcomer.get(`/api/commands/${id}`).set('Idempotency-Key', key).expect(200)
    expect(body.outcome).toMatchObject({ result: 'refused', reason })
  })
})

describe('a file that goes with a start', () => {
  const by = 'anonymous'
  const uploaded = async (): Promise<string> => {
    const address = `/api/files?form=start:inquiry:${BODY}&field=proof&name=a.pdf`
    const request = newcomer.post(address).set('Content-Type', 'application/octet-stream')

    return (await request.send(pdfWith(randomUUID())).expect(201)).body.id
  }
  const send = (proof: string, form: object = {}) =>
    start(newcomer, { form: { person: another(), body: BODY, proof, ...form }, body: BODY, by }, unnamedKey())
  const refused = async (proof: string): Promise<void> => {
    const { caseId } = (await send(proof).expect(201)).body as { caseId: string }
    const outcome = { result: 'refused', reason: { code: 'registerGap' } }
    await api.db.command.updateMany({ where: { caseId, kind: 'start' }, data: { outcome } })
  }

  test('whose form is refused stays with whoever uploaded it, and goes with the next one', async () => {
    const proof = await uploaded()
    await send(proof, { other: randomUUID() }).expect(422)
    await newcomer.get(`/api/files/${proof}/content`).expect(200)
    await send(proof).expect(201)
    await newcomer.get(`/api/files/${proof}/content`).expect(404)
  })

  test('that was refused for want of something in the register goes with the next one, once', async () => {
    const proof = await uploaded()
    await refused(proof)
    expect(await api.db.file.findUniqueOrThrow({ where: { id: proof } })).toMatchObject({ uploadedById: null })
    const { caseId } = (await send(proof).expect(201)).body as { caseId: string }
    const { id } = await api.db.command.findFirstOrThrow({ where: { caseId, kind: 'start' } })
    expect(await api.db.file.findUniqueOrThrow({ where: { id: proof } })).toMatchObject({ commandId: id })
    expect((await send(proof).expect(422)).body.errors).toEqual({ proof: 'fileGone' })
  })

  test('that was refused is not to be had under a name', async () => {
    const proof = await uploaded()
    await refused(proof)
    const { body } = await start(hr, { form: { person: another(), body: BODY, proof } }).expect(422)
    expect(body.errors).toEqual({ proof: 'fileGone' })
    await newcomer.get(`/api/files/${proof}/content`).expect(404)
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
