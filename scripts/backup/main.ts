/** `npm run backup -- <folder>` while the product runs, `npm run restore -- <folder>` into a new data folder. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { ConfigError, readFilesInS3, VERSION } from '../../api/config'
import { CannotStart } from '../processes'
import { dataFolder, running } from '../running'
import { backUp, copyByCommand, copyDataFolder } from './backup'
import { readManifest } from './manifest'
import { restoreDatabase, restoreFolder } from './restore'

const say = (line: string): void => console.log(line)

async function backup(folder: string, command: string | undefined): Promise<void> {
  const production = Boolean(process.env['DATABASE_URL'])
  if (production && command === undefined)
    throw new CannotStart(
      'In production say with --temporal-by="…" how Temporal is copied; doc/backup.md has examples.',
    )
  const { files } = await backUp({
    databaseUrl: running().databaseUrl,
    into: folder,
    copyTemporal: command === undefined ? copyDataFolder(dataFolder()) : copyByCommand(command),
    productVersion: VERSION,
  })
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  say(
    `The backup in ${folder} is complete (${Math.ceil(bytes / 1024 / 1024)} MB). It holds personal data and keys: guard it.`,
  )
}

async function restore(folder: string): Promise<void> {
  const url = process.env['DATABASE_URL']
  if (url) {
    await restoreDatabase(folder, url, await readManifest(folder), say, readFilesInS3())
    say(
      'The database is restored. Restore Temporal as it was copied, start Mansap, then run: npm run reconcile -- --mend',
    )
  } else {
    const into = dataFolder()
    await restoreFolder(folder, into, say, readFilesInS3())
    say(`Restored into ${into}. Start Mansap there, then run: npm run reconcile -- --mend`)
  }
}

async function main([verb, ...rest]: readonly string[]): Promise<void> {
  const flag = '--temporal-by='
  const command = rest.find((each) => each.startsWith(flag))?.slice(flag.length)
  const [folder, more] = rest.filter((each) => !each.startsWith(flag))
  if (folder === undefined || folder.startsWith('-') || more !== undefined)
    throw new CannotStart(`Say which folder: npm run ${verb === 'restore' ? 'restore' : 'backup'} -- /path/to/folder`)
  const place = path.resolve(folder)
  if (verb === 'backup') return backup(place, command)
  if (!existsSync(place)) throw new CannotStart(`There is no folder ${place}.`)

  return restore(place)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof CannotStart || error instanceof ConfigError ? error.message : error)
  process.exitCode = 1
})
