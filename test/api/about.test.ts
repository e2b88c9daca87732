/** Whom and what a case is about: any of a person, a position, a body and another case; and who starts it. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { CaseDetail, CaseView, EventView, ProcessView, TaskView } from '../../api/shapes/views'
import { appendTo, lockCase, NO_EVENTS, verifyChain } from '../../prisma/store/events'
import type { CaseId, Instant, IsoDate } from '../../workflows/kernel/contract'
import { processesOf } from '../../workflows/kernel/process'
import { freshPosition } from '../support/positions'
import { arrangeCase, arrangeTask, personOf, type Agent, type Api } from './harness'
import { inquiry } from './inquiry/process'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

const BODY = 'ministryFinance'
const ELSEWHERE = 'ministryJustice'

let api: Api
let hr: Agent
let servant: Agent
let agency: Agent
let servantId: string

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.join(__dirname, 'inquiry', 'workflow.ts'),
    more: { processes: processesOf(inquiry), answerWithinMs: 20_000 },
  })
  hr = await api.as('hrMinistry')
  servant = await api.as('newcomer')
  agency = await api.as('agencyOfficer')
  servantId = await personOf(api, 'newcomer')
})
afterAll(() => api.close())

const start = (agent: Agent, form: object, more: object = {}) =>
  agent.post('/api/processes/inquiry/cases').send({ form, ...more })
const page = async (agent: Agent, id: string): Promise<CaseDetail> =>
  (await agent.get(`/api/cases/${id}`).expect(200)).body
const aPosition = async (body: string) =>
  api.db.position.findFirstOrThrow({ where: { bodyKey: body }, orderBy: { id: 'asc' } })

describe('a servant', () => {
  test('starts a case of his own where he serves, and says nothing of a body', async () => {
    const { body } = await start(servant, { person: servantId, why: 'because' }).expect(201)
    const row = await api.db.case.findUniqueOrThrow({ where: { id: body.caseId } })
    expect(row).toMatchObject({ subjectId: servantId, startedById: servantId, bodyKey: BODY })
    expect(await api.db.event.findFirstOrThrow({ where: { caseId: body.caseId, seq: 1 } })).toMatchObject({
      kind: 'caseOpened',
      actorKind: 'person',
      capacity: 'self',
    })
    expect((await page(servant, body.caseId)).subject?.id).toBe(servantId)
  })

  test.each([
    ['about another', async () => ({ person: await personOf(api, 'mentor') }), 'policy.noRole'],
    ['about nobody', async () => ({ body: BODY }), 'policy.noRole'],
    [
      'in a body where he does not serve',
      async () => ({ person: servantId, position: (await aPosition(ELSEWHERE)).id }),
      'policy.notYourBody',
    ],
  ])('starts none %s, and nothing is stored', async (_what, form, code) => {
    const stored = await api.db.command.count()
    const { body } = await start(servant, await form()).expect(403)
    expect(body.reason).toEqual({ code })
    expect(await api.db.command.count()).toBe(stored)
  })

  test('starts none without his name where the contract does not say so', async () => {
    const { body } = await start(servant, { person: await personOf(api, 'mentor') }, { by: 'anonymous' }).expect(422)
    expect(body.errors).toEqual({ by: 'option' })
  })

  test('is shown that he may start it, for himself alone', async () => {
    const [process]: ProcessView[] = (await servant.get('/api/processes').expect(200)).body
    expect(process?.startableIn.map(({ key, capacities }) => [key, capacities])).toEqual([[BODY, ['self']]])
    const at = `/api/processes/inquiry/start`
    expect((await servant.get(`${at}?body=${BODY}`).expect(200)).body.among).toEqual({ person: [servantId] })
    await servant.get(`${at}?body=${ELSEWHERE}`).expect(403)
    const mentor = await personOf(api, 'mentor')
    const asked = `${at}/refused?body=${BODY}&field=person&id=${servantId}&id=${mentor}`
    // he has one already
    expect((await servant.get(asked).expect(200)).body.refused).toEqual({
      [servantId]: 'alreadyOpen',
      [mentor]: 'onlyYourself',
    })
    expect((await hr.get(asked).expect(200)).body.refused).toEqual({ [servantId]: 'alreadyOpen' })
    await servant
      .put(`/api/drafts/${encodeURIComponent(`start:inquiry:${BODY}`)}`)
      .set('If-Match', '"0"')
      .send({ form: {}, person: servantId, writer: 'one' })
      .expect(200)
  })

  test('who is of HR starts his own as himself, and others by office', async () => {
    const [process]: ProcessView[] = (await hr.get('/api/processes').expect(200)).body
    expect(process?.startableIn).toMatchObject([{ key: BODY, capacities: ['hr', 'self'] }])
    const self = await personOf(api, 'hrMinistry')
    await start(hr, { person: self }, { capacity: 'hr' }).expect(403)
    const { body } = await start(hr, { person: self }, { body: BODY }).expect(201)
    expect(await api.db.event.findFirstOrThrow({ where: { caseId: body.caseId, seq: 1 } })).toMatchObject({
      capacity: 'self',
    })
  })
})

describe('a servant who has no post', () => {
  let dismissed: Agent
  let dismissedId: string
  let held: string

  beforeAll(async () => {
    const { id: _id, ...like } = await api.db.person.findFirstOrThrow()
    dismissedId = randomUUID()
    await api.db.person.create({ data: { ...like, fields: {}, id: dismissedId } })
    await api.db.account.create({ data: { id: 'dismissed', personId: dismissedId, demoAs: 'servant' } })
    const [from, to] = [new Date('2024-03-01'), new Date('2025-03-01')]
    held = await freshPosition(api.db, ELSEWHERE)
    await api.db.post.create({
      data: { id: randomUUID(), personId: dismissedId, positionId: held, from, to },
    })
    dismissed = await api.as('dismissed')
  })

  test.each([
    ['a position that he had', async () => ({ position: held })],
    ['a body', async () => ({ body: ELSEWHERE })],
    [
      'a case that he may find',
      async () => ({
        other: await arrangeCase(api.db, { body: ELSEWHERE, subject: dismissedId }),
      }),
    ],
  ])('starts his own where his form says that it belongs: by %s', async (_what, form) => {
    const { body } = await start(dismissed, { person: dismissedId, ...(await form()) }).expect(201)
    expect(await api.db.case.findUniqueOrThrow({ where: { id: body.caseId } })).toMatchObject({
      subjectId: dismissedId,
      bodyKey: ELSEWHERE,
    })
    expect((await page(dismissed, body.caseId)).subject?.id).toBe(dismissedId)
    // one at a time
    await api.db.hold.deleteMany({ where: { caseId: body.caseId } })
  })

  test.each([
    ['that says nothing of where it belongs', async () => ({ person: dismissedId }), 403, 'policy.noPost'],
    ['about another', async () => ({ person: servantId, body: BODY }), 422, { person: 'unknownId' }],
    ['about nobody', async () => ({ body: BODY }), 403, 'policy.noRole'],
    [
      'about a case that he may not find',
      async () => ({ person: dismissedId, other: await arrangeCase(api.db, { body: BODY, subject: servantId }) }),
      422,
      { other: 'unknownId' },
    ],
  ])('starts none %s, and nothing is stored', async (_what, form, status, told) => {
    const stored = await api.db.command.count()
    const { body } = await start(dismissed, await form(), { body: BODY }).expect(status)
    expect(status === 422 ? body.errors : body.reason.code).toEqual(told)
    expect(await api.db.command.count()).toBe(stored)
  })

  test('is shown that he may start it in any body, for himself alone', async () => {
    const [process]: ProcessView[] = (await dismissed.get('/api/processes').expect(200)).body
    expect(process?.startableIn).toHaveLength(await api.db.stateBody.count())
    expect(process?.startableIn.every(({ capacities }) => capacities.join() === 'self')).toBe(true)
    const at = `/api/processes/inquiry/start`
    expect((await dismissed.get(`${at}?body=${BODY}`).expect(200)).body.among).toEqual({ person: [dismissedId] })
    const asked = `${at}/refused?body=${BODY}&field=person&id=${dismissedId}&id=${servantId}`
    expect((await dismissed.get(asked).expect(200)).body.refused).toEqual({ [servantId]: 'onlyYourself' })
  })
})

describe('a case about nobody', () => {
  test('is about a body, runs to its end, issues a document, and names the body wherever it is shown', async () => {
    const { body } = await start(hr, { body: BODY }).expect(201)
    expect(await page(hr, body.caseId)).toMatchObject({
      subject: null,
      position: null,
      aboutBody: { key: BODY },
      aboutCase: null,
      body: { key: BODY },
    })
    const tasks: TaskView[] = (await hr.get(`/api/cases/${body.caseId}/tasks`).expect(200)).body.data
    expect(tasks).toMatchObject([{ subject: null, aboutBody: { key: BODY }, kind: 'report' }])
    const inbox: TaskView[] = (await hr.get('/api/tasks?queue=unit&perPage=100').expect(200)).body.data
    expect(inbox.map(({ id }) => id)).toContain(tasks[0]?.id)
    const { body: taken } = await hr.post(`/api/tasks/${tasks[0]?.id}/claim`).send({ version: 1 }).expect(200)
    await hr
      .post(`/api/tasks/${tasks[0]?.id}/complete`)
      .send({ version: taken.version, form: { found: true } })
      .expect(200)
    const { data } = (await hr.get(`/api/cases/${body.caseId}/documents`).expect(200)).body
    expect(data).toMatchObject([{ kind: 'finding' }])
    await hr.get(`/api/documents/${data[0].id}`).expect(200)
    expect(await page(hr, body.caseId)).toMatchObject({ status: 'closed', outcome: 'reported' })
    expect(await verifyChain(api.db, body.caseId)).toEqual({ ok: true })
    // whoever started it hears of its end
    const starter = await personOf(api, 'hrMinistry')
    const told = await api.db.notice.findMany({ where: { caseId: body.caseId, kind: 'caseClosed' } })
    expect(told.map(({ personId }) => personId)).toEqual([starter])
  })

  test('holds the only case about its body, and about its position', async () => {
    const position = (await aPosition(BODY)).id
    for (const form of [{ body: BODY }, { position }]) {
      expect((await start(hr, form).expect(201)).body.result).toBe('started')
      expect((await start(hr, form).expect(200)).body).toMatchObject({
        result: 'refused',
        reason: { code: 'alreadyOpen' },
      })
    }
  })

  test('belongs to the body of the position, of the body or of the case that it is about', async () => {
    const other = await arrangeCase(api.db, { body: BODY, subject: servantId })
    const { body } = await start(hr, { other }).expect(201)
    expect(await page(hr, body.caseId)).toMatchObject({
      body: { key: BODY },
      aboutCase: { id: other, number: expect.stringMatching(/^T-/) },
    })
    // not in other bodies, whatever it is about
    await start(hr, { body: ELSEWHERE }).expect(403)
    await start(hr, { position: (await aPosition(ELSEWHERE)).id }).expect(403)
    const { body: problem } = await start(hr, { body: 'noSuchBody' }).expect(422)
    expect(problem.errors).toEqual({ body: 'unknownId' })
  })
})

describe('another case that a start names', () => {
  const answers = async (other: string, more: object = {}) => {
    const { status, body } = await start(hr, { other, ...more })

    return [status, body.code, body.errors]
  }

  test('and that the actor may not find is answered as one that is not there', async () => {
    const hidden = await arrangeCase(api.db, { body: ELSEWHERE, subject: servantId })
    const absent = await answers(randomUUID())
    expect(absent).toEqual([422, 'invalidForm', { other: 'unknownId' }])
    expect(await answers(hidden)).toEqual(absent)
    expect(await answers(hidden, { body: BODY })).toEqual(absent)
  })

  test('is of the same set of rehearsals, or both are real', async () => {
    const set = `set ${randomUUID().slice(0, 8)}`
    const rehearsed = await arrangeCase(api.db, { body: BODY, subject: servantId, rehearsal: set })
    const real = await arrangeCase(api.db, { body: BODY, subject: servantId })
    const errors = { other: 'unknownId' }
    expect((await start(hr, { other: rehearsed }).expect(422)).body.errors).toEqual(errors)
    const rehearsal = { set }
    expect((await start(hr, { other: real }, { rehearsal }).expect(422)).body.errors).toEqual(errors)
    expect((await start(hr, { other: rehearsed }, { rehearsal: { set: 'other' } }).expect(422)).body.errors).toEqual(
      errors,
    )
    await start(hr, { other: rehearsed }, { rehearsal }).expect(201)
    // one that was handed over is still in the set of the body in which it began
    const subject = await personOf(api, 'hrMinistry')
    const moved = await arrangeCase(api.db, { body: ELSEWHERE, subject, rehearsal: set })
    await api.db.case.update({ where: { id: moved }, data: { setBodyKey: BODY } })
    await start(hr, { other: moved, body: BODY }, { rehearsal }).expect(201)
  })

  test('is named to those alone who may find it', async () => {
    const other = await arrangeCase(api.db, { body: ELSEWHERE, subject: servantId })
    const id = await arrangeCase(api.db, { body: BODY, subject: null, aboutCase: other })
    await arrangeTask(api.db, id, { role: 'hr', body: BODY })
    expect((await page(hr, id)).aboutCase).toBeNull()
    expect((await page(agency, id)).aboutCase).toMatchObject({ id: other })
    const tasks: TaskView[] = (await hr.get(`/api/cases/${id}/tasks`).expect(200)).body.data
    expect(tasks[0]?.aboutCase).toBeNull()
    const listed = async (agent: Agent): Promise<CaseView[]> =>
      (await agent.get(`/api/cases?id=${id}`).expect(200)).body.data
    expect((await listed(hr))[0]?.aboutCase).toBeNull()
    expect((await listed(agency))[0]?.aboutCase).toMatchObject({ id: other })
    // nor is it found by the other's number
    const { number } = await api.db.case.findUniqueOrThrow({ where: { id: other } })
    const found: CaseView[] = (await hr.get(`/api/cases?q=${number}`).expect(200)).body.data
    expect(found.map((row) => row.id)).toEqual([])
  })

  test('that acted is named in the file to those alone who may find it', async () => {
    const other = await arrangeCase(api.db, { body: ELSEWHERE, subject: servantId })
    const id = (await arrangeCase(api.db, { body: BODY, subject: null, aboutBody: BODY })) as CaseId
    const [at, on] = ['2026-03-02T05:00:00.000Z' as Instant, '2026-03-02' as IsoDate]
    const entry = { kind: 'caseOpened', at, on, step: null, actor: null, capacity: null, task: null, params: {} }
    await api.db.sql.transaction(async (tx) =>
      appendTo(tx, id, (await lockCase(tx, id)) ?? NO_EVENTS, [
        { ...entry, by: { case: other as CaseId } },
        { ...entry, by: 'clock' },
      ]),
    )
    const told = async (agent: Agent): Promise<EventView[]> =>
      (await agent.get(`/api/cases/${id}/events`).expect(200)).body.data
    expect(await told(hr)).toMatchObject([
      { by: 'case', actorCase: null, actor: null },
      { by: 'clock', actorCase: null },
    ])
    expect(await told(agency)).toMatchObject([{ by: 'case', actorCase: { id: other } }, {}])
  })
})

describe('lists with cases about nobody', () => {
  const SET = 'a set for lists'
  let ids: string[]

  beforeAll(async () => {
    const people = await api.db.person.findMany({ take: 5, orderBy: { id: 'desc' }, select: { id: true } })
    const about = [
      ...people.map(({ id }) => ({ subject: id })),
      ...Array.from({ length: 4 }, () => ({ subject: null, aboutBody: BODY })),
    ]
    ids = await Promise.all(about.map((each) => arrangeCase(api.db, { body: BODY, rehearsal: SET, ...each })))
  })

  const listed = async (agent: Agent, query: string): Promise<{ data: CaseView[]; end: string; more: boolean }> => {
    const { body } = await agent.get(`/api/cases?rehearsal=${encodeURIComponent(SET)}&${query}`).expect(200)

    return { data: body.data, end: body.pageInfo.end, more: body.pageInfo.hasNextPage }
  }

  test.each(['agencyOfficer', 'hrMinistry'])('by name, whole and page behind page, either way: %s', async (user) => {
    const agent = await api.as(user)
    for (const locale of ['kk', 'ru', 'en']) {
      const sort = `subject.${locale}`
      const { data: whole } = await listed(agent, `sort=${sort}&perPage=100`)
      expect(whole.map(({ id }) => id).sort()).toEqual([...ids].sort())
      expect(whole.map(({ subject }) => subject === null)).toEqual([...Array(5).fill(false), ...Array(4).fill(true)])
      for (const [order, expected] of [
        [sort, whole],
        [`-${sort}`, whole.toReversed()],
      ] as const) {
        for (const perPage of [2, 3, 5]) {
          const [behind, counted]: [string[], string[]] = [[], []]
          let after = ''
          for (let n = 1, more = true; more; n += 1) {
            const asked = `sort=${order}&perPage=${String(perPage)}`
            const next = await listed(agent, `${asked}${after && `&after=${encodeURIComponent(after)}`}`)
            behind.push(...next.data.map(({ id }) => id))
            counted.push(...(await listed(agent, `${asked}&page=${String(n)}`)).data.map(({ id }) => id))
            after = next.end
            more = next.more
          }
          expect(behind).toEqual(expected.map(({ id }) => id))
          expect(counted).toEqual(behind)
        }
      }
    }
  })

  test.each([
    ['its position, and what that is called now', 'positions'],
    ['the body that it is about, and what that is called now', 'state_bodies'],
  ])('finds one by %s', async (_what, table) => {
    const name = `Unheard${randomUUID().slice(0, 8)}`
    const position = (await aPosition(BODY)).id
    const isPosition = table === 'positions'
    const key = isPosition ? position : 'ministryCulture'
    const id = await arrangeCase(api.db, {
      body: BODY,
      subject: null,
      ...(isPosition ? { position } : { aboutBody: key }),
    })
    const hers = await arrangeCase(api.db, { body: BODY, subject: servantId, position })
    await api.database.sql(`update ${table} set "nameEn" = $1 where ${isPosition ? 'id::text' : 'key'} = $2`, [
      name,
      key,
    ])
    const found: CaseView[] = (await hr.get(`/api/cases?q=${name}`).expect(200)).body.data
    const shown = found.map((row) => row.id)
    expect(shown).toContain(id)
    // of a case about a person it is the person who is searched for
    expect(shown).not.toContain(hers)
  })
})
