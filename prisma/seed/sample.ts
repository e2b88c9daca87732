/**
 * A sample register made up from a number and a date: the same for the same two. Nobody in it is real. Ids follow from
 * the number alone, so that the same people come out whatever the date is.
 */
import { addDays, addWorkingDays, isoDate, isWorkingDay, weekday } from '../../workflows/kernel/law/calendar'
import { type DaysOff } from '../../workflows/kernel/contract'
import type { BodyKey, IsoDate, PersonId, PositionId, Role } from '../../workflows/kernel/contract'
import { daysOff } from '../../workflows/kernel/law/holidays'
import type { EndGround } from '../../workflows/service/posts'
import { type Chance, chanceOf, uuidOf } from './chance'
import { bodyRows, categoryRows, type GivenName, holidayRows, nameRows, type Surname, swapRows } from './data'
import { HR_UNITS, type PostPlan, staffing, type Title } from './staffing'

export interface SampleOf {
  /** any whole number */
  readonly seed: number
  /** the date that is today in the sample; from 2016 on */
  readonly on: IsoDate
}

interface Unit extends Title {
  readonly id: string
  readonly bodyKey: BodyKey
}
interface Position extends Title {
  readonly id: PositionId
  readonly bodyKey: BodyKey
  readonly unitId: string | null
  readonly categoryCode: string
  readonly headsUnit: boolean
  readonly headsBody: boolean
  readonly elected: boolean
}
interface Person extends Omit<GivenName, 'sex'>, Omit<Surname, 'sex'> {
  readonly id: PersonId
  readonly sex: 'm' | 'f'
  readonly birthDate: IsoDate
  readonly email: string
}
interface Post {
  readonly id: string
  readonly personId: PersonId
  readonly positionId: PositionId
  readonly from: IsoDate
  readonly to: IsoDate | null
  readonly endGround: EndGround | null
}
interface BodyRole {
  readonly id: string
  readonly personId: PersonId
  readonly role: Role
  readonly bodyKey: BodyKey
  readonly from: IsoDate
  readonly postId: string
}
interface Account {
  readonly id: string
  readonly personId: PersonId
  readonly demoAs: string | null
  readonly order: number
}

/** Somebody for whom a probation may be started, and the people who take part in it. */
export interface Newcomer {
  readonly account: string
  readonly person: PersonId
  readonly position: PositionId
  readonly body: BodyKey
  readonly bodyKind: string
  readonly appointedOn: IsoDate
  readonly supervisor: PersonId
  /** people of the same body with at least a year of service who are not the supervisor */
  readonly mentors: readonly PersonId[]
  readonly hr: readonly PersonId[]
  readonly head: PersonId
  /** the task at which the sample case of this newcomer is left, if one is meant */
  readonly standsAt: string | null
  /** no sample case is to be started for him: he is there for whoever tries the product */
  readonly leftFree: boolean
}

/** Days since their appointment, so that probations of newcomers stand at every stage; nobody else is newer than 200 days. */
const AGES = [2, 4, 6, 9, 20, 35, 50, 65, 80, 84, 88, 96, 110, 130, 150, 166, 172, 176, 180, 184, 190]

export interface Sample {
  readonly units: Unit[]
  readonly positions: Position[]
  readonly people: Person[]
  readonly posts: Post[]
  readonly roles: BodyRole[]
  readonly accounts: Account[]
  readonly newcomers: Newcomer[]
}

/** What brought somebody to his present post; where it is not said, a usual career is made up. */
type Story =
  | { readonly kind: 'vacant' | 'career' | 'veteran' }
  /** appointed so many days ago; his sample case stands at that task, so that the demo users find work */
  | { readonly kind: 'newcomer'; readonly age?: number; readonly standsAt?: string }
  /** left an earlier post and came back after a break */
  | { readonly kind: 'reentrant'; readonly ground: EndGround }
  /** took the post on the working day after leaving another */
  | { readonly kind: 'moved' }

/** Ministry of Finance: somebody for every way in which a start may be accepted or refused. */
const CAST: Readonly<Record<string, Story>> = {
  chiefOfStaff: { kind: 'veteran' },
  'budget.head': { kind: 'veteran' },
  'budget.senior.1': { kind: 'veteran' },
  'budget.senior.2': { kind: 'veteran' },
  'budget.junior.1': { kind: 'newcomer' },
  'budget.junior.2': { kind: 'newcomer' },
  'budget.junior.3': { kind: 'newcomer', age: 87, standsAt: 'reviewProbation' },
  'budget.junior.4': { kind: 'newcomer', age: 34, standsAt: 'interimCheck' },
  'budget.junior.5': { kind: 'newcomer', age: 2, standsAt: 'draftAdaptationPlan' },
  'budget.junior.6': { kind: 'newcomer', age: 90, standsAt: 'decideExtension' },
  'treasury.head': { kind: 'veteran' },
  'treasury.senior.1': { kind: 'veteran' },
  'treasury.junior.1': { kind: 'newcomer' },
  'treasury.junior.2': { kind: 'newcomer', age: 172, standsAt: 'decideDismissal' },
  'treasury.junior.3': { kind: 'moved' },
  'treasury.junior.4': { kind: 'reentrant', ground: 'ownWish' },
  // nobody heads this unit: the head of the body supervises
  'audit.head': { kind: 'vacant' },
  'audit.senior.1': { kind: 'veteran' },
  'audit.junior.1': { kind: 'newcomer' },
  'audit.junior.2': { kind: 'reentrant', ground: 'probation' },
  'audit.junior.3': { kind: 'reentrant', ground: 'evaluation' },
  'audit.junior.4': { kind: 'reentrant', ground: 'negativeGrounds' },
  'audit.junior.5': { kind: 'vacant' },
  'legal.head': { kind: 'veteran' },
  'legal.junior.1': { kind: 'newcomer', age: 4, standsAt: 'appointMentor' },
  'legal.junior.2': { kind: 'reentrant', ground: 'attestation' },
  'legal.junior.3': { kind: 'reentrant', ground: 'staffReduction' },
  'digital.junior.1': { kind: 'vacant' },
  'digital.junior.2': { kind: 'newcomer', age: 176, standsAt: 'agreeDismissal' },
}

/** Who may sign in from the first page of a demonstration, in the order in which they are offered. */
export const DEMO_USERS: readonly { readonly as: string; readonly body: string; readonly post: string }[] = [
  { as: 'hrMinistry', body: 'ministryFinance', post: 'hr.senior.1' },
  { as: 'headMinistry', body: 'ministryFinance', post: 'head' },
  { as: 'supervisor', body: 'ministryFinance', post: 'budget.head' },
  { as: 'mentor', body: 'ministryFinance', post: 'budget.senior.1' },
  { as: 'newcomer', body: 'ministryFinance', post: 'budget.junior.1' },
  { as: 'agencyOfficer', body: 'civilServiceAgency', post: 'control.senior.1' },
  { as: 'recordsMinistry', body: 'ministryFinance', post: 'legal.head' },
  { as: 'hrAkimat', body: 'akimat.karaganda', post: 'staff.senior.1' },
  { as: 'agencyOfficerRegion', body: 'civilServiceAgency.karaganda', post: 'control.senior.1' },
  { as: 'appealSecretary', body: 'civilServiceAgency', post: 'control.head' },
  { as: 'appealChair', body: 'civilServiceAgency', post: 'legal.head' },
  { as: 'appealMemberFirst', body: 'civilServiceAgency', post: 'strategy.head' },
  { as: 'appealMemberSecond', body: 'civilServiceAgency', post: 'strategy.senior.1' },
  { as: 'developer', body: 'civilServiceAgency', post: 'digital.senior.1' },
  { as: 'administrator', body: 'civilServiceAgency', post: 'digital.head' },
]

const isOffered = (body: string, post: string) => DEMO_USERS.some((each) => each.body === body && each.post === post)
const isAgency = (body: string) => body === 'civilServiceAgency' || body.startsWith('civilServiceAgency.')

/** The roles that go with a post. */
const rolesWith = (body: string, post: string): Role[] => {
  const [unit, rank, n] = post.split('.')
  const inHr = HR_UNITS.includes(unit ?? '') && (rank === 'head' || (rank === 'senior' && Number(n) <= 2))
  const supervises = isAgency(body) && (post === 'deputy' || (unit === 'control' && rank !== 'junior'))
  return [
    ...(post === 'head' ? (['head'] as const) : []),
    ...(inHr ? (['hr'] as const) : []),
    ...(supervises ? (['agency'] as const) : []),
    ...(body === 'ministryFinance' && post === 'legal.head' ? (['records'] as const) : []),
    ...(body === 'civilServiceAgency' && post === 'digital.senior.1' ? (['developer'] as const) : []),
    ...(body === 'civilServiceAgency' && post === 'digital.head' ? (['administrator'] as const) : []),
  ]
}

/** Newcomers left without a case, so that a visitor can start one for them. */
const LEFT_FREE: readonly string[] = ['budget.junior.1', 'budget.junior.2', 'treasury.junior.1', 'audit.junior.1']

/** Junior posts of a body taken by newcomers. */
const NEWCOMERS_PER_BODY = 3

const storyOf = (chance: Chance, body: string, post: PostPlan, newcomersSoFar: number): Story => {
  const cast = body === 'ministryFinance' ? CAST[post.key] : undefined
  if (cast) return cast
  if (post.headsBody || rolesWith(body, post.key).length > 0 || isOffered(body, post.key)) return { kind: 'veteran' }
  if (post.headsUnit) return chance.percent(90) ? { kind: 'career' } : { kind: 'vacant' }
  if (!post.key.includes('.junior.')) return chance.percent(90) ? { kind: 'career' } : { kind: 'vacant' }
  if (newcomersSoFar < NEWCOMERS_PER_BODY && body !== 'ministryFinance' && chance.percent(75))
    return { kind: 'newcomer' }
  const lot = chance.int(1, 100)
  if (lot <= 35) return { kind: 'vacant' }
  if (lot <= 42) return { kind: 'moved' }
  if (lot <= 46) return { kind: 'reentrant', ground: 'ownWish' }
  if (lot <= 50)
    return { kind: 'reentrant', ground: chance.pick(['probation', 'evaluation', 'attestation', 'negativeGrounds']) }
  return { kind: 'career' }
}

/** Dates for posts: working days of the general calendar, and before it weekdays. */
const workdays = () => {
  const bare = { kk: '', ru: '', en: '' }
  const rows = {
    holidays: holidayRows().map((row) => ({
      date: row.date,
      nameKey: row.nameKey,
      name: bare,
      kind: row.kind,
      moves: row.moves,
      confidence: 'N' as const,
      source: row.source,
    })),
    swaps: swapRows(),
    bodyDays: [],
  }
  const first = isoDate('2015-01-01')
  return (on: IsoDate) => {
    const calendar: DaysOff = daysOff(rows, 'five-day', first, addDays(on, 60))
    const worked = (date: IsoDate) => (date < first ? weekday(date) < 6 : isWorkingDay(date, calendar))
    const orBefore = (date: IsoDate): IsoDate => (worked(date) ? date : orBefore(addDays(date, -1)))
    return {
      /** the date, or the last working day before it */
      orBefore,
      /** so many working days before the date */
      back: (date: IsoDate, days: number) => addWorkingDays(date, days, calendar, -1),
    }
  }
}

const login = (person: Pick<Person, 'givenEn' | 'surnameEn'>): string =>
  `${person.givenEn}.${person.surnameEn}`.toLowerCase().replace(/[^a-z.]/g, '')

interface Seat {
  readonly position: Position
  readonly body: string
  readonly post: PostPlan
  readonly story: Story
  readonly chance: Chance
}

/** Makes up the sample register; see above for what it depends on. */
export const sampleRegister = ({ seed, on }: SampleOf): Sample => {
  const names = nameRows()
  const corps = new Map(categoryRows().map((row) => [row.code, row.corps]))
  const bodyKinds = new Map<string, string>(bodyRows().map((row) => [row.key, row.kind]))
  const days = workdays()(on)

  const units: Unit[] = []
  const seats: Seat[] = []
  for (const [body, plan] of staffing()) {
    const bodyKey = body as BodyKey
    let newcomers = 0
    const seat = (post: PostPlan, unitId: string | null) => {
      const chance = chanceOf(seed, body, post.key)
      const story = storyOf(chance, body, post, newcomers)
      if (story.kind === 'newcomer') newcomers += 1
      const position: Position = {
        id: uuidOf(seed, 'position', body, post.key) as PositionId,
        bodyKey,
        unitId,
        categoryCode: post.category,
        ...post.title,
        headsUnit: post.headsUnit ?? false,
        headsBody: post.headsBody ?? false,
        elected: post.elected ?? false,
      }
      seats.push({ position, body, post, story, chance })
    }
    for (const post of plan.top) seat(post, null)
    for (const { key, title, posts } of plan.units) {
      const id = uuidOf(seed, 'unit', body, key)
      units.push({ id, bodyKey, ...title })
      for (const post of posts) seat(post, id)
    }
  }

  const taken = new Set<string>()
  const personFor = ({ body, post, story, chance }: Seat, from: IsoDate): Person => {
    const sex = chance.percent(50) ? 'm' : 'f'
    const given = names.given.filter((each) => each.sex === sex)
    const surnames = names.surnames.filter((each) => each.sex === sex)
    let full = { ...chance.pick(given), ...chance.pick(surnames) }
    for (let tries = 0; taken.has(`${full.givenEn} ${full.surnameEn}`) && tries < 20; tries += 1)
      full = { ...chance.pick(given), ...chance.pick(surnames) }
    taken.add(`${full.givenEn} ${full.surnameEn}`)
    const age = story.kind === 'newcomer' ? chance.int(22, 30) : chance.int(34, 48)
    const id = uuidOf(seed, 'person', body, post.key) as PersonId
    return {
      ...full,
      id,
      email: `${login(full)}.${id.slice(0, 4)}@example.org`,
      birthDate: addDays(from, -age * 365 - chance.int(0, 364)),
    }
  }

  const since = ({ story, chance, body }: Seat): IsoDate => {
    if (story.kind === 'newcomer' && story.age !== undefined) return days.orBefore(addDays(on, -story.age))
    if (story.kind === 'newcomer' && body !== 'ministryFinance') return days.orBefore(addDays(on, -chance.pick(AGES)))
    if (story.kind === 'newcomer' || story.kind === 'reentrant' || story.kind === 'moved')
      return days.back(on, chance.int(1, 5))
    return days.orBefore(addDays(on, -(story.kind === 'veteran' ? chance.int(700, 2200) : chance.int(200, 3000))))
  }
  const holders = seats
    .filter((each) => each.story.kind !== 'vacant')
    .map((each) => {
      const from = since(each)
      return { ...each, from, person: personFor(each, from) }
    })
  const posts: Post[] = holders.map(({ person, position, from, body, post }) => ({
    id: uuidOf(seed, 'post', body, post.key, 0),
    personId: person.id,
    positionId: position.id,
    from,
    to: null,
    endGround: null,
  }))

  // earlier posts are fitted in before whoever holds the position now or held it next
  const freeBefore = new Map(seats.map(({ position }) => [position.id, addDays(on, 1)]))
  for (const post of posts) freeBefore.set(post.positionId, post.from)
  const ordinary = seats.filter(({ post, position }) => position.unitId && !post.headsUnit)
  for (const { person, chance, story, from, body, post } of holders) {
    let number = 0
    const before = (start: IsoDate, gap: number, ground: EndGround): IsoDate => {
      const to = gap === 0 ? days.orBefore(addDays(start, -1)) : days.orBefore(addDays(start, -gap))
      const earlierFrom = days.orBefore(addDays(to, -chance.int(400, 1300)))
      const fits = ({ position }: Seat) => (freeBefore.get(position.id) ?? earlierFrom) > to
      const drawn = Array.from({ length: 30 }, () => chance.pick(ordinary)).find(fits) ?? ordinary.find(fits)
      if (!drawn) return start
      number += 1
      freeBefore.set(drawn.position.id, earlierFrom)
      posts.push({
        id: uuidOf(seed, 'post', body, post.key, number),
        personId: person.id,
        positionId: drawn.position.id,
        from: earlierFrom,
        to,
        endGround: ground,
      })
      return earlierFrom
    }
    if (story.kind === 'reentrant') before(from, chance.int(200, 900), story.ground)
    else if (story.kind === 'moved') before(from, 0, 'transfer')
    else if (story.kind !== 'newcomer' && corps.get(post.category) === 'B' && chance.percent(60)) {
      const first = before(from, 0, 'transfer')
      if (chance.percent(40))
        before(first, chance.percent(50) ? 0 : chance.int(60, 400), chance.pick(['transfer', 'ownWish']))
    }
  }

  const roles = holders.flatMap(({ person, position, from, body, post }) =>
    rolesWith(body, post.key).map((role): BodyRole => ({
      id: uuidOf(seed, 'role', body, post.key, role),
      personId: person.id,
      role,
      bodyKey: position.bodyKey,
      from,
      postId: uuidOf(seed, 'post', body, post.key, 0),
    })),
  )

  const logins = new Map<string, number>()
  const accounts = holders.map(({ person, body, post }): Account => {
    const order = DEMO_USERS.findIndex((each) => each.body === body && each.post === post.key)
    const name = login(person)
    const same = (logins.get(name) ?? 0) + 1
    logins.set(name, same)
    const as = DEMO_USERS[order]?.as ?? null
    return { id: as ?? (same === 1 ? name : `${name}.${same}`), personId: person.id, demoAs: as, order: order + 1 }
  })

  const newcomers = holders
    .filter(({ story }) => story.kind === 'newcomer')
    .flatMap(({ person, position, from, body, post, story }): Newcomer[] => {
      const colleagues = holders.filter((each) => each.body === body && each.person.id !== person.id)
      const head = colleagues.find((each) => each.post.headsBody)
      const supervisor =
        colleagues.find((each) => each.post.headsUnit && each.position.unitId === position.unitId) ?? head
      const account = accounts.find((each) => each.personId === person.id)
      if (!head || !supervisor || !account) return []
      const beside = (each: (typeof colleagues)[number]) => Number(each.position.unitId === position.unitId)
      return [
        {
          account: account.id,
          person: person.id,
          position: position.id,
          body: position.bodyKey,
          bodyKind: bodyKinds.get(body) ?? '',
          appointedOn: from,
          supervisor: supervisor.person.id,
          mentors: colleagues
            .filter((each) => each !== supervisor && each !== head && each.from <= addDays(on, -400))
            // a mentor works beside his newcomer, as far as there is one
            .sort((a, b) => beside(b) - beside(a))
            .map((each) => each.person.id),
          hr: roles.filter((each) => each.bodyKey === body && each.role === 'hr').map((each) => each.personId),
          head: head.person.id,
          standsAt: story.kind === 'newcomer' ? (story.standsAt ?? null) : null,
          leftFree: body === 'ministryFinance' && LEFT_FREE.includes(post.key),
        },
      ]
    })
    .filter((each) => each.mentors.length > 0)

  return {
    units,
    positions: seats.map((each) => each.position),
    people: holders.map((each) => each.person),
    posts,
    roles,
    accounts,
    newcomers,
  }
}
