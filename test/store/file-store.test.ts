/** The port of file bytes over both of its stores: PostgreSQL, and a server that speaks S3. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import S3rver from 's3rver'
import { ConfigError, readConfig, readFilesInS3 } from '../../api/config'
import { createDb, type Db } from '../../prisma/store/db'
import { fileStoreInPostgres, type FileStore } from '../../prisma/store/file-store'
import { fileStoreInS3, whyNotKeptThere, type S3Settings } from '../../prisma/store/file-store-s3'
import { beginUpload, collectFiles, damagedFiles, finishUpload } from '../../prisma/store/files'
import type { PersonId } from '../../workflows/kernel/contract'
import { freshDatabase, type FreshDatabase } from '../support/database'

const MB = 1024 * 1024
const BUCKET = 'files'

let database: FreshDatabase
let db: Db
let folder: string
let server: S3rver
let bucket: S3Settings
let stores: Readonly<Record<'PostgreSQL' | 'S3', FileStore>>
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-s3-'))
  database = await freshDatabase()
  db = createDb(database.url, 3)
  server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: folder },
    configureBuckets: [{ name: BUCKET, configs: [] }],
  })
  const { port } = await server.run()
  const endpoint = `http://127.0.0.1:${String(port)}`
  bucket = { bucket: BUCKET, region: 'us-east-1', endpoint, accessKey: 'S3RVER', secretKey: 'S3RVER' }
  stores = { PostgreSQL: fileStoreInPostgres(db), S3: fileStoreInS3(bucket) }
})
afterAll(async () => {
  await server.close()
  await db.$disconnect()
  await database.drop()
  rmSync(folder, { recursive: true })
})
beforeEach(() => database.sql('truncate files, file_blobs, file_pieces, file_uploads'))

async function* inChunks(bytes: Buffer, size = 65_537): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = []
  for await (const each of bytes) read.push(each)

  return Buffer.concat(read)
}

/** Keeps a file with these bytes; answers their key. */
async function keptIn(store: FileStore, bytes: Buffer): Promise<string> {
  const person = randomUUID() as PersonId
  const quota = { files: 9, bytes: 100 * MB }
  const storeKey = (await beginUpload(db, { person, reserved: bytes.length, quota })) ?? ''
  await store.write(storeKey, inChunks(bytes))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await finishUpload(db, store, { storeKey, person, name: 'a.pdf', kind: 'pdf', size: bytes.length, sha256 })

  return storeKey
}

describe.each(['PostgreSQL', 'S3'] as const)('in %s', (name) => {
  const store = () => stores[name]
  const kept = (bytes: Buffer) => keptIn(store(), bytes)
  const damage = async () => {
    const found = []
    for await (const { storeKey, what } of damagedFiles(db, store())) found.push([storeKey, what])

    return found
  }

  test.each([
    ['one byte', 1],
    ['less than a part', 3 * MB + 17],
    ['as much as is read at once', MB],
    ['several parts', 20 * MB + 3],
  ])('%s comes back as it was', async (_, size) => {
    const [key, bytes] = [randomUUID(), randomBytes(size)]
    await store().write(key, inChunks(bytes))
    expect(Buffer.compare(await all(store().read(key)), bytes)).toBe(0)
  })

  test('what is not there is no bytes, and is removed without complaint', async () => {
    const key = randomUUID()
    expect(await all(store().read(key))).toHaveLength(0)
    await store().remove(key)
    await store().write(key, inChunks(Buffer.from('x')))
    await store().remove(key)
    expect(await all(store().read(key))).toHaveLength(0)
  })

  test('an upload that breaks off fails, and is nothing once its key is removed', async () => {
    const key = randomUUID()
    const broken = async function* () {
      yield* inChunks(randomBytes(9 * MB))
      throw new Error('cut off')
    }
    await expect(store().write(key, broken())).rejects.toThrow('cut off')
    await store().remove(key)
    expect(await all(store().read(key))).toHaveLength(0)
  })

  test('reconcile names bytes that are lost and bytes that are others', async () => {
    const [whole, lost, altered] = [
      await kept(randomBytes(MB)),
      await kept(randomBytes(20)),
      await kept(randomBytes(20)),
    ]
    expect(await damage()).toEqual([])
    await store().remove(lost)
    await store().remove(altered)
    await store().write(altered, inChunks(randomBytes(20)))
    expect((await damage()).sort()).toEqual([[lost, 'lost'] as const, [altered, 'altered'] as const].sort())
    expect(await all(store().read(whole))).toHaveLength(MB)
  })

  test('bytes that nobody needs are taken away', async () => {
    const key = await kept(randomBytes(20))
    await collectFiles(db, store(), { now: Date.now() + 1e9, unusedMs: 1 })
    expect(await all(store().read(key))).toHaveLength(0)
  })
})

describe('a bucket', () => {
  const open: Server[] = []
  afterEach(() => {
    for (const each of open.splice(0)) {
      each.close()
      each.closeAllConnections()
    }
  })
  /** A store that answers so; never, when it is told nothing. */
  async function storeThat(answer?: { readonly status: number; readonly code?: string }): Promise<FileStore> {
    const foreign = createServer((_, response) => {
      if (!answer) return
      const { status, code } = answer
      response.writeHead(status).end(code && `<Error><Code>${code}</Code><Message>x</Message></Error>`)
    })
    open.push(foreign)
    await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve))
    const { port } = foreign.address() as AddressInfo

    return fileStoreInS3(
      { ...bucket, endpoint: `http://127.0.0.1:${String(port)}` },
      { connectMs: 20_000, answerMs: answer ? 20_000 : 100 },
    )
  }
  const damageIn = async (store: FileStore) => {
    const found = []
    for await (const { storeKey, what, why } of damagedFiles(db, store)) found.push({ storeKey, what, why })

    return found
  }

  test.each([{ status: 404 }, { status: 404, code: 'NoSuchKey' }])('that has no object: %j', async (answer) => {
    const storeKey = await keptIn(stores.S3, randomBytes(20))
    expect(await damageIn(await storeThat(answer))).toEqual([{ storeKey, what: 'lost' }])
  })
  test.each([
    { status: 403, code: 'AccessDenied' },
    { status: 404, code: 'NoSuchBucket' },
  ])('that cannot be read loses nothing, and what is read goes on: %j', async (answer) => {
    const keys = [await keptIn(stores.S3, randomBytes(20)), await keptIn(stores.S3, randomBytes(20))]
    const found = await damageIn(await storeThat(answer))
    expect(found.map(({ storeKey }) => storeKey).sort()).toEqual(keys.sort())
    for (const { what, why } of found) expect([what, why]).toEqual(['unreadable', answer.code])
  })
  test('that never answers is not waited for', async () => {
    const storeKey = await keptIn(stores.S3, randomBytes(20))
    expect(await damageIn(await storeThat())).toMatchObject([{ storeKey, what: 'unreadable' }])
  })
  test('is read by others while many read slowly', async () => {
    const key = randomUUID()
    await stores.S3.write(key, inChunks(randomBytes(10 * MB)))
    const slow = Array.from({ length: 60 }, () => stores.S3.read(key)[Symbol.asyncIterator]())
    await Promise.all(slow.map((each) => each.next()))
    expect(await all(stores.S3.read(key))).toHaveLength(10 * MB)
    for (const each of slow) await each.return?.()
  }, 20_000)
})

describe('the place of an installation', () => {
  const whyNot = async () => [await whyNotKeptThere(db, null), await whyNotKeptThere(db, bucket)]

  test('may be either as long as there is no file', async () => {
    expect(await whyNot()).toEqual([null, null])
  })
  test('stays the database once a file is there, though another is lost', async () => {
    await keptIn(stores.PostgreSQL, randomBytes(20))
    const lost = await keptIn(stores.PostgreSQL, randomBytes(20))
    await stores.PostgreSQL.remove(lost)
    expect(await whyNot()).toEqual([null, expect.stringMatching(/^FILES_BUCKET is set, .*: unset FILES_BUCKET\./)])
  })
  test('stays the bucket once a file is there', async () => {
    await keptIn(stores.S3, randomBytes(20))
    expect(await whyNot()).toEqual([expect.stringMatching(/^FILES_BUCKET is not set, .*: set FILES_BUCKET /), null])
  })
  test('keeps the API from starting when it was changed', async () => {
    await keptIn(stores.S3, randomBytes(20))
    const api = spawnSync(process.execPath, ['--import', 'tsx', path.join(__dirname, '..', '..', 'api', 'server.ts')], {
      ...{ encoding: 'utf8', timeout: 60_000 },
      env: { PATH: process.env.PATH, DATABASE_URL: database.url, MANSAP_DEMO: '1', PORT: '0', LOG_LEVEL: 'silent' },
    })
    expect([api.status, api.stderr]).toEqual([1, expect.stringMatching(/^FILES_BUCKET is not set, /)])
  }, 90_000)
})

describe('the bucket of an installation', () => {
  const whole = {
    FILES_BUCKET: 'files',
    FILES_BUCKET_REGION: 'kz-1',
    FILES_BUCKET_ENDPOINT: 'https://s3.example.org',
    FILES_BUCKET_ACCESS_KEY: 'a',
    FILES_BUCKET_SECRET_KEY: 's',
  }

  test('is none unless it is named', () => {
    expect(readFilesInS3({})).toBeNull()
    expect(readFilesInS3({ FILES_BUCKET: '', FILES_BUCKET_REGION: '' })).toBeNull()
    expect(readFilesInS3(whole)).toEqual({
      ...{ bucket: 'files', region: 'kz-1', endpoint: 'https://s3.example.org' },
      ...{ accessKey: 'a', secretKey: 's' },
    })
    expect(readFilesInS3({ ...whole, FILES_BUCKET_ENDPOINT: '' })).toMatchObject({ endpoint: undefined })
  })
  test.each(['FILES_BUCKET', 'FILES_BUCKET_REGION', 'FILES_BUCKET_ACCESS_KEY', 'FILES_BUCKET_SECRET_KEY'])(
    'without %s the product does not start, and says what to set',
    (name) => {
      const env = { DATABASE_URL: 'postgres://x', ...whole, [name]: '' }
      expect(() => readConfig(env)).toThrow(new RegExp(`^Set ${name}: with FILES_BUCKET\\w* it is needed\\.$`))
    },
  )
  test.each([
    [{ ...whole, FILES_BUCKET_ENDPOINT: 's3.example.org' }, 'FILES_BUCKET_ENDPOINT cannot be "s3.example.org".'],
    [{ FILES_BUCKET_ENDPOINT: 'https://s3.example.org' }, 'Set FILES_BUCKET: with FILES_BUCKET_ENDPOINT it is needed.'],
  ])('that makes no sense is a sentence, for commands as for the product: %j', (given, sentence) => {
    const env = { DATABASE_URL: 'postgres://x', ...given }
    for (const read of [readConfig, readFilesInS3]) expect(() => read(env)).toThrow(new ConfigError(sentence))
  })
})
