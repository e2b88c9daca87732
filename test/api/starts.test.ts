/** Cases that nobody starts in person: by the clock on a day, and by a register row in the transaction that changes it. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { createActivities } from '../../activities'
import { startDispatcher } from '../../api/operations/dispatcher'
import { forgetKeys } from '../../prisma/store/commands'
import { verifyChain } from '../../prisma/store/events'
import { postEffects } from '../../prisma/store/post-effects'
import { storeOf } from '../../prisma/store/process-store'
import type { BodyKey, CaseId, EffectId, IsoDate, ProcessTypes } from '../../workflows/kernel/contract'
import type { PostEffects } from '../../workflows/service/posts'
import { processesOf, type Process } from '../../workflows/kernel/process'
import { DAILY, keepDailySchedule } from '../../worker/daily'
import { eventually } from '../support/eventually'
import { testServers } from '../support/servers'
import { personOf, type Agent } from './harness'
import { inquiry } from './inquiry/process'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

const BODY = 'ministryFinance'
const THE_DAY = '2026-03-02' as IsoDate

let api: Awaited<ReturnType<typeof startWorkedApi>>
let hr: Agent
let administrator: Agent
/** what the processes start; a test may put another in its place */
let starts: NonNullable<Process['starts']> = {}

beforeAll(async () => {
  starts = inquiry.starts ?? {}
  const process: Process = {
    ...inquiry,
    get starts() {
      return starts
    },
  }
  api = await startWorkedApi({
    workflows: path.join(__dirname, 'inquiry', 'workflows.ts'),
    more: { processes: processesOf(process) },
  })
  hr = await api.as('hrMinistry')
  administrator = await api.as('administrator')
})
afterEach(() => {
  starts = inquiry.starts ?? {}
})
afterAll(() => api.close())

const activities = () => createActivities({ ...api.service, log: api.service.log })
const commands = () => api.db.command.findMany({ where: { kind: 'start' }, orderBy: { receivedAt: 'asc' } })

/** The case of a stored start, once the dispatcher has sent it. */
async function begun(caseId: string) {
  const dispatcher = startDispatcher(api.service)
  try {
    await eventually('the case to begin', async () => (await api.db.case.count({ where: { id: caseId } })) > 0)
  } finally {
    await dispatcher.stop()
  }

  return api.db.case.findUniqueOrThrow({ where: { id: caseId } })
}

describe('by the clock', () => {
  test('on its day, once however often the day is asked for, and the file says that the clock did', async () => {
    await activities().startByClock({ day: '2026-03-03' as IsoDate })
    expect(await commands()).toEqual([])
    await activities().startByClock({ day: THE_DAY })
    await activities().startByClock({ day: THE_DAY })
    const [command, ...others] = await commands()
    expect(others).toEqual([])
    expect(command).toMatchObject({ principal: 'clock', actor: { by: 'clock' }, sentAt: null })
    expect(command?.key).toMatch(/^clock\/inquiry\/2026-03-02\/[0-9a-f]{16}$/)
    const file = await begun(command?.caseId ?? '')
    expect(file).toMatchObject({
      subjectId: null,
      startedById: null,
      aboutBodyKey: BODY,
      bodyKey: BODY,
      rehearsal: null,
    })
    const { body } = await hr.get(`/api/cases/${file.id}/events`).expect(200)
    expect(body.data[0]).toMatchObject({ kind: 'caseOpened', actor: null, by: 'clock', capacity: null })
    expect(await verifyChain(api.db, file.id as CaseId)).toEqual({ ok: true })
    // what it was started with is content like any other
    expect(await api.db.content.findUniqueOrThrow({ where: { id: command?.contentId ?? '' } })).toMatchObject({
      caseId: file.id,
      body: { why: 'It is that time of the year' },
    })
  })

  test('once, even when the keys of what people sent are forgotten meanwhile', async () => {
    const day = '2027-03-02' as IsoDate
    const asked = async () => {
      starts = { daily: async () => [{ body: 'ministryCulture' }] }
      await activities().startByClock({ day })

      return (await commands()).filter(({ key }) => key.includes(day))
    }
    const [command] = await asked()
    await begun(command?.caseId ?? '')
    await forgetKeys(api.db, Date.now() + 40 * 24 * 60 * 60 * 1000)
    expect((await asked()).map(({ id }) => id)).toEqual([command?.id])
  })

  test('a day that is asked for again when its list has changed starts what is new, and nothing twice', async () => {
    const day = '2026-04-01' as IsoDate
    const [first, second, third] = (await api.db.position.findMany({ take: 3, orderBy: { id: 'asc' } })).map(
      ({ id }) => ({ position: id }),
    )
    const asked = async (...forms: object[]) => {
      starts = { daily: async () => forms.map((form) => ({ ...form })) }
      await activities().startByClock({ day })

      return (await commands()).filter(({ key }) => key.includes(day)).length
    }
    expect(await asked(first ?? {}, second ?? {})).toBe(2)
    expect(await asked(second ?? {}, third ?? {})).toBe(3)
  })

  test('a schedule of Temporal asks for the day, and is made once by however many workers', async () => {
    const { address } = testServers().temporal
    const connection = await Connection.connect({ address })
    const client = new Client({ connection })
    const { taskQueue } = api
    try {
      await Promise.all([keepDailySchedule(client, taskQueue), keepDailySchedule(client, taskQueue)])
      await keepDailySchedule(client, taskQueue)
      const schedule = client.schedule.getHandle(DAILY)
      const { spec, policies } = await schedule.describe()
      expect(spec).toMatchObject({ timezone: 'Asia/Almaty' })
      expect(policies).toMatchObject({ overlap: 'BUFFER_ALL', catchupWindow: 30 * 24 * 60 * 60 * 1000 })
      const days: IsoDate[] = []
      starts = {
        daily: async (day) => {
          days.push(day)

          return []
        },
      }
      // as if nothing had run for three days
      await schedule.backfill({
        start: new Date('2026-02-10T00:00:00Z'),
        end: new Date('2026-02-13T00:00:00Z'),
        overlap: 'BUFFER_ALL',
      })
      await eventually('each missed day to be asked for, as the day it was', async () => days.length === 3)
      expect(days).toEqual(['2026-02-11', '2026-02-12', '2026-02-13'])
    } finally {
      await client.schedule.getHandle(DAILY).delete()
      await connection.close()
    }
  })
})

describe('held against the rules of its form', () => {
  let n = 0
  /** What came of a start by the clock with this form, once it has an outcome. */
  async function asked(form: object) {
    n += 1
    const day = `2026-05-${String(n).padStart(2, '0')}` as IsoDate
    starts = { daily: async () => [{ ...form }] }
    await activities().startByClock({ day })
    const [command] = (await commands()).filter(({ key }) => key.includes(day))
    const dispatcher = startDispatcher(api.service)
    try {
      await eventually('an outcome', async () => {
        const row = await api.db.command.findUnique({ where: { id: command?.id ?? '' } })

        return row !== null && row.state !== 'stored'
      })
    } finally {
      await dispatcher.stop()
    }
    const { state, outcome, caseId } = await api.db.command.findUniqueOrThrow({ where: { id: command?.id ?? '' } })

    return { state, outcome, file: await api.db.case.findUnique({ where: { id: caseId } }) }
  }
  const aHolder = async () => {
    const { personId, positionId } = await api.db.post.findFirstOrThrow({
      where: { to: null, person: { cases: { none: {} } }, position: { cases: { none: {} } } },
      orderBy: { id: 'desc' },
    })

    return { person: personId, position: positionId }
  }

  test('a case begins whose form they accept by what the register says of those it names', async () => {
    const { person, position } = await aHolder()
    const { outcome, file } = await asked({ person, position })
    expect(outcome).toEqual({ result: 'started' })
    expect(file).toMatchObject({ subjectId: person, positionId: position, status: 'open' })
  })

  test('a case does not begin whose form they refuse, and the command says which field', async () => {
    const { position } = await aHolder()
    const person = await personOf(api, 'mentor')
    const { outcome, file } = await asked({ person, position })
    const errors = { position: 'notTheirPost' }
    expect(outcome).toEqual({ result: 'refused', reason: { code: 'form.invalid' }, errors })
    expect(file).toMatchObject({ status: 'closed', outcome: 'refused', basis: { code: 'form.invalid' } })
    expect(
      await api.db.event.findFirstOrThrow({ where: { caseId: file?.id ?? '', kind: 'caseRefused' } }),
    ).toMatchObject({ params: { errors } })
  })

  test.each(['person', 'position'])(
    'a %s that the register does not have is refused before there is a case',
    async (field) => {
      const { state, outcome, file } = await asked({ body: BODY, [field]: randomUUID() })
      expect(state).toBe('refused')
      expect(outcome).toMatchObject({ code: 'form.invalid', errors: { [field]: 'unknownId' } })
      expect(file).toBeNull()
    },
  )
})

describe('by a register row', () => {
  async function aPost() {
    const { id, version, from, positionId } = await api.db.post.findFirstOrThrow({
      where: { to: null, position: { bodyKey: BODY, cases: { none: {} } } },
      orderBy: { id: 'asc' },
    })

    return { id, version, position: positionId, to: from.toISOString().slice(0, 10) }
  }
  const ended = (post: Awaited<ReturnType<typeof aPost>>) =>
    administrator
      .patch(`/api/register/posts/${post.id}`)
      .set('If-Match', `"${String(post.version)}"`)
      .send({ to: post.to })
  const startsBy = async (post: { id: string }) => (await commands()).filter(({ key }) => key.includes(post.id))

  test('that changed, by the system, once', async () => {
    const post = await aPost()
    const { body: row } = await ended(post).expect(200)
    expect(row).toMatchObject({ to: post.to, version: post.version + 1 })
    const [command, ...others] = await startsBy(post)
    expect(others).toEqual([])
    const [change] = await api.db.registerChange.findMany({
      where: { register: 'posts', rowId: post.id, by: 'person' },
    })
    expect(command).toMatchObject({
      key: `register/posts/${post.id}/${String(change?.seq)}/inquiry/0`,
      actor: { by: 'system' },
    })
    const file = await begun(command?.caseId ?? '')
    expect(file).toMatchObject({ subjectId: null, positionId: post.position, bodyKey: BODY })
    expect(await api.db.event.findFirstOrThrow({ where: { caseId: file.id, seq: 1 } })).toMatchObject({
      actorKind: 'system',
    })
  })

  test.each([
    [
      'roles',
      async () => {
        const { id: person } = await api.db.person.findFirstOrThrow({ orderBy: { id: 'asc' } })
        const role = { person, role: 'hr', body: BODY, from: '2026-11-01', to: null, basis: 'order' }

        return administrator.post('/api/register/roles').send(role).expect(201)
      },
    ],
    [
      'body-days',
      async () => {
        const day = { body: BODY, date: '2027-05-02', working: true, reason: 'duty' }

        return administrator.post('/api/register/body-days').send(day).expect(201)
      },
    ],
  ])('of any register that a process names: %s', async (_register, entered) => {
    const { body: row } = await entered()
    const [command, ...others] = await startsBy(row)
    expect(others).toEqual([])
    expect(await begun(command?.caseId ?? '')).toMatchObject({ aboutBodyKey: BODY })
  })

  test('that a case changes, and not in a rehearsal', async () => {
    const owner = storeOf<{ effects: PostEffects } & ProcessTypes>({ effects: postEffects })
    const { takeEffect } = createActivities({ ...api.service, stores: { owner }, log: api.service.log })
    const post = await aPost()
    const ending = (rehearsal: string | null) =>
      takeEffect({
        effect: randomUUID() as EffectId,
        name: 'endPost',
        case: randomUUID() as CaseId,
        request: { post: post.id, on: post.to, ground: 'ownWish' },
        on: THE_DAY,
        rehearsal,
        setBody: BODY as BodyKey,
      })
    expect(await ending('a set')).toMatchObject({ taken: true })
    expect(await startsBy(post)).toEqual([])
    expect(await ending(null)).toMatchObject({ taken: true })
    expect(await startsBy(post)).toMatchObject([{ principal: 'system', actor: { by: 'system' } }])
  })

  test('of a register that no process names starts nothing', async () => {
    const unit = await api.db.unit.findFirstOrThrow()
    const name = { kk: 'a', ru: 'a', en: 'a' }
    await administrator.patch(`/api/register/units/${unit.id}`).set('If-Match', '"1"').send({ name }).expect(200)
    expect(await startsBy(unit)).toEqual([])
  })

  test('whose change is stale starts nothing', async () => {
    const post = await aPost()
    await ended({ ...post, version: post.version + 5 }).expect(412)
    expect(await startsBy(post)).toEqual([])
  })

  test.each([
    [
      'a process fails on',
      () => {
        throw new Error(`nobody thought of ${randomUUID()}`)
      },
    ],
    ['a process answers with a form that is none', () => [{ noSuchField: 1 }]],
  ])('%s is not changed either', async (_what, changed) => {
    starts = { changed: { posts: changed } }
    const post = await aPost()
    const { body } = await ended(post).expect(422)
    expect(body.reason).toEqual({ code: 'ruleFailed' })
    expect(await startsBy(post)).toEqual([])
    expect(await api.db.post.findUniqueOrThrow({ where: { id: post.id } })).toMatchObject({
      to: null,
      version: post.version,
    })
  })
})
