/** The appeals of a case that is restricted are restricted with it, and lifted with it: by the step that says so, in its transaction. */
import { randomUUID } from 'node:crypto'
import type { CaseId, CommandId, PersonId } from '../../workflows/kernel/contract'
import type { Step } from '../../workflows/kernel/protocol/step'
import { OPEN_TASK } from './conditions'
import { Prisma, type Sql } from './db'
import { appendTo, type ChainEnd } from './events'
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
export async function restrictAppeals(tx: Sql, step: Step): Promise<void> {
  const { case: id, events, opening, links = [] } = step
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
    // one that has closed meanwhile has no story left to say it in its file
    if (people)
      await tx.run`update cases set "restrictedTo" = ${[...people]}::uuid[] where id = ${appeal}::uuid and status = 'open'`
  }
  // after those that were open: what ended in between is found here
  if (changed) await restrictEndedAppeals(tx, step, Prisma.sql`l."toId" = ${id}::uuid`)
  // told of it, but closed before it heard
  if (step.status === 'closed') await restrictEndedAppeals(tx, step, Prisma.sql`l."fromId" = ${id}::uuid`)
}

/**
 * Appeals that have ended: no story hears of it, so their rows and files say so here, as they say what is added after an end. What was restricted
 * in another way before the end stays so.
 */
async function restrictEndedAppeals(tx: Sql, { at, on }: Step, which: Prisma.Sql): Promise<void> {
  const ended = await differingAppeals(tx, which, 'closed')
  for (const { appeal, people } of ended) {
    // nothing that holds the row of a closed case waits for another: this makes no circle, as the lock of a second open case would
    const [end] =
      await tx.rows<ChainEnd>`select "lastSeq", "lastHash" from cases where id = ${appeal}::uuid for no key update`
    if (!end || (people === null && !(await isRestrictedSinceItsEnd(tx, appeal)))) continue
    await tx.run`update cases set "restrictedTo" = ${people && [...people]}::uuid[] where id = ${appeal}::uuid`
    const said = people ? { kind: 'caseRestricted', params: { people } } : { kind: 'restrictionLifted', params: {} }
    await appendTo(tx, appeal, end, [{ ...said, at, on, step: null, actor: null, capacity: null, task: null }])
  }
}

async function isRestrictedSinceItsEnd(tx: Sql, appeal: CaseId): Promise<boolean> {
  const [last] = await tx.rows<{ step: number | null }>`
    select e.step from events e where e."caseId" = ${appeal}::uuid and e.kind = 'caseRestricted' order by e.seq desc limit 1`

  return last?.step === null
}

/** Named are whom the appealed case names and whoever hears the appeal: who has a part in it, or a task of it in hand. */
const differingAppeals = (tx: Sql, which: Prisma.Sql, status: 'open' | 'closed' = 'open'): Promise<Differs[]> =>
  tx.rows<Differs>`
    select a.id as appeal, o.id as appealed, case when o."restrictedTo" is not null then array(
        select distinct person from (
          select unnest(o."restrictedTo") as person
          union select p."personId" from case_parts p where p."caseId" = a.id and p."to" is null
          union select t."assigneeId" from tasks t where t."caseId" = a.id and t.state in ${OPEN_TASK} and t."assigneeId" is not null) named
        where person is distinct from a."subjectId" and not person = any(a."keptFrom") order by person) end as people
    from case_links l join cases a on a.id = l."fromId" and a.status = ${status} join cases o on o.id = l."toId"
    where l.kind = 'appeals' and ${which} and (a."restrictedTo" is null) <> (o."restrictedTo" is null)
    for share of o`
