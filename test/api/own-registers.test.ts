/**
 * A register that a process owns, and fields that it adds to shared registers, all from its own folder: served by the API by the rules
 * of every register, and named nowhere else.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { factsOfNamed } from '../../prisma/store/register-facts'
import { KEEPER } from '../../prisma/store/register-sight'
import { ownedFactsOf, type ProcessStores } from '../../prisma/store/process-store'
import { processStores } from '../../prisma/store/process-stores'
import { isoDate } from '../../workflows/kernel/law/calendar'
import { namedIn } from '../../workflows/kernel/forms'
import { processesOf, type Process } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { inquiry } from './inquiry/process'
import { isProblem, keepDraft, personOf, startApi, type Agent, type Api } from './harness'
import { certificate } from '../certificate/process'
import { example } from '../example/process'
import { enterExampleLaw } from '../example/register'
import { exampleStore } from '../example/store'

const BODY = 'ministryFinance'
const OTHER = 'akimat.karaganda'
const ROLL = '/api/register/example-roll'

/** A look at the body whenever somebody is entered in the roll. */
const onlooker: Process = {
  ...inquiry,
  starts: {
    changed: {
      own: ({ before, now }) => (before === null && now?.register === 'example-roll' ? [{ body: now.bodyKey }] : []),
    },
  },
}
const served = processesOf(...processes.all, example, certificate, onlooker)
const stores: ProcessStores = { ...processStores, example: exampleStore }

let api: Api
let hr: Agent
let head: Agent
let administrator: Agent
let person: string
let honoured: string
let number = 0

beforeAll(async () => {
  api = await startApi(undefined, { processes: served, stores })
  await enterExampleLaw(api.db)
  ;[hr, head, administrator] = await Promise.all([
    api.as('hrMinistry'),
    api.as('headMinistry'),
    api.as('administrator'),
  ])
  person = await personOf(api, 'newcomer')
  honoured = await personOf(api, 'mentor')
})
afterAll(() => api.close())

const fields = (more: object = {}) => ({
  ...{ body: BODY, number: (number += 1), person: honoured, honour: 'thanks', grantedOn: '2026-03-02' },
  ...more,
})
const enter = (agent: Agent, more: object = {}) => agent.post(ROLL).send({ fields: fields(more) })
const entered = async (more: object = {}) => (await enter(hr, more).expect(201)).body

test('no file outside the folder of the process, and its tests, names its register or its fields', () => {
  const root = path.resolve(__dirname, '../..')
  const names = /example-roll|barredUntil|plaque|grantedOn|roll of honour/i
  const folders = ['workflows', 'activities', 'api', 'prisma', 'worker', 'admin-ui/src', 'scripts', 'bench']
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { encoding: 'utf8', recursive: true })
      .filter((file) => /\.(tsx?|mts|json|sql|prisma)$/.test(file) && !file.startsWith('generated'))
      .map((file) => path.join(folder, file)),
  )
  expect(files.length).toBeGreaterThan(300)
  expect(files.filter((file) => names.test(readFileSync(path.join(root, file), 'utf8')))).toEqual([])
})

describe('a register that a process owns', () => {
  test('is described to those who may look it up, and to them alone', async () => {
    const described = async (agent: Agent) => {
      const { body } = await agent.get('/api/processes').expect(200)

      return body.find(({ name }: { name: string }) => name === 'example').registers
    }
    expect(await described(hr)).toMatchObject([
      { register: 'example-roll', name: 'roll', body: 'body', removable: true, keptIn: [BODY] },
    ])
    expect(await described(head)).toMatchObject([{ keptIn: [] }])
    expect(await described(await api.as('mentor'))).toEqual([])
    isProblem(await (await api.as('mentor')).get(ROLL), 'the roll', [403])
    isProblem(await api.nobody().get(ROLL), 'the roll', [401])
  })

  test('is listed in the order of its key and of its fields, page by page, and found by its choices', async () => {
    const numbers = [9001, 9010, 9002, 9100]
    for (const n of numbers) await entered({ number: n, honour: 'commendation' })
    const asked = async (query: string): Promise<number[]> => {
      const { body } = await hr.get(`${ROLL}?fields.honour=commendation&${query}`).expect(200)

      return body.data.map((row: { fields: { number: number } }) => row.fields.number)
    }
    expect(await asked('')).toEqual([9001, 9002, 9010, 9100])
    expect(await asked('sort=-fields.number')).toEqual([9100, 9010, 9002, 9001])
    const { body: first } = await hr.get(`${ROLL}?perPage=2&sort=fields.number&fields.honour=commendation`).expect(200)
    expect(await asked(`perPage=2&sort=fields.number&after=${encodeURIComponent(first.pageInfo.end)}`)).toEqual([
      9010, 9100,
    ])
    expect(await asked(`fields.person=${honoured}&fields.body=${OTHER}`)).toEqual([])
    isProblem(await hr.get(`${ROLL}?sort=fields.person`), 'an order by a reference', [400])
  })

  test('is kept by its roles in the body of the row', async () => {
    const row = await entered({ wears: { from: '2026-03-02', to: null } })
    expect(row).toMatchObject({ body: BODY, version: 1, fields: { honour: 'thanks' } })
    const address = `${ROLL}/${String(row.id)}`
    expect((await head.get(address).expect(200)).body).toEqual(row)
    isProblem(await enter(head), 'a row by one who reads', [403])
    isProblem(await enter(administrator), 'a row by one who is not named', [403])
    isProblem(await enter(hr, { body: OTHER }), 'a row of another body', [403])
    isProblem(await (await api.as('hrAkimat')).get(address), 'the row of another body', [404])
    const change = { fields: { ...row.fields, citation: 'For years of service' } }
    isProblem(await head.patch(address).set('If-Match', '"1"').send(change), 'a change by one who reads', [403])
    isProblem(
      await hr
        .patch(address)
        .set('If-Match', '"1"')
        .send({ fields: { ...row.fields, body: OTHER } }),
      'a row given to another body',
      [403],
    )
    isProblem(await hr.patch(address).send(change), 'a change without a version', [428])
    const { body: now } = await hr.patch(address).set('If-Match', '"1"').send(change).expect(200)
    expect(now).toMatchObject({ version: 2, fields: change.fields })
    isProblem(await hr.patch(address).set('If-Match', '"1"').send(change), 'a change of what was', [412])
    isProblem(await head.delete(address).set('If-Match', '"2"'), 'a removal by one who reads', [403])
    isProblem(await hr.delete(address).set('If-Match', '"1"'), 'a removal of what was', [412])
    await hr.delete(address).set('If-Match', '"2"').expect(204)
    isProblem(await hr.get(address), 'a row that is gone', [404])
    const { body: trail } = await hr.get(`${address}/changes`).expect(200)
    expect(trail.data).toMatchObject([
      { by: 'person', capacity: 'hr', before: { version: 2 }, after: null },
      { before: { version: 1 }, after: { version: 2, fields: { citation: 'For years of service' } } },
      { before: null, after: { register: 'example-roll', bodyKey: BODY, version: 1 } },
    ])
    isProblem(await head.get(`${address}/changes`), 'the trail, by one who reads', [403])
  })

  test('says of each field what is wrong with it, and that a row is there already', async () => {
    const errors = async (more: object) => (await enter(hr, more).expect(422)).body.errors
    const nobody = '00000000-0000-4000-8000-000000000000'
    expect(await errors({ person: nobody, body: 'nowhere' })).toEqual({
      'fields.person': 'unknownId',
      'fields.body': 'unknownId',
    })
    expect(await errors({ honour: 'knighthood', number: undefined, rank: 1 })).toEqual({
      'fields.honour': 'option',
      'fields.number': 'required',
      'fields.rank': 'unknown',
    })
    expect(await errors({ wears: { from: '2026-03-02', to: '2026-03-01' } })).toEqual({
      'fields.wears.to': 'beforeFrom',
    })
    const row = await entered()
    const again = await enter(hr, { number: row.fields.number })
    isProblem(again, 'a second row of a key', [409])
    expect(again.body.reason.code).toBe('register.exists')
    const other = await entered()
    const taken = await hr
      .patch(`${ROLL}/${String(other.id)}`)
      .set('If-Match', '"1"')
      .send({ fields: { ...other.fields, number: row.fields.number } })
    isProblem(taken, 'a key that another row has', [409])
    // who has left may be in it too: nobody is asked to act
    await entered({ person: await leaver() })
  })

  test('a form of it that is not sent comes back to whoever keeps it', async () => {
    const draft = { person: await personOf(api, 'hrMinistry'), form: { fields: { number: 5 } } }
    await keepDraft(hr, 'enter:example-roll', draft).expect(200)
    const row = await entered()
    expect((await hr.get('/api/drafts/enter:example-roll').expect(200)).body.form).toBeNull()
    await keepDraft(hr, `change:example-roll:${String(row.id)}`, draft).expect(200)
    isProblem(await head.get(`/api/drafts/change:example-roll:${String(row.id)}`), 'the draft of a reader', [403])
    isProblem(await head.get('/api/drafts/enter:example-roll'), 'the draft of a reader', [403])
    isProblem(await hr.get(`/api/drafts/change:example-roll:${person}`), 'the draft of no row', [404])
  })

  test('a row of it starts cases, in the transaction that enters it', async () => {
    const starts = () => api.db.command.count({ where: { kind: 'start', principal: 'system' } })
    const before = await starts()
    const row = await entered()
    expect(await starts()).toBe(before + 1)
    await hr
      .delete(`${ROLL}/${String(row.id)}`)
      .set('If-Match', '"1"')
      .expect(204)
    expect(await starts()).toBe(before + 1)
  })
})

/** Somebody who has no post any more. */
async function leaver(): Promise<string> {
  const { id: _id, ...like } = await api.db.person.findFirstOrThrow()

  return (await api.db.person.create({ data: { ...like, fields: {}, id: randomUUID() } })).id
}

describe('fields that a process adds to a shared register', () => {
  const rowOf = async (register: string, id: string) =>
    (await hr.get(`/api/register/${register}/${id}`).expect(200)).body
  const change = async (register: string, id: string, added: object, by = administrator) =>
    by
      .patch(`/api/register/${register}/${id}`)
      .set('If-Match', `"${String((await rowOf(register, id)).version)}"`)
      .send({ fields: added })
  const somePosition = async () => {
    const { body } = await hr.get(`/api/register/positions?body=${BODY}&perPage=1`).expect(200)

    return String(body.data[0].id)
  }

  test('are described, shown, changed by administrators and in the trail', async () => {
    const { body: all } = await hr.get('/api/processes').expect(200)
    expect(all.find(({ name }: { name: string }) => name === 'example').registerFields).toMatchObject([
      { register: 'people', form: { properties: { barredUntil: { format: 'date' } } } },
      { register: 'positions', form: { properties: { plaque: { enum: ['bronze', 'silver'] } } } },
    ])
    const position = await somePosition()
    expect((await rowOf('positions', position)).fields).toEqual({})
    const { status, body } = await change('positions', position, { example: { plaque: 'bronze' } })
    expect([status, body.fields]).toEqual([200, { example: { plaque: 'bronze' } }])
    expect((await rowOf('positions', position)).fields).toEqual({ example: { plaque: 'bronze' } })
    const { body: trail } = await administrator.get(`/api/register/positions/${position}/changes`).expect(200)
    expect(trail.data[0]).toMatchObject({
      before: { fields: {} },
      after: { fields: { example: { plaque: 'bronze' } } },
    })
    isProblem(await change('positions', position, { example: {} }, hr), 'a change by HR', [403])
  })

  test('are read by the form of the process, and stand beside those of others', async () => {
    const position = await somePosition()
    await api.database.sql(`update positions set fields = '{"other": {"a": 1}}' where id = $1`, [position])
    const refused = async (added: object) => (await change('positions', position, added)).body.errors
    expect(await refused({ example: { plaque: 'wood' } })).toEqual({ 'fields.example.plaque': 'option' })
    expect(await refused({ example: { plak: 'bronze' } })).toEqual({ 'fields.example.plak': 'unknown' })
    expect(await refused({ probation: { plaque: 'bronze' } })).toEqual({ 'fields.probation': 'unknown' })
    await change('positions', position, { example: { plaque: 'silver' } })
    expect((await rowOf('positions', position)).fields).toEqual({ other: { a: 1 }, example: { plaque: 'silver' } })
  })

  test('are facts for the rules of their process, without free text, and for no other', async () => {
    const { body: now } = await change('people', person, { example: { barredUntil: '2199-12-31', motto: 'Onwards' } })
    expect(now.fields).toEqual({ example: { barredUntil: '2199-12-31', motto: 'Onwards' } })
    const position = await somePosition()
    const named = namedIn(example.forms.start, { person, position })
    const asked = async (process: string) => {
      const { people, positions } = await factsOfNamed(api.db, named, {
        ...{ on: isoDate('2026-03-02'), today: isoDate('2026-03-02'), subject: null },
        owned: ownedFactsOf({ processes: served, stores }, process),
        by: KEEPER,
      })

      return [people[person], positions[position]]
    }
    expect(await asked('example')).toMatchObject([
      { fields: { barredUntil: '2199-12-31' }, commended: expect.any(Number) },
      { fields: { plaque: 'silver' } },
    ])
    expect(JSON.stringify(await asked('example'))).not.toContain('Onwards')
    for (const each of await asked('probation')) expect(each).not.toHaveProperty('fields')
  })

  test('a rule that stands on one refuses the form', async () => {
    const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
    const colleagues = await api.db.post.findMany({
      where: { to: null, personId: { not: person }, position: { bodyKey: BODY } },
      take: 3,
    })
    const members = colleagues.map(({ personId }) => personId)
    const form = {
      ...{ person, position: post.positionId, chair: members[0], members, alternates: [], sitting: '2026-12-16' },
      ...{ proposedByHead: true, grounds: 'Service' },
    }
    const send = () => hr.post('/api/processes/example/cases').send({ form })
    await change('people', person, { example: { barredUntil: '2199-12-31' } })
    const { body } = await send().expect(422)
    expect(body.errors).toEqual({ person: 'barred' })
    await change('people', person, { example: { barredUntil: '2020-01-01' } })
    await send().expect(202)
  })
})
