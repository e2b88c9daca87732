/** Sets of rehearsals of a body: one origin and one clock for all cases of a set, fixed by whoever starts its first. */
import type { BodyKey, CaseId, Instant, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { fromStored, instantFromStored, toStored, type Db, type Prisma } from './db'

/** Which set: names are those of a body, and another body has its own. */
export interface SetName {
  readonly body: BodyKey
  readonly name: string
}
export interface RehearsalSet extends SetName {
  readonly origin: IsoDate
  /** case seconds per real second; 0 is a held clock */
  readonly speed: number
  /** where its clock stood at a moment of real time */
  readonly base: { readonly case: Instant; readonly real: Instant }
  readonly startedBy: PersonId | null
  readonly discarded: boolean
}

type Row = Prisma.RehearsalSetGetPayload<object>
const setOf = (row: Row): RehearsalSet => ({
  body: row.bodyKey as BodyKey,
  name: row.name,
  origin: fromStored(row.origin),
  speed: row.speed,
  base: { case: instantFromStored(row.caseAt), real: instantFromStored(row.realAt) },
  startedBy: row.startedById as PersonId | null,
  discarded: row.discardedAt !== null,
})

const one = ({ body, name }: SetName) => ({ bodyKey_name: { bodyKey: body, name } })

export async function rehearsalSet(db: Db, set: SetName): Promise<RehearsalSet | null> {
  const row = await db.rehearsalSet.findUnique({ where: one(set) })

  return row && setOf(row)
}

/** Creates the set, or returns the body's one of that name: of two first cases one creates it and the other joins. */
export async function createSet(db: Db, set: Omit<RehearsalSet, 'discarded'>): Promise<RehearsalSet> {
  const { body, name, origin, speed, base, startedBy } = set
  await db.rehearsalSet.createMany({
    data: [
      {
        bodyKey: body,
        name,
        origin: toStored(origin),
        speed,
        caseAt: new Date(base.case),
        realAt: new Date(base.real),
        startedById: startedBy,
      },
    ],
    skipDuplicates: true,
  })

  return setOf(await db.rehearsalSet.findUniqueOrThrow({ where: one(set) }))
}

/** Where the clock of the set stands from now on: later cases join it there. */
export async function moveSet(db: Db, set: SetName, base: RehearsalSet['base']): Promise<void> {
  await db.rehearsalSet.update({
    where: one(set),
    data: { caseAt: new Date(base.case), realAt: new Date(base.real) },
  })
}

export async function discardSet(db: Db, set: SetName): Promise<void> {
  await db.rehearsalSet.update({ where: one(set), data: { discardedAt: new Date() } })
}

/** Whether something that was sent to a case of the set has no outcome yet: a start too, whose case is not there yet. */
export async function isUnderway(db: Db, { body, name }: SetName): Promise<boolean> {
  const rows = await db.sql.rows`
    select 1 from commands c left join cases f on f.id = c."caseId"
    where c.state = 'stored' and (coalesce(f."setBodyKey", f."bodyKey") = ${body} and f.rehearsal = ${name}
      or c.kind = 'start' and coalesce(c.payload #>> '{input,setBody}', c.payload #>> '{input,body}') = ${body}
        and c.payload #>> '{input,rehearsal}' = ${name})
    limit 1`

  return rows.length > 0
}

/** Open cases of a set, in the order in which they began. */
export async function openCasesOf(db: Db, { body, name }: SetName): Promise<CaseId[]> {
  const rows = await db.case.findMany({
    where: {
      rehearsal: name,
      status: 'open',
      OR: [{ setBodyKey: body }, { setBodyKey: null, bodyKey: body }],
    },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  })

  return rows.map(({ id }) => id as CaseId)
}
