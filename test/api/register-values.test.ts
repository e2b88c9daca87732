/** A value of a rule or term is of the type and in the range of its key, wherever it comes from; its key says what it means. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ruleRows, termRows } from '../../prisma/seed/data'
import { openingOf } from '../../prisma/store/opening'
import type { BodyKey } from '../../workflows/kernel/contract'
import { isoDate } from '../../workflows/kernel/law/calendar'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import { processes } from '../../workflows/registry'
import { contract } from '../../workflows/probation/contract'
import { isProblem, startApi, type Agent, type Api } from './harness'

interface RuleRow {
  id: string
  key: string
  value: unknown
  kind: 'yesNo' | { from: number; to: number } | null
  version: number
}
interface TermRow {
  id: string
  key: string
  value: number | null
  unit: string
  range: { from: number; to: number }
  version: number
}

let api: Api
let administrator: Agent
beforeAll(async () => {
  api = await startApi()
  administrator = await api.as('administrator')
})
afterAll(() => api.close())

async function rowsOf<Row>(register: 'rules' | 'terms'): Promise<Row[]> {
  const rows: Row[] = []
  for (let page = 1; ; page += 1) {
    const { body } = await administrator.get(`/api/register/${register}?perPage=100&page=${page}`).expect(200)
    rows.push(...body.data)
    if (!body.pageInfo.hasNextPage) return rows
  }
}
const change = (register: 'rules' | 'terms', row: { id: string; version: number }, body: object) =>
  administrator
    .patch(`/api/register/${register}/${encodeURIComponent(row.id)}`)
    .set('If-Match', `"${row.version}"`)
    .send(body)
const ruleOf = async (id: string): Promise<RuleRow> =>
  (await administrator.get(`/api/register/rules/${encodeURIComponent(id)}`).expect(200)).body

describe('a rule says what its key allows', () => {
  test('every rule of the register tells its kind, and keeps to it', async () => {
    const rows = await rowsOf<RuleRow>('rules')
    expect(rows.filter(({ kind }) => kind === null)).toEqual([])
    for (const { id, kind, value } of rows) {
      if (kind === 'yesNo') expect([id, typeof value]).toEqual([id, 'boolean'])
      else expect(value).toBe(Math.min(Math.max(Number(value), kind?.from ?? NaN), kind?.to ?? NaN))
    }
  })

  test.each([
    ['a word for a number of months', 'probation.mentorServiceMonths:R5', 'abc', 422],
    ['a yes for a number of months', 'probation.mentorServiceMonths:R5', true, 422],
    ['half a month', 'probation.mentorServiceMonths:R5', 1.5, 422],
    ['fewer months than none', 'probation.mentorServiceMonths:R5', -1, 422],
    ['more months than anybody serves', 'probation.mentorServiceMonths:R5', 601, 422],
    ['a mentor of nobody', 'probation.mentorMaxMentees:R5', 0, 422],
    ['a number for a yes', 'probation.applies:R5', 1, 422],
    ['a word for a yes', 'probation.applies:R5', 'true', 422],
  ])('%s is refused', async (_what, id, value, status) => {
    const before = await ruleOf(id)
    const response = await change('rules', before, { value })
    isProblem(response, id, [status])
    expect(Object.keys(response.body.errors)).toEqual(['value'])
    expect(await ruleOf(id)).toEqual(before)
  })

  test('what its key allows is taken, and the answer tells what that is', async () => {
    const row = await ruleOf('probation.mentorServiceMonths:R4')
    const { body } = await change('rules', row, { value: 24 }).expect(200)
    expect(body).toMatchObject({ value: 24, kind: { from: 0, to: 600 } })
  })
})

describe('a term is as long as its key allows', () => {
  test('every term of the register tells its range, and keeps to it', async () => {
    for (const { id, value, range } of await rowsOf<TermRow>('terms'))
      if (value !== null) expect([id, value >= range.from && value <= range.to]).toEqual([id, true])
  })

  test.each([
    ['a check that comes again after no time at all', 'probation.interimEvery:*', { value: 0 }, 'value'],
    ['shorter than its source allows', 'probation.mentorOrder:*', { value: 2 }, 'value'],
    ['longer than its source allows', 'probation.mentorOrder:*', { value: 6 }, 'value'],
    ['longer than any calendar reaches', 'probation.reviewBeforeEnd:*', { value: 5000 }, 'value'],
    ['in minutes instead of days', 'probation.reviewBeforeEnd:*', { unit: 'minutes' }, 'unit'],
    ['in another unit than its source counts in', 'probation.mentorOrder:*', { unit: 'years' }, 'unit'],
    [
      'over before it begins to hold',
      'probation.reviewBeforeEnd:*',
      { validFrom: '2027-01-01', validTo: '2026-01-01' },
      'validTo',
    ],
  ])('%s is refused', async (_what, id, body, field) => {
    const { body: row } = await administrator.get(`/api/register/terms/${encodeURIComponent(id)}`).expect(200)
    const response = await change('terms', row, body)
    isProblem(response, id, [422])
    expect(Object.keys(response.body.errors)).toEqual([field])
  })
})

describe('what is seeded', () => {
  let folder: string
  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'mansap-rows-'))))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const file = (text: string): string => {
    const at = path.join(folder, 'rows.csv')
    writeFileSync(at, text)

    return at
  }

  test.each([
    ['a word for a number', 'probation.mentorServiceMonths,R5,"""abc""",D,x'],
    ['a number for a yes', 'probation.applies,R5,1,D,x'],
    ['a rule that no process knows', 'probation.unheardOf,R5,true,D,x'],
  ])('%s is not entered', (_what, row) => {
    expect(() => ruleRows(file(`key,regime,value,confidence,source\n${row}\n`))).toThrow('cannot stand')
  })

  test('a term out of its range is not entered', () => {
    const head = 'key,process,name_en,name_ru,name_kk,value,unit,regime,confidence,source,value_min,value_max'
    const row = (value: number) => file(`${head}\nprobation.interimEvery,probation,a,b,c,${value},months,*,D,x,,\n`)
    expect(() => termRows([row(0)])).toThrow('cannot stand')
    expect(termRows([row(2)])).toHaveLength(1)
  })
})

test('a value that means nothing, entered by a release before, is no law: the case names it and does not begin', async () => {
  const body = 'ministryFinance' as BodyKey
  const question = openingQuestion(contract, { body, on: isoDate('2026-11-20'), regime: 'R3', form: null })
  const missing = async () => (await openingOf(api.db, question, processes.limits)).missing
  expect(await missing()).toEqual([])
  await api.database.sql(`update regime_rows set value = '"abc"' where id = 'probation.mentorServiceMonths:R3'`)
  expect(await missing()).toEqual(['probation.mentorServiceMonths'])
  await api.database.sql(`update terms set value = 0 where id = 'probation.interimEvery:*'`)
  expect(await missing()).toEqual(['probation.interimEvery'])
})

test('each rule and term of a process says what it means in three languages', async () => {
  const terms = await rowsOf<TermRow & { name: Record<string, string> }>('terms')
  for (const locale of ['kk', 'ru', 'en'] as const) {
    expect(terms.filter(({ name }) => !name[locale])).toEqual([])
    const { body: words } = await api.nobody().get(`/api/words/${locale}`).expect(200)
    for (const key of Object.keys(contract.rules)) {
      const [process = '', rule = ''] = key.split('.')
      expect(words[process].rules[process][rule]).toMatch(/\S{3}/)
    }
  }
})
