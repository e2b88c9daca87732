/** Two hundred megabytes pass through an API process of its own, up and down, and it holds little of them at any time. */
import { execFileSync } from 'node:child_process'
import { request, type IncomingMessage } from 'node:http'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { startScript, type Started } from '../../scripts/children'
import { freePort } from '../../scripts/processes'
import { LARGEST_MB } from '../../workflows/kernel/contract'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { testServers } from '../support/servers'
import { arrangeCase } from './harness'

jest.setTimeout(300_000)

const MB = 1024 * 1024
/** of what passes: a process that kept the file whole would hold all of it, one that passes it on what its engine has not yet collected */
const MOST_HELD = 0.5
const MOST_NEEDED_MB = 40
const BODY = 'ministryFinance'

let database: FreshDatabase
let folder: string
let api: Started
let url: string
let cookie: string
let form: string

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-large-'))
  const port = await freePort()
  url = `http://127.0.0.1:${String(port)}`
  api = await startScript({
    script: path.join(__dirname, '..', 'support', 'large-files-api.ts'),
    folder,
    env: {
      ...{ NODE_ENV: 'development', NODE_OPTIONS: '', PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: url },
      ...{
        DATABASE_URL: database.url,
        TEMPORAL_ADDRESS: testServers().temporal.address,
        TEMPORAL_NAMESPACE: 'default',
      },
      ...{
        MANSAP_DEMO: '1',
        SESSION_SECRET: 'a secret of the tests of large files',
        CONSOLE_DIR: folder,
        LOG_LEVEL: 'warn',
        HELD_FILE: path.join(folder, 'needed'),
      },
    },
    logFile: path.join(folder, 'api.log'),
    onWarning: () => undefined,
  })
  const signIn = () =>
    fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'hrMinistry' }),
    })
  await eventually('the API', async () => (await signIn()).ok, 60_000)
  cookie = (await signIn()).headers.get('set-cookie')?.split(';')[0] ?? ''
  const subject = await database.db.person.findFirstOrThrow()
  form = `act:${await arrangeCase(database.db, { body: BODY, subject: subject.id })}:recordAbsence`
})
afterAll(async () => {
  await api.stop()
  rmSync(folder, { recursive: true, force: true })
  await database.drop()
})

/** Megabytes that the process holds. */
const held = (): number =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(api.pid)], { encoding: 'utf8' })) / 1024

/** Megabytes that it needed, as often as it has looked. */
const needed = (): number[] => readFileSync(path.join(folder, 'needed'), 'utf8').trim().split('\n').map(Number)

interface Growth {
  readonly held: number
  /** without what its engine has not yet collected */
  readonly needed: number
}

/** How many megabytes it came to hold, and to need, beyond what it did before, at the most, while that was done. */
async function growth(work: () => Promise<void>): Promise<Growth> {
  const [before, looks] = [held(), needed()]
  let most = before
  const looking = setInterval(() => (most = Math.max(most, held())), 50)
  await work()
  clearInterval(looking)
  const since = needed().slice(looks.length)
  expect(since.length).toBeGreaterThan(3)

  return { held: Math.max(most, held()) - before, needed: Math.max(...since) - (looks.at(-1) ?? 0) }
}

function* pdf(size: number): Generator<Buffer> {
  const [head, end, block] = [Buffer.from('%PDF-1.7\n'), Buffer.from('\n%%EOF\n'), Buffer.alloc(65_536, 'x')]
  yield head
  for (let left = size - head.length - end.length; left > 0; left -= block.length)
    yield block.subarray(0, Math.min(left, block.length))
  yield end
}

async function uploaded(size: number): Promise<string> {
  const address = `${url}/api/files?form=${encodeURIComponent(form)}&field=certificate&name=a.pdf`
  const headers = { cookie, 'content-type': 'application/octet-stream', 'content-length': String(size) }
  const sending = request(address, { method: 'POST', headers })
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    sending.once('response', resolve).once('error', reject),
  )
  await pipeline(Readable.from(pdf(size)), sending)
  let text = ''
  for await (const part of await answered) text += String(part)

  return (JSON.parse(text) as { id: string }).id
}

async function downloaded(id: string): Promise<number> {
  const answer = await fetch(`${url}/api/files/${id}/content`, { headers: { cookie } })
  let size = 0
  for await (const part of answer.body ?? []) size += (part as Uint8Array).length

  return size
}

test('two hundred megabytes that go up and come down do not move the memory of the process', async () => {
  // what it needs for any file it has from then on
  await downloaded(await uploaded(100 * MB))
  const size = LARGEST_MB * MB
  let id = ''
  const up = await growth(async () => {
    id = await uploaded(size)
  })
  let came = 0
  const down = await growth(async () => {
    came = await downloaded(id)
  })
  expect(came).toBe(size)
  for (const passing of [up, down]) {
    expect(passing.held / LARGEST_MB).toBeLessThan(MOST_HELD)
    expect(passing.needed).toBeLessThan(MOST_NEEDED_MB)
  }
})
