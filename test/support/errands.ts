/** The errand of the kernel's tests: its law, its people, and how one begins. */
import path from 'node:path'
import { addDays } from '../../workflows/kernel/law/calendar'
import type { BodyKey, CaseId, EffectId, IsoDate, PersonId, TermRow } from '../../workflows/kernel/contract'
import type { EarlierEffects, EffectActivities, EffectOutcome, Hold } from '../../workflows/kernel/protocol/activities'
import type { Opening } from '../../workflows/kernel/protocol/opening'
import { actor, open, type Casework } from './casework'
import type { FreshDatabase } from './database'

export const ERRANDS = path.join(__dirname, '..', 'workflows', 'kernel', 'bundle.ts')

/** Monday 2 March 2026, on which every errand begins. */
export const MONDAY = '2026-03-02' as IsoDate
export const BODY = 'b' as BodyKey
export const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as PersonId
export const SUBJECT = id(1)
export const DOER = id(2)
export const OTHER = id(3)
export const doer = actor(DOER)
export const hr = actor(id(4), ['hr', BODY])
export const otherHr = actor(id(5), ['hr', BODY])
export const head = actor(id(6), ['head', BODY])

const term = (key: string, value: number, unit: TermRow['unit']): TermRow => ({
  id: key,
  key,
  value,
  unit,
  confidence: 'D',
  source: 'test',
})

const law: Opening = {
  regime: 'T',
  agency: BODY,
  terms: [
    term('errand.do', 3, 'working days'),
    term('errand.wait', 1, 'months'),
    term('kernel.remindBefore', 1, 'working days'),
  ],
  rules: ['errand.questionStopsTerm', 'outing.storm'].map((key) => ({
    ...{ id: key, key, value: true, confidence: 'D', source: 'test' },
  })),
  daysOff: { profile: 'five-day', from: '2020-01-01' as IsoDate, to: '2035-01-01' as IsoDate, off: [], working: [] },
  missing: [],
}

/** What came of an effect that is done. */
export const DONE: EffectOutcome<null> = { taken: true, value: null }

/** Effects that hold and release a key as these functions do. */
export function effectsBy({ hold, release }: EarlierEffects): Pick<EffectActivities, 'takeEffect' | 'undoEffect'> {
  const asked = new Map<EffectId, Hold>()

  return {
    takeEffect: ({ effect, request }) => {
      const held = request as Hold
      asked.set(effect, held)

      return hold(held)
    },
    undoEffect: async ({ effect }) => {
      const held = asked.get(effect)

      return held ? release(held) : DONE
    },
  }
}

/** Activities that answer for a register without rows. */
export const errandLaw = {
  opening: () => Promise.resolve(law),
  // as the product: a year back from the day on which one asks
  daysOff: ({ on }: { readonly on: IsoDate }) => Promise.resolve({ ...law.daysOff, from: addDays(on, -370) }),
  placeOf: ({ body }: { readonly body: BodyKey }) =>
    Promise.resolve({ body, agency: body, zone: 'Asia/Almaty', daysOff: law.daysOff }),
}

const person = (database: FreshDatabase, key: PersonId) =>
  database.sql(`insert into people values ($1,'а','а','a','б','б','b','m','1990-01-01') on conflict do nothing`, [key])

/** The body and the people of the errands. */
export async function arrangeErrands(database: FreshDatabase): Promise<void> {
  await database.sql(`insert into regions values ('r','р','р','r','Asia/Almaty','city',null,'test')`)
  await database.sql(
    `insert into state_bodies (key, kind, "regionKey", "nameKk", "nameRu", "nameEn", source) values ('b','central','r','б','б','b','test')`,
  )
  for (let n = 1; n < 10; n += 1) await person(database, id(n))
}

let subjects = 10

/** A person about whom there is no case yet. */
export async function newSubject(database: FreshDatabase): Promise<PersonId> {
  subjects += 1
  const subject = id(subjects)
  await person(database, subject)

  return subject
}

/** Begins an errand about somebody else each time. */
export async function beginErrand(database: FreshDatabase, work: Casework, speed = 0): Promise<CaseId> {
  const subject = await newSubject(database)
  const opened = await open(work, {
    process: 'errand',
    body: BODY,
    subject,
    on: MONDAY,
    by: hr,
    form: { doer: DOER },
    speed,
  })
  if (opened.outcome.result !== 'started') throw new Error(`the errand was answered ${opened.outcome.result}`)

  return opened.id
}
