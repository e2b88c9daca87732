/** A set of rehearsals moves day by day: whatever happens in one of its cases happens while all of them have that day. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { advanceSet } from '../../api/commands/rehearsal-sets'
import { startDispatcher } from '../../api/operations/dispatcher'
import type { Rounds } from '../../api/operations/rounds'
import { pendingCommands, storeRecompute, type StoredCommand } from '../../prisma/store/commands'
import type { Actor, BodyKey, CaseId, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { processesOf } from '../../workflows/kernel/process'
import { agenda } from './agenda/process'
import { personOf, type Agent, type Api } from './harness'
import { asViewer } from '../support/viewers'
import { startWorkedApi } from './worked'

const BODY = 'ministryFinance' as BodyKey
const origin = '2026-03-02'

let api: Api
let hr: Agent
let dispatcher: Rounds | null = null
/** what is done when a case has come to a day */
let comes: (id: CaseId, to: string) => Promise<void> = () => Promise.resolve()

const dayOf = ({ kind, act, payload }: StoredCommand): string | null =>
  kind === 'act' && act === 'advance' ? (payload as { form: { to: string } }).form.to : null

beforeAll(async () => {
  api = await startWorkedApi({
    workflows: path.join(__dirname, 'agenda', 'workflow.ts'),
    more: { processes: processesOf(agenda) },
    through: (engine) => ({
      ...engine,
      send: async (command, waitMs) => {
        const sent = await engine.send(command, waitMs)
        const to = dayOf(command)
        if (to) await comes(command.caseId, to)

        return sent
      },
    }),
  })
  hr = await api.as('hrMinistry')
})
afterEach(async () => {
  comes = () => Promise.resolve()
  await dispatcher?.stop()
  dispatcher = null
})
afterAll(() => api.close())

async function start(set: string, first: string, second?: string, over = false): Promise<CaseId> {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const asked = { form: { person, position: post.positionId, first, ...(second && { second }), ...(over && { over }) } }
  const known = await api.db.rehearsalSet.findFirst({ where: { name: set } })
  const started = await hr
    .post('/api/processes/agenda/cases')
    .send({ ...asked, rehearsal: { set, ...(known ? {} : { origin }) } })
    .expect(201)

  return started.body.caseId as CaseId
}
const newSet = () => `set ${randomUUID().slice(0, 8)}`
const advance = (set: string, to: string) =>
  hr.post(`/api/rehearsals/${BODY}/${encodeURIComponent(set)}/advance`).send({ to })
/** Days on which something of that kind happened in a case, by its own clock. */
const days = async (id: CaseId, kind: string) =>
  (await api.db.event.findMany({ where: { caseId: id, kind }, orderBy: { seq: 'asc' } })).map(({ on }) =>
    on.toISOString().slice(0, 10),
  )
const all = (status: number, ...ids: CaseId[]) => ids.map((caseId) => ({ caseId, status, code: null }))

test('all cases stop on each day on which something happens in one of them', async () => {
  const set = newSet()
  const [one, other] = [await start(set, '2026-03-05', '2026-03-12'), await start(set, '2026-03-10')]
  const moved = await advance(set, '2026-03-20').expect(200)
  expect(moved.body).toEqual(all(200, one, other))
  expect(await days(one, 'came')).toEqual(['2026-03-05', '2026-03-12'])
  expect(await days(other, 'came')).toEqual(['2026-03-10'])
  for (const id of [one, other])
    expect(await days(id, 'clockAdvanced')).toEqual(['2026-03-05', '2026-03-10', '2026-03-12', '2026-03-20'])
})

test('what is told on a day arrives on that day', async () => {
  const set = newSet()
  const [one, other] = [await start(set, '2026-03-05'), await start(set, '2026-04-01')]
  comes = async (id, to) => {
    if (id !== one || to !== '2026-03-05') return
    await storeRecompute(api.db, BODY)
    dispatcher ??= startDispatcher(api.service)
  }
  await advance(set, '2026-03-20').expect(200)
  expect(await days(other, 'calendarChanged')).toEqual(['2026-03-05'])
})

test('a case that is begun on the way is taken along', async () => {
  const set = newSet()
  const one = await start(set, '2026-03-05')
  let late: CaseId | null = null
  comes = async (id, to) => {
    if (id === one && to === '2026-03-05') late ??= await start(set, '2026-03-09')
  }
  const moved = await advance(set, '2026-03-20').expect(200)
  if (late === null) throw new Error('no case was begun on the way')
  expect(moved.body).toEqual(all(200, one, late))
  expect(await days(late, 'came')).toEqual(['2026-03-09'])
  expect(await days(one, 'clockAdvanced')).toEqual(['2026-03-05', '2026-03-09', '2026-03-20'])
})

test('a set that does not come to the day within a request says so, and goes on when it is asked again', async () => {
  const set = newSet()
  const [one, other] = [await start(set, '2026-03-05'), await start(set, '2026-03-06')]
  const person = (await personOf(api, 'hrMinistry')) as PersonId
  const actor: Actor = { person, grants: [{ role: 'hr', body: BODY }] }
  const name = { body: BODY, name: set }
  comes = async (id, to) => {
    // without anybody who sends it
    if (id === one && to === '2026-03-05') await storeRecompute(api.db, BODY)
  }
  const hurried = { ...api.service, answerWithinMs: 5000 }
  expect(await advanceSet(hurried, asViewer(actor), name, '2026-03-20' as IsoDate)).toEqual(all(202, one, other))
  expect(await days(other, 'clockAdvanced')).toEqual(['2026-03-05'])
  expect(await pendingCommands(api.db, 10, 0, [other])).toHaveLength(1)
  dispatcher = startDispatcher(api.service)
  expect(await advanceSet(api.service, asViewer(actor), name, '2026-03-20' as IsoDate)).toEqual(all(200, one, other))
  expect(await days(other, 'calendarChanged')).toEqual(['2026-03-05'])
})

test('a case that is begun after the last one ended joins the set on the day on which that ended', async () => {
  const set = newSet()
  const one = await start(set, '2026-03-05', undefined, true)
  await advance(set, '2026-03-20').expect(200)
  const { status } = await api.db.case.findUniqueOrThrow({ where: { id: one } })
  expect(status).toBe('closed')
  const { body } = await hr.get(`/api/cases/${await start(set, '2026-03-12')}`).expect(200)
  expect(body).toMatchObject({ today: '2026-03-05' })
})

test('a day behind a case is refused by it', async () => {
  const set = newSet()
  const one = await start(set, '2026-03-05')
  expect((await advance(set, '2026-03-20').expect(200)).body).toEqual(all(200, one))
  expect((await advance(set, '2026-03-20').expect(200)).body).toEqual(all(200, one))
  expect((await advance(set, '2026-03-10').expect(200)).body).toMatchObject([{ caseId: one, status: 422 }])
})
