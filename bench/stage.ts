/** Everything the benchmark runs on, in a folder of its own: servers, the product as `npm start` runs it, and the floor. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { Pool } from 'pg'
import { startScript } from '../scripts/children'
import type { Started } from '../scripts/children'
import { query } from '../scripts/postgres'
import { freePort } from '../scripts/processes'
import { FLOOR_DATABASE } from './floor/messages'
import { doorSystem, floorSystem } from './floor/system'
import { meters } from './meters'
import type { Meters, Pids } from './meters'
import { PRODUCT_DATABASE, productSystem } from './product'
import { PROFILE_FOLDER } from './profiler'
import { startServers } from './servers'
import type { ServerKind } from './servers'
import type { Half, System } from './system'

export interface Stage {
  /** no `door` unless one was wanted */
  readonly systems: Readonly<Record<Half, System> & { door?: System }>
  readonly meters: Meters
  readonly pids: Pids
  readonly baseUrl: string
  readonly temporal: Client
  readonly product: Pool
  readonly floor: Pool
  /** folder of logs and profiles */
  readonly folder: string
  readonly postgresLog: string
  /** what keeps a worker awake, by kind: timers, sockets */
  readonly handles: (name: Half) => Promise<Readonly<Record<string, number>>>
  /** ends a worker and starts it again; resolves when the new process has been started */
  readonly restartWorker: (name: Half) => Promise<void>
  readonly stop: () => Promise<void>
}

export interface StagePlan {
  readonly server: ServerKind
  readonly people: number
  /** the floor is to be asked through a door too */
  readonly door: boolean
  /** processor profiles are wanted */
  readonly profile: boolean
  readonly say: (line: string) => void
}

/** Brings everything up; what was started is stopped again when that fails. */
export async function setStage({ server, people, door, profile, say }: StagePlan): Promise<Stage> {
  // Postgres, started by root, runs as another user: its folder must not be inside a private one.
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-bench-'))
  chmodSync(folder, 0o755)
  if (profile) {
    process.env[PROFILE_FOLDER] = path.join(folder, 'profiles')
    mkdirSync(path.join(folder, 'profiles'))
  }
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 })]
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const servers = await startServers(server, folder, say)
    undo.push(servers.stop)

    await query(servers.databaseUrl('postgres'), `create database ${FLOOR_DATABASE}`)
    const { address, namespace } = servers.temporal
    const floorLog = servers.logOf('worker').replace('worker', 'floor')
    const floorEnv = {
      FLOOR_TEMPORAL: address,
      FLOOR_NAMESPACE: namespace,
      FLOOR_DATABASE: servers.databaseUrl(FLOOR_DATABASE),
    }
    const startFloor = (): Promise<Started> =>
      startScript({
        script: path.join(__dirname, 'floor', 'worker.ts'),
        folder: `${folder}/${FLOOR_DATABASE}`,
        env: floorEnv,
        logFile: floorLog,
        onWarning: say,
      })
    let floorWorker = await startFloor()
    undo.push(() => floorWorker.stop())

    const connection = await Connection.connect({ address })
    undo.push(() => connection.close())
    const temporal = new Client({ connection, namespace })
    const pool = (database: string): Pool => {
      const made = new Pool({ connectionString: servers.databaseUrl(database), max: 32 })
      // the server is stopped while its connections are idle
      made.on('error', () => undefined)
      undo.push(() => made.end())

      return made
    }
    const [product, floor] = [pool(PRODUCT_DATABASE), pool(FLOOR_DATABASE)]
    const openDoor = async (inside: System): Promise<{ system: System; pid: number }> => {
      const port = await freePort()
      const started = await startScript({
        script: path.join(__dirname, 'floor', 'door.ts'),
        folder: `${folder}/door`,
        env: { ...floorEnv, FLOOR_PORT: String(port) },
        logFile: floorLog.replace('floor', 'door'),
        onWarning: say,
      })
      undo.push(() => started.stop())
      const baseUrl = `http://127.0.0.1:${String(port)}`
      let ended = false
      void started.ended.then(() => (ended = true))
      while (!(await fetch(baseUrl).catch(() => null))) {
        if (ended) throw new Error('the door of the floor did not open: its log says why')
        await sleep(100)
      }
      const system = await doorSystem(inside, baseUrl)
      undo.push(() => system.close())

      return { system, pid: started.pid }
    }
    const systems = {
      product: await productSystem({ baseUrl: servers.baseUrl, sql: product, temporal, people }),
      floor: await floorSystem({ sql: floor, temporal, people }),
    }
    undo.push(() => systems.product.close())
    const opened = door ? await openDoor(systems.floor) : undefined
    const pids: Pids = () => ({
      ...servers.pids(),
      floorWorker: floorWorker.pid,
      ...(opened && { floorDoor: opened.pid }),
      load: process.pid,
    })

    return {
      systems: { ...systems, ...(opened && { door: opened.system }) },
      pids,
      meters: meters({
        pids,
        sql: product,
        temporalDatabases: servers.temporalDatabases,
        temporalFiles: servers.temporalFiles,
        applicationDatabases: [PRODUCT_DATABASE, FLOOR_DATABASE],
      }),
      baseUrl: servers.baseUrl,
      temporal,
      product,
      floor,
      folder,
      postgresLog: servers.logOf('postgres'),
      handles: (name) =>
        name === 'floor'
          ? handlesOf(floorWorker.pid, floorLog)
          : handlesOf(servers.pids().worker ?? NaN, servers.logOf('worker')),
      restartWorker: async (name) => {
        if (name === 'product') return servers.restartWorker()
        await floorWorker.stop()
        floorWorker = await startFloor()
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
