/** The walk of an appeal against the whole product: dismissed, heard by others, back in his post; and what each of its people sees of it. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AnswerView, CaseDetail, DocumentView, EventView, Page } from '../../api/shapes/views'
import { freePort } from '../../scripts/processes'
import { appealWalk, Person } from '../../scripts/walk'
import { toldOf } from '../sight/told'
import { startProduct, type RunningProduct } from '../support/product'

jest.setTimeout(240_000)

let dataDir: string
let product: RunningProduct
let said: string[]
let ids: Awaited<ReturnType<typeof appealWalk>>

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-appeal-'))
  chmodSync(dataDir, 0o755)
  product = await startProduct({ dataDir, port: await freePort() })
  said = []
  ids = await appealWalk(product.baseUrl, (line) => said.push(line))
})
afterAll(async () => {
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

test('the dismissal is annulled, and the post is back by one effect', async () => {
  const secretary = await Person.signedIn(product.baseUrl, 'appealSecretary')
  const probation = await secretary.get<CaseDetail>(`/api/cases/${ids.probation}`)
  const appeal = await secretary.get<CaseDetail>(`/api/cases/${ids.appeal}`)
  expect(probation).toMatchObject({ outcome: 'dismissed', annulled: true, annulment: { ground: 'cancelledOnAppeal' } })
  expect(appeal).toMatchObject({ outcome: 'granted', basis: { code: 'cancelledOnAppeal' } })
  const { data } = await secretary.get<Page<EventView>>(`/api/cases/${ids.appeal}/events?perPage=100`)
  expect(data.filter(({ kind }) => kind === 'effectUndone').map(({ params }) => params)).toEqual([
    { effect: 'endPost' },
  ])
  const post = said.filter((line) => line.includes('the post, as the cases of the set see it'))
  expect(post).toEqual([
    expect.stringMatching(/on [\d-]+ he holds it no more$/),
    expect.stringMatching(/back by one effect; on [\d-]+ he holds the same one,$/),
  ])
})

/** What the walk said of what somebody sees: of the probation, and of the appeal. */
const seenBy = (login: string): string => said.find((line) => line.startsWith(`  ${login} `)) ?? ''

test.each(['mentor', 'supervisor', 'headMinistry', 'agencyOfficer'])(
  '%s, who decided first, reads the probation and finds no appeal',
  (login) => {
    expect(seenBy(login)).toMatch(/probation R-[\d-]+ \(dismissed, annulled; .*\); finds no such case$/)
  },
)

test('the servant and HR of the body that decided read the ruling, and no minutes', () => {
  for (const login of ['newcomer', 'hrMinistry'])
    expect(seenBy(login)).toMatch(
      /\(dismissed, annulled by R-[\d-]+; .*; appeal R-[\d-]+ \(granted; documents: ruling; /,
    )
})

test('the records service of the body that decided keeps the ruling, and reads no minutes', async () => {
  const records = await Person.signedIn(product.baseUrl, 'recordsMinistry')
  const { data } = await records.get<Page<DocumentView>>(`/api/cases/${ids.appeal}/documents?perPage=100`)
  expect(data.map(({ kind }) => kind)).toEqual(['ruling'])
})

test('a member reads the decision that is appealed and what it stands on, and what the commission heard and decided', () => {
  expect(seenBy('appealMemberFirst')).toMatch(
    /\(dismissed, annulled by R-[\d-]+; documents: [^;]*dismissalAct[^;]*; .*; appeal R-[\d-]+ \(granted; documents: minutes, ruling; /,
  )
})

/** The people of the walk, by the columns of the tables of probation and of appeal that tell of them. */
const COLUMNS = {
  newcomer: [['subject'], ['subject']],
  hrMinistry: [['hr'], ['hr']],
  recordsMinistry: [['records'], ['records']],
  appealSecretary: [
    ['agency', 'linked:appeal'],
    ['agency', 'secretary'],
  ],
  appealChair: [['linked:appeal'], ['chair', 'member']],
  appealMemberFirst: [['linked:appeal'], ['member']],
  appealMemberSecond: [['linked:appeal'], ['member']],
  developer: [['developer'], ['developer']],
  administrator: [['administrator'], ['administrator']],
} as const

/** Documents and answers of a case that somebody is shown, as pieces of the table. */
async function piecesShown(login: string, id: string): Promise<string[]> {
  const who = await Person.signedIn(product.baseUrl, login)
  const [documents, answers] = await Promise.all([
    who.get<Page<DocumentView>>(`/api/cases/${id}/documents?perPage=100`),
    who.get<{ data: AnswerView[] }>(`/api/cases/${id}/answers`),
  ])
  const shown = [
    ...documents.data.map(({ kind }) => `document:${kind}`),
    ...answers.data.map(({ kind }) => `answer:${kind}`),
  ]

  return [...new Set(shown)].sort()
}

test.each(Object.entries(COLUMNS))(
  '%s is shown of the probation and of the appeal what the tables say, no more and no less',
  async (login, [ofProbation, ofAppeal]) => {
    const cases = [
      ['probation', ids.probation, ofProbation],
      ['appeal', ids.appeal, ofAppeal],
    ] as const
    for (const [process, id, columns] of cases) {
      const cells = columns.map((column) => toldOf(process, column).cells)
      const made = await piecesShown('appealSecretary', id)
      // nothing was considered anew; else the walk came to every stage from which something is seen
      const sees = (piece: string) =>
        cells.some((cell) =>
          (cell.get(piece) ?? '').split(', ').some((when) => when !== '–' && when !== 'from reconsidering'),
        )
      expect([process, await piecesShown(login, id)]).toEqual([process, made.filter(sees)])
    }
  },
)

test('whoever prepared the hearing reads both', () => {
  expect(seenBy('appealSecretary')).toMatch(
    /\(dismissed, annulled by R-[\d-]+; .*; appeal R-[\d-]+ \(granted; documents: minutes, ruling; /,
  )
})

test('a walk that there is not is named', () => {
  const main = path.join('scripts', 'walk', 'main.ts')
  const cwd = path.join(__dirname, '..', '..')
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, 'fishing'], {
    cwd,
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([2, 'There is no walk fishing: say probation or appeal.\n'])
})
