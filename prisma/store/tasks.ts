/**
 * The life of a task: every writer of a task's state goes through here. One table says which state may follow which; each
 * verb is one conditional update that repeats its precondition in SQL, so that of two people who press at once one is told no.
 */
import type { CaseId, Instant, IsoDate, PersonId, TaskId, TaskState } from '../../workflows/kernel/contract'
import type { Db, Tx } from './db'
import { appendTo, lockCase } from './events'
import { notify } from './notify'

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
export type Moved = { readonly changed: true } | { readonly changed: false; readonly why: NotChanged }

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
    where: { assigneeId: null, role: { not: null }, NOT: { excluded: { has: command.actor } } },
    assigneeId: command.actor,
  })

/** Gives a claimed task back to its role. A task addressed to a person has nobody to go back to. */
export const release = (db: Db, command: TaskCommand): Promise<Moved> =>
  move(db, 'release', command, { where: { assigneeId: command.actor, role: { not: null } }, assigneeId: null })

/** Says that work on it has begun. */
export const start = (db: Db, command: TaskCommand): Promise<Moved> =>
  move(db, 'start', command, { where: { assigneeId: command.actor } })

/** A superior gives the task to one of those who may hold it; whoever held it no longer does. */
export const assign = (db: Db, command: Handover): Promise<Moved> =>
  move(db, 'assign', command, {
    where: { role: { not: null }, NOT: { excluded: { has: command.to } } },
    assigneeId: command.to,
    params: { to: command.to },
  })

/** The holder gives the task to another of those who may hold it. */
export const delegate = (db: Db, command: Handover): Promise<Moved> =>
  move(db, 'delegate', command, {
    where: { assigneeId: command.actor, role: { not: null }, NOT: { excluded: { has: command.to } } },
    assigneeId: command.to,
    params: { to: command.to },
  })

interface Change {
  readonly where: object
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

  return db.$transaction(async (tx) => {
    const last = await lockCase(tx, command.case)
    if (!last) return { changed: false, why: 'absent' }
    const { count } = await tx.task.updateMany({
      where: {
        id: command.task,
        caseId: command.case,
        version: command.version,
        state: { in: [...from] },
        ...change.where,
      },
      data: {
        state: to,
        version: { increment: 1 },
        ...(change.assigneeId === undefined ? {} : { assigneeId: change.assigneeId }),
      },
    })
    if (count === 0) return { changed: false, why: await whyNot(tx, command.task, command.version, from) }
    await appendTo(tx, command.case, last, [
      {
        kind: `task.${verb}`,
        at: command.at,
        on: command.on,
        step: null,
        actor: command.actor,
        capacity: command.capacity,
        task: command.task,
        params: change.params ?? {},
      },
    ])
    await notify(tx, { topic: 'tasks', ids: [command.task] })

    return { changed: true }
  })
}

/** Why a conditional update found nothing, told by the row as it is now. */
export async function whyNot(
  db: Db | Tx,
  task: TaskId,
  version: number,
  from: readonly TaskState[],
): Promise<NotChanged> {
  const row = await db.task.findUnique({ where: { id: task }, select: { state: true, version: true } })
  if (!row) return 'absent'
  const state = row.state as TaskState
  if (isClosed(state)) return 'tooLate'
  if (state === 'completing') return 'completing'
  if (!from.includes(state)) return 'taken'

  return row.version === version ? 'taken' : 'stale'
}
