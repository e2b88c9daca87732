/**
 * What is added to a case after its end: entries of its chain that no workflow makes, for it is over. Each is stored as a command is, with
 * its key and its content, and is done in the same transaction.
 */
import { randomUUID } from 'node:crypto'
import {
  ADDED_AFTER_END,
  type Addition,
  type CaseId,
  type CommandId,
  type IsoDate,
  type Notice,
  type PersonId,
  type PersonRef,
  type Role,
} from '../../workflows/kernel/contract'
import { caseTime, caseToday, instant, type CaseClock } from '../../workflows/kernel/law/case-clock'
import { newContent, refOf, type NewContent } from './commands'
import { violatesUnique, type Db, type Sql } from './db'
import { sentDraft } from './drafts'
import { appendTo, lockCase } from './events'
import { takeFiles, type UsedFiles } from './files'
import { inForceSql } from './listing'
import { notify } from './notify'
import { personJson, slice, windowSql, type Slice, type Window } from './refs'

/** Kind of the commands by which something was added. */
export const ADD = 'add'

export interface NewAddition {
  readonly case: CaseId
  readonly kind: Addition
  readonly author: PersonId
  readonly capacity: Role
  /** what was filled in, the id of its file among it */
  readonly form: unknown
  readonly files: UsedFiles | null
  /** where its author's draft of it is kept */
  readonly draftAt: string
  /** day on which offices count */
  readonly today: IsoDate
  readonly principal: string
  readonly key: string
  readonly digest: string
}

export type Added = 'added' | 'keyUsed' | 'filesUsed' | 'notClosed'

/** Another answer has the file already, or it is gone. */
class FilesUsed extends Error {}

/** Adds it to a case that has ended; its entry in the chain has the hash of what was said and of the file. */
export async function addAfterEnd(db: Db, addition: NewAddition): Promise<Added> {
  const content = newContent(addition.form)
  try {
    return await db.sql.transaction((tx) => write(tx, addition, content))
  } catch (error) {
    if (error instanceof FilesUsed) return 'filesUsed'
    if (violatesUnique(error)) return 'keyUsed'
    throw error
  }
}

async function write(tx: Sql, addition: NewAddition, content: NewContent): Promise<Added> {
  const { case: of, kind, author, capacity, files } = addition
  const end = await lockCase(tx, of)
  const [file] = await tx.rows<{ status: string; clock: CaseClock; now: Date }>`
    select status, clock, clock_timestamp() as now from cases where id = ${of}::uuid`
  if (!end || file?.status !== 'closed') return 'notClosed'
  const id = randomUUID() as CommandId
  // first: of two requests with one key the other waits here, and changes nothing
  await tx.run`
    insert into commands (id, "caseId", kind, act, principal, key, digest, actor, payload, "contentId", "receivedAt", "sentAt", "finishedAt",
      state, outcome)
    values (${id}::uuid, ${of}::uuid, ${ADD}, ${kind}, ${addition.principal}, ${addition.key}, ${addition.digest},
      ${JSON.stringify({ person: author })}::jsonb, ${JSON.stringify({ capacity, content: refOf(content) })}::jsonb,
      ${content.id}::uuid, ${file.now}, ${file.now}, ${file.now}, 'done', '{"result": "done"}')`
  const attached = files ? await takeFiles(tx, files, id) : []
  if (attached === null) throw new FilesUsed()
  await tx.run`
    insert into contents (id, "caseId", body, salt, hash, "createdAt")
    values (${content.id}::uuid, ${of}::uuid, ${JSON.stringify(content.body)}::jsonb, ${content.salt}, ${content.hash}, ${file.now})`
  await appendTo(tx, of, end, [
    {
      kind: ADDED_AFTER_END,
      at: instant(caseTime(file.clock, file.now.getTime())),
      on: caseToday(file.clock, file.now.getTime()),
      step: null,
      actor: author,
      capacity,
      task: null,
      params: { added: kind, content: content.id, hash: content.hash, files: attached },
    },
  ])
  await sentDraft({ sql: tx }, { address: addition.draftAt, person: author })
  await tellConcerned(tx, addition)
  await notify(tx, { topic: 'cases', ids: [of] })

  return 'added'
}

/**
 * Whoever is HR of its body on the day, and whoever has a part in it, each once; not who added it, whatever else he is. A notice to the
 * role would reach him too. Each is shown to him only if he sees the course of the case.
 */
async function tellConcerned(tx: Sql, { case: of, author, today }: NewAddition): Promise<void> {
  const kind: Notice = ADDED_AFTER_END
  await tx.run`
    insert into notices (id, "caseId", kind, role, "bodyKey", "personId", params, at)
    select gen_random_uuid(), ${of}::uuid, ${kind}, null, null, told.person, '{}'::jsonb, clock_timestamp() from (
      select held."personId" as person from cases c join body_roles held on held."bodyKey" = c."bodyKey" and held.role = 'hr'
        and ${inForceSql('held', today)} where c.id = ${of}::uuid
      union
      select p."personId" from case_parts p where p."caseId" = ${of}::uuid and p."to" is null) told
    where told.person <> ${author}::uuid`
}

export interface AdditionRow {
  readonly seq: number
  readonly kind: Addition
  readonly at: Date
  readonly on: IsoDate
  readonly author: PersonRef | null
  readonly capacity: string
  readonly content: Readonly<Record<string, unknown>>
  readonly hash: string
}

/** A page of what was added to a case after its end, newest first. */
export async function additionsOf(db: Db, of: CaseId, window: Window): Promise<Slice<AdditionRow>> {
  const rows = await db.sql.rows<AdditionRow>`
    select e.seq, e.params ->> 'added' as kind, e.at, e."on"::text, ${personJson('person')} as author, e.capacity,
      coalesce(k.body, '{}') as content, e.hash
    from events e left join people person on person.id = e."actorId"
    left join contents k on k."caseId" = e."caseId" and k.id::text = e.params ->> 'content'
    where e."caseId" = ${of}::uuid and e.kind = ${ADDED_AFTER_END} order by e.seq desc ${windowSql(window)}`

  return slice(rows, window)
}

/** Entries of what was added to these cases whose content or file is not what the chain says. */
export async function changedAdditions(
  db: Pick<Db, 'sql'>,
  cases: readonly CaseId[],
): Promise<
  { readonly case: CaseId; readonly number: string; readonly seq: number; readonly what: 'content' | 'file' }[]
> {
  return db.sql.rows`
    select e."caseId" as case, c.number, e.seq, w.what from events e join cases c on c.id = e."caseId"
    cross join lateral (
      select 'content' as what where not exists (
        select 1 from contents k where k."caseId" = e."caseId" and k.id::text = e.params ->> 'content' and k.hash = e.params ->> 'hash')
      union all
      select 'file' where exists (
        select 1 from jsonb_array_elements(e.params -> 'files') said where not exists (
          select 1 from files f join commands m on m.id = f."commandId" and m."caseId" = e."caseId"
          where f.id::text = said ->> 'id' and f.sha256 = said ->> 'sha256'))
    ) w
    where e."caseId" = any(${[...cases]}::uuid[]) and e.kind = ${ADDED_AFTER_END} order by 1, 3, 4`
}
