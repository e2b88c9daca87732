/** Sets of rehearsals: one origin and one clock for all cases of a set, fixed by whoever starts its first. */
import type { CaseId, Instant, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { fromStored, instantFromStored, toStored, type Db, type Prisma } from './db'

export interface RehearsalSet {
  readonly name: string
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
  name: row.name,
  origin: fromStored(row.origin),
  speed: row.speed,
  base: { case: instantFromStored(row.caseAt), real: instantFromStored(row.realAt) },
  startedBy: row.startedById as PersonId | null,
  discarded: row.discardedAt !== null,
})

export async function rehearsalSet(db: Db, name: string): Promise<RehearsalSet | null> {
  const row = await db.rehearsalSet.findUnique({ where: { name } })

  return row && setOf(row)
}

/** Creates the set, or returns the one of that name: of two first cases one creates it and the other joins. */
export async function createSet(db: Db, set: Omit<RehearsalSet, 'discarded'>): Promise<RehearsalSet> {
  const { name, origin, speed, base, startedBy } = set
  await db.rehearsalSet.createMany({
    data: [
      {
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

  return setOf(await db.rehearsalSet.findUniqueOrThrow({ where: { name } }))
}

/** Where the clock of the set stands from now on: later cases join it there. */
export async function moveSet(db: Db, name: string, base: RehearsalSet['base']): Promise<void> {
  await db.rehearsalSet.update({
    where: { name },
    data: { caseAt: new Date(base.case), realAt: new Date(base.real) },
  })
}

export async function discardSet(db: Db, name: string): Promise<void> {
  await db.rehearsalSet.update({ where: { name }, data: { discardedAt: new Date() } })
}

/** Open cases of a set, in the order in which they began. */
export async function openCasesOf(db: Db, name: string): Promise<CaseId[]> {
  const rows = await db.case.findMany({
    where: { rehearsal: name, status: 'open' },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  })

  return rows.map(({ id }) => id as CaseId)
}
