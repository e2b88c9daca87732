/** Whatever row of a case is spoilt: reconcile names it, and mends it from what the workflow says. */
import { randomUUID } from 'node:crypto'
import { rootFaults, takeRoot, type AuditRoot } from '../../prisma/store/audit-roots'
import { sha256 } from '../../prisma/store/canonical'
import { appendTo, lockCase, verifyChain } from '../../prisma/store/events'
import { storePaper, takePapers } from '../../prisma/store/papers'
import { reconcile, type Report } from '../../scripts/reconcile/reconcile'
import { querySnapshot } from '../../scripts/reconcile/workflow'
import type { CaseId, Instant, IsoDate, TaskId } from '../../workflows/kernel/contract'
import { casework, HASH_OF_NOTHING, openTask, say, type Casework } from '../support/casework'
import { eventually } from '../support/eventually'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { arrangeErrands, beginErrand, doer, ERRANDS, errandLaw, hr, MONDAY, OTHER } from '../support/errands'

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
  const id = await begun()
  const left = await openTask(work, id, 'left')
  expect(await say(work, id, 'complete', doer, { task: left, answer: { n: 1 } })).toMatchObject({ ok: true })
  await sent(id)

  return id
}

/** An errand whose start was sent by the API. */
async function begun(): Promise<CaseId> {
  const id = await beginErrand(database, work)
  await sent(id)

  return id
}

/** The commands and contents of what was decided so far, as the API would have stored them before it sent them. */
async function sent(id: CaseId, contents = true): Promise<void> {
  const command = (kind: string) => `
    insert into commands (id, "caseId", "taskId", kind, principal, key, digest, actor, payload, "contentId", "receivedAt", state)
    select gen_random_uuid(), $1, t.id, '${kind}', '', gen_random_uuid(), '', '{}', '{}', t."answerContentId", now(), 'done'`
  const unless = 'not exists (select 1 from commands m where m."caseId" = $1 and'
  await sql(
    `${command('start')} from (select null::uuid as id, null::uuid as "answerContentId") t where ${unless} m.kind = 'start')`,
    id,
  )
  await sql(
    `${command('complete')} from tasks t where t."caseId" = $1 and t."answerContentId" is not null
    and ${unless} m."contentId" = t."answerContentId")`,
    id,
  )
  if (contents)
    await sql(
      `insert into contents select "answerContentId", "caseId", '{}', '', '${HASH_OF_NOTHING}', now() from tasks
       where "caseId" = $1 and "answerContentId" is not null on conflict do nothing`,
      id,
    )
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
  // that a command is done and its task is not is a finding of its own
  expect(seen.findings.filter(({ kind }) => kind !== 'effectAbsent')).toMatchObject([
    { kind: 'differs', mended: false },
  ])
  expect(seen.findings[0]?.says).toMatch(named)
  expect(seen.whole).toBe(false)

  expect((await reconciled(id, true)).findings).toMatchObject([{ kind: 'differs', mended: true }])
  expect((await reconciled(id)).findings).toEqual([])
  const now = await rows(id)
  // a task that was made up stays in the file as void
  const known = JSON.stringify(right[0]?.['tasks'])
  for (const row of now) row['tasks'] = (row['tasks'] as { id: string }[]).filter((task) => known.includes(task.id))
  expect(now).toEqual(right)
  expect(await verifyChain(work.db, id)).toEqual({ ok: true })
  expect(await work.db.event.count({ where: { caseId: id, kind: 'caseMended' } })).toBe(1)
})

test('rows of an earlier moment than the workflow are brought forward, step by step, with everything that happened in them', async () => {
  const id = await begun()
  const restored = await copyOf(id)
  const left = await openTask(work, id, 'left')
  expect(await say(work, id, 'complete', doer, { task: left, answer: { n: 1 } })).toMatchObject({ ok: true })
  const right = await openTask(work, id, 'right')
  expect(await say(work, id, 'complete', hr, { task: right, answer: { n: 2 } })).toMatchObject({ ok: true })
  const [whole, told] = [await rows(id), await eventsOf(id)]
  await restored()
  expect((await reconciled(id)).findings).toMatchObject([{ kind: 'differs', mended: false }])
  expect((await reconciled(id, true)).findings).toMatchObject([
    { kind: 'differs', mended: true },
    // the answers are there; who sent them, and what was written in them, was in the database alone
    { kind: 'commandMissing' },
    { kind: 'commandMissing' },
    { kind: 'contentLost' },
    { kind: 'contentLost' },
  ])
  expect(await rows(id)).toEqual(whole)
  expect(await eventsOf(id)).toEqual([...told, 'caseMended'])
  expect(await verifyChain(work.db, id)).toEqual({ ok: true })
})

test('a case that has no row is recorded from its first step on', async () => {
  const id = await underWay()
  const [whole] = [await rows(id)]
  for (const table of ['events', 'clocks', 'documents', 'tasks', 'steps'])
    await sql(`delete from ${table} where "caseId" = $1`, id)
  await sql('delete from cases where id = $1', id)
  expect((await reconciled(id, true)).findings).toMatchObject([{ kind: 'rowMissing', mended: true }])
  // a number is given once
  const numbered = (of: Awaited<ReturnType<typeof rows>>) =>
    of.map((row) => ({ ...row, file: { ...(row['file'] as object), number: '', search: '', searchNumber: '' } }))
  expect(numbered(await rows(id))).toEqual(numbered(whole))
})

test('an audit trail that was changed is named, and never mended', async () => {
  const id = await underWay()
  await sql(`update events set params = '{"kind":"other"}' where "caseId" = $1 and seq = 3`, id)
  const broken = [{ kind: 'chainBroken', mended: false, says: expect.stringContaining('entry 3') }]
  expect((await reconciled(id, true)).findings).toMatchObject(broken)
  expect((await reconciled(id)).findings).toMatchObject(broken)
})

test('a case that nothing moves is named, with why', async () => {
  const id = await begun()
  await sql(`update cases set "wakesAt" = null where id = $1`, id)
  const { findings } = await reconciled(id)
  expect(findings.map(({ kind }) => kind)).toEqual(['differs', 'ownerless'])
  expect(findings[1]?.says).toBe(
    'nobody may do its task left: its person has left the office; nobody may do its task right of hr b: nobody holds its role',
  )
  await reconciled(id, true)
  expect((await reconciled(id)).findings).toEqual([])
})

test('a letter that waits a day beyond its time, and one that is stopped, are named by their ids alone', async () => {
  const letter = async (state: string, hours: number) =>
    (
      await sql(
        `insert into letters ("personId", kind, "noticeIds", address, language, "messageId", state, "dueAt", "nextAt", "lastError")
         values (gen_random_uuid(), 'notice', '{}', 'somebody@example.org', 'kk', gen_random_uuid()::text, $1,
           now() - $2 * interval '1 hour', now() + interval '1 day', 'EDNS') returning id`,
        state,
        hours,
      )
    )[0]?.['id']
  const [late, stopped] = [await letter('waiting', 25), await letter('stopped', 1)]
  await letter('waiting', 1)
  await letter('sent', 30)
  const { db, client, taskQueue } = work
  const { findings, whole } = await reconcile({ db, client, taskQueue, mend: false, pendingAfterS: 0 })
  const told = findings.filter(({ kind }) => kind === 'letterWaiting').map(({ says }) => says)
  expect(told).toEqual([
    expect.stringMatching(`letter ${String(late)} waits since .* EDNS$`),
    expect.stringMatching(`letter ${String(stopped)} is stopped since .* EDNS$`),
  ])
  expect(told.join()).not.toContain('@')
  expect(whole).toBe(false)
  await sql('delete from letters')
})

test('a command that was lost on its way is found, sent again, and done once', async () => {
  const id = await begun()
  const task = await openTask(work, id, 'left')
  await stored(id, task, 'stored')
  expect((await reconciled(id)).findings).toMatchObject([{ kind: 'commandPending', mended: false }])
  expect((await reconciled(id, true)).findings).toMatchObject([{ kind: 'commandPending', mended: true }])
  expect((await reconciled(id)).findings).toEqual([])
  expect(await sql('select state from tasks where id = $1', task)).toEqual([{ state: 'completed' }])
})

test('a command that is done while its task is not: history brings the answer back', async () => {
  const id = await begun()
  const task = await openTask(work, id, 'left')
  await stored(id, task, 'stored')
  await reconciled(id, true)
  await sql(`update tasks set state = 'obsolete', "answerContentId" = null, answer = null where id = $1`, task)
  expect((await reconciled(id)).findings).toMatchObject([{ kind: 'effectAbsent', mended: false }])
  expect((await reconciled(id, true)).findings).toMatchObject([{ kind: 'effectAbsent', mended: true }])
  expect(await sql('select state, answer from tasks where id = $1', task)).toEqual([
    { state: 'completed', answer: { n: 1 } },
  ])

  const never = await openTask(work, id, 'right')
  await stored(id, never, 'done')
  const told = await eventsOf(id)
  expect((await reconciled(id, true)).findings).toMatchObject([{ kind: 'effectAbsent', mended: false }])
  // nothing was mended, and the file does not say so
  expect(await eventsOf(id)).toEqual(told)
})

test('a step that is never written is named, and not taken for one on its way', async () => {
  const id = await underWay()
  await sql(
    `insert into steps select "caseId", max(n) + 1, 'of another moment', now() from steps where "caseId" = $1 group by 1`,
    id,
  )
  const right = await openTask(work, id, 'right')
  const unanswered = say(work, id, 'complete', hr, { task: right, answer: { n: 2 } }).catch(() => undefined)
  await eventually('a step that cannot be written', async () => {
    const said = await querySnapshot(work.client, id)

    return said.known && said.answer?.recording
  })
  const { findings, whole } = await reconciled(id)
  expect(findings.map(({ kind }) => kind)).toEqual(['workflowBehind', 'stuck'])
  expect(whole).toBe(false)
  await work.client.workflow.getHandle(id).terminate()
  await unanswered
  await sql(`delete from steps where "caseId" = $1 and digest = 'of another moment'`, id)
})

test('a workflow that was ended by hand, and one that Temporal does not know, are named', async () => {
  const [ended, unknown] = [await underWay(), await underWay()]
  await work.client.workflow.getHandle(ended).terminate()
  expect((await reconciled(ended, true)).findings).toMatchObject([{ kind: 'workflowEnded', mended: false }])
  const namespace = 'default'
  await work.client.workflow.getHandle(unknown).terminate()
  await work.client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: unknown } })
  const found = await eventually('the deletion', async () => {
    const { findings } = await reconciled(unknown)

    return findings[0]?.kind === 'workflowMissing' && findings
  })
  expect(found).toMatchObject([{ says: expect.stringContaining('no workflow') }])
})

test('while people work, nothing is said to differ', async () => {
  const cases = await Promise.all(Array.from({ length: 6 }, begun))
  const working = Promise.all(
    cases.map(async (id) => {
      for (const [kind, by] of [
        ['left', doer],
        ['right', hr],
      ] as const) {
        const task = await openTask(work, id, kind)
        expect(await say(work, id, 'complete', by, { task, answer: { n: 1 } })).toMatchObject({ ok: true })
      }
    }),
  )
  const { db, client, taskQueue } = work
  const seen = await reconcile({ db, client, taskQueue, mend: false, only: cases })
  await working
  // whose contents and commands nobody has stored
  expect(seen.findings.filter(({ kind }) => kind !== 'contentLost' && kind !== 'commandMissing')).toEqual([])
})

test.each([
  ['lost', `delete from contents where id = $1`, 'contentLost', /document R-2026-\w+-\d{6} is in no row/],
  [
    'changed',
    `update contents set body = body || '{"number": "1"}' where id = $1`,
    'contentChanged',
    /is not what was issued/,
  ],
])('a document whose content is %s is named, and nobody mends it', async (_what, spoil, kind, says) => {
  const id = await underWay()
  const approved = await approvedErrand(id)
  expect((await reconciled(id)).findings).toEqual([])
  const [document] = await sql('select "contentId" from documents where "caseId" = $1', approved)
  const [content] = await sql('select t::text as row from contents t where id = $1', document?.['contentId'])
  await sql(spoil, document?.['contentId'])
  const { findings } = await reconciled(id, true)
  expect(findings).toMatchObject([{ kind, mended: false }])
  expect(findings[0]?.says).toMatch(says)
  await sql('delete from contents where id = $1', document?.['contentId'])
  await sql('insert into contents select (r::contents).* from (select $1::text as r) x', content?.['row'])
  expect((await reconciled(id)).findings).toEqual([])
})

test('a paper that is not made, one of which a byte was changed, and one that was exchanged with its sum, are named, and nobody mends them', async () => {
  const id = await approvedErrand(await underWay())
  const told = async () =>
    (await reconciled(id, true)).findings
      .filter(({ kind }) => kind.startsWith('paper'))
      .map(({ kind, says, mended }) => [kind, says.replace(/document \S+/, 'document N'), mended])
  // it may still be on its way
  expect(await told()).toEqual([])
  await sql(`update papers set "orderedAt" = now() - interval '1 hour' where "caseId" = $1`, id)
  expect(await told()).toEqual([
    ['paperMissing', "document N has no paper: see its incident and the worker's log", false],
  ])
  const bytes = Buffer.alloc(1000, 'a paper')
  const rendering = { language: 'kk', template: '', sha256: sha256(bytes.toString()), bytes } as const
  for (const paper of await takePapers(work.db, 100))
    if (paper.case === id) expect(await storePaper(work.db, paper, [rendering])).toBe(true)
  expect(await told()).toEqual([])
  /** Past the trigger, as whoever has the database may. */
  const change = (text: string) => sql(`do $$ begin set local session_replication_role = replica; ${text}; end $$`)
  const ofCase = `from documents d where d.id = r."documentId" and d."caseId" = '${id}' and r.language = 'kk'`
  await change(`update paper_renderings r set bytes = set_byte(r.bytes, 500, get_byte(r.bytes, 500) # 1) ${ofCase}`)
  expect(await told()).toEqual([['paperChanged', 'the paper of document N is not the bytes of its sum', false]])
  await change(`update paper_renderings r set sha256 = encode(sha256(r.bytes), 'hex') ${ofCase}`)
  expect(await told()).toEqual([
    ['paperChanged', 'the paper of document N is not the one that the case file says', false],
  ])
  await change(`update paper_renderings r set bytes = set_byte(r.bytes, 500, get_byte(r.bytes, 500) # 1) ${ofCase}`)
  await change(`update paper_renderings r set sha256 = encode(sha256(r.bytes), 'hex') ${ofCase}`)
  expect(await told()).toEqual([])
})

test('files of which bytes are lost, altered or nobody’s are named with their cases, and nobody mends them', async () => {
  const id = await underWay()
  const [{ number } = {}] = await sql('select number from cases where id = $1', id)
  const file = async (hash: string, bytes: string | null) => {
    await sql(`insert into file_blobs values ($1, 3, 'txt', gen_random_uuid(), now())`, hash)
    await sql(
      `insert into files select gen_random_uuid(), $1, 'a.txt', null, now(),
         (select id from commands where "caseId" = $2 limit 1)`,
      hash,
      id,
    )
    if (bytes !== null)
      await sql(
        `insert into file_pieces select "storeKey", 0, $2::bytea from file_blobs where sha256 = $1`,
        hash,
        bytes,
      )
  }
  await file(sha256('abc'), 'abc')
  await file('lost', null)
  await file('altered', 'xyz')
  await sql(`insert into file_pieces values (gen_random_uuid(), 0, 'abc')`)
  const { db, client, taskQueue } = work
  const { findings } = await reconcile({ db, client, taskQueue, mend: true })
  const told = findings.filter(({ kind }) => kind.startsWith('file'))
  expect(told.map((each) => [each.kind, each.number, each.mended])).toEqual([
    ['fileAltered', number, false],
    ['fileLost', number, false],
    ['fileOrphaned', null, false],
  ])
  await sql('truncate files, file_blobs, file_pieces')
})

/** Goes on until the slip is issued. */
async function approvedErrand(id: CaseId): Promise<CaseId> {
  for (const [kind, answer] of [
    ['right', { n: 2 }],
    ['approve', { ok: true }],
  ] as const) {
    const task = await openTask(work, id, kind)
    expect(await say(work, id, 'complete', hr, { task, answer })).toMatchObject({ ok: true })
  }
  await sent(id)

  return id
}

// ------------------------------------------------------------------ what an attacker with rights in the database would do

/** Cuts the last entry off, and sets the counters of the case back so that the chain verifies. */
const cutOff = (id: CaseId) =>
  sql(
    `with cut as (delete from events e using cases c where c.id = $1 and e."caseId" = c.id and e.seq = c."lastSeq" returning e."prevHash")
     update cases set "lastSeq" = "lastSeq" - 1, "lastHash" = cut."prevHash" from cut where id = $1`,
    id,
  )

test('the last entry of a case, cut off with its counters set back, is named: the history has it', async () => {
  const id = await underWay()
  await cutOff(id)
  expect(await verifyChain(work.db, id)).toEqual({ ok: true })
  expect((await reconciled(id, true)).findings).toMatchObject([
    { kind: 'chainBroken', mended: false, says: expect.stringMatching(/lacks \w+ of step \d+, which the history has/) },
  ])
})

test('an entry that was made up, with a chain that verifies, is named: no history has it', async () => {
  const id = await underWay()
  const on = MONDAY
  await work.db.sql.transaction(async (tx) => {
    const end = await lockCase(tx, id)
    const event = {
      kind: 'taskCompleted',
      at: '2026-03-02T05:00:00.000Z' as Instant,
      on,
      step: 1,
      actor: OTHER,
      capacity: 'hr',
    }
    if (end) await appendTo(tx, id, end, [{ ...event, task: null, params: { kind: 'approve', answer: { ok: true } } }])
  })
  expect(await verifyChain(work.db, id)).toEqual({ ok: true })
  expect((await reconciled(id)).findings).toMatchObject([
    {
      kind: 'chainBroken',
      says: expect.stringMatching(/entry \d+ of the audit trail, taskCompleted, is in no history/),
    },
  ])
})

test('a verb that no history has, cut off, is named once a daily root has seen it; so is the root when it is made to fit', async () => {
  const id = await underWay()
  const [on, now] = [MONDAY, '2026-03-02T05:00:00.000Z' as Instant]
  const verb = { kind: 'taskClaimed', at: now, on, step: null, actor: OTHER, capacity: null, task: null, params: {} }
  await work.db.sql.transaction(async (tx) => {
    const end = await lockCase(tx, id)
    if (end) await appendTo(tx, id, end, [verb])
  })
  expect((await reconciled(id)).findings).toEqual([])
  const told: AuditRoot[] = []
  const tell = (root: AuditRoot) => void told.push(root)
  expect(await takeRoot(work.db, '2026-03-03' as IsoDate, tell)).toMatchObject({ torn: [] })
  expect(await rootFaults(work.db, told)).toEqual([])
  await cutOff(id)
  const named = [{ kind: 'chainBroken', says: expect.stringContaining('as the last daily root knows it') }]
  expect((await reconciled(id)).findings).toMatchObject(named)
  // the next root does not cover it up
  expect(await takeRoot(work.db, '2026-03-04' as IsoDate, tell)).toEqual({ torn: [id] })
  expect((await reconciled(id)).findings).toMatchObject(named)
  expect(await rootFaults(work.db, told)).toEqual([])

  const [kept] = await sql('select t::text as row from sealed_trails t where "caseId" = $1', id)
  await sql('delete from sealed_trails where "caseId" = $1', id)
  expect((await rootFaults(work.db, told)).map(({ says }) => says)).toEqual([
    'the sealed trails do not give the root of 2026-03-04',
  ])
  await sql('insert into sealed_trails select (r::sealed_trails).* from (select $1::text as r) x', kept?.['row'])
  expect(await rootFaults(work.db, told)).toEqual([])
})

test('roots that were changed, taken away or added are named by what was told of them', async () => {
  const told: AuditRoot[] = []
  const tell = (root: AuditRoot) => void told.push(root)
  for (const day of ['2026-03-05', '2026-03-06'] as IsoDate[]) await takeRoot(work.db, day, tell)
  expect(await takeRoot(work.db, '2026-03-06' as IsoDate, tell)).toBe('there')
  const says = async () => (await rootFaults(work.db, told)).map((fault) => fault.says)
  expect(await says()).toEqual([])
  const [before] = await sql(`select root from audit_roots where day = '2026-03-05'`)
  await sql(`update audit_roots set root = 'other' where day = '2026-03-05'`)
  expect(await says()).toEqual(['the root of 2026-03-05 in the database is not the one that was told'])
  await sql(`delete from audit_roots where day = '2026-03-05'`)
  expect(await says()).toEqual(['the root of 2026-03-05 was told and is not in the database'])
  await sql(`insert into audit_roots values ('2026-03-05', 1, $1)`, before?.['root'])
  await sql(`insert into audit_roots select '2026-03-07', cases, root from audit_roots where day = '2026-03-06'`)
  expect(await says()).toEqual(['the root of 2026-03-07 is in the database and was not told'])
  await sql(`delete from audit_roots where day = '2026-03-07'`)
})

test('several processes that come to take the root of a day: one does', async () => {
  const told: AuditRoot[] = []
  const day = '2026-03-09' as IsoDate
  const taken = await Promise.allSettled(
    Array.from({ length: 4 }, () => takeRoot(work.db, day, (root) => void told.push(root))),
  )
  expect(await sql('select count(*)::int as n from audit_roots where day = $1', day)).toEqual([{ n: 1 }])
  expect(taken.filter((each) => each.status === 'fulfilled' && typeof each.value === 'object')).toHaveLength(1)
  expect(await rootFaults(work.db, told.slice(-1))).toEqual([])
})

test('a content row exchanged for another, with a hash that fits, is named: the command says which it was, and the history', async () => {
  const id = await underWay()
  const [answer] = await sql(
    'select "answerContentId" as content from tasks where "caseId" = $1 and kind = $2',
    id,
    'left',
  )
  const exchange = (body: string, hash: string) =>
    sql('update contents set body = $2, salt = $3, hash = $4 where id = $1', answer?.['content'], body, '', hash)
  const named = [{ kind: 'contentChanged', mended: false, says: expect.stringContaining(String(answer?.['content'])) }]
  // its hash does not fit
  await exchange('{"n":2}', HASH_OF_NOTHING)
  expect((await reconciled(id, true)).findings).toMatchObject(named)
  // it fits, and the command has another
  await exchange('{"n":2}', sha256('{"n":2}'))
  await sql(
    `update commands set payload = jsonb_build_object('content', jsonb_build_object('hash', $2::text)) where "contentId" = $1`,
    answer?.['content'],
    HASH_OF_NOTHING,
  )
  const { findings } = await reconciled(id)
  expect(findings.filter(({ kind }) => kind === 'contentChanged')).toMatchObject(named)
  // the command was made to fit: the history has another
  await sql(`update commands set payload = '{}' where "contentId" = $1`, answer?.['content'])
  expect((await reconciled(id)).findings).toMatchObject([
    { kind: 'chainBroken', says: expect.stringContaining('is not the one of the history') },
  ])
  await exchange('{}', HASH_OF_NOTHING)
  expect((await reconciled(id)).findings).toEqual([])
  // the history is forgotten, or was changed as well: the last root knows it
  await takeRoot(work.db, '2026-03-10' as IsoDate, () => undefined)
  await exchange('{"n":2}', sha256('{"n":2}'))
  expect((await reconciled(id)).findings).toMatchObject([
    { kind: 'chainBroken', says: expect.stringMatching(/content or document .* is another since the last daily root/) },
  ])
  await sql('delete from contents where id = $1', answer?.['content'])
  const gone = (await reconciled(id)).findings.map(({ kind }) => kind)
  expect(gone).toEqual(['contentLost', 'chainBroken'])
  await sql(`insert into contents values ($1, $2, '{}', '', $3, now())`, answer?.['content'], id, HASH_OF_NOTHING)
  expect((await reconciled(id)).findings).toEqual([])
})

test('a document exchanged for another, row and content, is named: the last root knows its hash', async () => {
  const id = await approvedErrand(await underWay())
  await takeRoot(work.db, '2026-03-11' as IsoDate, () => undefined)
  const other = randomUUID()
  await sql(
    `insert into contents values ($1, $2, '{"number":"1"}', '', $3, now())`,
    other,
    id,
    sha256('{"number":"1"}'),
  )
  const [before] = await sql('select id, "contentId", "contentHash" from documents where "caseId" = $1', id)
  await sql(
    'update documents set "contentId" = $2, "contentHash" = $3 where "caseId" = $1',
    id,
    other,
    sha256('{"number":"1"}'),
  )
  expect((await reconciled(id)).findings).toMatchObject([
    { kind: 'chainBroken', says: expect.stringContaining(`document ${String(before?.['id'])} is another`) },
  ])
  await sql(
    'update documents set "contentId" = $2, "contentHash" = $3 where "caseId" = $1',
    id,
    before?.['contentId'],
    before?.['contentHash'],
  )
  await sql('delete from contents where id = $1', other)
})

test.each([
  [
    'an answer',
    `delete from commands where "caseId" = $1 and kind = 'complete'`,
    /the answer to task .* is in the file/,
  ],
  ['a start', `delete from commands where "caseId" = $1 and kind = 'start'`, /the start errand is in the file/],
  [
    'an answer that was refused',
    `update commands set state = 'refused' where "caseId" = $1 and kind = 'complete'`,
    /answer/,
  ],
])('a decision for which no command was stored is named: %s', async (_what, text, says) => {
  const id = await underWay()
  await sql(text, id)
  expect((await reconciled(id, true)).findings).toMatchObject([
    { kind: 'commandMissing', mended: false, says: expect.stringMatching(says) },
  ])
})

test('everything there is, looked at while nothing is spoilt any more but what nobody can mend', async () => {
  const { db, client, taskQueue } = work
  const report = await reconcile({ db, client, taskQueue, mend: true })
  expect(report.looked.cases).toBeGreaterThan(20)
  expect(report.looked.workflows).toBeGreaterThan(20)
  const kinds = new Set(report.findings.filter(({ mended }) => !mended).map(({ kind }) => kind))
  expect([...kinds].sort()).toEqual([
    'chainBroken',
    'commandMissing',
    'contentLost',
    'effectAbsent',
    'workflowEnded',
    'workflowMissing',
  ])
})

const eventsOf = async (id: CaseId) =>
  (await sql('select kind from events where "caseId" = $1 order by seq', id)).map((row) => row['kind'])

/** The rows of a case as they are now; the answer puts them back, as a restored database would have them. */
async function copyOf(id: CaseId): Promise<() => Promise<void>> {
  const tables = ['cases', 'tasks', 'clocks', 'steps', 'events', 'documents', 'notices']
  const key = (table: string) => (table === 'cases' ? 'id' : '"caseId"')
  const copies = await Promise.all(
    tables.map(async (table) =>
      (await sql(`select t::text as row from ${table} t where ${key(table)} = $1`, id)).map(({ row }) => row),
    ),
  )

  return async () => {
    for (const table of tables.toReversed()) await sql(`delete from ${table} where ${key(table)} = $1`, id)
    for (const [i, table] of tables.entries())
      await sql(`insert into ${table} select (r::${table}).* from unnest($1::text[]) r`, copies[i])
  }
}

/** A command as the API stores it before it is sent. */
async function stored(id: CaseId, task: TaskId, state: string): Promise<void> {
  const [command, content] = [randomUUID(), randomUUID()]
  const message = {
    command,
    task,
    actor: doer,
    receivedAt: new Date().toISOString(),
    answer: { n: 1 },
    people: {},
    content: { id: content, hash: HASH_OF_NOTHING },
  }
  await sql(`insert into contents values ($1, $2, '{}', '', '${HASH_OF_NOTHING}', now())`, content, id)
  await sql(
    `insert into commands (id, "caseId", "taskId", kind, principal, key, digest, actor, payload, "contentId", "receivedAt", state)
     values ($1, $2, $3, 'complete', $4, gen_random_uuid(), '', '{}', $5, $6, now(), $7)`,
    command,
    id,
    task,
    doer.person,
    JSON.stringify(message),
    content,
    state,
  )
  if (state === 'stored')
    await sql(`update tasks set state = 'completing', "stateBefore" = 'reserved' where id = $1`, task)
}
