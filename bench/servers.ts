/** The servers and the product's processes, as `npm start` runs them or in the shape of production. */
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { seedRegister } from '../prisma/seed/seed'
import { createDb } from '../prisma/store/db'
import { startScript, Supervisor, type Begin } from '../scripts/children'
import { fileIn, readRun, takeFolder } from '../scripts/data-folder'
import type { PartName } from '../scripts/data-folder'
import { query } from '../scripts/postgres'
import { CannotStart, freePort } from '../scripts/processes'
import { prepareProduct } from '../scripts/product'
import { enterExampleLaw } from '../test/example/register'
import { isoDate } from '../workflows/kernel/law/calendar'
import type { IsoDate } from '../workflows/kernel/contract'

export type ServerKind = 'dev' | 'postgres'

export interface Servers {
  readonly baseUrl: string
  /** a database of this name on the Postgres server, as one who may do everything there */
  readonly databaseUrl: (name: string) => string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** databases and files in which Temporal keeps its own */
  readonly temporalDatabases: readonly string[]
  readonly temporalFiles: readonly string[]
  readonly pids: () => Readonly<Partial<Record<PartName, number>>>
  readonly restartWorker: () => Promise<void>
  /** the log of a part */
  readonly logOf: (part: PartName) => string
  readonly stop: () => Promise<void>
}

const scripts = {
  worker: path.join(__dirname, 'product-worker.ts'),
  api: path.join(__dirname, 'product-api.ts'),
}
const named =
  (url: string) =>
  (name: string): string =>
    url.replace(/\/[^/]+$/, `/${name}`)

export const startServers = (kind: ServerKind, folder: string, say: (line: string) => void): Promise<Servers> =>
  kind === 'dev' ? asNpmStart(folder, say) : asProduction(folder, say)

async function asNpmStart(folder: string, say: (line: string) => void): Promise<Servers> {
  const giveBack = await takeFolder(folder)
  const product = await prepareProduct({
    folder,
    host: '127.0.0.1',
    port: await freePort(),
    scripts,
    whole: false,
    say,
  })
  const stop = async () => {
    await product.stop()
    giveBack()
  }
  const pids = () => readRun(folder)?.pids ?? {}
  try {
    await product.start()
    await seed(product.databaseUrl, product.today)

    return {
      baseUrl: product.baseUrl,
      databaseUrl: named(product.databaseUrl),
      temporal: { address: product.temporalAddress, namespace: 'default' },
      temporalDatabases: [],
      temporalFiles: [fileIn(folder).temporal, `${fileIn(folder).temporal}-wal`],
      pids,
      restartWorker: async () => {
        const { worker } = pids()
        // as an upgrade does; the launcher starts it again
        if (worker !== undefined) process.kill(worker, 'SIGTERM')
        while (pids().worker === worker) await sleep(20)
      },
      logOf: (part) => path.join(fileIn(folder).logs, `${part}.log`),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Postgres and the Temporal server with the settings of docker-compose.yml; one API and one worker, as the other machine half would be idle. */
async function asProduction(folder: string, say: (line: string) => void): Promise<Servers> {
  // only here: npm start knows nothing of the file that it reads
  const { startProduction } = await import('../scripts/production')
  const production = await startProduction({ folder, say, processes: [] })
  const running: Partial<Record<PartName, number>> = {}
  const supervisor = new Supervisor(say, (part, pid) => {
    running[part as PartName] = pid
  })
  const stop = async () => {
    await supervisor.stop()
    await production.stop()
  }
  const logOf = (part: PartName): string => path.join(folder, 'logs', `${part}.log`)
  const start =
    (part: 'worker' | 'api'): Begin =>
    (spawned) =>
      startScript(
        {
          script: scripts[part],
          folder,
          env: { ...production.environment(`${part}-1`), MANSAP_DEMO: '1' },
          logFile: logOf(part),
          onWarning: (text) => say(`${part}: ${text}`),
        },
        spawned,
      )
  try {
    if (production.engine !== 'postgres')
      throw new CannotStart(
        'There is no Temporal server binary: set TEMPORAL_SERVER and TEMPORAL_SQL_TOOL, or measure with --server dev.',
      )
    const today = isoDate(new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' }))
    await seed(production.databaseUrl, today)
    await supervisor.start('worker', start('worker'))
    await supervisor.start('api', start('api'))
    const baseUrl = `http://127.0.0.1:${production.environment('api-1').PORT ?? ''}`
    await ready(baseUrl)
    const rows = await query(production.adminUrl, `select datname from pg_database where datname like 'temporal%'`)

    return {
      baseUrl,
      databaseUrl: named(production.adminUrl),
      temporal: production.temporal,
      temporalDatabases: rows.map(({ datname }) => String(datname)),
      temporalFiles: [],
      pids: () => {
        const { postgres, temporal } = production.pids()

        return { ...running, ...(postgres && { postgres }), ...(temporal && { temporal }) }
      },
      restartWorker: async () => {
        await supervisor.end('worker')
        await supervisor.start('worker', start('worker'))
      },
      logOf,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The sample register, and the law of the example. */
async function seed(databaseUrl: string, on: IsoDate): Promise<void> {
  const db = createDb(databaseUrl, 1)
  await seedRegister(db, { on })
  await enterExampleLaw(db)
  await db.$disconnect()
}

async function ready(baseUrl: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const response = await fetch(`${baseUrl}/ready`).catch(() => undefined)
    if (response?.ok) return
    await sleep(200)
  }
  throw new CannotStart(`${baseUrl} did not become ready in two minutes.`)
}
