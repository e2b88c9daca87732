import { randomUUID } from 'node:crypto'
import type { Db } from '../../prisma/store/db'
import type { PositionId } from '../../workflows/kernel/contract'

/** A position of the body that nobody holds or ever held: two posts of one position would not stand. */
export async function freshPosition(db: Db, bodyKey: string): Promise<PositionId> {
  const like = await db.position.findFirstOrThrow({
    where: { bodyKey, headsBody: false, headsUnit: false },
    orderBy: { id: 'asc' },
  })
  const { id } = await db.position.create({ data: { ...like, fields: {}, id: randomUUID() } })

  return id as PositionId
}
