/**
 * Documents: numbered by the step that orders them, and frozen by it. What a document is made of stands in one content row, which
 * nobody writes again; the document's own row keeps its id and hash.
 */
import { randomUUID } from 'node:crypto'
import type { BodyRef, CaseId, ContentId, Fact, IsoDate } from '../../workflows/kernel/contract'
import type { FrozenDocument } from '../../workflows/kernel/protocol/document'
import type { Step } from '../../workflows/kernel/protocol/step'
import { canonical, sealed, sha256 } from './canonical'
import { Prisma, type Db, type Sql } from './db'
import {
  answersNeeded,
  documentsCited,
  documentsNamed,
  freezeDocument,
  issuerOf,
  markOf,
  type DocumentSources,
  type DocumentTemplates,
} from './freeze-document'
import { newCode } from './paper-codes'
import { bodyJson, personJson, slice, windowSql, type Slice, type Window } from './refs'

// ------------------------------------------------------------------ numbers

/** Parts of a statement: take the next number of the year in a register of numbers, which has no gaps, and spell it. */
interface Numbers {
  /** gives `last`, the number taken */
  readonly taken: Prisma.Sql
  /** the text of a number, an expression over `n` */
  readonly spelled: Prisma.Sql
}

/** Restricted cases do not count: how many there are would be told by the number of any of them, and a gap would tell of each. */
const DRAWN = Prisma.sql`upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 12))`
const COUNTED = Prisma.sql`lpad(n::text, greatest(6, length(n::text)), '0')`

/** The next number of a case. Rehearsals count apart, so that real numbers have no gaps; numbers of restricted cases are drawn. */
export function caseNumbers({ on, rehearsal, restrictedTo }: Step): Numbers {
  const year = on.slice(0, 4)
  const [register, prefix] = rehearsal === null ? [`case/${year}`, year] : [`rehearsal/case/${year}`, `R-${year}`]
  if (restrictedTo !== undefined)
    return { taken: Prisma.sql`select 1 as last`, spelled: Prisma.sql`${prefix}::text || '-' || ${DRAWN}` }

  return {
    taken: Prisma.sql`
      insert into numberings (register, last) values (${register}, 1)
      on conflict (register) do update set last = numberings.last + excluded.last
      returning last`,
    spelled: Prisma.sql`${prefix}::text || '-' || ${COUNTED}`,
  }
}

/** A row of numbers, by the body that issues, the mark of the kind and the year; each set of rehearsals has its own. */
function seriesOf(
  { on, rehearsal, setBody, body }: Step,
  issuer: string,
  mark: string,
): { register: string; prefix: string } {
  const [year, set] = [on.slice(0, 4), rehearsal === null ? '' : `rehearsal/${setBody ?? body}/${rehearsal}/`]

  return {
    register: `${set}document/${issuer}/${mark}/${year}`,
    prefix: `${rehearsal === null ? '' : 'R-'}${year}-${mark}-`,
  }
}

/**
 * A number for each document, of the body that issues it. All rows of numbers are taken by one statement and in one order, so that cases
 * do not wait for each other in a circle.
 */
async function takeNumbers(
  tx: Sql,
  step: Step,
  documents: readonly { readonly issuer: string; readonly mark: string }[],
): Promise<string[]> {
  const series = documents.map(({ issuer, mark }) => seriesOf(step, issuer, mark))
  const asked = [...new Set(series.map(({ register }) => register))].map((register) => ({
    register,
    count: series.filter((each) => each.register === register).length,
    prefix: series.find((each) => each.register === register)?.prefix,
  }))
  const taken =
    step.restrictedTo === undefined
      ? Prisma.sql`
          insert into numberings (register, last) select register, count from asked order by register collate "C"
          on conflict (register) do update set last = numberings.last + excluded.last
          returning register, last`
      : Prisma.sql`select register, count as last from asked`
  const rows = await tx.rows<{ register: string; number: string }>`
    with asked as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as r(register text, count int, prefix text)
    ), taken as (${taken})
    select a.register, a.prefix || ${step.restrictedTo === undefined ? COUNTED : DRAWN} as number
    from taken t join asked a using (register), generate_series(t.last - a.count + 1, t.last) n order by a.register, n`

  return series.map(({ register }, i) => {
    const before = series.slice(0, i).filter((each) => each.register === register).length

    return rows.filter((each) => each.register === register)[before]?.number ?? ''
  })
}

// ------------------------------------------------------------------ what they are made of

type NamedAlias = 'body' | 'post' | 'unit' | 'agency' | 'concerned' | 'issuing'
const nameJson = (alias: NamedAlias): Prisma.Sql =>
  Prisma.raw(`case when ${alias}."nameRu" is null then null else
    json_build_object('kk', ${alias}."nameKk", 'ru', ${alias}."nameRu", 'en', ${alias}."nameEn") end`)
const personName = (alias: 'subject' | 'answerer' | 'person'): Prisma.Sql =>
  Prisma.sql`(${personJson(alias)}) -> 'name'`

/** Which position somebody held on a day. */
const positionOn = (person: Prisma.Sql, on: Prisma.Sql): Prisma.Sql => Prisma.sql`
  (select ${nameJson('post')} from posts held join positions post on post.id = held."positionId"
   where held."personId" = ${person} and held."from" <= ${on} and (held."to" is null or held."to" >= ${on})
   order by held."from" desc limit 1)`

const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'

/**
 * Everything that documents of a step are made of, in one statement. Names are looked up one by one, each by its key: for a list
 * whose length it does not know, PostgreSQL would read the whole register.
 */
async function readSources(
  tx: Sql,
  asked: {
    readonly case: CaseId
    readonly step: number
    readonly kinds: readonly string[]
    /** kinds of the other documents that they name */
    readonly documents: readonly string[]
    /** ids of those of any case that their facts name */
    readonly cited: readonly string[]
    readonly facts: readonly unknown[]
  },
): Promise<DocumentSources> {
  const kinds = Prisma.sql`${[...asked.kinds]}::text[]`
  const of = Prisma.sql`${asked.case}::uuid`
  const [sources] = await tx.rows<DocumentSources>`
    with answers as materialized (
      select t.kind, t."answeredOn" as "on", t.answer, k.body as content, ${personName('answerer')} as by,
        t."answeredById" as "byId", coalesce(t."answeredStep", 0) as step,
        coalesce(case when t.role is not null then t."bodyKey" end,
          (select former ->> 'body' from jsonb_array_elements(f."formerBodies") former
           where (former ->> 'step')::int > t."answeredStep" limit 1), f."bodyKey") as "bodyKey",
        ${positionOn(Prisma.sql`t."answeredById"`, Prisma.sql`t."answeredOn"`)} as position,
        (select e.capacity from events e where e."caseId" = ${of} and e."taskId" = t.id and e.kind = 'taskCompleted'
         order by e.seq desc limit 1) as capacity,
        t."answeredAt" as at
      from tasks t join cases f on f.id = t."caseId" left join contents k on k.id = t."answerContentId" left join people answerer on answerer.id = t."answeredById"
      where t."caseId" = ${of} and t.state = 'completed' and t."answerContentId" is not null
        and coalesce(t."answeredStep", 0) <= ${asked.step} and t.kind = any(${kinds})
      union all
      select e.params ->> 'act', e."on", null, k.body, ${personName('answerer')}, e."actorId", coalesce(e.step, 0),
        case when e.capacity = 'agency' then f."agencyKey" else f."bodyKey" end, ${positionOn(Prisma.sql`e."actorId"`, Prisma.sql`e."on"`)}, e.capacity, e.at
      from events e join cases f on f.id = e."caseId" left join people answerer on answerer.id = e."actorId"
      left join contents k on k."caseId" = e."caseId" and k.id::text = e.params ->> 'content'
      where e."caseId" = ${of} and e.kind = 'actPerformed' and coalesce(e.step, 0) <= ${asked.step} and e.params ->> 'act' = any(${kinds})
    ), missed as materialized (
      select t.kind, t."dueOn" as due, e."on", coalesce(e.step, 0) as step
      from tasks t join events e on e."caseId" = t."caseId" and e."taskId" = t.id and e.kind = 'taskLapsed'
      where t."caseId" = ${of} and coalesce(e.step, 0) <= ${asked.step} and t.kind = any(${kinds})
    ), started as materialized (
      select k.body from commands m join contents k on k.id = m."contentId" where m."caseId" = ${of} and m.kind = 'start' limit 1
    ), mentioned as materialized (
      select distinct found[1] as id from (
        select answer from answers union all select content from answers union all select body from started
        union all select to_jsonb("bodyKey") from answers
        union all select ${JSON.stringify(asked.facts)}::jsonb
      ) made(part), regexp_matches(part::text, '"([0-9A-Za-z-]+)"', 'g') found
    ), named as (
      select id, case when id ~ ${UUID} then coalesce(
          (select ${personName('person')} from people person where person.id = mentioned.id::uuid),
          (select ${nameJson('post')} from positions post where post.id = mentioned.id::uuid),
          (select ${nameJson('unit')} from units unit where unit.id = mentioned.id::uuid),
          (select json_build_object('kk', number, 'ru', number, 'en', number) from cases where cases.id = mentioned.id::uuid))
        else (select ${nameJson('body')} from state_bodies body where body.key = mentioned.id) end as name
      from mentioned
    )
    select c.process, c.version, c.number as "caseNumber", c."startedOn", c.rehearsal, c."regimeId" as regime,
      ${personName('subject')} as subject, c."subjectId", ${nameJson('concerned')} as "aboutBody", other.number as "aboutCase", c.parties, c."bodyKey", ${nameJson('body')} as body,
      ${nameJson('agency')} as agency, ${nameJson('post')} as position, ${nameJson('unit')} as unit,
      (select body from started) as "startForm",
      coalesce((select jsonb_agg(to_jsonb(answers) - 'at' order by at, step) from answers), '[]') as answers,
      coalesce((select jsonb_agg(to_jsonb(missed) order by step) from missed), '[]') as missed,
      coalesce((select jsonb_agg(jsonb_build_object('kind', d.kind, 'number', d.number, 'issuedOn', d."issuedOn") order by d.step, d.number)
        from documents d where d."caseId" = ${of} and d.step <= ${asked.step} and d.kind = any(${[...asked.documents]}::text[])), '[]') as documents,
      coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'process', f.process, 'version', f.version, 'kind', d.kind, 'number', d.number,
          'issuedOn', d."issuedOn", 'issuer', ${nameJson('issuing')}))
        from documents d join cases f on f.id = d."caseId" join state_bodies issuing on issuing.key = coalesce(d.made ->> 'issuer', f."bodyKey")
        where d.id = any(${[...asked.cited]}::uuid[])), '[]') as cited,
      coalesce((select jsonb_object_agg(id, name) from named where name is not null), '{}') as names
    from cases c
    left join people subject on subject.id = c."subjectId"
    join state_bodies body on body.key = c."bodyKey"
    left join state_bodies agency on agency.key = c."agencyKey"
    left join positions post on post.id = c."positionId"
    left join units unit on unit.id = post."unitId"
    left join state_bodies concerned on concerned.key = c."aboutBodyKey"
    left join cases other on other.id = c."aboutCaseId"
    where c.id = ${of}`
  if (!sources) throw new Error(`case ${asked.case} has no row`)

  return sources
}

// ------------------------------------------------------------------ writing

/**
 * Writes the documents that a step orders, each with what it is made of: after everything else of the step, whose answers they
 * may name. Those of a step that is brought back from history have their issuer and number, and are left to be frozen when they are
 * next read: what was said then is lost.
 */
export async function writeDocuments(
  tx: Sql,
  step: Step,
  templates: DocumentTemplates & { readonly broughtBack?: boolean },
): Promise<void> {
  const { documents } = step
  if (documents.length === 0) return
  const sources = await readSources(tx, {
    case: step.case,
    step: step.n,
    kinds: documents.flatMap(({ kind }) => answersNeeded(templates, step, kind)),
    documents: documents.flatMap(({ kind }) => documentsNamed(templates, step, kind)),
    cited: documents.flatMap((document) => documentsCited(templates, step, document).map(([, id]) => id)),
    facts: documents.map(({ facts }) => facts),
  })
  const numbered = documents.map(({ kind }) => ({
    issuer: issuerOf(templates, sources, kind),
    mark: markOf(templates, step, kind),
  }))
  // numbers last: all cases of a body wait for one another at their row until this transaction ends
  const given = await takeNumbers(tx, step, numbered)
  const together = documents.map(({ kind }, i) => ({ kind, number: given[i] ?? '', issuedOn: step.on }))
  const rows = documents.map(({ id, kind, facts }, i) => {
    const [number = '', issuer = step.body] = [given[i], numbered[i]?.issuer]
    if (templates.broughtBack === true) return { id, kind, number, made: { facts, issuer } }
    const code = newCode()
    const known = { ...sources, documents: [...sources.documents, ...together] }
    const body = freezeDocument(templates, known, { kind, number, issuer, issuedOn: step.on, facts, code })

    return { id, kind, number, made: { facts, issuer }, code, ...contentOf(body) }
  })
  await tx.run`
    with written as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as r(id uuid, kind text, number text, made jsonb, code text, "contentId" uuid, body jsonb, salt text, hash text)
    ), ordered as (
      insert into papers ("documentId", "caseId", code) select id, ${step.case}::uuid, code from written where code is not null
    ), kept as (
      insert into contents (id, "caseId", body, salt, hash, "createdAt")
      select "contentId", ${step.case}::uuid, body, salt, hash, ${step.at}::timestamptz from written
      where "contentId" is not null
    )
    insert into documents (id, "caseId", kind, number, "issuedOn", step, made, "contentId", "contentHash")
    select id, ${step.case}::uuid, kind, number, ${step.on}::date, ${step.n}, made, "contentId", hash from written`
}

const contentOf = (body: FrozenDocument) => ({ contentId: randomUUID() as ContentId, body, ...sealed(body) })

// ------------------------------------------------------------------ reading

export interface DocumentRow {
  readonly id: string
  readonly caseId: CaseId
  readonly kind: string
  readonly number: string
  readonly issuedOn: IsoDate
  /** made of the answers up to this step */
  readonly step: number
  /** `issuer`: key of the body that issued it; without, that of its case (releases before had no other) */
  readonly made: { readonly facts?: Fact; readonly issuer?: string }
  readonly issuer: BodyRef
  /** what it is made of; null until it is frozen */
  readonly contentId: ContentId | null
}
const COLUMNS = Prisma.sql`d.id, d."caseId", d.kind, d.number, d."issuedOn", d.step, d.made, d."contentId", ${bodyJson('office')} as issuer`
const FROM = Prisma.sql`from documents d join cases c on c.id = d."caseId"
  join state_bodies office on office.key = coalesce(d.made ->> 'issuer', c."bodyKey")`

/** A page of the documents of a case, of those kinds; null: of any. */
export async function documentsOf(
  db: Db,
  id: CaseId,
  kinds: readonly string[] | null,
  window: Window,
): Promise<Slice<DocumentRow>> {
  const rows = await db.sql.rows<DocumentRow>`
    select ${COLUMNS} ${FROM} where d."caseId" = ${id}::uuid ${kinds ? Prisma.sql`and d.kind = any(${[...kinds]}::text[])` : Prisma.empty} order by d."issuedOn", d.step, d.number ${windowSql(window)}`

  return slice(rows, window)
}

/** The number of each of these documents of a case. */
export async function documentNumbers(db: Db, id: CaseId, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.sql.rows<{ id: string; number: string }>`
    select d.id, d.number from documents d where d."caseId" = ${id}::uuid and d.id = any(${[...ids]}::uuid[])`

  return new Map(rows.map((row) => [row.id, row.number]))
}

export async function documentById(db: Db, id: string): Promise<DocumentRow | null> {
  const rows = await db.sql.rows<DocumentRow>`select ${COLUMNS} ${FROM} where d.id = ${id}::uuid`

  return rows[0] ?? null
}

interface Kept {
  readonly contentHash: string | null
  readonly body: FrozenDocument | null
  readonly salt: string | null
}
const isWhole = ({ contentHash, body, salt }: Kept): boolean =>
  body !== null && salt !== null && sha256(salt + canonical(body)) === contentHash

/** What a document is made of; null when that is lost or was changed by another hand. One not frozen yet is frozen now. */
export async function frozenDocument(
  db: Db,
  templates: DocumentTemplates,
  document: DocumentRow,
): Promise<FrozenDocument | null> {
  if (document.contentId === null) await freezeLater(db, templates, document.id)

  return contentOfDocument(db, document.id)
}

/** What a frozen document is made of; null when that is lost or was changed by another hand, or it is not frozen. */
export async function contentOfDocument(db: Db, id: string): Promise<FrozenDocument | null> {
  const [kept] = await db.sql.rows<Kept>`
    select d."contentHash", k.body, k.salt from documents d left join contents k on k.id = d."contentId"
    where d.id = ${id}::uuid`

  return kept && isWhole(kept) ? kept.body : null
}

export interface DamagedDocument {
  readonly case: CaseId
  readonly caseNumber: string
  readonly number: string
  readonly what: 'lost' | 'changed'
}

/** Documents of these cases whose content is lost, or is no longer what was issued. */
export async function damagedDocuments(db: Db, cases: readonly CaseId[]): Promise<DamagedDocument[]> {
  const rows = await db.sql.rows<Kept & Omit<DamagedDocument, 'what'>>`
    select d."caseId" as case, c.number as "caseNumber", d.number, d."contentHash", k.body, k.salt
    from documents d join cases c on c.id = d."caseId" left join contents k on k.id = d."contentId"
    where d."caseId" = any(${[...cases]}::uuid[]) and d."contentId" is not null order by d.id`

  return rows
    .filter((row) => !isWhole(row))
    .map(({ case: id, caseNumber, number, body }) => ({
      case: id,
      caseNumber,
      number,
      what: body ? 'changed' : 'lost',
    }))
}

// ------------------------------------------------------------------ issued without being frozen

/** Documents that are not frozen: of the release before, or brought back from history. */
export async function unfrozenDocuments(db: Db, after: string | null, limit: number): Promise<string[]> {
  const rows = await db.sql.rows<{ id: string }>`
    select id from documents where "contentId" is null and (${after}::uuid is null or id > ${after}::uuid)
    order by id limit ${limit}`

  return rows.map(({ id }) => id)
}

/** Freezes a document as the register is now; the document says so. Once only, however many ask at the same moment. */
export async function freezeLater(db: Db, templates: DocumentTemplates, id: string): Promise<void> {
  await db.sql.transaction(async (tx) => {
    const [row] = await tx.rows<DocumentRow & { process: string; version: number; today: IsoDate }>`
      select ${COLUMNS}, c.process, c.version, (now() at time zone region.timezone)::date as today
      ${FROM} join state_bodies body on body.key = c."bodyKey" join regions region on region.key = body."regionKey"
      where d.id = ${id}::uuid and d."contentId" is null for update of d`
    if (!row) return
    const facts = row.made.facts ?? null
    const kinds = answersNeeded(templates, row, row.kind)
    const sources = await readSources(tx, {
      case: row.caseId,
      step: row.step,
      kinds,
      documents: documentsNamed(templates, row, row.kind),
      cited: documentsCited(templates, row, { kind: row.kind, facts }).map(([, id]) => id),
      facts: [facts],
    })
    const code = newCode()
    const { contentId, body, salt, hash } = contentOf(
      freezeDocument(templates, sources, { ...row, facts, issuer: row.made.issuer ?? null, code }, row.today),
    )
    await tx.run`
      with ordered as (
        insert into papers ("documentId", "caseId", code) values (${id}::uuid, ${row.caseId}::uuid, ${code})
      ), kept as (
        insert into contents (id, "caseId", body, salt, hash, "createdAt")
        values (${contentId}::uuid, ${row.caseId}::uuid, ${JSON.stringify(body)}::jsonb, ${salt}, ${hash}, now())
      )
      update documents set "contentId" = ${contentId}::uuid, "contentHash" = ${hash} where id = ${id}::uuid`
  })
}
