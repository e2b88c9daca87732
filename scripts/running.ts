/** Where the servers are that a command for the operator speaks to. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileIn, readRun, secretsOf } from './data-folder'
import { databaseUrl } from './postgres'
import { CannotStart, isAlive } from './processes'

export interface Running {
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** the daily roots of the audit trails as this machine has kept them; in production the operator says where */
  readonly rootsFile?: string
}

/** The data folder of the one-machine product: MANSAP_DATA, else `.data` beside the sources. */
export const dataFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  path.resolve(env['MANSAP_DATA'] ?? path.join(__dirname, '..', '.data'))

/** The servers of the product that runs in this folder; refuses with a sentence when none does. */
export function runningIn(folder: string): Running {
  const record = readRun(folder)
  if (!record || !isAlive(record.launcher))
    throw new CannotStart(`Mansap does not run with the data in ${folder}: start it first.`)
  const { roots } = fileIn(folder)
  const place = { port: record.postgresPort, password: secretsOf(folder).postgres }

  return {
    databaseUrl: databaseUrl(place, 'mansap'),
    temporal: { address: `127.0.0.1:${record.temporalPort}`, namespace: 'default' },
    ...(existsSync(roots) && { rootsFile: roots }),
  }
}

/** As production names its servers (DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE), else the product of the data folder. */
export function running(env: NodeJS.ProcessEnv = process.env): Running {
  const url = env['DATABASE_URL']
  if (!url) return runningIn(dataFolder(env))

  return {
    databaseUrl: url,
    temporal: {
      address: env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233',
      namespace: env['TEMPORAL_NAMESPACE'] ?? 'default',
    },
  }
}
