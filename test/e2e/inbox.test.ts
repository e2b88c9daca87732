/** The inbox in a browser: worked with the keyboard from end to end, with tasks put off, and with new work that moves no row under the hand. */
import type { Browser } from 'playwright-core'
import { buildConsole, consoleFolder } from '../../scripts/console'
import { LOCALES, type IsoDate } from '../../workflows/kernel/contract'
import { addDays } from '../../workflows/kernel/law/calendar'
import { arrangeCase, arrangeTask, personOf, startApi, type Api } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { SCREENS, Visitor } from './visitor'

jest.setTimeout(600_000)

const BODY = 'ministryFinance'
/** all of Kazakhstan keeps one time */
const today = (): IsoDate => new Date(Date.now() + 5 * 3_600_000).toISOString().slice(0, 10) as IsoDate

let api: Api
let browser: Browser
let cases = 0

beforeAll(async () => {
  await buildConsole(() => undefined)
  ;[api, browser] = await Promise.all([startApi(undefined, {}, {}, consoleFolder), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await api.close()
})
beforeEach(() => api.database.sql('delete from tasks'))

/** A task that falls due so many days from today; null: without a term. */
async function taskDue(days: number | null, task: Parameters<typeof arrangeTask>[2] = {}): Promise<string> {
  const [servant] = await api.db.person.findMany({ orderBy: { id: 'asc' }, take: 1 })
  const caseId = await arrangeCase(api.db, { body: BODY, subject: servant?.id ?? null })
  await api.database.sql(`update cases set number = $2 where id = $1`, [
    caseId,
    `2026-${String((cases += 1)).padStart(6, '0')}`,
  ])
  const id = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, ...task })
  if (days === null) return id
  const on = addDays(today(), days)
  await api.database.sql(
    `update tasks set due = $2, "dueOn" = $3, "dueAt" = (($3::date + 1)::timestamp at time zone 'Asia/Almaty') where id = $1`,
    [
      id,
      JSON.stringify({
        on,
        steps: [
          { code: 'starts', on: addDays(on, -5) },
          { code: 'movedToWorkingDay', reaches: on },
        ],
      }),
      on,
    ],
  )

  return id
}

const as = (user: string, locale: (typeof LOCALES)[number]) => Visitor.signedIn(browser, api.url, locale, user)
const rowsOf = (visitor: Visitor) => visitor.page.locator('#queue').getByRole('listitem')
/** The task whose row has the focus. */
const focused = (visitor: Visitor) =>
  visitor.page.evaluate<string | null>(`document.activeElement.closest('[data-row]')?.getAttribute('data-row') ?? null`)
const opened = async (visitor: Visitor) => {
  await visitor.open('/tasks', visitor.say('app.tasks.title'))
  await rowsOf(visitor).first().waitFor()
}

test('a task is found, taken up, put off and opened by keys alone, and the keys are listed', async () => {
  const [first, second, third] = [await taskDue(-1), await taskDue(3), await taskDue(9)]
  const hr = await as('hrMinistry', 'en')
  const { keyboard } = hr.page
  await opened(hr)
  await keyboard.press('j')
  expect(await focused(hr)).toBe(first)
  await keyboard.press('k')
  expect(await focused(hr)).toBe(first)
  await keyboard.press('j')
  await keyboard.press('ArrowDown')
  await keyboard.press('j')
  expect(await focused(hr)).toBe(third)
  await keyboard.press('ArrowUp')
  expect(await focused(hr)).toBe(second)

  await keyboard.press('c')
  await rowsOf(hr).nth(1).getByText(hr.say('app.day.mine')).waitFor()
  expect(await focused(hr)).toBe(second)

  await keyboard.press('s')
  await hr.dialog().waitFor()
  await hr.inspect('the dialog in which a task is put off')
  await hr.fill(hr.say('app.inbox.putOff.until'), addDays(today(), 2), hr.dialog())
  await keyboard.press('Enter')
  await hr.dialog().waitFor({ state: 'detached' })
  await rowsOf(hr).nth(2).waitFor({ state: 'detached' })
  // the row in its place has the focus
  await hr.page.waitForFunction(`document.activeElement.closest('[data-row]')?.getAttribute('data-row') === '${third}'`)

  await keyboard.press('?')
  await hr.dialog().waitFor()
  for (const key of ['next', 'open', 'claim', 'putOff', 'nextPage', 'search', 'news', 'list'])
    await hr
      .dialog()
      .getByText(hr.say(`app.inbox.keys.${key}`))
      .first()
      .waitFor()
  await hr.inspect('the list of keys')
  await keyboard.press('Escape')
  await hr.dialog().waitFor({ state: 'detached' })

  await keyboard.press('/')
  await keyboard.type('jc')
  expect(await hr.page.getByLabel(hr.say('app.tasks.search')).inputValue()).toBe('jc')
  await hr.page.getByText(hr.say('app.inbox.empty.todo')).waitFor()
  await hr.fill(hr.say('app.tasks.search'), '')
  await rowsOf(hr).first().waitFor()
  await hr.page.getByRole('heading', { level: 1 }).click()
  await keyboard.press('j')
  await keyboard.press('Enter')
  await hr.page.waitForURL(`${api.url}/tasks/${first}`)
  await hr.leave()
})

test('the keys are switched off for this device, and then do nothing', async () => {
  await taskDue(3)
  const hr = await as('hrMinistry', 'en')
  await opened(hr)
  await hr.page.keyboard.press('?')
  await hr.dialog().getByLabel(hr.say('app.inbox.keys.on')).uncheck()
  await hr.press(hr.say('app.dismiss'))
  await hr.dialog().waitFor({ state: 'detached' })
  await hr.page.reload()
  await rowsOf(hr).first().waitFor()
  await hr.page.keyboard.press('j')
  expect(await focused(hr)).toBeNull()
  await hr.page.keyboard.press('?')
  expect(await hr.dialog().count()).toBe(0)
  await hr.press(hr.say('app.inbox.keys.title'))
  await hr.dialog().getByLabel(hr.say('app.inbox.keys.on')).check()
  await hr.press(hr.say('app.dismiss'))
  await hr.page.keyboard.press('j')
  expect(await focused(hr)).not.toBeNull()
  await hr.leave()
})

test('from page to page by a key, nothing comes twice', async () => {
  for (let n = 0; n < 30; n += 1) await taskDue(n)
  const hr = await as('hrMinistry', 'en')
  await opened(hr)
  const ids = async () =>
    Promise.all((await rowsOf(hr).all()).map(async (row) => (await row.getAttribute('data-row')) ?? ''))
  const first = await ids()
  expect(first).toHaveLength(25)
  await hr.page.keyboard.press('n')
  await rowsOf(hr).nth(5).waitFor({ state: 'detached' })
  const second = await ids()
  expect(new Set([...first, ...second]).size).toBe(30)
  await hr.page.keyboard.press('p')
  await rowsOf(hr).nth(24).waitFor()
  expect(await ids()).toEqual(first)
  await hr.leave()
})

test('new tasks are counted, on this page or another, and no row moves until the person asks', async () => {
  for (let n = 0; n < 26; n += 1) await taskDue(n)
  const hr = await as('hrMinistry', 'en')
  await opened(hr)
  const before = await rowsOf(hr).allInnerTexts()
  const late = await taskDue(-3)
  await taskDue(60)
  await taskDue(null)
  await api.database.sql(`select pg_notify('mansap', '{"topic":"tasks","ids":["${late}"]}')`)
  await hr.sees('3 new tasks.')
  expect(await rowsOf(hr).allInnerTexts()).toEqual(before)
  await hr.inspect('an inbox with news')
  await hr.page.keyboard.press('r')
  await hr.page.locator(`[data-row="${late}"]`).waitFor()
  await hr.page.getByText('3 new tasks.').waitFor({ state: 'detached' })
  await hr.leave()
})

test('what is put off is in its own queue until its day, never past the term, and is taken back', async () => {
  const me = await personOf(api, 'hrMinistry')
  const id = await taskDue(10, { state: 'reserved', assignee: me })
  const hr = await as('hrMinistry', 'en')
  const tab = (queue: string) =>
    hr.page.getByRole('tab', { name: new RegExp(`^${hr.say(`app.tasks.queues.${queue}`)} `) })
  await opened(hr)
  const putOff = () =>
    rowsOf(hr)
      .first()
      .getByRole('button', { name: hr.say('app.inbox.putOff.open') })
      .click()
  await putOff()
  const until = hr.dialog().getByLabel(hr.say('app.inbox.putOff.until'))
  expect(await until.getAttribute('max')).toBe(addDays(today(), 10))
  expect(await until.getAttribute('min')).toBe(addDays(today(), 1))
  await hr.button(hr.say('app.inbox.putOff.button'), hr.dialog()).click()
  await hr.sees(hr.say('app.inbox.empty.todo'))
  await tab('snoozed').click()
  await hr.page.locator(`[data-row="${id}"]`).waitFor()
  await hr.page.getByRole('tab', { name: `${hr.say('app.tasks.queues.snoozed')} (1)` }).waitFor()
  await hr.inspect('what is put off')
  await rowsOf(hr)
    .first()
    .getByRole('button', { name: hr.say('app.inbox.putOff.end') })
    .click()
  await hr.sees(hr.say('app.inbox.empty.snoozed'))
  await tab('todo').click()
  await hr.page.locator(`[data-row="${id}"]`).waitFor()
  await hr.leave()
})

/** A colleague has taken the task since the page was read. */
const takenByColleague = async (id: string) =>
  api.database.sql(`update tasks set state = 'reserved', "assigneeId" = $2, version = version + 1 where id = $1`, [
    id,
    await personOf(api, 'headMinistry'),
  ])
const kindOf = (visitor: Visitor) => visitor.say('tasks.appointMentor.title')

test('who takes up a task that a colleague was quicker to take is told so, though its row is gone', async () => {
  const [lost] = [await taskDue(3), await taskDue(9)]
  const hr = await as('hrMinistry', 'en')
  await opened(hr)
  await takenByColleague(lost)
  await hr.page.locator(`[data-row="${lost}"] [data-key="claim"]`).click()
  await hr.page.locator(`[data-row="${lost}"]`).waitFor({ state: 'detached' })
  await hr.page
    .getByRole('alert')
    .filter({ hasText: kindOf(hr) })
    .waitFor()
  await hr.leave()
})

test('who puts off a task that a colleague has taken is told so in the dialog, though its row is gone', async () => {
  const [lost] = [await taskDue(5), await taskDue(9)]
  const hr = await as('hrMinistry', 'en')
  await opened(hr)
  await hr.page.locator(`[data-row="${lost}"] [data-key="put-off"]`).click()
  await hr.dialog().waitFor()
  await takenByColleague(lost)
  await hr.button(hr.say('app.inbox.putOff.button'), hr.dialog()).click()
  await hr.page.locator(`[data-row="${lost}"]`).waitFor({ state: 'detached' })
  await hr.dialog().getByRole('alert').waitFor()
  await hr.dismiss()
  await hr.leave()
})

test('who has left the list is not pulled back into it when it is read again', async () => {
  await taskDue(3)
  const hr = await as('hrMinistry', 'en')
  await opened(hr)
  await hr.page.keyboard.press('j')
  expect(await focused(hr)).not.toBeNull()
  const late = await taskDue(1)
  await api.database.sql(`select pg_notify('mansap', '{"topic":"tasks","ids":["${late}"]}')`)
  await hr.press(hr.say('app.refresh'))
  await hr.page.locator(`[data-row="${late}"]`).waitFor()
  expect(await focused(hr)).toBeNull()
  await hr.leave()
})

test.each(LOCALES)('a day past the term is refused in the language of the page, in %s', async (locale) => {
  await taskDue(10)
  const hr = await as('hrMinistry', locale)
  await opened(hr)
  await rowsOf(hr).first().locator('[data-key="put-off"]').click()
  const until = hr.dialog().getByLabel(hr.say('app.inbox.putOff.until'))
  const submit = hr.button(hr.say('app.inbox.putOff.button'), hr.dialog())
  // the words before its first day
  const [said] = hr.say('app.inbox.putOff.between', { from: '\n' }).split('\n')
  const help = hr.dialog().getByText(said?.trim() ?? '')
  for (const day of [addDays(today(), 11), today(), '']) {
    await until.fill(day)
    await submit.click()
    await help.waitFor()
    expect(await until.getAttribute('aria-invalid')).toBe('true')
    expect(await hr.page.evaluate<string>('document.activeElement.type')).toBe('date')
  }
  await hr.inspect('the dialog with a day past the term')
  await until.fill(addDays(today(), 10))
  await submit.click()
  await hr.dialog().waitFor({ state: 'detached' })
  await hr.leave()
})

describe.each(LOCALES)('in %s', (locale) => {
  test('each row is whole on a wide screen and on a phone, in light and dark', async () => {
    const [me, head] = [await personOf(api, 'hrMinistry'), await personOf(api, 'headMinistry')]
    for (const days of [-3, 0, 5, null]) await taskDue(days)
    await taskDue(4, { state: 'reserved', assignee: me, kind: 'decideExtension' })
    await taskDue(6, { state: 'reserved', assignee: head, role: 'hr' })
    await taskDue(8, { state: 'suspended', assignee: me })
    const putOff = await taskDue(9, { state: 'reserved', assignee: me })
    const elsewhere = await api.as('hrMinistry')
    await elsewhere
      .put(`/api/tasks/${putOff}/snooze`)
      .send({ version: 1, until: addDays(today(), 3) })
      .expect(200)
    const hr = await as('hrMinistry', locale)
    await opened(hr)
    for (const queue of ['todo', 'snoozed', 'team']) {
      await hr.page.locator(`#queue-${queue}`).click()
      await hr.page.locator(`[role=tabpanel][aria-labelledby="queue-${queue}"]`).waitFor()
      await rowsOf(hr).first().waitFor()
      await hr.inspectEverywhere(`the inbox ${queue}`)
    }
    await hr.page.setViewportSize(SCREENS.phone)
    await hr.page.locator('#queue-todo').click()
    const row = rowsOf(hr).first()
    for (const text of [hr.say('app.tasks.overdue'), hr.say('app.day.free'), hr.say('tasks.appointMentor.title')]) {
      const box = await row.getByText(text).first().boundingBox()
      expect({ text, beyond: box === null || box.x < 0 || box.x + box.width > SCREENS.phone.width }).toEqual({
        text,
        beyond: false,
      })
    }
    await hr.leave()
  })
})
