/**
 * Files as rows. The bytes are in the file store under a key; `file_blobs` says which bytes there are, each once; `files` who uploaded
 * what under which name, and to which answer it belongs; `file_uploads` which keys may have to be taken away.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { CaseId, FileId, FileKind, PersonId, TaskId } from '../../workflows/kernel/contract'
import { Prisma, type Db, type Sql } from './db'
import type { FileStore } from './file-store'

// ------------------------------------------------------------------ uploading

/** How much of one person may wait to be used at once. */
export interface UploadQuota {
  readonly files: number
  readonly bytes: number
}

/** Of a file `f`: no answer has it. That of a refused command may be sent again. */
const FREE = Prisma.sql`(f."commandId" is null or exists (select 1 from commands m where m.id = f."commandId"
  and (m.state = 'refused' or m.outcome ->> 'result' = 'refused')))`

/** Of uploads of one person one begins after another: two at once would each find room for one. */
const BEGINNING = 1303

/** Begins an upload that may become so many bytes; answers under which key, or null when the person has no room for it. */
export async function beginUpload(
  db: Db,
  { person, reserved, quota }: { readonly person: PersonId; readonly reserved: number; readonly quota: UploadQuota },
): Promise<string | null> {
  const storeKey = randomUUID()

  return db.sql.transaction(async (tx) => {
    await tx.run`select pg_advisory_xact_lock(${BEGINNING}::int, hashtext(${person}::text))`
    const begun = await tx.run`
      insert into file_uploads ("storeKey", "personId", reserved, "startedAt")
      select ${storeKey}::uuid, ${person}::uuid, ${reserved}::int, now()
      from (
        select count(*) as files, coalesce(sum(bytes), 0) as bytes from (
          select b.size::bigint as bytes from files f join file_blobs b on b.sha256 = f.sha256
          where f."uploadedById" = ${person}::uuid and ${FREE}
          union all select u.reserved from file_uploads u where u."personId" = ${person}::uuid
        ) waiting
      ) his
      where his.files < ${quota.files}::int and his.bytes + ${reserved}::bigint <= ${quota.bytes}::bigint`

    return begun === 1 ? storeKey : null
  })
}

/** What was written under a key, and whose file it is to be. */
export interface Uploaded {
  readonly storeKey: string
  readonly person: PersonId
  readonly name: string
  readonly kind: FileKind
  readonly size: number
  readonly sha256: string
}

/**
 * Makes a file of what was uploaded. The same bytes are kept once: where they are there already, those that were written now are taken
 * away, and if that is not reached, by the next round. Where those that are there are lost or altered, these take their place, for every
 * file that has them; `mended` says so.
 */
export async function finishUpload(
  db: Db,
  store: FileStore,
  uploaded: Uploaded,
): Promise<{ readonly id: FileId; readonly mended: 'lost' | 'altered' | null }> {
  const id = randomUUID() as FileId
  const { storeKey, person, name, kind, size, sha256 } = uploaded
  const kept = await db.sql.transaction(async (tx) => {
    // locks the row of bytes that are there: nobody takes them away until this file refers to them
    const [blob] = await tx.rows<{ storeKey: string; size: number }>`
      insert into file_blobs (sha256, size, kind, "storeKey", "storedAt")
      values (${sha256}, ${size}::int, ${kind}, ${storeKey}::uuid, now())
      on conflict (sha256) do update set sha256 = excluded.sha256 returning "storeKey", size`
    const isNew = blob?.storeKey === storeKey
    await tx.run`
      insert into files (id, sha256, name, "uploadedById", "uploadedAt") values (${id}::uuid, ${sha256}, ${name}, ${person}::uuid, now())`
    // a round that found the upload too old has taken its bytes away
    const gone = isNew && (await tx.run`delete from file_uploads where "storeKey" = ${storeKey}::uuid`) === 0
    if (gone) throw new Error(`the upload ${storeKey} took too long and was taken away`)

    return isNew || !blob ? null : blob
  })
  if (kept === null) return { id, mended: null }
  const wrong = await whatIsWrong(store, kept.storeKey, { sha256, size: kept.size })
  if ((wrong?.what === 'lost' || wrong?.what === 'altered') && (await takePlace(db, storeKey, kept.storeKey)))
    return { id, mended: wrong.what }
  await dropUpload(db, store, storeKey)

  return { id, mended: null }
}

/** Lets bytes be those under another key, and has the ones under the old key taken away by a round; false: others did so before. */
const takePlace = async (db: Db, by: string, of: string): Promise<boolean> => {
  const taken = await db.sql.run`
    with begun as materialized (
      select u."storeKey" from file_uploads u where u."storeKey" = ${by}::uuid for update
    ), moved as (
      update file_blobs b set "storeKey" = begun."storeKey" from begun where b."storeKey" = ${of}::uuid returning b."storeKey"
    ), ended as (
      delete from file_uploads u using moved where u."storeKey" = moved."storeKey"
    )
    insert into file_uploads ("storeKey", "personId", reserved, "startedAt")
    select ${of}::uuid, null, 0, 'epoch'::timestamptz from moved`

  return taken === 1
}

/** Takes away what was written under the key of an upload. */
export async function dropUpload(db: Db, store: FileStore, storeKey: string): Promise<void> {
  await store.remove(storeKey)
  await db.sql.run`delete from file_uploads where "storeKey" = ${storeKey}::uuid`
}

/** Forgets a file that the person uploaded and no answer has; its bytes are taken away by a round. Answers whether there was one. */
export async function forgetFile(db: Db, id: FileId, person: PersonId): Promise<boolean> {
  const gone = await db.sql.run`
    delete from files f where f.id = ${id}::uuid and f."uploadedById" = ${person}::uuid and ${FREE}`

  return gone === 1
}

// ------------------------------------------------------------------ using

/** Files that a command names, and who uploaded them. */
export interface UsedFiles {
  readonly ids: readonly FileId[]
  readonly by: PersonId
  /**
   * a start without a name: it may use what another such start was refused with. Nobody knows any more whose that was, and nobody else was
   * ever told its id.
   */
  readonly unnamed: boolean
}
const usable = ({ ids, by, unnamed }: UsedFiles): Prisma.Sql =>
  Prisma.sql`f.id = any(${[...ids]}::uuid[]) and (f."uploadedById" = ${by}::uuid or ${unnamed} and f."uploadedById" is null) and ${FREE}`

/**
 * Parts of the statement that stores a command: `free` are those of its files that may be used, locked, so that of two answers that name
 * one file at once one has it; `used` gives them to the command. A start without a name keeps no word of who uploaded them.
 */
export const freeFiles = (files: UsedFiles): Prisma.Sql => Prisma.sql`free as materialized (
        select f.id from files f where ${usable(files)} for update of f
      ), `
export const allFree = ({ ids }: UsedFiles): Prisma.Sql => Prisma.sql`(select count(*) from free) = ${ids.length}::int`
export const useFiles = (
  files: UsedFiles,
  { command, ofTask }: { readonly command: string; readonly ofTask: boolean },
): Prisma.Sql => Prisma.sql`, used as (
        update files f set "commandId" = ${command}::uuid${files.unnamed ? Prisma.sql`, "uploadedById" = null` : Prisma.empty}
        from free where f.id = free.id and ${allFree(files)} and (${!ofTask} or exists (select 1 from moved))
      )`

/** Gives them to a command of this transaction; null, and nothing is given, when not all of them may be used. */
export async function takeFiles(
  tx: Sql,
  files: UsedFiles,
  command: string,
): Promise<{ readonly id: FileId; readonly sha256: string }[] | null> {
  const taken = await tx.rows<{ id: FileId; sha256: string }>`
    with ${freeFiles(files)}taken as (
      update files f set "commandId" = ${command}::uuid from free where f.id = free.id and ${allFree(files)} returning f.id, f.sha256
    )
    select id, sha256 from taken order by id`

  return taken.length === files.ids.length ? taken : null
}

/** May all of them be used now? */
export async function areFree({ sql }: { readonly sql: Sql }, files: UsedFiles): Promise<boolean> {
  const [found] = await sql.rows<{ n: number }>`select count(*)::int as n from files f where ${usable(files)}`

  return found?.n === files.ids.length
}

// ------------------------------------------------------------------ reading

/** Where a file stands. `free`: its uploader may use it; `sent`: with an answer that has no outcome yet; `kept`: it belongs to an answer. */
export type FileState = 'free' | 'sent' | 'kept'

export interface FileRow {
  readonly id: FileId
  readonly name: string
  readonly kind: FileKind
  readonly size: number
  readonly storeKey: string
  readonly uploadedBy: PersonId | null
  readonly state: FileState
  /** the answer with which it was sent */
  readonly answer: {
    readonly case: CaseId
    readonly task: TaskId | null
    /** kind of the task that was answered, or name of the act; `start`, or `add` of what was added after the end */
    readonly kind: string
    /** it was added to the case after its end */
    readonly added: boolean
    /** false: a sealed answer that nobody opened yet */
    readonly open: boolean
  } | null
}

/** These files, of those that there are. */
export async function filesByIds(db: Db, ids: readonly string[]): Promise<FileRow[]> {
  if (ids.length === 0) return []

  return db.sql.rows<FileRow>`
    select f.id, f.name, b.kind, b.size, b."storeKey", f."uploadedById" as "uploadedBy",
      case when ${FREE} then 'free' when m.state = 'stored' then 'sent' else 'kept' end as state,
      case when m.id is not null then jsonb_build_object('case', m."caseId", 'task', m."taskId", 'kind', coalesce(t.kind, m.act, m.kind),
        'added', m.kind = 'add', 'open', m."taskId" is null or t."answerContentId" is not distinct from m."contentId") end as answer
    from files f join file_blobs b on b.sha256 = f.sha256
    left join commands m on m.id = f."commandId" left join tasks t on t.id = m."taskId"
    where f.id = any(${[...ids]}::uuid[]) order by f.id`
}

// ------------------------------------------------------------------ taking away

/** Longer than an upload may last: what is left of an older one was cut off. */
const UPLOAD_MAX_MS = 2 * 3600 * 1000
const AT_ONCE = 100

/**
 * Takes away files that nobody used for so long and no draft of their uploader names, bytes that no file refers to, and what uploads
 * that were cut off have left. Answers how many of each.
 */
export async function collectFiles(
  db: Db,
  store: FileStore,
  { now, unusedMs }: { readonly now: number; readonly unusedMs: number },
): Promise<{ readonly files: number; readonly keys: number }> {
  const files = await db.sql.run`
    delete from files f where f.id in (
      select f.id from files f
      where f."uploadedAt" < ${new Date(now - unusedMs)}::timestamptz and ${FREE} and not exists (
        select 1 from form_drafts d where d."personId" = f."uploadedById" and strpos(d.form::text, f.id::text) > 0)
      limit ${AT_ONCE}) and ${FREE}`
  // a file that comes to refer to the bytes at this moment fails the statement, and the next round looks again
  await db.sql.run`
    with gone as (
      delete from file_blobs b where b.sha256 in (
        select b.sha256 from file_blobs b where not exists (select 1 from files f where f.sha256 = b.sha256) limit ${AT_ONCE})
      returning b."storeKey"
    )
    insert into file_uploads ("storeKey", "personId", reserved, "startedAt")
    select "storeKey", null, 0, 'epoch'::timestamptz from gone`
  const left = await db.sql.rows<{ storeKey: string }>`
    select u."storeKey" from file_uploads u
    where u."startedAt" < ${new Date(now - UPLOAD_MAX_MS)}::timestamptz limit ${AT_ONCE}`
  let keys = 0
  for (const { storeKey } of left) {
    // of an upload whose bytes another had already only the second copy is left; its own key is never that of a blob
    await dropUpload(db, store, storeKey)
    keys += 1
  }

  return { files, keys }
}

// ------------------------------------------------------------------ verifying

/** What is wrong with bytes: not all of them are there, they are others, the store does not give them, or no file refers to them. */
export interface DamagedFile {
  readonly storeKey: string
  readonly what: 'lost' | 'altered' | 'unreadable' | 'orphaned'
  /** of those that cannot be read: what the store or the network calls it (`AccessDenied`) */
  readonly why?: string
  /** numbers of the cases that have it */
  readonly cases: readonly string[]
}

interface BlobRow {
  readonly sha256: string
  readonly size: number
  readonly storeKey: string
  /** files refer to them, or a round is still to take them away */
  readonly needed: boolean
  readonly cases: string[]
}

/** Reads the bytes of every file and holds them against what was uploaded; some at a time, in the order of their hashes. `looked` hears of each. */
export async function* damagedFiles(
  db: Pick<Db, 'sql'>,
  store: FileStore,
  looked: () => void = () => undefined,
): AsyncGenerator<DamagedFile> {
  for (let after = ''; ;) {
    const blobs = await db.sql.rows<BlobRow>`
      select b.sha256, b.size, b."storeKey", count(f.id) > 0 or b."storedAt" > now() - interval '1 day' as needed,
        coalesce(array_agg(distinct c.number) filter (where c.number is not null), '{}') as cases
      from file_blobs b left join files f on f.sha256 = b.sha256
      left join commands m on m.id = f."commandId" left join cases c on c.id = m."caseId"
      where b.sha256 > ${after} group by b.sha256 order by b.sha256 limit ${AT_ONCE}`
    for (const { storeKey, needed, cases, ...stored } of blobs) {
      const wrong = await whatIsWrong(store, storeKey, stored)
      looked()
      if (wrong) yield { storeKey, ...wrong, cases }
      else if (!needed) yield { storeKey, what: 'orphaned', cases }
    }
    const last = blobs.at(-1)
    if (!last) break
    after = last.sha256
  }
  const loose = await db.sql.rows<{ storeKey: string }>`
    select distinct p."storeKey" from file_pieces p
    where not exists (select 1 from file_blobs b where b."storeKey" = p."storeKey")
      and not exists (select 1 from file_uploads u where u."storeKey" = p."storeKey") order by 1`
  for (const { storeKey } of loose) yield { storeKey, what: 'orphaned', cases: [] }
}

async function whatIsWrong(
  store: FileStore,
  storeKey: string,
  stored: { readonly sha256: string; readonly size: number },
): Promise<Pick<DamagedFile, 'what' | 'why'> | null> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const bytes of store.read(storeKey)) {
      hash.update(bytes)
      size += bytes.length
    }
  } catch (error) {
    // one that may not be read says nothing of the others
    return { what: 'unreadable', why: nameOf(error) }
  }
  if (size < stored.size) return { what: 'lost' }

  return hash.digest('hex') === stored.sha256 ? null : { what: 'altered' }
}

/** Of an error of the network its code says more. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)

  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
