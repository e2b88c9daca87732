/** Puts the reference data and a sample register into an empty database. */
import { isoDate } from '../../workflows/kernel/law/calendar'
import { enterReferenceDays } from '../store/calendar'
import { createDb, type Db, toStored, type Tx } from '../store/db'
import { uuidOf } from './chance'
import { bodyRows, categoryRows, holidayRows, regimeRows, regionRows, ruleRows, swapRows, termRows } from './data'
import { type Newcomer, type SampleOf, sampleRegister } from './sample'

export type { Newcomer } from './sample'

/** The date that is today in the sample unless another is given. */
export const SAMPLE_DATE = isoDate('2026-11-22')
const sampleOf = (options: Partial<SampleOf>): SampleOf => ({ seed: 1, on: SAMPLE_DATE, ...options })

/** Rows that are there already stay as they are: an administrator may have changed them. */
const reference = async (tx: Tx): Promise<void> => {
  const skipDuplicates = true
  await tx.region.createMany({ data: regionRows(), skipDuplicates })
  // whoever stands above others is entered before them
  const bodies = bodyRows()
  await tx.stateBody.createMany({ data: bodies.filter((row) => !row.parentKey), skipDuplicates })
  await tx.stateBody.createMany({ data: bodies.filter((row) => row.parentKey), skipDuplicates })
  await tx.positionCategory.createMany({
    data: categoryRows().map(({ code, group, rank, corps, managerial, bodyKind, confidence, source }) => ({
      code,
      group,
      rank,
      corps,
      managerial,
      bodyKind,
      confidence,
      source,
    })),
    skipDuplicates,
  })
  await tx.regime.createMany({ data: regimeRows(), skipDuplicates })
  await tx.regimeRow.createMany({ data: ruleRows(), skipDuplicates })
  await tx.term.createMany({ data: termRows(), skipDuplicates })
  await enterReferenceDays(tx, { holidays: holidayRows(), swaps: swapRows() })
}

const sample = async (tx: Tx, of: SampleOf): Promise<void> => {
  const { units, positions, people, posts, roles, accounts } = sampleRegister(of)
  const [first] = people
  // the sample is entered whole or not at all: later edits, and another date, must not bring parts of it back
  if (!first || (await tx.person.count({ where: { id: first.id } })) > 0) return
  await tx.unit.createMany({ data: units })
  await tx.position.createMany({ data: positions })
  await tx.person.createMany({
    data: people.map((person) => ({ ...person, birthDate: toStored(person.birthDate), sample: true })),
  })
  await tx.post.createMany({
    data: posts.map((post) => ({ ...post, from: toStored(post.from), to: post.to && toStored(post.to) })),
  })
  await tx.bodyRole.createMany({
    data: roles.map((role) => ({ ...role, from: toStored(role.from), basis: 'sample' })),
  })
  await tx.account.createMany({ data: accounts })
}

/** What every installation needs: regions, bodies, categories, the law, the calendar. What is there already stays as it is. */
export const seedLaw = async (database: string): Promise<void> => {
  const db = createDb(database, 2)
  try {
    await db.$transaction(reference, { timeout: 60_000, maxWait: 20_000 })
  } finally {
    await db.$disconnect()
  }
}

/**
 * Seeds a migrated database: all reference data, and about 500 made-up people in 40 bodies. A second run adds what is
 * new in the reference data and changes nothing else. Give the date of today (`on`) so that newcomers are new.
 */
export const seedRegister = async (database: string | Db, options: Partial<SampleOf> = {}): Promise<void> => {
  const db = typeof database === 'string' ? createDb(database, 2) : database
  try {
    await db.$transaction(
      async (tx) => {
        await reference(tx)
        await sample(tx, sampleOf(options))
      },
      { timeout: 60_000, maxWait: 20_000 },
    )
  } finally {
    if (typeof database === 'string') await db.$disconnect()
  }
}

/**
 * People of the sample for whom the sample cases may start a probation, in a fixed order that goes from body to body.
 * Those who are left free for visitors are not among them.
 */
export const newcomers = (options: Partial<SampleOf> = {}): Newcomer[] => {
  const of = sampleOf(options)
  const rounds = new Map<string, number>()
  return sampleRegister(of)
    .newcomers.filter((newcomer) => !newcomer.leftFree)
    .map((newcomer) => {
      const round = rounds.get(newcomer.body) ?? 0
      rounds.set(newcomer.body, round + 1)
      return { newcomer, round, lot: uuidOf(of.seed, 'order', newcomer.person) }
    })
    .sort((a, b) => a.round - b.round || (a.lot < b.lot ? -1 : 1))
    .map(({ newcomer }) => newcomer)
}
