/** What a workflow writes of its case: one step, one transaction. It cannot refuse; what fails here is an incident. */
import type { PersonId } from '../../workflows/kernel/contract'
import type { OpenTask, CaseSnapshot, Step, StepEvent } from '../../workflows/kernel/protocol/step'
import { canonical, sha256 } from './canonical'
import {
  CASE_COLUMNS,
  CASE_RECORD,
  CLOSED_RECORD,
  closedColumns,
  closings,
  FOLLOWING_OF_S,
  newTask,
  openingColumns,
  stateColumns,
  STATE_OF_R,
  TASK_COLUMNS,
  TASK_RECORD,
  type Closing,
} from './columns'
import { settling, type SettledCommand } from './commands'
import { violatesUnique, Prisma, type Db, type Sql } from './db'
import { caseNumbers, writeDocuments } from './documents'
import { chainEvents, eventRows, lockCase, NO_EVENTS, type LockedCase, type NewEvent } from './events'
import type { DocumentTemplates } from './freeze-document'
import { resolveStoryFailure, noteIncident } from './incidents'
import { writeSends, type Served } from './linked-cases'
import { stepNotices } from './notices'
import { CHANNEL, IDS_A_TIME, messages } from './notify'
import { numeral } from './refs'
import { restrictAppeals } from './restricted-appeals'

/** Another step was written under this number: history and store disagree, and a person has to look. */
export class StepConflict extends Error {
  constructor(step: Step) {
    super(`case ${step.case}: another step ${String(step.n)} has been recorded`)
    this.name = 'StepConflict'
  }
}

/** What a step is made with: templates of documents, and the processes whose cases it may open. */
export type Recording = DocumentTemplates &
  Served & {
    /** it was recorded before, and its rows are lost: its documents are numbered and not frozen (see writeDocuments) */
    readonly broughtBack?: boolean
  }

/** Writes a step whole or not at all; the same step again (its answer was lost) changes nothing. Throws StepConflict. */
export async function recordStep(db: Db, step: Step, templates: Recording): Promise<void> {
  const digest = sha256(canonical(step))
  try {
    await db.sql.transaction((tx) => writeStep(tx, step, digest, templates))
  } catch (error) {
    // its number, or its case, is there already: by this step, or by another
    if (!violatesUnique(error) || !(await isRecorded(db, step, digest))) throw error
  }
}

/** Events that are incidents as well. */
const NOTED = ['longHistory', 'manyMessages'] as const

async function writeStep(tx: Sql, step: Step, digest: string, templates: Recording): Promise<void> {
  // the lock first: verbs of people take it before they touch tasks, so neither waits for the other in a circle
  const before = await lockCase(tx, step.case)
  // sent together: none needs what another answers
  await Promise.all([
    writeCase(tx, step, digest, before),
    writeTasksAndClocks(tx, step, closings(step)),
    writeOutcomes(tx, step),
    ...NOTED.filter((noted) => step.events.some(({ kind }) => kind === noted)).map((noted) =>
      noteIncident(tx, step.case, noted, {}),
    ),
    step.status === 'closed' && tx.run`delete from holds where "caseId" = ${step.case}::uuid`,
    // numbers last: all cases of a year wait for one another at their row until this transaction ends
    step.opening && numberCase(tx, step),
    // what else the step says is in the documents
    writeDocuments(tx, step, templates),
  ])
  await writeSends(tx, step, templates)
  await restrictAppeals(tx, step)
}

async function isRecorded(db: Db, step: Step, digest: string): Promise<boolean> {
  const [known] = await db.sql.rows<{ digest: string }>`
    select digest from steps where "caseId" = ${step.case}::uuid and n = ${step.n}`
  if (known && known.digest !== digest) throw new StepConflict(step)

  return known !== undefined
}

// ------------------------------------------------------------------ the case and its audit trail

async function writeCase(tx: Sql, step: Step, digest: string, before: LockedCase | null): Promise<void> {
  if (!step.opening && !before) throw new Error(`case ${step.case} has no row for its step ${String(step.n)}`)
  const events = step.events.map((event) => eventOf(step, event))
  const { rows, end } = chainEvents(step.case, before ?? NO_EVENTS, events)
  const people = peopleOf(step)
  const columns = JSON.stringify({ ...stateColumns(step), ...(step.opening ? openingColumns(step) : {}) })
  const recorded = Prisma.sql`told as (${eventRows(rows)}), counted as (
    insert into steps ("caseId", n, digest, "recordedAt") values (${step.case}::uuid, ${step.n}, ${digest}, now())
  ), ${resolveStoryFailure(step.case)}`
  if (step.opening)
    await tx.run`
      with ${recorded}
      insert into cases (id, number, law, people, "startedOn", "openedAt", "lastSeq", "lastHash", ${CASE_COLUMNS})
      select ${step.case}::uuid, ${step.case}::text, ${JSON.stringify({ terms: step.opening.terms, rules: step.opening.rules })}::jsonb,
        ${people}::uuid[], ${step.on}::date, ${step.at}::timestamptz, ${end.lastSeq}, ${end.lastHash}, ${CASE_COLUMNS}
      from jsonb_to_record(${columns}::jsonb) as r${CASE_RECORD}`
  else
    await tx.run`
      with ${recorded}
      update cases c set ${STATE_OF_R}, people = ${people}::uuid[], "lastSeq" = ${end.lastSeq}, "lastHash" = ${end.lastHash}
      from jsonb_to_record(${columns}::jsonb) as r${CASE_RECORD} where c.id = ${step.case}::uuid`
}

/** Everyone with a part in the case, for the release before, which asks the row who may see it. */
const peopleOf = ({ subject, parties }: Step): PersonId[] => [
  ...new Set([subject, ...Object.values(parties)].filter((person) => person !== null && person !== undefined)),
]

/** An event of a step as an entry of the audit trail. */
export const eventOf = (step: Step, event: StepEvent): NewEvent => ({
  kind: event.kind,
  at: event.at,
  on: event.on,
  step: step.n,
  actor: event.actor ?? null,
  ...(event.by !== undefined && { by: event.by }),
  capacity: event.capacity ?? null,
  task: event.task ?? null,
  params: event.params ?? {},
})

// ------------------------------------------------------------------ its tasks and clocks

/**
 * Makes tasks and clocks of a case exactly those of its snapshot; returns the ids of the tasks that changed. The only writer of
 * these rows on the workflow's behalf: a step is recorded, and what fell behind is mended, by this.
 */
export async function writeTasksAndClocks(
  tx: Sql,
  snapshot: CaseSnapshot,
  closed: readonly Closing[],
): Promise<string[]> {
  const [tasks] = await Promise.all([writeTasks(tx, snapshot, closed), writeClocks(tx, snapshot)])

  return tasks
}

/** of a row `t` and what its workflow says, `s`: whose it is, and whether it stands still */
const MOVED = Prisma.sql`(row(s.role, s."personId") is distinct from row(t.role, t."personId")
  or s.role is not null and s."bodyKey" is distinct from t."bodyKey")`
const STOPPED = Prisma.sql`s.suspended <> (t.state = 'suspended')`
/** of what its workflow says: it waits for a role in another body than that of the case */
const elsewhere = ({ body }: CaseSnapshot): Prisma.Sql => Prisma.sql`(s.role is not null and s."bodyKey" <> ${body})`

/**
 * Closes what was closed, opens what is new, moves what differs, and takes what the workflow no longer knows from whoever holds
 * it. An answer that is just being stored does not wait for the case's lock: what is written of a row goes by the row as it is
 * then. A reminder or a moved date
 * takes nothing from whoever has the task before his eyes, and leaves its version; a new addressee or a suspension does not.
 * A command under way keeps `completing` until it has an outcome. The limits say nothing but how few rows to expect: a plan
 * for a hundred would read the whole table.
 */
async function writeTasks(tx: Sql, snapshot: CaseSnapshot, closed: readonly Closing[]): Promise<string[]> {
  // a task whose sealed answer was opened has been closed twice: the last says what it is now
  const closing = [...new Map(closed.map((each) => [each.id, closedColumns(each)])).values()]
  const changed = await tx.rows<{ id: string }>`
    with closing as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(closing)}::jsonb) as r${CLOSED_RECORD} limit ${numeral(closing.length)}
    ), snapshot as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(snapshot.tasks.map(newTask))}::jsonb) as r${TASK_RECORD}
      limit ${numeral(snapshot.tasks.length)}
    ), present as materialized (
      select id from tasks where "caseId" = ${snapshot.case}::uuid
    ), closed as (
      update tasks t set state = c.state, version = t.version + 1,
        "answeredById" = case when c.answered then c."answeredById" else t."answeredById" end,
        "answeredAt" = case when c.answered then c."answeredAt" else t."answeredAt" end,
        "answeredOn" = case when c.answered then c."answeredOn" else t."answeredOn" end,
        "answeredStep" = case when c.answered then c."answeredStep" else t."answeredStep" end,
        answer = case when c.answered then c.answer else t.answer end,
        "answerContentId" = case when c.answered then c."answerContentId" else t."answerContentId" end
      from closing c where t.id = c.id and t."caseId" = ${snapshot.case}::uuid
        and not (t.state = c.state and (not c.answered or t."answerContentId" is not distinct from c."answerContentId"))
      returning t.id
    ), opened as (
      ${taskRows(snapshot, Prisma.sql`snapshot s where not exists (select 1 from present p where p.id = s.id)`)} returning id
    ), kept as (
      update tasks t set ${FOLLOWING_OF_S}, elsewhere = ${elsewhere(snapshot)},
        state = case
          when s.suspended then 'suspended'
          when ${MOVED} and t.state = 'completing' then t.state
          when ${MOVED} then case when s.role is null then 'reserved' else 'ready' end
          when t.state = 'suspended' then coalesce(t."stateBefore", case when t."assigneeId" is null then 'ready' else 'reserved' end)
          else t.state end,
        "stateBefore" = case
          when ${MOVED} and (s.suspended or t.state = 'completing') then case when s.role is null then 'reserved' else 'ready' end
          when ${MOVED} then t."stateBefore"
          when s.suspended and t.state not in ('suspended', 'completing') then t.state
          when not s.suspended and t.state = 'suspended' then null
          else t."stateBefore" end,
        "assigneeId" = case when ${MOVED} then s."assigneeId" else t."assigneeId" end,
        unheld = t.unheld and not (${MOVED} or ${STOPPED}),
        version = t.version + case when ${MOVED} or ${STOPPED} then 1 else 0 end
      from snapshot s where t.id = s.id and (
        ${MOVED} or ${STOPPED} or t.elsewhere <> ${elsewhere(snapshot)} or t."bodyKey" is distinct from s."bodyKey" or t."dueOn" is distinct from s."dueOn" or t."dueAt" is distinct from s."dueAt"
        or t."closesOn" is distinct from s."closesOn" or t.reminded <> s.reminded or t.escalated <> s.escalated
        or t."escalatedTo" is distinct from s."escalatedTo" or t.excluded <> s.excluded or t."standIn" is distinct from s."standIn" or s.about is not null and t.about is distinct from s.about)
      returning t.id
    ), unknown as (
      update tasks t set state = 'obsolete', version = t.version + 1
      where t."caseId" = ${snapshot.case}::uuid and t.state not in ('completed', 'obsolete')
        and not exists (select 1 from snapshot s where s.id = t.id) and not exists (select 1 from closing c where c.id = t.id)
      returning t.id
    ), changed as materialized (
      select id from closed union all select id from opened union all select id from kept union all select id from unknown
    ), told as materialized (
      select pg_notify(${CHANNEL}, jsonb_build_object('topic', 'tasks', 'ids', jsonb_agg(id))::text)
      from (select id, (row_number() over () - 1) / ${IDS_A_TIME}::int as part from changed) c group by part
    )
    select id from changed where exists (select 1 from told)`

  return changed.map(({ id }) => id)
}

/** The statement that opens tasks of a case, from records `s` of that shape. */
const taskRows = (snapshot: CaseSnapshot, from: Prisma.Sql): Prisma.Sql => Prisma.sql`
  insert into tasks ("caseId", process, "formVersion", rehearsal, elsewhere, ${TASK_COLUMNS})
  select ${snapshot.case}::uuid, ${snapshot.process}, ${snapshot.version}, ${snapshot.rehearsal}, ${elsewhere(snapshot)}, ${TASK_COLUMNS}
  from ${from}`

/** Opens tasks that have no row. */
export async function openTasks(tx: Sql, snapshot: CaseSnapshot, tasks: readonly OpenTask[]): Promise<void> {
  const rows = JSON.stringify(tasks.map(newTask))
  await tx.run`${taskRows(snapshot, Prisma.sql`jsonb_to_recordset(${rows}::jsonb) as s${TASK_RECORD}`)} on conflict do nothing`
}

async function writeClocks(tx: Sql, snapshot: CaseSnapshot): Promise<void> {
  if (snapshot.clocks.length === 0) return
  const rows = snapshot.clocks.map(({ name, startsOn, due }) => ({
    name,
    startsOn,
    endsOn: due.on,
    explanation: due.steps,
  }))
  await tx.run`
    insert into clocks ("caseId", name, "startsOn", "endsOn", explanation)
    select ${snapshot.case}::uuid, name, "startsOn", "endsOn", explanation
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(name text, "startsOn" date, "endsOn" date, explanation jsonb)
    on conflict ("caseId", name) do update
      set "startsOn" = excluded."startsOn", "endsOn" = excluded."endsOn", explanation = excluded.explanation
      where clocks."startsOn" <> excluded."startsOn" or clocks."endsOn" <> excluded."endsOn"
        or clocks.explanation <> excluded.explanation`
}

// ------------------------------------------------------------------ what else came of the step

/** Commands of the step have an outcome, people have notices, and whoever looks at the case looks again. */
async function writeOutcomes(tx: Sql, step: Step): Promise<void> {
  await tx.run`
    with ${settling(outcomes(step))}, ${stepNotices(step)}
    select pg_notify(${CHANNEL}, part) from unnest(${messages({ topic: 'cases', ids: [step.case] })}::text[]) part`
}

const outcomes = (step: Step): SettledCommand[] =>
  step.commands.map(({ id, settled }) =>
    settled.result === 'overtaken'
      ? { id, state: 'refused', outcome: problemOf(settled.refusal) }
      : { id, state: 'done', outcome: settled },
  )

const problemOf = (refusal: Extract<Step['commands'][number]['settled'], { result: 'overtaken' }>['refusal']) => ({
  type: 'about:blank',
  title: refusal.reason.code,
  status: refusal.status,
  code: refusal.reason.code,
  reason: refusal.reason,
  ...(refusal.errors ? { errors: refusal.errors } : {}),
})

// ------------------------------------------------------------------ numbers

/** Until here the case goes by its id. */
async function numberCase(tx: Sql, step: Step): Promise<void> {
  const { taken, spelled } = caseNumbers(step)
  await tx.run`
    with taken as (${taken}), given as (select last as n from taken)
    update cases set number = ${spelled} from given where id = ${step.case}::uuid`
}
