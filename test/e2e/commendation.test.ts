/**
 * Commendations, the cases of the example, in a browser, in each language, with axe: the page of a sitting before the members of a commission,
 * a case that stands still, and a decision that is amended and withdrawn.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { CaseDetail, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { freePort } from '../../scripts/processes'
import { runningIn } from '../../scripts/running'
import { Person } from '../../scripts/walk'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
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
let members: readonly string[]

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
  members = await accountsOfMembers()
  caseId = await proposed({ proposedByHead: false })
  await recommended()
})
afterAll(async () => {
  await db.$disconnect()
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

const person = (user: string) => Person.signedIn(product.baseUrl, user)

/** The post of the newcomer. */
async function commended() {
  const { personId } = await db.account.findUniqueOrThrow({ where: { id: 'newcomer' } })

  return db.post.findFirstOrThrow({ where: { personId, to: null }, include: { position: true } })
}

/** Six colleagues of the newcomer without an office, each with an account. */
async function accountsOfMembers(): Promise<readonly string[]> {
  const others = [
    ...(await db.account.findMany({ where: { demoAs: { not: null } }, select: { personId: true } })),
    ...(await db.bodyRole.findMany({ select: { personId: true } })),
  ].map((each) => each.personId)
  const { bodyKey } = (await commended()).position
  const posts = await db.post.findMany({
    where: { to: null, position: { bodyKey }, personId: { notIn: others } },
    orderBy: { id: 'asc' },
    take: 6,
  })
  const ids = posts.map(({ personId }) => personId)
  await db.account.createMany({
    data: ids.map((personId, i) => ({ id: `member${String(i)}`, personId, demoAs: 'mentor' })),
  })

  return ids
}

/** A commendation of the newcomer, on which five of them sit today. */
async function proposed(form: object, rehearsal?: { readonly set: string; readonly speed: number }): Promise<string> {
  const { personId, positionId } = await commended()
  const hr = await person('hrMinistry')
  const started = await hr.send<{ caseId: string }>('POST', '/api/processes/example/cases', {
    form: {
      ...{ person: personId, position: positionId, chair: members[0] ?? '' },
      ...{ members: members.slice(0, 5), alternates: members.slice(5) },
      sitting: new Date().toISOString().slice(0, 10),
      grounds: 'Long service',
      ...form,
    },
    ...(rehearsal && { rehearsal }),
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
    await member.seen('sitting')

    const button = said(locale, 'tasks.vote.choices.grant.button')
    await member.press(`${button}…`)
    await member.button(button, member.dialog()).click()
    await member.sees(member.say('app.tasks.isSealed'))
    // he stays on the page of the sitting, and goes on seeing the file
    await member.heading(member.say('app.commission.sitting'), 2)
    await member.sees(RECOMMENDATION)
    expect(await member.decisions().count()).toBe(0)
    await member.seen('sitting-voted')
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
  await member.sees(member.say('app.commission.decidedFor', { choice: said(locale, 'options.vote.grant') }))
  await member.page
    .getByRole('link', { name: said(locale, 'documents.minutes.title') })
    .first()
    .waitFor()
  await member.sees(new RegExp(member.say('app.commission.as.alternate')))
  await member.seen('sitting-decided')
  await member.leave()
})

/** Does it in Kazakh and English, where nothing is sent, and then in Russian, in which it is. */
async function inEach(user: string, look: (visitor: Visitor) => Promise<void>): Promise<Visitor> {
  for (const locale of ['kk', 'en'] as const) {
    const visitor = await Visitor.signedIn(browser, product.baseUrl, locale, user)
    await look(visitor)
    await visitor.leave()
  }
  const visitor = await Visitor.signedIn(browser, product.baseUrl, 'ru', user)
  await look(visitor)

  return visitor
}

const onPage = (visitor: Visitor) => visitor.page.goto(`${product.baseUrl}/cases/${caseId}`)
/** The page on which everybody finds his tasks, with those of rehearsals. */
const onInbox = (visitor: Visitor) =>
  visitor.page.goto(
    `${product.baseUrl}/tasks?filter=${encodeURIComponent(JSON.stringify({ queue: 'todo', rehearsal: '*' }))}`,
  )
/** The words of an act: of the example, else of the kernel. */
const act = (visitor: Visitor, name: string, part: 'title' | 'done') =>
  wordsAt(words, visitor.locale, 'example', `acts.${name}.${part}`) ?? visitor.say(`acts.${name}.${part}`)
const opens = (visitor: Visitor, name: string) => visitor.press(`${act(visitor, name, 'title')}…`)
const reason = (visitor: Visitor) => visitor.fill(visitor.say('fields.reason'), 'Причина', visitor.dialog())

/** Sends the act on the dialog. */
async function sends(visitor: Visitor, name: string): Promise<void> {
  await visitor.button(act(visitor, name, 'title'), visitor.dialog()).click()
  await visitor.dialog().waitFor({ state: 'detached' })
  await visitor.sees(act(visitor, name, 'done'))
}

/** Chooses the ground of a suspension on the dialog. */
const chooses = (visitor: Visitor, ground: string) =>
  visitor
    .dialog()
    .getByRole('radio', { name: said(visitor.locale, `because.${ground}`) })
    .check()

/** Moves the clock of the rehearsal by so many days. */
async function days(count: number): Promise<void> {
  const { step, today } = await page()
  const form = { to: addDays(isoDate(today), count) }
  await (await person('hrMinistry')).send('POST', `/api/cases/${caseId}/acts/advance`, { step, form })
}

describe('a case that stands still', () => {
  beforeAll(async () => {
    caseId = await proposed({ proposedByHead: true, certificate: 'servant' }, { set: 'standing', speed: 0 })
    await eventually('the commission is asked', async () => (await page()).commissions.length > 0)
  })

  test('HR suspends it without a last day, and page, inbox and task say since when, on what ground and until today', async () => {
    const hr = await inEach('hrMinistry', async (visitor) => {
      await onPage(visitor)
      await opens(visitor, 'suspend')
      await chooses(visitor, 'illness')
      await reason(visitor)
      await visitor.seen('suspend')
    })
    await sends(hr, 'suspend')
    await hr.leave()
    await days(4)
    const suspended = await page()
    const { from, days: passed } = suspended.suspensions[0] ?? {}
    expect([from, passed]).toEqual([addDays(isoDate(suspended.today), -4), 5])
    const asked = await inEach('hrMinistry', async (visitor) => {
      await onPage(visitor)
      const alert = visitor.page.getByRole('alert').filter({ hasText: said(visitor.locale, 'because.illness') })
      await alert.waitFor()
      await visitor.sees(visitor.say('app.suspension.open'))
      await visitor.seen('suspended')
      await onInbox(visitor)
      await visitor.sees(visitor.say('tasks.reviewSuspension.title'))
      await visitor.seen('suspended-inbox-hr')
    })
    await asked.leave()
    const member = await inEach('member1', async (visitor) => {
      await onInbox(visitor)
      const task = visitor.page.getByRole('link', { name: title(visitor.locale) }).first()
      await task.waitFor()
      await visitor.page
        .getByRole('listitem')
        .filter({ has: task })
        .getByText(visitor.say('states.suspended'))
        .waitFor()
      await visitor.seen('suspended-inbox')
      await task.click()
      await visitor.heading(title(visitor.locale))
      await visitor.sees(visitor.say('app.tasks.states.suspended'))
      expect(await visitor.decisions().count()).toBe(0)
      await visitor.seen('suspended-task')
    })
    await member.leave()
  })

  test('HR ends it, suspends it again until a day and ends that: the page names both pauses', async () => {
    const hr = await inEach('hrMinistry', async (visitor) => {
      await onPage(visitor)
      await opens(visitor, 'resume')
      await chooses(visitor, 'illness')
      await reason(visitor)
      await visitor.seen('resume')
    })
    await sends(hr, 'resume')
    await days(1)
    await onPage(hr)
    await opens(hr, 'suspend')
    await chooses(hr, 'papers')
    await reason(hr)
    await hr.fill(hr.say('fields.expectedUntil'), addDays(isoDate((await page()).today), 5), hr.dialog())
    await sends(hr, 'suspend')
    await days(2)
    await onPage(hr)
    await hr.sees(said('ru', 'because.papers'))
    await hr.seen('suspended-until')
    await opens(hr, 'resume')
    await chooses(hr, 'papers')
    await reason(hr)
    await sends(hr, 'resume')
    await hr.leave()
    const reader = await inEach('hrMinistry', async (visitor) => {
      await onPage(visitor)
      await visitor.heading(visitor.say('app.suspension.ended'), 2)
      await visitor.sees(new RegExp(said(visitor.locale, 'because.illness')))
      await visitor.sees(new RegExp(said(visitor.locale, 'because.papers')))
      await visitor.page.getByText(visitor.say('app.howReached')).first().click()
      await visitor.seen('suspensions')
    })
    await reader.leave()
  })
})

describe('a decision that was delivered', () => {
  beforeAll(async () => {
    for (const [i] of members.slice(0, 5).entries()) await does(`member${String(i)}`, 'vote', { vote: 'grant' })
    await does('hrMinistry', 'announce', {})
    await eventually('the letter is decided', async () => (await page()).decisions.length > 0)
  })

  test('the head amends it: it keeps its documents in order, and has effect from the day of the last', async () => {
    const to = addDays(isoDate((await page()).today), 20)
    const head = await inEach('headMinistry', async (visitor) => {
      await onPage(visitor)
      await opens(visitor, 'correctLetter')
      await visitor.fill(said(visitor.locale, 'fields.from'), to, visitor.dialog())
      await visitor.fill(said(visitor.locale, 'fields.corrected'), 'Дата', visitor.dialog())
      await visitor.seen('correct')
    })
    await sends(head, 'correctLetter')
    await head.leave()
    await eventually('it was amended', async () => (await page()).decisions[0]?.amendments.length === 1)
    const reader = await inEach('headMinistry', async (visitor) => {
      await onPage(visitor)
      await visitor.heading(visitor.say('app.decisions.title'), 2)
      await visitor.page
        .getByRole('link', { name: said(visitor.locale, 'documents.correction.title') })
        .first()
        .waitFor()
      await visitor.seen('amended')
    })
    await reader.leave()
    expect((await page()).decisions[0]).toMatchObject({ effectiveFrom: to })
  })

  test('the head withdraws it only when he has confirmed that he knows that it was delivered', async () => {
    const head = await inEach('headMinistry', async (visitor) => {
      await onPage(visitor)
      await opens(visitor, 'withdrawLetter')
      await visitor
        .dialog()
        .getByRole('radio', { name: said(visitor.locale, 'options.ground.letterInError') })
        .check()
      await reason(visitor)
      await visitor.button(act(visitor, 'withdrawLetter', 'title'), visitor.dialog()).click()
      await visitor.sees(visitor.say('app.acts.mustConfirm'))
      await visitor.seen('withdraw-unconfirmed')
    })
    await head.dialog().getByLabel(head.say('app.acts.confirmDelivered')).check()
    await head.seen('withdraw-confirmed')
    await sends(head, 'withdrawLetter')
    await head.leave()
    const reader = await inEach('headMinistry', async (visitor) => {
      await onPage(visitor)
      await visitor.sees(visitor.say('app.decisions.void.withdrawn'))
      await visitor.sees(new RegExp(said(visitor.locale, 'reasons.letterInError')))
      await visitor.seen('withdrawn')
    })
    await reader.leave()
  })
})
