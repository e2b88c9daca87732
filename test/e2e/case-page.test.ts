/**
 * The page of a case, and of the person whom it is about, in a browser: what the case waits for, what is out of the ordinary, its stages
 * with days; in each language, in light and dark, on a wide screen and on a phone.
 */
import type { Browser } from 'playwright-core'
import type { CaseDetail } from '../../api/shapes/views'
import { buildConsole, consoleFolder } from '../../scripts/console'
import { LOCALES } from '../../workflows/kernel/contract'
import { arrangeCase, arrangeDocuments, arrangeTask, personOf, startApi, type Api } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { SCREENS, Visitor } from './visitor'

jest.setTimeout(600_000)

const BODY = 'ministryFinance'

let api: Api
let browser: Browser
/** it waits for the review; and one in which the servant has to acknowledge his plan */
let waiting: string
let asking: string

beforeAll(async () => {
  await buildConsole(() => undefined)
  ;[api, browser] = await Promise.all([startApi(undefined, {}, {}, consoleFolder), launchBrowser()])
  waiting = await aProbation('mentor', [
    ['mentoring', '2026-09-01'],
    ['planning', '2026-09-03'],
    ['running', '2026-09-07'],
  ])
  await api.database.sql(`update cases set awaits = $2 where id = $1`, [
    waiting,
    { comes: 'review', due: { on: '2099-02-20', steps: [{ code: 'starts', on: '2099-02-20' }] } },
  ])
  const newcomer = await personOf(api, 'newcomer')
  asking = await aProbation('newcomer', [
    ['mentoring', '2026-09-01'],
    ['planning', '2026-09-03'],
  ])
  const task = await arrangeTask(api.db, asking, {
    ...{ kind: 'acknowledge', person: newcomer, state: 'reserved', assignee: newcomer },
  })
  await api.database.sql(
    `update tasks set due = $2, "dueOn" = '2099-03-03', "dueAt" = '2099-03-03T19:00:00Z' where id = $1`,
    [task, { on: '2099-03-03', steps: [{ code: 'starts', on: '2099-03-01' }] }],
  )
  await arrangeDocuments(api.db, asking, ['mentorOrder'])
  await api.database.sql(`update documents set number = '17' where "caseId" = $1`, [asking])
})
afterAll(async () => {
  await browser.close()
  await api.close()
})

/** A probation that has entered these stages, with its clock. */
async function aProbation(user: string, stages: readonly (readonly [stage: string, on: string])[]): Promise<string> {
  const stage = stages.at(-1)?.[0] ?? 'mentoring'
  const person = await personOf(api, user)
  const id = await arrangeCase(api.db, { body: BODY, subject: person, stage })
  await api.database.sql(`update cases set facts = $2, number = '2026-' || $3::text, "regimeId" = 'R4' where id = $1`, [
    id,
    { servant: person, body: BODY, startsOn: '2026-09-01', goals: [], absences: [], revisions: [], moveAhead: null },
    String(stages.length).padStart(6, '0'),
  ])
  for (const [n, [entered, on]] of stages.entries())
    await api.database.sql(
      `insert into events ("caseId", seq, step, kind, at, "on", params, "prevHash", hash)
       values ($1, $2, 1, 'stageEntered', now(), $3, $4, '', '')`,
      [id, n + 1, on, { stage: entered }],
    )
  await api.database.sql(
    `insert into clocks ("caseId", name, "startsOn", "endsOn", explanation) values ($1, 'probation', '2026-09-01', '2099-03-03', $2)`,
    [id, JSON.stringify([{ code: 'starts', on: '2026-09-01' }])],
  )

  return id
}

const as = (user: string, locale: (typeof LOCALES)[number]) => Visitor.signedIn(browser, api.url, locale, user)

test.each(LOCALES)('HR reads what a case waits for and the days of its stages, in %s', async (locale) => {
  const hr = await as('hrMinistry', locale)
  await hr.page.goto(`${api.url}/cases/${waiting}`)
  // the day in the language of the page, without what stands around it
  await hr.sees(new RegExp(hr.say('awaits.review', { date: '§' }).split('§').map(escaped).join('.*2099.*')))
  const stages = hr.page.getByRole('list', { name: hr.say('app.cases.stages') })
  const now = stages.locator('[aria-current="step"]')
  expect(await now.innerText()).toContain(hr.say('stages.running'))
  expect(await now.innerText()).toContain(hr.say('app.stageLine.now'))
  expect(await stages.getByText(hr.say('app.stageLine.done')).count()).toBe(2)
  expect(await stages.getByText(hr.say('app.stageLine.ahead')).count()).toBe(4)
  await hr.inspectEverywhere('case that waits')
  await hr.leave()
})

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

test.each(LOCALES)(
  'the servant finds his case in the menu, lands on it, and sees what he has to do, by when, and his documents, in %s',
  async (locale) => {
    const servant = await as('newcomer', locale)
    await servant.page.goto(api.url)
    await servant.page.getByRole('link', { name: servant.say('app.myCases.title') }).click()
    await servant.page.waitForURL(`${api.url}/my-cases/${asking}`)
    await servant.heading(servant.say('name'))
    await servant.sees(servant.say('app.myCases.withYou'))
    await servant.page.getByRole('link', { name: servant.say('tasks.acknowledge.title') }).waitFor()
    await servant.page.getByRole('link', { name: servant.say('documents.mentorOrder.title') }).waitFor()
    expect(await servant.page.getByRole('table').count()).toBe(0)
    await servant.inspectEverywhere('my case')
    await servant.open(`/cases/${asking}`, servant.say('name'))
    await servant.inspectEverywhere('case of the servant')
    await servant.leave()
  },
)

test('whoever has no case is told what will be there, and has no entry for it', async () => {
  const hr = await as('hrAkimat', 'en')
  await hr.page.setViewportSize(SCREENS.wide)
  await hr.open('/my-cases', hr.say('app.myCases.title'))
  await hr.sees(hr.say('app.myCases.none'))
  expect(await hr.page.getByRole('link', { name: hr.say('app.myCases.title') }).count()).toBe(0)
  await hr.leave()
})

test('the answer tells the servant of his case no more than he sees of it', async () => {
  const servant = await api.as('newcomer')
  const { body } = await servant.get(`/api/cases/${asking}`).expect(200)
  const { next, stages, openTasks } = body as CaseDetail
  expect(next).toMatchObject({ code: 'task', kind: 'acknowledge', on: '2099-03-03', overdue: false })
  expect(stages.slice(0, 2)).toEqual([
    { stage: 'mentoring', state: 'done', stays: [{ from: '2026-09-01', to: '2026-09-03' }] },
    { stage: 'planning', state: 'now', stays: [{ from: '2026-09-03', to: null }] },
  ])
  expect(openTasks).toHaveLength(1)
  await (await api.as('hrAkimat')).get(`/api/cases/${asking}`).expect(404)
})
