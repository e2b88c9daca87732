/**
 * The life of a task: every writer of a task's state goes through here. One table says which state may follow which; each
 * verb is one conditional update that repeats its precondition in SQL, so that of two people who press at once one is told no.
 */
import type {
  Capacity,
  PersonRef,
  CaseId,
  Instant,
  IsoDate,
  PersonId,
  TaskId,
  TaskState,
} from '../../workflows/kernel/contract'
import type { CaseClock } from '../../workflows/kernel/law/case-clock'
import { Prisma, type Db, type Sql } from './db'
import { OPEN_TASK, WAITS_FOR_QUESTION } from './conditions'
import { personMay } from './eligible'
import { mayByOffice } from './kept'
import { chainEvents, eventRows, lockCase, type ChainEnd, type NewEvent } from './events'
import { inForceSql } from './listing'
import { movedNotice } from './notices'
import { CHANNEL, messages, notify } from './notify'
import { numeral, personJson } from './refs'

/** Verbs of people, of the sweep of offices (free), of the command path (send, putBack), and of the workflow's record (the rest). */
export type TaskMove = HolderMove | 'send' | 'putBack' | 'answer' | 'withdraw' | 'suspend' | 'resume'

/** Those that change who holds a task, or say that he has begun: no workflow hears of them. */
export type HolderMove = 'claim' | 'release' | 'start' | 'assign' | 'delegate' | 'free'

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
  // one that stands still goes on standing still, and is ready afterwards
  free: { from: ['reserved', 'inProgress', 'suspended'], to: 'ready' },
  send: { from: ['reserved', 'inProgress'], to: 'completing' },
  putBack: { from: ['completing'], to: 'before' },
  answer: { from: ['completing', 'reserved', 'inProgress'], to: 'completed' },
  withdraw: { from: ['created', 'ready', 'reserved', 'inProgress', 'completing', 'suspended'], to: 'obsolete' },
  suspend: { from: ['ready', 'reserved', 'inProgress', 'completing'], to: 'suspended' },
  resume: { from: ['suspended'], to: 'before' },
}

/** What a move tells. What somebody does for himself he need not be told. */
const NOTICES: Readonly<Record<HolderMove, 'taskAssigned' | 'taskOpened' | null>> = {
  claim: null,
  start: null,
  assign: 'taskAssigned',
  delegate: 'taskAssigned',
  release: 'taskOpened',
  free: 'taskOpened',
}

/** States after which nothing more happens to a task. */
export const isClosed = (state: TaskState): boolean => state === 'completed' || state === 'obsolete'

export type NotChanged = 'absent' | 'stale' | 'taken' | 'tooLate' | 'completing'
/** What a verb changed of a task: all else is as it was read. */
export interface TaskNow {
  readonly state: TaskState
  readonly version: number
  readonly assignee: PersonRef | null
  /** whoever moves it has put it off no longer */
  readonly snoozedUntil: null
}
export type Moved =
  { readonly changed: true; readonly now: TaskNow } | { readonly changed: false; readonly why: NotChanged }

export interface TaskCommand {
  readonly task: TaskId
  readonly case: CaseId
  /** version that the person saw */
  readonly version: number
  readonly actor: PersonId
  readonly capacity: Capacity
  readonly at: Instant
  readonly on: IsoDate
  /** where the chain of the case ended when its task was read: while it still ends there, one statement does it all */
  readonly chain?: ChainEnd
}
export interface Handover extends TaskCommand {
  readonly to: PersonId
}

/** Takes an unclaimed task of the person's role. */
export const claim = (db: Db, command: TaskCommand): Promise<Moved> =>
  move(db, 'claim', command, {
    if: Prisma.sql`"assigneeId" is null and ${mayGoTo(command.actor)}`,
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
    if: mayGoTo(command.to),
    assigneeId: command.to,
    params: { to: command.to },
  })

/** The holder gives the task to another of those who may hold it. */
export const delegate = (db: Db, command: Handover): Promise<Moved> =>
  move(db, 'delegate', command, {
    if: Prisma.sql`${heldBy(command.actor)} and ${mayGoTo(command.to)}`,
    assigneeId: command.to,
    params: { to: command.to },
  })

/** A task of a role that nothing keeps from this person. */
const mayGoTo = (person: PersonId): Prisma.Sql =>
  Prisma.sql`role is not null and not (${person}::text = any(excluded)) and ${mayByOffice(null, Prisma.sql`${person}::uuid`)}`

/**
 * A task of a role in the hands of somebody who may not hold it: the role has ended, he was excluded since, its case was restricted and
 * does not name him, or is about him.
 */
export interface WronglyHeldTask {
  readonly task: TaskId
  readonly case: CaseId
  readonly version: number
  readonly holder: PersonId
  readonly clock: CaseClock
}

/** Those tasks on a day, some at a time. What was sent before the day is on its way: it was in time, and its task is left alone. */
export const wronglyHeldTasks = (db: Db, on: IsoDate, limit: number): Promise<WronglyHeldTask[]> =>
  db.sql.rows<WronglyHeldTask>`
    select t.id as task, t."caseId" as case, t.version, t."assigneeId" as holder, c.clock
    from tasks t join cases c on c.id = t."caseId"
    where t.state in ('reserved', 'inProgress', 'suspended') and t."assigneeId" is not null and t.role is not null
      and (t."assigneeId"::text = any(t.excluded) or not ${mayByOffice('t', Prisma.sql`t."assigneeId"`)} or not exists (
        select 1 from body_roles held where held."personId" = t."assigneeId" and held.role = t.role
          and held."bodyKey" = t."bodyKey" and ${inForceSql('held', on)}))
    order by t.id limit ${numeral(limit)}`

/** Gives such a task back to its role. Nobody did it: the file says from whom it was taken. */
export const free = (
  db: Db,
  { holder, ...task }: Omit<WronglyHeldTask, 'clock'>,
  when: { readonly at: Instant; readonly on: IsoDate },
): Promise<Moved> =>
  move(
    db,
    'free',
    { ...task, ...when, actor: null, capacity: null },
    {
      if: heldBy(holder),
      assigneeId: null,
      params: { from: holder },
    },
  )

/**
 * Marks the open tasks that nobody has who may do them, and unmarks those that somebody has again: the person who is named by
 * virtue of a post has none in that body on the day, or is excluded; or the task stands still and has no holder. An answer on its
 * way was given in time. Rows that a step is just writing are left to the next round. Answers how many changed.
 */
export const markUnheld = (db: Db, on: IsoDate): Promise<number> =>
  db.sql.transaction(async (tx) => {
    const rows = await tx.rows<{ id: TaskId }>`
      update tasks set unheld = not unheld where id in (
        select t.id from tasks t
        where t.state in ${OPEN_TASK} and t.unheld <> case
          when t.state = 'completing' then false
          when t.role is not null then ${WAITS_FOR_QUESTION} and t."assigneeId" is null
          else not ${personMay(on)} end
        for update of t skip locked)
      returning id`
    await notify(tx, { topic: 'tasks', ids: rows.map(({ id }) => id) })

    return rows.length
  })

const heldBy = (person: PersonId): Prisma.Sql => Prisma.sql`"assigneeId" = ${person}::uuid`

interface Change {
  /** what must hold beside state and version */
  readonly if: Prisma.Sql
  /** absent: stays */
  readonly assigneeId?: PersonId | null
  readonly params?: Readonly<Record<string, string>>
}

/**
 * Moves a task and tells it in the chain of its case. What was read of the chain may have been passed since: then nothing is
 * changed, and the case is locked before it is tried again.
 */
async function move(db: Db, verb: HolderMove, command: MoveCommand, change: Change): Promise<Moved> {
  const { task, case: caseId, version, chain } = command
  const moved = chain && (await moveFrom(db.sql, verb, command, change, chain))
  if (moved) return { changed: true, now: moved }

  return db.sql.transaction(async (tx) => {
    const last = await lockCase(tx, caseId)
    if (!last) return { changed: false, why: 'absent' }
    const now = await moveFrom(tx, verb, command, change, last)

    return now
      ? { changed: true, now }
      : { changed: false, why: await whyNot(tx, task, version, TRANSITIONS[verb].from) }
  })
}

type MoveCommand = Omit<TaskCommand, 'actor' | 'capacity'> & {
  readonly actor: PersonId | null
  readonly capacity: Capacity | null
}

/**
 * The move as one statement. It locks the case before the task, as every writer does, and only while the chain ends where it is said to:
 * a change that comes in between adds to the chain, and this one then does nothing.
 */
async function moveFrom(
  sql: Sql,
  verb: HolderMove,
  command: MoveCommand,
  change: Change,
  last: ChainEnd,
): Promise<TaskNow | null> {
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
  const { rows, end } = chainEvents(caseId, last, [event])
  const notice = NOTICES[verb]
  const [now] = await sql.rows<Omit<TaskNow, 'snoozedUntil'>>`
    with locked as materialized (
      select id from cases
      where id = ${caseId}::uuid and "lastSeq" = ${last.lastSeq} and "lastHash" = ${last.lastHash} for no key update
    ), moved as (
      update tasks set state = case when state = 'suspended' then state else ${to} end,
        "stateBefore" = case when state = 'suspended' then ${to} else "stateBefore" end,
        version = version + 1, "assigneeId" = ${holder}
      where id = ${task}::uuid and "caseId" = ${caseId}::uuid and version = ${version} and state = any(${from}::text[])
        and ${change.if} and exists (select 1 from locked)
      returning id, "caseId", state, version, "assigneeId", role, "bodyKey"
    ), ${notice ? movedNotice(notice) : Prisma.empty}written as (
      ${eventRows(rows)} where exists (select 1 from moved)
    ), ended as (
      update cases set "lastSeq" = ${end.lastSeq}, "lastHash" = ${end.lastHash}
      where id = ${caseId}::uuid and exists (select 1 from moved)
    )
    select moved.state, moved.version, ${personJson('assignee')} as assignee,
      pg_notify(${CHANNEL}, ${messages({ topic: 'tasks', ids: [task] })[0]})
    from moved left join people assignee on assignee.id = moved."assigneeId"`

  return now ? { state: now.state, version: now.version, assignee: now.assignee, snoozedUntil: null } : null
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
