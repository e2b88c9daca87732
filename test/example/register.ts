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
  await db.regimeRow.createMany({
    data: regimes.map(({ id }) => ({
      id: `example.quorum:${id}`,
      key: 'example.quorum',
      regimeId: id,
      value: quorum,
      ...design,
    })),
    skipDuplicates: true,
  })
  await db.regimeRow.createMany({
    data: regimes.flatMap(({ id }) =>
      ['example.absenceSuspends', 'example.inquirySuspends'].map((key) => ({
        id: `${key}:${id}`,
        key,
        regimeId: id,
        value: true,
        ...design,
      })),
    ),
    skipDuplicates: true,
  })
  // no act has brought it into force
  await db.regimeRow.createMany({
    data: regimes.map(({ id }) => ({
      id: `example.everyoneInRoll:${id}`,
      key: 'example.everyoneInRoll',
      regimeId: id,
      value: false,
      ...design,
    })),
    skipDuplicates: true,
  })
}
