/** Puts the reference data and a sample register into an empty database. */
import { isoDate } from '../../workflows/kernel/law/calendar'
import { enterReferenceDays } from '../store/calendar'
import type { RegisterName } from '../../workflows/kernel/register'
import { createDb, type Db, type Sql } from '../store/db'
import { type NewRow, SYSTEM, writeRegister } from '../store/register-trail'
import { uuidOf } from './chance'
import { bodyRows, categoryRows, holidayRows, regimeRows, regionRows, ruleRows, swapRows, termRows } from './data'
import { type Newcomer, type SampleOf, sampleRegister } from './sample'

export type { Newcomer } from './sample'

/** The date that is today in the sample unless another is given. */
export const SAMPLE_DATE = isoDate('2026-11-22')
const sampleOf = (options: Partial<SampleOf>): SampleOf => ({ seed: 1, on: SAMPLE_DATE, ...options })

/** Rows that are there already stay as they are: an administrator may have changed them. */
const reference = async (tx: Sql): Promise<void> => {
  const entered = <R extends RegisterName>(register: R, enter: readonly NewRow<R>[]) =>
    writeRegister(tx, SYSTEM, register, { enter, unlessThere: true })
  await entered('regions', regionRows())
  await entered('bodies', bodyRows())
  await entered('categories', categoryRows())
  await entered('regimes', regimeRows())
  await entered('rules', ruleRows())
  await entered('terms', termRows())
  await enterReferenceDays(tx, { holidays: holidayRows(), swaps: swapRows() })
}

const sample = async (tx: Sql, of: SampleOf): Promise<void> => {
  const { units, positions, people, posts, roles, accounts } = sampleRegister(of)
  const [first] = people
  // the sample is entered whole or not at all: later edits, and another date, must not bring parts of it back
  if (!first || (await tx.rows`select 1 from people where id = ${first.id}::uuid`).length > 0) return
  await writeRegister(tx, SYSTEM, 'units', { enter: units })
  await writeRegister(tx, SYSTEM, 'positions', { enter: positions })
  await writeRegister(tx, SYSTEM, 'people', { enter: people.map((person) => ({ ...person, sample: true })) })
  await writeRegister(tx, SYSTEM, 'posts', { enter: posts })
  await writeRegister(tx, SYSTEM, 'roles', { enter: roles.map((role) => ({ ...role, basis: 'sample' })) })
  await tx.run`insert into accounts select * from jsonb_populate_recordset(null::accounts, ${JSON.stringify(accounts)}::jsonb)`
}

/** What every installation needs: regions, bodies, categories, the law, the calendar. What is there already stays as it is. */
export const seedLaw = async (database: string): Promise<void> => {
  const db = createDb(database, 2)
  try {
    await db.sql.transaction(reference)
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
    await db.sql.transaction(async (tx) => {
      await reference(tx)
      await sample(tx, sampleOf(options))
    })
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
