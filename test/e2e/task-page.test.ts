/** What the page of a task compares, and where the console leads while the API is of a release before. */
import { randomUUID } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { buildConsole, consoleFolder } from '../../scripts/console'
import { arrangeCase, arrangeTask, personOf, startApi, type Api } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { Visitor } from './visitor'

jest.setTimeout(300_000)

let api: Api
let browser: Browser

beforeAll(async () => {
  await buildConsole(() => undefined)
  ;[api, browser] = await Promise.all([startApi(undefined, {}, {}, consoleFolder), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await api.close()
})

test('an answer is compared with the one that was sent back, and a record of its own with no other', async () => {
  const [servant, mentor, supervisor] = await Promise.all(
    ['newcomer', 'mentor', 'supervisor'].map((user) => personOf(api, user)),
  )
  const id = await arrangeCase(api.db, {
    body: 'ministryFinance',
    subject: servant ?? null,
    stage: 'reviewDue',
    parties: { mentor: mentor ?? null, supervisor: supervisor ?? null },
  })
  const given = async (kind: string, answer: object, returned = false) => {
    const task = await arrangeTask(api.db, id, {
      ...{ kind, person: mentor ?? '', state: 'completed' },
      answeredBy: mentor ?? null,
    })
    const content = randomUUID()
    const kept = { caseId: id, body: { ...answer }, salt: '', hash: '', createdAt: new Date() }
    await api.db.content.create({ data: { id: content, ...kept } })
    await api.db.task.update({ where: { id: task }, data: { answerContentId: content, returned } })
  }
  const goal = (text: string) => ({ goals: [{ goal: text, measure: 'Test passed', by: '2026-12-20' }] })
  const check = (verdict: string) => ({ goals: [{ number: 1, goal: 'Learn', verdict }] })
  await given('draftAdaptationPlan', goal('Learn'))
  await given('draftAdaptationPlan', goal('Learn the order of document flow'), true)
  await given('interimCheck', check('inHand'))
  await given('interimCheck', check('met'))
  const review = await arrangeTask(api.db, id, {
    kind: 'reviewProbation',
    person: supervisor ?? '',
    state: 'reserved',
    assignee: supervisor ?? null,
  })
  const who = await Visitor.signedIn(browser, api.url, 'en', 'supervisor')
  await who.open(`/tasks/${review}`, who.say('tasks.reviewProbation.title'))
  const shown = who.page.getByRole('region', { name: who.say('app.tasks.shows') })
  await shown.getByRole('heading', { name: who.say('tasks.interimCheck.title') }).waitFor()
  const changed = who.say('app.tasks.changedSince', { date: '.+', fields: who.say('fields.goals') })
  const told = await shown.getByText(new RegExp(changed)).allInnerTexts()
  expect(told).toHaveLength(1)
  await who.leave()
})

test('where the API is of a release before, which has no start of a day, the console leads to the tasks', async () => {
  const who = await Visitor.signedIn(browser, api.url, 'en', 'hrMinistry')
  await who.page.route('**/api/day', (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', body: JSON.stringify({ code: 'notFound' }) }),
  )
  await who.page.goto(api.url)
  await who.heading(who.say('app.tasks.title'))
  expect(new URL(who.page.url()).pathname).toBe('/tasks')
  await who.leave()
})
