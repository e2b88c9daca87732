/** Bytes of files as objects of a bucket, for installations that have an S3-compatible store. */
import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Db } from './db'
import { fileStoreInPostgres, type FileStore } from './file-store'

export interface S3Settings {
  readonly bucket: string
  readonly region: string
  /** of a store other than Amazon's; undefined: Amazon's own */
  readonly endpoint: string | undefined
  readonly accessKey: string
  readonly secretKey: string
}

/** Parts are sent one after another, so that an upload holds no more than one of them in memory. */
const PART = 8 * 1024 * 1024

/** Keeps each file as one object under its key. */
export function fileStoreInS3({ bucket, region, endpoint, accessKey, secretKey }: S3Settings): FileStore {
  const client = new S3Client({
    region,
    // other stores have no name of their own for each bucket, and do not know Amazon's newer checksums
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
  })
  const at = (key: string) => ({ Bucket: bucket, Key: key })

  return {
    write: async (key, bytes) => {
      // what went wrong with the bytes is told, and not that a store has no way to forget the parts it has
      let broken: unknown
      const watched = async function* () {
        try {
          yield* bytes
        } catch (error) {
          broken = error
          throw error
        }
      }
      const upload = new Upload({
        client,
        params: { ...at(key), Body: Readable.from(watched(), { objectMode: false }) },
        queueSize: 1,
        partSize: PART,
        leavePartsOnError: false,
      })
      await upload.done().catch((error: unknown) => {
        throw broken ?? error
      })
    },
    read: async function* (key) {
      const found = await client.send(new GetObjectCommand(at(key))).catch((error: unknown) => {
        if (error instanceof NoSuchKey) return null
        throw error
      })
      if (found?.Body instanceof Readable) yield* found.Body as AsyncIterable<Uint8Array>
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand(at(key)))
    },
  }
}

/** Where an installation keeps bytes of files; null: in its database. */
export const fileStoreOf = (db: Pick<Db, 'sql'>, s3: S3Settings | null): FileStore =>
  s3 ? fileStoreInS3(s3) : fileStoreInPostgres(db)

/**
 * Why files cannot be kept there, as a sentence for the operator; null: they can. Files whose bytes are elsewhere could not be read, and of the
 * same bytes uploaded anew the old key would stay.
 */
export async function whyNotKeptThere({ sql }: Pick<Db, 'sql'>, s3: S3Settings | null): Promise<string | null> {
  const [found] = await sql.rows<{ pieces: boolean; blobs: boolean }>`
    select exists (select 1 from file_pieces) as pieces, exists (select 1 from file_blobs) as blobs`
  if (s3 && found?.pieces)
    return 'FILES_BUCKET is set, but bytes of files are in the database, and they are not moved to a bucket: unset FILES_BUCKET. Nothing has been changed.'
  if (!s3 && found?.blobs && !found.pieces)
    return 'FILES_BUCKET is not set, but bytes of files are not in the database: set FILES_BUCKET and what goes with it as they were when files were uploaded. Nothing has been changed.'

  return null
}
