/** Files are in a backup whole, come back whole, and a restore reads each of them. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDb } from '../../prisma/store/db'
import { fileStoreInPostgres } from '../../prisma/store/file-store'
import { beginUpload, damagedFiles, finishUpload } from '../../prisma/store/files'
import { writeManifest } from '../../scripts/backup/manifest'
import { restoreDatabase } from '../../scripts/backup/restore'
import { takeSnapshot } from '../../scripts/backup/rows'
import type { PersonId } from '../../workflows/kernel/contract'
import { emptyDatabase, freshDatabase } from '../support/database'
import { pdfWith } from '../support/sample-files'

const MB = 1024 * 1024

test('a backup with files is restored, and every file is read and verified', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-files-'))
  const [first, second] = [await freshDatabase(), await emptyDatabase()]
  const [db, restored] = [createDb(first.url, 2), createDb(second.url, 2)]
  try {
    const store = fileStoreInPostgres(db)
    const files = [pdfWith('small'), pdfWith('large', 9 * MB + 3), pdfWith('damaged', MB)]
    const keys = []
    for (const bytes of files) {
      const person = randomUUID() as PersonId
      const quota = { files: 9, bytes: 100 * MB }
      const storeKey = (await beginUpload(db, { person, reserved: bytes.length, quota })) ?? ''
      await store.write(storeKey, chunks(bytes))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await finishUpload(db, store, { storeKey, person, name: 'a.pdf', kind: 'pdf', size: bytes.length, sha256 })
      keys.push(storeKey)
    }
    // another hand was at it before the backup
    await first.sql(`update file_pieces set bytes = set_byte(bytes, 20, 65) where "storeKey" = $1`, [keys[2]])

    const snapshot = await takeSnapshot(first.url)
    const tables = await snapshot.copyTo(folder)
    await snapshot.end()
    const about = { madeAt: '', product: '', temporal: null, postgres: '', migrations: snapshot.migrations, tables }
    const manifest = await writeManifest(folder, about)
    const said: string[] = []
    await restoreDatabase(folder, second.url, manifest, (line) => said.push(line))

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

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
