/**
 * The life of a task: every writer of a task's state goes through here. One table says which state may follow which; each
 * verb is one conditional update that repeats its precondition in SQL, so that of two people who press at once one is told no.
 */
import type { PersonRef, CaseId, Instant, IsoDate, PersonId, TaskId, TaskState } from '../../workflows/kernel/contract'
import { Prisma, type Db, type Sql } from './db'
import { chained, eventRows, lockCase, type NewEvent } from './events'
import { CHANNEL, messages } from './notify'
import { personJson } from './refs'

/** Verbs of people, of the command path (send, putBack), and of the workflow's record (the rest). */
export type TaskMove =
  | 'claim'
  | 'release'
  | 'start'
  | 'assign'
  | 'delegate'
  | 'send'
  | 'putBack'
  | 'answer'
  | 'withdraw'
  | 'suspend'
  | 'resume'

interface Transition {
  readonly from: readonly TaskState[]
  /** `before`: the state it was in before it was sent or suspended */
  readonly to: TaskState | 'before'
}

export const TRANSITIONS: Readonly<Record<TaskMove, Transition>> = {
  claim: { from: ['ready'], to: 'reserved' },
  release: { from: ['reserved', 'inProgress'], to: 'ready' },
  start: { from: ['reserved'], to: 'inProgress' },
  assign: { from: ['ready', 'reserved', 'inProgress'], to: 'reserved' },
  delegate: { from: ['reserved', 'inProgress'], to: 'reserved' },
  send: { from: ['reserved', 'inProgress'], to: 'completing' },
  putBack: { from: ['completing'], to: 'before' },
  answer: { from: ['completing', 'reserved', 'inProgress'], to: 'completed' },
  withdraw: { from: ['created', 'ready', 'reserved', 'inProgress', 'completing', 'suspended'], to: 'obsolete' },
  suspend: { from: ['ready', 'reserved', 'inProgress', 'completing'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'before' },
}

/** States after which nothing more happens to a task. */
export const isClosed = (state: TaskState): boolean => state === 'completed' || state === 'obsolete'

export type NotChanged = 'absent' | 'stale' | 'taken' | 'tooLate' | 'completing'
/** What a verb changed of a task: all else is as it was read. */
export interface TaskNow {
  readonly state: TaskState
  readonly version: number
  readonly assignee: PersonRef | null
}
export type Moved =
  { readonly changed: true; readonly now: TaskNow } | { readonly changed: false; readonly why: NotChanged }

export interface TaskCommand {
  readonly task: TaskId
  readonly case: CaseId
  /** version that the person saw */
  readonly version: number
  readonly actor: PersonId
  readonly capacity: string
  readonly at: Instant
  readonly on: IsoDate
}
export interface Handover extends TaskCommand {
  readonly to: PersonId
}

/** Takes an unclaimed task of the person's role. */
export const claim = (db: Db, command: TaskCommand): Promise<Moved> =>
  move(db, 'claim', command, {
    if: Prisma.sql`"assigneeId" is null and role is not null and not (${command.actor}::text = any(excluded))`,
    assigneeId: command.actor,
  })

/** Gives a claimed task back to its role. A task addressed to a person has nobody to go back to. */
export const release = (db: Db, command: TaskCommand): Promise<Moved> =>
  move(db, 'release', command, { if: Prisma.sql`${heldBy(command.actor)} and role is not null`, assigneeId: null })

/** Says that work on it has begun. */
export const start = (db: Db, command: TaskCommand): Promise<Moved> =>
  move(db, 'start', command, { if: heldBy(command.actor) })

/** A superior gives the task to one of those who may hold it; whoever held it no longer does. */
export const assign = (db: Db, command: Handover): Promise<Moved> =>
  move(db, 'assign', command, {
    if: Prisma.sql`role is not null and not (${command.to}::text = any(excluded))`,
    assigneeId: command.to,
    params: { to: command.to },
  })

/** The holder gives the task to another of those who may hold it. */
export const delegate = (db: Db, command: Handover): Promise<Moved> =>
  move(db, 'delegate', command, {
    if: Prisma.sql`${heldBy(command.actor)} and role is not null and not (${command.to}::text = any(excluded))`,
    assigneeId: command.to,
    params: { to: command.to },
  })

const heldBy = (person: PersonId): Prisma.Sql => Prisma.sql`"assigneeId" = ${person}::uuid`

interface Change {
  /** what must hold beside state and version */
  readonly if: Prisma.Sql
  /** absent: stays */
  readonly assigneeId?: PersonId | null
  readonly params?: Readonly<Record<string, string>>
}

async function move(
  db: Db,
  verb: 'claim' | 'release' | 'start' | 'assign' | 'delegate',
  command: TaskCommand,
  change: Change,
): Promise<Moved> {
  const { from, to } = TRANSITIONS[verb]
  const { task, case: caseId, version, at, on, actor, capacity } = command
  const holder = change.assigneeId === undefined ? Prisma.sql`"assigneeId"` : Prisma.sql`${change.assigneeId}::uuid`
  const event: NewEvent = {
    kind: `task.${verb}`,
    at,
    on,
    step: null,
    actor,
    capacity,
    task,
    params: change.params ?? {},
  }

  return db.sql.transaction(async (tx) => {
    const last = await lockCase(tx, caseId)
    if (!last) return { changed: false, why: 'absent' }
    const { rows, end } = chained(caseId, last, [event])
    const [now] = await tx.rows<TaskNow>`
      with moved as (
        update tasks set state = ${to}, version = version + 1, "assigneeId" = ${holder}
        where id = ${task}::uuid and "caseId" = ${caseId}::uuid and version = ${version} and state = any(${from}::text[])
          and ${change.if}
        returning state, version, "assigneeId"
      ), written as (
        ${eventRows(rows)} where exists (select 1 from moved)
      ), ended as (
        update cases set "lastSeq" = ${end.lastSeq}, "lastHash" = ${end.lastHash}
        where id = ${caseId}::uuid and exists (select 1 from moved)
      )
      select moved.state, moved.version, ${personJson('assignee')} as assignee,
        pg_notify(${CHANNEL}, ${messages({ topic: 'tasks', ids: [task] })[0]})
      from moved left join people assignee on assignee.id = moved."assigneeId"`

    return now
      ? { changed: true, now: { state: now.state, version: now.version, assignee: now.assignee } }
      : { changed: false, why: await whyNot(tx, task, version, from) }
  })
}

/** Why a conditional update found nothing, told by the row as it is now. */
export async function whyNot(sql: Sql, task: TaskId, version: number, from: readonly TaskState[]): Promise<NotChanged> {
  const [row] = await sql.rows<{ state: TaskState; version: number }>`
    select state, version from tasks where id = ${task}::uuid`
  if (!row) return 'absent'
  const { state } = row
  if (isClosed(state)) return 'tooLate'
  if (state === 'completing') return 'completing'
  if (!from.includes(state)) return 'taken'

  return row.version === version ? 'taken' : 'stale'
}
