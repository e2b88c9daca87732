/** What cases do to registers: each effect once, by its id, and never after it was taken back. */
import type { BodyKey, CaseId, EffectId, Fact, IsoDate } from '../../workflows/kernel/contract'
import type {
  EffectOutcome,
  DoOn,
  EffectRef,
  Suspend,
  TakeBack,
  TakeEffect,
  UndoEffect,
} from '../../workflows/kernel/protocol/activities'
import { RECEIVING } from './commands'
import { Prisma, type Db, type Sql } from './db'
import type { Author, Told } from './register-trail'
import { hasUnbegunAppeal } from './unbegun-appeals'

/** Which case writes, by which of its effects, on which of its days. */
export interface EffectAuthor {
  readonly case: CaseId
  readonly effect: EffectId
  readonly on: IsoDate
  /** who is told of rows of the register that it changes; nobody in a rehearsal */
  readonly told?: Told
}

/** The same as the trail of the register names it. */
export const registerAuthor = ({ case: id, effect, told }: EffectAuthor): Author => ({
  by: { case: id, effect },
  ...(told ? { told } : {}),
})

/** How an effect is done and taken back. All that one does is one transaction. */
export interface EffectStore<Request = Fact, Value = unknown> {
  /** does it, or says why not; what it needs to be taken back is in `value` */
  take(tx: Sql, request: Request, author: EffectAuthor): Promise<EffectOutcome<Value>>
  /** takes back what was done, or says why it cannot be */
  undo(
    tx: Sql,
    done: { readonly request: Request; readonly value: Value },
    author: EffectAuthor,
  ): Promise<EffectOutcome>
  /** it writes rows that belong to the set of a rehearsal by themselves; any other writes nothing in a rehearsal */
  readonly ownSets?: true
}
export type EffectStores = Readonly<Record<string, EffectStore>>

interface Kept extends Omit<TakeEffect, 'on' | 'effect'> {
  readonly state: 'taken' | 'refused' | 'undone'
  readonly outcome: EffectOutcome
}

const storeNamed = (stores: EffectStores, name: string): EffectStore => {
  const store = stores[name]
  if (!store) throw new Error(`nobody says how the effect ${name} is done`)

  return store
}

/** `appealing`: the processes whose cases appeal decisions; what carries one out waits for those that have not begun. */
interface Taking {
  readonly told?: Told
  readonly appealing?: readonly string[]
}

/**
 * Does an effect. Asked again it answers what it answered; once it has been taken back it does nothing, even if it comes for the first
 * time then.
 */
export const takeEffect = (
  db: Db,
  stores: EffectStores,
  asked: TakeEffect,
  { told, appealing = [] }: Taking = {},
): Promise<EffectOutcome> =>
  db.sql.transaction(async (tx) => {
    const { effect, name, case: id, request, on, rehearsal, setBody } = asked
    // whoever comes second waits here until the first has an outcome
    const added = await tx.run`
      insert into effects (id, "caseId", name, request, state, outcome, rehearsal, "setBodyKey", "on", at)
      values (${effect}::uuid, ${id}::uuid, ${name}, ${JSON.stringify(request)}::jsonb, 'refused', 'null', ${rehearsal}, ${setBody},
        ${on}::date, clock_timestamp())
      on conflict (id) do nothing`
    if (added === 0) return (await keptOf(tx, effect)).outcome
    const appeal = await appealUnderway(tx, asked, appealing)
    const outcome = appeal ? underAppeal(appeal) : await done(tx, stores, asked, told)
    await tx.run`
      update effects set state = ${outcome.taken ? 'taken' : 'refused'}, outcome = ${JSON.stringify(outcome)}::jsonb where id = ${effect}::uuid`

    return outcome
  })

/** Somebody has appealed a decision of this case, and the appeal has not begun yet: which decision, and whether it suspends, is not known before. */
export class AppealNotBegun extends Error {}

/**
 * The open appeal that suspends the decision which an effect carries out. No start about the case is stored while this is looked at and
 * the effect is done: an appeal received before is seen, and one that is not seen is received after it.
 */
async function appealUnderway(
  tx: Sql,
  { case: id, decision }: TakeEffect,
  appealing: readonly string[],
): Promise<CaseId | null> {
  if (decision === undefined) return null
  await tx.run`select pg_advisory_xact_lock(${RECEIVING}::int, hashtext(${id}::text))`
  if (await hasUnbegunAppeal(tx, appealing, id))
    throw new AppealNotBegun(`an appeal of a decision of case ${id} was received and has not begun`)

  return suspendingAppeal(tx, decision)
}

/** An open appeal that suspends the decision of this document. */
export async function suspendingAppeal(sql: Pick<Sql, 'rows'>, decision: string): Promise<CaseId | null> {
  const [found] = await sql.rows<{ appeal: CaseId }>`
    select e."caseId" as appeal from effects e join cases c on c.id = e."caseId"
    where e.name = 'suspend' and e.state = 'taken' and e.request->>'document' = ${decision} and c.status = 'open' limit 1`

  return found?.appeal ?? null
}

const underAppeal = (appeal: CaseId): EffectOutcome => ({
  taken: false,
  reason: { code: 'appeal.underway', params: { appeal } },
})

/** Its row is all there is of it: whoever carries out the decision looks at it. */
export const suspend: EffectStore<Suspend, null> = {
  take: () => Promise.resolve({ taken: true, value: null }),
  undo: () => Promise.resolve(NOTHING_LEFT),
  ownSets: true,
}

/** Nobody is told of what a rehearsal did. */
const toldOf = (rehearsal: string | null, told: Told | undefined): Pick<EffectAuthor, 'told'> =>
  rehearsal === null && told ? { told } : {}

/** Does it: in a rehearsal by the register as its set has left it. */
async function done(
  tx: Sql,
  stores: EffectStores,
  { effect, name, case: id, request, on, rehearsal, setBody }: TakeEffect,
  told: Told | undefined,
): Promise<EffectOutcome> {
  const store = storeNamed(stores, name)
  const author = { case: id, effect, on, ...toldOf(rehearsal, told) }
  const take = () => store.take(tx, request, author)

  return rehearsal === null || store.ownSets ? take() : asInSet(tx, stores, { rehearsal, setBody }, take)
}

/** A set of rehearsals of a body. */
export interface RehearsalSet {
  readonly rehearsal: string | null
  readonly setBody: BodyKey
}

/**
 * Does something by the register as it would be after all that cases of a set of rehearsals did: it is done again, and nothing of it
 * stays.
 */
async function asInSet<T>(
  tx: Sql,
  stores: EffectStores,
  { rehearsal, setBody }: RehearsalSet,
  then: () => Promise<T>,
): Promise<T> {
  // one after another, so that each sees those before it
  await tx.run`select pg_advisory_xact_lock(${REHEARSING}::int, hashtext(${`${setBody}/${String(rehearsal)}`}))`
  const before = await tx.rows<{ id: EffectId; caseId: CaseId; name: string; request: Fact; on: IsoDate }>`
    select id, "caseId", name, request, "on" from effects
    where rehearsal = ${rehearsal} and "setBodyKey" = ${setBody} and state = 'taken' order by seq`
  await tx.run`savepoint rehearsed`
  for (const each of before) {
    const store = storeNamed(stores, each.name)
    if (!store.ownSets) await store.take(tx, each.request, { case: each.caseId, effect: each.id, on: each.on })
  }
  const result = await then()
  // what is only held to when a transaction ends counts too
  await tx.run`set constraints all immediate`
  await tx.run`rollback to savepoint rehearsed`

  return result
}

/**
 * What a question of a process is asked of: the register, in a rehearsal as its set has changed it. Nothing else: a question that took a
 * connection of its own inside that transaction would wait for one that its like hold.
 */
export interface Asked {
  readonly sql: Pick<Sql, 'rows'>
}

/** Asks the register; in a rehearsal, as it would be after what cases of the set did. */
export async function askRegister<T>(
  db: Db,
  stores: EffectStores,
  set: RehearsalSet | null,
  ask: (asked: Asked) => Promise<T>,
): Promise<T> {
  return set !== null && (await hasChanged(db.sql, set))
    ? db.sql.transaction((tx) => asInSet(tx, stores, set, () => ask({ sql: tx })))
    : ask({ sql: db.sql })
}

/** The same within a transaction that does nothing else meanwhile: it would be taken back with what the set did. */
export const askRegisterWithin = async <T>(
  tx: Sql,
  stores: EffectStores,
  set: RehearsalSet,
  ask: () => Promise<T>,
): Promise<T> => (set.rehearsal !== null && (await hasChanged(tx, set)) ? asInSet(tx, stores, set, ask) : ask())

/** Whether a case of the set has done anything to the register. */
const hasChanged = async (sql: Pick<Sql, 'rows'>, { rehearsal, setBody }: RehearsalSet): Promise<boolean> =>
  (
    await sql.rows`select 1 from effects
      where rehearsal = ${rehearsal} and "setBodyKey" = ${setBody} and state = 'taken' and name <> 'hold' limit 1`
  ).length > 0

/** first half of the key under which the effects of one set of rehearsals wait for one another */
const REHEARSING = 7_236_404

async function keptOf(tx: Sql, effect: EffectId, lock = Prisma.empty): Promise<Kept> {
  const [kept] = await tx.rows<Kept>`
    select state, "caseId" as "case", name, request, outcome, rehearsal, "setBodyKey" as "setBody" from effects where id = ${effect}::uuid ${lock}`
  if (!kept) throw new Error(`effect ${effect} has no row`)

  return kept
}

/** An effect that was taken back before it came. */
const UNDONE: EffectOutcome = { taken: false, reason: { code: 'effect.undone' } }
const NOTHING_LEFT: EffectOutcome = { taken: true, value: null }

/**
 * Takes an effect back, once. Of one that has not come a row stays by which it does nothing when it comes. One that cannot be taken back
 * stays as it is, and the answer says why.
 */
export const undoEffect = (
  db: Db,
  stores: EffectStores,
  { effect, name, case: id, on }: UndoEffect,
  told?: Told,
): Promise<EffectOutcome> =>
  db.sql.transaction(async (tx) => {
    const added = await tx.run`
      insert into effects (id, "caseId", name, request, state, outcome, "setBodyKey", "on", at, "undoneAt", "undoneById")
      values (${effect}::uuid, ${id}::uuid, ${name}, 'null', 'undone', ${JSON.stringify(UNDONE)}::jsonb, '', ${on}::date, clock_timestamp(),
        clock_timestamp(), ${id}::uuid)
      on conflict (id) do nothing`
    if (added > 0) return NOTHING_LEFT

    const kept = await keptOf(tx, effect, Prisma.sql`for update`)

    return undoKept(tx, stores, kept, { case: id, effect, on, ...toldOf(kept.rehearsal, told) })
  })

async function undoKept(
  tx: Sql,
  stores: EffectStores,
  { state, name, request, outcome, rehearsal }: Kept,
  author: EffectAuthor,
): Promise<EffectOutcome> {
  const store = storeNamed(stores, name)
  if (state === 'taken' && outcome.taken && (rehearsal === null || store.ownSets)) {
    const undone = await store.undo(tx, { request, value: outcome.value }, author)
    if (!undone.taken) return undone
  }
  // who asked for it and lost the answer hears what it came to
  await tx.run`
    update effects set state = 'undone', "undoneAt" = clock_timestamp(), "undoneById" = ${author.case}::uuid,
      outcome = case when state = 'taken' then ${JSON.stringify(UNDONE)}::jsonb else outcome end
    where id = ${author.effect}::uuid and state <> 'undone'`

  return NOTHING_LEFT
}

const otherSet: EffectOutcome<never> = { taken: false, reason: { code: 'annul.otherSet' } }

/**
 * Takes back what another case did, as an effect of the case that takes it back: its undo does it again, under the id that it had. `all`:
 * every effect there is.
 */
export const takeBackAmong = (all: () => EffectStores): EffectStore<TakeBack, { readonly stood: boolean }> => ({
  take: async (tx, { effect }, { effect: own, ...author }) => {
    const [mine, kept] = [await keptOf(tx, own), await keptOf(tx, effect, Prisma.sql`for update`)]
    if (mine.rehearsal !== kept.rehearsal || (mine.rehearsal !== null && mine.setBody !== kept.setBody)) return otherSet
    if (kept.state !== 'taken') return { taken: true, value: { stood: false } }
    const undone = await undoKept(tx, all(), kept, { ...author, effect })

    return undone.taken ? { taken: true, value: { stood: true } } : undone
  },
  undo: async (tx, { request: { effect }, value: { stood } }, { on, told }) => {
    const kept = await keptOf(tx, effect, Prisma.sql`for update`)
    if (!stood || kept.state !== 'undone') return NOTHING_LEFT
    const outcome = await done(tx, all(), { ...kept, effect, on }, told)
    if (!outcome.taken) return outcome
    // it counts after what was done in the meantime
    await tx.run`
      update effects set state = 'taken', outcome = ${JSON.stringify(outcome)}::jsonb, "on" = ${on}::date, "undoneAt" = null,
        "undoneById" = null, seq = nextval('effects_seq_seq')
      where id = ${effect}::uuid`

    return NOTHING_LEFT
  },
  ownSets: true,
})

/**
 * Does anew, for another day, what another case did: taken back and done again with another `on`, in one transaction and under the id that
 * it had. Its undo does it for the day of before.
 */
export const doOnAmong = (all: () => EffectStores): EffectStore<DoOn, { readonly before: Fact }> => ({
  take: async (tx, { effect, on }, { effect: own, ...author }) => {
    const [mine, kept] = [await keptOf(tx, own), await keptOf(tx, effect, Prisma.sql`for update`)]
    if (mine.rehearsal !== kept.rehearsal || (mine.rehearsal !== null && mine.setBody !== kept.setBody)) return otherSet
    const done = await doneAgain(tx, all(), { ...kept, effect, request: forDay(kept.request, on) }, author)

    return done.taken ? { taken: true, value: { before: kept.request } } : done
  },
  undo: async (tx, { request: { effect }, value: { before } }, { effect: _, ...author }) =>
    doneAgain(tx, all(), { ...(await keptOf(tx, effect, Prisma.sql`for update`)), effect, request: before }, author),
  ownSets: true,
})

/** What an effect asks for, for another day; what names no day stays as it is. */
const forDay = (request: Fact, on: IsoDate): Fact =>
  typeof request === 'object' && request !== null && 'on' in request ? { ...request, on } : request

async function doneAgain(
  tx: Sql,
  stores: EffectStores,
  asked: Kept & { readonly effect: EffectId },
  author: Omit<EffectAuthor, 'effect'>,
): Promise<EffectOutcome> {
  const { effect, request, state } = asked
  if (state !== 'taken') return UNDONE
  await tx.run`savepoint again`
  const back = await undoKept(tx, stores, await keptOf(tx, effect), { ...author, effect })
  if (!back.taken) return back
  const outcome = await done(tx, stores, { ...asked, on: author.on }, author.told)
  if (!outcome.taken) {
    // both or neither: what was done before stands
    await tx.run`rollback to savepoint again`

    return outcome
  }
  await tx.run`
    update effects set state = 'taken', request = ${JSON.stringify(request)}::jsonb, outcome = ${JSON.stringify(outcome)}::jsonb,
      "undoneAt" = null, "undoneById" = null, seq = nextval('effects_seq_seq')
    where id = ${effect}::uuid`

  return NOTHING_LEFT
}

/** What a case did that stands, in the order in which it was done. */
export const effectsOf = (db: Db, caseId: CaseId): Promise<EffectRef[]> =>
  db.sql.rows<EffectRef>`
    select id as effect, name from effects where "caseId" = ${caseId}::uuid and state = 'taken' and name not in ('hold', 'suspend') order by seq`
