/** Where bytes of files are kept: one small port, and PostgreSQL behind it. */
import type { Db } from './db'

/** Keeps bytes under keys that nothing else has. Nothing of it ever has the whole of a file in memory. */
export interface FileStore {
  /** Keeps what the stream gives. Where it fails, pieces may stay until the key is removed. */
  readonly write: (key: string, bytes: AsyncIterable<Uint8Array>) => Promise<void>
  /** The bytes in order; fewer of them, or none, where some are lost. */
  readonly read: (key: string) => AsyncIterable<Uint8Array>
  /** Takes the bytes away; there may be none. */
  readonly remove: (key: string) => Promise<void>
}

const PIECE = 1024 * 1024

/** The same bytes in pieces of one size; the last may be smaller. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let piece = Buffer.allocUnsafe(PIECE)
  let filled = 0
  for await (const chunk of bytes)
    for (let from = 0; from < chunk.length;) {
      const part = chunk.subarray(from, from + PIECE - filled)
      piece.set(part, filled)
      filled += part.length
      from += part.length
      if (filled < PIECE) continue
      yield piece
      piece = Buffer.allocUnsafe(PIECE)
      filled = 0
    }
  if (filled > 0) yield piece.subarray(0, filled)
}

/**
 * Keeps files as rows of a megabyte. Each is a statement of its own: no transaction is open while somebody sends slowly, and no
 * connection is held while somebody reads slowly.
 */
export function fileStoreInPostgres({ sql }: Pick<Db, 'sql'>): FileStore {
  return {
    write: async (key, bytes) => {
      let n = 0
      for await (const piece of inPieces(bytes)) {
        await sql.run`insert into file_pieces ("storeKey", n, bytes) values (${key}::uuid, ${n}::int, ${piece}::bytea)`
        n += 1
      }
    },
    read: async function* (key) {
      for (let n = 0; ; n += 1) {
        const [piece] = await sql.rows<{ bytes: Buffer }>`
          select bytes from file_pieces where "storeKey" = ${key}::uuid and n = ${n}::int`
        if (!piece) return
        yield piece.bytes
      }
    },
    remove: async (key) => {
      await sql.run`delete from file_pieces where "storeKey" = ${key}::uuid`
    },
  }
}
