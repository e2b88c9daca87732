/** An upload: its bytes go by once, are hashed, looked at and kept as they come, and become a file only when all of them have arrived. */
import { createHash } from 'node:crypto'
import { beginUpload, dropUpload, finishUpload } from '../../prisma/store/files'
import { MEGABYTE, type FileId, type FileKind, type FileLimits, type PersonId } from '../../workflows/kernel/contract'
import { Problem } from '../http/problems'
import { recognizer } from '../service/file-kind'
import { fileName } from '../service/file-name'
import type { Service } from '../service/service'

export interface Upload {
  readonly person: PersonId
  /** as the person's machine called it */
  readonly name: string
  readonly accepts: FileLimits
  /** Content-Length, where it was said */
  readonly length: number | null
  readonly bytes: AsyncIterable<Uint8Array>
  /** did whoever sends it go away? */
  readonly isCutOff: () => boolean
}

interface UploadedFile {
  readonly id: FileId
  readonly name: string
  readonly kind: FileKind
  readonly size: number
}

type Parts = Pick<Service, 'db' | 'log' | 'files' | 'scanner' | 'uploads'>

/** Keeps what is sent as a file of the person; throws why not, and then nothing of it counts. */
export async function uploadFile(service: Parts, upload: Upload): Promise<UploadedFile> {
  const { db, log, files: store, uploads } = service
  const { person, accepts, length } = upload
  if (length === 0) throw Problem.for('fileEmpty')
  if (length !== null && length > accepts.largest) throw tooLarge(accepts)
  const storeKey = await beginUpload(db, { person, reserved: length ?? accepts.largest, quota: uploads.quota })
  if (storeKey === null) throw Problem.for('uploadsFull', { params: { files: uploads.quota.files } })
  try {
    const { kind, ...kept } = await keep(service, storeKey, upload)
    const name = fileName(upload.name, kind)
    const { id, mended } = await finishUpload(db, store, { storeKey, person, name, kind, ...kept })
    if (mended !== null)
      log.error(
        { sha256: kept.sha256, was: mended },
        'bytes of a file were damaged, and are whole again by an upload of the same',
      )

    return { id, name, kind, size: kept.size }
  } catch (error) {
    // should this fail as well, the next round finds what is left
    await dropUpload(db, store, storeKey).catch(() => undefined)
    throw upload.isCutOff() ? Problem.for('fileCutOff') : error
  }
}

const tooLarge = ({ largest }: FileLimits): Problem =>
  Problem.for('fileTooLarge', { params: { megabytes: largest / MEGABYTE } })

/** Writes the bytes under a key and says what they are. */
async function keep(
  { files: store, scanner }: Parts,
  storeKey: string,
  { accepts, bytes }: Upload,
): Promise<{ readonly kind: FileKind; readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  const seen = recognizer()
  let size = 0
  const looking = async function* () {
    for await (const chunk of bytes) {
      size += chunk.length
      if (size > accepts.largest) throw tooLarge(accepts)
      hash.update(chunk)
      seen.take(chunk)
      yield chunk
    }
  }
  await store.write(storeKey, looking())
  if (size === 0) throw Problem.for('fileEmpty')
  const kind = seen.kind()
  if (kind === null || !accepts.kinds.includes(kind))
    throw Problem.for('fileKind', { params: { kinds: accepts.kinds.join(', ') } })
  const scanned = (await scanner?.scan(store.read(storeKey))) ?? { clean: true }
  if (!scanned.clean) throw Problem.for('fileInfected', { params: { name: scanned.name } })

  return { kind, size, sha256: hash.digest('hex') }
}
