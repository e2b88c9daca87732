/** The second wall: what Temporal keeps of a case can be read only by who holds a key, and a key can be replaced. */
import pino from 'pino'
import { historyOf } from '../../api/views/workflow-history'
import { ENCRYPTED, PayloadKeyMissing, PayloadKeys, type PayloadKey } from '../../api/service/payload-keys'
import { connectEngine } from '../../api/service/temporal'
import type { Service } from '../../api/service/service'
import type { CaseId } from '../../workflows/kernel/contract'
import { casework, openTask, say, type Casework } from '../support/casework'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { arrangeErrands, beginErrand, doer, DOER, errandLaw, ERRANDS } from '../support/errands'
import { testServers } from '../support/servers'

const key = (id: string, byte: number): PayloadKey => ({ id, secret: new Uint8Array(32).fill(byte) })
const lastYear = key('2025', 1)
const thisYear = key('2026', 2)
const before = new PayloadKeys([lastYear])
const rotated = new PayloadKeys([thisYear, lastYear])
const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const plain = { metadata: { encoding: bytes('json/plain') }, data: bytes('{"n":1}') }
const textOf = (value: Uint8Array | null | undefined) => Buffer.from(value ?? []).toString()

describe('a payload', () => {
  test('is read by the key that encrypted it, when another encrypts by now', async () => {
    const [old] = await before.encode([plain])
    const [young] = await rotated.encode([plain])
    expect(textOf(old!.data)).not.toContain('"n"')
    expect([textOf(old!.metadata!['key-id']), textOf(young!.metadata!['key-id'])]).toEqual(['2025', '2026'])
    for (const [opened] of [await rotated.decode([old!]), await rotated.decode([young!])]) {
      expect({ encoding: textOf(opened!.metadata!['encoding']), data: textOf(opened!.data) }).toEqual({
        encoding: 'json/plain',
        data: '{"n":1}',
      })
    }
  })
  test('from before there were keys is read as it is, and without keys nothing is encrypted', async () => {
    expect(await rotated.decode([plain])).toEqual([plain])
    expect(await new PayloadKeys([]).encode([plain])).toEqual([plain])
  })
  test('whose key is not there says which', async () => {
    const sealed = await rotated.encode([plain])
    await expect(before.decode(sealed)).rejects.toThrow(PayloadKeyMissing)
    await expect(before.decode(sealed)).rejects.toThrow('There is no payload key "2026"')
  })
  test('that somebody has changed is not read', async () => {
    const [sealed] = await before.encode([plain])
    sealed!.data![sealed!.data!.length - 1]! ^= 1
    await expect(before.decode([sealed!])).rejects.toThrow()
  })
})

describe('a case', () => {
  let database: FreshDatabase
  let first: Casework
  let second: Casework
  beforeAll(async () => {
    database = await freshDatabase()
    await arrangeErrands(database)
    first = await casework(database.url, ERRANDS, errandLaw, { keys: before })
    second = await casework(database.url, ERRANDS, errandLaw, { keys: rotated, taskQueue: first.taskQueue })
  })
  afterAll(async () => {
    await first.close()
    await second.close()
    await database.drop()
  })

  const pageWith = async (caseId: CaseId, keys: PayloadKeys): Promise<string> => {
    const engine = connectEngine({ address: testServers().temporal.address, namespace: 'default' })
    const log = pino({ level: 'silent' })
    try {
      const service: Pick<Service, 'db' | 'engine' | 'log' | 'keys'> = { db: second.db, engine, log, keys }

      return JSON.stringify(await historyOf(service, caseId, { content: true }))
    } finally {
      await engine.close()
    }
  }

  test('goes on under a new key, and its whole history stays readable', async () => {
    const earlier = await first.work()
    const caseId = await beginErrand(database, first)
    await earlier.stop()
    const later = await second.work()
    const task = await openTask(second, caseId, 'left')
    expect(await say(second, caseId, 'complete', doer, { task, answer: { n: 1 } })).toMatchObject({ ok: true })
    await later.stop()

    const { events } = await second.client.workflow.getHandle(caseId).fetchHistory()
    const inputs = [
      ...(events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? []),
      ...(events ?? []).flatMap(
        (event) => event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.args?.payloads ?? [],
      ),
    ]
    expect(inputs.map(({ metadata }) => [textOf(metadata?.['encoding']), textOf(metadata?.['key-id'])])).toEqual([
      [ENCRYPTED, '2025'],
      [ENCRYPTED, '2025'],
      [ENCRYPTED, '2026'],
    ])
    for (const { data } of inputs) expect(textOf(data)).not.toContain(DOER)

    const page = await pageWith(caseId, rotated)
    expect(page).toContain(DOER)
    expect(page).not.toContain('no payload key')
    expect(await pageWith(caseId, before)).toContain('There is no payload key \\"2026\\"')
    expect(await pageWith(caseId, new PayloadKeys([]))).not.toContain(DOER)
  })
})
