/** Reads who is named in which case, and lets somebody who only looks on look for each, for the checks. */
import type { Page } from '../../../api/shapes/views'
import type { Db } from '../../../prisma/store/db'
import { ACCESS_ACTS, ACCESS_CHANGES, type AccessRows } from './access-checks'
import { Refused, type Caller } from './decisions'
import type { People } from './people'

interface Looked {
  readonly id: string
  readonly body: string
  readonly number: string
  readonly rehearsal: string | null
  readonly task: string | null
}

/** Everything that is stored of access, and what the product shows those who may not know. */
export async function accessRows({ sql }: Db, people: People): Promise<AccessRows> {
  const [cases, changes, commands, looked] = await Promise.all([
    sql.rows<AccessRows['cases'][number]>`
      select id, "restrictedTo" as named from cases where process = 'probation'`,
    sql.rows<AccessRows['changes'][number]>`
      select "caseId", kind, coalesce(params -> 'people', '[]') as people from events
      where kind = any(${[...ACCESS_CHANGES]}::text[]) order by "caseId", seq`,
    sql.rows<AccessRows['commands'][number]>`
      select "caseId", state from commands where act = any(${[...ACCESS_ACTS]}::text[])`,
    sql.rows<Looked>`
      select id, "bodyKey" as body, number, rehearsal,
        (select t.id from tasks t where t."caseId" = cases.id order by t.id limit 1) as task
      from cases where process = 'probation'`,
  ])
  const looks: AccessRows['looks'][number][] = []
  for (const file of looked) {
    const who = await people.bystander(file.body)
    looks.push({ caseId: file.id, person: who.person, found: await waysTo(who, file) })
  }

  return { cases, changes, commands, looks }
}

/** By what somebody finds a case. */
async function waysTo(who: Caller, { id, number, rehearsal, task }: Looked): Promise<string[]> {
  const set = rehearsal === null ? '' : `&rehearsal=${encodeURIComponent(rehearsal)}`
  const ways: readonly (readonly [string, () => Promise<boolean>])[] = [
    ['its page', () => isShown(who, `/api/cases/${id}`)],
    ['its trail', () => isShown(who, `/api/cases/${id}/events`)],
    ['the list of cases', () => isListed(who, `/api/cases?q=${encodeURIComponent(number)}${set}`)],
    ['the list of tasks', () => isListed(who, `/api/cases/${id}/tasks`)],
    ['a task', () => (task === null ? Promise.resolve(false) : isShown(who, `/api/tasks/${task}`))],
  ]
  const found = await Promise.all(ways.map(async ([way, isFound]) => ((await isFound()) ? [way] : [])))

  return found.flat()
}

async function isShown(who: Caller, path: string): Promise<boolean> {
  try {
    await who.get(path)

    return true
  } catch (error) {
    if (error instanceof Refused && error.answer.status === 404) return false
    throw error
  }
}
const isListed = async (who: Caller, path: string): Promise<boolean> => {
  try {
    return (await who.get<Page<unknown>>(path)).data.length > 0
  } catch (error) {
    if (error instanceof Refused && error.answer.status === 404) return false
    throw error
  }
}
