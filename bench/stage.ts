/** Everything the benchmark runs on, in a folder of its own: servers, the product as `npm start` runs it, and the floor. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { Pool } from 'pg'
import { seedRegister } from '../prisma/seed/seed'
import { startScript } from '../scripts/children'
import type { Started } from '../scripts/children'
import { fileIn, readRun, takeFolder } from '../scripts/data-folder'
import { query } from '../scripts/postgres'
import { freePort } from '../scripts/processes'
import { prepareProduct } from '../scripts/product'
import { FLOOR_DATABASE } from './floor/messages'
import { floorSystem } from './floor/system'
import { meters } from './meters'
import type { Meters, Pids } from './meters'
import { productSystem } from './product'
import { PROFILE_FOLDER } from './profiler'
import type { System, SystemName } from './system'

export interface Stage {
  readonly systems: Readonly<Record<SystemName, System>>
  readonly meters: Meters
  readonly pids: Pids
  readonly baseUrl: string
  readonly temporal: Client
  readonly product: Pool
  readonly floor: Pool
  /** folder of logs and profiles */
  readonly folder: string
  /** what keeps a worker awake, by kind: timers, sockets */
  readonly handles: (name: SystemName) => Promise<Readonly<Record<string, number>>>
  /** ends a worker and starts it again; resolves when the new process has been started */
  readonly restartWorker: (name: SystemName) => Promise<void>
  readonly stop: () => Promise<void>
}

export interface StagePlan {
  readonly server: 'dev' | 'postgres'
  readonly people: number
  /** processor profiles are wanted */
  readonly profile: boolean
  readonly say: (line: string) => void
}

/** Brings everything up; what was started is stopped again when that fails. */
export async function setStage({ people, profile, say }: StagePlan): Promise<Stage> {
  // Postgres, started by root, runs as another user: its folder must not be inside a private one.
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-bench-'))
  chmodSync(folder, 0o755)
  if (profile) {
    process.env[PROFILE_FOLDER] = path.join(folder, 'profiles')
    mkdirSync(path.join(folder, 'profiles'))
  }
  const logOf = (name: string): string => path.join(fileIn(folder).logs, `${name}.log`)
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 })]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    undo.push(await takeFolder(folder))
    const product = await prepareProduct({
      folder,
      host: '127.0.0.1',
      port: await freePort(),
      scripts: {
        worker: path.join(__dirname, 'product-worker.ts'),
        api: path.join(__dirname, 'product-api.ts'),
      },
      whole: false,
      say,
    })
    undo.push(product.stop)
    await product.start()
    await seedRegister(product.databaseUrl, { on: product.today })

    const floorUrl = product.databaseUrl.replace(/\/[^/]+$/, `/${FLOOR_DATABASE}`)
    await query(product.databaseUrl, `create database ${FLOOR_DATABASE}`)
    const startFloor = (): Promise<Started> =>
      startScript({
        script: path.join(__dirname, 'floor', 'worker.ts'),
        folder: `${folder}/${FLOOR_DATABASE}`,
        env: { FLOOR_TEMPORAL: product.temporalAddress, FLOOR_DATABASE: floorUrl },
        logFile: logOf('floor'),
        onWarning: say,
      })
    let floorWorker = await startFloor()
    undo.push(() => floorWorker.stop())

    const connection = await Connection.connect({ address: product.temporalAddress })
    undo.push(() => connection.close())
    const temporal = new Client({ connection })
    const pools = [product.databaseUrl, floorUrl].map((connectionString) => {
      const pool = new Pool({ connectionString, max: 32 })
      // the server is stopped while its connections are idle
      pool.on('error', () => undefined)
      undo.push(() => pool.end())

      return pool
    })
    const [ofProduct, ofFloor] = pools
    if (!ofProduct || !ofFloor) throw new Error('no pools')
    const pids: Pids = () => ({ ...readRun(folder)?.pids, floorWorker: floorWorker.pid, load: process.pid })
    const { temporal: file } = fileIn(folder)
    const pidOf = (name: SystemName): number =>
      (name === 'floor' ? floorWorker.pid : readRun(folder)?.pids.worker) ?? NaN
    const systems = {
      product: await productSystem({ baseUrl: product.baseUrl, sql: ofProduct, temporal, people }),
      floor: await floorSystem({ sql: ofFloor, temporal, people }),
    }
    undo.push(() => systems.product.close())

    return {
      systems,
      pids,
      meters: meters({
        pids,
        sql: ofProduct,
        temporalDatabases: [],
        temporalFiles: [file, `${file}-wal`],
        applicationDatabases: ['mansap', FLOOR_DATABASE],
      }),
      baseUrl: product.baseUrl,
      temporal,
      product: ofProduct,
      floor: ofFloor,
      folder,
      handles: (name) => handlesOf(pidOf(name), logOf(name === 'floor' ? 'floor' : 'worker')),
      restartWorker: async (name) => {
        const old = pidOf(name)
        if (name === 'floor') {
          await floorWorker.stop()
          floorWorker = await startFloor()
        } else {
          // as an upgrade does; the launcher starts it again
          process.kill(old, 'SIGTERM')
          while (pidOf(name) === old) await sleep(20)
        }
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Asks a process and reads its answer from its log. */
async function handlesOf(pid: number, log: string): Promise<Readonly<Record<string, number>>> {
  const told = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"handles"'))
  const before = told().length
  process.kill(pid, 'SIGHUP')
  for (let tries = 0; tries < 100; tries += 1) {
    await sleep(50)
    const line = told().slice(before).at(-1)
    if (line) return (JSON.parse(line) as { handles: Record<string, number> }).handles
  }

  return {}
}
