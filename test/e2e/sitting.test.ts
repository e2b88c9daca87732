/** The page of a sitting before the members of a commission, in a browser, in each language, with axe: made from the contract of the example. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { CaseDetail, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { freePort } from '../../scripts/processes'
import { runningIn } from '../../scripts/running'
import { Person } from '../../scripts/walk'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { readWords, wordsAt } from '../../workflows/words'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(300_000)

const EXAMPLE = path.join(__dirname, '..', 'example')
const words = readWords(path.join(EXAMPLE, '..'))
const said = (locale: Locale, key: string): string => wordsAt(words, locale, 'example', key) ?? key
const RECOMMENDATION = 'Twenty years of good work'
/** who votes on the page, by language; the chair and the last member vote without it */
const VOTES: Readonly<Record<Locale, string>> = { kk: 'member1', ru: 'member2', en: 'member3' }

let dataDir: string
let product: RunningProduct
let browser: Browser
let db: Db
let caseId: string

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-sitting-'))
  chmodSync(dataDir, 0o755)
  const place = { dataDir, port: await freePort() }
  // the register and the console are made by a start of the product as it is
  await (await startProduct(place)).stop()
  const env = {
    MANSAP_API_SCRIPT: path.join(EXAMPLE, 'api.ts'),
    MANSAP_WORKER_SCRIPT: path.join(EXAMPLE, 'worker.ts'),
  }
  ;[product, browser] = await Promise.all([startProduct({ ...place, env }), launchBrowser()])
  db = createDb(runningIn(dataDir).databaseUrl, 1)
  caseId = await proposed()
  await recommended()
})
afterAll(async () => {
  await db.$disconnect()
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

const person = (user: string) => Person.signedIn(product.baseUrl, user)

/** A commendation of the newcomer, on which five colleagues without an office sit today, each with an account. */
async function proposed(): Promise<string> {
  const { personId } = await db.account.findUniqueOrThrow({ where: { id: 'newcomer' } })
  const post = await db.post.findFirstOrThrow({ where: { personId, to: null }, include: { position: true } })
  const others = [
    ...(await db.account.findMany({ where: { demoAs: { not: null } }, select: { personId: true } })),
    ...(await db.bodyRole.findMany({ select: { personId: true } })),
  ].map((each) => each.personId)
  const sitting = await db.post.findMany({
    where: { to: null, position: { bodyKey: post.position.bodyKey }, personId: { notIn: others } },
    orderBy: { id: 'asc' },
    take: 6,
  })
  const members = sitting.map((each) => each.personId)
  await db.account.createMany({
    data: members.map((each, i) => ({ id: `member${String(i)}`, personId: each, demoAs: 'mentor' })),
  })
  const hr = await person('hrMinistry')
  const started = await hr.send<{ caseId: string }>('POST', '/api/processes/example/cases', {
    form: {
      ...{ person: personId, position: post.positionId, chair: members[0] ?? '' },
      ...{ members: members.slice(0, 5), alternates: members.slice(5) },
      sitting: new Date().toISOString().slice(0, 10),
      proposedByHead: false,
      grounds: 'Long service',
    },
  })

  return started.caseId
}

/** The open task of that kind, done by whoever it is for. */
async function does(user: string, kind: string, form: object): Promise<void> {
  const by = await person(user)
  const task = await eventually(`${kind} is asked`, async () => {
    const { data } = await by.get<Page<TaskView>>(`/api/cases/${caseId}/tasks?perPage=100`).catch(() => ({ data: [] }))

    return data.find(
      (each) =>
        each.kind === kind &&
        !['completed', 'obsolete'].includes(each.state) &&
        (!('person' in each.for) || each.for.person.id === by.me.person.id),
    )
  })
  if (task.verbs.includes('claim')) await by.claim(task)
  const { version } = await by.get<TaskDetail>(`/api/tasks/${task.id}`)
  await by.send('POST', `/api/tasks/${task.id}/complete`, { version, form: form })
}

async function recommended(): Promise<void> {
  await does('supervisor', 'recommend', { recommendation: RECOMMENDATION })
  await does('headMinistry', 'approve', {})
  await does('newcomer', 'consent', { agrees: true })
  await does('hrMinistry', 'checkRecord', { clean: true })
}

const page = async (): Promise<CaseDetail> => (await person('hrMinistry')).get<CaseDetail>(`/api/cases/${caseId}`)
const title = (locale: Locale): string => said(locale, 'tasks.vote.title')
/** `SHOTS=<folder>` keeps what the browser showed. */
async function seen(visitor: Visitor, place: string): Promise<void> {
  await visitor.inspect(place)
  const folder = process.env['SHOTS']
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await visitor.page.screenshot({ path: path.join(folder, `${place}-${visitor.locale}.png`), fullPage: true })
}

test.each(LOCALES)(
  'from his task a member comes to the sitting, votes there, and nobody reads how, in %s',
  async (locale) => {
    const member = await Visitor.signedIn(browser, product.baseUrl, locale, VOTES[locale])
    await member.open('/tasks', member.say('app.tasks.title'))
    await member.page
      .getByRole('link', { name: title(locale) })
      .first()
      .click()
    await member.page.getByRole('link', { name: member.say('app.commission.open') }).click()
    await member.heading(member.say('app.commission.sitting'), 2)
    await member.sees(RECOMMENDATION)
    await member.sees(member.say('app.tasks.willBeSealed'))
    await member.button(`${member.say('app.verbs.recuse.button')}…`).waitFor()
    await seen(member, 'sitting')

    const button = said(locale, 'tasks.vote.choices.grant.button')
    await member.press(`${button}…`)
    await member.button(button, member.dialog()).click()
    await member.sees(member.say('app.tasks.isSealed'))
    // he stays on the page of the sitting, and goes on seeing the file
    await member.heading(member.say('app.commission.sitting'), 2)
    await member.sees(RECOMMENDATION)
    expect(await member.decisions().count()).toBe(0)
    await seen(member, 'sitting-voted')
    await member.page.reload()
    const state = member.say('app.commission.seats.answered')
    await member.sees(member.say('app.commission.yours', { state }))
    expect(await member.page.getByText(said(locale, 'options.vote.grant'), { exact: true }).count()).toBe(0)
    await member.leave()
  },
)

test('a member withdraws from the matter on the page, and an alternate takes his seat', async () => {
  const member = await Visitor.signedIn(browser, product.baseUrl, 'ru', 'member4')
  const { commissions } = await page()
  await member.page.goto(`${product.baseUrl}/cases/${caseId}/commissions/${commissions[0]?.id ?? ''}`)
  await member.press(`${member.say('app.verbs.recuse.button')}…`)
  await member.fill(member.say('app.verbs.reason'), 'Родственник', member.dialog())
  await member.button(member.say('app.verbs.recuse.button'), member.dialog()).click()
  await eventually('the alternate is called', async () => (await page()).commissions[0]?.seats.length === 6)
  await member.leave()
})

test.each(LOCALES)('the votes are opened, and the minutes stand beside them, in %s', async (locale) => {
  if ((await page()).commissions[0]?.state === 'asking') {
    await does('member0', 'vote', { vote: 'decline' })
    await does('member5', 'vote', { vote: 'grant' })
  }
  await eventually('the commission has decided', async () => (await page()).commissions[0]?.state === 'decided')
  const member = await Visitor.signedIn(browser, product.baseUrl, locale, VOTES[locale])
  await member.page.goto(`${product.baseUrl}/cases/${caseId}`)
  await member.page
    .getByRole('link', { name: member.say('app.commission.open') })
    .first()
    .click()
  await member.heading(member.say('app.commission.votes'), 2)
  await member.sees(new RegExp(member.say('app.commission.states.decided')))
  await member.page
    .getByRole('link', { name: said(locale, 'documents.minutes.title') })
    .first()
    .waitFor()
  await member.sees(new RegExp(member.say('app.commission.as.alternate')))
  await seen(member, 'sitting-decided')
  await member.leave()
})
