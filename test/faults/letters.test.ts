/**
 * No letter is lost, and one that comes twice comes under the same Message-ID, whatever dies or refuses in between: the mail server before it
 * says yes, whoever sends, the database, the mail server for a while.
 */
import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import path from 'node:path'
import { letterNotices, pauseAfter, sendLetters, startLetters } from '../../api/operations/letters'
import { accessLogOf } from '../../api/http/access-log'
import { createDb } from '../../prisma/store/db'
import { arrangeCase, AWAY, personOf, startApi, type Api } from '../api/harness'
import { eventually } from '../support/eventually'
import { mailTo, openLetterbox, type Letterbox } from '../support/letterbox'
import { proxyTo, type Proxy } from '../support/proxy'

jest.setTimeout(120_000)

const COUNT = 5
/** longer than a letter takes, and short enough to be waited for */
const LEASE_MS = 2_000
let box: Letterbox
let way: Proxy
let api: Api
let mentor: string

beforeAll(async () => {
  box = await openLetterbox()
  way = await proxyTo(box.url)
  api = await startApi(AWAY, { mail: mailTo(way.url) })
  mentor = await personOf(api, 'mentor')
})
afterAll(async () => {
  api.service.mail?.close()
  await api.close()
  await way.close()
  await box.close()
})
beforeEach(async () => {
  way.restore()
  box.beforeYes = () => Promise.resolve()
  Object.assign(box, { refuse: () => null, refuseSender: () => null, refuseData: () => null })
  await api.database.sql('truncate cases, notices, letters cascade')
  box.taken.length = 0
})

async function tell(count = COUNT): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const caseId = await arrangeCase(api.db, {
      ...{ body: 'ministryFinance', subject: await personOf(api, 'newcomer'), parties: { mentor } },
    })
    await api.db.notice.create({
      data: { id: randomUUID(), caseId, kind: 'mentioned', personId: mentor, params: {}, at: new Date() },
    })
  }
}
const dueNow = () => api.database.sql(`update letters set "nextAt" = now() where state = 'waiting'`)
const states = async () => (await api.db.letter.findMany()).map(({ state }) => state).sort()
const allSent = async () => (await states()).every((state) => state === 'sent')
const ids = () => box.taken.map(({ messageId }) => messageId)
/** Sends until every letter is noted as sent. */
async function sendAll(): Promise<void> {
  await eventually('every letter to be sent', async () => {
    await sendLetters(api.service, LEASE_MS)

    return allSent()
  })
}
/** Every letter has come, and none under two names. */
async function expectAll(count = COUNT): Promise<void> {
  const made = (await api.db.letter.findMany()).map(({ messageId }) => messageId).sort()
  expect(made).toHaveLength(count)
  expect([...new Set(ids())].sort()).toEqual(made)
}

test('the mail server takes a letter and its yes never arrives: it is sent again under the same Message-ID', async () => {
  await tell(1)
  await letterNotices(api.service)
  box.beforeYes = () => {
    way.cut()

    return Promise.resolve()
  }
  await sendLetters(api.service)
  expect(await states()).toEqual(['waiting'])
  const [letter] = await api.db.letter.findMany()
  expect(letter?.lastError).toMatch(/^[\w .-]+$/)
  expect((letter?.nextAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_000)
  way.restore()
  box.beforeYes = () => Promise.resolve()
  await dueNow()
  await sendAll()
  expect(ids()).toHaveLength(2)
  await expectAll(1)
})

test('the mail server is away for a while: every letter waits and comes once it is back', async () => {
  await tell()
  await letterNotices(api.service)
  way.cut()
  await sendLetters(api.service)
  await dueNow()
  await sendLetters(api.service)
  expect([ids(), await states()]).toEqual([[], Array.from({ length: COUNT }, () => 'waiting')])
  expect((await api.db.letter.findMany()).map(({ attempts }) => attempts)).toEqual(
    Array.from({ length: COUNT }, () => 2),
  )
  way.restore()
  await dueNow()
  await sendAll()
  expect(ids()).toHaveLength(COUNT)
  await expectAll()
})

test.each([
  ['once it has taken letters', 'beforeSending', COUNT],
  ['when the mail server has said yes, before that is noted', 'afterYes', COUNT + 1],
] as const)('whoever sends is killed %s: others send them when his time is over', async (_when, point, least) => {
  await tell()
  await letterNotices(api.service)
  const script = path.join(__dirname, '..', 'support', 'dying-letters.ts')
  const args = ['--import', 'tsx', script, api.database.url, box.url, point, String(LEASE_MS)]
  const child = spawn(process.execPath, args, { stdio: 'inherit' })
  expect(await new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)))).toBe('SIGKILL')
  expect(await states()).toEqual(Array.from({ length: COUNT }, () => 'waiting'))
  await sendAll()
  expect(ids().length).toBeGreaterThanOrEqual(least)
  await expectAll()
})

test('the database is away when a letter has been taken: it is sent again under the same Message-ID', async () => {
  await tell(1)
  await letterNotices(api.service)
  const toDatabase = await proxyTo(api.database.url)
  const db = createDb(toDatabase.url, 2)
  box.beforeYes = () => {
    toDatabase.cut()

    return Promise.resolve()
  }
  await expect(sendLetters({ ...api.service, db, accessLog: accessLogOf(api.db) }, LEASE_MS)).rejects.toThrow()
  box.beforeYes = () => Promise.resolve()
  expect(await states()).toEqual(['waiting'])
  await sendAll()
  expect(ids()).toHaveLength(2)
  await expectAll(1)
  await db.$disconnect()
  await toDatabase.close()
})

test('several who make and send at once make and send each letter once', async () => {
  await tell(30)
  const rounds = Array.from({ length: 4 }, () => startLetters(api.service))
  await eventually('every letter to be sent', async () => (await states()).length === 30 && (await allSent()))
  await Promise.all(rounds.map(({ stop }) => stop()))
  expect(ids()).toHaveLength(30)
  await expectAll(30)
})

test.each([
  ['there is no such mailbox', { refuse: '550 5.1.1 no such mailbox' }, 'refused'],
  ['the mailbox is closed', { refuse: '550 5.2.1 mailbox disabled' }, 'refused'],
  ['the server does not take letters to it from us', { refuse: '550 5.7.1 relaying denied' }, 'waiting'],
  ['the server refuses the sender once it hears to whom', { refuse: '550 5.1.8 sender address rejected' }, 'waiting'],
  ['the way to it is not found', { refuse: '550 5.4.1 no route' }, 'waiting'],
  ['the server does not say why', { refuse: '550 refused' }, 'waiting'],
  ['it is full', { refuse: '552 5.2.2 mailbox full' }, 'waiting'],
  ['it is to be asked later', { refuse: '451 4.7.1 later' }, 'waiting'],
  ['the sender is refused', { refuseSender: '550 5.1.8 sender unknown' }, 'waiting'],
  ['the sender has no name with the server', { refuseSender: '553 5.1.7 sender refused' }, 'waiting'],
  ['the letter itself is refused', { refuseData: '550 5.6.0 content refused' }, 'waiting'],
] as const)('a letter is refused for good only when its address is: %s', async (_why, said, state) => {
  await tell(1)
  await letterNotices(api.service)
  const { refuse = null, refuseSender = null, refuseData = null } = said as Partial<Record<string, string>>
  Object.assign(box, { refuse: () => refuse, refuseSender: () => refuseSender, refuseData: () => refuseData })
  await sendLetters(api.service)
  expect([await states(), ids()]).toEqual([[state], []])
})

test('the pause grows, and never beyond an hour', () => {
  expect([1, 2, 3, 50].map(pauseAfter)).toEqual([5_000, 10_000, 20_000, 3_600_000])
})
