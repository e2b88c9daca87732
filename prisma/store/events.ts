/** The audit trail of a case: rows that each carry the hash of the one before, so that none can be changed or left out unseen. */
import type { By, CaseId, Instant, IsoDate, PersonId, TaskId, Fact } from '../../workflows/kernel/contract'
import { canonical, sha256 } from './canonical'
import { Prisma, type Db, type Sql } from './db'

export interface NewEvent {
  readonly kind: string
  readonly at: Instant
  /** date by the clock of the case */
  readonly on: IsoDate
  /** step of the workflow; null for a verb that the workflow does not see */
  readonly step: number | null
  readonly actor: PersonId | null
  /** who acted, where it is no person; absent too where the case went on by itself */
  readonly by?: By
  readonly capacity: string | null
  readonly task: TaskId | null
  /** ids, codes and dates; `content` names the content row of an answer or act */
  readonly params: Readonly<Record<string, Fact | undefined>>
}

/** What the hash of an entry is made of. The release before wrote format 1, which knows persons only. */
const FORMAT = 2

interface ChainedRow {
  caseId: string
  seq: number
  format: number
  step: number | null
  kind: string
  at: Date
  on: Date
  actorId: string | null
  actorKind: string | null
  actorCase: string | null
  capacity: string | null
  taskId: string | null
  params: unknown
  prevHash: string
}

/** Of an entry of format 1 that has what its format does not know, the hash is another: it was put there afterwards. */
function hashOf({ format, actorKind, actorCase, ...row }: ChainedRow): string {
  const asBefore = format === 1 && actorKind === null && actorCase === null

  return sha256(
    row.prevHash +
      canonical({
        caseId: row.caseId,
        seq: row.seq,
        step: row.step,
        kind: row.kind,
        at: row.at.toISOString(),
        on: row.on.toISOString().slice(0, 10),
        actorId: row.actorId,
        capacity: row.capacity,
        taskId: row.taskId,
        params: row.params,
        ...(asBefore ? {} : { format, actorKind, actorCase }),
      }),
  )
}

/** Where the chain of a case ends. */
export interface ChainEnd {
  readonly lastSeq: number
  readonly lastHash: string
}
export const NO_EVENTS: ChainEnd = { lastSeq: 0, lastHash: '' }

/** What is known of a case that was locked to be written. */
export interface LockedCase extends ChainEnd {
  /** last step recorded */
  readonly step: number
}

/** Which case a transaction has locked. */
const lockedBy = new WeakMap<Sql, CaseId>()

/**
 * Locks the case until the transaction ends. Every transaction that touches a case's tasks and events takes this lock first:
 * in one order, so that they wait for each other and never deadlock. None locks two cases: those of one would wait for those of
 * another in a circle. Rows that only refer to the case are written meanwhile.
 */
export async function lockCase(tx: Sql, caseId: CaseId): Promise<LockedCase | null> {
  const other = lockedBy.get(tx) ?? caseId
  if (other !== caseId) throw new Error(`one transaction would lock two cases: ${other} and ${caseId}`)
  lockedBy.set(tx, caseId)
  const rows = await tx.rows<LockedCase>`
    select "lastSeq", "lastHash", step from cases where id = ${caseId}::uuid for no key update`

  return rows[0] ?? null
}

/** Who acted, as the columns of an entry. */
function actorColumns({ actor, by }: NewEvent): Pick<ChainedRow, 'actorId' | 'actorKind' | 'actorCase'> {
  if (actor !== null) return { actorId: actor, actorKind: 'person', actorCase: null }
  if (by === undefined || typeof by === 'string') return { actorId: null, actorKind: by ?? null, actorCase: null }

  return { actorId: null, actorKind: 'case', actorCase: by.case }
}

/** What the column will hold: without undefined members, as the hash takes it. */
const stored = (params: NewEvent['params']): unknown => JSON.parse(canonical(params))

/** New events as rows of the chain that ends so, and where it ends with them. */
export function chainEvents(
  caseId: CaseId,
  end: ChainEnd,
  events: readonly NewEvent[],
): { readonly rows: readonly object[]; readonly end: ChainEnd } {
  let { lastSeq: seq, lastHash: prevHash } = end
  const rows = events.map((event) => {
    const row = {
      caseId,
      seq: ++seq,
      format: FORMAT,
      step: event.step,
      kind: event.kind,
      at: new Date(event.at),
      on: new Date(event.on),
      ...actorColumns(event),
      capacity: event.capacity,
      taskId: event.task,
      params: stored(event.params),
      prevHash,
    }
    prevHash = hashOf(row)

    return { ...row, hash: prevHash }
  })

  return { rows, end: { lastSeq: seq, lastHash: prevHash } }
}

/** The statement that writes chained rows, as a part of another. */
export const eventRows = (rows: readonly object[]): Prisma.Sql => Prisma.sql`
  insert into events ("caseId", seq, format, step, kind, at, "on", "actorId", "actorKind", "actorCase", capacity, "taskId", params,
    "prevHash", hash)
  select "caseId", seq, format, step, kind, at, "on", "actorId", "actorKind", "actorCase", capacity, "taskId", params,
    "prevHash", hash
  from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("caseId" uuid, seq int, format int, step int, kind text,
    at timestamptz, "on" date, "actorId" uuid, "actorKind" text, "actorCase" uuid, capacity text, "taskId" uuid, params jsonb, "prevHash" text, hash text)`

/** Appends to the chain of a case that the transaction has locked. */
export async function appendTo(tx: Sql, caseId: CaseId, last: ChainEnd, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const { rows, end } = chainEvents(caseId, last, events)
  await tx.run`
    with told as (${eventRows(rows)})
    update cases set "lastSeq" = ${end.lastSeq}, "lastHash" = ${end.lastHash} where id = ${caseId}::uuid`
}

/** Recomputes the chain; `brokenAt` is the first seq whose row was changed, added or is missing. */
export async function verifyChain(db: Db, caseId: CaseId): Promise<{ ok: true } | { ok: false; brokenAt: number }> {
  const [file, rows] = await Promise.all([
    db.case.findUnique({ where: { id: caseId }, select: { lastSeq: true, lastHash: true } }),
    db.event.findMany({ where: { caseId }, orderBy: { seq: 'asc' } }),
  ])
  let prevHash = ''
  for (const [index, row] of rows.entries()) {
    if (row.seq !== index + 1) return { ok: false, brokenAt: index + 1 }
    if (row.prevHash !== prevHash || hashOf(row) !== row.hash) return { ok: false, brokenAt: row.seq }
    prevHash = row.hash
  }
  if (file && (file.lastSeq !== rows.length || file.lastHash !== prevHash))
    return { ok: false, brokenAt: rows.length + 1 }

  return { ok: true }
}
