/** What a backup says of itself, so that a damaged or foreign one is refused before anything is made of it. */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CannotStart, errorCode } from '../processes'

/** Of the files of a backup; another number when a restore has to read them otherwise. */
export const FORMAT = 1
const MANIFEST = 'manifest.json'

export interface Manifest {
  readonly format: typeof FORMAT
  readonly madeAt: string
  /** version of the product that made it */
  readonly product: string
  /** version of the Temporal server whose file it holds; null when Temporal was copied by the operator's command */
  readonly temporal: string | null
  readonly postgres: string
  readonly migrations: readonly { readonly name: string; readonly checksum: string }[]
  readonly tables: readonly { readonly name: string; readonly rows: number }[]
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
}

/** Makes the folder of a backup, which nobody else may read; refuses one that holds something. */
export function makeBackupFolder(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new CannotStart(`${folder} is not empty: a backup is written into a new folder.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    // one that was there already, as one that is mounted
    chmodSync(folder, 0o700)
  } catch (error) {
    throw new CannotStart(
      `${folder} cannot be closed to others (${errorCode(error) ?? String(error)}), and a backup holds personal data: give a folder of your own.`,
    )
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)

  return hash.digest('hex')
}

/** Writes the manifest last: a backup that was cut off has none. */
export async function writeManifest(folder: string, about: Omit<Manifest, 'format' | 'files'>): Promise<Manifest> {
  const names = readdirSync(folder).sort()
  const files = []
  for (const name of names) {
    const file = path.join(folder, name)
    files.push({ name, bytes: statSync(file).size, sha256: await sha256Of(file) })
  }
  const manifest: Manifest = { format: FORMAT, ...about, files }
  writeFileSync(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })

  return manifest
}

/** The manifest of a backup whose files are all there as they were written; else a sentence. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, MANIFEST)
  if (!existsSync(file))
    throw new CannotStart(`${folder} holds no ${MANIFEST}: it is no backup, or one that was cut off while being made.`)
  const manifest = parsed(readFileSync(file, 'utf8'))
  if (!manifest) throw new CannotStart(`The backup in ${folder} is damaged: its ${MANIFEST} cannot be read.`)
  if (manifest.format !== FORMAT)
    throw new CannotStart(
      `The backup in ${folder} was made by another version of Mansap (${manifest.product}): use that one.`,
    )
  for (const { name, bytes, sha256 } of manifest.files) {
    const part = path.join(folder, name)
    if (!existsSync(part) || statSync(part).size !== bytes || (await sha256Of(part)) !== sha256)
      throw new CannotStart(`The backup in ${folder} is damaged: ${name} is not as it was written.`)
  }

  return manifest
}

function parsed(text: string): Manifest | undefined {
  try {
    return JSON.parse(text) as Manifest
  } catch {
    return undefined
  }
}
