/** Whether PostgreSQL's disk has room for what people are about to decide. */
import { DatabaseError } from 'pg'
import type { Db } from './db'

/** Some hundred decisions. */
const MEGABYTES = 4
/** disk_full */
const FULL = '53100'

/**
 * Has PostgreSQL put this much into a temporary file, which it deletes with the statement. A small row proves nothing: it goes into
 * a page that is there already, while the next page, and everything that shares the disk, is refused. Neither log nor tables grow.
 */
export async function hasSpace(db: Db): Promise<boolean> {
  try {
    await db.sql.transaction(async (tx) => {
      await tx.run`select set_config('work_mem', '64kB', true)`
      await tx.run`
        with filled as materialized (
          select repeat(chr(32 + n % 90), 8000) as page from generate_series(1, ${MEGABYTES * 128}::int) n
        )
        select sum(length(page)) from filled`
    })

    return true
  } catch (error) {
    if (error instanceof DatabaseError && error.code === FULL) return false
    throw error
  }
}
