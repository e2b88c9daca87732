import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MigrationRefused, migrateDeploy } from '../prisma/migrate'
import { isoDate } from '../workflows/kernel/law/calendar'
import type { IsoDate } from '../workflows/kernel/contract'
import { startScript, Supervisor, turnLog, warningIn } from './children'
import { buildConsole, consoleFolder } from './console'
import {
  diskProblem,
  endLeftovers,
  fileIn,
  PARTS,
  readRun,
  secretsOf,
  spaceProblem,
  temporalDataVersion,
  writeRun,
  writeVersions,
  type PartName,
  type RunRecord,
} from './data-folder'
import { databaseUrl, ensureDatabase, initialisePostgres, POSTGRES_MAJOR, startPostgres } from './postgres'
import { CannotStart, freePort, messageOf, portProblem } from './processes'
import type { Mailbox } from './mailbox'
import { rootIn } from './reconcile/told-roots'
import { mayOpen, startTemporal, temporalProgram, temporalVersion } from './temporal'

const root = path.join(__dirname, '..')
const DATABASE = 'mansap'

/** Words for a part in what the launcher says. */
const TITLES: Readonly<Record<PartName, string>> = {
  postgres: 'Postgres',
  temporal: 'The Temporal server',
  worker: 'The worker',
  api: 'The API',
}

export interface ProductPlace {
  /** absolute data folder, whose lock the caller holds */
  readonly folder: string
  readonly host: string
  readonly port: number
  /** absolute paths of the two processes; tests of the launcher put stand-ins here */
  readonly scripts: { readonly worker: string; readonly api: string }
  /** builds the console and seeds the register; tests of the launcher do without */
  readonly whole: boolean
  readonly say: (line: string) => void
}

export interface Product {
  readonly baseUrl: string
  readonly databaseUrl: string
  readonly temporalAddress: string
  /** today in Kazakhstan, of which the sample is made */
  readonly today: IsoDate
  /** starts everything and resolves when `GET /ready` answers 200 */
  readonly start: () => Promise<void>
  /** stops everything that was started, also halfway through a start */
  readonly stop: () => Promise<void>
}

/** The address at which a person reaches the product. */
export function publicUrl(host: string, port: number): string {
  const name = host === '127.0.0.1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name}:${port}`
}

/** Why nobody can listen there, in one sentence; `code` is what the system says. */
export function portSentence(code: string, { host, port }: Pick<ProductPlace, 'host' | 'port'>): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program: stop it, or choose another with PORT=3001 npm start.`
    case 'EACCES':
      return `This user may not listen on port ${port}: choose one above 1023, such as PORT=3001 npm start.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${host}: set HOST to one that it has, or leave it out.`
    default:
      return `Nobody can listen on port ${port} of ${host} (${code}): choose another with PORT=3001 npm start.`
  }
}

/** The whole product on one machine, with its data in one folder. */
export async function prepareProduct(place: ProductPlace): Promise<Product> {
  const { folder, say } = place
  const files = fileIn(folder)
  await endLeftovers(folder, say)
  const taken = await portProblem(place.port, place.host)
  if (taken !== undefined) throw new CannotStart(portSentence(taken, place))
  mkdirSync(files.logs, { recursive: true })
  const secrets = secretsOf(folder)
  const before = readRun(folder)
  const postgresPort = await freePort(before?.postgresPort)
  const temporalPort = await freePort(before?.temporalPort)
  const [smtpPort, lettersPort] = place.whole
    ? [await freePort(before?.smtpPort), await freePort(before?.lettersPort)]
    : []
  let record: RunRecord = {
    launcher: process.pid,
    port: place.port,
    postgresPort,
    temporalPort,
    ...(smtpPort !== undefined && lettersPort !== undefined && { smtpPort, lettersPort }),
    pids: {},
  }
  writeRun(folder, record)

  const postgres = {
    folder: files.postgres,
    port: postgresPort,
    password: secrets.postgres,
    logFile: path.join(files.logs, 'postgres.log'),
    durable: true,
  }
  const url = databaseUrl(postgres, DATABASE)
  const baseUrl = publicUrl(place.host, place.port)
  const env = {
    PORT: String(place.port),
    HOST: place.host,
    DATABASE_URL: url,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    TEMPORAL_NAMESPACE: 'default',
    MANSAP_DEMO: '1',
    SESSION_SECRET: secrets.session,
    CONSOLE_DIR: consoleFolder,
    PUBLIC_URL: baseUrl,
    ...(smtpPort !== undefined && {
      SMTP_URL: `smtp://127.0.0.1:${String(smtpPort)}`,
      MAIL_FROM: 'Mansap <mansap@example.org>',
    }),
  }

  // a part that is started again on a full disk runs all the same
  const noteRun = () => {
    try {
      writeRun(folder, record)
    } catch (error) {
      say(`${files.run} could not be written: ${diskProblem(error, folder) ?? messageOf(error)}`)
    }
  }
  const titles = new Map<string, PartName>()
  const supervisor = new Supervisor(say, (title, pid) => {
    const part = titles.get(title)
    if (part === undefined) return
    record = { ...record, pids: { ...record.pids, [part]: pid } }
    noteRun()
  })
  const startPart = (part: PartName, begin: Parameters<Supervisor['start']>[1]) => {
    titles.set(TITLES[part], part)
    return supervisor.start(TITLES[part], begin)
  }

  const startDatabase = async (): Promise<void> => {
    const first = !existsSync(files.postgres)
    say(first ? 'Making the database …' : 'Starting the database …')
    initialisePostgres(postgres)
    await startPart('postgres', (spawned) => {
      turnLog(postgres.logFile)
      return startPostgres(postgres, spawned)
    })
    await ensureDatabase(postgres, DATABASE)
    const applied = await migrateDeploy(url)
    if (applied.length > 0) say(`Applied ${applied.length} migration${applied.length === 1 ? '' : 's'}.`)
  }

  const startEngine = async (): Promise<void> => {
    const program = await temporalProgram(say)
    const version = await temporalVersion(program)
    const written = temporalDataVersion(folder)
    if (!mayOpen(written, version)) {
      throw new CannotStart(
        `The cases in ${folder} were written by Temporal ${written}, and ${program} brings ${version}: use that version or a newer one, or another data folder.`,
      )
    }
    writeVersions(folder, { temporal: version, postgres: POSTGRES_MAJOR })
    say('Starting the Temporal server …')
    const logFile = path.join(files.logs, 'temporal.log')
    await startPart('temporal', (spawned) => {
      turnLog(logFile)
      return startTemporal({ program, port: temporalPort, file: files.temporal, logFile }, spawned)
    })
  }

  const keepRoot = (line: string) => {
    if (rootIn(line) === null) return
    try {
      appendFileSync(files.roots, `${line}\n`)
    } catch (error) {
      say(`The daily root of the audit trails could not be kept: ${diskProblem(error, folder) ?? messageOf(error)}`)
    }
  }
  const startProcess = (part: 'worker' | 'api') =>
    startPart(part, (spawned) =>
      startScript(
        {
          script: place.scripts[part],
          folder,
          env,
          logFile: path.join(files.logs, `${part}.log`),
          onWarning: (text) => say(`${TITLES[part]}: ${text}`),
          onLine: keepRoot,
        },
        spawned,
      ),
    )

  let mailbox: Mailbox | null = null
  const startMail = async (): Promise<void> => {
    if (smtpPort === undefined || lettersPort === undefined) return
    // a part of the demonstration alone: no image has it
    const { startMailbox } = await import('./mailbox')
    mailbox = await startMailbox({ folder: files.letters, smtpPort, pagePort: lettersPort })
    say(`Letters that it sends are shown on ${mailbox.pageUrl}`)
  }

  return {
    baseUrl,
    databaseUrl: url,
    temporalAddress: env.TEMPORAL_ADDRESS,
    today: today(),
    start: async () => {
      try {
        const serve = async () => {
          await whole([startDatabase(), startEngine()])
          say('Starting the worker …')
          await whole([startProcess('worker'), place.whole ? seed(url, say) : Promise.resolve()])
        }
        await whole([serve(), startMail(), place.whole ? buildConsole(say) : Promise.resolve()])
        say('Starting the API …')
        await startProcess('api')
        const host = place.host === '0.0.0.0' ? '127.0.0.1' : place.host
        await untilReady(`http://${host}:${place.port}/ready`, files.logs, () => {
          const part = PARTS.find((name) => (supervisor.deaths.get(TITLES[name]) ?? 0) >= GIVE_UP_AFTER)
          if (part === undefined) return undefined
          return `${TITLES[part]} keeps ending: ${lastLine(path.join(files.logs, `${part}.log`))}`
        })
      } catch (error) {
        throw explained(error, folder)
      }
    },
    stop: async () => {
      await supervisor.stop()
      await mailbox?.close()
    },
  }
}

// Every branch is waited for, so that nothing is being started any more when a failure stops the rest.
async function whole(branches: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(branches)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

async function seed(url: string, say: (line: string) => void): Promise<void> {
  const { seedRegister } = await import('../prisma/seed/seed')
  say('Preparing the sample register …')
  // The people of the sample are newcomers as of the day on which it is made.
  await seedRegister(url, { on: today() })
}

const today = (): IsoDate => isoDate(new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' }))

/** How long a start may take before the launcher gives up. */
const READY_WITHIN = 180_000

/** Deaths of one part during a start that show that trying again is of no use. */
const GIVE_UP_AFTER = 3

async function untilReady(url: string, logs: string, failure: () => string | undefined): Promise<void> {
  const until = Date.now() + READY_WITHIN
  let said = 'no answer'
  while (Date.now() < until) {
    const failed = failure()
    if (failed !== undefined) throw new CannotStart(failed)
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      if (response.ok) return
      said = `${response.status} ${(await response.text()).slice(0, 300)}`
    } catch (error) {
      said = messageOf(error)
    }
    await sleep(100)
  }
  throw new CannotStart(`Mansap did not become ready in three minutes (${said}); the logs are in ${logs}.`)
}

/** What a log says last, in plain words where the line is JSON. */
export function lastLine(file: string): string {
  const line = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) : undefined
  return line ? (warningIn(line) ?? line) : `see ${file}`
}

/** The same failure in one sentence, when its cause is one that a person can mend. */
export function explained(error: unknown, folder: string): unknown {
  const full = /No space left on device|database or disk is full/.test(messageOf(error))
  const problem = full ? spaceProblem(0, folder) : diskProblem(error, folder)
  if (problem !== undefined) return new CannotStart(problem)
  return error instanceof MigrationRefused ? new CannotStart(error.message) : error
}

export const productScripts = {
  worker: path.join(root, 'worker', 'main.ts'),
  api: path.join(root, 'api', 'server.ts'),
}
