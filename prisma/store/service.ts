/** What the register says of people on a day: where they serve, since when, in which roles. Ids, codes and dates only. */
import type { ServicePost } from '../../workflows/service/posts'
import {
  addDays,
  keepingPast,
  localDate,
  monthsBetween,
  OutsideCalendar,
  workingDaysWithin,
} from '../../workflows/kernel/law/calendar'
import { instant } from '../../workflows/kernel/law/case-clock'
import type {
  BodyKey,
  DaysOff,
  IsoDate,
  PersonId,
  PositionId,
  Role,
  WeekProfile,
} from '../../workflows/kernel/contract'
import { daysOffFor, profileOf } from './calendar'
import { Prisma, type Db } from './db'
import type { Asked } from './effects'
import { inForce, inForceSql, isOneOf } from './listing'

/** Ids in the database are branded only here, where it is known what they are ids of. */
const personId = (id: string) => id as PersonId
const bodyKey = (key: string) => key as BodyKey

/** Where a person serves, for the rules of a process: `ServicePost` and what else the register knows of the place. */
export interface ServicePostFacts extends ServicePost {
  readonly post: string
  readonly position: PositionId
  readonly category: string
  readonly unit: string | null
  /** IANA name */
  readonly zone: string
  readonly profile: WeekProfile
  /** the body of the Agency that this body answers to */
  readonly agency: BodyKey
  /** whole months of service up to the date, gaps left out */
  readonly serviceMonths: number
}

const AGENCY = bodyKey('civilServiceAgency')

/**
 * The body of the Agency that a body's cases go to: its department in the region for territorial and local bodies, else
 * the Agency itself, and so for the departments themselves.
 */
export const agencyOf = async (db: Pick<Asked, 'sql'>, body: BodyKey): Promise<BodyKey> => {
  const [found] = await db.sql.rows<{ kind: string; department: string; known: boolean }>`
    with asked as (select kind, ${AGENCY}::text || '.' || "regionKey" as department from state_bodies where key = ${body})
    select kind, department, exists (select 1 from state_bodies b where b.key = asked.department) as known from asked`
  if (!found) throw new Error(`there is no body ${body}`)
  const { kind, department, known } = found
  if (kind === 'central' || kind === 'agency' || department === body) return AGENCY
  return known ? bodyKey(department) : AGENCY
}

/** Further back than this a break in service is not measured: every rule about it speaks of days. */
const BREAK_MEASURED_DAYS = 366

/**
 * Working days between two posts. Before the first day of the register only the week tells working days (D): an error
 * would leave a case that asks without an answer, and fewer days would hide a break.
 */
const breakBetween = async (
  db: Asked,
  { body, profile, left, taken }: { body: BodyKey; profile: WeekProfile; left: IsoDate; taken: IsoDate },
): Promise<number> => {
  const longest = addDays(taken, -BREAK_MEASURED_DAYS)
  const since = addDays(left < longest ? longest : left, 1)
  if (since >= taken) return 0
  const known = await daysOffFor(db, { body, backTo: since, from: taken, to: taken }).catch((error: unknown) => {
    if (error instanceof OutsideCalendar) return null
    throw error
  })
  const week: DaysOff = { profile, from: since, to: taken, off: [], working: [] }
  return workingDaysWithin(since, addDays(taken, -1), known ? keepingPast(week, known) : week)
}

/** Who holds the first of such positions on a day; whoever holds it temporarily acts while its holder is away. */
const holderOf = async (sql: Asked['sql'], where: Prisma.Sql, on: IsoDate): Promise<PersonId | null> => {
  const [post] = await sql.rows<{ person: PersonId }>`
    select post."personId" as person from posts post join positions o on o.id = post."positionId"
    where ${where} and ${inForceSql('post', on)} order by post.kind desc, post."from" desc limit 1`

  return post?.person ?? null
}

/** A post with its place, as `servicePost` reads it. */
interface PostWithPlace {
  readonly id: string
  readonly from: IsoDate
  readonly to: IsoDate | null
  readonly unit: string | null
  readonly headsUnit: boolean
  readonly elected: boolean
  readonly category: string
  readonly corps: string
  readonly body: BodyKey
  readonly kind: string
  readonly region: string
  readonly zone: string
  readonly week: string
}

/**
 * What the register says of a person in a position on a date, or null when he does not hold it then, or has left it since. A
 * first entry has no earlier post of any kind. The supervisor is who heads the unit now, not who headed it on the date: he is
 * named in order to act; for whoever heads it himself, or where nobody does, who heads the body; null for whoever heads the
 * body. `breakWorkingDays` is counted over a year at most.
 */
export const servicePost = async (
  { sql }: Asked,
  { person, position, on }: { readonly person: PersonId; readonly position: PositionId; readonly on: IsoDate },
  now: number,
): Promise<ServicePostFacts | null> => {
  const [post] = await sql.rows<PostWithPlace>`
    select post.id, post."from", post."to", o."unitId" as unit, o."headsUnit", o.elected, k.code as category, k.corps, b.key as body,
      b.kind, b."regionKey" as region, r.timezone as zone, b."weekProfile" as week
    from posts post join positions o on o.id = post."positionId" join position_categories k on k.code = o."categoryCode"
    join state_bodies b on b.key = o."bodyKey" join regions r on r.key = b."regionKey"
    where post."personId" = ${person}::uuid and post."positionId" = ${position}::uuid and ${inForceSql('post', on)}
    order by post."from" desc limit 1`
  if (!post) return null
  const { body, corps, unit, zone, from: appointedOn } = post
  if (!isOneOf(['political', 'A', 'B'], corps)) throw new TypeError(`no such corps: ${corps}`)
  const today = localDate(instant(now), zone)
  const present = today > on ? today : on
  if (post.to && post.to < present) return null
  const [earlier, ofUnit, ofBody, agency, months] = await Promise.all([
    sql.rows<{ to: IsoDate | null; endGround: string | null }>`
      select "to", "endGround" from posts
      where "personId" = ${person}::uuid and id <> ${post.id}::uuid and "from" < ${appointedOn}::date`,
    unit && !post.headsUnit ? holderOf(sql, Prisma.sql`o."unitId" = ${unit}::uuid and o."headsUnit"`, present) : null,
    holderOf(sql, Prisma.sql`o."bodyKey" = ${body} and o."headsBody"`, present),
    agencyOf({ sql }, body),
    serviceMonths(sql, person, on),
  ])
  const ended = earlier
    .flatMap(({ to, endGround }) => (to ? [{ on: to, endGround }] : []))
    .sort((a, b) => (a.on < b.on ? 1 : -1))
  const left = ended[0]
  const profile = profileOf(post.week)
  return {
    post: post.id,
    position,
    category: post.category,
    corps,
    elected: post.elected,
    appointedOn,
    firstEntry: earlier.length === 0,
    leftOn: left?.on ?? null,
    leftGround: left?.endGround ?? null,
    breakWorkingDays: left ? await breakBetween({ sql }, { body, profile, left: left.on, taken: appointedOn }) : null,
    body,
    bodyKind: post.kind,
    region: post.region,
    zone,
    profile,
    unit,
    supervisor: [ofUnit, ofBody].find((each) => each !== null && each !== person) ?? null,
    agency,
    serviceMonths: months,
  }
}

export interface Held {
  readonly from: IsoDate
  readonly to: IsoDate | null
}

/** Whole months of service up to a date. Posts that follow one another without a gap count as one stretch. */
export const serviceMonths = async (sql: Asked['sql'], person: PersonId, on: IsoDate): Promise<number> =>
  monthsIn(
    await sql.rows<Held>`
      select "from", "to" from posts where "personId" = ${person}::uuid and "from" <= ${on}::date order by "from"`,
    on,
  )

/** The same from the posts themselves, those that began first in front. */
export const monthsIn = (posts: readonly Held[], on: IsoDate): number => {
  const stretches: { from: IsoDate; until: IsoDate }[] = []
  for (const { from, to } of posts) {
    const until = to !== null && to < on ? addDays(to, 1) : on
    const last = stretches.at(-1)
    if (last && from <= last.until) last.until = until > last.until ? until : last.until
    else stretches.push({ from, until })
  }
  return stretches.reduce((months, { from, until }) => months + monthsBetween(from, until), 0)
}

/** Who holds a role in a body on a date, in a fixed order. */
export const holdersOf = async (
  db: Db,
  { role, body }: { readonly role: Role; readonly body: BodyKey },
  on: IsoDate,
): Promise<PersonId[]> => {
  const stored = await db.bodyRole.findMany({
    where: { role, bodyKey: body, ...inForce(on) },
    orderBy: [{ from: 'asc' }, { personId: 'asc' }],
  })
  return [...new Set(stored.map((row) => personId(row.personId)))]
}
