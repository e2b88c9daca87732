/** The open appeals of a case that is restricted are restricted with it, and lifted with it: by the step that says so, in its transaction. */
import { randomUUID } from 'node:crypto'
import type { CaseId, CommandId, PersonId } from '../../workflows/kernel/contract'
import type { Step } from '../../workflows/kernel/protocol/step'
import { OPEN_TASK } from './conditions'
import { Prisma, type Sql } from './db'
import { actRow, writeCommands } from './linked-cases'

/** An appeal whose restriction is not that of the case which it appeals. */
interface Differs {
  readonly appeal: CaseId
  readonly appealed: CaseId
  /** whom the appeal is to name; null: nobody any more */
  readonly people: readonly PersonId[] | null
}

/**
 * Tells appeals what became of the restriction of the case that they are against, after all else of the step is written. Rows of appeals that become
 * restricted are so at once; their own steps say so once they have heard it. An appeal that begins meanwhile waits for the case, or that for it.
 */
export async function restrictAppeals(tx: Sql, { case: id, events, opening, links = [] }: Step): Promise<void> {
  const changed = events.some(({ kind }) => kind === 'caseRestricted' || kind === 'restrictionLifted')
  const begun = opening !== undefined && links.some(({ kind }) => kind === 'appeals')
  // waits for a case that is being restricted: what it has become is read by a statement after this one
  if (begun)
    await tx.rows`select 1 from case_links l join cases o on o.id = l."toId" where l."fromId" = ${id}::uuid and l.kind = 'appeals' for share of o`
  const differing = [
    ...(changed ? await differingAppeals(tx, Prisma.sql`l."toId" = ${id}::uuid`) : []),
    ...(begun ? await differingAppeals(tx, Prisma.sql`l."fromId" = ${id}::uuid`) : []),
  ]
  for (const { appeal, appealed, people } of differing) {
    const told = people ? { act: 'restrict', form: { people } } : { act: 'lift', form: {} }
    await writeCommands(tx, appealed, [actRow(appealed, { command: randomUUID() as CommandId, case: appeal, ...told })])
    if (people) await tx.run`update cases set "restrictedTo" = ${[...people]}::uuid[] where id = ${appeal}::uuid`
  }
}

/** Named are whom the appealed case names and whoever hears the appeal: who has a part in it, or a task of it in hand. */
const differingAppeals = (tx: Sql, which: Prisma.Sql): Promise<Differs[]> =>
  tx.rows<Differs>`
    select a.id as appeal, o.id as appealed, case when o."restrictedTo" is not null then array(
        select distinct person from (
          select unnest(o."restrictedTo") as person
          union select p."personId" from case_parts p where p."caseId" = a.id and p."to" is null
          union select t."assigneeId" from tasks t where t."caseId" = a.id and t.state in ${OPEN_TASK} and t."assigneeId" is not null) named
        where person is distinct from a."subjectId" and not person = any(a."keptFrom") order by person) end as people
    from case_links l join cases a on a.id = l."fromId" and a.status = 'open' join cases o on o.id = l."toId"
    where l.kind = 'appeals' and ${which} and (a."restrictedTo" is null) <> (o."restrictedTo" is null)
    for share of o`
