/**
 * The walk of the README, and then its file as each of its people sees it in a browser: every mark that the walk left stands on the pages
 * of exactly those to whom `doc/who-sees-what.md` gives it, and on nobody else's.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page as Tab, Request } from 'playwright-core'
import type { CaseDetail, DocumentView, Page } from '../../api/shapes/views'
import { freePort } from '../../scripts/processes'
import { Person, walk } from '../../scripts/walk'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'
import { toldOf } from '../sight/told'
import { Visitor } from './visitor'

jest.setTimeout(300_000)

/** The people of the walk, by the column of the table that tells of them. */
const PEOPLE = {
  hrMinistry: 'hr',
  headMinistry: 'head',
  agencyOfficer: 'agency',
  developer: 'developer',
  administrator: 'administrator',
  newcomer: 'subject',
  mentor: 'mentor',
  supervisor: 'supervisor',
} as const

/** What the walk wrote into answers; a person who wrote it himself reads it whatever the table says. */
const MARKS: Readonly<Record<string, string>> = {
  'answer:draftAdaptationPlan': 'Learn the order of document flow',
  'answer:mentorOpinion': 'More practice is needed.',
  'answer:reviewProbation': 'The second goal of the plan was not reached.',
  'answer:decideExtension': 'To be given one more chance.',
  'answer:decideDismissal': 'The plan was not fulfilled.',
  'answer:agreeDismissal': 'The grounds do not show a failure.',
  'answer:recordAbsence': 'Sick leave certificate 77',
}

let dataDir: string
let product: RunningProduct
let browser: Browser
let file: CaseDetail
/** documents that the walk issued, as pieces of the table */
let issued: string[]
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-sight-'))
  chmodSync(dataDir, 0o755)
  ;[product, browser] = await Promise.all([startProduct({ dataDir, port: await freePort() }), launchBrowser()])
  const id = await walk(product.baseUrl, () => undefined)
  const hr = await Person.signedIn(product.baseUrl, 'hrMinistry')
  file = await hr.get<CaseDetail>(`/api/cases/${id}`)
  const { data } = await hr.get<Page<DocumentView>>(`/api/cases/${id}/documents?perPage=100`)
  issued = [...new Set(data.map(({ kind }) => `document:${kind}`))]
  expect(issued.length).toBeGreaterThan(5)
})
afterAll(async () => {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

/** Waits until the page has asked for what it shows, has been answered, and has shown it. */
function allShown(page: Tab): () => Promise<void> {
  const underWay = new Set<Request>()
  page.on('request', (request) => {
    if (request.url().includes('/api/') && request.resourceType() !== 'eventsource') underWay.add(request)
  })
  page.on('requestfinished', (request) => underWay.delete(request))
  page.on('requestfailed', (request) => underWay.delete(request))
  const drawn = () => page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')

  return async () => {
    await drawn()
    await eventually('the answers to the page', () => underWay.size === 0)
    await drawn()
  }
}

/** What each part of the page of the case says to somebody, and the names of its parts. */
async function readBy(
  user: string,
): Promise<{ readonly said: ReadonlyMap<string, string>; readonly words: Visitor['say'] }> {
  const visitor = await Visitor.signedIn(browser, product.baseUrl, 'en', user)
  const isShown = allShown(visitor.page)
  await visitor.page.goto(`${product.baseUrl}/cases/${file.id}`)
  await visitor.page.getByRole('tab').first().waitFor()
  const parts = await visitor.page.getByRole('tab').allInnerTexts()
  const said = new Map<string, string>()
  const { page } = visitor
  for (const name of parts) {
    await page.getByRole('tab', { name, exact: true }).click()
    await page.getByRole('tab', { name, exact: true, selected: true }).waitFor()
    const next = visitor.button(visitor.say('app.pages.next'))
    for (;;) {
      await isShown()
      // what is folded away counts as well
      said.set(name, `${said.get(name) ?? ''}\n${(await page.locator('#part').textContent()) ?? ''}`)
      if (!(await next.isVisible()) || (await next.isDisabled())) break
      await next.click()
    }
  }
  await visitor.inspect(`the file as ${user} sees it`)
  await visitor.leave()

  return { said, words: (key) => visitor.say(key) }
}

const hasCome = (cell: string): boolean => cell === 'yes' || cell.split(', ').some((each) => each.startsWith('from '))

test.each(Object.entries(PEOPLE))('%s sees what the table says of %s', async (user, column) => {
  const { said, words } = await readBy(user)
  const { cells, titles } = toldOf('probation', column)
  const sees = (piece: string): boolean => hasCome(cells.get(piece) ?? '')
  const whole = [...said.values()].join('\n')
  const documents = said.get(words('app.cases.tabs.documents')) ?? ''
  const servant = file.subject?.name.en ?? ''
  expect(servant).not.toBe('')
  const found = {
    ...Object.fromEntries(Object.entries(MARKS).map(([piece, mark]) => [piece, whole.includes(mark)])),
    ...Object.fromEntries(issued.map((piece) => [piece, documents.includes(titles.get(piece) ?? '')])),
    identity: whole.includes(servant),
    readers: said.has(words('app.cases.tabs.readers')),
    technical: said.has(words('app.cases.tabs.history')),
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((piece) => [piece, sees(piece)])))
})

test('who has nothing to do with the case finds no such page', async () => {
  const stranger = await Visitor.signedIn(browser, product.baseUrl, 'en', 'hrAkimat')
  const asked = await stranger.page.context().request.get(`${product.baseUrl}/api/cases/${file.id}`)
  expect(asked.status()).toBe(404)
  await stranger.leave()
})
