/**
 * Letters to people: rows made of notices and kept until a mail server has taken them. Whoever sends one has it for a while and no longer, so
 * that one who dies with it loses nothing; sent twice it has the same Message-ID.
 */
import type { IsoDate, LetterChoice, Locale, PersonId } from '../../workflows/kernel/contract'
import { Prisma, type Db } from './db'
import { inForceSql } from './listing'
import { numeral } from './refs'

export interface LetterWish {
  readonly letters: LetterChoice
  readonly language: Locale
}
/** Of whoever has chosen nothing; Kazakh is the state language. */
const USUAL = { letters: 'atOnce', language: 'kk' } as const satisfies LetterWish

/** How a person wants letters, and his address, if the register has one. */
export async function letterWish(db: Db, person: PersonId): Promise<LetterWish & { readonly address: string | null }> {
  const [found] = await db.sql.rows<LetterWish & { address: string | null }>`
    select p.email as address, coalesce(w.letters, ${USUAL.letters}) as letters, coalesce(w.language, ${USUAL.language}) as language
    from people p left join notice_choices w on w."personId" = p.id where p.id = ${person}::uuid`

  return found ?? { ...USUAL, address: null }
}

export const wishLetters = (db: Db, person: PersonId, { letters, language }: LetterWish): Promise<number> =>
  db.sql.run`
    insert into notice_choices ("personId", letters, language) values (${person}::uuid, ${letters}, ${language})
    on conflict ("personId") do update set letters = excluded.letters, language = excluded.language`

// ------------------------------------------------------------------ made

const NOTICES_A_TIME = 200
/** When letters of a day are sent, by the clocks of the country. */
const MORNING = Prisma.sql`(date_trunc('day', now() at time zone 'Asia/Almaty' - interval '8 hours') + interval '32 hours') at time zone 'Asia/Almaty'`

/**
 * Makes letters of some notices of which none are made yet, for whoever is addressed on the day and has an address; of rehearsals, and
 * without a domain (nobody sends letters here), none. The id of a letter, and with it its Message-ID, follows from notice and person: made again
 * after a restore it is the same. Several who do so at once take different notices. Answers how many notices it took.
 */
export async function makeLetters(
  db: Db,
  { on, domain }: { readonly on: IsoDate; readonly domain: string | null },
): Promise<number> {
  const [made] = await db.sql.rows<{ taken: number }>`
    with taken as materialized (
      select n.id, n."personId", n.role, n."bodyKey", n."toldAt" as at, n.rehearsed from notices n
      where n."letteredAt" is null and n."toldAt" is not null order by n."toldAt" limit ${numeral(NOTICES_A_TIME)} for update skip locked
    ), marked as (
      update notices n set "letteredAt" = now() from taken t where n.id = t.id
    ), addressed as (
      select t.id, t.at, t."personId" as person from taken t where not t.rehearsed and t."personId" is not null
      union
      select t.id, t.at, held."personId" from taken t join body_roles held on held.role = t.role and held."bodyKey" = t."bodyKey"
        and ${inForceSql('held', on)} where not t.rehearsed
    ), wished as materialized (
      select md5(a.id::text || a.person::text)::uuid as letter, a.id, a.at, a.person, p.email as address,
        coalesce(w.letters, ${USUAL.letters}) as letters, coalesce(w.language, ${USUAL.language}) as language
      from addressed a join people p on p.id = a.person left join notice_choices w on w."personId" = a.person
      where p.email is not null and ${domain}::text is not null
    ), each as (
      insert into letters (id, "personId", kind, "noticeIds", address, language, "messageId", "dueAt", "nextAt")
      select letter, person, 'notice', array[id], address, language, ${messageId(domain)}, now(), now()
      from wished where letters = 'atOnce' on conflict (id) do nothing
    ), gathered as (
      insert into letters (id, "personId", kind, "noticeIds", address, language, "messageId", "dueAt", "nextAt")
      select letter, person, 'digest', ids, address, language, ${messageId(domain)}, ${MORNING}, ${MORNING} from (
        select (array_agg(letter order by at, id))[1] as letter, person, array_agg(id order by at, id) as ids, address, language
        from wished where letters = 'daily' group by person, address, language order by person) d
      on conflict ("personId") where kind = 'digest' and state = 'waiting' and attempts = 0
        do update set "noticeIds" = letters."noticeIds" || excluded."noticeIds"
    )
    select count(*)::int as taken from taken`

  return made?.taken ?? 0
}
const messageId = (domain: string | null): Prisma.Sql =>
  Prisma.sql`'<' || letter || '@' || ${domain ?? ''}::text || '>'`

// ------------------------------------------------------------------ sent

export interface Letter {
  readonly id: string
  readonly person: PersonId
  readonly kind: 'notice' | 'digest'
  readonly notices: readonly string[]
  /** that the register has now; null: it was removed */
  readonly address: string | null
  readonly language: Locale
  readonly messageId: string
  readonly state: 'waiting' | 'stopped'
  readonly attempts: number
  /** what he wishes now */
  readonly letters: LetterChoice
}

/**
 * Takes some letters that are due, for as long as it may take to send them; then they are anybody's again. An address that was corrected or
 * removed since a letter was made is never written to: each goes to the one in the register, in the language that its reader has chosen now,
 * and its row says to which and in which it went.
 */
export const takeLetters = (db: Db, limit: number, leaseMs: number): Promise<Letter[]> =>
  db.sql.rows<Letter>`
    with due as (
      select id, "personId" from letters where state in ('waiting', 'stopped') and "nextAt" <= now()
      order by "nextAt" limit ${numeral(limit)} for update skip locked
    )
    update letters l set attempts = attempts + 1, "nextAt" = now() + make_interval(secs => ${leaseMs / 1000}::float),
      address = coalesce(p.email, l.address), language = coalesce(w.language, ${USUAL.language})
    from due left join people p on p.id = due."personId" left join notice_choices w on w."personId" = due."personId" where l.id = due.id
    returning l.id, l."personId" as person, l.kind, l."noticeIds" as notices, p.email as address, l.language, l."messageId", l.state, l.attempts,
      coalesce(w.letters, ${USUAL.letters}) as letters`

/** Letters that were refused are due again when the register has another address of their reader than the one that was refused. */
export const tryCorrectedAddresses = (db: Db): Promise<number> =>
  db.sql.run`
    update letters l set state = 'waiting', "nextAt" = now(), "settledAt" = null
    from people p where l.state = 'refused' and p.id = l."personId" and p.email <> l.address`

/** What became of a letter: an error is a code, never what a mail server wrote. */
export type LetterOutcome =
  | { readonly state: 'sent' | 'withdrawn' }
  | { readonly state: 'refused'; readonly error: string }
  | { readonly state: 'waiting' | 'stopped'; readonly error: string; readonly againInMs: number }

/** Notes what became of a letter that has not been sent meanwhile. */
export const settleLetter = (db: Db, id: string, outcome: LetterOutcome): Promise<number> =>
  'againInMs' in outcome
    ? db.sql.run`
        update letters set state = ${outcome.state}, "lastError" = ${outcome.error},
          "nextAt" = now() + make_interval(secs => ${outcome.againInMs / 1000}::float)
        where id = ${id}::uuid and state in ('waiting', 'stopped')`
    : db.sql.run`
        update letters set state = ${outcome.state}, "lastError" = ${'error' in outcome ? outcome.error : null}, "settledAt" = now()
        where id = ${id}::uuid and state in ('waiting', 'stopped')`

/** A letter that was stopped is so no more: of its cases of which no other is stopped, the incident is over. */
export const resolveStopped = (db: Db, notices: readonly string[]): Promise<number> =>
  db.sql.run`
    update incidents i set "resolvedAt" = now()
    where i.kind = 'letterStopped' and i."resolvedAt" is null
      and i."caseId" in (select n."caseId" from notices n where n.id = any(${[...notices]}::uuid[]))
      and not exists (select 1 from letters l join notices n on n.id = any(l."noticeIds")
        where l.state in ('waiting', 'stopped') and l.state = 'stopped' and n."caseId" = i."caseId")`

const KEPT_DAYS = 90
const FORGOTTEN_A_TIME = 1000
/** Forgets some letters that are long settled; answers how many. */
export const forgetLetters = (db: Db): Promise<number> =>
  db.sql.run`
    delete from letters where id in (select id from letters
      where "settledAt" < now() - make_interval(days => ${numeral(KEPT_DAYS)}) limit ${numeral(FORGOTTEN_A_TIME)})`

// ------------------------------------------------------------------ looked at

export interface OutboxFigures {
  readonly waiting: number
  readonly stopped: number
  readonly refused: number
  readonly sent: number
  /** when the letter was due that waits longest beyond its time; null: none does */
  readonly oldest: Date | null
}

const COUNTED = numeral(10_000)
/** Figures of the outbox; refused and sent ones of the last day. None is counted beyond ten thousand. */
export async function outboxFigures(db: Db): Promise<OutboxFigures> {
  const open = (state: string) =>
    Prisma.sql`(select count(*)::int from (select 1 from letters where state in ('waiting', 'stopped') and state = ${state} limit ${COUNTED}) l)`
  const settled = (state: string) => Prisma.sql`(select count(*)::int from (select 1 from letters
    where "settledAt" > now() - interval '1 day' and state = ${state} limit ${COUNTED}) l)`
  const [found] = await db.sql.rows<OutboxFigures>`
    select ${open('waiting')} as waiting, ${open('stopped')} as stopped, ${settled('refused')} as refused, ${settled('sent')} as sent,
      (select min("dueAt") from letters where state in ('waiting', 'stopped') and "dueAt" <= now()) as oldest`

  return found ?? { waiting: 0, stopped: 0, refused: 0, sent: 0, oldest: null }
}

export interface TroubledLetter {
  readonly id: string
  readonly kind: Letter['kind']
  readonly state: 'waiting' | 'stopped' | 'refused'
  readonly attempts: number
  readonly dueAt: Date
  readonly nextAt: Date
  readonly lastError: string | null
}
const MOST = 100

/** Letters that are stopped or wait so many hours beyond their time, and those that were refused in the last day; the longest first. */
export const troubledLetters = (db: Db, hours: number): Promise<TroubledLetter[]> =>
  db.sql.rows<TroubledLetter>`
    select id, kind, state, attempts, "dueAt", "nextAt", "lastError" from letters
    where state in ('waiting', 'stopped') and (state = 'stopped' or "dueAt" < now() - make_interval(hours => ${hours}::int))
      or "settledAt" > now() - interval '1 day' and state = 'refused'
    order by "dueAt", id limit ${numeral(MOST)}`
