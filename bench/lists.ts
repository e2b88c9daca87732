/**
 * `npm run bench:lists`: how long a page of a list takes where there are 100,000 people, as many positions, cases (one in twenty about a
 * body) and tasks, by search and by order, asked of the store as the API asks it. Brings up a Postgres of its own and removes it; writes `bench/results/lists-*`.
 */
import os from 'node:os'
import { nameRows } from '../prisma/seed/data'
import { listCases, parseCaseCursor, type CaseListQuery } from '../prisma/store/cases'
import { createDb, type Db } from '../prisma/store/db'
import { inbox, inboxCounts, type InboxQuery } from '../prisma/store/inbox'
import { parseCursor } from '../prisma/store/order'
import type { ListQuery, Register } from '../prisma/store/listing'
import { people, positions } from '../prisma/store/register'
import { KEEPER } from '../prisma/store/register-sight'
import { AGENCY } from '../workflows/kernel/law/policy'
import { viewerOf, type Viewer } from '../workflows/kernel/law/sight'
import type { BodyKey, KernelRole, PersonId } from '../workflows/kernel/contract'
import { processes } from '../workflows/registry'
import { withPostgres } from './own-postgres'
import { aboutOrigin, originNow, writeResult, type Origin } from './result-file'
import { quantile } from './statistics'

const PEOPLE = 100_000
const TIMES = 20
const GOAL_MS = 100
const BODY = 'ministryFinance' as BodyKey
const say = (line: string): void => console.log(line)

// ------------------------------------------------------------------ what there is

/** Surnames of the sample and surnames made of its given names, so that they are as many and as unlike as in life. */
async function fill(db: Db): Promise<void> {
  const { given, surnames } = nameRows()
  const made = given.flatMap(({ givenKk, givenRu, givenEn }) =>
    ['ов', 'баев', 'бергенов', 'жанов'].map((end, n) => ({
      surnameKk: givenKk + end,
      surnameRu: givenRu + end,
      surnameEn: `${givenEn}${['ov', 'bayev', 'bergenov', 'zhanov'][n] ?? ''}`,
    })),
  )
  const all = [...surnames.map(({ surnameKk, surnameRu, surnameEn }) => ({ surnameKk, surnameRu, surnameEn })), ...made]
  // an index is made in one go sooner than row by row
  const indexes = await db.sql.rows<{ name: string; made: string }>`
    select indexname as name, indexdef as made from pg_indexes
    where tablename in ('people', 'positions', 'cases') and (indexname like '%\_search' or indexname like '%name%')`
  for (const { name } of indexes) await db.$executeRawUnsafe(`drop index "${name}"`)
  await db.sql.run`
    with surnames as (select row_number() over () - 1 as n, s.* from jsonb_to_recordset(${JSON.stringify(all)}::jsonb)
           as s("surnameKk" text, "surnameRu" text, "surnameEn" text)),
         given as (select row_number() over () - 1 as n, g.* from jsonb_to_recordset(${JSON.stringify(given)}::jsonb)
           as g("givenKk" text, "givenRu" text, "givenEn" text))
    insert into people (id, "surnameKk", "surnameRu", "surnameEn", "givenKk", "givenRu", "givenEn", sex, "birthDate")
    select gen_random_uuid(), s."surnameKk", s."surnameRu", s."surnameEn", g."givenKk", g."givenRu", g."givenEn", 'f', '1990-01-01'
    from generate_series(1, ${PEOPLE}::int) i
    join surnames s on s.n = (i::bigint * 7919) % ${all.length}::int join given g on g.n = (i::bigint * 104729) % ${given.length}::int`
  await db.sql.run`
    insert into positions (id, "bodyKey", "categoryCode", "nameKk", "nameRu", "nameEn")
    select gen_random_uuid(), b.key, (select min(code) from position_categories), k || ' ' || i, r || ' ' || i, e || ' ' || i
    from generate_series(1, ${PEOPLE}::int) i
    join (select row_number() over (order by key) - 1 as n, key from state_bodies) b on b.n = i % (select count(*) from state_bodies)
    join (values (0, 'Бас сарапшы', 'Главный эксперт', 'Chief expert'), (1, 'Жетекші сарапшы', 'Ведущий эксперт', 'Leading expert'),
      (2, 'Бөлім басшысы', 'Руководитель отдела', 'Head of division'), (3, 'Кеңесші', 'Советник', 'Adviser')) t(n, k, r, e) on t.n = i % 4`
  await db.sql.run`
    insert into cases (id, number, process, version, "regimeId", "bodyKey", "subjectId", "aboutBodyKey", "agencyKey", stage, status, clock,
      "startedById", "startedOn", "openedAt")
    select gen_random_uuid(), '2026-' || lpad(p.n::text, 6, '0'), 'probation', 2, 'R4', b.key, case when p.n % 20 > 0 then p.id end,
      case when p.n % 20 = 0 then b.key end, 'civilServiceAgency', 'mentoring',
      case when p.n % 3 = 0 then 'open' else 'closed' end, '{}', p.id, current_date, now() - p.n * interval '1 minute'
    from (select row_number() over () as n, id from people) p
    join (select row_number() over (order by key) - 1 as n, key from state_bodies) b on b.n = p.n % (select count(*) from state_bodies)`
  await db.sql.run`
    insert into tasks (id, "caseId", process, kind, state, "formVersion", role, "bodyKey", excluded, "openedAt", "openedOn", "dueOn",
      "dueAt", "openedStep")
    select gen_random_uuid(), id, 'probation', 'appointMentor', 'ready', 1, 'hr', ${BODY}, '{}', "openedAt", current_date,
      current_date + 3, date_trunc('day', now()) + (extract(minute from "openedAt")::int % 30) * interval '1 day', 1 from cases`
  for (const { made } of indexes) await db.$executeRawUnsafe(made)
  await db.$executeRawUnsafe('vacuum analyze')
}

// ------------------------------------------------------------------ what is asked

interface Asked {
  readonly list: string
  readonly what: string
  readonly ask: (n: number) => Promise<unknown>
}

const some = <T>(all: readonly T[], n: number): T => {
  const found = all[(n * 37) % all.length]
  if (found === undefined) throw new Error('nothing to choose from')

  return found
}
const PAGE = { page: 1, perPage: 25 }

async function questions(db: Db): Promise<Asked[]> {
  const anybody = await db.person.findMany({ take: 200, skip: 5_000, orderBy: { id: 'asc' } })
  const one = (n: number) => some(anybody, n)
  const officer = { person: one(0).id as PersonId }
  const holder = (role: KernelRole, ...bodies: readonly BodyKey[]): Viewer =>
    viewerOf({ ...officer, grants: bodies.map((body) => ({ role, body })) }, processes.tables)
  const agency = holder('agency', AGENCY)
  const hr = holder('hr', BODY)
  const others = await db.stateBody.findMany({ take: 9, where: { key: { not: BODY } }, orderBy: { key: 'asc' } })
  const ofTen = holder('hr', BODY, ...others.map(({ key }) => key as BodyKey))
  const names: readonly (readonly [string, (n: number) => string])[] = [
    ['full name', (n) => `${one(n).surnameKk} ${one(n).givenKk}`],
    ['given name first', (n) => `${one(n).givenRu} ${one(n).surnameRu}`],
    ['surname', (n) => one(n).surnameRu],
    ['surname and initial', (n) => `${one(n).surnameRu} ${one(n).givenRu.slice(0, 1)}`],
    ['five letters within', (n) => one(n).surnameRu.slice(1, 6)],
    ['three letters', (n) => one(n).surnameRu.slice(0, 3)],
    ['an ending of most', () => 'ова'],
    ['two letters', (n) => one(n).surnameKk.slice(0, 2)],
    ['one letter', (n) => one(n).surnameKk.slice(0, 1)],
    ['nobody', (n) => `Ёжъиков${String(n)}`],
  ]
  const titles: readonly (readonly [string, (n: number) => string])[] = [
    ['title and number', (n) => `эксперт ${String(4711 + n)}`],
    ['title of a quarter of all', () => 'Кеңесші'],
    ['two letters', () => 'гл'],
    ['nothing', () => 'Ёжъиков'],
  ]
  const numbers: readonly (readonly [string, (n: number) => string])[] = [
    ...names,
    ['number', (n) => `2026-${String(4711 + n).padStart(6, '0')}`],
    ['number without what stands before', (n) => String(54711 + n)],
  ]
  const register = <Row>(list: string, of: Register<Row>, typed: typeof names, sorts: readonly string[]): Asked[] => [
    ...typed.map(([what, q]) => ({
      list,
      what: `search: ${what}`,
      ask: (n: number) =>
        of.list(db, { ...PAGE, sort: some(['name.kk', 'name.ru', 'name.en'], n), filter: { q: q(n) } }, KEEPER),
    })),
    ...sorts.flatMap((sort) => [
      { list, what: `order ${sort}, first page`, ask: () => of.list(db, { ...PAGE, sort }, KEEPER) },
      {
        list,
        what: `order ${sort}, page behind page from the middle`,
        ask: onwards((query) => of.list(db, query, KEEPER), of, sort),
      },
    ]),
  ]
  const cases = (viewer: Viewer, who: string): Asked[] => [
    ...numbers.map(([what, q]) => ({
      list: `cases, ${who}`,
      what: `search: ${what}`,
      ask: (n: number) =>
        listCases(db, viewer, { ...PAGE, q: q(n), ...(n % 2 ? { status: 'open' } : {}) } satisfies CaseListQuery),
    })),
    ...(['-startedOn', 'subject.kk', 'subject.ru', '-subject.en', 'number'] as const).flatMap((sort) => [
      { list: `cases, ${who}`, what: `order ${sort}, first page`, ask: () => listCases(db, viewer, { ...PAGE, sort }) },
      {
        list: `cases, ${who}`,
        what: `order ${sort}, page behind page`,
        ask: behindEach((text) => {
          const after = text === null ? undefined : (parseCaseCursor(text, sort) ?? undefined)

          return listCases(db, viewer, { ...PAGE, sort, after })
        }),
      },
    ]),
  ]
  const waiting = 'inbox, 100,000 waiting for one role'
  const ofUnit = { ...PAGE, queue: 'unit' } as const satisfies InboxQuery
  const tasks: Asked[] = [
    ...numbers.map(([what, q]) => ({
      list: waiting,
      what: `search: ${what}`,
      ask: (n: number) => inbox(db, hr, { ...ofUnit, q: q(n) }),
    })),
    { list: waiting, what: 'first page', ask: () => inbox(db, hr, ofUnit) },
    {
      list: waiting,
      what: 'page behind page',
      ask: behindEach((text) =>
        inbox(db, hr, { ...ofUnit, after: text === null ? undefined : (parseCursor(text, 'dueOn') ?? undefined) }),
      ),
    },
    { list: waiting, what: 'how many wait', ask: () => inboxCounts(db, hr) },
    { list: waiting, what: 'first page, one of ten bodies', ask: () => inbox(db, ofTen, ofUnit) },
  ]

  return [
    ...register('people', people, names, ['name.kk', 'name.ru', '-name.en', 'birthDate']),
    ...register('positions', positions, titles, ['name.kk', '-name.ru', 'body.kk', 'category']),
    ...cases(agency, 'seen by the Agency'),
    ...cases(hr, 'seen by the HR of one body'),
    ...cases(ofTen, 'seen by the HR of ten bodies'),
    ...tasks,
  ]
}

/** Each time the page behind the one before; the list begins anew where it ends. */
function behindEach(ask: (after: string | null) => Promise<{ readonly end: string | null }>): () => Promise<void> {
  let place: string | null = null

  return async () => {
    place = (await ask(place)).end
  }
}

/** The same of a register, from page 900 on. */
function onwards<Row>(
  ask: (query: ListQuery) => Promise<{ readonly end: string | null }>,
  of: Register<Row>,
  sort: string,
): () => Promise<void> {
  return behindEach((text) => {
    const after = text === null ? null : of.parseCursor(text, sort)

    return ask(after ? { ...PAGE, sort, after } : { ...PAGE, sort, page: 900 })
  })
}

// ------------------------------------------------------------------ figures

interface Figure {
  readonly list: string
  readonly what: string
  readonly p50: number
  readonly p95: number
  readonly max: number
}

async function measure({ list, what, ask }: Asked): Promise<Figure> {
  // the plan of the statement, and the place from which a walk begins
  await ask(0)
  const took: number[] = []
  for (let n = 1; n <= TIMES; n++) {
    const asked = performance.now()
    await ask(n)
    took.push(performance.now() - asked)
  }
  const rounded = (share: number): number => Math.round(quantile(took, share) * 10) / 10

  return { list, what, p50: rounded(0.5), p95: rounded(0.95), max: rounded(1) }
}

interface Result extends Origin {
  readonly load: readonly number[]
  readonly people: number
  readonly times: number
  readonly figures: readonly Figure[]
}

const markdown = (result: Result): string =>
  `# Lists at 100,000 people

${aboutOrigin(result)}. Begun ${result.startedAt}; load of the machine before and after: ${result.load.map((each) => each.toFixed(1)).join(', ')}. ${String(TIMES)} questions each, one after another, asked of the store. Goal: 95 of 100 within ${String(GOAL_MS)} ms.

| list | what | p50 ms | p95 ms | max ms | goal |
| --- | --- | ---: | ---: | ---: | --- |
${result.figures.map(({ list, what, p50, p95, max }) => `| ${list} | ${what} | ${String(p50)} | ${String(p95)} | ${String(max)} | ${p95 <= GOAL_MS ? 'held' : '**missed**'} |`).join('\n')}
`

const main = (): Promise<void> =>
  withPostgres({ name: 'lists', durable: false }, async (url) => {
    const db = createDb(url, 5)
    try {
      const origin = originNow()
      say('Filling …')
      await fill(db)
      const before = os.loadavg()[0] ?? 0
      const figures: Figure[] = []
      for (const asked of await questions(db)) {
        const figure = await measure(asked)
        figures.push(figure)
        say(`${figure.list}: ${figure.what}: p50 ${String(figure.p50)}, p95 ${String(figure.p95)} ms`)
      }
      const result = { ...origin, load: [before, os.loadavg()[0] ?? 0], people: PEOPLE, times: TIMES, figures }
      say(`Written: ${writeResult('lists', result, markdown)}`)
      process.exitCode = figures.every(({ p95 }) => p95 <= GOAL_MS) ? 0 : 1
    } finally {
      await db.$disconnect()
    }
  })

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
