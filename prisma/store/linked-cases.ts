/** What a case sends to other cases: links and commands, written with the step that sends them. No other case is locked for it. */
import { randomUUID } from 'node:crypto'
import { LINK_PARTS, type CommandId, type ContentId, type KernelReason } from '../../workflows/kernel/contract'
import { factsOf, fieldErrors } from '../../workflows/kernel/forms'
import type { Processes } from '../../workflows/kernel/process'
import type { CaseInput } from '../../workflows/kernel/protocol/messages'
import type { Step, StepSend } from '../../workflows/kernel/protocol/step'
import { sealed } from './canonical'
import { settling, type SettledCommand } from './commands'
import { Prisma, type Sql } from './db'

type Start = Extract<StepSend, { readonly kind: 'start' }>

/** A row of `commands` to be; the statement adds when it was received, and what the sender is to the case that is told. */
interface Row {
  readonly id: CommandId
  readonly caseId: string
  readonly kind: StepSend['kind']
  readonly act: string | null
  readonly payload: object
  /** where in the payload its moment stands */
  readonly receivedAt: readonly string[]
  readonly content: {
    readonly id: ContentId
    readonly body: unknown
    readonly salt: string
    readonly hash: string
  } | null
}

/** Where and when the opened case lives: the clock of the opener, in the zone and by the week of its own body. */
interface Home {
  readonly key: string
  readonly zone: string
  readonly profile: CaseInput['clock']['profile']
}

/**
 * Stores what a step sends, in its order; the dispatcher sends it once the step is committed. A start that cannot be made (its process
 * is not served, its body is unknown, its form is refused) has that outcome at once, and its sender is told like of any other.
 */
export async function writeSends(tx: Sql, step: Step, processes: Processes | undefined): Promise<void> {
  const { sends = [] } = step
  if (sends.length === 0) return
  if (!processes) throw new Error(`case ${step.case} opens others, and nobody says which processes are served`)
  const starts = sends.filter((send) => send.kind === 'start')
  const homes = starts.length > 0 ? await homesOf(tx, starts) : []
  const refused: SettledCommand[] = []
  const rows = sends.map((send): Row => {
    if (send.kind !== 'start') return rowOf(step, send)
    const made = startOf(step, send, processes, homes)
    if (made.refused) refused.push(made.refused)

    return made.row
  })
  await Promise.all([
    starts.length > 0 && writeLinks(tx, step, starts),
    writeCommands(tx, step, rows),
    refused.length > 0 && tx.run`with ${settling(refused)} select 1`,
  ])
}

const homesOf = (tx: Sql, starts: readonly Start[]): Promise<Home[]> => tx.rows<Home>`
  select b.key, r.timezone as zone, b."weekProfile" as profile
  from state_bodies b join regions r on r.key = b."regionKey" where b.key = any(${starts.map((send) => send.about.body)}::text[])`

/** A content row of what is sent, as of everything that people send. */
const contentOf = (body: unknown): NonNullable<Row['content']> => ({
  id: randomUUID() as ContentId,
  body,
  ...sealed(body),
})

function rowOf(step: Step, send: Exclude<StepSend, Start>): Row {
  const { command, case: caseId, kind } = send
  const of = { id: command, caseId, kind }
  if (kind === 'caseEnded')
    return { ...of, act: null, payload: { command, case: step.case, ...send.ended }, receivedAt: [], content: null }
  const { act, form } = send
  const content = contentOf(form)
  const payload = {
    command,
    actor: { case: step.case, parts: [] },
    content: { id: content.id, hash: content.hash },
    act,
    form,
    people: {},
  }

  return { ...of, act, payload, receivedAt: ['receivedAt'], content }
}

/** The start of a case by another, and why it cannot be made, if so. */
function startOf(
  step: Step,
  send: Start,
  processes: Processes,
  homes: readonly Home[],
): { readonly row: Row; readonly refused: SettledCommand | null } {
  const { command, case: caseId, kind, as, about } = send
  const process = processes.current[send.process]
  const home = homes.find(({ key }) => key === about.body)
  const parsed = process?.forms.start.safeParse(send.form, { reportInput: true })
  const content = contentOf(send.form)
  const kept = { id: content.id, hash: content.hash }
  const actor = { case: step.case, parts: [LINK_PARTS.opened.from] }
  const input: CaseInput = {
    case: caseId,
    process: send.process,
    version: process?.contract.version ?? 0,
    body: about.body,
    subject: about.subject,
    position: about.position,
    clock: { ...step.clock, ...(home && { zone: home.zone, profile: home.profile }) },
    rehearsal: step.rehearsal,
    startedBy: actor,
    form: process && parsed?.success ? factsOf(process.forms.start, parsed.data) : null,
    content: kept,
    openedBy: { case: step.case, as },
  }
  const payload = { input, message: { command, actor, content: kept } }
  const refuse = (code: KernelReason, more: object = {}): SettledCommand => ({
    id: command,
    state: 'refused',
    outcome: { type: 'about:blank', title: code, status: 422, code, reason: { code }, ...more },
  })
  const refused = !process
    ? refuse('open.notServed')
    : !home
      ? refuse('open.unknownBody')
      : parsed?.success
        ? null
        : refuse('form.invalid', { errors: parsed ? fieldErrors(parsed.error) : {} })

  return {
    row: { id: command, caseId, kind, act: null, payload, receivedAt: ['message', 'receivedAt'], content },
    refused,
  }
}

async function writeLinks(tx: Sql, step: Step, starts: readonly Start[]): Promise<void> {
  const links = starts.map((send) => ({ to: send.case, as: send.as }))
  await tx.run`
    insert into case_links ("fromId", "toId", kind, "as", "madeAt")
    select ${step.case}::uuid, r."to", 'opened', r."as", ${step.at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as r("to" uuid, "as" text)`
}

/** What the sender is to the case that it tells, by the links between them. */
const PARTS = Prisma.sql`(
  select coalesce(jsonb_agg(part), '[]') from (
    select (${JSON.stringify(LINK_PARTS)}::jsonb)->l.kind->>'from' as part from case_links l
    where l."fromId" = r."senderId" and l."toId" = r."caseId"
    union select (${JSON.stringify(LINK_PARTS)}::jsonb)->l.kind->>'to' from case_links l
    where l."fromId" = r."caseId" and l."toId" = r."senderId") p)`

/** Stores commands in the order given. Their moment is Postgres's own, as that of all commands. */
async function writeCommands(tx: Sql, step: Step, rows: readonly Row[]): Promise<void> {
  const sent = rows.map((row, n) => ({ ...row, n, senderId: step.case }))
  await tx.run`
    with r as materialized (
      select r.*, clock_timestamp() as at
      from jsonb_to_recordset(${JSON.stringify(sent)}::jsonb) as r(n int, id uuid, "caseId" uuid, "senderId" uuid, kind text, act text,
        payload jsonb, "receivedAt" text[], content jsonb)
    ), kept as (
      insert into contents (id, "caseId", body, salt, hash, "createdAt")
      select (content->>'id')::uuid, "caseId", content->'body', content->>'salt', content->>'hash', at
      from r where content is not null
    )
    insert into commands (id, "caseId", "senderId", kind, act, principal, key, digest, actor, payload, "contentId", "receivedAt", state)
    select id, "caseId", "senderId", kind, act, 'case:' || "senderId", id::text, '', jsonb_build_object('case', "senderId"),
      case when kind = 'act' then jsonb_set(timed, '{actor,parts}', ${PARTS}) else timed end,
      (content->>'id')::uuid, at, 'stored'
    from (select r.*, case when "receivedAt" = '{}' then payload
        else jsonb_set(payload, "receivedAt", to_jsonb(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) end as timed
      from r) r order by n`
}
