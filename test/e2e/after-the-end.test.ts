/** A case that has ended, and an address of the register of people, before the console in a browser, with axe on every page. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { createDb, type Db } from '../../prisma/store/db'
import { freePort } from '../../scripts/processes'
import { runningIn } from '../../scripts/running'
import { LOCALES } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { startProduct, type RunningProduct } from '../support/product'
import { eventually } from '../support/eventually'
import { pdfWith } from '../support/sample-files'
import { Visitor } from './visitor'

jest.setTimeout(400_000)

let dataDir: string
let product: RunningProduct
let browser: Browser
let db: Db
let newcomer: string

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-ended-'))
  chmodSync(dataDir, 0o755)
  ;[product, browser] = await Promise.all([startProduct({ dataDir, port: await freePort() }), launchBrowser()])
  db = createDb(runningIn(dataDir).databaseUrl, 1)
  newcomer = (await db.account.findUniqueOrThrow({ where: { id: 'newcomer' } })).personId
})
afterAll(async () => {
  await db.$disconnect()
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

async function closedCase(rehearsal: string | null = null): Promise<string> {
  const id = await arrangeCase(db, { body: 'ministryFinance', subject: newcomer, rehearsal })
  const data = { status: 'closed', stage: 'passed', outcome: 'passed', closedOn: new Date('2026-03-30') }
  await db.case.update({ where: { id }, data })

  return id
}

test.each(LOCALES)('the records service adds a late paper and a note, and HR reads them, in %s', async (locale) => {
  const caseId = await closedCase()
  const records = await Visitor.signedIn(browser, product.baseUrl, locale, 'recordsMinistry')
  const { page } = records
  await page.goto(`${product.baseUrl}/cases/${caseId}`)
  await records.sees(records.say('app.cases.goesOn'))
  await records.part('added')
  await records.sees(records.say('app.additions.none'))
  await records.inspect('a closed case to which nothing was added')

  const paper = records.say('additions.paper.title')
  await records.press(`${paper}…`)
  await records.dialog().waitFor()
  await records.inspect('the form of a late paper')
  const field = (name: string, value: string) => records.fill(records.say(`fields.${name}`), value, records.dialog())
  await field('paperTitle', 'Reply of the department')
  await field('paperNumber', '12-3/45')
  await field('issuedOn', '2026-04-02')
  await field('issuer', 'Department of statistics')
  // before it was issued: the server says so at the field
  await field('receivedOn', '2026-04-01')
  const bytes = { name: 'reply.pdf', mimeType: 'application/pdf', buffer: pdfWith(caseId) }
  await records.dialog().locator('input[type=file]').setInputFiles(bytes)
  await records.sees('reply.pdf')
  // it is there once it can be taken away: a form is not sent while a file is under way
  await records
    .button(records.say('app.form.remove', { label: records.say('fields.file') }), records.dialog())
    .waitFor()
  await records.button(paper, records.dialog()).click()
  await records.sees(records.say('errors.beforeIssued'))
  await field('receivedOn', '2026-04-05')
  await records.button(paper, records.dialog()).click()
  await records.sees('12-3/45')

  const note = records.say('additions.note.title')
  await records.press(`${note}…`)
  await field('note', 'See the register of 2027')
  await records.button(note, records.dialog()).click()
  await records.sees('See the register of 2027')
  await records.dialog().waitFor({ state: 'detached' })
  await records.inspect('what was added')
  await records.part('events')
  await records.sees(records.say('events.addedAfterEnd', { added: records.say('options.added.paper') }))
  await records.inspect('the time line of a case to which something was added')
  await records.leave()

  const hr = await Visitor.signedIn(browser, product.baseUrl, locale, 'hrMinistry')
  await hr.page.goto(`${product.baseUrl}/cases/${caseId}?tab=added`)
  await hr.sees('Reply of the department')
  await hr.page.getByRole('link', { name: 'reply.pdf' }).waitFor()
  expect(await hr.button(`${paper}…`).count()).toBe(0)
  // handling goes on in a new case, which says what it continues
  await hr.page
    .getByRole('link', { name: hr.say('app.cases.openLinked', { process: hr.say('name') }), exact: true })
    .click()
  const { number } = await db.case.findUniqueOrThrow({ where: { id: caseId } })
  const continues = hr.say('app.start.continues', { number })
  await hr.sees(continues)
  await hr.inspect('the start of a case that continues another')
  // or does not, and what was typed stays
  await hr.fill(hr.say('fields.actNumber'), '17')
  await hr.press(hr.say('app.start.continuesNot'))
  await hr.page.getByText(continues).waitFor({ state: 'detached' })
  expect(await hr.page.getByLabel(hr.say('fields.actNumber')).first().inputValue()).toBe('17')
  await hr.leave()
})

test('a new case that continues a rehearsal belongs to its set', async () => {
  const caseId = await closedCase('Spring')
  const hr = await Visitor.signedIn(browser, product.baseUrl, 'en', 'hrMinistry')
  await hr.page.goto(`${product.baseUrl}/cases/${caseId}`)
  await hr.page
    .getByRole('link', { name: hr.say('app.cases.openLinked', { process: hr.say('name') }), exact: true })
    .click()
  await hr.page.getByLabel(hr.say('app.rehearsal.set')).waitFor()
  expect(await hr.page.getByLabel(hr.say('app.rehearsal.set')).inputValue()).toBe('Spring')
  await hr.leave()
})

test.each(LOCALES)('an administrator enters and takes away the address of a person, in %s', async (locale) => {
  const administrator = await Visitor.signedIn(browser, product.baseUrl, locale, 'administrator')
  const { page } = administrator
  await page.goto(`${product.baseUrl}/people/${newcomer}`)
  const label = administrator.say('app.fields.email')
  const input = page.getByRole('textbox', { name: label })
  await input.fill('nobody')
  await administrator.press(administrator.say('app.save'))
  await page.locator('input[type=email][aria-invalid=true]').waitFor()
  await administrator.inspect('an address that is none')
  const address = `${locale}@example.org`
  await input.fill(address)
  await administrator.press(administrator.say('app.save'))
  await administrator.sees(administrator.say('app.registers.saved'))
  await administrator.sees(address)
  await administrator.inspect('a person with an address')
  const entered = async () => (await db.person.findUniqueOrThrow({ where: { id: newcomer } })).email
  expect(await entered()).toBe(address)
  await input.fill('')
  await administrator.press(administrator.say('app.save'))
  await eventually('no address', async () => (await entered()) === null)
  await administrator.leave()
})
