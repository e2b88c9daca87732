/** Posts that only the cases of the load do anything to: in a body of their own, so that no account of the sample loses a role. */
import { randomUUID } from 'node:crypto'
import type { Db } from '../../../prisma/store/db'
import { SYSTEM, writeRegister } from '../../../prisma/store/register-trail'
import type { BodyKey, IsoDate, PersonId, PositionId } from '../../../workflows/kernel/contract'

export interface Places {
  /** who hold no post */
  readonly people: readonly PersonId[]
  /** that nobody holds */
  readonly positions: readonly PositionId[]
  /** posts without an end, each with a role that hangs on it */
  readonly held: readonly { readonly post: string; readonly person: PersonId; readonly position: PositionId }[]
  /** posts are held from this day on */
  readonly from: IsoDate
}

const BODY = 'faults' as BodyKey
const FREE = 5
const HELD = 12

/** Enters the people, positions, posts and roles. */
export async function arrangePlaces(db: Db, from: IsoDate): Promise<Places> {
  const body = await db.stateBody.findUniqueOrThrow({ where: { key: 'ministryFinance' } })
  const like = await db.position.findFirstOrThrow({
    where: { headsBody: false, headsUnit: false },
    orderBy: { id: 'asc' },
  })
  const named = { nameKk: 'а', nameRu: 'б', nameEn: 'c' }
  const ids = <Id extends string>(count: number) => Array.from({ length: count }, () => randomUUID() as string as Id)
  const people = ids<PersonId>(FREE + HELD)
  const positions = ids<PositionId>(FREE + HELD)
  const held = people.slice(FREE).flatMap((person, n) => {
    const position = positions[FREE + n]

    return position ? [{ post: randomUUID(), person, position }] : []
  })
  await db.sql.transaction(async (tx) => {
    const { kind, regionKey, source } = body
    await writeRegister(tx, SYSTEM, 'bodies', { enter: [{ ...named, key: BODY, kind, regionKey, source }] })
    await writeRegister(tx, SYSTEM, 'positions', {
      enter: positions.map((id) => ({ ...named, id, bodyKey: BODY, categoryCode: like.categoryCode })),
    })
    const names = { surnameKk: 'а', surnameRu: 'б', surnameEn: 'c', givenKk: 'д', givenRu: 'е', givenEn: 'f', sex: 'f' }
    await writeRegister(tx, SYSTEM, 'people', {
      enter: people.map((id) => ({ ...names, id, birthDate: '1990-01-01' as IsoDate })),
    })
    await writeRegister(tx, SYSTEM, 'posts', {
      enter: held.map(({ post: id, person: personId, position: positionId }) => ({ id, personId, positionId, from })),
    })
    await writeRegister(tx, SYSTEM, 'roles', {
      enter: held.map(({ post: postId, person: personId }) => ({
        ...{ id: randomUUID(), personId, role: 'hr', bodyKey: BODY, from, basis: 'post', postId },
      })),
    })
  })

  return { people: people.slice(0, FREE), positions: positions.slice(0, FREE), held, from }
}
