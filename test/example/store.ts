/** What the example owns in the store: the roll of honour, a register with a table of its own. */
import type { BodyKey, PersonId } from '../../workflows/kernel/contract'
import type { Db, Sql } from '../../prisma/store/db'
import type { Asked } from '../../prisma/store/effects'
import { storeOf } from '../../prisma/store/process-store'
import { serviceQuestions } from '../../prisma/store/service-questions'
import type { Example } from './rules'

/** Makes the table of the roll, which a process of the product would have by a migration. */
export const makeRoll = (db: Db): Promise<number> => db.sql.run`
  create table if not exists roll_of_honour (
    effect uuid primary key, person uuid not null, body text not null, number int not null, unique (body, number))`

/** How many entries each person has. */
const entriesOf = (sql: Pick<Sql, 'rows'>, people: readonly PersonId[]) => sql.rows<{ id: PersonId; n: number }>`
  select p.id, count(e.effect)::int as n from unnest(${[...people]}::uuid[]) as p(id)
  left join roll_of_honour e on e.person = p.id group by p.id`

/** Enters the servant under the next number of the body. Those of one body wait for one another. */
async function enter(tx: Sql, { person, body }: { person: PersonId; body: BodyKey }, effect: string): Promise<number> {
  await tx.run`select pg_advisory_xact_lock(hashtext(${`roll of honour ${body}`}))`
  const [entry] = await tx.rows<{ number: number }>`
    insert into roll_of_honour (effect, person, body, number)
    select ${effect}::uuid, ${person}::uuid, ${body}, coalesce(max(number), 0) + 1 from roll_of_honour where body = ${body}
    returning number`

  return entry?.number ?? 1
}

export const commendationsOf = async ({ sql }: Asked, { person }: { readonly person: PersonId }): Promise<number> =>
  (await entriesOf(sql, [person]))[0]?.n ?? 0

export const exampleStore = storeOf<Example>({
  questions: { ...serviceQuestions, commendationsOf },
  effects: {
    enterInRoll: {
      take: async (tx, request, { effect }) => ({
        taken: true,
        value: { number: await enter(tx, request, effect) },
      }),
      undo: async (tx, _, { effect }) => {
        await tx.run`delete from roll_of_honour where effect = ${effect}::uuid`

        return { taken: true, value: null }
      },
    },
  },
  people: async (sql, people) => new Map((await entriesOf(sql, people)).map(({ id, n }) => [id, { commended: n }])),
})
