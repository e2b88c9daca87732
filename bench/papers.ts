/**
 * `npm run bench:papers`: what people notice in their inbox while papers and letters are made, and how long after its decision a paper is
 * there. The product's processes as `npm start` runs them, with a mail server that takes every letter. The papers and letters are ordered
 * beforehand by the store, as a step orders them, and held back; four people look at their inbox ten times a second before they are let go,
 * while they are made, and afterwards. Writes `bench/results/papers-*`.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createDb, type Db } from '../prisma/store/db'
import { PAPERS_CHANNEL } from '../prisma/store/notify'
import { startScript, type Started } from '../scripts/children'
import { freePort } from '../scripts/processes'
import { paperCases } from '../test/support/paper-cases'
import { HttpSession } from './http'
import { cpuOf } from './meters'
import { aboutOrigin, originNow, writeResult, type Origin } from './result-file'
import { startServers, type Servers } from './servers'
import { quantile } from './statistics'

const DATABASE = 'mansap'
const LOOKING = 4
const PAUSE_MS = 100
/** in which no paper and no letter is made, before and after */
const QUIET_MS = 15_000
/** papers that are ordered one by one, for the time of one whose queue is empty */
const ALONE = 20
const MADE_WITHIN_MS = 1_200_000
const GOAL_S = 2
const say = (line: string): void => console.log(line)
const rounded = (value: number): number => Math.round(value * 100) / 100

// ------------------------------------------------------------------ what is to be made

/** Orders papers and tells of as much; none is made before `letGo`. */
async function order(db: Db, url: string, count: number): Promise<void> {
  await db.$executeRawUnsafe(
    `create function hold_papers() returns trigger language plpgsql as $$ begin new."tryAt" := 'infinity'; return new; end $$`,
  )
  await db.$executeRawUnsafe(
    'create trigger hold_papers before insert on papers for each row execute function hold_papers()',
  )
  const cases = await papersIn(db, url)
  const [{ id: person } = { id: '' }] = await db.sql.rows<{ id: string }>`
    select r."personId" as id from body_roles r join people p on p.id = r."personId"
    where r.role = 'hr' and r."bodyKey" = 'ministryFinance' and p.email is not null limit 1`
  for (let n = 0; n < count; n += 1) {
    const { id } = await cases.ordered()
    // marked as if its letters were made: they are held back by that
    await db.sql.run`
      insert into notices (id, "caseId", kind, "personId", params, at, "letteredAt")
      values (${randomUUID()}::uuid, ${id}::uuid, 'mentioned', ${person}::uuid, '{}', now(), now())`
  }
  await db.$executeRawUnsafe('drop trigger hold_papers on papers')
}

const papersIn = (db: Db, url: string) =>
  paperCases({
    db,
    url,
    sql: (text, values = []) => db.$queryRawUnsafe(text, ...values),
    drop: () => Promise.resolve(),
  })

async function letGo({ sql }: Db): Promise<void> {
  await sql.run`update papers set "orderedAt" = clock_timestamp(), "tryAt" = clock_timestamp() where "tryAt" = 'infinity'`
  await sql.run`update notices set "letteredAt" = null, "toldAt" = clock_timestamp() where kind = 'mentioned'`
  await sql.run`select pg_notify(${PAPERS_CHANNEL}, '')`
}

interface Left {
  readonly papers: number
  readonly letters: number
}
async function left({ sql }: Db, count: number): Promise<Left> {
  const [found] = await sql.rows<Left>`
    select (select count(*) from papers where "madeAt" is null)::int as papers,
      (${count}::int - (select count(*) from letters where state = 'sent'))::int as letters`

  return found ?? { papers: count, letters: count }
}

/** Seconds from the order of each paper to its being there. */
async function ages({ sql }: Db, since: Date): Promise<number[]> {
  const rows = await sql.rows<{ seconds: number }>`
    select extract(epoch from "madeAt" - "orderedAt")::float8 as seconds from papers
    where "madeAt" is not null and "orderedAt" >= ${since}::timestamptz`

  return rows.map(({ seconds }) => seconds)
}
const nowOf = async ({ sql }: Db): Promise<Date> =>
  (await sql.rows<{ at: Date }>`select clock_timestamp() as at`)[0]?.at ?? new Date()

// ------------------------------------------------------------------ the inbox

interface Looks {
  readonly what: string
  readonly seconds: number
  readonly pages: number
  readonly p50: number
  readonly p95: number
  /** processor time of the API for one page, with all that it does beside */
  readonly apiCpuMs: number
  readonly workerCpuMs: number
}

/** Lets people look at their inbox until `over` is. */
async function look(
  what: string,
  servers: Servers,
  sessions: readonly HttpSession[],
  over: Promise<unknown>,
): Promise<Looks> {
  let isOver = false
  void over.then(
    () => (isOver = true),
    () => (isOver = true),
  )
  const cpu = (part: 'api' | 'worker') => cpuOf(servers.pids()[part] ?? 0)
  const [api, worker, began] = [cpu('api'), cpu('worker'), performance.now()]
  const took: number[] = []
  await Promise.all(
    sessions.map(async (session, n) => {
      await sleep((PAUSE_MS * n) / sessions.length)
      while (!isOver) {
        const asked = performance.now()
        await session.get('/api/tasks?queue=unit')
        const lasted = performance.now() - asked
        took.push(lasted)
        await sleep(Math.max(0, PAUSE_MS - lasted))
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const looks = {
    ...{ what, seconds: rounded(seconds), pages: took.length },
    ...{ p50: rounded(quantile(took, 0.5)), p95: rounded(quantile(took, 0.95)) },
    apiCpuMs: rounded((cpu('api') - api) / took.length),
    workerCpuMs: rounded((cpu('worker') - worker) / took.length),
  }
  say(
    `${what}: ${String(took.length)} pages, p95 ${String(looks.p95)} ms, ${String(looks.apiCpuMs)} ms of the API each`,
  )

  return looks
}

// ------------------------------------------------------------------ the run

interface Result extends Origin {
  readonly papers: number
  readonly letters: number
  /** copies that the mail server took beside one of each */
  readonly sentAgain: number
  readonly load: readonly number[]
  readonly looks: readonly Looks[]
  /** of the p95 of the inbox meanwhile, to the mean of those before and after; the same of processor time */
  readonly share: number
  readonly cpuShare: number
  /** seconds from a decision to its paper, one at a time and all at once */
  readonly alone: { readonly p50: number; readonly p95: number; readonly max: number }
  readonly together: { readonly p50: number; readonly p95: number; readonly max: number }
  readonly seconds: { readonly papers: number; readonly letters: number }
}

const spread = (values: readonly number[]) => ({
  p50: rounded(quantile(values, 0.5)),
  p95: rounded(quantile(values, 0.95)),
  max: rounded(quantile(values, 1)),
})

const page = (result: Result): string => {
  const { papers, letters, seconds, alone, together, looks, share, cpuShare } = result

  return `# ${String(papers)} papers and ${String(letters)} letters beside the inbox

${aboutOrigin(result)}. Begun ${result.startedAt}; load of the machine before and after: ${result.load.map((each) => each.toFixed(1)).join(', ')}. ${String(LOOKING)} people look at their inbox ten times a second.

| | seconds | pages | p50 ms | p95 ms | API, ms of processor for a page | worker, the same |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${looks.map((each) => `| ${each.what} | ${String(each.seconds)} | ${String(each.pages)} | ${String(each.p50)} | ${String(each.p95)} | ${String(each.apiCpuMs)} | ${String(each.workerCpuMs)} |`).join('\n')}

- p95 of the inbox meanwhile: ${String(share)} times that of before and after; processor time of the API for a page, letters included: ${String(cpuShare)} times.
- All papers were there after ${String(seconds.papers)} s, all letters sent after ${String(seconds.letters)} s; ${String(result.sentAgain)} letters were sent twice.
- A paper is there, after its decision, one at a time: median ${String(alone.p50)} s, p95 ${String(alone.p95)} s, longest ${String(alone.max)} s (goal: ${String(GOAL_S)} s); with ${String(papers)} at once: median ${String(together.p50)} s, p95 ${String(together.p95)} s, longest ${String(together.max)} s.
`
}

async function measured(servers: Servers, db: Db, url: string, count: number, mailFile: string): Promise<Result> {
  const origin = originNow()
  const load = [os.loadavg()[0] ?? 0]
  const sessions = Array.from({ length: LOOKING }, () => new HttpSession(servers.baseUrl))
  for (const session of sessions) await session.post('/api/session', { user: 'hrMinistry' })
  const cases = await papersIn(db, url)
  // the first waits until the thread has begun
  await cases.ordered()
  await until(async () => (await left(db, 0)).papers === 0)
  const aloneSince = await nowOf(db)
  for (let n = 0; n < ALONE; n += 1) {
    await cases.ordered()
    await until(async () => (await left(db, 0)).papers === 0)
  }
  const alone = spread(await ages(db, aloneSince))
  say(`One at a time a paper is there after ${String(alone.p95)} s (p95).`)
  await order(db, url, count)
  const looks = [await look('before', servers, sessions, sleep(QUIET_MS))]
  const since = await nowOf(db)
  const began = performance.now()
  const seconds = { papers: NaN, letters: NaN }
  const made = (async () => {
    await letGo(db)
    await until(async () => {
      const { papers, letters } = await left(db, count)
      const now = rounded((performance.now() - began) / 1000)
      if (papers === 0 && Number.isNaN(seconds.papers)) seconds.papers = now
      if (letters <= 0 && Number.isNaN(seconds.letters)) seconds.letters = now

      return papers === 0 && letters <= 0
    })
  })()
  looks.push(await look('while they are made', servers, sessions, made))
  await made
  looks.push(await look('after', servers, sessions, sleep(QUIET_MS)))
  for (const session of sessions) session.close()
  const [before, during, after] = looks
  const shareOf = (of: (each: Looks) => number) =>
    before && during && after ? rounded((2 * of(during)) / (of(before) + of(after))) : NaN
  const taken = existsSync(mailFile) ? readFileSync(mailFile, 'utf8').trim().split('\n') : []

  return {
    ...origin,
    ...{ papers: count, letters: count, sentAgain: taken.length - new Set(taken).size },
    ...{ load: [...load, os.loadavg()[0] ?? 0], looks, alone, seconds },
    ...{ share: shareOf(({ p95 }) => p95), cpuShare: shareOf(({ apiCpuMs }) => apiCpuMs) },
    together: spread(await ages(db, since)),
  }
}

async function until(is: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + MADE_WITHIN_MS
  while (!(await is())) {
    if (Date.now() > end) throw new Error(`not all was made within ${String(MADE_WITHIN_MS / 60_000)} minutes`)
    await sleep(100)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { papers: { type: 'string', default: '1000' } } })
  const count = Number(values.papers)
  if (!Number.isInteger(count) || count < 1) throw new Error('--papers must be a whole number above zero')
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mansap-papers-'))
  chmodSync(folder, 0o755)
  const mailFile = path.join(folder, 'letters.jsonl')
  const mailPort = await freePort()
  let mail: Started | null = null
  let servers: Servers | null = null
  try {
    mail = await startScript({
      script: path.join(__dirname, '..', 'test', 'faults', 'product', 'mail.ts'),
      folder,
      env: { MAIL_PORT: String(mailPort), MAIL_FILE: mailFile },
      logFile: path.join(folder, 'mail.log'),
      onWarning: say,
    })
    // the processes of the product are given what this one has
    process.env.SMTP_URL = `smtp://127.0.0.1:${String(mailPort)}`
    process.env.MAIL_FROM = 'Mansap <mansap@example.org>'
    servers = await startServers('dev', path.join(folder, 'data'), say)
    const url = servers.databaseUrl(DATABASE)
    const db = createDb(url, 3)
    try {
      const result = await measured(servers, db, url, count, mailFile)
      say(page(result))
      say(`Written: ${writeResult('papers', result, page)}`)
      process.exitCode = result.alone.p95 <= GOAL_S ? 0 : 1
    } finally {
      await db.$disconnect()
    }
  } finally {
    await servers?.stop()
    await mail?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
