/** A command that is stored is never said to be lost; and what stands in its way stands in nobody else's. */
import { randomUUID } from 'node:crypto'
import { sendAgain } from '../../api/commands/submit'
import { startDispatcher } from '../../api/operations/dispatcher'
import type { Engine, Sent } from '../../api/service/temporal'
import { startApi, arrangeCase, arrangeTask, AWAY, personOf, type Api } from '../api/harness'
import { commandById, takePendingCommands } from '../../prisma/store/commands'
import type { CommandId } from '../../workflows/kernel/contract'

let api: Api
let hrPerson: string
/** what befalls a command on its way to Temporal */
let befalls: () => Promise<Sent>

beforeAll(async () => {
  const engine: Engine = { ...AWAY, send: () => befalls() }
  api = await startApi(engine)
  hrPerson = await personOf(api, 'hrMinistry')
})
afterAll(() => api.close())

const stored = async (command: {
  kind: string
  caseId: string
  taskId?: string
  sentAt?: Date
}): Promise<CommandId> => {
  const id = randomUUID()
  await api.db.command.create({
    data: {
      id,
      ...command,
      principal: hrPerson,
      key: id,
      digest: '',
      actor: {},
      payload: {},
      receivedAt: command.sentAt ?? new Date(),
    },
  })

  return id as CommandId
}
const sentNow = async (id: CommandId) => {
  const command = await commandById(api.db, id)
  if (!command) throw new Error('it was stored')

  return sendAgain(api.service, command)
}

test('a start whose case was recorded without it is told whether the case began', async () => {
  befalls = () => Promise.resolve({ result: 'gone' })
  const basis = { code: 'alreadyOpen' }
  const closed = async (outcome: string, refusedInStep?: number) => {
    const caseId = await arrangeCase(api.db, { body: 'ministryFinance', subject: hrPerson, status: 'closed' })
    await api.db.case.update({ where: { id: caseId }, data: { outcome, basis } })
    const now = new Date()
    const entry = { caseId, seq: 1, kind: 'caseRefused', at: now, on: now, params: {}, prevHash: '', hash: '' }
    if (refusedInStep) await api.db.event.create({ data: { ...entry, step: refusedInStep } })

    return sentNow(await stored({ kind: 'start', caseId }))
  }
  const refused = { result: 'refused', reason: basis }
  expect(await closed('refused', 1)).toMatchObject({ state: 'done', outcome: refused })
  // refused after it had begun: whoever opened it has been told that it began, and is told of its end
  expect(await closed('refused', 3)).toMatchObject({ state: 'done', outcome: { result: 'started' } })
  expect(await closed('passed')).toMatchObject({ state: 'done', outcome: { result: 'started' } })
})

test('commands that nobody can take do not keep others from being sent again', async () => {
  const caseId = randomUUID()
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
  const stuck = await Promise.all(
    Array.from({ length: 3 }, () => stored({ kind: 'complete', caseId, sentAt: ago(3600) })),
  )
  await takePendingCommands(api.db, 3, 10)
  const later = await stored({ kind: 'complete', caseId, sentAt: ago(30) })
  // the stuck ones are due again, and older
  await api.db.command.updateMany({ where: { id: { in: stuck } }, data: { sentAt: ago(20) } })
  expect((await takePendingCommands(api.db, 2, 10)).map(({ id }) => id)).toContain(later)
  await api.db.command.deleteMany({ where: { caseId } })
})

test('an API that starts sends at once what one that died was sending', async () => {
  befalls = () => Promise.resolve({ result: 'answered', outcome: { result: 'done' } })
  const left = await stored({ kind: 'complete', caseId: randomUUID(), sentAt: new Date() })
  // in its first round, which is the only one
  await startDispatcher(api.service).stop()
  expect((await commandById(api.db, left))?.state).toBe('done')
})

describe('Postgres is lost', () => {
  let caseId: string
  const agent = () => api.as('hrMinistry')
  const claimed = async (): Promise<string> => {
    caseId = await arrangeCase(api.db, { body: await bodyOf(), subject: await personOf(api, 'newcomer') })

    return arrangeTask(api.db, caseId, {
      kind: 'mentorOpinion',
      state: 'reserved',
      person: hrPerson,
      assignee: hrPerson,
    })
  }
  const bodyOf = async () =>
    (await api.db.bodyRole.findFirstOrThrow({ where: { personId: hrPerson, role: 'hr' } })).bodyKey
  const lose = () => {
    const lost = new Error('Connection terminated unexpectedly')
    jest.spyOn(api.db.sql, 'rows').mockRejectedValue(lost)
    jest.spyOn(api.db.sql, 'run').mockRejectedValue(lost)
  }
  /** How long a request waits for Postgres to come back. */
  const waits = (answerWithinMs: number) => Object.assign(api.service, { answerWithinMs })
  beforeEach(() => waits(300))
  afterEach(() => jest.restoreAllMocks())

  test.each(['unknown', 'answered'] as const)(
    'once the command is stored, and its Update is %s: 202 with its address, not "nothing was stored"',
    async (result) => {
      const task = await claimed()
      const hr = await agent()
      befalls = async () => {
        lose()

        return result === 'answered' ? { result, outcome: { result: 'done' } } : { result, why: 'away' }
      }
      const key = randomUUID()
      const answer = { version: 1, form: { recommends: 'satisfactory', opinion: 'Good' } }
      const sent = await hr.post(`/api/tasks/${task}/complete`).set('Idempotency-Key', key).send(answer)
      expect(sent.body).toMatchObject({ state: 'stored', caseId, taskId: task })
      expect(sent.status).toBe(202)
      jest.restoreAllMocks()
      befalls = () => Promise.resolve({ result: 'answered', outcome: { result: 'done' } })
      await sentNow(sent.body.id as CommandId)
      await hr.post(`/api/tasks/${task}/complete`).set('Idempotency-Key', key).send(answer).expect(200)
      expect(await api.db.command.count({ where: { caseId } })).toBe(1)
    },
  )

  /** The first storing befalls what is said; those after it too when `for ever`, else nothing. */
  const storing = (befall: (store: () => Promise<unknown>) => Promise<unknown>, forEver = false) => {
    const real = api.db.sql.rows as (...given: unknown[]) => Promise<unknown>
    let befallen = false
    jest.spyOn(api.db.sql, 'rows').mockImplementation(((...given: [TemplateStringsArray, ...unknown[]]) => {
      if (!given[0].join('').includes('insert into commands') || (befallen && !forEver)) return real(...given)
      befallen = true

      return befall(() => real(...given))
    }) as never)
  }
  const answer = { version: 1, form: { recommends: 'satisfactory', opinion: 'Good' } }
  const lost = () => new Error('Connection terminated unexpectedly')

  test.each([true, false])(
    'while it is being stored (it was: %s), and is back: the person is answered, and it is stored once',
    async (was) => {
      const task = await claimed()
      const hr = await agent()
      waits(60_000)
      befalls = () => Promise.resolve({ result: 'answered', outcome: { result: 'done' } })
      storing(async (store) => {
        if (was) await store()
        throw lost()
      })
      await hr.post(`/api/tasks/${task}/complete`).set('Idempotency-Key', randomUUID()).send(answer).expect(200)
      expect(await api.db.command.count({ where: { caseId } })).toBe(1)
    },
  )

  const closed = { driverAdapterError: { cause: { kind: 'ConnectionClosed' } } }
  test.each([
    ['Connection terminated unexpectedly', {}],
    ['Raw query failed. Code: `N/A`. Message: `Server has closed the connection.`', { code: 'P2010', meta: closed }],
  ])(
    'while it is being stored, and stays away (%s): 202, for it may be stored; the same key asks again',
    async (said, fields) => {
      const task = await claimed()
      const hr = await agent()
      befalls = () => Promise.resolve({ result: 'answered', outcome: { result: 'done' } })
      storing(() => Promise.reject(Object.assign(new Error(said), fields)), true)
      const key = randomUUID()
      const sent = await hr.post(`/api/tasks/${task}/complete`).set('Idempotency-Key', key).send(answer)
      expect(sent.status).toBe(202)
      jest.restoreAllMocks()
      await hr.get(`/api/commands/${sent.body.id as string}`).expect(404)
      await hr.post(`/api/tasks/${task}/complete`).set('Idempotency-Key', key).send(answer).expect(200)
      expect(await api.db.command.count({ where: { caseId } })).toBe(1)
    },
  )

  test.each([
    ['connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }],
    ['Client has encountered a connection error and is not queryable', {}],
  ])('before it could be sent there (%s): nothing was stored, and that is said', async (said, fields) => {
    const task = await claimed()
    const hr = await agent()
    storing(() => Promise.reject(Object.assign(new Error(said), fields)), true)
    const sent = await hr.post(`/api/tasks/${task}/complete`).set('Idempotency-Key', randomUUID()).send(answer)
    expect([sent.status, sent.body.code]).toEqual([503, 'unavailable'])
  })
})
