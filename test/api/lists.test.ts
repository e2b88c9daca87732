/**
 * Every search field and every sorted list of the product, as the API describes them: a new one without an entry here fails. Names
 * are arranged and typed as people have and type them; what is found, and in which order, is asked over HTTP.
 */
import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { Prisma } from '../../prisma/store/db'
import { ordering, personKeys, TASK_SORTS, type PersonNamed } from '../../prisma/store/order'
import { matching, SEARCHED } from '../../prisma/store/search'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeTask, personOf, startApi, type Agent, type Api } from './harness'

let api: Api
let agency: Agent
beforeAll(async () => {
  api = await startApi()
  agency = await api.as('agencyOfficer')
})
afterAll(() => api.close())

const BODY = 'ministryFinance'
type Name = Readonly<Record<Locale, string>>
const alike = (name: string): Name => ({ kk: name, ru: name, en: name })
const columns = (name: Name) => ({ nameKk: name.kk, nameRu: name.ru, nameEn: name.en })
/** Of two words the first is the surname. */
const half = (name: Name, n: 0 | 1): Name => {
  const of = (text: string) => text.split(' ')[n] ?? 'А'

  return { kk: of(name.kk), ru: of(name.ru), en: of(name.en) }
}

// ------------------------------------------------------------------ rows of that name

async function person(name: Name): Promise<string> {
  const [surname, given] = [half(name, 0), half(name, 1)]
  const { id } = await api.db.person.create({
    data: {
      id: randomUUID(),
      surnameKk: surname.kk,
      surnameRu: surname.ru,
      surnameEn: surname.en,
      givenKk: given.kk,
      givenRu: given.ru,
      givenEn: given.en,
      sex: 'f',
      birthDate: new Date('1990-01-01'),
    },
  })

  return id
}
const unit = async (name: Name, bodyKey = BODY): Promise<string> =>
  (await api.db.unit.create({ data: { id: randomUUID(), bodyKey, ...columns(name) } })).id
const position = async (name: Name, bodyKey = BODY): Promise<string> =>
  (
    await api.db.position.create({
      data: {
        id: randomUUID(),
        bodyKey,
        ...columns(name),
        categoryCode: (await api.db.positionCategory.findFirstOrThrow()).code,
      },
    })
  ).id
const word = () => `t${randomUUID().replaceAll('-', '')}`
const region = async (name: Name): Promise<string> =>
  (
    await api.db.region.create({
      data: { key: word(), ...columns(name), timezone: 'Asia/Almaty', kind: 'region', source: 'test' },
    })
  ).key
const body = async (name: Name): Promise<string> =>
  (
    await api.db.stateBody.create({
      data: { key: word(), ...columns(name), kind: 'central', regionKey: 'astana', source: 'test' },
    })
  ).key
const term = async (name: Name): Promise<string> =>
  (
    await api.db.term.create({
      data: {
        id: word(),
        key: word(),
        process: 'probation',
        ...columns(name),
        unit: 'months',
        regimeId: '*',
        confidence: 'D',
        source: 't',
      },
    })
  ).id
const caseOf = async (subject: string): Promise<string> => arrangeCase(api.db, { body: BODY, subject })
const taskOf = async (subject: string): Promise<string> =>
  arrangeTask(api.db, await caseOf(subject), {
    state: 'reserved',
    person: await personOf(api, 'agencyOfficer'),
    assignee: await personOf(api, 'agencyOfficer'),
  })

// ------------------------------------------------------------------ what the API describes

interface Described {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly get?: {
          readonly parameters?: readonly {
            readonly name: string
            readonly in: string
            readonly schema?: { readonly enum?: readonly string[] }
          }[]
        }
      }
    >
  >
}
const described = async (): Promise<[string, Map<string, readonly string[]>][]> => {
  const { body: document } = await api.nobody().get('/openapi.json').expect(200)

  return Object.entries((document as Described).paths).map(([at, { get }]) => [
    at,
    new Map(
      (get?.parameters ?? [])
        .filter((each) => each.in === 'query')
        .map(({ name, schema }) => [name, schema?.enum ?? []]),
    ),
  ])
}

const ids = ({ data }: { readonly data: readonly { readonly id: string }[] }): string[] => data.map(({ id }) => id)

// ------------------------------------------------------------------ search

/** Every search field: who is named there so that a row must be found. */
const SEARCH: Readonly<Record<string, (name: Name) => Promise<string>>> = {
  '/api/register/people': person,
  '/api/register/positions': position,
  '/api/register/units': unit,
  '/api/register/bodies': body,
  '/api/register/regions': region,
  '/api/register/terms': term,
  '/api/cases': async (name) => caseOf(await person(name)),
  '/api/tasks': async (name) => taskOf(await person(name)),
}
const SEARCH_FIELDS = Object.keys(SEARCH)

async function found(at: string, typed: string): Promise<string[]> {
  const { body: page } = await agency.get(`${at}?perPage=100&q=${encodeURIComponent(typed)}`).expect(200)

  return ids(page)
}

const decomposed = (text: string): string => text.normalize('NFD')

test('every search field of the API is tried here', async () => {
  const fields = (await described()).filter(([, query]) => query.has('q')).map(([at]) => at)
  expect(fields.sort()).toEqual([...SEARCH_FIELDS].sort())
})

test('every table that is searched is filled for rows that were there before the column was', async () => {
  for (const table of SEARCHED) {
    const [rows] = await api.database.sql(`select count(*)::int as n from ${table} where search = ''`)
    expect({ table, ...rows }).toEqual({ table, n: 0 })
  }
})

describe.each(SEARCH_FIELDS)('a search in %s', (at) => {
  test.each<[what: string, stored: string, typed: string]>([
    ['Е for Ё', 'Фёдоровская Алёна', 'федоровская'],
    ['Ё for Е', 'Берешева Елена', 'берёшева'],
    ['Ё, decomposed', 'Селёдкина Анна', decomposed('селёдкина')],
    ['decomposed letters', 'Йылдызова Айгүл', decomposed('йылдыз')],
    ['composed letters where they are stored decomposed', decomposed('Майлыбайев Дайыр'), 'майлыбай'],
    ['capital letters', 'Құсайынова Әсел', 'ҚҰСАЙЫНОВА ӘСЕЛ'],
    ['the name as it is displayed', 'Тлеубердин Ерболат', 'Тлеубердин Ерболат'],
    ['the given name first', 'Оразгалиев Мирас', 'Мирас Оразгалиев'],
    ['a part of a word', 'Кенжебулатов Адиль', 'жебул'],
    ['surname and initial', 'Нурпеисов Данияр', 'Нурпеисов Д'],
    ['a blank that does not break', 'Сарсенбин Бахыт', 'Сарсенбин\u00a0Бахыт'],
    ['blanks around and between', 'Жолдасбек Рауан', '  Жолдасбек \t  Рауан  '],
    ['what nobody sees', 'Ералинова Сауле', 'Ера\u200bлин\u00adова\ufeff \u200b Сауле'],
    ['a per cent sign', 'Доля100% Всех', 'я100%'],
    ['an underscore', 'Код_семь Первый', 'д_с'],
    ['a backslash', 'Путь\\вниз Первый', 'ь\\в'],
    ['another hyphen', 'Абай-Құлов Ер', 'абай\u2011құлов'],
  ])('by %s finds it', async (_what, stored, typed) => {
    const id = await SEARCH[at]?.(alike(stored))
    expect(await found(at, typed)).toContain(id)
  })

  test.each(['%', '_', '%%%', '___', 'Сейф%тов', 'Сейф_ллин', '\\'])(
    'takes %s for the characters that they are',
    async (typed) => {
      const id = await SEARCH[at]?.(alike('Сейфуллинтов Ержан'))
      expect(await found(at, typed)).not.toContain(id)
    },
  )

  test('finds each language, and nothing where a word is of somebody else', async () => {
    const id = await SEARCH[at]?.({ kk: 'Қасымбекұлы Әли', ru: 'Касымбеков Али', en: 'Kassymbekov Ali' })
    for (const typed of ['қасымбекұлы', 'касымбеков', 'kassymbekov']) expect(await found(at, typed)).toContain(id)
    expect(await found(at, 'Касымбеков Посторонний')).not.toContain(id)
  })
})

describe.each(['/api/cases', '/api/tasks'])('a search in %s', (at) => {
  test.each([
    ['2026-704711', null, ['2026-704711', '704711', '№ 704711', '№704711', '2026\u2011704711']],
    ['2026-000713', null, ['2026-000713', '000713', '713', '2026-713', '71']],
    ['R-2026-004712', 'a set', ['R-2026-004712', 'r-2026-004712', '2026-004712', '004712', '4712', 'R-2026-4712']],
  ] as const)('finds the number %s with its prefix and without', async (number, rehearsal, typed) => {
    const id = await SEARCH[at]?.(alike('Номеров Иван'))
    const caseId = at === '/api/cases' ? id : (await api.db.task.findUniqueOrThrow({ where: { id: id ?? '' } })).caseId
    await api.db.case.update({ where: { id: caseId ?? '' }, data: { number, rehearsal } })
    if (at === '/api/tasks') await api.db.task.update({ where: { id: id ?? '' }, data: { rehearsal } })
    const set = rehearsal === null ? '' : '&rehearsal=*'
    for (const text of [...typed, `Номеров ${typed[0]}`]) {
      const { body: page } = await agency.get(`${at}?perPage=100&q=${encodeURIComponent(text)}${set}`).expect(200)
      expect({ text, found: ids(page) }).toEqual({ text, found: expect.arrayContaining([id]) })
    }
    await api.db.case.update({ where: { id: caseId ?? '' }, data: { number: word() } })
  })

  test('finds it by the new name of its subject', async () => {
    const subject = await person(alike('Прежняя Зоя'))
    const id = at === '/api/cases' ? await caseOf(subject) : await taskOf(subject)
    await api.db.person.update({ where: { id: subject }, data: { surnameRu: 'Новоиспеченная' } })
    expect(await found(at, 'новоиспечённая')).toContain(id)
  })
})

interface Plan {
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly 'Actual Rows': number
  readonly Plans?: readonly Plan[]
}
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)]

test.each([
  ['people', 't', person],
  ['positions', 't', position],
  ['cases', 'c', async (name: Name) => caseOf(await person(name))],
] as const)(
  'a search of %s finds Cyrillic words by their trigrams, and not by reading everything',
  async (table, alias, arrange) => {
    await arrange(alike('Ұзынқұлақов Ғабит'))
    const { text, values } = Prisma.sql`
    explain (analyze, format json) select from ${Prisma.raw(`${table} ${alias}`)} where ${matching(alias, 'ұзынқұл Ға')}`
    const client = new Client({ connectionString: api.database.url })
    await client.connect()
    try {
      await client.query('set enable_seqscan = off')
      const { rows } = await client.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }>(text, [...values])
      const plan = rows[0]?.['QUERY PLAN'][0]?.Plan
      if (!plan) throw new Error('no plan')
      const index = nodes(plan).find((node) => node['Index Name'] === `${table}_search`)
      // those that have these letters in some language
      expect(index?.['Actual Rows']).toBeGreaterThan(0)
      expect(index?.['Actual Rows']).toBeLessThan(5)
    } finally {
      await client.end()
    }
  },
)

// ------------------------------------------------------------------ order

/** In the order of each language: Kazakh and Russian as their alphabets have it, Ё beside Е in Russian. */
const ALPHABET: Readonly<Record<Locale, readonly string[]>> = {
  kk: [
    ...[
      'Абаев',
      'Әбенов',
      'Баймен',
      'Гани',
      'Ғалиев',
      'Демеу',
      'Егінбай',
      'Еркін',
      'Ёлкін',
      'Жақып',
      'Иманов',
      'Йылдыз',
    ],
    ...['Кәрім', 'Қалиев', 'Лесбек', 'Нұрлан', 'Ңұрлан', 'Омар', 'Өмір', 'Пана', 'Тілеу', 'Уәли', 'Ұлан', 'Үсен'],
    ...['Фазыл', 'Хасен', 'Һаким', 'Шал', 'Ыбырай', 'Ісмет', 'Эльдар', 'Юнус', 'Ясин'],
  ],
  ru: ['Абаев', 'Белов', 'Егоров', 'Ёлкин', 'Ершов', 'Жаров', 'Иванов', 'Йовков', 'Климов', 'Яшин'],
  en: ['abayev', 'Bekov', 'Čapek', 'Dulatov', 'Émile', 'Zhakupov'],
}

type Arrange = (name: Name) => Promise<string>
const dayOf = async (name: Name): Promise<string> =>
  (
    await api.db.holiday.create({
      data: {
        id: word(),
        date: new Date('2031-03-03'),
        nameKey: word(),
        ...columns(name),
        kind: 'state',
        moves: false,
        confidence: 'D',
        source: 't',
      },
    })
  ).id
const bodyDayOf = async (name: Name): Promise<string> =>
  (
    await api.db.bodyDay.create({
      data: { id: word(), bodyKey: await body(name), date: new Date('2031-03-03'), working: true, reason: 't' },
    })
  ).id
const roleOf = async (personId: string, bodyKey: string): Promise<string> =>
  (
    await api.db.bodyRole.create({
      data: { id: randomUUID(), personId, bodyKey, role: 'hr', from: new Date('2031-03-03'), basis: 't' },
    })
  ).id

/** Every sorted list: orders by a name, in each language, with how to have a row of that name, and the other orders. */
const SORTED: Readonly<
  Record<string, { readonly names?: Readonly<Record<string, Arrange>>; readonly other: readonly string[] }>
> = {
  '/api/register/people': { names: { name: person }, other: ['birthDate'] },
  '/api/register/positions': {
    names: { name: position, body: async (name) => position(alike('Б'), await body(name)) },
    other: ['category'],
  },
  '/api/register/units': { names: { name: unit, body: async (name) => unit(alike('Б'), await body(name)) }, other: [] },
  '/api/register/bodies': { names: { name: body }, other: ['id', 'kind'] },
  '/api/register/regions': { names: { name: region }, other: ['id'] },
  '/api/register/posts': { other: ['from', 'to'] },
  '/api/register/roles': {
    names: {
      person: async (name) => roleOf(await person(name), BODY),
      body: async (name) => roleOf(await personOf(api, 'mentor'), await body(name)),
    },
    other: ['role', 'from'],
  },
  '/api/register/categories': { other: ['id', 'rank', 'group'] },
  '/api/register/regimes': { other: ['id'] },
  '/api/register/terms': { names: { name: term }, other: ['key', 'process', 'regime', 'value', 'confidence'] },
  '/api/register/rules': { other: ['key', 'regime'] },
  '/api/register/holidays': { names: { name: dayOf }, other: ['date', 'nameKey'] },
  '/api/register/swaps': { other: ['date'] },
  '/api/register/body-days': { names: { body: bodyDayOf }, other: ['date'] },
  '/api/cases': {
    names: { subject: async (name) => caseOf(await person(name)) },
    other: ['startedOn', 'closedOn', 'number'],
  },
  // the inbox has no order by a name
  '/api/tasks': { other: TASK_SORTS.filter((sort) => !sort.startsWith('-')) },
  // the trail of one case, oldest or newest first
  '/api/cases/{id}/events': { other: ['seq'] },
}
const byName = Object.entries(SORTED).flatMap(([at, { names = {} }]) =>
  Object.entries(names).map(([field, arrange]) => [at, field, arrange] as const),
)
const sortsOf = (at: string): string[] => {
  const { names = {}, other = [] } = SORTED[at] ?? { other: [] }

  return [...other, ...Object.keys(names).flatMap((name) => LOCALES.map((locale) => `${name}.${locale}`))]
}

test('every sorted list of the API is tried here, in every order', async () => {
  const lists = (await described()).flatMap(([at, query]) => {
    const sorts = query.get('sort')

    return sorts ? [[at, sorts.filter((sort) => !sort.startsWith('-')).sort()] as const] : []
  })
  expect(Object.fromEntries(lists)).toEqual(
    Object.fromEntries(Object.keys(SORTED).map((at) => [at, sortsOf(at).sort()])),
  )
})

test('a page far down in the order of a joined name is read from its place in the index of names', async () => {
  const order = ordering({
    subject: [
      ...personKeys('subject', 'kk', (row: PersonNamed & { id: string }) => row),
      { sql: 'c.id', type: 'uuid', of: ({ id }) => id },
    ],
  })
  const asked = (sort: 'subject' | '-subject') => Prisma.sql`explain (analyze, format json)
    select c.id from people subject join cases c on c."subjectId" = subject.id
    where ${order.afterCursor(['Қалиев', 'Әли', randomUUID()], sort)} order by ${order.orderBy(sort)} limit 26`
  const client = new Client({ connectionString: api.database.url })
  await client.connect()
  try {
    await client.query(
      'set enable_seqscan = off; set enable_sort = off; set enable_hashjoin = off; set enable_mergejoin = off',
    )
    for (const sort of ['subject', '-subject'] as const) {
      const { text, values } = asked(sort)
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(text, values)
      const index = nodes(rows[0]!['QUERY PLAN'][0].Plan).find(
        (node) => node['Index Name'] === 'people_surnameKk_givenKk_id_idx',
      )
      expect(index?.['Index Cond']).toContain('surnameKk')
    }
  } finally {
    await client.end()
  }
})

/** The whole list, page behind page; and the same page by page. */
async function walk(at: string, sort: string, perPage: number): Promise<{ behind: string[]; counted: string[] }> {
  const of = `${at}?perPage=${String(perPage)}&sort=${sort}`
  const [behind, counted]: [string[], string[]] = [[], []]
  let place = ''
  for (let n = 1; ; n++) {
    const { body: page } = await agency.get(`${of}${place}`).expect(200)
    const { body: same } = await agency.get(`${of}&page=${String(n)}`).expect(200)
    behind.push(...ids(page))
    counted.push(...ids(same))
    if (!page.pageInfo.hasNextPage) return { behind, counted }
    expect(page.pageInfo.hasPreviousPage).toBe(n > 1)
    place = `&after=${encodeURIComponent(page.pageInfo.end)}`
  }
}

describe.each(byName)('%s by %s', (at, field, arrange) => {
  test.each(LOCALES)('goes by the alphabet of %s, forth and back, page behind page', async (locale) => {
    const wanted: string[] = []
    // entered in no order; names of the other languages say the opposite
    const shuffled = ALPHABET[locale]
      .map((name, n) => ({ name, n }))
      .sort((a, b) => ((a.n * 7) % 11) - ((b.n * 7) % 11))
    for (const { name, n } of shuffled) {
      const opposite = `Я${String.fromCharCode(0x44f - n)}`
      wanted[n] = await arrange({ ...alike(`${opposite} А`), [locale]: `${name} А` })
    }
    for (const [sort, order] of [
      [`${field}.${locale}`, wanted],
      [`-${field}.${locale}`, [...wanted].reverse()],
    ] as const) {
      const { behind, counted } = await walk(at, sort, 40)
      expect(behind.filter((id) => wanted.includes(id))).toEqual(order)
      expect(behind).toEqual(counted)
      expect(new Set(behind).size).toBe(behind.length)
    }
  })
})

describe.each(Object.keys(SORTED).filter((at) => !at.includes('{')))('%s', (at) => {
  test('in every other order, page behind page is the same as page by number', async () => {
    for (const sort of SORTED[at]?.other ?? [])
      for (const direction of ['', '-']) {
        const { behind, counted } = await walk(at, direction + sort, 60)
        expect(behind).toEqual(counted)
        expect(new Set(behind).size).toBe(behind.length)
      }
  })

  test('refuses a place of another order', async () => {
    await agency.get(`${at}?after=x%7Cy%7Cz%7Cx%7Cy%7Cz`).expect(400)
    await agency.get(`${at}?after=%25%D0`).expect(400)
  })
})

test('people of one surname are in the order of their given names, and a name may hold what parts a place', async () => {
  const names = ['Ким|х Ә%', 'Ким|х Б|', 'Ким|х Я']
  const wanted: string[] = []
  for (const n of [2, 0, 1]) wanted[n] = await person(alike(names[n] ?? ''))
  const { body: first } = await agency.get(
    `/api/register/people?perPage=1&sort=name.kk&q=${encodeURIComponent('Ким|х')}`,
  )
  const seen = ids(first)
  for (let end: string | undefined = first.pageInfo.end; seen.length < 3;) {
    const { body: page } = await agency
      .get(
        `/api/register/people?perPage=1&sort=name.kk&q=${encodeURIComponent('Ким|х')}&after=${encodeURIComponent(end ?? '')}`,
      )
      .expect(200)
    seen.push(...ids(page))
    end = page.pageInfo.end
  }
  expect(seen).toEqual(wanted)
})

test('the console sorts its lists by orders that the API has', () => {
  const root = path.join(__dirname, '..', '..', 'admin-ui', 'src')
  const lists = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('List.tsx'))
  const unknown = lists.flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8')
    const resource = /resource="([\w-]+)"/.exec(text)?.[1]
    if (resource === undefined) return []
    const at = ['cases', 'tasks'].includes(resource) ? `/api/${resource}` : `/api/register/${resource}`
    const fields = [...text.matchAll(/(?:sort|field): '([\w.]+)'/g)].map(([, field]) => field ?? '')

    return fields
      .filter((field) => !sortsOf(at).some((sort) => sort === field || sort === `${field}.kk`))
      .map((field) => `${file}: ${field}`)
  })
  expect(lists.length).toBeGreaterThan(14)
  expect(unknown).toEqual([])
})
