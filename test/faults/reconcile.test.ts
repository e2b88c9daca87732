/** Whatever row of a case is spoilt: reconcile names it, and mends it from what the workflow says. */
import { verifyChain } from '../../prisma/store/events'
import { reconcile, type Report } from '../../scripts/reconcile/reconcile'
import type { CaseId } from '../../workflows/kernel/contract'
import { casework, openTask, say, type Casework } from '../support/casework'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { arrangeErrands, beginErrand, doer, ERRANDS, errandLaw, OTHER } from '../support/errands'

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  work = await casework(database.url, ERRANDS, errandLaw)
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const sql = (text: string, ...values: readonly unknown[]) => database.sql(text, values)

const reconciled = (caseId: CaseId, mend = false): Promise<Report> => {
  const { db, client, taskQueue } = work

  return reconcile({ db, client, taskQueue, mend, only: [caseId], pendingAfterS: 0 })
}

/** The left task is answered, a question stands in the right one, so that every kind of row is there. */
async function underWay(): Promise<CaseId> {
  const id = await beginErrand(database, work)
  const left = await openTask(work, id, 'left')
  expect(await say(work, id, 'complete', doer, { task: left, answer: { n: 1 } })).toMatchObject({ ok: true })
  await sql(
    `insert into contents select "answerContentId", "caseId", '{}', '', 'x', now() from tasks where id = $1`,
    left,
  )

  return id
}

/** All rows of a case that its workflow stands for, as they should be again. */
const rows = (id: CaseId) =>
  sql(
    `select (to_jsonb(c) - '{people,lastSeq,lastHash}'::text[]) as file,
       (select jsonb_agg(to_jsonb(t) - 'version' order by t.id) from tasks t where t."caseId" = c.id) as tasks,
       (select jsonb_agg(to_jsonb(k) order by k.name) from clocks k where k."caseId" = c.id) as clocks,
       (select jsonb_agg(s.n order by s.n) from steps s where s."caseId" = c.id) as steps
     from cases c where c.id = $1`,
    id,
  )

const SPOILT: readonly (readonly [what: string, text: string, named: RegExp])[] = [
  [
    'an open task is closed',
    `update tasks set state = 'obsolete' where "caseId" = $1 and kind = 'right'`,
    /task .* state/,
  ],
  ['an open task is missing', `delete from tasks where "caseId" = $1 and kind = 'right'`, /task .* row/],
  [
    'a task nobody opened',
    `insert into tasks (id, "caseId", process, kind, state, "formVersion", excluded, "openedAt", "openedOn", "openedStep")
     values (gen_random_uuid(), $1, 'errand', 'approve', 'ready', 1, '{}', now(), now(), 1)`,
    /task .* state is ready/,
  ],
  [
    'an answered task is open',
    `update tasks set state = 'reserved' where "caseId" = $1 and kind = 'left'`,
    /task .* state is reserved/,
  ],
  [
    'an addressee',
    `update tasks set "bodyKey" = null, role = null, "personId" = $2 where "caseId" = $1 and kind = 'right'`,
    /personId/,
  ],
  ['who is excluded', `update tasks set excluded = '{}' where "caseId" = $1 and kind = 'right'`, /excluded/],
  ['a due date', `update tasks set "dueOn" = "dueOn" + 1 where "caseId" = $1 and kind = 'right'`, /dueOn/],
  [
    'a task that waits for no command',
    `update tasks set state = 'completing' where "caseId" = $1 and kind = 'right'`,
    /state is completing/,
  ],
  [
    'a reminder that was not sent',
    `update tasks set reminded = true where "caseId" = $1 and kind = 'right'`,
    /reminded/,
  ],
  ['an escalation', `update tasks set escalated = true where "caseId" = $1 and kind = 'right'`, /escalated/],
  ['the kind of a task', `update tasks set kind = 'approve' where "caseId" = $1 and kind = 'right'`, /kind/],
  ['the stage', `update cases set stage = 'waiting' where id = $1`, /stage/],
  ['the status', `update cases set status = 'closed', "closedAt" = now() where id = $1`, /status/],
  ['the step number', `update cases set step = step - 1 where id = $1`, /step/],
  ['the version', `update cases set version = version + 1 where id = $1`, /version/],
  ['the facts', `update cases set facts = facts || '{"rounds": 7}' where id = $1`, /facts/],
  ['the case clock', `update cases set clock = clock || '{"speed": 9}' where id = $1`, /clock/],
  ['the body', `update cases set "agencyKey" = 'x' where id = $1`, /agencyKey/],
  ['the end of a clock', `update clocks set "endsOn" = "endsOn" + 1 where "caseId" = $1`, /endsOn/],
  ['a clock is missing', `delete from clocks where "caseId" = $1`, /clock wait row/],
  ['a clock nobody keeps', `insert into clocks values ($1, 'other', now(), now(), '[]')`, /clock other row/],
  ['a step that is not noted', `delete from steps where "caseId" = $1 and n = 1`, /count/],
]

test.each(SPOILT)('%s: named, and mended', async (_what, text, named) => {
  const id = await underWay()
  const right = await rows(id)
  expect((await reconciled(id)).findings).toEqual([])
  await database.sql(text, text.includes('$2') ? [id, OTHER] : [id])
  const seen = await reconciled(id)
  expect(seen.findings).toMatchObject([{ kind: 'differs', mended: false }])
  expect(seen.findings[0]?.says).toMatch(named)
  expect(seen.whole).toBe(false)

  expect((await reconciled(id, true)).findings).toMatchObject([{ kind: 'differs', mended: true }])
  expect((await reconciled(id)).findings).toEqual([])
  const now = (await rows(id))
  // a task that was made up stays in the file as void
  const known = JSON.stringify(right[0]?.['tasks'])
  for (const row of now) row['tasks'] = (row['tasks'] as { id: string }[]).filter((task) => known.includes(task.id))
  expect(now).toEqual(right)
  expect(await verifyChain(work.db, id)).toEqual({ ok: true })
  expect(await work.db.event.count({ where: { caseId: id, kind: 'caseMended' } })).toBe(1)
})
