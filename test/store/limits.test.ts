/** Where a list is cut, it keeps what came last: what somebody has just done must not be missing. */
import { randomUUID } from 'node:crypto'
import { answeredTasks } from '../../prisma/store/inbox'
import { openIncidents } from '../../prisma/store/incidents'
import { termsNamed } from '../../prisma/store/register'
import type { PersonId, TaskId } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeTask } from '../api/harness'
import { asViewer } from '../support/viewers'
import { freshDatabase, type FreshDatabase } from '../support/database'

const NOBODY = asViewer({ person: randomUUID() as PersonId, grants: [] })

let database: FreshDatabase
let caseId: string
let person: string
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  person = (await database.db.person.findFirstOrThrow({ orderBy: { id: 'asc' } })).id
  caseId = await arrangeCase(database.db, { body: 'ministryFinance', subject: person })
})
afterAll(() => database.drop())

test('of more than five hundred answers of a case the last are read, and those of the task that is looked at', async () => {
  const first = (await arrangeTask(database.db, caseId, { person, state: 'completed' })) as TaskId
  const asked = await arrangeTask(database.db, caseId, { person, state: 'completed', questionOf: first })
  await database.sql(
    `insert into tasks (id, "caseId", process, kind, state, "formVersion", "personId", excluded, "openedAt", "openedOn", "openedStep")
     select gen_random_uuid(), $1, 'probation', 'interimCheck', 'completed', 1, $2, '{}', now(), current_date, n from generate_series(1, 600) n`,
    [caseId, person],
  )
  await database.sql(
    `update tasks set "answerContentId" = gen_random_uuid(), "answeredById" = $2, "answeredOn" = current_date,
       "answeredAt" = now() - interval '1 year' + "openedStep" * interval '1 minute' where "caseId" = $1`,
    [caseId, person],
  )
  await database.sql(`update tasks set "answeredAt" = now() - interval '2 years' where id in ($1, $2)`, [first, asked])
  const [last] = await database.sql(`select id from tasks where "caseId" = $1 order by "answeredAt" desc limit 1`, [
    caseId,
  ])
  const read = await answeredTasks(database.db, NOBODY, caseId, null)
  expect(read).toHaveLength(500)
  expect(read.at(-1)?.id).toBe(last?.['id'])
  const moments = read.map(({ answeredAt }) => answeredAt?.getTime() ?? 0)
  expect(moments).toEqual([...moments].sort((a, b) => a - b))
  const looked = await answeredTasks(database.db, NOBODY, caseId, first)
  expect(
    looked
      .slice(0, 2)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([first, asked].sort())
  expect(looked.slice(2)).toEqual(read)
})

test('of more than a hundred incidents those that were noted last are told, the oldest of them first', async () => {
  await database.sql(
    `insert into incidents ("caseId", kind, params, "firstAt", "lastAt")
     select gen_random_uuid(), 'longHistory', '{}', now() - n * interval '1 minute', now() from generate_series(1, 120) n`,
  )
  const told = await openIncidents(database.db)
  expect(told).toHaveLength(100)
  const [newest] = await database.sql(`select "caseId" from incidents order by "firstAt" desc limit 1`)
  expect(told.at(-1)?.caseId).toBe(newest?.['caseId'])
})

test('a process tells all rows of its terms, however often the law has changed', async () => {
  const [row] = await database.db.term.findMany({ where: { key: 'probation.base' } })
  if (!row) throw new Error('no term')
  await database.db.term.createMany({ data: Array.from({ length: 30 }, () => ({ ...row, id: randomUUID() })) })
  const stored = await database.db.term.count({ where: { key: row.key } })
  expect(await termsNamed(database.db, [row.key])).toHaveLength(stored)
})
