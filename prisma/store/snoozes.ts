/**
 * What a person has put off for himself until a day, as SQL. It is no fact of the case: nobody else is told, and the file does not
 * have it. A task is put off as it stands: when it changes hands or state, or its term comes nearer than the day, it is back.
 */
import type { Instant, IsoDate, PersonId, TaskId, TaskState } from '../../workflows/kernel/contract'
import { Prisma, type Db } from './db'
import { whyNot, type NotChanged } from './tasks'

/** States in which a task waits for somebody to do something. */
export const SNOOZABLE: readonly TaskState[] = ['ready', 'reserved', 'inProgress']

/** The last day until which a task `t` may be put off, in SQL; null: it has no term. */
const LATEST = Prisma.sql`least(t."dueOn", t."closesOn")`

/** The row `s` puts the task `t` off now. */
const IS_PUT_OFF = Prisma.sql`s."taskId" = t.id and s.version = t.version and s."returnsAt" > now()
  and s.until <= coalesce(${LATEST}, 'infinity')`

/** What the person has put off: rows `s`, each with its task `t`. */
export const putOffBy = (person: PersonId): Prisma.Sql => Prisma.sql`task_snoozes s
  cross join lateral (select k.* from tasks k where k.id = s."taskId" offset 0) t where s."personId" = ${person}::uuid and ${IS_PUT_OFF}`

/** Of a task `t`: until when the person has put it off; null: he has not. */
export const snoozedUntilSql = (person: PersonId): Prisma.Sql =>
  Prisma.sql`(select s.until::text from task_snoozes s where s."personId" = ${person}::uuid and ${IS_PUT_OFF})`

/**
 * Of a task `t`: the person has not put it off. What he has is asked for once, as a list: Postgres expects that a condition on another
 * table takes half of the lines away, and would read a long queue whole.
 */
export const isNotPutOff = (person: PersonId): Prisma.Sql =>
  Prisma.sql`t.id <> all(array(select t.id from ${putOffBy(person)}))`

export interface Snooze {
  readonly task: TaskId
  readonly person: PersonId
  /** version that the person saw */
  readonly version: number
  readonly until: IsoDate
  /** when that day begins where the case is */
  readonly returnsAt: Instant
}

/** Puts a task off, or until another day; null when it is done. What returned long ago is forgotten with it. */
export const putOff = (db: Db, { task, person, version, until, returnsAt }: Snooze): Promise<NotChanged | null> =>
  db.sql.transaction(async (tx) => {
    await tx.run`delete from task_snoozes where "personId" = ${person}::uuid and "returnsAt" <= now()`
    const [kept] = await tx.rows<{ taskId: TaskId }>`
      insert into task_snoozes ("personId", "taskId", version, until, "returnsAt")
      select ${person}::uuid, t.id, t.version, ${until}::date, ${returnsAt}::timestamptz from tasks t
      where t.id = ${task}::uuid and t.version = ${version}::int and t.state = any(${[...SNOOZABLE]}::text[])
        and ${until}::date <= coalesce(${LATEST}, 'infinity')
      on conflict ("personId", "taskId") do update
        set version = excluded.version, until = excluded.until, "returnsAt" = excluded."returnsAt"
      returning "taskId"`
    if (kept) return null
    const why = await whyNot(tx, task, version, SNOOZABLE)

    // it stands still, or its term came nearer, since it was read
    return why === 'taken' ? 'stale' : why
  })

/** Takes it back at once. */
export async function takeBack(db: Db, { task, person }: Pick<Snooze, 'task' | 'person'>): Promise<void> {
  await db.sql.run`delete from task_snoozes where "personId" = ${person}::uuid and "taskId" = ${task}::uuid`
}
