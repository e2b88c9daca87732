/** What a case sends to other cases: links and commands, written with the step that sends them. No other case is locked for it. */
import {
  handedOut,
  LINK_PARTS,
  type CaseId,
  type CommandId,
  type Fact,
  type KernelReason,
  type LinkedEnd,
  type LinkKind,
  type ListId,
} from '../../workflows/kernel/contract'
import { factsOf, fieldErrors, namedIn, type NamedInForm } from '../../workflows/kernel/forms'
import { caseToday, millis } from '../../workflows/kernel/law/case-clock'
import type { Named } from '../../workflows/kernel/protocol/messages'
import type { Problem } from '../../workflows/kernel/protocol/problem'
import type { About, Process, Processes } from '../../workflows/kernel/process'
import { caseInput, realClock, type Place } from '../../workflows/kernel/start'
import type { Step, StepSend } from '../../workflows/kernel/protocol/step'
import { annulledSql } from './annulments'
import {
  commandById,
  LIST_TOLD,
  newContent,
  RECEIVING,
  TELLING_LISTS,
  refOf,
  settleCommand,
  settling,
  type NewContent,
  type SettledCommand,
  type Settlement,
  type StoredCommand,
} from './commands'
import { Prisma, type Db, type Sql } from './db'
import { ownedFactsOf, type ProcessStores } from './process-store'
import { actingDay, factsOfNamed } from './register-facts'
import { askInSetWithin } from './register-in-set'
import { KEEPER } from './register-sight'

export type Start = Extract<StepSend, { readonly kind: 'start' }>

/** The case that sends, as far as what it sends depends on it. */
export type Sending = Pick<Step, 'case' | 'body' | 'clock' | 'rehearsal' | 'setBody'>

/** The processes whose cases may be opened, and what they own in the store. */
export interface Served {
  readonly processes: Processes
  readonly stores?: ProcessStores
}

/** A row of `commands` to be; the statement adds when it was received, and what the sender is to the case that is told. */
export interface SentRow {
  readonly id: CommandId
  readonly caseId: CaseId
  readonly kind: 'start' | 'act' | 'awaitEnd' | 'caseEnded'
  readonly act: string | null
  readonly key: string
  readonly listId: ListId | null
  readonly payload: object
  /** where in the payload its moment stands */
  readonly receivedAt: readonly string[]
  readonly content: NewContent | null
}

/**
 * Stores what a step sends, in its order, after everything else of the step and alone: the register may be asked as a set of rehearsals has
 * left it, and whatever was written meanwhile would be taken back with that. The dispatcher sends it once the step is committed. A start
 * that cannot be made (its process is not served, its body is unknown, its form is refused) has that outcome at once, and its sender is told
 * like of any other.
 */
export async function writeSends(tx: Sql, step: Step, served: Served): Promise<void> {
  const { sends = [], links = [] } = step
  if (links.length > 0) await writeLinks(tx, step.case, links)
  if (sends.length === 0) return
  const starts = sends.filter((send) => send.kind === 'start')
  const read = await readStarts(tx, step, starts, served, millis(step.at))
  const refused: SettledCommand[] = []
  const rows = sends.flatMap((send): SentRow[] => {
    switch (send.kind) {
      case 'overInList':
      case 'actEach':
        return []
      case 'start': {
        const made = read
          .filter(({ start }) => start === send)
          .map((each) => startRow(step, each, { key: send.command }))
        refused.push(...made.flatMap((each) => each.refused ?? []))

        return made.map(({ row }) => row)
      }
      case 'act':
        return [actRow(step.case, send)]
      case 'awaitEnd':
        return [plainRow(send, { actor: { case: step.case, parts: [] } })]
      case 'caseEnded':
        return [plainRow(send, { case: step.case, ...send.ended })]
    }
  })
  await Promise.all([
    starts.length > 0 && writeLinks(tx, step.case, starts.map(openedLink)),
    rows.length > 0 && writeCommands(tx, step.case, rows),
    refused.length > 0 && tx.run`with ${settling(refused)} select 1`,
    ...sends.map((send) => {
      if (send.kind === 'actEach') return tellList(tx, step.case, send)

      return send.kind === 'overInList' && overInList(tx, send.list)
    }),
  ])
}

/** A start whose form was read: what it is about, where it lives, what the register says of those it names, or why it cannot be made. */
export interface ReadStart {
  readonly start: Start
  readonly process: Process | null
  readonly about: About
  readonly form: Fact
  /** absent: the register does not have the body */
  readonly home?: Home
  readonly named?: Named
  readonly errors: Readonly<Record<string, string>> | null
}

/**
 * Reads starts by the forms of their processes and by the register, as the sender's set of rehearsals has left it; their rules are asked by
 * the cases themselves.
 */
export async function readStarts(
  tx: Sql,
  from: Sending,
  starts: readonly Start[],
  { processes, stores }: Served,
  now: number,
): Promise<ReadStart[]> {
  if (starts.length === 0) return []
  const read = starts.map((start) => readStart(start, processes))
  const homes = await homesOf(tx, from, read)
  const on = caseToday(from.clock, now)
  const readAll = () =>
    Promise.all(
      read.map(async ({ names, ...each }): Promise<ReadStart> => {
        const home = homes.get(each.start.command)
        const subject = each.about.person ?? null
        const found =
          names &&
          (await factsOfNamed({ sql: tx }, names, {
            ...{ on, today: actingDay(now), subject, owned: ownedFactsOf({ processes, stores }, each.start.process) },
            by: KEEPER,
          }))
        const named = found && { people: found.people, positions: found.positions }

        return { ...each, ...(home && { home }), ...(named && { named }), errors: each.errors ?? found?.errors ?? null }
      }),
    )

  return askInSetWithin(tx, stores ?? {}, { rehearsal: from.rehearsal, setBody: from.setBody ?? from.body }, readAll)
}

type Read = Omit<ReadStart, 'home' | 'named'> & { readonly names: NamedInForm | null }

function readStart(start: Start, processes: Processes): Read {
  const process = processes.current[start.process] ?? null
  const parsed = process?.forms.start.safeParse(start.form, { reportInput: true })
  const unread = { start, about: {}, form: null, names: null }
  if (!process || !parsed) return { ...unread, process: null, errors: null }
  if (!parsed.success) return { ...unread, process, errors: fieldErrors(parsed.error) }
  const form = factsOf(process.forms.start, parsed.data)
  const names = namedIn(process.forms.start, parsed.data)

  return { start, process, about: process.aboutOf(form, null), form, names, errors: null }
}

/** Where a case lives. `otherSet`: the case that it is about is in another set of rehearsals, or one of the two is real. */
export interface Home extends Place {
  readonly otherSet: boolean
}

/** Where such cases live, by their command; one whose body the register does not have is left out. */
async function homesOf(
  tx: Sql,
  { rehearsal }: Pick<Sending, 'rehearsal'>,
  starts: readonly Read[],
): Promise<ReadonlyMap<CommandId, Home>> {
  const asked = starts.map(({ start, about }) => ({ ...about, command: start.command, otherwise: start.body }))
  const rows = await tx.rows<Home & { command: CommandId }>`
    select a.command, c.id is not null and c.rehearsal is distinct from ${rehearsal}::text as "otherSet", b.key as body, r.timezone as zone, b."weekProfile" as profile
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as a(command uuid, position uuid, body text, "case" uuid, otherwise text)
    left join positions o on o.id = a.position left join cases c on c.id = a."case"
    join state_bodies b on b.key = case when a.position is not null then o."bodyKey" when a.body is not null then a.body
      when a."case" is not null then c."bodyKey" else a.otherwise end
    join regions r on r.key = b."regionKey"`

  return new Map(rows.map(({ command, ...home }) => [command, home]))
}

/** A row of what nobody wrote, and of which nobody asks when it was received. */
const plainRow = (
  { command: id, case: caseId, kind }: { command: CommandId; case: CaseId; kind: SentRow['kind'] },
  message: object,
): SentRow => ({
  ...{ id, caseId, kind, act: null, key: id, listId: null, receivedAt: [], content: null },
  payload: { command: id, ...message },
})

/** An act that a case tells another. */
export function actRow(
  from: CaseId,
  { command, case: caseId, act, form }: { command: CommandId; case: CaseId; act: string; form: Fact },
): SentRow {
  const content = newContent(form)
  const actor = { case: from, parts: [] }

  return {
    ...{ id: command, caseId, kind: 'act', act, key: command, listId: null },
    payload: { command, actor, content: refOf(content), act, form, people: {} },
    ...{ receivedAt: ['receivedAt'], content },
  }
}

/** The outcome of a start that cannot be made, as it is stored. */
export const refusedStart = (id: CommandId, code: KernelReason, more: object = {}): SettledCommand => ({
  id,
  state: 'refused',
  outcome: { type: 'about:blank', title: code, status: 422, code, reason: { code }, ...more },
})

/** The start of a case by another, and why it cannot be made, if so. */
export function startRow(
  from: Sending,
  { start, process, about, errors, form, named, home: place }: ReadStart,
  { list = null, key }: { readonly list?: ListId | null; readonly key: string },
): { readonly row: SentRow; readonly refused: SettledCommand | null } {
  const { command, case: caseId, as } = start
  const content = newContent(start.form)
  const actor = { case: from.case, parts: [LINK_PARTS.opened.from] }
  const input =
    process && place
      ? {
          ...caseInput({
            ...{ case: caseId, process, body: place.body, about, form, startedBy: actor, rehearsal: from.rehearsal },
            ...(named && { named }),
            clock: { ...realClock(place, 0), speed: from.clock.speed, base: from.clock.base },
          }),
          ...(from.rehearsal !== null && { setBody: from.setBody ?? from.body }),
          content: refOf(content),
          openedBy: { case: from.case, as, ...(list && { list }) },
        }
      : null
  const refuse = (code: KernelReason, more: object = {}): SettledCommand => refusedStart(command, code, more)
  const refused = !process
    ? refuse('open.notServed')
    : errors
      ? refuse('form.invalid', { errors })
      : place === undefined
        ? refuse('open.unknownBody')
        : place.otherSet
          ? refuse('open.otherSet')
          : null
  const row: SentRow = {
    ...{ id: command, caseId, kind: 'start', act: null, key, listId: list },
    payload: { input, message: { command, actor, content: refOf(content) } },
    ...{ receivedAt: ['message', 'receivedAt'], content },
  }

  return { row, refused }
}

/** A link from a case to another. */
interface Link {
  readonly kind: LinkKind
  readonly to: CaseId
  /** name under which the contract opens the other */
  readonly as?: string
}

export const openedLink = ({ case: to, as }: Pick<Start, 'case' | 'as'>): Link => ({ kind: 'opened', to, as })

/** Notes which cases a case has to do with. */
export async function writeLinks(tx: Sql, from: CaseId, links: readonly Link[]): Promise<void> {
  await tx.run`
    insert into case_links ("fromId", "toId", kind, "as", "madeAt")
    select ${from}::uuid, r."to", r.kind, r."as", clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as r("to" uuid, kind text, "as" text)`
}

/** Whether no workflow hears the command because its case is closed, or just closing. */
const meansClosed = (settlement: Settlement): boolean =>
  settlement.result === 'gone' || (settlement.result === 'refused' && settlement.problem.reason?.code === 'case.closed')

/**
 * Writes down what came of the question for the end of a case, as `settleCommand` does. A closed case does not answer any more: its
 * row says how it ended, and that is told in the same statement. One that is just closing is asked again when its row says it.
 */
export async function settleAwaitEnd(
  db: Db,
  processes: Processes,
  command: Pick<StoredCommand, 'id' | 'kind' | 'caseId'>,
  settlement: Settlement,
): Promise<StoredCommand | null> {
  // whatever else refuses it, or keeps it from being heard, does not end the other case: it is asked again
  if (!meansClosed(settlement))
    return isNotLinked(settlement) ? settleCommand(db, command, settlement) : commandById(db, command.id)
  const ended = await endOf(db, processes, command)
  if (!ended) {
    if (settlement.result !== 'gone') return commandById(db, command.id)

    return settleCommand(db, command, { ...settlement, problem: (await whyNotMade(db, command)) ?? settlement.problem })
  }
  await db.sql.run`
    with written as (
      update commands set state = 'done', outcome = '{"result": "done"}', "finishedAt" = now()
      where id = ${command.id}::uuid and state = 'stored'
      returning id, "caseId", "senderId", gen_random_uuid() as told
    )
    insert into commands (id, "caseId", "senderId", kind, principal, key, digest, actor, payload, "receivedAt", state)
    select told, "senderId", "caseId", 'caseEnded', 'case:' || "caseId", 'ended:' || id, '', jsonb_build_object('case', "caseId"),
      jsonb_build_object('command', told, 'case', "caseId") || ${JSON.stringify(ended)}::jsonb, clock_timestamp(), 'stored'
    from written`

  return commandById(db, command.id)
}

/** Why the start of a case could not be made, for whoever is linked with it. */
async function whyNotMade(db: Db, { id }: Pick<StoredCommand, 'id'>): Promise<Problem | null> {
  const [start] = await db.sql.rows<{ problem: Problem }>`
    select s.outcome as problem from commands k join commands s on s."caseId" = k."caseId" and s.kind = 'start' and s.state = 'refused'
    where k.id = ${id}::uuid and k.payload #> '{actor,parts}' <> '[]'`

  return start?.problem ?? null
}

const isNotLinked = (settlement: Settlement): boolean =>
  settlement.result === 'done' || settlement.problem.reason?.code === 'policy.notLinked'

/** How a closed case ended, as whoever asked may know it; null: it is open, there is none, or the two are not linked. */
async function endOf(
  db: Db,
  processes: Processes,
  { id, caseId }: Pick<StoredCommand, 'id' | 'caseId'>,
): Promise<LinkedEnd | null> {
  const [row] = await db.sql.rows<
    Pick<LinkedEnd, 'end' | 'basis' | 'on'> & { process: string; version: number; facts: object; annulled: boolean }
  >`
    select c.outcome as "end", c.basis, c."closedOn"::text as "on", c.process, c.version, c.facts,
      ${annulledSql(Prisma.sql`c`)} as annulled
    from cases c join commands k on k.id = ${id}::uuid and k.payload #> '{actor,parts}' <> '[]'
    where c.id = ${caseId}::uuid and c.status = 'closed'`
  if (!row) return null
  const { process, version, facts, annulled, ...ended } = row
  const told = handedOut(processes.of(process, version)?.contract ?? {}, facts)

  return { ...ended, facts: told, ...(annulled && { annulled }) }
}

/** What the sender is to the case that it tells, by the links between them. */
const PARTS = Prisma.sql`(
  select coalesce(jsonb_agg(part), '[]') from (
    select (${JSON.stringify(LINK_PARTS)}::jsonb)->l.kind->>'from' as part from case_links l
    where l."fromId" = r."senderId" and l."toId" = r."caseId"
    union select (${JSON.stringify(LINK_PARTS)}::jsonb)->l.kind->>'to' from case_links l
    where l."fromId" = r."caseId" and l."toId" = r."senderId") p)`

const MOMENT = Prisma.sql`to_jsonb(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`

/** Stores commands in the order given. Their moment is Postgres's own, as that of all commands. */
export async function writeCommands(tx: Sql, from: CaseId, rows: readonly SentRow[]): Promise<void> {
  const sent = rows.map((row, n) => ({ ...row, n, senderId: from }))
  // as everything that is received by a case that may have a term; one that is only being started has none
  const told = [...new Set(rows.flatMap(({ kind, caseId }) => (kind === 'start' ? [] : [caseId])))].sort()
  await tx.run`
    with locked as materialized (
      select pg_advisory_xact_lock_shared(${RECEIVING}::int, hashtext(told::text)) from unnest(${told}::uuid[]) told
    ), r as materialized (
      select r.*, clock_timestamp() as at
      from (select count(*) from locked) l, jsonb_to_recordset(${JSON.stringify(sent)}::jsonb) as r(n int, id uuid, "caseId" uuid, "senderId" uuid, kind text, act text,
        key text, "listId" uuid, payload jsonb, "receivedAt" text[], content jsonb)
    ), kept as (
      insert into contents (id, "caseId", body, salt, hash, "createdAt")
      select (content->>'id')::uuid, "caseId", content->'body', content->>'salt', content->>'hash', at
      from r where content is not null
    )
    insert into commands (id, "caseId", "senderId", "listId", kind, act, principal, key, digest, actor, payload, "contentId",
      "receivedAt", state)
    select id, "caseId", "senderId", "listId", kind, act, 'case:' || "senderId", key, '', jsonb_build_object('case', "senderId"),
      case when kind in ('act', 'awaitEnd') then jsonb_set(timed, '{actor,parts}', ${PARTS}) else timed end,
      (content->>'id')::uuid, at, 'stored'
    from (select r.*, case when "receivedAt" = '{}' then payload else jsonb_set(payload, "receivedAt", ${MOMENT}) end as timed
      from r) r order by n`
}

/** Stores an act for each case of a list that is not over. All have one content row: what they are told is the same. After `writeCommands`, which locks cases. */
export async function tellList(
  tx: Sql,
  from: CaseId,
  { command, list, act, form }: Extract<StepSend, { readonly kind: 'actEach' }>,
): Promise<void> {
  const { payload, content } = actRow(from, { command, case: from, act, form })
  // a statement of its own: the clock is read only then
  await tx.run`select pg_advisory_xact_lock(${TELLING_LISTS}::bigint)`
  await tx.run`
    with kept as (
      insert into contents (id, "caseId", body, salt, hash, "createdAt")
      select (c->>'id')::uuid, ${from}::uuid, c->'body', c->>'salt', c->>'hash', now() from (select ${JSON.stringify(content)}::jsonb as c) c
    )
    insert into commands (id, "caseId", "senderId", "listId", kind, act, principal, key, digest, actor, payload, "contentId",
      "receivedAt", state)
    select id, "caseId", ${from}::uuid, ${list}::uuid, 'act', ${act}, 'case:' || ${from}, ${command} || ':' || "caseId", '',
      jsonb_build_object('case', ${from}::text),
      jsonb_set(${JSON.stringify(payload)}::jsonb, '{actor,parts}', ${JSON.stringify([LINK_PARTS.opened.from])}::jsonb)
        || jsonb_build_object('command', id, 'receivedAt', ${MOMENT}),
      ${content?.id}::uuid, at, 'stored'
    from (
      select gen_random_uuid() as id, s."caseId", clock_timestamp() as at
      from commands s left join cases c on c.id = s."caseId"
      where s."listId" = ${list}::uuid and s.kind = 'start' and s.state <> 'refused' and coalesce(c.status, 'open') = 'open'
      order by s.seq) told`
}

/** One fewer of a list is not over; with the last, whoever opened the list is told. */
async function overInList(tx: Sql, list: ListId): Promise<void> {
  await tx.run`
    with listed as (
      update case_lists set over = over + 1 where id = ${list}::uuid
      returning id, "caseId", over = total as complete
    ), ${LIST_TOLD}
    select 1`
}
