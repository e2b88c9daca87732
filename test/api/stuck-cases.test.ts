/** The round that looks for open cases that nothing will move, and what operators are told of them. */
import { randomUUID } from 'node:crypto'
import { noteHeldCases } from '../../api/operations/held-cases'
import { findStuck, noteStuckCases } from '../../api/operations/stuck-cases'
import type { CaseId, Instant } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeTask, AWAY, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'

let api: Api
let developer: Agent
let subject: string
/** when the workflows of cases say that they wake, where they can be asked */
const wakes = new Map<string, Instant | null>()

beforeAll(async () => {
  api = await startApi({ ...AWAY, wakes: (id) => Promise.resolve(wakes.get(id)) })
  developer = await api.as('developer')
  subject = await personOf(api, 'newcomer')
})
afterAll(() => api.close())
beforeEach(() => api.database.sql('truncate cases, tasks, events, commands, incidents cascade'))

const arrange = async (rehearsal: string | null = null): Promise<CaseId> => {
  const id = (await arrangeCase(api.db, { body: BODY, subject, rehearsal })) as CaseId
  wakes.set(id, null)

  return id
}
const waits = (id: CaseId, other: CaseId) =>
  api.database.sql(`update cases set "waitsFor" = array[$2::uuid] where id = $1`, [id, other])
const incidents = async () =>
  (await developer.get('/api/incidents').expect(200)).body as { caseId: string; kind: string; params: unknown }[]
const number = async (id: string) => (await api.db.case.findUniqueOrThrow({ where: { id } })).number

test('a case that nothing moves is an incident, once however many look, and no longer when it moves again', async () => {
  const id = await arrange()
  const task = await arrangeTask(api.db, id, { role: 'agency', body: BODY })
  await Promise.all([noteStuckCases(api.service), noteStuckCases(api.service)])
  expect(await noteStuckCases(api.service)).toEqual({ noted: 0, resolved: 0 })
  const params = {
    tasks: [{ task, kind: 'appointMentor', why: 'nobodyHolds', role: 'agency', body: BODY, person: null }],
    waitsFor: [],
    circle: [],
  }
  expect(await incidents()).toMatchObject([{ caseId: id, kind: 'stuck', params, times: 1 }])
  expect(await api.service.metrics.text()).toMatch('mansap_incidents{kind="stuck"} 1')
  await api.database.sql(`update tasks set role = 'hr' where id = $1`, [task])
  expect(await noteStuckCases(api.service)).toEqual({ noted: 0, resolved: 1 })
  expect(await incidents()).toEqual([])
})

test('cases that wait for one another say which they are', async () => {
  const [a, b, c] = [await arrange(), await arrange(), await arrange()]
  await waits(a, b)
  await waits(b, a)
  await waits(c, a)
  await noteStuckCases(api.service)
  const told = new Map((await incidents()).map(({ caseId, params }) => [caseId, params]))
  const [numberA, numberB] = [await number(a), await number(b)]
  expect(told.get(a)).toMatchObject({
    circle: [numberA, numberB],
    waitsFor: [{ case: b, number: numberB, closed: false }],
  })
  expect(told.get(c)).toMatchObject({ circle: [], waitsFor: [{ case: a, number: numberA }] })
})

test('a rehearsal is found and wakes nobody', async () => {
  const id = await arrange('exercise')
  await noteStuckCases(api.service)
  expect(await incidents()).toEqual([])
  expect(await findStuck(api.service, { rehearsals: true, limit: 10 })).toMatchObject([{ case: id }])
})

test('a case of the release before is asked when it wakes, once; one that cannot be asked is not said to be stuck', async () => {
  const [never, soon, silent] = [await arrange(), await arrange(), await arrange()]
  wakes.set(soon, '2099-01-01T00:00:00.000Z' as Instant)
  wakes.delete(silent)
  await noteStuckCases(api.service)
  expect(await incidents()).toMatchObject([{ caseId: never }])
  wakes.clear()
  await noteStuckCases(api.service)
  expect(await incidents()).toMatchObject([{ caseId: never }])
})

describe('a decision that waits for an appeal which was received and has not begun', () => {
  const received = (about: CaseId, process: string, minutesAgo: number) =>
    api.database.sql(
      `insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
       values (gen_random_uuid(), gen_random_uuid(), 'start', 'servant', gen_random_uuid(), '', '{}', $1, now() - make_interval(mins => $2), 'stored')`,
      [JSON.stringify({ input: { process, aboutCase: about } }), minutesAgo],
    )
  /** A case that took a decision; or, of one that withdrew it, has none to carry out. */
  async function decided(withdrawn: object | null = null): Promise<CaseId> {
    const id = await arrange()
    const decision = { document: randomUUID(), kind: 'dismissalAct', madeOn: '2026-03-02', effectiveFrom: '2026-03-09' }
    await api.db.case.update({
      where: { id },
      data: {
        wakesKnown: true,
        decisions: [{ ...decision, deliveredOn: null, appealBy: null, ...(withdrawn && { withdrawn }) }],
      },
    })

    return id
  }
  const held = async (id: string) => (await developer.get(`/api/cases/${id}`).expect(200)).body.heldByAppeal as unknown

  test('its page says so at once, and an incident when it lasts; nothing else that is started about a case holds it', async () => {
    const [waiting, soon, other, withdrawn] = [await decided(), await decided(), await decided(), await decided({})]
    await received(waiting, 'appeal', 11)
    await received(soon, 'appeal', 9)
    await received(other, 'probation', 11)
    await received(withdrawn, 'appeal', 11)
    const since = expect.any(String) as unknown
    expect([await held(waiting), await held(soon), await held(other), await held(withdrawn)]).toEqual([
      { since },
      { since },
      null,
      null,
    ])
    expect(await noteHeldCases(api.service)).toEqual({ noted: 1, resolved: 0 })
    expect(await incidents()).toMatchObject([{ caseId: waiting, kind: 'appealNotBegun', params: { since } }])
    await noteStuckCases(api.service)
    const kinds = (await incidents()).filter(({ caseId }) => caseId === waiting).map(({ kind }) => kind)
    expect(kinds).toEqual(['appealNotBegun'])

    await api.database.sql(`update commands set state = 'refused'`)
    expect(await held(waiting)).toBeNull()
    expect(await noteHeldCases(api.service)).toEqual({ noted: 0, resolved: 1 })
  })
})

describe('what is told of a case that nothing moves', () => {
  const stuck = async (agent: Agent) => (await agent.get('/api/stuck-cases').expect(200)).body as { stuck: unknown }[]
  const onPage = async (agent: Agent, id: string) => (await agent.get(`/api/cases/${id}`).expect(200)).body.stuck

  test('operators see them all, with why; others none', async () => {
    const id = await arrange()
    const person = await personOf(api, 'mentor')
    await arrangeTask(api.db, id, { role: 'agency', body: BODY })
    await arrangeTask(api.db, id, { person, body: 'ministryHealth', kind: 'agreeAdaptationPlan', state: 'reserved' })
    await noteStuckCases(api.service)
    for (const user of ['developer', 'administrator'])
      expect(await stuck(await api.as(user))).toMatchObject([
        {
          caseId: id,
          caseNumber: await number(id),
          process: 'probation',
          stuck: {
            tasks: [
              { kind: 'appointMentor', why: 'nobodyHolds', role: 'agency', body: { key: BODY }, person: null },
              {
                kind: 'agreeAdaptationPlan',
                why: 'leftOffice',
                role: null,
                body: { key: 'ministryHealth' },
                person: { id: person },
              },
            ],
          },
        },
      ])
    await (await api.as('hrMinistry')).get('/api/stuck-cases').expect(403)
  })

  test('whoever sees the case is told on its page, without the numbers of other cases', async () => {
    const [a, b, c] = [await arrange(), await arrange(), await arrange()]
    await waits(a, b)
    await waits(b, a)
    const officer = await api.as('agencyOfficer')
    expect(await onPage(officer, a)).toBeNull()
    await arrangeTask(api.db, c, { role: 'hr', body: BODY })
    await noteStuckCases(api.service)
    expect(await onPage(officer, c)).toBeNull()
    expect(await onPage(officer, a)).toMatchObject({ waitsFor: [{ number: null, closed: false }], circle: [] })
    const [numberA, numberB] = [await number(a), await number(b)]
    expect(await onPage(developer, a)).toMatchObject({ waitsFor: [{ number: numberB }], circle: [numberA, numberB] })
  })
})
