/** A case whose result is annulled, and a flag of the register of rules, before the console in a browser, with axe on every page. */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { createDb, type Db } from '../../prisma/store/db'
import { freePort } from '../../scripts/processes'
import { runningIn } from '../../scripts/running'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { readWords, wordsAt } from '../../workflows/words'
import { arrangeCase } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(240_000)

const EXAMPLE = path.join(__dirname, '..', 'example')
const words = readWords(path.join(EXAMPLE, '..'))
const said = (process: string, locale: Locale, key: string): string => wordsAt(words, locale, process, key) ?? key

let dataDir: string
let product: RunningProduct
let browser: Browser
let db: Db
let annulled: string

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-annulled-'))
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
  const closed = async (process: string, outcome: string): Promise<string> => {
    const id = await arrangeCase(db, { body: 'ministryFinance', subject: null, aboutBody: 'ministryFinance' })
    const data = { process, version: 1, status: 'closed', stage: outcome, outcome, closedOn: new Date('2026-03-30') }
    await db.case.update({ where: { id }, data })

    return id
  }
  annulled = await closed('example', 'granted')
  const by = await closed('revocation', 'revoked')
  const on = new Date('2026-04-01')
  await db.annulment.create({
    data: { caseId: annulled, byId: by, effectId: randomUUID(), on, ground: 'unworthy', at: on },
  })
  await db.caseLink.create({ data: { fromId: by, toId: annulled, kind: 'annuls', madeAt: on } })
})
afterAll(async () => {
  await db.$disconnect()
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

test.each(LOCALES)('its page and the list say so, in %s', async (locale) => {
  const hr = await Visitor.signedIn(browser, product.baseUrl, locale, 'hrMinistry')
  await hr.page.goto(`${product.baseUrl}/cases/${annulled}`)
  await hr.sees(hr.say('app.cases.annulled.title'))
  const ground = said('revocation', locale, 'reasons.unworthy')
  await hr.sees(hr.say('app.cases.annulled.ground', { ground }))
  await hr.inspect('an annulled case')
  await hr.open('/cases', hr.say('app.cases.title'))
  // the list shows open cases at first
  await hr.page.getByLabel(hr.say('app.cases.annulled.only')).click()
  await hr.page.getByRole('cell', { name: hr.say('app.cases.annulled.chip') }).waitFor()
  await hr.inspect('a list of annulled cases')
  await hr.leave()
})

test.each(LOCALES)('an administrator enters the act and the day of a flag, in %s', async (locale) => {
  const id = 'example.everyoneInRoll:R5'
  await db.regimeRow.update({ where: { id }, data: { act: null, inForceFrom: null } })
  const administrator = await Visitor.signedIn(browser, product.baseUrl, locale, 'administrator')
  const name = said('example', locale, 'rules.example.everyoneInRoll')
  await administrator.open(`/rules/${encodeURIComponent(id)}`, name)
  await administrator.sees(administrator.say('app.values.off'))
  await administrator.fill(administrator.say('app.fields.act'), 'Order 12')
  await administrator.fill(administrator.say('app.fields.inForceFrom'), '2026-03-15')
  await administrator.inspect('the form of a flag')
  await administrator.press(administrator.say('app.save'))
  await administrator.sees(/Order 12/)
  await administrator.inspect('a flag that is in force')
  await administrator.leave()
  expect(await db.regimeRow.findUniqueOrThrow({ where: { id } })).toMatchObject({
    act: 'Order 12',
    inForceFrom: new Date('2026-03-15'),
  })
})
