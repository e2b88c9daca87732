/** Cases about nobody, and a servant's own, before the console in a browser, with axe on every page. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { CaseDetail, Name } from '../../api/shapes/views'
import { createDb } from '../../prisma/store/db'
import { appendTo, lockCase, NO_EVENTS } from '../../prisma/store/events'
import { freePort } from '../../scripts/processes'
import { runningIn } from '../../scripts/running'
import { Person } from '../../scripts/walk'
import { readWords, wordsAt } from '../../workflows/words'
import { LOCALES, type CaseId, type Instant, type IsoDate, type Locale } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeTask } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(240_000)

const INQUIRY = path.join(__dirname, '..', 'api', 'inquiry')
const words = readWords(path.join(INQUIRY, '..'))
const said = (locale: Locale, key: string): string => wordsAt(words, locale, 'inquiry', key) ?? key

const scripts = (api: string) => ({
  MANSAP_API_SCRIPT: path.join(INQUIRY, api),
  MANSAP_WORKER_SCRIPT: path.join(INQUIRY, 'worker.ts'),
})

let dataDir: string
let place: { dataDir: string; port: number }
let product: RunningProduct
let browser: Browser
let ministry: Name

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-about-'))
  chmodSync(dataDir, 0o755)
  place = { dataDir, port: await freePort() }
  // the register and the console are made by a start of the product as it is
  await (await startProduct(place)).stop()
  const env = scripts('api.ts')
  ;[product, browser] = await Promise.all([startProduct({ ...place, env }), launchBrowser()])
  const hr = await Person.signedIn(product.baseUrl, 'hrMinistry')
  ministry = (await hr.get<{ name: Name }>('/api/register/bodies/ministryFinance')).name
})
afterAll(async () => {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

const as = (user: string, locale: Locale) => Visitor.signedIn(browser, product.baseUrl, locale, user)

test('a servant starts a case of his own, and is offered nobody else and no other body', async () => {
  const locale: Locale = 'ru'
  const servant = await as('newcomer', locale)
  const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
  await servant.open('/start?process=inquiry', servant.say('app.start.title'))
  const picker = servant.page.getByRole('combobox', { name: said(locale, 'fields.person') })
  await picker.click()
  const options = servant.page.getByRole('option')
  await eventually('nobody but himself to be offered', async () => (await options.count()) === 1)
  await options.filter({ hasText: servant.name(me.person.name) }).click()
  await servant.inspect('a start of one’s own')
  await servant.press(said(locale, 'start.title'))
  await servant.heading(`${said(locale, 'name')}: ${servant.name(me.person.name)}`)
  await servant.inspect('a case of one’s own')
  await servant.leave()
})

test('HR starts cases about a body and about another case, which lists, inbox and pages name by that', async () => {
  const locale: Locale = 'kk'
  const hr = await as('hrMinistry', locale)
  const start = async () => {
    await hr.open('/start?process=inquiry', hr.say('app.start.title'))
    await hr.page.getByRole('combobox', { name: said(locale, 'fields.other') }).waitFor()
  }
  const send = async () => {
    await hr.page.getByLabel(hr.say('roles.hr')).check()
    await hr.press(said(locale, 'start.title'))
  }
  await start()
  const bodies = hr.page.locator('form').getByRole('combobox', { name: said(locale, 'fields.body') })
  await bodies.fill(hr.name(ministry))
  await hr.page
    .getByRole('option', { name: hr.name(ministry) })
    .first()
    .click()
  await send()
  await hr.heading(`${said(locale, 'name')}: ${hr.name(ministry)}`)
  await hr.sees(hr.say('app.cases.aboutBody'))
  await hr.inspect('a case about a body')
  const { data } = await (
    await Person.signedIn(product.baseUrl, 'hrMinistry')
  ).get<{ data: { number: string }[] }>('/api/cases?sort=-startedOn')
  const number = data[0]?.number ?? ''

  await start()
  await hr.page.getByRole('combobox', { name: said(locale, 'fields.other') }).fill(number)
  await hr.page.getByRole('option', { name: number }).first().click()
  await hr.inspect('a start that names another case')
  await send()
  await hr.heading(`${said(locale, 'name')}: ${hr.say('app.cases.otherCase', { number })}`)
  await hr.page.getByRole('link', { name: number, exact: true }).waitFor()
  await hr.inspect('a case about another case')
  await hr.part('events')
  await hr.inspect('its file')

  for (const [address, title] of [
    ['/cases', 'app.cases.title'],
    ['/tasks', 'app.tasks.title'],
  ] as const) {
    await hr.open(address, hr.say(title))
    const list = hr.page.getByRole(address === '/tasks' ? 'tabpanel' : 'table')
    await list.getByText(hr.say('app.cases.otherCase', { number })).first().waitFor()
    await list.getByText(hr.name(ministry)).first().waitFor()
    await hr.inspect(address)
  }
  await hr.leave()
})

test('linked cases show on each page and in the file, by their numbers and where they stand, in every language', async () => {
  const person = await Person.signedIn(product.baseUrl, 'hrMinistry')
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  const posts = await db.position.findMany({ where: { bodyKey: 'ministryFinance' }, orderBy: { id: 'asc' }, take: 2 })
  const started = await Promise.all(
    posts.map(async ({ id: position }) => {
      const { caseId } = await person.send<{ caseId: string }>('POST', '/api/processes/inquiry/cases', {
        form: { position },
      })

      return person.get<CaseDetail>(`/api/cases/${caseId}`)
    }),
  )
  const [here, other] = started
  if (!here || !other) throw new Error('the ministry has too few positions')
  const id = here.id as CaseId
  await db.caseLink.create({ data: { fromId: id, toId: other.id, kind: 'about', madeAt: new Date() } })
  const [at, on] = ['2026-03-02T05:00:00.000Z' as Instant, '2026-03-02' as IsoDate]
  const entry = { at, on, step: null, actor: null, capacity: null, task: null }
  await db.sql.transaction(async (tx) =>
    appendTo(tx, id, (await lockCase(tx, id)) ?? NO_EVENTS, [
      { ...entry, kind: 'linkedCaseTold', params: { act: 'cancel', case: other.id } },
      { ...entry, kind: 'linkedCaseEnded', params: { case: other.id, end: 'reported', basis: 'reported' } },
    ]),
  )
  await db.$disconnect()

  for (const locale of LOCALES) {
    const hr = await as('hrMinistry', locale)
    const named = (file: CaseDetail) => hr.say('app.cases.otherCase', { number: file.number })
    const linked = hr.page.getByRole('region', { name: hr.say('app.cases.links.title') })
    await hr.open(`/cases/${id}`, said(locale, 'name'))
    await linked.getByText(hr.say('app.cases.links.parts.concerned')).waitFor()
    await hr.inspect('a case with a linked one')
    await hr.part('events')
    const told = hr.page.getByRole('listitem').filter({ hasText: hr.say('events.linkedCaseTold') })
    await told.getByText(hr.say('acts.cancel.title')).waitFor()
    const ended = hr.page.getByRole('listitem').filter({ hasText: hr.say('events.linkedCaseEnded') })
    await ended.getByText(said(locale, 'ends.reported')).waitFor()
    await hr.inspect('the file of a case with a linked one')
    await told.getByRole('link', { name: named(other) }).click()
    await hr.page.waitForURL(`${product.baseUrl}/cases/${other.id}`)
    await linked.getByText(hr.say('app.cases.links.parts.concerning')).waitFor()
    await linked.getByRole('link', { name: named(here) }).waitFor()
    await hr.leave()
  }
})

test('the head hands a case over to another body, and its page and file say so', async () => {
  const locale: Locale = 'kk'
  const person = await Person.signedIn(product.baseUrl, 'hrMinistry')
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  const position = await db.position.findFirstOrThrow({
    where: { bodyKey: 'ministryFinance' },
    orderBy: { id: 'desc' },
  })
  await db.$disconnect()
  const form = { position: position.id }
  const { caseId } = await person.send<{ caseId: string }>('POST', '/api/processes/inquiry/cases', { form })
  const akimat = (await person.get<{ name: Name }>('/api/register/bodies/akimat.karaganda')).name

  const head = await as('headMinistry', locale)
  await head.open(`/cases/${caseId}`, said(locale, 'name'))
  await head.press(`${head.say('acts.handOver.title')}…`)
  await head.choose(said(locale, 'fields.body'), head.name(akimat), head.dialog())
  await head.fill(head.say('fields.reason'), 'Қайта құру', head.dialog())
  await head.inspect('handOver')
  await head.button(head.say('acts.handOver.title'), head.dialog()).click()
  await head.dialog().waitFor({ state: 'detached' })
  // it is theirs now, and he sees it no longer
  await head.heading(head.say('app.cases.title'))
  await head.leave()

  for (const reads of LOCALES) {
    const reader = await as('hrAkimat', reads)
    await reader.open(`/cases/${caseId}`, said(reads, 'name'))
    await reader.sees(reader.name(akimat))
    await reader.part('events')
    const entry = reader.page.getByRole('listitem').filter({ hasText: reader.say('events.handedOver') })
    await entry.getByText(`${reader.name(ministry)} → ${reader.name(akimat)}`).waitFor()
    await reader.page
      .getByRole('listitem')
      .filter({ hasText: reader.say('acts.handOver.title') })
      .first()
      .waitFor()
    await reader.inspect('the file of a case that was handed over')
    await reader.leave()
  }
})

test('the page of a task says why somebody else was asked than the process names, in every language', async () => {
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  const caseId = await arrangeCase(db, { body: 'ministryFinance', subject: null, aboutBody: 'ministryFinance' })
  const task = await arrangeTask(db, caseId, { role: 'head', body: 'ministryFinance' })
  const ofNobody = await db.stateBody.findFirstOrThrow({
    where: { key: { notIn: (await db.bodyRole.findMany({ where: { role: 'hr' } })).map(({ bodyKey }) => bodyKey) } },
    orderBy: { key: 'asc' },
  })
  const standIn = {
    for: { role: 'hr', body: ofNobody.key },
    by: { role: 'head', body: 'ministryFinance' },
  }
  await db.task.update({ where: { id: task }, data: { standIn } })
  const without = { kk: ofNobody.nameKk, ru: ofNobody.nameRu, en: ofNobody.nameEn }
  for (const locale of LOCALES) {
    const head = await as('headMinistry', locale)
    await head.open(`/tasks/${task}`, head.say('tasks.appointMentor.title'))
    const role = head.say('roles.hr')
    const asked = `${head.say('roles.head')} — ${head.name(ministry)}`
    await head.sees(
      [
        head.say('app.tasks.standsIn.nobodyHolds', { role, body: without[locale] }),
        head.say('app.tasks.standsIn.asked', { asked }),
      ].join(' '),
    )
    await head.inspect('a task that somebody else was to do')
    await head.leave()
  }
  await db.task.delete({ where: { id: task } })
  await db.case.delete({ where: { id: caseId } })
  await db.$disconnect()
})

describe('whoever may start a case without his name chooses whether it names him', () => {
  beforeAll(async () => {
    await product.stop()
    product = await startProduct({ ...place, env: scripts('unnamed-api.ts') })
  })
  const onForm = async (user: string, locale: Locale) => {
    const visitor = await as(user, locale)
    await visitor.open('/start?process=inquiry&body=ministryFinance', visitor.say('app.start.title'))
    const names = visitor.page.getByRole('radiogroup', { name: visitor.say('app.start.name.label') })
    await names.waitFor()

    return { visitor, choose: (name: string) => names.getByLabel(visitor.say(`app.start.name.${name}`)).check() }
  }

  test.each([
    ['kk', 'anonymous', 'mentor'],
    ['ru', 'confidential', 'hrMinistry'],
    ['en', 'anonymous', 'headMinistry'],
  ] as const)('in %s: %s, and is told only that it was received', async (locale, name, about) => {
    const { visitor: servant, choose } = await onForm('newcomer', locale)
    const { me } = await Person.signedIn(product.baseUrl, about)
    const send = () => servant.press(said(locale, 'start.title'))
    await send()
    await servant.sees(servant.say('app.start.name.required'))
    await choose(name)
    await servant.sees(servant.say('app.start.name.after'))
    await servant.choose(said(locale, 'fields.person'), servant.name(me.person.name))
    await servant.inspect('a start without a name')
    await send()
    const received = servant.page.getByRole('status').filter({ hasText: /\d{4}/ })
    const number =
      /№ ?(\S+?)[,. ]|No\. (\S+),/
        .exec(await received.innerText())
        ?.slice(1)
        .find(Boolean) ?? ''
    await servant.sees(servant.say('app.start.name.received', { number }))
    await servant.inspect('what was received')
    await servant.leave()
  })

  test('with it, and lands on its page', async () => {
    const { visitor: servant, choose } = await onForm('supervisor', 'ru')
    await choose('named')
    const { me } = await Person.signedIn(product.baseUrl, 'supervisor')
    await servant.choose(said('ru', 'fields.person'), servant.name(me.person.name))
    await servant.press(said('ru', 'start.title'))
    await servant.page.waitForURL(/\/cases\/[0-9a-f-]{36}$/)
    await servant.leave()
  })
})
