/** The start of a day over HTTP: what needs whom, by the legal terms; and how the work goes for which somebody answers. */
import type { DayPart, DayView } from '../../api/shapes/views'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'

let api: Api
let hr: Agent
let me: string
let newcomer: string
let caseId: string
/** real milliseconds from the beginning of the day at the case to now, and what day of the week it is there: 1 is Monday */
let intoDay: number
let weekday: number

const DAY = 86_400_000
const OFFSET = 5 * 3_600_000

beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
  me = await personOf(api, 'hrMinistry')
  newcomer = await personOf(api, 'newcomer')
  const there = Date.now() + OFFSET
  intoDay = there % DAY
  weekday = ((Math.floor(there / DAY) + 3) % 7) + 1
})
afterAll(() => api.close())

beforeEach(async () => {
  await api.database.sql('delete from tasks')
  caseId = await arrangeCase(api.db, { body: BODY, subject: newcomer })
})

/** A task that falls due so many days from today, by the day of its case. */
async function due(days: number | null, task: Parameters<typeof arrangeTask>[2], of = caseId): Promise<string> {
  const id = await arrangeTask(api.db, of, task)
  if (days === null) return id
  const ends = new Date(Date.now() - intoDay + (days + 1) * DAY)
  const on = new Date(Date.now() + OFFSET + days * DAY).toISOString().slice(0, 10)
  await api.database.sql(
    `update tasks set "dueAt" = $2, "dueOn" = $3::date, due = jsonb_build_object('on', $3::date::text, 'steps', '[]'::jsonb) where id = $1`,
    [id, ends, on],
  )

  return id
}
const mine = { role: 'hr', body: BODY, state: 'reserved' } as const
const free = { role: 'hr', body: BODY } as const

const dayFor = async (agent: Agent): Promise<DayView> => (await agent.get('/api/day').expect(200)).body as DayView
const partsOf = async (agent: Agent): Promise<Partial<Record<DayPart, string[]>>> =>
  Object.fromEntries((await dayFor(agent)).parts.map(({ part, tasks }) => [part, tasks.map(({ id }) => id)]))

test('each task is in one part, by its term and then by what became of it; free and in hand alike', async () => {
  const later = 8 - weekday
  const late = await due(-1, { ...free })
  const today = [await due(0, { ...mine, assignee: me }), await due(0, { ...free })]
  const week = weekday < 7 ? [await due(1, { ...free })] : []
  const next = await due(later, { ...mine, assignee: me })
  const none = await due(null, { ...mine, assignee: me })
  const open = await due(later, { ...free })
  const stands = await due(-3, { ...mine, assignee: me, state: 'suspended' })
  const back = await due(later + 1, { ...mine, assignee: me })
  await api.database.sql('update tasks set returned = true where id = any($1)', [[back, late]])
  const parts = await partsOf(hr)
  expect({ ...parts, today: parts.today?.sort(), later: parts.later?.sort() }).toEqual({
    overdue: [late],
    today: today.sort(),
    ...(week.length > 0 && { week }),
    returned: [back],
    free: [open],
    later: [next, none, stands].sort(),
  })
})

test('the days of this week are those up to its Sunday', async () => {
  for (let days = 1; days <= 8; days += 1) await due(days, { ...free })
  const { parts } = await dayFor(hr)
  const totals = Object.fromEntries(parts.map(({ part, total }) => [part, total]))
  expect(totals).toEqual({ ...(weekday < 7 && { week: 7 - weekday }), free: 8 - (7 - weekday) })
})

test('the order is that of the legal terms, and what is counted is more than what is told', async () => {
  const ids: string[] = []
  for (let days = 14; days > 0; days -= 1) ids.push(await due(-days, { ...free }))
  const { parts } = await dayFor(hr)
  expect(parts.map(({ part, total }) => [part, total])).toEqual([['overdue', 14]])
  expect(parts[0]?.tasks.map(({ id }) => id)).toEqual(ids.slice(0, 10))
  expect(parts[0]?.tasks.every((task) => task.due?.overdue)).toBe(true)
})

test('a rehearsal does not count, and neither does what is kept from somebody', async () => {
  await due(0, { ...free, rehearsal: 'try' })
  await due(0, { ...free, excluded: [me] })
  await due(0, { ...mine, assignee: newcomer })
  expect((await dayFor(hr)).parts).toEqual([])
})

test('who else is on it is told with the task, as far as the person sees the case', async () => {
  const own = await due(0, { kind: 'draftAdaptationPlan', person: me, state: 'reserved', assignee: me })
  const other = await due(1, {
    kind: 'acknowledge',
    person: newcomer,
    state: 'reserved',
    assignee: newcomer,
  })
  const elsewhere = await arrangeCase(api.db, { body: BODY, subject: newcomer })
  await due(0, { kind: 'acknowledge', person: newcomer, state: 'reserved', assignee: newcomer }, elsewhere)
  const told = (await dayFor(hr)).parts.flatMap(({ tasks }) => tasks)
  expect(told.map(({ id, beside }) => [id, beside.map((each) => [each.id, each.kind, each.assignee?.id])])).toEqual([
    [own, [[other, 'acknowledge', newcomer]]],
  ])
})

describe('how the work goes', () => {
  test('for a head by the people who hold it: late ones first, and what nobody has', async () => {
    const head = await api.as('headMinistry')
    await due(-1, { ...mine, assignee: me })
    const soon = await due(0, { ...mine, assignee: me })
    await due(20, { ...mine, assignee: me })
    await due(0, { ...free })
    await due(30, { kind: 'acknowledge', person: newcomer, state: 'reserved', assignee: newcomer })
    const { loads, soon: next } = await dayFor(head)
    expect(loads).toEqual([
      {
        by: 'person',
        whole: true,
        rows: [
          expect.objectContaining({
            holder: 'person',
            person: expect.objectContaining({ id: me }),
            open: 3,
            overdue: 1,
            soon: 1,
          }),
          expect.objectContaining({ holder: 'nobody', person: null, open: 1, overdue: 0, soon: 1 }),
          // whom a case is about is not named by a count
          expect.objectContaining({ holder: 'subject', person: null, open: 1, overdue: 0, soon: 0 }),
        ],
      },
    ])
    expect(next.map(({ id }) => id)).toEqual(expect.arrayContaining([soon]))
    expect(next).toHaveLength(2)
  })

  test('for the Agency by bodies, of which an officer of a region has those that it oversees', async () => {
    const akimat = await arrangeCase(api.db, {
      body: 'akimat.karaganda',
      subject: newcomer,
      agency: 'civilServiceAgency.karaganda',
    })
    await due(0, { ...free })
    await due(-1, { role: 'hr', body: 'akimat.karaganda' }, akimat)
    const told = async (user: string) =>
      (await dayFor(await api.as(user))).loads.map(({ by, rows }) => [
        by,
        ...rows.map(({ body, open, overdue, soon }) => [body?.key, open, overdue, soon]),
      ])
    expect(await told('agencyOfficer')).toEqual([['body', ['akimat.karaganda', 1, 1, 0], [BODY, 1, 0, 1]]])
    expect(await told('agencyOfficerRegion')).toEqual([['body', ['akimat.karaganda', 1, 1, 0]]])
  })

  test('not of rehearsals, nor of cases that are kept from him', async () => {
    const head = await api.as('headMinistry')
    const rehearsed = await arrangeCase(api.db, { body: BODY, subject: newcomer, rehearsal: 'try' })
    await due(0, { ...free, rehearsal: 'try' }, rehearsed)
    const restricted = await arrangeCase(api.db, { body: BODY, subject: newcomer, restrictedTo: [me] })
    await due(0, { ...mine, assignee: me }, restricted)
    expect(await dayFor(head)).toEqual({ parts: [], loads: [{ by: 'person', rows: [], whole: true }], soon: [] })
    // to HR and to whoever holds no office the work of others is not told
    expect(await dayFor(await api.as('newcomer'))).toEqual({ parts: [], loads: [], soon: [] })
  })
})

test('however many tasks wait, the day is asked in as many statements', async () => {
  const head = await api.as('headMinistry')
  await due(0, { ...free })
  await due(0, { ...free, role: 'head' })
  const asked = async () => {
    let statements = 0
    const { rows } = api.db.sql
    const counting = jest.spyOn(api.db.sql, 'rows').mockImplementation((...asking) => {
      statements += 1

      return rows(...asking)
    })
    await dayFor(head)
    counting.mockRestore()

    return statements
  }
  const few = await asked()
  for (let n = 0; n < 40; n += 1) {
    const other = await arrangeCase(api.db, { body: BODY, subject: newcomer })
    await due(n % 9, { ...free, role: n % 2 === 0 ? 'head' : 'hr' }, other)
  }
  expect(await asked()).toBe(few)
})
