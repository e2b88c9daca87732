/** What people sent, stored before anything is done with it. */
import { randomUUID } from 'node:crypto'
import type { Problem } from '../../workflows/kernel/protocol/problem'
import type {
  CaseId,
  CommandId,
  ContentId,
  ContentRef,
  Instant,
  LinkKind,
  PersonId,
  Reason,
  TaskId,
} from '../../workflows/kernel/contract'
import type { MessageKind, MessageOutcome, Messages } from '../../workflows/kernel/protocol/messages'
import { sealed } from './canonical'
import { instantFromStored, violatesUnique, Prisma, type Db, type Sql } from './db'
import { allFree, areFree, freeFiles, useFiles, type UsedFiles } from './files'
import { resolveIncident } from './incidents'
import { numeral } from './refs'
import { TRANSITIONS, whyNot, type NotChanged } from './tasks'

export type CommandState = 'stored' | 'done' | 'refused'

export interface StoredCommand {
  readonly id: CommandId
  readonly caseId: CaseId
  readonly taskId: TaskId | null
  readonly kind: MessageKind
  readonly act: string | null
  readonly principal: string
  readonly key: string
  readonly digest: string
  /** the whole message for the workflow; for a start also its CaseInput */
  readonly payload: unknown
  readonly receivedAt: Date
  readonly state: CommandState
  readonly outcome: MessageOutcome | null
  readonly problem: Problem | null
}

export interface NewContent {
  readonly id: ContentId
  readonly body: unknown
  readonly salt: string
  readonly hash: string
}

/** A content row to be: what is said, with its salted hash. */
export const newContent = (body: unknown): NewContent => ({ id: randomUUID() as ContentId, body, ...sealed(body) })
export const refOf = ({ id, hash }: NewContent): ContentRef => ({ id, hash })

/** What goes with a start that does not name its sender. */
export interface UnnamedStart {
  /** his drafts of its form: they say the same as the case, under his name */
  readonly drafts: { readonly person: PersonId; readonly process: string }
  /** the row that says who he is, of a confidential one */
  readonly who: NewContent | null
}

/** A command before it is stored; when it was received is said by the statement that stores it. */
export interface NewCommand {
  readonly id: CommandId
  readonly caseId: CaseId
  readonly kind: MessageKind
  readonly act: string | null
  readonly principal: string
  readonly key: string
  readonly digest: string
  readonly actor: unknown
  readonly payload: unknown
  readonly content: NewContent | null
  /** the task it answers, which goes from its holder's hands to `completing` in the same statement */
  readonly task: { readonly id: TaskId; readonly version: number; readonly holder: PersonId } | null
  /** done by the same statement: at no moment does a draft stand beside the case that it names the sender of */
  readonly unnamed?: UnnamedStart
  /** files that the content names, and who uploaded them: they belong to the answer from then on */
  readonly files?: UsedFiles
  /** of a start: a closed case with which the new one is linked by the same statement */
  readonly continues?: CaseId
  /** of a start: the case that it is about, which may be carrying out what the start appeals */
  readonly aboutCase?: CaseId
}

export type Stored =
  | { readonly stored: true; readonly receivedAt: Instant }
  | { readonly stored: false; readonly why: NotChanged | 'keyUsed' | 'filesUsed' }

/**
 * The lock between commands that are being stored for a case and a term of it that ends. Whoever stores one shares it, and reads the
 * clock only then; a term that looks for answers has it alone. So no command gets a moment before a look that did not find it.
 */
export const RECEIVING = 1301
/**
 * The same between acts that are being stored for all cases of a list, whose cases may be more than a transaction can lock one by one,
 * and terms that look for acts: whoever tells a list has it alone, and looks share it. It is taken after the locks of cases.
 */
export const TELLING_LISTS = 1302

/**
 * Moves the task to `completing` and stores the command and its content in one statement: either all of it is there or none.
 * The task's version stays: a refused command leaves it as the person saw it. The message says when it was received, as the row
 * does. A command that is there already is stored: whoever lost the connection may store the same one again.
 */
export async function storeCommand(db: { readonly sql: Sql }, command: NewCommand): Promise<Stored> {
  const { task } = command
  const inserted = await insertCommand(db, command)
  if (typeof inserted === 'object') return { stored: true, receivedAt: instantFromStored(inserted.receivedAt) }
  const there = await commandById(db, command.id)
  if (there) return { stored: true, receivedAt: instantFromStored(there.receivedAt) }
  if (inserted === 'keyUsed') return { stored: false, why: inserted }

  if (command.files && !(await areFree(db, command.files))) return { stored: false, why: 'filesUsed' }

  return { stored: false, why: task ? await whyNot(db.sql, task.id, task.version, TRANSITIONS.send.from) : 'absent' }
}

async function insertCommand(
  db: { readonly sql: Sql },
  command: NewCommand,
): Promise<'keyUsed' | 'notMoved' | { readonly receivedAt: Date }> {
  const { task, content, unnamed, files, continues } = command
  const usable = files ? Prisma.sql`and ${allFree(files)}` : Prisma.empty
  const from = TRANSITIONS.send.from
  const place = command.kind === 'start' ? ['message', 'receivedAt'] : ['receivedAt']
  try {
    const [row] = await db.sql.rows<{ receivedAt: Date }>`
      with locked as materialized (
        select pg_advisory_xact_lock_shared(${RECEIVING}::int, hashtext(id)) from (values (${command.caseId}::text),
          (${command.aboutCase ?? command.caseId}::text)) about(id)
      ), received as materialized (
        select date_trunc('milliseconds', clock_timestamp()) as at from (select count(*) from locked) had
      ), ${files ? freeFiles(files) : Prisma.empty}moved as (
        update tasks set state = ${TRANSITIONS.send.to}, "stateBefore" = state
        where id = ${task?.id ?? null}::uuid and "caseId" = ${command.caseId}::uuid and version = ${task?.version ?? 0}
          and state = any(${from}::text[]) and "assigneeId" = ${task?.holder ?? null}::uuid ${usable}
        returning id
      ), told as (
        select pg_notify('mansap', json_build_object('topic', 'tasks', 'ids', json_build_array(id))::text) from moved
      ), kept as (
        insert into contents (id, "caseId", body, salt, hash, "createdAt")
        select ${content?.id ?? null}::uuid, ${command.caseId}::uuid, ${JSON.stringify(content?.body ?? null)}::jsonb,
               ${content?.salt ?? ''}, ${content?.hash ?? ''}, received.at
        from received
        where ${content !== null} and (${task === null} or exists (select 1 from moved)) ${usable}
      )${unnamed ? withoutName(command.caseId, unnamed, usable) : Prisma.empty}${
        files ? useFiles(files, { command: command.id, ofTask: task !== null }) : Prisma.empty
      }${continues ? linkedTo(command.caseId, continues, usable) : Prisma.empty}
      insert into commands (id, "caseId", "taskId", kind, act, principal, key, digest, actor, payload, "contentId",
                            "receivedAt", "sentAt", state)
      select ${command.id}::uuid, ${command.caseId}::uuid, ${task?.id ?? null}::uuid, ${command.kind}, ${command.act},
             ${command.principal}, ${command.key}, ${command.digest}, ${JSON.stringify(command.actor)}::jsonb,
             jsonb_set(${JSON.stringify(command.payload)}::jsonb, ${place}::text[],
                       to_jsonb(to_char(received.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))),
             ${content?.id ?? null}::uuid, received.at, now(), 'stored'
      from received
      where (${task === null} or exists (select 1 from told)) ${usable}
      returning "receivedAt"`

    return row ?? 'notMoved'
  } catch (error) {
    if (violatesUnique(error)) return 'keyUsed'
    throw error
  }
}

/**
 * Parts of the statement: forgets the drafts, with every trace that there were any, and keeps the row that says who he is. As every part that
 * writes they do nothing unless its files are `usable`: the command is not stored then.
 */
const withoutName = (
  caseId: CaseId,
  { drafts, who }: UnnamedStart,
  usable: Prisma.Sql,
): Prisma.Sql => Prisma.sql`, forgotten as (
        delete from form_drafts where "personId" = ${drafts.person}::uuid and starts_with(address, ${`start:${drafts.process}:`})
          ${usable}
      ), named as (
        insert into contents (id, "caseId", body, salt, hash, "createdAt")
        select ${who?.id ?? null}::uuid, ${caseId}::uuid, ${JSON.stringify(who?.body ?? null)}::jsonb, ${who?.salt ?? ''}, ${who?.hash ?? ''},
          received.at
        from received where ${who !== null} ${usable}
      )`

/** Part of the statement: the link of a start with the case that it continues. */
const linkedTo = (caseId: CaseId, continued: CaseId, usable: Prisma.Sql): Prisma.Sql => Prisma.sql`, linked as (
        insert into case_links ("fromId", "toId", kind, "madeAt")
        select ${caseId}::uuid, ${continued}::uuid, ${'continues' satisfies LinkKind}, received.at from received
        where true ${usable}
        on conflict do nothing
      )`

interface Row extends Omit<StoredCommand, 'outcome' | 'problem'> {
  readonly outcome: unknown
}
const ROW = Prisma.sql`id, "caseId", "taskId", kind, act, principal, key, digest, payload, "receivedAt", state, outcome`
const stored = (row: Row): StoredCommand => ({
  ...row,
  outcome: row.state === 'done' ? ((row.outcome as MessageOutcome | null) ?? { result: 'done' }) : null,
  problem: row.state === 'refused' ? (row.outcome as Problem) : null,
})

export async function commandByKey(db: Db, principal: string, key: string): Promise<StoredCommand | null> {
  const [row] = await db.sql.rows<Row>`select ${ROW} from commands where principal = ${principal} and key = ${key}`

  return row ? stored(row) : null
}

export async function commandById(db: { readonly sql: Sql }, id: CommandId): Promise<StoredCommand | null> {
  const [row] = await db.sql.rows<Row>`select ${ROW} from commands where id = ${id}::uuid`

  return row ? stored(row) : null
}

/** The command by which somebody started a case. */
export async function startOf(db: Db, caseId: CaseId, principal: PersonId): Promise<StoredCommand | null> {
  const [row] = await db.sql.rows<Row>`
    select ${ROW} from commands where "caseId" = ${caseId}::uuid and kind = 'start' and principal = ${principal} limit 1`

  return row ? stored(row) : null
}

/** The command that is under way for a task, if one is. */
export async function commandOfTask(db: Db, task: TaskId): Promise<CommandId | null> {
  const [row] = await db.sql.rows<{ id: CommandId }>`
    select id from commands where "taskId" = ${task}::uuid and state = 'stored' limit 1`

  return row?.id ?? null
}

/** What came of a command, in the transaction that recorded it. */
export interface SettledCommand {
  readonly id: CommandId
  readonly state: 'done' | 'refused'
  readonly outcome: MessageOutcome | Problem
}

/** Where the draft of what was sent is kept (`drafts.ts`), of a row of `commands`. */
const DRAFT_ADDRESS = Prisma.sql`case commands.kind
  when 'start' then concat_ws(':', 'start', commands.payload #>> '{input,process}', commands.payload #>> '{input,body}')
  when 'act' then concat_ws(':', 'act', commands."caseId", commands.act)
  else concat_ws(':', 'task', commands."taskId", commands.kind) end`

/** What came of a command of the part `written`, as its sender is told it (`Reply`). */
const REPLY = Prisma.sql`case
  when w.state = 'done' then w.outcome
  else jsonb_strip_nulls(jsonb_build_object('result', 'refused', 'errors', w.outcome->'errors', 'reason', coalesce(w.outcome->'reason',
    jsonb_build_object('code', case w.outcome->>'code' when 'caseClosed' then 'case.closed' else 'refused' end)))) end`

/**
 * Part of a statement: stores the reply to each command of a case that the part `written` has settled. To the question for an end the
 * end is the reply, unless it was refused.
 */
const REPLIED = Prisma.sql`replied as (
    insert into commands (id, "caseId", "senderId", kind, principal, key, digest, actor, payload, "receivedAt", state)
    select w.reply, w."senderId", w."caseId", 'reply', 'case:' || w."caseId", 'reply:' || w.id, '',
      jsonb_build_object('case', w."caseId"),
      jsonb_build_object('command', w.reply, 'from', w."caseId", 'of', w.id, 'reply', ${REPLY}), clock_timestamp(), 'stored'
    from (select written.*, gen_random_uuid() as reply from written
      where "senderId" is not null and "listId" is null and (kind in ('start', 'act') or kind = 'awaitEnd' and state = 'refused')) w
  )`

/** Part of a statement: tells whoever opened a list, of those that the part `listed` changed, that all of its cases are over. */
export const LIST_TOLD = Prisma.sql`list_told as (
    insert into commands (id, "caseId", "senderId", kind, principal, key, digest, actor, payload, "receivedAt", state)
    select l.command, l."caseId", l."caseId", 'listEnded', 'case:' || l."caseId", 'over:' || l.id, '',
      jsonb_build_object('case', l."caseId"), jsonb_build_object('command', l.command, 'list', l.id), clock_timestamp(), 'stored'
    from (select listed.*, gen_random_uuid() as command from listed where complete) l
  )`

/** Part of a statement: counts the cases of lists that did not begin, as the part `written` has settled, among those that are over. */
const LISTED = Prisma.sql`listed as (
    update case_lists l set over = l.over + w.n
    from (select "listId", count(*)::int as n from written
      where "listId" is not null and kind = 'start' and (state = 'refused' or outcome->>'result' = 'refused') group by "listId") w
    where l.id = w."listId"
    returning l.id, l."caseId", l.over = l.total as complete
  ), ${LIST_TOLD}`

/**
 * Parts of a statement: write down what came of commands that have no outcome yet, forget the drafts of what was sent (a refused
 * start may be corrected and sent again: its draft stays; the answer of a task ends the drafts of everybody), and
 * give tasks they left `completing` back to their holders: a question was put, or another answer was first. Comes after the
 * statement that closes tasks, whose states it goes by.
 */
export const settling = (commands: readonly SettledCommand[]): Prisma.Sql => Prisma.sql`
  settled as (
    select * from jsonb_to_recordset(${JSON.stringify(commands)}::jsonb) as r(id uuid, state text, outcome jsonb)
    limit ${numeral(commands.length)}
  ), written as (
    update commands set state = settled.state, outcome = settled.outcome, "finishedAt" = now()
    from settled where commands.id = settled.id and commands.state = 'stored'
    returning commands.id, commands."caseId", commands."senderId", commands."listId", commands.kind, commands.principal,
      commands.state, settled.outcome, ${DRAFT_ADDRESS} as address
  ), ${REPLIED}, ${LISTED}, forgotten as (
    update form_drafts set form = null, version = form_drafts.version + 1, writer = ''
    from written
    where form_drafts.address = written.address and written.state = 'done'
      and written.outcome->>'result' is distinct from 'refused'
      and (written.kind = 'complete' or form_drafts."personId"::text = written.principal)
  ), returned as (
    update tasks set state = coalesce("stateBefore", 'reserved'), "stateBefore" = null, version = version + 1
    from commands join settled on settled.id = commands.id
    where tasks.id = commands."taskId" and tasks.state = any(${TRANSITIONS.putBack.from}::text[])
  )`

/** What a command came to outside the transaction that records a step. `gone`: no open workflow hears it, and `problem` says so. */
export type Settlement =
  | { readonly result: 'done'; readonly outcome: MessageOutcome }
  | { readonly result: 'refused' | 'gone'; readonly problem: Problem }

/**
 * Writes down what came of a command that has no outcome yet, and answers it as it is then. A refused one puts its task back
 * where it was. A start whose message never reached its workflow has an outcome all the same: what came of its case.
 */
export async function settleCommand(
  db: Db,
  { id, kind, caseId }: Pick<StoredCommand, 'id' | 'kind' | 'caseId'>,
  settlement: Settlement,
): Promise<StoredCommand | null> {
  const gone = settlement.result === 'gone'
  const begun = gone && kind === 'start' ? await outcomeOfCase(db, caseId) : null
  // a start whose first step failed, ended by hand
  if (gone && kind === 'start' && !begun) await resolveIncident(db.sql, caseId, 'storyFailed')
  const state = begun || settlement.result === 'done' ? 'done' : 'refused'
  const outcome = begun ?? (settlement.result === 'done' ? settlement.outcome : settlement.problem)
  await db.sql.run`
    with written as (
      update commands set state = ${state}, outcome = ${JSON.stringify(outcome)}::jsonb, "finishedAt" = now()
      where id = ${id}::uuid and state = 'stored' and (${!gone || kind === 'start'} or not exists (${UNSTARTED}))
      returning id, "caseId", "senderId", "listId", kind, "taskId", state, outcome
    ), ${REPLIED}, ${LISTED}, back as (
      update tasks set state = coalesce("stateBefore", 'reserved'), "stateBefore" = null
      from written where tasks.id = written."taskId" and written.state = 'refused'
        and tasks.state = any(${TRANSITIONS.putBack.from}::text[])
    )
    select pg_notify('mansap', json_build_object('topic', 'tasks', 'ids', json_build_array("taskId"))::text)
    from written where state = 'refused' and "taskId" is not null`

  return commandById(db, id)
}

/** The start of the command's case, while it has no outcome: who tells a case before it has begun is heard when it has. */
const UNSTARTED = Prisma.sql`
  select 1 from commands s where s."caseId" = commands."caseId" and s.kind = 'start' and s.state = 'stored'`

/** What came of the start of a case, as its row tells it; null when there is no such case. */
async function outcomeOfCase(db: Db, caseId: CaseId): Promise<MessageOutcome | null> {
  const [file] = await db.sql.rows<{ refused: boolean; basis: Reason | null }>`
    select c.basis, c.outcome = 'refused' and exists (
      select 1 from events e where e."caseId" = c.id and e.step = 1 and e.kind in ('caseRefused', 'undoFailed')) as refused
    from cases c where c.id = ${caseId}::uuid`
  if (!file) return null

  // one that was refused after it had begun has ended so: whoever opened it is told of its end
  return file.refused ? { result: 'refused', reason: file.basis ?? { code: 'refused' } } : { result: 'started' }
}

/**
 * Commands of people and of the system without an outcome that were last sent more than `olderThan` seconds ago, marked as sent
 * now: of two API processes each takes its own. Those that waited longest since they were last sent come first, so that some that never succeed do not
 * hold up the others.
 */
export async function takePendingCommands(
  db: Db,
  limit: number,
  olderThan: number,
  only: readonly CaseId[] | null = null,
): Promise<StoredCommand[]> {
  const rows = await db.sql.rows<Row>`
    update commands set "sentAt" = now() where id in (
      select id from commands
      where state = 'stored' and "senderId" is null and coalesce("sentAt", 'epoch') < now() - make_interval(secs => ${olderThan}::int)
        and ${among(only)} and not (${RESTS})
      order by coalesce("sentAt", "receivedAt") limit ${limit} for update skip locked)
    returning ${ROW}`

  return rows.map(stored).sort(byArrival)
}

/** Temporal takes ten Updates of a run at once; people need some of them. */
const AT_ONCE_TO_A_CASE = 4
/** of what is sent by lists: so few that people do not wait for it */
const LISTED_AT_ONCE = 4
/** what all dispatchers lock for the moment in which one of them takes commands between cases */
const TAKING = 0x6d616e73

/**
 * Takes commands that cases send to cases and marks them as sent now. Of what one case sends to another only the first without an
 * outcome, so that the next goes when that has one, whichever process sends it; and no more than four at once to one case. One that
 * was sent before and has no outcome comes again after ten seconds, later each time up to a minute; those never sent come first. Of
 * what is sent by lists four are under way, whoever sends them.
 */
export async function takeLinkedCommands(
  db: Db,
  limit: number,
  only: readonly CaseId[] | null = null,
): Promise<StoredCommand[]> {
  return db.sql.transaction(async (tx) => {
    const [, rows] = await Promise.all([
      tx.run`select pg_advisory_xact_lock(${TAKING}::bigint)`,
      tx.rows<Row>`
        with next as (
          select distinct on ("senderId", "caseId") id, "caseId", seq, "sentAt", "listId" is not null as listed,
            coalesce("sentAt" > now() - least(interval '1 minute', greatest(interval '10 seconds', ("sentAt" - "receivedAt") / 2)),
              false) or (${RESTS}) as flies
          from commands where state = 'stored' and "senderId" is not null order by "senderId", "caseId", seq
        ), placed as (
          select id, "caseId", seq, "sentAt", flies, listed, count(*) filter (where flies) over (partition by "caseId")
            + row_number() over (partition by "caseId", flies order by seq) as place,
            count(*) filter (where flies) over (partition by listed) + row_number() over (partition by listed, flies order by seq) as turn
          from next
        )
        update commands set "sentAt" = now() where id in (
          select id from placed where not flies and ${among(only)} and place <= ${AT_ONCE_TO_A_CASE} and (not listed or turn <= ${LISTED_AT_ONCE}) order by "sentAt" nulls first, seq limit ${limit})
        returning ${ROW}`,
    ])

    return rows.map(stored)
  })
}

/**
 * A command to a case that stands still waits longer each time, up to an hour: each try writes nine events into the history, and
 * at one every few seconds Temporal would end the case within two days. A worker that starts may be the mended one and sends at
 * once (`sendAtOnce`).
 */
const RESTS = Prisma.sql`"sentAt" is not null
  and "sentAt" > now() - least(interval '1 hour', ("sentAt" - "receivedAt") / 2)
  and exists (select 1 from incidents i
    where i."caseId" = commands."caseId" and i.kind = 'storyFailed' and i."resolvedAt" is null)`

/** Lets what was sent to cases that stand still be sent again at once. */
export async function sendAtOnce(db: Db): Promise<void> {
  await db.sql.run`
    update commands set "sentAt" = null where state = 'stored' and exists (select 1 from incidents i
      where i."caseId" = commands."caseId" and i.kind = 'storyFailed' and i."resolvedAt" is null)`
}

const among = (only: readonly CaseId[] | null): Prisma.Sql =>
  only === null ? Prisma.sql`true` : Prisma.sql`"caseId" = any(${[...only]}::uuid[])`
const byArrival = (a: StoredCommand, b: StoredCommand): number => a.receivedAt.getTime() - b.receivedAt.getTime()

/** Commands without an outcome that were last sent more than `olderThan` seconds ago: only looked at. */
export async function pendingCommands(
  db: Db,
  limit: number,
  olderThan: number,
  only: readonly CaseId[] | null = null,
): Promise<StoredCommand[]> {
  const rows = await db.sql.rows<Row>`
    select ${ROW} from commands
    where state = 'stored' and coalesce("sentAt", "receivedAt") < now() - make_interval(secs => ${olderThan}::int) and ${among(only)}
    order by "receivedAt" limit ${limit}`

  return rows.map(stored)
}

/** How long the same key gets the same answer. */
export const KEYS_KEPT_DAYS = 30
const FORGOTTEN = 'forgotten:'

/**
 * Forgets the keys and digests of commands that came before the promise of 30 days; who sent what, when, and what came of it stays.
 * Commands without an outcome keep theirs, and so do those of the clock: a day may be asked for again at any time. Answers how many
 * were forgotten, at most `limit`.
 */
export async function forgetKeys(db: Db, now: number, limit = 5000): Promise<number> {
  const before = new Date(now - KEYS_KEPT_DAYS * 24 * 60 * 60 * 1000)

  return db.sql.run`
    update commands set key = ${FORGOTTEN} || id, digest = '' where id in (
      select id from commands
      where state in ('done', 'refused') and "receivedAt" < ${before} and not starts_with(key, ${FORGOTTEN}) and principal <> 'clock'
      limit ${limit})`
}

/**
 * The statement that asks every open case, or those of one body, to compute its terms anew. Of a body are those whose past days it
 * counts too; a case with a handover under way may just have asked for the calendar of any.
 */
export const recomputing = (body: string | null): Prisma.Sql => Prisma.sql`
  insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
  select made.id, made.case, 'recompute', 'system', made.id::text, '', '{}'::jsonb,
         jsonb_build_object('command', made.id), clock_timestamp(), 'stored'
  from (select gen_random_uuid() as id, id as case from cases
        where status = 'open' and (${body}::text is null or "bodyKey" = ${body}
          or "formerBodies" @> jsonb_build_array(jsonb_build_object('body', ${body}::text))
          or exists (select 1 from commands k where k."caseId" = cases.id and k.state = 'stored' and k.act = 'handOver'))) made`

/** Asks every open case, or those of one body, to compute its terms anew; sent by the same loop as what people send. */
export const storeRecompute = (db: Db, body: string | null): Promise<number> => db.sql.run`${recomputing(body)}`

/** Two who find the same at the same moment tell it once. */
const TELL_ELIGIBLE = 7_236_403

/** Tells cases who may do their tasks by the register, each in one command; not a case that has one of these without an outcome. */
export async function storeEligible(
  db: Db,
  cases: readonly ({ readonly case: CaseId } & Required<Pick<Messages['eligible'], 'tasks' | 'body'>>)[],
  at: Instant,
): Promise<number> {
  if (cases.length === 0) return 0

  return db.sql.transaction(async (tx) => {
    await tx.run`select pg_advisory_xact_lock(${TELL_ELIGIBLE}::bigint)`

    return tx.run`
      insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", state)
      select made.id, made."case", 'eligible', 'system', made.id::text, '', '{}'::jsonb,
             jsonb_build_object('command', made.id, 'tasks', made.tasks, 'body', made.body), ${at}::timestamptz, 'stored'
      from (select gen_random_uuid() as id, r."case", r.tasks, r.body
            from jsonb_to_recordset(${JSON.stringify(cases)}::jsonb) as r("case" uuid, tasks jsonb, body text)) made
      where not exists (
        select 1 from commands k where k."caseId" = made."case" and k.state = 'stored' and k.kind = 'eligible')`
  })
}
