/**
 * Copies the product while it runs. The two copies must agree: an answer is confirmed when its step is in Postgres, and a step is
 * there only after Temporal has it in history. So recording steps waits (nothing is refused) while Temporal is copied and until
 * Postgres' snapshot is taken. Then Temporal's copy has every step that Postgres' copy has, and at most one more per case, on
 * its way; Postgres' copy has every command and every content that Temporal's copy knows of.
 */
import { execFile } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { fileIn, temporalDataVersion } from '../data-folder'
import { POSTGRES_MAJOR } from '../postgres'
import { CannotStart, saidBy } from '../processes'
import { pythonProgram } from '../temporal'
import { makeBackupFolder, writeManifest, type Manifest } from './manifest'
import { takeSnapshot, type Snapshot } from './rows'

const run = promisify(execFile)

export const TEMPORAL_FILE = 'temporal.db'
export const SECRETS_FILE = 'secrets.json'

export interface BackupPlan {
  readonly databaseUrl: string
  /** new or empty folder for the backup */
  readonly into: string
  /** copies Temporal into the folder; answers the version of what it copied, or null when it cannot say */
  readonly copyTemporal: (into: string) => Promise<string | null>
  readonly productVersion: string
  /** waited for at the moment of which the backup is, and again when steps are recorded while the rows are copied */
  readonly reached?: (point: 'moment' | 'copying') => void | Promise<void>
}

/** Makes a backup of the running product. */
export async function backUp(plan: BackupPlan): Promise<Manifest> {
  makeBackupFolder(plan.into)
  const madeAt = new Date().toISOString()
  const held = await holdSteps(plan.databaseUrl)
  let snapshot: Snapshot | null = null
  try {
    const temporal = await plan.copyTemporal(plan.into)
    snapshot = await takeSnapshot(plan.databaseUrl)
    await plan.reached?.('moment')
    await held.goOn()
    await plan.reached?.('copying')
    const tables = await snapshot.copyTo(plan.into)
    const { migrations } = snapshot

    return await writeManifest(plan.into, {
      madeAt,
      product: plan.productVersion,
      temporal,
      postgres: POSTGRES_MAJOR,
      migrations,
      tables,
    })
  } finally {
    await held.end()
    await snapshot?.end()
  }
}

interface Held {
  /** lets steps be recorded again; throws when they could have been meanwhile */
  readonly goOn: () => Promise<void>
  readonly end: () => Promise<void>
}

/** Lets no step be recorded; those under way are waited for. */
async function holdSteps(url: string): Promise<Held> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  const end = () => client.end()
  try {
    await client.query('begin')
    await client.query(`set local lock_timeout = '60s'`)
    // the copy of Temporal may take longer than the server lets others be idle
    await client.query('set local idle_in_transaction_session_timeout = 0')
    await client.query('lock table steps in share mode')
  } catch (error) {
    await end()
    throw error
  }

  return {
    goOn: async () => {
      try {
        await client.query('commit')
      } catch (error) {
        throw new CannotStart(
          `The connection that held steps back was lost (${saidBy(error)}), and the two copies may not agree: make the backup again.`,
        )
      }
    },
    end,
  }
}

/** Copies the Temporal file and the keys of the product that runs in a data folder. */
export function copyDataFolder(folder: string): BackupPlan['copyTemporal'] {
  return async (into) => {
    const files = fileIn(folder)
    await copySqlite(files.temporal, path.join(into, TEMPORAL_FILE))
    copyFileSync(files.secrets, path.join(into, SECRETS_FILE))
    chmodSync(path.join(into, SECRETS_FILE), 0o600)

    return temporalDataVersion(folder) ?? null
  }
}

/** The operator's own command, which finds the folder in MANSAP_BACKUP. */
export function copyByCommand(command: string): BackupPlan['copyTemporal'] {
  return async (into) => {
    try {
      await run('/bin/sh', ['-c', command], { env: { ...process.env, MANSAP_BACKUP: into } })
    } catch (error) {
      throw new CannotStart(`The command that copies Temporal failed: ${saidBy(error)}`)
    }

    return null
  }
}

/**
 * SQLite's own online backup: one consistent moment, while the server writes on. Python brings it in its standard library, and the
 * Temporal server was fetched with Python; Node has it from version 22 only.
 */
const COPY = `
import pathlib, sqlite3, sys
source = sqlite3.connect(pathlib.Path(sys.argv[1]).as_uri() + '?mode=ro', uri=True, timeout=30)
copy = sqlite3.connect(sys.argv[2])
source.backup(copy)
said = copy.execute('pragma quick_check').fetchone()[0]
copy.close()
sys.exit(None if said == 'ok' else said)
`

async function copySqlite(from: string, to: string): Promise<void> {
  if (!existsSync(from)) throw new CannotStart(`There is no Temporal data in ${path.dirname(from)}.`)
  const python = await pythonProgram()
  if (!python)
    throw new CannotStart(
      'A backup of the Temporal file needs Python 3: install it, or stop Mansap and copy its folder.',
    )
  try {
    await run(python, ['-c', COPY, from, to])
  } catch (error) {
    throw new CannotStart(`The Temporal file could not be copied: ${saidBy(error).split('\n').at(-1) ?? ''}`)
  }
  chmodSync(to, 0o600)
}
