/** What a workflow writes of its case: one step, one transaction. It cannot refuse; what fails here is an incident. */
import { randomUUID } from 'node:crypto'
import type { Addressee, CaseId, Instant, PersonId, TaskState } from '../../workflows/kernel/contract'
import type { ClosedTask, OpenTask, Standing, Step, StepEvent } from '../../workflows/kernel/step'
import { canonical, sha256 } from './canonical'
import { settleAll } from './commands'
import { Prisma, toStored, type Db, type Tx } from './db'
import { appendTo, lockCase, NO_EVENTS, type LockedCase, type NewEvent } from './events'
import { noteIncident } from './incidents'
import { notify } from './notify'
import { isClosed } from './tasks'

/** Another step was written under this number: history and store disagree, and a person has to look. */
export class StepConflict extends Error {
  constructor(step: Step) {
    super(`case ${step.case}: another step ${String(step.n)} has been recorded`)
    this.name = 'StepConflict'
  }
}

/** Writes a step whole or not at all; the same step again (its answer was lost) changes nothing. Throws StepConflict. */
export async function recordStep(db: Db, step: Step): Promise<void> {
  const digest = sha256(canonical(step))
  await db.$transaction(
    async (tx) => {
      // the lock first: verbs of people take it before they touch tasks, so neither waits for the other in a circle
      const last = await lockCase(tx, step.case)
      if (!(await isNew(tx, step, digest))) return
      await writeCase(tx, step, last)
      const tasks = await writeStanding(tx, step, closings(step))
      await appendTo(
        tx,
        step.case,
        last ?? NO_EVENTS,
        step.events.map((event) => eventOf(step, event)),
      )
      if (step.events.some(({ kind }) => kind === 'longHistory')) await noteIncident(tx, step.case, 'longHistory', {})
      await writeNotices(tx, step)
      await settleCommands(tx, step)
      if (step.status === 'closed') await tx.hold.deleteMany({ where: { caseId: step.case } })
      await notify(tx, { topic: 'tasks', ids: tasks }, { topic: 'cases', ids: [step.case] })
      // numbers last: all cases of a year wait for one another at their row until this transaction ends
      await writeDocuments(tx, step)
      if (step.opening) await numberCase(tx, step)
    },
    { timeout: 20_000, maxWait: 10_000 },
  )
}

/** A task that was closed, and the step that closed it. */
export type Closing = ClosedTask & { readonly step: number }

/** What a step closed. */
export const closings = (step: Step): Closing[] => step.closed.map((task) => ({ ...task, step: step.n }))

/**
 * Makes tasks and clocks of a case exactly those of its standing; returns the ids of the tasks that changed. The only writer of
 * these rows on the workflow's behalf: a step is recorded, and what fell behind is mended, by this.
 */
export async function writeStanding(tx: Tx, standing: Standing, closed: readonly Closing[]): Promise<string[]> {
  const tasks = await writeTasks(tx, standing, closed)
  await writeClocks(tx, standing)

  return tasks
}

async function isNew(tx: Tx, step: Step, digest: string): Promise<boolean> {
  const { count } = await tx.step.createMany({
    data: [{ caseId: step.case, n: step.n, digest, recordedAt: new Date() }],
    skipDuplicates: true,
  })
  if (count > 0) return true
  const known = await tx.step.findUniqueOrThrow({ where: { caseId_n: { caseId: step.case, n: step.n } } })
  if (known.digest !== digest) throw new StepConflict(step)

  return false
}

/** As Prisma takes JSON: without undefined members. */
function json(value: unknown): Prisma.InputJsonValue {
  const plain: unknown = JSON.parse(JSON.stringify(value ?? null))

  return plain as Prisma.InputJsonValue
}

const jsonOrNull = (value: unknown) => (value === null || value === undefined ? Prisma.DbNull : json(value))

/** Columns of the case that follow its steps. */
export const stateColumns = (standing: Standing) => {
  const closed = standing.status === 'closed'

  return {
    stage: standing.stage,
    status: standing.status,
    outcome: standing.outcome,
    basis: jsonOrNull(standing.basis),
    parties: json(standing.parties),
    facts: json(standing.facts),
    clock: json(standing.clock),
    positionId: positionOf(standing),
    step: standing.n,
    commissions: json(standing.commissions ?? []),
    closedAt: closed ? new Date(standing.at) : null,
    closedOn: closed ? toStored(standing.on) : null,
  }
}

/** Columns of the case that are fixed when it is opened. */
export const openingColumns = (standing: Standing) => ({
  process: standing.process,
  version: standing.version,
  regimeId: standing.regime,
  bodyKey: standing.body,
  agencyKey: standing.agency,
  subjectId: standing.subject,
  rehearsal: standing.rehearsal,
  startedById: standing.startedBy.person,
})

async function writeCase(tx: Tx, step: Step, before: LockedCase | null): Promise<void> {
  if (step.opening) {
    await tx.case.createMany({
      data: {
        ...openingColumns(step),
        ...stateColumns(step),
        id: step.case,
        number: step.case,
        law: json({ terms: step.opening.terms, rules: step.opening.rules }),
        people: peopleOf(step),
        startedOn: toStored(step.on),
        openedAt: new Date(step.at),
      },
    })

    return
  }
  if (!before) throw new Error(`case ${step.case} has no row for its step ${String(step.n)}`)
  const people = [...new Set([...before.people, ...peopleOf(step)])]
  await tx.case.updateMany({ where: { id: step.case }, data: { ...stateColumns(step), people } })
}

/** Until here the case goes by its id. */
async function numberCase(tx: Tx, step: Step): Promise<void> {
  await tx.case.updateMany({ where: { id: step.case }, data: { number: await nextNumber(tx, step, 'case') } })
}

/** The position the person serves in may change while the case is open; facts say which it is now. */
function positionOf(step: Standing): string | null {
  const { facts } = step
  if (typeof facts === 'object' && facts !== null && 'position' in facts && typeof facts.position === 'string')
    return facts.position

  return step.position
}

/** Everyone with a part in the case: they may see it from now on. */
function peopleOf(step: Step): PersonId[] {
  const people = new Set<PersonId>([step.subject, ...Object.values(step.parties)])
  for (const task of step.tasks) if ('person' in task.for && task.for.person) people.add(task.for.person)
  for (const event of step.events) if (event.actor) people.add(event.actor)

  return [...people]
}

/** The next number of the year in a register of numbers; rehearsals count apart, so that real numbers have no gaps. */
async function nextNumber(tx: Tx, step: Step, of: string): Promise<string> {
  const year = step.on.slice(0, 4)
  const register = `${step.rehearsal === null ? '' : 'rehearsal/'}${of}/${year}`
  const rows = await tx.$queryRaw<{ last: number }[]>`
    insert into numberings (register, last) values (${register}, 1)
    on conflict (register) do update set last = numberings.last + 1 returning last`

  const number = `${year}-${String(rows[0]?.last ?? 0).padStart(6, '0')}`

  return step.rehearsal === null ? number : `R-${number}`
}

const addresseeColumns = (to: Addressee) =>
  to.role === undefined
    ? { role: null, bodyKey: null, personId: to.person }
    : { role: to.role, bodyKey: to.body, personId: null }

export type TaskRow = Prisma.TaskGetPayload<object>

/** Makes the open tasks of the case exactly those of the standing; returns the ids of those that changed. */
async function writeTasks(tx: Tx, standing: Standing, closings: readonly Closing[]): Promise<string[]> {
  const known = new Map((await tx.task.findMany({ where: { caseId: standing.case } })).map((row) => [row.id, row]))
  const changed: string[] = []
  // a task whose sealed answer was opened has been closed twice: the last says what it is now
  for (const task of new Map(closings.map((each) => [each.id, each])).values()) {
    const { answer } = task
    const row = known.get(task.id)
    if (row && isClosedAs(row, task)) continue
    changed.push(task.id)
    await tx.task.updateMany({
      where: { id: task.id },
      data: {
        state: task.state,
        version: { increment: 1 },
        ...(answer && {
          answeredById: answer.by,
          answeredAt: new Date(answer.at),
          answeredOn: toStored(answer.on),
          answeredStep: task.step,
          // a sealed answer is known to have been given, no more
          answer: jsonOrNull(answer.facts),
          answerContentId: answer.content?.id ?? null,
        }),
      },
    })
  }
  const open = new Set<string>(standing.tasks.map((task) => task.id))
  const closed = new Set<string>(closings.map((task) => task.id))
  const opened: Prisma.TaskCreateManyInput[] = []
  for (const task of standing.tasks) {
    const row = known.get(task.id)
    const columns = columnsOf(task)
    if (!row) {
      opened.push(newTask(standing, task))
      changed.push(task.id)
    } else if (differs(row, columns, task)) {
      const state = stateOf(row, task)
      // a reminder or a moved date takes nothing from whoever has the task before his eyes; a new addressee does
      const version = Object.keys(state).length > 0 ? { version: { increment: 1 } } : {}
      await tx.task.updateMany({ where: { id: task.id }, data: { ...columns, ...state, ...version } })
      changed.push(task.id)
    }
  }
  if (opened.length > 0) await tx.task.createMany({ data: opened })
  // a row that the workflow no longer knows is not open, whatever it says
  for (const row of known.values()) {
    if (open.has(row.id) || closed.has(row.id) || isClosed(row.state as TaskState)) continue
    await tx.task.updateMany({ where: { id: row.id }, data: { state: 'obsolete', version: { increment: 1 } } })
    changed.push(row.id)
  }

  return changed
}

const isClosedAs = (row: TaskRow, task: ClosedTask): boolean =>
  row.state === task.state && (task.answer === undefined || row.answerContentId === (task.answer.content?.id ?? null))

/** Columns of an open task that follow what its workflow says. */
export const columnsOf = (task: OpenTask) => ({
  ...addresseeColumns(task.for),
  excluded: [...task.excluded],
  dueOn: task.due ? toStored(task.due.on) : null,
  dueAt: task.dueAt ? new Date(task.dueAt) : null,
  due: jsonOrNull(task.due),
  closesOn: task.closes ? toStored(task.closes.on) : null,
  closes: jsonOrNull(task.closes),
  reminded: task.reminded,
  escalated: task.escalatedTo !== null,
  escalatedTo: jsonOrNull(task.escalatedTo),
  about: jsonOrNull(task.about),
})

/** Whose a task is before anybody has done anything with it. One potential owner: nobody needs to claim it. */
export const firstHands = (task: OpenTask) => ({
  state: task.suspended ? 'suspended' : task.for.role === undefined ? 'reserved' : 'ready',
  assigneeId: task.for.role === undefined ? task.for.person : null,
})

/** Columns of a task that are fixed when it is opened. */
export const fixedColumns = (task: OpenTask) => ({
  kind: task.kind,
  openedAt: new Date(task.openedAt),
  openedOn: toStored(task.openedOn),
  openedStep: task.openedStep,
  questionOf: task.questionOf,
  contentId: task.content?.id ?? null,
  returned: task.returned,
})

/** The row of a task as it is when it is opened. */
export const newTask = (standing: Standing, task: OpenTask): Prisma.TaskCreateManyInput => ({
  ...fixedColumns(task),
  ...columnsOf(task),
  ...firstHands(task),
  id: task.id,
  caseId: standing.case,
  process: standing.process,
  formVersion: standing.version,
  rehearsal: standing.rehearsal,
})

const movedTo = (row: TaskRow, to: Addressee): boolean => {
  const { role, bodyKey, personId } = addresseeColumns(to)

  return row.role !== role || row.bodyKey !== bodyKey || row.personId !== personId
}

function differs(row: TaskRow, columns: ReturnType<typeof columnsOf>, task: OpenTask): boolean {
  return (
    movedTo(row, task.for) ||
    task.suspended !== (row.state === 'suspended') ||
    row.dueOn?.getTime() !== columns.dueOn?.getTime() ||
    row.dueAt?.getTime() !== columns.dueAt?.getTime() ||
    row.closesOn?.getTime() !== columns.closesOn?.getTime() ||
    row.reminded !== columns.reminded ||
    row.escalated !== columns.escalated ||
    row.excluded.join() !== columns.excluded.join() ||
    (task.about !== null && canonical(row.about) !== canonical(task.about))
  )
}

/** State and holder after a change of addressee or a suspension; a command under way keeps `completing` until it has an outcome. */
function stateOf(
  row: TaskRow,
  task: OpenTask,
): { state?: string; stateBefore?: string | null; assigneeId?: string | null } {
  if (movedTo(row, task.for)) {
    const state = task.for.role === undefined ? 'reserved' : 'ready'
    const assigneeId = task.for.role === undefined ? task.for.person : null

    return row.state === 'completing' ? { stateBefore: state, assigneeId } : { state, assigneeId }
  }
  if (task.suspended && row.state !== 'suspended')
    return { state: 'suspended', stateBefore: row.state === 'completing' ? row.stateBefore : row.state }
  if (!task.suspended && row.state === 'suspended')
    return { state: row.stateBefore ?? (row.assigneeId ? 'reserved' : 'ready'), stateBefore: null }

  return {}
}

async function writeClocks(tx: Tx, standing: Standing): Promise<void> {
  if (standing.clocks.length === 0) return
  const rows = standing.clocks.map(({ name, startsOn, due }) => ({
    name,
    startsOn,
    endsOn: due.on,
    explanation: due.steps,
  }))
  await tx.$executeRaw`
    insert into clocks ("caseId", name, "startsOn", "endsOn", explanation)
    select ${standing.case}::uuid, name, "startsOn", "endsOn", explanation
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(name text, "startsOn" date, "endsOn" date, explanation jsonb)
    on conflict ("caseId", name) do update
      set "startsOn" = excluded."startsOn", "endsOn" = excluded."endsOn", explanation = excluded.explanation
      where clocks."startsOn" <> excluded."startsOn" or clocks."endsOn" <> excluded."endsOn"
        or clocks.explanation <> excluded.explanation`
}

async function writeDocuments(tx: Tx, step: Step): Promise<void> {
  for (const { id, kind, facts } of step.documents) {
    await tx.document.createMany({
      data: {
        id,
        caseId: step.case,
        kind,
        number: await nextNumber(tx, step, `document/${step.body}`),
        issuedOn: toStored(step.on),
        step: step.n,
        made: json({ facts }),
      },
    })
  }
}

const eventOf = (step: Step, event: StepEvent): NewEvent => ({
  kind: event.kind,
  at: event.at,
  on: event.on,
  step: step.n,
  actor: event.actor ?? null,
  capacity: event.capacity ?? null,
  task: event.task ?? null,
  params: event.params ?? {},
})

async function writeNotices(tx: Tx, step: Step): Promise<void> {
  if (step.notices.length === 0) return
  await tx.notice.createMany({
    data: step.notices.map(({ kind, to, task }) => ({
      id: randomUUID(),
      caseId: step.case,
      taskId: task ?? null,
      kind,
      ...addresseeColumns(to),
      params: {},
      at: new Date(step.at),
    })),
  })
}

async function settleCommands(tx: Tx, step: Step): Promise<void> {
  await settleAll(
    tx,
    step.commands.map(({ id, settled }) =>
      settled.result === 'overtaken'
        ? { id, state: 'refused', outcome: problemOf(settled.refusal) }
        : { id, state: 'done', outcome: settled },
    ),
  )
}

const problemOf = (refusal: Extract<Step['commands'][number]['settled'], { result: 'overtaken' }>['refusal']) => ({
  type: 'about:blank',
  title: refusal.reason.code,
  status: refusal.status,
  code: refusal.reason.code,
  reason: refusal.reason,
  ...(refusal.errors ? { errors: refusal.errors } : {}),
})

// ------------------------------------------------------------------ what a story may ask for

/** Takes a key that only one open case may hold. True for the case that holds it already. */
export async function takeHold(db: Db, caseId: CaseId, key: string): Promise<boolean> {
  await db.hold.createMany({ data: [{ key, caseId }], skipDuplicates: true })
  const hold = await db.hold.findUnique({ where: { key } })

  return hold?.caseId === caseId
}

export async function releaseHold(db: Db, caseId: CaseId, key: string): Promise<void> {
  await db.hold.deleteMany({ where: { key, caseId } })
}

/** Is a command that answers this task stored, received by then, and without an outcome yet? */
export async function answerUnderway(db: Db, task: string, by: Instant): Promise<boolean> {
  const row = await db.command.findFirst({
    where: { taskId: task, kind: 'complete', state: 'stored', receivedAt: { lt: new Date(by) } },
    select: { id: true },
  })

  return row !== null
}

// ------------------------------------------------------------------ archive

/** Closed cases whose workflow history is not archived yet, the oldest first, but for some. */
export async function casesToArchive(db: Db, limit: number, but: readonly CaseId[] = []): Promise<CaseId[]> {
  const rows = await db.$queryRaw<{ id: CaseId }[]>`
    select c.id from cases c left join history_archives a on a."caseId" = c.id
    where c.status = 'closed' and a."caseId" is null and c.id <> all(${[...but]}::uuid[]) order by c."closedAt" limit ${limit}`

  return rows.map((row) => row.id)
}

/** Keeps the history of a closed case for good: Temporal forgets it after its retention. */
export async function archiveHistory(
  db: Db,
  archive: { caseId: CaseId; runId: string; history: Uint8Array<ArrayBuffer>; digest: string; events: number },
): Promise<void> {
  await db.historyArchive.createMany({ data: [{ ...archive, archivedAt: new Date() }], skipDuplicates: true })
}
