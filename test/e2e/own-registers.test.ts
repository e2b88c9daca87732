/** A register that a process owns, and a field that it adds to the register of people, before the console in a browser. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { Name } from '../../api/shapes/views'
import { freePort } from '../../scripts/processes'
import { Person } from '../../scripts/walk'
import { readWords, wordsAt } from '../../workflows/words'
import type { Locale } from '../../workflows/kernel/contract'
import { launchBrowser } from '../support/chromium'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(240_000)

const EXAMPLE = path.join(__dirname, '..', 'example')
const words = readWords(path.join(EXAMPLE, '..'))
const said = (locale: Locale, key: string): string => wordsAt(words, locale, 'example', key) ?? key

let dataDir: string
let product: RunningProduct
let browser: Browser

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-own-'))
  chmodSync(dataDir, 0o755)
  const place = { dataDir, port: await freePort() }
  // the register and the console are made by a start of the product as it is
  await (await startProduct(place)).stop()
  const env = {
    MANSAP_API_SCRIPT: path.join(EXAMPLE, 'api.ts'),
    MANSAP_WORKER_SCRIPT: path.join(EXAMPLE, 'worker.ts'),
  }
  ;[product, browser] = await Promise.all([startProduct({ ...place, env }), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

const as = (user: string, locale: Locale) => Visitor.signedIn(browser, product.baseUrl, locale, user)
const nameOf = async (user: string): Promise<Name> => (await Person.signedIn(product.baseUrl, user)).me.person.name

test('whoever keeps a register of a process finds it among the registers, and enters, corrects and removes a row', async () => {
  const locale: Locale = 'kk'
  const hr = await as('hrMinistry', locale)
  const title = said(locale, 'registers.roll.title')
  const label = (field: string) => said(locale, `fields.${field}`)
  await hr.open('/registers', hr.say('app.menu.registers'))
  await hr.page.getByRole('link', { name: title }).first().click()
  await hr.heading(title)
  await hr.inspect('an empty register of a process')

  await hr.page.getByRole('link', { name: hr.say('app.registers.add') }).click()
  await hr.heading(hr.say('app.registers.new', { register: title }))
  await hr.press(hr.say('app.save'))
  await hr.sees(hr.say('errors.required'))
  await hr.inspect('a new row of which nothing is entered')
  await hr.fill(label('number'), '7')
  const person = await nameOf('mentor')
  await hr.choose(label('person'), hr.name(person))
  await hr.page.getByLabel(said(locale, 'options.honour.thanks')).check()
  await hr.fill(label('grantedOn'), '2026-03-02')
  await hr.fill(label('from'), '2026-03-02')
  await hr.fill(label('citation'), 'Адал қызметі үшін')
  await hr.inspect('a new row')
  await hr.press(hr.say('app.save'))
  await hr.sees('Адал қызметі үшін')
  await hr.heading(title)
  await hr.inspect('a row of a register of a process')

  await hr.page.getByLabel(said(locale, 'options.honour.commendation')).check()
  await hr.press(hr.say('app.save'))
  const change = `${said(locale, 'options.honour.thanks')} → ${said(locale, 'options.honour.commendation')}`
  await hr.sees(change)
  await hr.inspect('a row that was corrected')

  await hr.open('/registers', hr.say('app.menu.registers'))
  await hr.page.getByRole('link', { name: title }).first().click()
  const table = hr.page.getByRole('table')
  await table.getByText(hr.name(person)).waitFor()
  await table.getByText(said(locale, 'options.honour.commendation')).waitFor()
  await hr.inspect('a register of a process')
  await table.getByRole('link').last().click()
  await hr.press(hr.say('app.registers.remove'))
  await hr.button(hr.say('app.registers.remove'), hr.dialog()).click()
  await hr.sees(hr.say('app.registers.none'))
  await hr.leave()
})

test('an administrator sees and changes what a process added to the register of people, and its history', async () => {
  const locale: Locale = 'ru'
  const administrator = await as('administrator', locale)
  const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
  const label = said(locale, 'fields.barredUntil')
  await administrator.open(`/people/${me.person.id}`, administrator.name(me.person.name))
  await administrator.fill(label, '2026-12-31')
  await administrator.press(administrator.say('app.save'))
  await administrator.sees('— → 31 декабря 2026')
  await administrator.inspect('a person of whom a process knows more')
  await administrator.leave()
})
