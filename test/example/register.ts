/** The law of the example: its terms for every regime, and its rules for each. */
import type { Db } from '../../prisma/store/db'

/** Key, value and unit of each. */
export const TERMS = [
  ['recommend', 3, 'working days'],
  ['approve', 2, 'working days'],
  ['consent', 2, 'working days'],
  ['vote', 5, 'working days'],
  ['silence', 3, 'working days'],
  ['whole', 2, 'months'],
] as const

/** Enters the rows that a case of the example takes with it; those that are there stay. */
export async function enterExampleLaw(db: Db, quorum = 3): Promise<void> {
  const design = { confidence: 'D', source: 'example' }
  await db.term.createMany({
    data: TERMS.map(([name, value, unit]) => {
      const key = `example.${name}`

      return {
        id: key,
        key,
        process: 'example',
        nameKk: key,
        nameRu: key,
        nameEn: key,
        value,
        unit,
        regimeId: '*',
        ...design,
      }
    }),
    skipDuplicates: true,
  })
  const regimes = await db.regime.findMany({ select: { id: true } })
  const rows = {
    'example.quorum': quorum,
    'example.appealAnew': true,
    'example.absenceSuspends': true,
    'example.inquirySuspends': true,
    // no act has brought it into force
    'example.everyoneInRoll': false,
  }
  await db.regimeRow.createMany({
    data: Object.entries(rows).flatMap(([key, value]) =>
      regimes.map(({ id }) => ({ id: `${key}:${id}`, key, regimeId: id, value, ...design })),
    ),
    skipDuplicates: true,
  })
}
