/**
 * Rows of a case beside what its workflow says of it: where they differ, and how they are mended. History is right; what is
 * mended is written by the same functions that record a step, and the file says that it was.
 */
import { localDate } from '../../workflows/kernel/law/calendar'
import { caseTime, instant } from '../../workflows/kernel/law/case-clock'
import type { CaseId, CommandId, IsoDate, PersonId, TaskState } from '../../workflows/kernel/contract'
import type { OpenTask, CaseSnapshot, Step } from '../../workflows/kernel/protocol/step'
import { canonical, sha256 } from './canonical'
import { openTasks, recordStep, writeTasksAndClocks, type Recording } from './casefile'
import {
  CASE_OF_R,
  CASE_RECORD,
  closings,
  columnsOf,
  initialHolder,
  fixedColumns,
  newTask,
  openingColumns,
  stateColumns,
  TASK_OF_R,
  TASK_RECORD,
  type NewTask,
} from './columns'
import { Prisma, type Db, type Sql } from './db'
import { appendTo, lockCase } from './events'
import { notify } from './notify'
import { isClosed } from './tasks'

/** One value that is not what history makes of it. */
export interface Difference {
  readonly table: 'cases' | 'tasks' | 'clocks' | 'steps'
  /** the task's id or the clock's name */
  readonly of: string | null
  readonly field: string
  readonly row: unknown
  readonly workflow: unknown
}

type Columns = Readonly<Record<string, unknown>>

/** What the database holds of one case, as far as its workflow says the same. */
export interface CaseRows {
  readonly file: Columns & { readonly number: string }
  readonly tasks: readonly TaskRow[]
  readonly clocks: readonly { readonly name: string; readonly startsOn: IsoDate; readonly endsOn: IsoDate }[]
  /** numbers of the steps recorded, in order */
  readonly steps: readonly number[]
  /** tasks for which an answer is stored and has no outcome yet */
  readonly answering: ReadonlySet<string>
}
interface TaskRow extends Columns {
  readonly id: string
  readonly state: TaskState
  readonly assigneeId: PersonId | null
}

// ------------------------------------------------------------------ what is there

/** Open cases by id, from the one after `after`. */
export async function openCases(db: Db, after: CaseId | null, limit: number): Promise<CaseId[]> {
  const rows = await db.case.findMany({
    where: { status: { not: 'closed' }, ...(after ? { id: { gt: after } } : {}) },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true },
  })

  return rows.map(({ id }) => id as CaseId)
}

/** All cases by id, from the one after `after`. */
export async function allCases(
  db: Db,
  after: CaseId | null,
  limit: number,
  only?: readonly CaseId[],
): Promise<{ readonly id: CaseId; readonly number: string }[]> {
  const rows = await db.case.findMany({
    where: { id: { ...(after ? { gt: after } : {}), ...(only ? { in: [...only] } : {}) } },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true, number: true },
  })

  return rows.map(({ id, number }) => ({ id: id as CaseId, number }))
}

/** Which of these have no row that says they are open. */
export async function withoutOpenRow(db: Db, ids: readonly CaseId[]): Promise<CaseId[]> {
  const rows = await db.case.findMany({
    where: { id: { in: [...ids] }, status: { not: 'closed' } },
    select: { id: true },
  })
  const open = new Set(rows.map(({ id }) => id))

  return ids.filter((id) => !open.has(id))
}

/** The rows of one case, all of one moment; null when it has none. */
export async function rowsOf(db: Db, caseId: CaseId): Promise<CaseRows | null> {
  return db.sql.transaction((tx) => readRows(tx, caseId), 'asOfOneMoment')
}

async function readRows(tx: Sql, caseId: CaseId): Promise<CaseRows | null> {
  const of = Prisma.sql`where "caseId" = ${caseId}::uuid`
  const [file] = await tx.rows<CaseRows['file']>`select * from cases where id = ${caseId}::uuid`
  if (!file) return null
  const tasks = await tx.rows<TaskRow>`select * from tasks ${of} order by id`
  const clocks = await tx.rows<CaseRows['clocks'][number]>`select name, "startsOn", "endsOn" from clocks ${of}`
  const steps = await tx.rows<{ n: number }>`select n from steps ${of} order by n`
  const stored = await tx.rows<{ taskId: string }>`
    select "taskId" from commands ${of} and state = 'stored' and "taskId" is not null`

  return {
    file,
    tasks,
    clocks,
    steps: steps.map(({ n }) => n),
    answering: new Set(stored.map(({ taskId }) => taskId)),
  }
}

const among = (table: 'c' | 't', only: readonly CaseId[] | null): Prisma.Sql =>
  only === null ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(table)}."caseId" = any(${[...only]}::uuid[])`

/** A command that is said to be done while nothing in its case shows it. */
export interface WithoutEffect {
  readonly id: CommandId
  readonly case: CaseId
  readonly number: string | null
  readonly kind: string
}

/**
 * Commands that are done and whose effect is absent: the answer, or its seal, in its task, the act in the file, the case itself. An act
 * by which a case ends with its opener or its set is told without the content, which is empty.
 */
export async function doneWithoutEffect(
  db: Db,
  limit: number,
  only: readonly CaseId[] | null = null,
): Promise<WithoutEffect[]> {
  return db.sql.rows<WithoutEffect>`
    select c.id, c."caseId" as case, f.number, c.kind from commands c
    left join cases f on f.id = c."caseId"
    left join tasks t on t.id = c."taskId" and t.state = 'completed' and (t."answerContentId" = c."contentId" or exists (
      select 1 from events e where e."caseId" = c."caseId" and e."taskId" = t.id
        and e.params -> 'commitment' ->> 'id' = c."contentId"::text))
    where c.state = 'done' and ${among('c', only)} and (
      (c.kind in ('complete', 'return') and t.id is null)
      or (c.kind = 'start' and f.id is null)
      or (c.kind = 'add' and not exists (
        select 1 from events e where e."caseId" = c."caseId" and e.kind = 'addedAfterEnd' and e.params ->> 'content' = c."contentId"::text))
      or (c.kind = 'act' and c.act <> 'advance' and not exists (
        select 1 from events e where e."caseId" = c."caseId" and e.kind = 'actPerformed'
          and (e.params ->> 'content' = c."contentId"::text or e.params = jsonb_build_object('act', c.act)))))
    order by c.id limit ${limit}`
}

/** Answers whose personal content is in no row: history never had it, so that nothing can bring it back. */
export async function contentLost(
  db: Db,
  limit: number,
  only: readonly CaseId[] | null = null,
): Promise<{ readonly case: CaseId; readonly number: string; readonly task: string }[]> {
  return db.sql.rows`
    select t."caseId" as case, f.number, t.id as task from tasks t
    join cases f on f.id = t."caseId"
    left join contents c on c.id = t."answerContentId"
    where t."answerContentId" is not null and c.id is null and ${among('t', only)} order by t.id limit ${limit}`
}

// ------------------------------------------------------------------ where it differs

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : (value ?? null))

function differing(
  table: Difference['table'],
  of: string | null,
  row: Readonly<Record<string, unknown>>,
  right: Readonly<Record<string, unknown>>,
): Difference[] {
  return Object.entries(right).flatMap(([field, value]) => {
    const [held, wanted] = [plain(row[field]), plain(value)]

    return canonical(held) === canonical(wanted) ? [] : [{ table, of, field, row: held, workflow: wanted }]
  })
}

/** The last step whose rows are there: the events of a step that lost its own row say so too. */
const lastStep = (rows: CaseRows): number => rows.steps.at(-1) ?? 0

/** Everything in which the rows are not what the workflow says. */
export function differencesOf(rows: CaseRows, snapshot: CaseSnapshot): Difference[] {
  const { file, clocks, steps } = rows
  const { wakesAt, wakesKnown, awaits, decisions, suspensions, ...state } = stateColumns(snapshot)
  // a step of the release before did not say when the case wakes: nothing is missing
  const wakes = file['wakesKnown'] === true ? { wakesAt, wakesKnown } : {}
  // nor for which day it waits
  const awaited = file['awaits'] === null ? {} : { awaits }
  // nor what was decided: its next step does
  const decided = file['decisions'] === null ? {} : { decisions }
  const suspended = snapshot.suspensions ? { suspensions } : {}
  const found = differing('cases', null, file, {
    ...openingColumns(snapshot),
    ...state,
    ...wakes,
    ...awaited,
    ...decided,
    ...suspended,
  })
  if (steps.length !== snapshot.n || lastStep(rows) !== snapshot.n)
    found.push({ table: 'steps', of: null, field: 'count', row: steps.length, workflow: snapshot.n })
  const tasks = new Map(rows.tasks.map((row) => [row.id, row]))
  for (const task of snapshot.tasks) {
    const row = tasks.get(task.id)
    tasks.delete(task.id)
    if (row) found.push(...taskDifferences(row, task, rows.answering.has(task.id)))
    else found.push({ table: 'tasks', of: task.id, field: 'row', row: null, workflow: task.kind })
  }
  for (const row of tasks.values())
    if (!isClosed(row.state)) found.push({ table: 'tasks', of: row.id, field: 'state', row: row.state, workflow: null })
  const kept = new Map(clocks.map((row) => [row.name, row]))
  for (const { name, startsOn, due } of snapshot.clocks) {
    const row = kept.get(name)
    kept.delete(name)
    const right = { startsOn, endsOn: due.on }
    if (!row) found.push({ table: 'clocks', of: name, field: 'row', row: null, workflow: right })
    else found.push(...differing('clocks', name, { startsOn: row.startsOn, endsOn: row.endsOn }, right))
  }
  for (const row of kept.values())
    found.push({ table: 'clocks', of: row.name, field: 'row', row: row.endsOn, workflow: null })

  return found
}

/** Explanations of dates follow the dates and are not compared: a step that moves no date leaves the older wording. */
function taskDifferences(row: TaskRow, task: OpenTask, answering: boolean): Difference[] {
  const { due: _due, closes: _closes, ...columns } = columnsOf(task)
  const found = differing('tasks', row.id, row, { ...fixedColumns(task), ...columns })
  if (!heldRightly(row, task, answering))
    found.push({ table: 'tasks', of: row.id, field: 'state', row: row.state, workflow: initialHolder(task).state })

  return found
}

/** Who holds a task is for people to say, within what its workflow says of it. */
function heldRightly(row: TaskRow, task: OpenTask, answering: boolean): boolean {
  if (task.suspended !== (row.state === 'suspended')) return false
  if (task.for.role === undefined && row.assigneeId !== task.for.person) return false
  switch (row.state) {
    case 'ready':
      return row.assigneeId === null
    case 'reserved':
    case 'inProgress':
      return row.assigneeId !== null
    case 'completing':
      return row.assigneeId !== null && answering
    default:
      return row.state === 'suspended'
  }
}

// ------------------------------------------------------------------ how it is mended

/**
 * Brings the rows of a case to where its workflow stands. `steps` are all that the workflow has recorded, from its history: those
 * that the database lacks are recorded as they would have been; then whatever else differs is written over. False when the
 * case has gone on meanwhile, and has to be looked at again.
 */
export async function mendCase(
  db: Db,
  recording: Recording,
  { snapshot, steps, now }: { readonly snapshot: CaseSnapshot; readonly steps: readonly Step[]; readonly now: number },
): Promise<boolean> {
  const at = instant(caseTime(snapshot.clock, now))
  const before = await rowsOf(db, snapshot.case)
  const last = before ? lastStep(before) : 0
  const lacking = steps.filter((step) => step.n > last && step.n <= snapshot.n)
  for (const step of lacking) await recordStep(db, step, { ...recording, broughtBack: true })

  return db.sql.transaction(async (tx) => {
    const end = await lockCase(tx, snapshot.case)
    const rows = await readRows(tx, snapshot.case)
    if (!end || !rows || lastStep(rows) !== snapshot.n) return false
    const found = differencesOf(rows, snapshot)
    const tasks = await rewrite(tx, snapshot, steps, found)
    // what history does not have either is not mended, and the file does not say that it was
    if (lacking.length + found.length + tasks.length === 0) return true
    await appendTo(tx, snapshot.case, end, [
      {
        kind: 'caseMended',
        at,
        on: localDate(at, snapshot.clock.zone),
        step: null,
        actor: null,
        capacity: null,
        task: null,
        params: {
          step: snapshot.n,
          recorded: lacking.map(({ n }) => n),
          mended: [...new Set(found.map(({ table, field }) => `${table}.${field}`))].sort(),
        },
      },
    ])
    await notify(tx, { topic: 'tasks', ids: tasks }, { topic: 'cases', ids: [snapshot.case] })

    return true
  })
}

async function rewrite(
  tx: Sql,
  snapshot: CaseSnapshot,
  steps: readonly Step[],
  found: readonly Difference[],
): Promise<string[]> {
  await rewriteCase(tx, snapshot)
  await countSteps(
    tx,
    steps.filter(({ n }) => n <= snapshot.n),
  )
  const wrong = new Set(found.flatMap(({ table, of }) => (table === 'tasks' && of !== null ? [of] : [])))
  const misheld = new Set(found.filter(({ field }) => field === 'state').map(({ of }) => of))
  await rewriteTasks(
    tx,
    snapshot.tasks
      .filter(({ id }) => wrong.has(id))
      .map((task) => ({ ...newTask(task), misheld: misheld.has(task.id) })),
  )
  await closeWhatWasClosed(tx, snapshot, steps)
  await tx.run`
    delete from clocks where "caseId" = ${snapshot.case}::uuid
      and name <> all(${snapshot.clocks.map(({ name }) => name)}::text[])`

  return [...new Set([...wrong, ...(await writeTasksAndClocks(tx, snapshot, steps.flatMap(closings)))])]
}

/** The case as its history has it. A stage that was written by mistake has not been reached; `end` follows from its state, by the trigger. */
async function rewriteCase(tx: Sql, snapshot: CaseSnapshot): Promise<void> {
  const columns = { ...openingColumns(snapshot), ...stateColumns(snapshot) }
  await tx.run`
    update cases c set ${CASE_OF_R}, reached = array(
      select e.params ->> 'stage' from events e where e."caseId" = c.id and e.kind = 'stageEntered'
      group by e.params ->> 'stage' order by min(e.seq))
    from jsonb_to_record(${JSON.stringify(columns)}::jsonb) as r${CASE_RECORD} where c.id = ${snapshot.case}::uuid`
}

async function countSteps(tx: Sql, steps: readonly Step[]): Promise<void> {
  const rows = steps.map((step) => ({ case: step.case, n: step.n, digest: sha256(canonical(step)), at: step.at }))
  await tx.run`
    insert into steps ("caseId", n, digest, "recordedAt")
    select "case", n, digest, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("case" uuid, n int, digest text, at timestamptz)
    on conflict do nothing`
}

/** Whose hands a task is in is written over only where they are not those that its workflow says. */
async function rewriteTasks(tx: Sql, tasks: readonly (NewTask & { readonly misheld: boolean })[]): Promise<void> {
  const misheld = tasks.filter((task) => task.misheld).map(({ id }) => id)
  await tx.run`
    update tasks t set ${TASK_OF_R}, version = t.version + 1
    from jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb) as r${TASK_RECORD} where t.id = r.id`
  await tx.run`
    update tasks t set state = r.state, "assigneeId" = r."assigneeId", "stateBefore" = null, "answeredById" = null,
      "answeredAt" = null, "answeredOn" = null, "answeredStep" = null, answer = null, "answerContentId" = null
    from jsonb_to_recordset(${JSON.stringify(tasks)}::jsonb) as r${TASK_RECORD}
    where t.id = r.id and t.id = any(${misheld}::uuid[])`
}

/** A task that was opened and closed and has no row is opened again, so that its closing finds it. */
async function closeWhatWasClosed(tx: Sql, snapshot: CaseSnapshot, steps: readonly Step[]): Promise<void> {
  const open = new Set<string>(snapshot.tasks.map(({ id }) => id))
  const seen = new Map<string, CaseSnapshot['tasks'][number]>()
  for (const step of steps) for (const task of step.tasks) if (!open.has(task.id)) seen.set(task.id, task)
  await openTasks(tx, snapshot, [...seen.values()])
}
