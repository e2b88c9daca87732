/** The whole product as real processes in a folder of its own, with something that can be cut between any two that talk. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrateDeploy } from '../../../prisma/migrate'
import { seedRegister } from '../../../prisma/seed/seed'
import { startScript, Supervisor, type Begin } from '../../../scripts/children'
import { databaseUrl, ensureDatabase, initialisePostgres, startPostgres } from '../../../scripts/postgres'
import { freePort, isAlive } from '../../../scripts/processes'
import { startTemporal, temporalProgram } from '../../../scripts/temporal'
import type { IsoDate } from '../../../workflows/kernel/contract'
import { eventually } from '../../support/eventually'
import { proxyTo, type Direction, type Proxy } from '../../support/proxy'
import { grpcMessages, plainText, postgresStatements, type Reader } from '../../support/wire'
import { smallDisk, type Disk } from './disk'
import type { Link, Part } from './schedule'

const DATABASE = 'mansap'
const PASSWORD = 'faults'
/** longer than a server needs to recover on two busy cores */
const BACK_WITHIN_MS = 60_000

/** by the server at the end of a link */
const READERS: Readonly<Record<string, (direction: Direction) => Reader>> = {
  postgres: (direction) => (direction === 'toServer' ? postgresStatements() : () => []),
  temporal: grpcMessages,
}

export interface Size {
  readonly workers: number
  readonly apis: number
}

/** One process; `name` tells two of a kind apart. */
export interface Member {
  readonly name: string
  readonly part: Part
  readonly pid: () => number
  /** SIGKILL, and gone */
  readonly kill: () => Promise<void>
  /** told to stop in order: SIGTERM, for Postgres SIGINT as its own tools send it */
  readonly end: () => Promise<void>
  /** SIGSTOP, with the processes that Postgres has for its clients */
  readonly pause: () => void
  readonly resume: () => void
  /** after it died: runs again, under another number */
  readonly back: () => Promise<void>
  /** how much its clock differs, in milliseconds; only our own processes have that */
  readonly shift: (ms: number) => void
}

export interface Installation {
  /** addresses at which people reach it, one per API */
  readonly urls: readonly string[]
  /** past every proxy, for looking */
  readonly databaseUrl: string
  readonly temporalAddress: string
  /** where the mail server writes down what it has taken, a line of JSON for each letter */
  readonly mailFile: string
  readonly members: (part: Part) => readonly Member[]
  /** one proxy for each process at the end of the link that is ours; `people-api` one per API */
  readonly proxies: (link: Link) => readonly Proxy[]
  readonly disks: Readonly<Partial<Record<Part, Disk>>>
  /** why a server has no disk of its own */
  readonly disksMissing: Readonly<Partial<Record<Part, string>>>
  /** from now on: has a server said that its disk is full? */
  readonly saysFull: (part: Part) => () => boolean
  /** what the APIs have logged as errors of their own: the message of each */
  readonly errors: () => readonly string[]
  /** every part runs, and what was stopped or cut is whole again */
  readonly heal: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Everyone's children, so that a server which forks is stopped whole. */
function withChildren(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  const children = rows.map((row) => row.trim().split(/\s+/).map(Number)).filter(([, parent]) => parent === pid)

  return [pid, ...children.map(([child]) => child ?? 0).filter((child) => child > 0)]
}

function signal(pid: number, which: NodeJS.Signals): void {
  // a part that has never started has no number; and -1 would be everybody
  if (pid < 2) return
  try {
    process.kill(pid, which)
  } catch {
    // Ended before.
  }
}

type Undo = () => void | Promise<void>

/** Installs, migrates, seeds and starts everything in `folder`; the newcomers of the sample are new on `today`. */
export async function install(
  folder: string,
  size: Size,
  today: IsoDate,
  say: (line: string) => void,
): Promise<Installation> {
  const undos: Undo[] = []
  const stop = async () => {
    const failed: unknown[] = []
    for (const undo of undos.splice(0).reverse()) {
      try {
        await undo()
      } catch (error) {
        failed.push(error)
      }
    }
    if (failed.length > 0) throw new AggregateError(failed, 'not everything could be stopped')
  }
  try {
    return { ...(await begin(folder, size, today, say, undos)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** `undos`: what has to be taken back, in the order in which it was done, also when the rest fails. */
async function begin(
  folder: string,
  { workers, apis }: Size,
  today: IsoDate,
  say: (line: string) => void,
  undos: Undo[],
): Promise<Omit<Installation, 'stop'>> {
  const logs = path.join(folder, 'logs')
  const empty = path.join(folder, 'no-console')
  for (const each of [logs, empty]) mkdirSync(each, { recursive: true, mode: 0o755 })
  const disks: Partial<Record<Part, Disk>> = {}
  const disksMissing: Partial<Record<Part, string>> = {}
  for (const part of ['postgres', 'temporal'] as const) {
    const disk = smallDisk(path.join(folder, part))
    if ('missing' in disk) {
      disksMissing[part] = disk.missing
      mkdirSync(path.join(folder, part), { recursive: true, mode: 0o755 })
      say(`no disk of its own for ${part}: ${disk.missing}`)
    } else {
      disks[part] = disk
      undos.push(disk.remove)
    }
  }

  const pids = new Map<string, number>()
  const supervisor = new Supervisor(say, (name, pid) => void pids.set(name, pid))
  const members: Member[] = []
  undos.push(() => supervisor.stop())
  undos.push(() => members.forEach((member) => member.resume()))
  for (const disk of Object.values(disks)) undos.push(disk.free)
  async function run(part: Part, name: string, begin: Begin): Promise<void> {
    const pid = () => pids.get(name) ?? 0
    const back = async (before: number) => {
      await eventually(`${name} to run again`, () => pid() !== before && isAlive(pid()), BACK_WITHIN_MS)
    }
    let lastDead = -1
    const die = async (which: NodeJS.Signals) => {
      const dying = pid()
      lastDead = dying
      // it is the only one that dies in its round: whatever watches it need not grow cautious
      supervisor.deaths.delete(name)
      signal(dying, which)
      await eventually(`the end of ${name}`, () => !isAlive(dying), BACK_WITHIN_MS)
    }
    members.push({
      name,
      part,
      pid,
      kill: () => die('SIGKILL'),
      end: () => die(part === 'postgres' ? 'SIGINT' : 'SIGTERM'),
      pause: () => withChildren(pid()).forEach((each) => signal(each, 'SIGSTOP')),
      resume: () => withChildren(pid()).forEach((each) => signal(each, 'SIGCONT')),
      back: () => back(lastDead),
      shift: (ms) => writeFileSync(clockOf(name), String(ms)),
    })
    await supervisor.start(name, begin)
  }
  const clockOf = (name: string) => path.join(folder, `${name}.clock`)

  const postgres = {
    folder: path.join(folder, 'postgres', 'data'),
    port: await freePort(),
    password: PASSWORD,
    logFile: path.join(logs, 'postgres.log'),
    durable: true,
  }
  const url = databaseUrl(postgres, DATABASE)
  initialisePostgres(postgres)
  await run('postgres', 'postgres', (spawned) => startPostgres(postgres, spawned))
  await ensureDatabase(postgres, DATABASE)
  await migrateDeploy(url)
  await seedRegister(url, { on: today })

  const engine = {
    program: await temporalProgram(say),
    port: await freePort(),
    file: path.join(folder, 'temporal', 'temporal.db'),
    logFile: path.join(logs, 'temporal.log'),
  }
  const temporalAddress = `127.0.0.1:${engine.port}`
  await run('temporal', 'temporal', (spawned) => startTemporal(engine, spawned))

  const proxies = new Map<Link, Proxy[]>()
  const through = async (link: Link, to: string, port = 0): Promise<Proxy> => {
    const proxy = await proxyTo(to, { port, reader: READERS[link.split('-')[1] ?? ''] ?? plainText })
    proxies.set(link, [...(proxies.get(link) ?? []), proxy])
    // at the very end: whoever stops in order still speaks through it
    undos.unshift(proxy.close)

    return proxy
  }
  const own = async (part: 'worker' | 'api', n: number): Promise<void> => {
    const name = `${part}-${n}`
    const port = await freePort()
    const env = {
      NODE_ENV: 'development',
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: (await through(`${part}-postgres`, url)).url,
      TEMPORAL_ADDRESS: `127.0.0.1:${(await through(`${part}-temporal`, `http://${temporalAddress}`)).port}`,
      TEMPORAL_NAMESPACE: 'default',
      MANSAP_DEMO: '1',
      SESSION_SECRET: 'the same for every API of the faults',
      CONSOLE_DIR: empty,
      LOG_LEVEL: 'warn',
      PUBLIC_URL: 'http://localhost:3000',
      ...(part === 'api' && {
        SMTP_URL: `smtp://127.0.0.1:${(await through('api-mail', `smtp://127.0.0.1:${mailPort}`)).port}`,
        MAIL_FROM: 'Mansap <mansap@example.org>',
      }),
      FAULTS_CLOCK: clockOf(name),
      NODE_OPTIONS: `--import=${pathToFileURL(path.join(__dirname, 'clock.mjs')).href}`,
    }
    if (part === 'api') await through('people-api', `http://127.0.0.1:${port}`)
    await run(part, name, (spawned) =>
      startScript(
        {
          script: path.join(__dirname, '..', 'product', `${part}.ts`),
          folder,
          env,
          logFile: path.join(logs, `${name}.log`),
          onWarning: () => undefined,
        },
        spawned,
      ),
    )
  }
  const mailPort = await freePort()
  const mailFile = path.join(folder, 'letters.jsonl')
  await run('mail', 'mail', (spawned) =>
    startScript(
      {
        script: path.join(__dirname, '..', 'product', 'mail.ts'),
        folder,
        env: { MAIL_PORT: String(mailPort), MAIL_FILE: mailFile },
        logFile: path.join(logs, 'mail.log'),
        onWarning: () => undefined,
      },
      spawned,
    ),
  )
  for (let n = 1; n <= workers; n += 1) await own('worker', n)
  for (let n = 1; n <= apis; n += 1) await own('api', n)

  const origin = ({ url: via }: Proxy) => new URL(via).origin
  const urls = (proxies.get('people-api') ?? []).map(origin)
  const ready = async (at: string) => (await fetch(`${at}/ready`, { signal: AbortSignal.timeout(5000) })).ok
  for (const at of urls) await eventually('the product to be ready', () => ready(at), 120_000)

  return {
    urls,
    databaseUrl: url,
    temporalAddress,
    mailFile,
    members: (part) => members.filter((each) => each.part === part),
    proxies: (link) => proxies.get(link) ?? [],
    disks,
    disksMissing,
    saysFull: (part) => {
      const file = path.join(logs, `${part}.log`)
      const before = statSync(file).size

      return () => /No space left|disk is full/i.test(readFileSync(file).subarray(before).toString())
    },
    errors: () =>
      members
        .filter(({ part }) => part === 'api')
        .flatMap(({ name }) => readFileSync(path.join(logs, `${name}.log`), 'utf8').split('\n'))
        .flatMap((line) => (line.includes('"msg":"internal"') ? [/"message":"([^"]*)"/.exec(line)?.[1] ?? line] : [])),
    heal: async () => {
      for (const disk of Object.values(disks)) disk.free()
      for (const proxy of [...proxies.values()].flat()) proxy.restore()
      for (const member of members) {
        member.resume()
        await eventually(`${member.name} to run`, () => isAlive(member.pid()), BACK_WITHIN_MS)
      }
    },
  }
}
