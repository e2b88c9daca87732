/**
 * What nobody may change once it is written, beside what else knows of it: entries of the audit trail beside the history of the
 * workflow, contents beside their hashes, decisions beside the commands that people sent.
 */
import type { By, CaseId, ContentRef } from '../../workflows/kernel/contract'
import type { Step } from '../../workflows/kernel/protocol/step'
import { canonical, sha256 } from './canonical'
import { eventOf } from './casefile'
import { Prisma, type Db } from './db'

/** What is wrong in one case, as a person reads it. */
export interface TrailFault {
  readonly case: CaseId
  readonly number: string | null
  readonly says: string
}

const among = (column: string, only: readonly CaseId[] | null): Prisma.Sql =>
  only === null ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = any(${[...only]}::uuid[])`

// ------------------------------------------------------------------ decisions without a command

/**
 * Decisions in the file for which nobody has sent a command: whatever people decide is stored before it is sent, so that these came
 * by another way. A decision is known by its content.
 */
export async function decisionsWithoutCommand(
  db: Db,
  limit: number,
  only: readonly CaseId[] | null = null,
): Promise<TrailFault[]> {
  const rows = await db.sql.rows<{ case: CaseId; number: string; what: string; of: string }>`
    with decided as (
      select "caseId" as case, 'answer to task' as what, id::text as of, "answerContentId"::text as content
      from tasks where "answerContentId" is not null and ${among('"caseId"', only)}
      union all
      select "caseId", 'question', id::text, "contentId"::text
      from tasks where "questionOf" is not null and ${among('"caseId"', only)}
      union all
      select "caseId", case kind when 'actPerformed' then 'act' when 'memberRecused' then 'withdrawal of a member'
        when 'addedAfterEnd' then 'addition' else 'answer to task' end,
        coalesce(params ->> 'act', params ->> 'added', "taskId"::text), coalesce(params ->> 'content', params -> 'commitment' ->> 'id')
      from events where kind in ('actPerformed', 'memberRecused', 'taskCompleted', 'addedAfterEnd') and ${among('"caseId"', only)}
        and coalesce(params ->> 'content', params -> 'commitment' ->> 'id') is not null
    )
    select distinct d.case, c.number, d.what, d.of from decided d join cases c on c.id = d.case
    where not exists (
      select 1 from commands m where m."caseId" = d.case and m."contentId"::text = d.content and m.state <> 'refused')
    union all
    select c.id, c.number, 'start', c.process from cases c
    where ${among('c.id', only)} and not exists (
      select 1 from commands m where m."caseId" = c.id and m.kind = 'start' and m.state <> 'refused')
    order by 1, 3, 4 limit ${limit}`

  return rows.map(({ case: id, number, what, of }) => ({
    case: id,
    number,
    says: `the ${what} ${of} is in the file, and nobody has sent a command for it`,
  }))
}

// ------------------------------------------------------------------ contents

/** Contents of these cases that are not what their own hash says, or not what the command says that brought them. */
export async function changedContents(db: Db, cases: readonly CaseId[]): Promise<TrailFault[]> {
  const rows = await db.sql.rows<{
    case: CaseId
    number: string | null
    id: string
    body: unknown
    salt: string
    hash: string
    sent: string | null
  }>`
    select k."caseId" as case, c.number, k.id, k.body, k.salt, k.hash,
      coalesce(m.payload -> 'content' ->> 'hash', m.payload -> 'message' -> 'content' ->> 'hash') as sent
    from contents k left join cases c on c.id = k."caseId"
    left join commands m on m."contentId" = k.id and m."caseId" = k."caseId"
    where k."caseId" = any(${[...cases]}::uuid[])
      and not exists (select 1 from documents d where d."contentId" = k.id) order by k.id`

  return rows
    .filter(({ body, salt, hash, sent }) => sha256(salt + canonical(body)) !== hash || (sent !== null && sent !== hash))
    .map(({ case: id, number, id: content }) => ({
      case: id,
      number,
      says: `the content ${content} is not what was sent`,
    }))
}

// ------------------------------------------------------------------ beside the history

interface Entry {
  readonly seq: number
  readonly step: number
  readonly kind: string
  readonly at: Date
  readonly on: string
  readonly actorId: string | null
  /** who acted, where it is no person */
  readonly by: By | null
  readonly capacity: string | null
  readonly taskId: string | null
  readonly params: unknown
}

/** Who acted, where it is no person, as a step says it. */
const BY = Prisma.sql`case "actorKind" when 'person' then null when 'case' then jsonb_build_object('case', "actorCase")
  else to_jsonb("actorKind") end`

/** One spelling of an entry, whether a row or a history says it. */
const spelled = (entry: Omit<Entry, 'seq' | 'at'> & { readonly at: Date | string }): string =>
  canonical({
    step: entry.step,
    kind: entry.kind,
    at: new Date(entry.at).toISOString(),
    on: entry.on,
    actorId: entry.actorId,
    by: entry.by,
    capacity: entry.capacity,
    taskId: entry.taskId,
    params: entry.params,
  })

const entriesOf = (step: Step): string[] =>
  step.events.map((event) => {
    const { actor, by = null, task, params, ...rest } = eventOf(step, event)

    return spelled({ ...rest, step: step.n, actorId: actor, by, taskId: task, params })
  })

/**
 * What the audit trail of a case and its contents say otherwise than its history: `steps` are all that the workflow has recorded. A
 * step that is not written yet is no fault of the trail. Entries that no step has made (somebody took up a task) are in no history.
 */
export async function unlikeHistory(db: Db, caseId: CaseId, steps: readonly Step[]): Promise<string[]> {
  const { entries, noted, closed, hashes } = await db.sql.transaction(async (tx) => {
    const of = Prisma.sql`where "caseId" = ${caseId}::uuid`
    const [file] = await tx.rows<{ status: string }>`select status from cases where id = ${caseId}::uuid`

    return {
      entries: await tx.rows<Entry>`
        select seq, step, kind, at, "on", "actorId", ${BY} as by, capacity, "taskId", params
        from events ${of} and step is not null order by seq`,
      noted: new Set((await tx.rows<{ n: number }>`select n from steps ${of}`).map(({ n }) => n)),
      closed: file?.status === 'closed',
      hashes: new Map(
        (await tx.rows<{ id: string; hash: string }>`select id, hash from contents ${of}`).map(({ id, hash }) => [
          id,
          hash,
        ]),
      ),
    }
  }, 'asOfOneMoment')
  const said: string[] = []
  const held = new Map<string, number>()
  for (const entry of entries) held.set(spelled(entry), (held.get(spelled(entry)) ?? 0) + 1)
  for (const step of steps) {
    for (const [i, entry] of entriesOf(step).entries()) {
      const count = held.get(entry) ?? 0
      if (count > 0) held.set(entry, count - 1)
      else if (closed || noted.has(step.n))
        said.push(
          `the audit trail lacks ${step.events[i]?.kind ?? ''} of step ${String(step.n)}, which the history has`,
        )
    }
    for (const { id, hash } of contentsOf(step))
      if (hashes.has(id) && hashes.get(id) !== hash) said.push(`the content ${id} is not the one of the history`)
  }
  for (const entry of entries) {
    const left = held.get(spelled(entry)) ?? 0
    if (left === 0) continue
    held.set(spelled(entry), left - 1)
    said.push(`entry ${String(entry.seq)} of the audit trail, ${entry.kind}, is in no history`)
  }

  return said
}

/** Contents that a step names. */
const contentsOf = (step: Step): ContentRef[] =>
  [...step.closed.map(({ answer }) => answer?.content ?? null), ...step.tasks.map(({ content }) => content)].filter(
    (content) => content !== null,
  )
