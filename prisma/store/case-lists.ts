/** Cases that a case opens by a list: one for each item of a field of a content row. */
import { randomUUID } from 'node:crypto'
import type { CaseId, CommandId, ContentRef, EndsOfList, Fact, Instant, ListId } from '../../workflows/kernel/contract'
import type { Processes } from '../../workflows/kernel/process'
import type { OpenEach } from '../../workflows/kernel/protocol/activities'
import { settling } from './commands'
import type { Db, Sql } from './db'
import { openedLink, readStarts, startRow, writeCommands, writeLinks, type Start } from './linked-cases'
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
export async function openEach(db: Db, processes: Processes, request: OpenEach): Promise<{ readonly total: number }> {
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
    await db.sql.transaction((tx) => writeStarts(tx, processes, request, items.slice(from, from + AT_ONCE), from))

  return { total: items.length }
}

const storedOf = (db: Db, list: ListId): Promise<number> => db.command.count({ where: { listId: list, kind: 'start' } })

async function writeStarts(
  tx: Sql,
  processes: Processes,
  { list, case: from, clock, rehearsal, setBody, as, process, body, form = {} }: OpenEach,
  items: readonly unknown[],
  first: number,
): Promise<void> {
  const starts = items.map((item): Start => ({
    ...{ kind: 'start', command: randomUUID() as CommandId, case: randomUUID() as CaseId, as, process, body },
    form: { ...form, ...(isRecord(item) ? item : {}) },
  }))
  const sender = { case: from, body: setBody, clock, rehearsal, setBody }
  const read = await readStarts(tx, sender, starts, processes, Date.now())
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
  const rows = await db.sql.rows<{ end: string | null; refused: boolean; n: number }>`
    select s.state = 'refused' or c.outcome = 'refused' as refused, c.outcome as end, count(*)::int as n
    from commands s left join cases c on c.id = s."caseId" and c.status = 'closed'
    where s."listId" = ${list}::uuid and s.kind = 'start' group by 1, 2`
  const count = (of: typeof rows) => of.reduce((sum, { n }) => sum + n, 0)
  const begun = rows.filter(({ refused }) => !refused)

  return {
    total: count(rows),
    refused: count(rows.filter(({ refused }) => refused)),
    open: count(begun.filter(({ end }) => end === null)),
    ends: Object.fromEntries(begun.flatMap(({ end, n }) => (end === null ? [] : [[end, n]]))),
  }
}
