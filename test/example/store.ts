/** What the example owns in the store: what it asks of its roll of honour, and how it enters somebody there. */
import type { BodyKey, IsoDate, PersonId } from '../../workflows/kernel/contract'
import type { Sql } from '../../prisma/store/db'
import { registerAuthor, type Asked, type EffectAuthor } from '../../prisma/store/effects'
import { enterOwn, ownRegister, ownRowsWhere } from '../../prisma/store/own-registers'
import { storeOf } from '../../prisma/store/process-store'
import { writeRegister } from '../../prisma/store/register-trail'
import { serviceQuestions } from '../../prisma/store/service-questions'
import { contract } from './contract'
import { forms } from './forms'
import type { Example } from './rules'

const roll = ownRegister({ contract, forms }, 'roll')

/** How many entries each person has. */
const entriesOf = (sql: Pick<Sql, 'rows'>, people: readonly PersonId[]) => sql.rows<{ id: PersonId; n: number }>`
  select p.id, count(e.id)::int as n from unnest(${[...people]}::uuid[]) as p(id)
  left join register_rows e on e.register = ${roll.id} and e.fields @> jsonb_build_object('person', p.id) group by p.id`

/** The next number in the roll of a body. Those of one body wait for one another. */
async function nextNumber(tx: Sql, body: BodyKey): Promise<number> {
  await tx.run`select pg_advisory_xact_lock(hashtext(${`roll of honour ${body}`}))`
  const [last] = await tx.rows<{ number: number }>`
    select max((fields->>'number')::int) as number from register_rows where register = ${roll.id} and "bodyKey" = ${body}`

  return (last?.number ?? 0) + 1
}

const entry = (person: PersonId, body: BodyKey, number: number, grantedOn: IsoDate) => ({
  ...{ body, number, person, grantedOn },
  honour: 'commendation',
})

export const commendationsOf = async (asked: Asked, { person }: { readonly person: PersonId }): Promise<number> =>
  (await ownRowsWhere(asked, roll, { person })).length

export const exampleStore = storeOf<Example>({
  questions: { ...serviceQuestions, commendationsOf },
  effects: {
    enterInRoll: {
      take: async (tx, { person, body }, author: EffectAuthor) => {
        const number = await nextNumber(tx, body)
        const fields = entry(person, body, number, author.on)
        const entered = await enterOwn(tx, registerAuthor(author), roll, fields, author.effect)

        return entered === 'exists'
          ? { taken: false, reason: { code: 'register.exists' } }
          : { taken: true, value: { number } }
      },
      undo: async (tx, _, author) => {
        const at = { id: author.effect, version: 1 }
        const [gone] = await writeRegister(tx, registerAuthor(author), 'own', { ...at, remove: true })

        return gone ? { taken: true, value: null } : { taken: false, reason: { code: 'register.changedSince' } }
      },
    },
  },
  people: async (sql, people) => new Map((await entriesOf(sql, people)).map(({ id, n }) => [id, { commended: n }])),
})
