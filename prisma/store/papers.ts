/**
 * Papers: what documents become for those who hold them. A step orders a paper with its document (`documents.ts`); a worker takes it up
 * after the commit, makes it from what was frozen, and stores it once, with an entry in the case file that says by which bytes it is known.
 */
import { LOCALES, type CaseId, type IsoDate, type Locale, type Name } from '../../workflows/kernel/contract'
import { caseTime, caseToday, instant, type CaseClock } from '../../workflows/kernel/law/case-clock'
import type { FrozenDocument } from '../../workflows/kernel/protocol/document'
import { Prisma, type Db } from './db'
import { contentOfDocument } from './documents'
import { appendTo, lockCase } from './events'
import { noteIncident, resolveIncident } from './incidents'
import { notify } from './notify'

// ------------------------------------------------------------------ making

export interface PaperToMake {
  readonly document: string
  readonly case: CaseId
  readonly kind: string
  readonly number: string
  /** null: what it is made of is lost, or was changed by another hand */
  readonly frozen: FrozenDocument | null
}

/** A worker that is killed holds a paper so long; one that cannot be made is tried again later and later. */
const HELD_S = 15
const LONGEST_WAIT_S = 3600
/** Of those that wait, so many of the newest and of the oldest are looked at. */
const LOOKED_AT = 500
/** So many of those that are taken are the oldest, so that none waits for ever. */
const OLDEST = 2

/**
 * Takes up papers that nobody is making. Each is held for a while, so that it is found again if its worker is killed. Kinds of each body take
 * turns, the newest first: whoever decides once while others decide a thousand times has his paper with the next ones.
 */
export async function takePapers(db: Db, limit: number): Promise<PaperToMake[]> {
  const waiting = Prisma.sql`select "documentId", "tryAt" from papers where "madeAt" is null and "tryAt" <= clock_timestamp() order by "tryAt"`
  const rows = await db.sql.rows<Omit<PaperToMake, 'frozen'>>`
    with waiting as materialized (
      (${waiting} limit ${LOOKED_AT}) union (${waiting} desc limit ${LOOKED_AT})
    ), turns as materialized (
      select w."documentId", row_number() over (partition by c."bodyKey", d.kind order by w."tryAt" desc) as turn,
        row_number() over (order by w."tryAt") > ${OLDEST} as younger
      from waiting w join documents d on d.id = w."documentId" join cases c on c.id = d."caseId"
    ), chosen as materialized (
      select p."documentId" from papers p join turns t on t."documentId" = p."documentId"
      where p."madeAt" is null and p."tryAt" <= clock_timestamp()
      order by t.younger, t.turn, p."tryAt" desc limit ${limit} for update of p skip locked
    ), taken as (
      update papers p set attempts = attempts + 1,
        "tryAt" = clock_timestamp() + least(${HELD_S} * 2 ^ least(attempts, 20), ${LONGEST_WAIT_S}) * interval '1 second'
      from chosen where p."documentId" = chosen."documentId" returning p."documentId"
    )
    select d.id as document, d."caseId" as case, d.kind, d.number from taken t join documents d on d.id = t."documentId"
    order by d.id`

  return Promise.all(rows.map(async (row) => ({ ...row, frozen: await contentOfDocument(db, row.document) })))
}

/** Holds papers on, for whoever is still making them: however long one takes, nobody else makes it meanwhile. */
export const holdPapers = (db: Db, documents: readonly string[]): Promise<number> =>
  db.sql.run`
    update papers set "tryAt" = greatest("tryAt", clock_timestamp() + ${HELD_S} * interval '1 second')
    where "documentId" = any(${[...documents]}::uuid[]) and "madeAt" is null`

/** Lets papers be tried at once that could not be made: this may be the release in which a template was mended. */
export async function tryPapersAtOnce(db: Db): Promise<void> {
  await db.sql.run`update papers set attempts = 0, "tryAt" = clock_timestamp() where "madeAt" is null and failed`
}

export interface MadePaper {
  readonly language: Locale
  readonly template: string
  readonly sha256: string
  readonly bytes: Uint8Array
}

/** Stores a paper and its entry, once: of two workers that made it, the second changes nothing. False: it was stored before. */
export async function storePaper(
  db: Db,
  { document, case: caseId, kind, number }: Omit<PaperToMake, 'frozen'>,
  renderings: readonly MadePaper[],
): Promise<boolean> {
  return db.sql.transaction(async (tx) => {
    const end = await lockCase(tx, caseId)
    const isFirst =
      (await tx.run`update papers set "madeAt" = clock_timestamp() where "documentId" = ${document}::uuid and "madeAt" is null`) ===
      1
    if (!isFirst) return false
    if (!end) throw new Error(`case ${caseId} has no row`)
    const [file] = await tx.rows<{ clock: CaseClock; now: Date }>`
      select clock, clock_timestamp() as now from cases where id = ${caseId}::uuid`
    if (!file) throw new Error(`case ${caseId} has no row`)
    const now = file.now.getTime()
    for (const { language, template, sha256, bytes } of renderings)
      await tx.run`
        insert into paper_renderings ("documentId", language, template, sha256, bytes)
        values (${document}::uuid, ${language}, ${template}, ${sha256}, ${Buffer.from(bytes)})`
    const sums = Object.fromEntries(renderings.map(({ language, sha256 }) => [language, sha256]))
    await appendTo(tx, caseId, end, [
      {
        kind: 'paperMade',
        at: instant(caseTime(file.clock, now)),
        on: caseToday(file.clock, now),
        step: null,
        actor: null,
        capacity: null,
        task: null,
        params: { document: kind, number, sums },
      },
    ])
    // with the paper, or nobody resolves it: a paper that is made is not taken up again
    const [left] = await tx.rows<{ failing: boolean }>`
      select exists (select 1 from papers where "caseId" = ${caseId}::uuid and "madeAt" is null and failed) as failing`
    if (left?.failing !== true) await resolveIncident(tx, caseId, 'paperNotMade')
    await notify(tx, { topic: 'cases', ids: [caseId] })

    return true
  })
}

/** Notes that a paper could not be made, unless somebody else has made it: somebody has to mend its template, or its content. */
export const notePaperNotMade = (
  db: Db,
  { document, case: caseId, kind, number }: PaperToMake,
  cause: string,
): Promise<void> =>
  db.sql.transaction(async (tx) => {
    // locks in the order of `storePaper`
    await lockCase(tx, caseId)
    const failed =
      await tx.run`update papers set failed = true where "documentId" = ${document}::uuid and "madeAt" is null`
    if (failed === 1) await noteIncident(tx, caseId, 'paperNotMade', { document: kind, number, cause })
  })

// ------------------------------------------------------------------ reading

export interface PaperInfo {
  readonly language: Locale
  readonly sha256: string
  readonly size: number
}

/**
 * In which languages the papers of documents are there; of one that is still to be made the list is empty, and a document of the releases
 * before, which has none, is not named.
 */
export async function papersOf(
  db: Db,
  documents: readonly string[],
): Promise<ReadonlyMap<string, readonly PaperInfo[]>> {
  const rows = await db.sql.rows<{ document: string; made: readonly PaperInfo[] }>`
    select p."documentId" as document, coalesce((
      select jsonb_agg(jsonb_build_object('language', r.language, 'sha256', r.sha256, 'size', length(r.bytes))
        order by array_position(${[...LOCALES]}::text[], r.language))
      from paper_renderings r where r."documentId" = p."documentId"), '[]') as made
    from papers p where p."documentId" = any(${[...documents]}::uuid[])`

  return new Map(rows.map(({ document, made }) => [document, made]))
}

/** A paper in one language; null: it is not there (yet). */
export async function paperBytes(
  db: Db,
  document: string,
  language: Locale,
): Promise<{ readonly sha256: string; readonly bytes: Uint8Array } | null> {
  const [row] = await db.sql.rows<{ sha256: string; bytes: Buffer }>`
    select sha256, bytes from paper_renderings where "documentId" = ${document}::uuid and language = ${language}`

  return row ?? null
}

// ------------------------------------------------------------------ checking

/** What whoever holds a paper is told: nothing that does not stand on it, but whether it still holds. */
export interface CheckedPaper {
  readonly number: string
  readonly kind: Name
  readonly issuer: Name
  readonly issuedOn: IsoDate
  readonly rehearsal: boolean
  /** the day on which the decision that it says, or amends, was withdrawn */
  readonly withdrawnOn: IsoDate | null
  /** the day of the last document that amended it afterwards */
  readonly amendedOn: IsoDate | null
  /** the day from which the decision has effect, where an appeal changed that; how an amendment did, that document says */
  readonly movedTo: IsoDate | null
  /** the day on which the result of its case was annulled */
  readonly annulledOn: IsoDate | null
  /** the sums of the files that were issued, by language */
  readonly sums: Readonly<Partial<Record<Locale, string>>>
}

/** What the code says of a paper; null: no paper has it; `damaged`: what it was made of is lost, or was changed by another hand. */
export async function paperByCode(db: Db, code: string): Promise<CheckedPaper | 'damaged' | null> {
  const [row] = await db.sql.rows<Omit<CheckedPaper, 'kind' | 'issuer'> & { readonly document: string }>`
    select d.id as document, d.number, d."issuedOn"::text, c.rehearsal is not null as rehearsal,
      decision.said #>> '{withdrawn,on}' as "withdrawnOn",
      (select max(later.said ->> 'on') from jsonb_array_elements(decision.said -> 'amendments') with ordinality later(said, n)
        where later.n > decision.place) as "amendedOn",
      coalesce(
        (select f.request ->> 'on' from case_links l join effects f on f."caseId" = l."fromId" and f.name = 'doOn' and f.state = 'taken'
          where l."toId" = c.id and l.kind = 'appeals' and f.request ->> 'decision' = decision.said ->> 'document' order by f.seq desc limit 1),
        (select e.params ->> 'effectiveFrom' from events e where e."caseId" = c.id and e.kind = 'decisionMoved'
          and e.params ->> 'document' = decision.said ->> 'kind' order by e.seq desc limit 1)) as "movedTo",
      (select n."on"::text from annulments n where n."caseId" = c.id) as "annulledOn",
      coalesce((select jsonb_object_agg(r.language, r.sha256) from paper_renderings r where r."documentId" = d.id), '{}') as sums
    from papers p join documents d on d.id = p."documentId" join cases c on c.id = d."caseId"
    left join lateral (
      select each as said, 0 as place from jsonb_array_elements(c.decisions) each where each ->> 'document' = d.id::text
      union all
      select each, amendment.n from jsonb_array_elements(c.decisions) each,
        jsonb_array_elements(each -> 'amendments') with ordinality amendment(said, n) where amendment.said ->> 'document' = d.id::text
    ) decision on true
    where p.code = ${code}`
  if (!row) return null
  const { document, ...rest } = row
  const frozen = await contentOfDocument(db, document)
  if (frozen?.format !== 3) return 'damaged'

  return { ...rest, kind: frozen.template.title, issuer: frozen.issuer }
}

// ------------------------------------------------------------------ what reconcile looks for

export interface DamagedPaper {
  readonly case: CaseId
  readonly caseNumber: string
  readonly number: string
  /** not made after a time; bytes that are not those of its sum; or a sum that is not the one of the case file */
  readonly what: 'notMade' | 'changed' | 'otherwiseInFile'
}

/** Papers of these cases that are not there `olderThanS` seconds after they were ordered, or are not what was issued. */
export async function damagedPapers(db: Db, cases: readonly CaseId[], olderThanS: number): Promise<DamagedPaper[]> {
  return db.sql.rows<DamagedPaper>`
    with looked as (
      select p."caseId", d.number, p."madeAt", p."orderedAt",
        exists (select 1 from paper_renderings r where r."documentId" = d.id and encode(sha256(r.bytes), 'hex') <> r.sha256) as changed,
        (select coalesce(jsonb_object_agg(r.language, r.sha256), '{}') from paper_renderings r where r."documentId" = d.id) as sums,
        (select e.params -> 'sums' from events e where e."caseId" = p."caseId" and e.kind = 'paperMade'
          and e.params ->> 'number' = d.number order by e.seq limit 1) as told
      from papers p join documents d on d.id = p."documentId" where p."caseId" = any(${[...cases]}::uuid[])
    )
    select l."caseId" as case, c.number as "caseNumber", l.number,
      case when l."madeAt" is null then 'notMade' when l.changed then 'changed' else 'otherwiseInFile' end as what
    from looked l join cases c on c.id = l."caseId"
    where l."madeAt" is null and l."orderedAt" < clock_timestamp() - ${olderThanS} * interval '1 second'
      or l."madeAt" is not null and (l.changed or l.told is distinct from l.sums)
    order by l."caseId", l.number`
}
