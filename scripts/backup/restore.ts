/** Makes a data folder, or fills an empty database, from a backup. What a stopped restore leaves behind is taken away again. */
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDb } from '../../prisma/store/db'
import { fileStoreOf, whyNotKeptThere, type S3Settings } from '../../prisma/store/file-store-s3'
import { damagedFiles } from '../../prisma/store/files'
import { knownMigrations, migrateDeploy } from '../../prisma/migrate'
import { emptyFolder, fileIn, secretsOf, takeFolder, writeVersions } from '../data-folder'
import { databaseUrl, ensureDatabase, initialisePostgres, POSTGRES_MAJOR, query, startPostgres } from '../postgres'
import { CannotStart, freePort } from '../processes'
import { mayOpen, temporalProgram, temporalVersion } from '../temporal'
import { SECRETS_FILE, TEMPORAL_FILE } from './backup'
import { readManifest, type Manifest } from './manifest'
import { fillTables } from './rows'

const MIGRATIONS = path.join(__dirname, '..', '..', 'prisma', 'migrations')

/** Restores the one-machine product into a new data folder; it is started as usual afterwards. */
export async function restoreFolder(
  from: string,
  folder: string,
  say: (line: string) => void,
  filesInS3: S3Settings | null,
): Promise<void> {
  const manifest = await readManifest(from)
  const giveBack = await takeFolder(folder)
  try {
    if (readdirSync(folder).some((name) => name !== path.basename(fileIn(folder).lock)))
      throw new CannotStart(`${folder} holds data already: restore into a new folder (MANSAP_DATA names it).`)
    const program = await temporalProgram(say)
    const version = await temporalVersion(program)
    if (manifest.temporal === null)
      throw new CannotStart(`The backup in ${from} holds no Temporal file: it is one of production.`)
    if (!mayOpen(manifest.temporal, version))
      throw new CannotStart(
        `The backup was written by Temporal ${manifest.temporal}, and ${program} brings ${version}: use that version or a newer one.`,
      )
    const { restoring } = fileIn(folder)
    try {
      writeFileSync(restoring, '')
      await fillFolder(from, folder, manifest, say, filesInS3)
      writeVersions(folder, { temporal: manifest.temporal, postgres: POSTGRES_MAJOR })
      rmSync(restoring)
    } catch (error) {
      emptyFolder(folder)
      throw error
    }
  } finally {
    giveBack()
  }
}

async function fillFolder(
  from: string,
  folder: string,
  manifest: Manifest,
  say: (line: string) => void,
  filesInS3: S3Settings | null,
): Promise<void> {
  const files = fileIn(folder)
  const cutOff = untilCutOff()
  copyFileSync(path.join(from, SECRETS_FILE), files.secrets)
  const place = {
    folder: files.postgres,
    port: await freePort(),
    password: secretsOf(folder).postgres,
    logFile: path.join(folder, 'restore.log'),
    durable: true,
  }
  say('Making the database …')
  initialisePostgres(place)
  const server = await startPostgres(place)
  try {
    await ensureDatabase(place, 'mansap')
    await Promise.race([restoreDatabase(from, databaseUrl(place, 'mansap'), manifest, say, filesInS3), cutOff])
  } finally {
    await server.stop()
  }
  say('Copying the Temporal file …')
  copyFileSync(path.join(from, TEMPORAL_FILE), files.temporal)
}

/** Rejects when the restore is told to end, so that the server it has started is stopped and the folder emptied. */
function untilCutOff(): Promise<never> {
  const told = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new CannotStart('The restore was cut off; the folder is empty again.')))
  })
  // before anybody waits for it
  told.catch(() => undefined)

  return told
}

/** Restores the rows into an empty database. */
export async function restoreDatabase(
  from: string,
  url: string,
  manifest: Manifest,
  say: (line: string) => void,
  filesInS3: S3Settings | null,
): Promise<void> {
  const [found] = await query(
    url,
    `select count(*)::int as n from information_schema.tables where table_schema = current_schema()`,
  )
  if (found?.['n'] !== 0) throw new CannotStart('The database holds tables already: restore into an empty one.')
  await withMigrationsOf(manifest, (folder) => migrateDeploy(url, folder))
  say('Filling the tables …')
  await fillTables(url, from, manifest.tables)
  // a step that was changed since is found here, and not at the next start
  await withMigrationsOf(manifest, (folder) => migrateDeploy(url, folder))
  if (manifest.tables.some(({ name }) => name === 'file_pieces')) await verifyFiles(url, say, filesInS3)
}

/** Reads every file that people have uploaded, and says which is not what they uploaded: it was not when the backup was made. */
async function verifyFiles(url: string, say: (line: string) => void, filesInS3: S3Settings | null): Promise<void> {
  const db = createDb(url, 1)
  let files = 0
  try {
    const elsewhere = await whyNotKeptThere(db, filesInS3)
    if (elsewhere !== null) {
      say(`The uploaded files were not read. ${elsewhere}`)

      return
    }
    for await (const { storeKey, what, why, cases } of damagedFiles(
      db,
      fileStoreOf(db, filesInS3),
      () => (files += 1),
    )) {
      const of = cases.join(', ') || 'of no case'
      say(
        what === 'unreadable'
          ? `Bytes ${storeKey} cannot be read: ${String(why)} (${of}).`
          : `Bytes ${storeKey} are ${what}, and were when the backup was made (${of}).`,
      )
    }
    say(`Read ${files} uploaded files and held them against their hashes.`)
  } finally {
    await db.$disconnect()
  }
}

/** The migrations that the backup had, and no later ones: the next start applies those to rows that fit. */
async function withMigrationsOf(manifest: Manifest, use: (folder: string) => Promise<unknown>): Promise<void> {
  const known = await knownMigrations(MIGRATIONS)
  const unknown = manifest.migrations.find(({ name }) => !known.includes(name))
  if (unknown)
    throw new CannotStart(
      `The backup was made by a newer version of Mansap (${manifest.product}; it holds migration ${unknown.name}): restore it with that one.`,
    )
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-migrations-'))
  try {
    for (const { name } of manifest.migrations)
      cpSync(path.join(MIGRATIONS, name), path.join(folder, name), { recursive: true })
    await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
