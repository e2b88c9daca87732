/**
 * The daily root: a Merkle tree over where every audit trail ends and over the hashes of every content and document. It stands apart
 * from the rows of the cases and is told outside of the database, so that whoever changes rows of a case is seen by what he cannot
 * reach.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { CaseId, IsoDate } from '../../workflows/kernel/contract'
import { canonical, sha256 } from './canonical'
import { Prisma, type Db, type Sql } from './db'

export interface AuditRoot {
  readonly day: IsoDate
  readonly cases: number
  readonly root: string
}

/** What a root knows of one case. */
interface Trail {
  readonly case: CaseId
  readonly seq: number
  readonly hash: string
  /** of its contents and documents, by their ids */
  readonly hashes: Readonly<Record<string, string>>
}

/** A leaf is never taken for a node of the tree. */
const leafOf = ({ case: id, seq, hash, hashes }: Trail): string =>
  sha256(`leaf${canonical({ case: id, seq, hash, hashes })}`)

/** Others are served in between. */
const AT_ONCE = 1000

/** The root over leaves in their order; a node without a neighbour goes up as it is. */
export async function merkleRoot(leaves: readonly string[]): Promise<string> {
  let level = leaves
  while (level.length > 1) {
    const above: string[] = []
    for (let i = 0; i < level.length; i += 2) {
      const [left = '', right] = [level[i], level[i + 1]]
      above.push(right === undefined ? left : sha256(`node${left}${right}`))
      if (i % AT_ONCE === 0) await breathe()
    }
    level = above
  }

  return level[0] ?? sha256('')
}

// ------------------------------------------------------------------ taking it

/** Any number of our own: of several API processes one takes the root. */
const LOCK = 7_236_402
const PAGE = 100

/** `there`: it was taken before; `busy`: another process is at it. */
export type RootTaken = { readonly torn: readonly CaseId[] } | 'there' | 'busy'

/**
 * Takes the root of this day. `tell` is given it before it is kept, so that what is kept is known outside. A trail that does not follow from what was sealed before stays as it was sealed, for
 * reconcile to name; `torn` says which.
 */
export async function takeRoot(db: Db, day: IsoDate, tell: (root: AuditRoot) => void): Promise<RootTaken> {
  return db.sql.transaction(async (tx) => {
    const [lock] = await tx.rows<{ mine: boolean }>`select pg_try_advisory_xact_lock(${LOCK}::bigint) as mine`
    const [taken] = await tx.rows`select 1 from audit_roots where day >= ${day}::date`
    if (taken) return 'there'
    if (!lock?.mine) return 'busy'
    const torn = await sealTrails(tx)
    const leaves = await tx.rows<{ leaf: string }>`select leaf from sealed_trails order by "caseId"`
    const root: AuditRoot = { day, cases: leaves.length, root: await merkleRoot(leaves.map(({ leaf }) => leaf)) }
    tell(root)
    await tx.run`insert into audit_roots (day, cases, root) values (${day}::date, ${root.cases}, ${root.root})`

    return { torn }
  }, 'asOfOneMoment')
}

/** Seals every trail that has grown; answers those that have not grown but changed. */
async function sealTrails(tx: Sql): Promise<CaseId[]> {
  const torn: CaseId[] = []
  for (let after: CaseId | null = null; ;) {
    const page: (Trail & { readonly follows: boolean })[] = await trailsToSeal(tx, after)
    const last = page.at(-1)
    if (last === undefined) return torn
    after = last.case
    torn.push(...page.filter(({ follows }) => !follows).map((trail) => trail.case))
    const rows = page
      .filter(({ follows }) => follows)
      .map(({ follows: _follows, ...trail }) => ({ ...trail, leaf: leafOf(trail) }))
    await tx.run`
      insert into sealed_trails ("caseId", seq, hash, hashes, leaf)
      select "case", seq, hash, hashes, leaf
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("case" uuid, seq int, hash text, hashes jsonb, leaf text)
      on conflict ("caseId") do update
        set seq = excluded.seq, hash = excluded.hash, hashes = excluded.hashes, leaf = excluded.leaf`
  }
}

const trailsToSeal = (tx: Sql, after: CaseId | null): Promise<(Trail & { readonly follows: boolean })[]> => tx.rows`
  with changed as (
    select c.id, c."lastSeq" as seq, c."lastHash" as hash from cases c
    left join sealed_trails s on s."caseId" = c.id
    where (${after}::uuid is null or c.id > ${after}::uuid)
      and (s."caseId" is null or s.seq <> c."lastSeq" or s.hash <> c."lastHash" or exists (
        select 1 from documents d
        where d."caseId" = c.id and d."contentHash" is not null and not jsonb_exists(s.hashes, d.id::text)))
    order by c.id limit ${PAGE}
  ), grown as (
    select changed.*, coalesce((
      select jsonb_object_agg(id, hash) from (
        select id, hash from contents where "caseId" = changed.id
        union all select id, "contentHash" from documents where "caseId" = changed.id and "contentHash" is not null
      ) each), '{}') as hashes
    from changed
  )
  select g.id as "case", g.seq, g.hash, g.hashes, s."caseId" is null or s.hashes <@ g.hashes and exists (
    select 1 from events e where e."caseId" = g.id and e.seq = s.seq and e.hash = s.hash) as follows
  from grown g left join sealed_trails s on s."caseId" = g.id order by g.id`

// ------------------------------------------------------------------ looking whether it holds

/** Something that is not as the last root knows it; null: not in one case. */
export interface RootFault {
  readonly case: CaseId | null
  readonly number: string | null
  readonly says: string
}

const among = (only: readonly CaseId[] | null): Prisma.Sql =>
  only === null ? Prisma.sql`true` : Prisma.sql`s."caseId" = any(${[...only]}::uuid[])`

/** Which of these cases stand where the last root has seen them. */
export async function sealedAsTheyAre(db: Db, cases: readonly CaseId[]): Promise<ReadonlySet<CaseId>> {
  const rows = await db.sql.rows<{ id: CaseId }>`
    select c.id from cases c join sealed_trails s on s."caseId" = c.id and s.seq = c."lastSeq" and s.hash = c."lastHash"
    where c.id = any(${[...cases]}::uuid[])`

  return new Set(rows.map(({ id }) => id))
}

/** Cases that are no longer as the last root has seen them. */
export async function unlikeSealed(db: Db, only: readonly CaseId[] | null = null): Promise<RootFault[]> {
  const trails = await db.sql.rows<{ case: CaseId; number: string | null; seq: number }>`
    select s."caseId" as case, c.number, s.seq from sealed_trails s left join cases c on c.id = s."caseId"
    where ${among(only)} and not exists (
      select 1 from events e where e."caseId" = s."caseId" and e.seq = s.seq and e.hash = s.hash) order by 1`
  const kept = await db.sql.rows<{ case: CaseId; number: string | null; id: string; gone: boolean }>`
    select s."caseId" as case, f.number, h.key as id, c.id is null and d.id is null as gone from sealed_trails s
    cross join lateral jsonb_each_text(s.hashes) h
    left join cases f on f.id = s."caseId"
    left join contents c on c.id = h.key::uuid and c."caseId" = s."caseId"
    left join documents d on d.id = h.key::uuid and d."caseId" = s."caseId"
    where ${among(only)} and coalesce(c.hash, d."contentHash") is distinct from h.value order by 1, 3`

  return [
    ...trails.map(({ case: id, number, seq }) => ({
      case: id,
      number,
      says: `the audit trail has no entry ${String(seq)} as the last daily root knows it`,
    })),
    ...kept.map(({ case: id, number, id: which, gone }) => ({
      case: id,
      number,
      says: `the content or document ${which} ${gone ? 'is gone' : 'is another'} since the last daily root`,
    })),
  ]
}

/**
 * Whether the sealed trails give the last root, and whether the roots are those that were told outside of the database; without
 * any that were told, only the first.
 */
export async function rootFaults(db: Db, told: readonly AuditRoot[]): Promise<RootFault[]> {
  const { roots, leaves, changed } = await readSealed(db)
  const faults: RootFault[] = changed
  const fault = (says: string) => faults.push({ case: null, number: null, says })
  const last = roots.at(-1)
  if (last && (last.cases !== leaves.length || last.root !== (await merkleRoot(leaves))))
    fault(`the sealed trails do not give the root of ${last.day}`)
  if (!last && leaves.length > 0) fault('there are sealed trails and no root')
  const known = new Map(roots.map(({ day, root }) => [day, root]))
  const heard = new Map<IsoDate, Set<string>>()
  for (const { day, root } of told) heard.set(day, (heard.get(day) ?? new Set()).add(root))
  for (const [day, said] of heard) {
    const root = known.get(day)
    if (root === undefined) fault(`the root of ${day} was told and is not in the database`)
    else if (!said.has(root)) fault(`the root of ${day} in the database is not the one that was told`)
  }
  const first = [...heard.keys()].sort()[0]
  for (const { day } of roots)
    if (first !== undefined && day > first && !heard.has(day))
      fault(`the root of ${day} is in the database and was not told`)

  return faults
}

/** Roots by day, the leaves in order as their rows give them, and the rows that do not give the leaf they say. */
const readSealed = (db: Db): Promise<{ roots: AuditRoot[]; leaves: string[]; changed: RootFault[] }> =>
  db.sql.transaction(async (tx) => {
    const roots = await tx.rows<AuditRoot>`select day, cases, root from audit_roots order by day`
    const leaves: string[] = []
    const changed: RootFault[] = []
    for (let after: CaseId | null = null; ;) {
      const page: (Trail & { readonly leaf: string })[] = await tx.rows`
        select "caseId" as "case", seq, hash, hashes, leaf from sealed_trails
        where ${after}::uuid is null or "caseId" > ${after}::uuid order by "caseId" limit ${PAGE}`
      const last = page.at(-1)
      if (last === undefined) return { roots, leaves, changed }
      after = last.case
      for (const { leaf, ...trail } of page) {
        leaves.push(leafOf(trail))
        if (leaf !== leafOf(trail))
          changed.push({ case: trail.case, number: null, says: 'what the last daily root knows of it was changed' })
      }
    }
  }, 'asOfOneMoment')
