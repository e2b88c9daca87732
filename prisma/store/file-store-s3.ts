/** Bytes of files as objects of a bucket, for installations that have an S3-compatible store. */
import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, NoSuchBucket, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
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
const READ = 1024 * 1024

/** How long a store may take to be connected with, and to begin an answer or go on with it, before it counts as away. */
interface Patience {
  readonly connectMs: number
  readonly answerMs: number
}
const PATIENCE: Patience = { connectMs: 5_000, answerMs: 60_000 }

/** Is there nothing under the key, or nothing from there on? Stores do not agree on a code, and an end is told as a range that nobody can give. */
const saysNothingThere = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  !(error instanceof NoSuchBucket) &&
  [404, 416].includes(error.$metadata.httpStatusCode ?? 0)

/** Keeps each file as one object under its key. */
export function fileStoreInS3(
  { bucket, region, endpoint, accessKey, secretKey }: S3Settings,
  { connectMs, answerMs }: Patience = PATIENCE,
): FileStore {
  const client = new S3Client({
    region,
    // other stores have no name of their own for each bucket, and do not know Amazon's newer checksums
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: answerMs,
    },
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
    // each part is a request of its own: no connection is held while somebody reads slowly
    read: async function* (key) {
      for (let from = 0; ; from += READ) {
        const Range = `bytes=${String(from)}-${String(from + READ - 1)}`
        const found = await client.send(new GetObjectCommand({ ...at(key), Range })).catch((error: unknown) => {
          if (saysNothingThere(error)) return null
          throw error
        })
        const bytes = await found?.Body?.transformToByteArray()
        if (bytes) yield bytes
        if (bytes?.length !== READ || found?.ContentRange === undefined) return
      }
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
