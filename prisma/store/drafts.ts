/**
 * What people have typed into forms and not sent, one row for each person and form. Nobody but the person reads it. Every save
 * names the version it was made from; one made from an earlier version is stale and changes nothing.
 */
import type { PersonId } from '../../workflows/kernel/contract'
import type { Db, Sql } from './db'

/** How long a draft is kept after it was last saved: longer than an annual leave of 30 calendar days with what adjoins it. */
export const DRAFTS_KEPT_DAYS = 60
const DAY_MS = 24 * 60 * 60 * 1000

/** How many texts of one person are kept at once: nobody fills the disk with drafts. */
export const DRAFTS_OF_ONE_PERSON = 300

export interface Draft {
  readonly version: number
  /** null: nothing was typed, or it was sent or discarded since */
  readonly form: Record<string, unknown> | null
  readonly savedAt: Date | null
}
const NO_DRAFT: Draft = { version: 0, form: null, savedAt: null }

/** Whose draft of which form. */
export interface DraftOf {
  readonly address: string
  readonly person: PersonId
}

/** What the person typed last into the form at this address. */
export async function draftAt(db: Db, { address, person }: DraftOf): Promise<Draft> {
  const [row] = await db.sql.rows<Draft>`
    select version, form, "savedAt" from form_drafts where address = ${address} and "personId" = ${person}::uuid`

  return row ?? NO_DRAFT
}

export interface DraftToSave extends DraftOf {
  readonly form: object
  /** the version it was made from; 0 when there was none */
  readonly version: number
  /** the open form that saves it */
  readonly writer: string
  readonly at: Date
}
export type DraftSaved =
  | { readonly saved: true; readonly draft: Draft }
  | { readonly saved: false; readonly why: 'stale' | 'tooMany'; readonly draft: Draft }

/**
 * Saves it over the version it was made from. It is not stale when the same open form saved last and did not hear so, nor when the
 * text is the one that is there.
 */
export async function saveDraft(db: Db, draft: DraftToSave): Promise<DraftSaved> {
  const { address, person, version, writer, at } = draft
  const form = JSON.stringify(draft.form)
  const [row] = await db.sql.rows<Draft>`
    insert into form_drafts as d (address, "personId", version, writer, form, "savedAt")
    select ${address}, ${person}::uuid, ${version}::int + 1, ${writer}, ${form}::jsonb, ${at}::timestamptz
    where exists (select 1 from form_drafts where address = ${address} and "personId" = ${person}::uuid)
       or (select count(*) from form_drafts where "personId" = ${person}::uuid and form is not null) < ${DRAFTS_OF_ONE_PERSON}::int
    on conflict (address, "personId") do update
      set form = excluded.form, writer = excluded.writer, "savedAt" = excluded."savedAt",
          version = d.version + (d.form is distinct from excluded.form)::int
      where d.version = ${version}::int or d.writer = excluded.writer or d.form = excluded.form
    returning version, form, "savedAt"`
  if (row) return { saved: true, draft: row }
  const now = await draftAt(db, draft)

  return { saved: false, why: now.version === 0 ? 'tooMany' : 'stale', draft: now }
}

/**
 * Forgets its text because its owner says so; what was sent is forgotten by the record of its step. The version stays, so that
 * the same form in another window is found to be stale. Null when it was changed since this version.
 */
export async function discardDraft(
  db: Db,
  { address, person, version }: DraftOf & { readonly version: number },
): Promise<Draft | null> {
  const [row] = await db.sql.rows<Draft>`
    update form_drafts set form = null, version = version + 1, writer = ''
    where address = ${address} and "personId" = ${person}::uuid and version = ${version}::int
    returning version, form, "savedAt"`

  return row ?? null
}

/** Forgets the text of what its owner has sent, where no step records it. */
export async function sentDraft(db: { readonly sql: Sql }, { address, person }: DraftOf): Promise<void> {
  await db.sql.run`
    update form_drafts set form = null, version = version + 1, writer = ''
    where address = ${address} and "personId" = ${person}::uuid and form is not null`
}

/**
 * Forgets drafts that nobody has saved for as long as they are kept, and those of tasks and cases that have ended, by whatever way:
 * nobody can open their forms any more, and nobody needs what stands in them. Answers how many, at most `limit`.
 */
export async function forgetDrafts(db: Db, now: number, limit = 5000): Promise<number> {
  const before = new Date(now - DRAFTS_KEPT_DAYS * DAY_MS)

  return db.sql.run`
    with kept as (
      select address, "personId", "savedAt",
             case when address ~ '^(task|act):[0-9a-f-]{36}:' then split_part(address, ':', 2)::uuid end as of
      from form_drafts
    ), old as (
      select address, "personId" from kept
      where "savedAt" < ${before}::timestamptz
         or address like 'task:%' and exists (select 1 from tasks where id = kept.of and state in ('completed', 'obsolete'))
         or address like 'act:%' and exists (select 1 from cases where id = kept.of and status <> 'open')
      limit ${limit}::int
    )
    delete from form_drafts using old
    where form_drafts.address = old.address and form_drafts."personId" = old."personId"`
}
