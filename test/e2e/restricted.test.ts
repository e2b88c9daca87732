/** A case is restricted, opened to one more person, closed to him again and opened to all, in a browser, in each language and with axe. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { freePort } from '../../scripts/processes'
import { Person } from '../../scripts/walk'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { launchBrowser } from '../support/chromium'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(300_000)

const WHY: Readonly<Record<Locale, string>> = {
  kk: 'Құпиялылық қажет',
  ru: 'Нужна конфиденциальность',
  en: 'It has to be kept confidential',
}

let dataDir: string
let product: RunningProduct
let browser: Browser
let caseId: string
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-restricted-'))
  chmodSync(dataDir, 0o755)
  ;[product, browser] = await Promise.all([startProduct({ dataDir, port: await freePort() }), launchBrowser()])
  const hr = await Person.signedIn(product.baseUrl, 'hrMinistry')
  const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
  const { post } = await hr.get<{ post: { from: string; position: { id: string } } }>(
    `/api/register/people/${me.person.id}`,
  )
  const [person, position, appointedOn] = [me.person.id, post.position.id, post.from]
  const form = { person, position, appointedOn, actNumber: '1', actDate: appointedOn }
  caseId = (await hr.send<{ caseId: string }>('POST', '/api/processes/probation/cases', { form })).caseId
})
afterAll(async () => {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

test.each(LOCALES)('HR restricts a case, gives access, takes it back and lifts the restriction: %s', async (locale) => {
  const { me: officer } = await Person.signedIn(product.baseUrl, 'agencyOfficer')
  const { me: servant } = await Person.signedIn(product.baseUrl, 'newcomer')
  const { me: head } = await Person.signedIn(product.baseUrl, 'headMinistry')
  const hr = await Visitor.signedIn(browser, product.baseUrl, locale, 'hrMinistry')
  const agency = await Visitor.signedIn(browser, product.baseUrl, locale, 'agencyOfficer')
  const [restricted, [asHead, asOfficer]] = [
    hr.say('app.cases.restricted'),
    [hr.name(head.person.name), hr.name(officer.person.name)],
  ]
  const finds = async () =>
    (await agency.page.context().request.get(`${product.baseUrl}/api/cases/${caseId}`)).status() === 200
  const offered = async () => {
    const acts = ['restrict', 'grant', 'revokeAccess', 'lift']
    const shown = await Promise.all(
      acts.map(async (act) => [act, await hr.button(`${hr.say(`acts.${act}.title`)}…`).isVisible()] as const),
    )

    return shown.flatMap(([act, isShown]) => (isShown ? [act] : []))
  }
  const does = async (act: string, choose: () => Promise<void> = async () => undefined): Promise<void> => {
    const title = hr.say(`acts.${act}.title`)
    await hr.press(`${title}…`)
    await hr.sees(hr.say(`acts.${act}.instruction`))
    await choose()
    await hr.fill(hr.say('fields.reason'), WHY[locale], hr.dialog())
    await hr.inspect(act)
    await hr.button(title, hr.dialog()).click()
    await hr.dialog().waitFor({ state: 'detached' })
    await hr.sees(hr.say(`acts.${act}.done`))
  }
  await hr.open(`/cases/${caseId}`, hr.name(servant.person.name))
  await hr.button(`${hr.say('acts.restrict.title')}…`).waitFor()
  expect([await offered(), await finds()]).toEqual([['restrict'], true])

  await does('restrict', async () => {
    const label = hr.say('fields.people')
    await hr.button(hr.say('app.form.add', { label }), hr.dialog()).click()
    await hr.choose(hr.say('app.form.entry', { label, n: '1' }), asHead, hr.dialog())
  })
  await hr.sees(restricted)
  await hr.button(`${hr.say('acts.lift.title')}…`).waitFor()
  expect([await offered(), await finds()]).toEqual([['grant', 'revokeAccess', 'lift'], false])
  await hr.inspect('a restricted case')

  await does('grant', () => hr.choose(hr.say('fields.person'), asOfficer, hr.dialog()))
  await hr.sees(new RegExp(asOfficer))
  await agency.open(`/cases/${caseId}`, agency.name(servant.person.name))
  await agency.sees(restricted)
  await agency.inspect('a restricted case, read by whom it was opened to')

  await does('revokeAccess', () => hr.choose(hr.say('fields.person'), asOfficer, hr.dialog()))
  expect(await finds()).toBe(false)

  await does('lift')
  await hr.button(`${hr.say('acts.restrict.title')}…`).waitFor()
  expect([await offered(), await finds()]).toEqual([['restrict'], true])
  await Promise.all([hr.leave(), agency.leave()])
})
