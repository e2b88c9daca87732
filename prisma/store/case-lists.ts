/** Lists that stay in the store: cases that a case opens by one, one for each item of a field of a content row, and answers kept as such. */
import { randomUUID } from 'node:crypto'
import type {
  CaseId,
  CaseOfList,
  CommandId,
  ContentRef,
  EndsOfList,
  Fact,
  Instant,
  ListId,
} from '../../workflows/kernel/contract'
import type { KeepAnswer, OpenEach } from '../../workflows/kernel/protocol/activities'
import { annulledSql } from './annulments'
import { sealed } from './canonical'
import { settling } from './commands'
import { Prisma, type Db, type Sql } from './db'
import { openedLink, readStarts, startRow, writeCommands, writeLinks, type Start, type Served } from './linked-cases'
import { readSealed } from './sealed'

/** Few enough that a transaction is short, and that little is lost with one. */
const AT_ONCE = 100

const isRecord = (value: unknown): value is Readonly<Record<string, Fact>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The row of a list is lost, or is not what history knows of it. */
export class ListDamaged extends Error {}

/** The items of a list, as its content row has them; throws ListDamaged. */
async function itemsOf(db: Db, caseId: CaseId, content: ContentRef, field: string): Promise<readonly unknown[]> {
  const [body] = await readSealed(db, caseId, [content])
  const items: unknown = isRecord(body) ? body[field] : undefined
  if (!Array.isArray(items)) throw new ListDamaged(`content ${content.id} of case ${caseId} has no list ${field}`)

  const list: readonly unknown[] = items

  return list
}

/**
 * Stores the start of a case for each item, some at a time; called again, it goes on after the last that is stored. Of a start that
 * cannot be made the outcome is written at once. Answers how many items there are.
 */
export async function openEach(db: Db, served: Served, request: OpenEach): Promise<{ readonly total: number }> {
  const items = await itemsOf(db, request.case, request.content, request.field)
  await db.caseList.createMany({
    data: {
      id: request.list,
      caseId: request.case,
      as: request.as,
      contentId: request.content.id,
      field: request.field,
      total: items.length,
    },
    skipDuplicates: true,
  })
  for (let from = await storedOf(db, request.list); from < items.length; from += AT_ONCE)
    await db.sql.transaction((tx) => writeStarts(tx, served, request, items.slice(from, from + AT_ONCE), from))

  return { total: items.length }
}

const storedOf = (db: Db, list: ListId): Promise<number> => db.command.count({ where: { listId: list, kind: 'start' } })

async function writeStarts(
  tx: Sql,
  served: Served,
  { list, case: from, clock, rehearsal, setBody, as, process, body, form = {} }: OpenEach,
  items: readonly unknown[],
  first: number,
): Promise<void> {
  const starts = items.map((item): Start => ({
    ...{ kind: 'start', command: randomUUID() as CommandId, case: randomUUID() as CaseId, as, process, body },
    form: { ...form, ...(isRecord(item) ? item : {}) },
  }))
  const sender = { case: from, body: setBody, clock, rehearsal, setBody }
  const read = await readStarts(tx, sender, starts, served, Date.now())
  const made = read.map((each, n) => startRow(sender, each, { list, key: `list:${list}:${String(first + n)}` }))
  const refused = made.flatMap((each) => each.refused ?? [])
  await Promise.all([
    writeLinks(tx, from, starts.map(openedLink)),
    writeCommands(
      tx,
      from,
      made.map(({ row }) => row),
    ),
    refused.length > 0 && tx.run`with ${settling(refused)} select 1`,
  ])
}

/** The cases of a list in its order, each with its end. */
export const casesOfList = (db: Db, { list }: { readonly list: ListId }): Promise<CaseOfList[]> =>
  db.sql.rows<{ of: CaseOfList }>`
      select jsonb_strip_nulls(jsonb_build_object('case', s."caseId",
        'end', case when s.state = 'refused' then 'refused' else c.outcome end,
        'annulled', case when ${annulledSql(Prisma.sql`c`)} then true end)) as "of"
      from commands s left join cases c on c.id = s."caseId" and c.status = 'closed'
      where s."listId" = ${list}::uuid and s.kind = 'start' order by s.seq`.then((rows) => rows.map(({ of }) => of))

/** Field of the content row of a kept list. */
const KEPT = 'rows'

/**
 * Keeps a list as a content row of a case under that id, for `openEach` and for whoever looks later; a row that is there stays. Answers
 * what history knows of it.
 */
export async function keepList(
  db: Db,
  { case: caseId, content }: Pick<KeepAnswer, 'case' | 'content'>,
  list: readonly unknown[],
): Promise<{ readonly hash: string; readonly total: number }> {
  // as the row will have it
  const body: unknown = JSON.parse(JSON.stringify({ [KEPT]: list }))
  const { salt, hash } = sealed(body)
  await db.sql.run`
    insert into contents (id, "caseId", body, salt, hash, "createdAt")
    values (${content}::uuid, ${caseId}::uuid, ${JSON.stringify(body)}::jsonb, ${salt}, ${hash}, now()) on conflict (id) do nothing`
  const [kept] = await db.sql.rows<{ hash: string; total: number }>`
    select hash, jsonb_array_length(body -> ${KEPT}::text) as total from contents where id = ${content}::uuid`
  if (!kept) throw new Error(`the list kept as content ${content} of case ${caseId} is not there`)

  return kept
}

/** What was sent to cases of the list before a moment has no outcome yet. */
export class NotSettledYet extends Error {}

/** How the cases of a list stand; with `asOf` throws NotSettledYet while what was sent before has no outcome. */
export async function endsOf(
  db: Db,
  { list, asOf }: { readonly list: ListId; readonly asOf?: Instant },
): Promise<EndsOfList> {
  if (asOf !== undefined) {
    const underway = await db.sql.rows`
      select 1 from commands c where c.state = 'stored' and c."receivedAt" < ${asOf}::timestamptz
        and c."caseId" in (select s."caseId" from commands s where s."listId" = ${list}::uuid and s.kind = 'start') limit 1`
    if (underway.length > 0)
      throw new NotSettledYet(`what was sent to cases of list ${list} before ${asOf} has no outcome yet`)
  }
  const rows = await db.sql.rows<{ end: string | null; refused: boolean; annulled: boolean; n: number }>`
    select s.state = 'refused' or c.outcome = 'refused' as refused, c.outcome as end, ${annulledSql(Prisma.sql`c`)} as annulled,
      count(*)::int as n
    from commands s left join cases c on c.id = s."caseId" and c.status = 'closed'
    where s."listId" = ${list}::uuid and s.kind = 'start' group by 1, 2, 3`
  const count = (of: typeof rows) => of.reduce((sum, { n }) => sum + n, 0)
  const begun = rows.filter(({ refused }) => !refused)

  return {
    total: count(rows),
    refused: count(rows.filter(({ refused }) => refused)),
    open: count(begun.filter(({ end }) => end === null)),
    ends: Object.fromEntries(begun.flatMap(({ end, annulled, n }) => (end === null || annulled ? [] : [[end, n]]))),
    annulled: count(begun.filter(({ annulled }) => annulled)),
  }
}
