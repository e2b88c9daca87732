/** Files are in a backup whole, come back whole, and a restore reads each of them. */
import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import S3rver from 's3rver'
import { createDb, type Db } from '../../prisma/store/db'
import { fileStoreInPostgres, type FileStore } from '../../prisma/store/file-store'
import { fileStoreInS3, type S3Settings } from '../../prisma/store/file-store-s3'
import { beginUpload, damagedFiles, finishUpload } from '../../prisma/store/files'
import { SECRETS_FILE, TEMPORAL_FILE } from '../../scripts/backup/backup'
import { writeManifest } from '../../scripts/backup/manifest'
import { restoreDatabase, restoreFolder } from '../../scripts/backup/restore'
import { takeSnapshot } from '../../scripts/backup/rows'
import type { PersonId } from '../../workflows/kernel/contract'
import { emptyDatabase, freshDatabase } from '../support/database'
import { pdfWith } from '../support/sample-files'

jest.setTimeout(120_000)

const MB = 1024 * 1024

/** Keeps a file with these bytes; answers their key. */
async function keep(db: Db, store: FileStore, bytes: Buffer): Promise<string> {
  const person = randomUUID() as PersonId
  const quota = { files: 9, bytes: 100 * MB }
  const storeKey = (await beginUpload(db, { person, reserved: bytes.length, quota })) ?? ''
  await store.write(storeKey, chunks(bytes))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await finishUpload(db, store, { storeKey, person, name: 'a.pdf', kind: 'pdf', size: bytes.length, sha256 })

  return storeKey
}

test('a backup with files is restored, and every file is read and verified', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-files-'))
  const [first, second] = [await freshDatabase(), await emptyDatabase()]
  const [db, restored] = [createDb(first.url, 2), createDb(second.url, 2)]
  try {
    const store = fileStoreInPostgres(db)
    const files = [pdfWith('small'), pdfWith('large', 9 * MB + 3), pdfWith('damaged', MB)]
    const keys: string[] = []
    for (const bytes of files) keys.push(await keep(db, store, bytes))
    // another hand was at it before the backup
    await first.sql(`update file_pieces set bytes = set_byte(bytes, 20, 65) where "storeKey" = $1`, [keys[2]])

    const snapshot = await takeSnapshot(first.url)
    const tables = await snapshot.copyTo(folder)
    await snapshot.end()
    const about = { madeAt: '', product: '', temporal: null, postgres: '', migrations: snapshot.migrations, tables }
    const manifest = await writeManifest(folder, about)
    const said: string[] = []
    await restoreDatabase(folder, second.url, manifest, (line) => said.push(line), null)

    expect(said.join('\n')).toContain('Read 3 uploaded files')
    expect(said.filter((line) => line.includes('altered'))).toEqual([expect.stringContaining(keys[2] ?? '')])
    const back = fileStoreInPostgres(restored)
    for (const n of [0, 1]) {
      const read: Uint8Array[] = []
      for await (const bytes of back.read(keys[n] ?? '')) read.push(bytes)
      expect(Buffer.compare(Buffer.concat(read), files[n] ?? Buffer.alloc(0))).toBe(0)
    }
    const damage = []
    for await (const each of damagedFiles(restored, back)) damage.push(each)
    expect(damage).toMatchObject([{ storeKey: keys[2], what: 'altered' }])
  } finally {
    await Promise.all([db.$disconnect(), restored.$disconnect()])
    await Promise.all([first.drop(), second.drop()])
    rmSync(folder, { recursive: true })
  }
})

test('a data folder is restored with files in a bucket, which are read there, and not called lost', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'mansap-bucket-'))
  // PostgreSQL runs as another user
  chmodSync(place, 0o755)
  const [backup, objects] = ['backup', 'objects'].map((name) => path.join(place, name)) as [string, string]
  const first = await freshDatabase()
  const db = createDb(first.url, 2)
  const server = new S3rver({
    ...{ address: '127.0.0.1', port: 0, silent: true, directory: objects },
    configureBuckets: [{ name: 'files', configs: [] }],
  })
  try {
    const endpoint = `http://127.0.0.1:${String((await server.run()).port)}`
    const bucket = { bucket: 'files', region: 'kz-1', endpoint, accessKey: 'S3RVER', secretKey: 'S3RVER' }
    const store = fileStoreInS3(bucket)
    await keep(db, store, pdfWith('whole'))
    const lost = await keep(db, store, pdfWith('lost'))
    await store.remove(lost)
    await mkdir(backup)
    const snapshot = await takeSnapshot(first.url)
    const tables = await snapshot.copyTo(backup)
    await snapshot.end()
    writeFileSync(path.join(backup, SECRETS_FILE), JSON.stringify({ session: 's', postgres: 'p' }))
    writeFileSync(path.join(backup, TEMPORAL_FILE), '')
    const { migrations } = snapshot
    await writeManifest(backup, { ...{ madeAt: '', product: '', temporal: '1.0', postgres: '' }, migrations, tables })
    const restored = async (into: string, filesInS3: S3Settings | null) => {
      const said: string[] = []
      await restoreFolder(backup, path.join(place, into), (line) => said.push(line), filesInS3)

      return said.filter((line) => /Bytes|Read|read/.test(line))
    }

    expect(await restored('second', bucket)).toEqual([
      expect.stringContaining(`Bytes ${lost} are lost`),
      expect.stringContaining('Read 2 uploaded files'),
    ])
    expect(await restored('third', null)).toEqual([expect.stringContaining('not read. FILES_BUCKET is not set')])
  } finally {
    await server.close()
    await db.$disconnect()
    await first.drop()
    rmSync(place, { recursive: true })
  }
})

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
