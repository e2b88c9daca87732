/** The bell and the pages of letters before a browser, with axe; what is sent is on the page of the demonstration's mail server. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { freePort } from '../../scripts/processes'
import type { TakenLetter } from '../../scripts/mailbox'
import { Person } from '../../scripts/walk'
import { LOCALES } from '../../workflows/kernel/contract'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(240_000)

let dataDir: string
let product: RunningProduct
let browser: Browser
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-notices-'))
  chmodSync(dataDir, 0o755)
  ;[product, browser] = await Promise.all([startProduct({ dataDir, port: await freePort() }), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

const MENTOR_TASK = 'appointMentor'
/** A real case, with a task for HR. */
async function starts(): Promise<string> {
  const hr = await Person.signedIn(product.baseUrl, 'hrMinistry')
  const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
  const { post } = await hr.get<{ post: { from: string; position: { id: string } } }>(
    `/api/register/people/${me.person.id}`,
  )
  const form = {
    person: me.person.id,
    position: post.position.id,
    appointedOn: post.from,
    actNumber: '1',
    actDate: post.from,
  }
  const { caseId } = await hr.send<{ caseId: string }>('POST', '/api/processes/probation/cases', { form })

  return caseId
}

test('the bell tells of a task at once, leads to it, and is read; letters come, and are chosen', async () => {
  const hr = await Visitor.signedIn(browser, product.baseUrl, 'kk', 'hrMinistry')
  const bell = (count: string | null) =>
    hr.page.getByRole('link', {
      name: count === null ? hr.say('app.notices.title') : hr.say('app.notices.unreadCount', { count }),
      exact: true,
    })
  await hr.open('/notices', hr.say('app.notices.title'))
  await hr.sees(hr.say('app.notices.none'))
  await bell(null).waitFor()
  await starts()
  // the open page is told of it
  await bell('1').waitFor()
  const told = hr.page.getByRole('list', { name: hr.say('app.notices.title') }).getByRole('link')
  await told.filter({ hasText: hr.say(`tasks.${MENTOR_TASK}.title`) }).waitFor()
  await hr.inspect('the notices')
  await told.first().click()
  await hr.heading(hr.say(`tasks.${MENTOR_TASK}.title`))
  await bell(null).waitFor()
  await hr.leave()

  for (const locale of LOCALES) {
    const reader = await Visitor.signedIn(browser, product.baseUrl, locale, 'hrMinistry')
    await reader.open('/notices', reader.say('app.notices.title'))
    await reader.page
      .getByText(reader.say(`tasks.${MENTOR_TASK}.title`))
      .first()
      .waitFor()
    await reader.inspect('the notices, read')
    await reader.open('/letters', reader.say('app.letters.title'))
    await reader.page.getByLabel(reader.say('app.letters.daily')).check()
    await reader.inspect('how letters come')
    await reader.press(reader.say('app.save'))
    await reader.sees(reader.say('app.letters.saved'))
    await reader.leave()
    const administrator = await Visitor.signedIn(browser, product.baseUrl, locale, 'administrator')
    await administrator.open('/outbox', administrator.say('app.outbox.title'))
    await administrator.sees(administrator.say('app.outbox.on'))
    await administrator.inspect('letters to be sent')
    await administrator.leave()
  }

  const page = `http://localhost:${String(product.record().lettersPort)}`
  const letters = async () => (await (await fetch(`${page}/letters.json`)).json()) as TakenLetter[]
  await eventually('a letter', async () => (await letters()).length > 0)
  const title = hr.say(`tasks.${MENTOR_TASK}.title`)
  expect((await letters()).some(({ subject }) => subject.includes(title))).toBe(true)
  expect(await (await fetch(page)).text()).toContain(title)
})
