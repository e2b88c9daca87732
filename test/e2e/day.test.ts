/**
 * The start of a day in a browser: what ends today is before the eyes however much else waits; the page, the registers and the menu are
 * looked at in each language, in light and dark, on a wide screen and on a phone.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { buildConsole, consoleFolder } from '../../scripts/console'
import { LOCALES } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeTask, personOf, startApi, type Api } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { SCREENS, Visitor } from './visitor'

jest.setTimeout(600_000)

const BODY = 'ministryFinance'
const DAY = 86_400_000
/** all of Kazakhstan keeps one time */
const AHEAD = 5 * 3_600_000

let api: Api
let browser: Browser
let today: string[]

beforeAll(async () => {
  await buildConsole(() => undefined)
  ;[api, browser] = await Promise.all([startApi(undefined, {}, {}, consoleFolder), launchBrowser()])
  today = await sixtyTasks()
})
afterAll(async () => {
  await browser.close()
  await api.close()
})

const MENTORING = 'appointMentor'
const KINDS = {
  probation: [MENTORING, 'reviewProbation', 'decideExtension'],
  appeal: ['prepare', 'giveObjections'],
} as const

/** Sixty open tasks of two processes, with terms from a month ago to two months ahead and without; the ids of those that end today. */
async function sixtyTasks(): Promise<string[]> {
  const hr = await personOf(api, 'hrMinistry')
  const supervisor = await personOf(api, 'supervisor')
  const people = await api.db.person.findMany({ orderBy: { id: 'asc' }, take: 20, select: { id: true } })
  const started = Date.now()
  const endsToday: string[] = []
  for (let n = 0; n < 60; n += 1) {
    const process = n % 4 === 3 ? 'appeal' : 'probation'
    const kinds = KINDS[process]
    const caseId = await arrangeCase(api.db, { body: BODY, subject: people[n % people.length]?.id ?? null })
    const inHand = n % 3 === 0
    const id = await arrangeTask(api.db, caseId, {
      kind: kinds[n % kinds.length] ?? MENTORING,
      role: 'hr',
      body: BODY,
      ...(inHand && { state: 'reserved', assignee: hr }),
    })
    const days = n % 20 === 7 ? 0 : n % 4 === 0 ? -(n / 2 + 1) : n % 5 === 0 ? null : n
    await api.database.sql(
      `update cases set number = $2, process = $3, version = $4, stage = case when $3 = 'appeal' then 'preparing' else stage end where id = $1`,
      [caseId, `2026-${String(n + 1).padStart(6, '0')}`, process, process === 'appeal' ? 1 : 3],
    )
    await api.database.sql(`update tasks set process = $2 where id = $1`, [id, process])
    if (n % 6 === 1) {
      const beside = await arrangeTask(api.db, caseId, {
        kind: 'interimCheck',
        person: supervisor,
        state: 'reserved',
        assignee: supervisor,
      })
      await api.database.sql(`update tasks set process = $2 where id = $1`, [beside, 'probation'])
    }
    if (days === null) continue
    if (days === 0) endsToday.push(id)
    const on = (of: number) => new Date(started + AHEAD + of * DAY).toISOString().slice(0, 10)
    const due = {
      on: on(days),
      steps: [
        { code: 'starts', on: on(days - 5) },
        { code: 'movedToWorkingDay', reaches: on(days) },
      ],
    }
    await api.database.sql(
      `update tasks set due = $2, "dueOn" = $3, "dueAt" = (($3::date + 1)::timestamp at time zone 'Asia/Almaty') where id = $1`,
      [id, JSON.stringify(due), on(days)],
    )
  }

  return endsToday
}

const as = (user: string, locale: (typeof LOCALES)[number]) => Visitor.signedIn(browser, api.url, locale, user)

test.each(LOCALES)(
  'of sixty tasks of mixed processes and terms the three that end today are found at once, whatever the clock of the browser says, in %s',
  async (locale) => {
    expect(today).toHaveLength(3)
    const hr = await as('hrMinistry', locale)
    await hr.page.clock.setSystemTime(Date.now() + 25 * 3_600_000)
    for (const [screen, size] of Object.entries(SCREENS)) {
      await hr.page.setViewportSize(size)
      await hr.open('/', hr.say('app.day.title'))
      const part = hr.page.getByRole('region', { name: hr.say('app.day.parts.today') })
      const rows = part.getByRole('listitem')
      await rows.first().waitFor()
      const links = rows.getByRole('link')
      const found = await Promise.all(
        (await links.all()).map(async (link) => {
          const [box, href] = await Promise.all([link.boundingBox(), link.getAttribute('href')])

          return {
            id: href?.split('/').pop(),
            seen: box !== null && box.y >= 0 && box.y + box.height <= size.height,
          }
        }),
      )
      await hr.keep(`sixty ${locale} ${screen}`)
      expect(found.map(({ id }) => id).sort()).toEqual([...today].sort())
      expect({ locale, screen, found }).toEqual({
        locale,
        screen,
        found: found.map((each) => ({ ...each, seen: true })),
      })
    }
    await hr.leave()
  },
)

test('the one primary control leads to the first task, and the rows that are folded are shown when asked for', async () => {
  const hr = await as('hrMinistry', 'en')
  await hr.open('/', hr.say('app.day.title'))
  const overdue = hr.page.getByRole('region', { name: hr.say('app.day.parts.overdue') })
  const first = overdue.getByRole('listitem').first().getByRole('link')
  await first.waitFor()
  const href = await first.getAttribute('href')
  expect(await overdue.getByRole('listitem').count()).toBe(2)
  await overdue.getByRole('button').first().click()
  expect(await overdue.getByRole('listitem').count()).toBe(10)
  await overdue.locator('summary').first().click()
  await overdue.locator('details[open] li').first().waitFor()
  await hr.page.getByRole('link', { name: hr.say('app.day.first') }).click()
  await hr.page.waitForURL(`${api.url}${href ?? ''}`)
  await hr.leave()
})

describe('what is loaded', () => {
  const assets = path.join(consoleFolder, 'assets')
  const sourceOf = (file: string): string => readFileSync(path.join(assets, file), 'utf8')
  const sizeOf = (file: string): number => gzipSync(sourceOf(file)).length / 1000
  /** These files and all that they import at once. */
  const withImports = (files: readonly string[], found = new Set<string>()): ReadonlySet<string> => {
    for (const file of files.filter((each) => !found.has(each))) {
      found.add(file)
      withImports(
        [...sourceOf(file).matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)].map(([, name = '']) => name),
        found,
      )
    }

    return found
  }
  const begun = (): string[] => {
    const index = readFileSync(path.join(consoleFolder, 'index.html'), 'utf8')

    return readdirSync(assets).filter((file) => file.endsWith('.js') && index.includes(`/assets/${file}`))
  }

  test.each(LOCALES)('for the start of a day, with its words, is within its budget in %s', (locale) => {
    const page = readdirSync(assets).filter((file) => new RegExp(`^(?:DayPage|${locale})-[\\w-]+\\.js$`).test(file))
    expect(page).toHaveLength(2)
    const size = [...withImports([...begun(), ...page])].reduce((sum, file) => sum + sizeOf(file), 0)
    expect(size).toBeGreaterThan(100)
    expect(size).toBeLessThanOrEqual(350)
  })

  test('when a page is wanted is within its budget', () => {
    const first = withImports(begun())
    expect(readdirSync(assets).filter((file) => !first.has(file) && sizeOf(file) > 150)).toEqual([])
  })
})

describe.each(LOCALES)('in %s', (locale) => {
  test.each([
    ['hrMinistry', 'the day of an HR officer'],
    ['headMinistry', 'the day of a head'],
    ['agencyOfficer', 'the day of an officer of the Agency'],
    ['newcomer', 'an empty day'],
  ])('%s sees %s, in light and dark, wide and on a phone', async (user, what) => {
    const visitor = await as(user, locale)
    await visitor.open('/', visitor.say('app.day.title'))
    const landmark =
      user === 'newcomer' ? 'app.day.emptyTitle' : user === 'hrMinistry' ? 'app.day.parts.today' : 'app.day.soon'
    await visitor.sees(new RegExp(visitor.say(landmark)))
    await visitor.inspectEverywhere(what)
    await visitor.leave()
  })

  test('the registers stand behind one entry of the menu, each with what it is for', async () => {
    const hr = await as('hrMinistry', locale)
    await hr.open('/', hr.say('app.day.title'))
    const menu = hr.page.getByRole('navigation', { name: hr.say('app.menu.label') })
    await menu.getByRole('link', { name: hr.say('app.menu.start') }).waitFor()
    expect(await menu.getByRole('link').count()).toBe(6)
    await menu.getByRole('link', { name: hr.say('app.menu.registers') }).click()
    await hr.heading(hr.say('app.menu.registers'))
    await hr.sees(hr.say('app.registers.people.explain'))
    await hr.inspectEverywhere('the registers')
    await hr.page.getByRole('link', { name: hr.say('app.registers.bodies.title') }).click()
    await hr.heading(hr.say('app.registers.bodies.title'))
    expect(await menu.locator('[aria-current]').innerText()).toBe(hr.say('app.menu.registers'))
    await hr.leave()
  })
})

test('how the console looks is chosen in the header, and stays so on the device', async () => {
  const hr = await as('hrMinistry', 'en')
  await hr.open('/', hr.say('app.day.title'))
  await hr.isIn('light')
  await hr.page.emulateMedia({ colorScheme: 'dark' })
  await hr.isIn('dark')
  await hr.press(hr.say('app.display.label'))
  await hr
    .dialog()
    .getByRole('radio', { name: hr.say('app.display.modes.light') })
    .check()
  await hr
    .dialog()
    .getByRole('radio', { name: hr.say('app.display.densities.compact') })
    .check()
  await hr.inspect('the choice of the display')
  await hr.keep('display en')
  await hr.page.keyboard.press('Escape')
  await hr.dialog().waitFor({ state: 'detached' })
  expect(await hr.page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe(
    hr.say('app.display.label'),
  )
  await hr.page.reload()
  await hr.heading(hr.say('app.day.title'))
  await hr.isIn('light')
  await hr.inspect('the day in dense rows')
  await hr.keep('compact en')
  await hr.leave()
})

test('what changes meanwhile is announced, and no row moves until the person asks for it', async () => {
  const hr = await as('hrMinistry', 'en')
  await hr.open('/', hr.say('app.day.title'))
  const part = hr.page.getByRole('region', { name: hr.say('app.day.parts.today') })
  const rows = () => part.getByRole('listitem').allInnerTexts()
  await part.getByRole('listitem').first().waitFor()
  const before = await rows()
  const elsewhere = await api.as('hrMinistry')
  const free = await api.db.task.findFirstOrThrow({ where: { id: { in: today }, state: 'ready' } })
  await elsewhere.post(`/api/tasks/${free.id}/claim`).send({ version: free.version }).expect(200)
  await hr.sees(hr.say('app.day.news'))
  await hr.inspect('a day that has changed')
  expect(await rows()).toEqual(before)
  await hr.press(hr.say('app.refresh'))
  await hr.page.getByText(hr.say('app.day.news')).waitFor({ state: 'detached' })
  const mine = (told: readonly string[]) => told.filter((row) => row.includes(hr.say('app.day.mine'))).length
  expect(mine(await rows())).toBe(mine(before) + 1)
  await hr.leave()
})

test('what somebody may not do is not in his menu, which on a phone is a drawer', async () => {
  const member = await as('agencyOfficer', 'ru')
  await member.page.setViewportSize(SCREENS.phone)
  await member.open('/', member.say('app.day.title'))
  await member.press(member.say('app.menu.open'))
  const menu = member.page.getByRole('navigation', { name: member.say('app.menu.label') })
  await menu.getByRole('link', { name: member.say('app.menu.registers') }).waitFor()
  await member.keep('drawer ru phone')
  expect(await menu.getByRole('link', { name: member.say('app.menu.stuck') }).count()).toBe(0)
  await member.leave()
})
