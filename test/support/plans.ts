/** How Postgres answers a statement of the store, by the plan that the product keeps for it. */
import { Client, escapeLiteral } from 'pg'
import { Prisma, type Db } from '../../prisma/store/db'

export interface Plan {
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly Plan[]
}

/** What is asked, by the plan that the product keeps for it: one that knows none of its values. */
export async function planOfStatement(db: Db, url: string, ask: (db: Db) => Promise<unknown>): Promise<Plan> {
  let asked = Prisma.empty
  const noted: Db['sql'] = {
    ...db.sql,
    rows: (parts: TemplateStringsArray, ...values: readonly unknown[]) => {
      asked = Prisma.sql(parts, ...values)

      return Promise.resolve([])
    },
  }
  await ask({ sql: noted } as Db)
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`prepare page as ${asked.text}`)
    const values = asked.values.map((value) =>
      escapeLiteral(Array.isArray(value) ? `{${value.join(',')}}` : String(value)),
    )
    const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(
      `explain (analyze, format json) execute page(${values.join(', ')})`,
    )
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
    if (!plan) throw new Error('no plan')

    return plan
  } finally {
    await client.end()
  }
}

/** Rows of a table that Postgres takes into its hands. */
export const rowsRead = (plan: Plan, table: string): number =>
  (plan['Relation Name'] === table
    ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
    : 0) + (plan.Plans ?? []).reduce((sum, inner) => sum + rowsRead(inner, table), 0)
