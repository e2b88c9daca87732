/** What colleagues say of a case to one another: added, withdrawn, and never changed. */
import type { CaseId, PersonId, PersonRef, TaskId } from '../../workflows/kernel/contract'
import { newContent } from './commands'
import { Prisma, type Db, type Sql } from './db'
import { notify } from './notify'
import { personJson, slice, windowSql, type Slice, type Window } from './refs'

export interface CommentRow {
  readonly id: string
  readonly caseId: CaseId
  readonly taskId: TaskId | null
  readonly authorId: PersonId
  /** null: the register does not have him any more */
  readonly author: PersonRef | null
  readonly capacity: string
  /** null: it is withdrawn */
  readonly text: string | null
  readonly at: Date
  readonly mentions: readonly PersonRef[]
}

export interface NewComment {
  readonly id: string
  readonly case: CaseId
  readonly task: TaskId | null
  readonly author: PersonId
  readonly capacity: string
  readonly text: string
  /** people who see comments of the case: each is told */
  readonly mentions: readonly PersonId[]
}

/** Is this what was said under its id? Null: nothing was. */
export async function isAsSaid(
  { sql }: { readonly sql: Sql },
  { id, case: of, task, text }: Pick<NewComment, 'id' | 'case' | 'task' | 'text'>,
): Promise<boolean | null> {
  const [row] = await sql.rows<{ same: boolean }>`
    select coalesce(m."caseId" = ${of}::uuid and m."taskId" is not distinct from ${task}::uuid and k.body ->> 'text' = ${text}, false) as same
    from comments m left join contents k on k.id = m."contentId" where m.id = ${id}::uuid`

  return row?.same ?? null
}

/** Does the case take comments? It does not end before the transaction does. */
async function takesComments(tx: Sql, of: CaseId): Promise<boolean> {
  const [file] = await tx.rows<{ status: string }>`select status from cases where id = ${of}::uuid for share`

  return file !== undefined && file.status !== 'closed'
}

export type Said = 'said' | 'anotherSaid' | 'caseClosed'

/**
 * Adds a comment to a case that is not closed, and a notice for everybody whom it names but its author. One that is there under this id
 * already is not added again.
 */
export async function addComment(db: Db, comment: NewComment): Promise<Said> {
  const { id, case: of, task, author, capacity, mentions } = comment
  const content = newContent({ text: comment.text })
  return db.sql.transaction(async (tx) => {
    const isOpen = await takesComments(tx, of)
    const [{ added } = { added: false }] = await tx.rows<{ added: boolean }>`
      with added as (
        insert into comments (id, "caseId", "taskId", "authorId", capacity, "contentId", "contentHash", at)
        select ${id}::uuid, ${of}::uuid, ${task}::uuid, ${author}::uuid, ${capacity}, ${content.id}::uuid, ${content.hash}, now()
        where ${isOpen}
        on conflict (id) do nothing returning id
      ), kept as (
        insert into contents (id, "caseId", body, salt, hash, "createdAt")
        select ${content.id}::uuid, ${of}::uuid, ${JSON.stringify(content.body)}::jsonb, ${content.salt}, ${content.hash}, now() from added
      ), named as (
        insert into comment_mentions ("commentId", "personId")
        select id, person from added, unnest(${[...mentions]}::uuid[]) person returning "personId"
      ), noticed as (
        insert into notices (id, "caseId", "taskId", kind, "personId", params, at)
        select gen_random_uuid(), ${of}::uuid, ${task}::uuid, 'mentioned', "personId", jsonb_build_object('comment', ${id}::text), now()
        from named where "personId" <> ${author}::uuid
      )
      select exists (select 1 from added) as added`
    if (!added) {
      const isSame = await isAsSaid({ sql: tx }, comment)

      return isSame === null ? 'caseClosed' : isSame ? 'said' : 'anotherSaid'
    }
    await notify(tx, { topic: 'cases', ids: [of] })

    return 'said'
  })
}

export type Withdrawn = 'withdrawn' | 'absent' | 'caseClosed'

/** Withdraws a comment of this author in a case that is not closed; `absent` when there is none that stands. */
export async function withdrawComment(
  db: Db,
  { id, case: of, author }: Pick<NewComment, 'id' | 'case' | 'author'>,
): Promise<Withdrawn> {
  return db.sql.transaction(async (tx) => {
    const isOpen = await takesComments(tx, of)
    const stands = Prisma.sql`id = ${id}::uuid and "caseId" = ${of}::uuid and "authorId" = ${author}::uuid and "withdrawnAt" is null`
    if (!isOpen) return (await tx.rows`select 1 from comments where ${stands}`).length > 0 ? 'caseClosed' : 'absent'
    if ((await tx.run`update comments set "withdrawnAt" = now() where ${stands}`) === 0) return 'absent'
    await notify(tx, { topic: 'cases', ids: [of] })

    return 'withdrawn'
  })
}

/** Of which case a comment is. */
export async function caseOfComment(db: Db, id: string): Promise<CaseId | null> {
  const [row] = await db.sql.rows<{ caseId: CaseId }>`select "caseId" from comments where id = ${id}::uuid`

  return row?.caseId ?? null
}

/** A page of the comments of a case, or on one of its tasks, newest first. */
export async function commentsOf(db: Db, id: CaseId, task: string | null, window: Window): Promise<Slice<CommentRow>> {
  const rows = await db.sql.rows<CommentRow>`
    select m.id, m."caseId", m."taskId", m."authorId", ${personJson('person')} as author, m.capacity, m.at,
      case when m."withdrawnAt" is null then k.body ->> 'text' end as text,
      case when m."withdrawnAt" is null then coalesce((
        select jsonb_agg(${personJson('subject')} order by subject.id) from comment_mentions n join people subject on subject.id = n."personId"
        where n."commentId" = m.id), '[]') else '[]' end as mentions
    from comments m left join contents k on k.id = m."contentId" left join people person on person.id = m."authorId"
    where m."caseId" = ${id}::uuid and (${task}::uuid is null or m."taskId" = ${task}::uuid)
    order by m.at desc, m.id ${windowSql(window)}`

  return slice(rows, window)
}

/** Is it a task of that case? */
export async function isTaskOf(db: Db, task: string, id: CaseId): Promise<boolean> {
  const rows = await db.sql.rows`select 1 from tasks where id = ${task}::uuid and "caseId" = ${id}::uuid`

  return rows.length > 0
}

/** More people than these have nothing to do with one case. */
const CONCERNED = 200

/**
 * People who may have to do with a case: who has a part in it, holds a task of it, or has an office in its body or in that of the Agency.
 * Which of them see what of it is for the policy to say.
 */
export async function peopleAround(db: Db, id: CaseId, on: string): Promise<PersonRef[]> {
  const rows = await db.sql.rows<{ person: PersonRef }>`
    select ${personJson('person')} as person from people person where person.id in (
      select p."personId" from case_parts p where p."caseId" = ${id}::uuid and p."to" is null
      union select t."assigneeId" from tasks t where t."caseId" = ${id}::uuid and t.state not in ('completed', 'obsolete')
      union (select r."personId" from body_roles r join cases c on c.id = ${id}::uuid
        where r."bodyKey" in (c."bodyKey", c."agencyKey") and r."from" <= ${on}::date and (r."to" is null or r."to" >= ${on}::date)
        group by r."personId" order by r."personId" limit ${CONCERNED}::int))
    order by person.id`

  return rows.map(({ person }) => person)
}
