/** What comes between a person and his answer: a colleague, news, another tab, a wrong clock, an ended session, a lost connection. Nothing typed is lost. */
import { randomUUID } from 'node:crypto'
import type { Browser, Locator } from 'playwright-core'
import { buildConsole, consoleFolder } from '../../scripts/console'
import { arrangeCase, arrangeTask, keepDraft, personOf, startApi, type Api } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { Visitor } from './visitor'

jest.setTimeout(300_000)

const BODY = 'ministryFinance'
const KIND = 'decideExtension'
const HOUR = 3_600_000

let api: Api
let browser: Browser
let caseId: string

beforeAll(async () => {
  await buildConsole(() => undefined)
  ;[api, browser] = await Promise.all([startApi(undefined, {}, {}, consoleFolder), launchBrowser()])
  const colleague = { personId: await personOf(api, 'supervisor'), bodyKey: BODY, role: 'head', basis: 'a test' }
  await api.db.bodyRole.create({ data: { ...colleague, id: randomUUID(), from: new Date('2020-01-01') } })
  caseId = await arrangeCase(api.db, {
    body: BODY,
    subject: await personOf(api, 'newcomer'),
    stage: 'extensionDecision',
    parties: { supervisor: await personOf(api, 'mentor') },
  })
})
afterEach(async () => {
  await api.db.task.deleteMany({ where: { kind: KIND } }).catch(() => undefined)
})
afterAll(async () => {
  await browser.close()
  await api.close()
})

/** A task that the head and his colleague may decide; of somebody who has it, in his hands. */
const task = async (holder?: string): Promise<string> =>
  arrangeTask(api.db, caseId, {
    kind: KIND,
    role: 'head',
    body: BODY,
    ...(holder !== undefined && { state: 'reserved', assignee: await personOf(api, holder) }),
  })
const rowOf = (id: string) => api.db.task.findUniqueOrThrow({ where: { id } })
const path = (id: string) => `/tasks/${id}`

const head = () => Visitor.signedIn(browser, api.url, 'en', 'headMinistry')
/** Opens the task; answers with the field of its form in which a text is typed. `deaf`: it hears of no changes. */
async function opened(who: Visitor, id: string, deaf = false): Promise<Locator> {
  const listening = deaf ? null : who.page.waitForResponse('**/api/events')
  await who.open(path(id), who.say(`tasks.${KIND}.title`))
  await listening
  const field = who.page.getByLabel(who.say('fields.grounds'))
  await field.waitFor()

  return field
}
const holds = (field: Locator, text: string) =>
  eventually(`the form holds ${text}`, async () => (await field.inputValue()) === text)
const says = (who: Visitor, key: string) => who.sees(who.say(key, { at: '' }).trim())
const decision = (who: Visitor) => who.button(`${who.answer(KIND, 'extend')}…`)
/** Decides on the page, and confirms it. */
async function decides(who: Visitor): Promise<void> {
  await decision(who).click()
  await who.button(who.answer(KIND, 'extend'), who.dialog()).click()
}
/** What was sent of a task: its stored content. */
async function sentOf(id: string): Promise<unknown> {
  const command = await eventually('it is sent', () =>
    api.db.command.findFirst({ where: { taskId: id, kind: 'complete' } }),
  )
  const content = await api.db.content.findUniqueOrThrow({ where: { id: command.contentId ?? '' } })

  return content.body
}

test('a free task is taken up by deciding it: two presses, and its text is sent', async () => {
  const id = await task()
  const who = await head()
  const field = await opened(who, id)
  await field.fill('by deciding')
  await who.inspect('a free task with its form')
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ decision: 'extend', grounds: 'by deciding' })
  expect(await rowOf(id)).toMatchObject({ assigneeId: await personOf(api, 'headMinistry'), state: 'completing' })
  await who.leave()
})

test('a colleague takes the task while one types: the text stays, it is said who has it since when, and it is sent once it is free again', async () => {
  const id = await task()
  const other = await task('headMinistry')
  const who = await head()
  const field = await opened(who, id)
  await field.fill('typed before the colleague')
  const colleague = await api.as('supervisor')
  const taken = await colleague.post(`/api/tasks/${id}/claim`).send({ version: 1 }).expect(200)
  await says(who, 'app.tasks.cannotSend')
  await holds(field, 'typed before the colleague')
  expect(await decision(who).isDisabled()).toBe(true)
  const { name } = (await colleague.get('/api/me')).body.person
  const since = who.say('app.tasks.heldSince', { person: name.en, date: '' }).replace(/\s*\.$/, '')
  await who.sees(new RegExp(since))
  await who.inspect('a task that a colleague has taken')

  await colleague.post(`/api/tasks/${id}/release`).send({ version: taken.body.version }).expect(200)
  await eventually('it may be decided again', () => decision(who).isEnabled())
  await holds(field, 'typed before the colleague')
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ grounds: 'typed before the colleague' })
  // and on to the next, which is his
  expect(other).not.toBe(id)
  await who.leave()
})

test('of two who decide a free task at once one is told that the other has it, and keeps his text', async () => {
  const id = await task()
  const who = await head()
  // the colleague is quicker, and news of it does not come
  await who.page.route('**/api/events', (route) => route.abort())
  const field = await opened(who, id, true)
  await field.fill('decided at once')
  await decision(who).click()
  await who.dialog().waitFor()
  const colleague = await api.as('supervisor')
  await colleague.post(`/api/tasks/${id}/claim`).send({ version: 1 }).expect(200)
  await who.button(who.answer(KIND, 'extend'), who.dialog()).click()
  await says(who, 'app.tasks.cannotSend')
  await holds(field, 'decided at once')
  expect(await api.db.command.count({ where: { taskId: id } })).toBe(0)
  // and there is a way on
  await who.button(who.say('app.tasks.next')).waitFor()
  await who.leave()
})

test('who is refused with nothing typed is told so, and led on', async () => {
  const kind = 'agreeAdaptationPlan'
  const id = await arrangeTask(api.db, caseId, { kind, role: 'head', body: BODY })
  const who = await head()
  await who.page.route('**/api/events', (route) => route.abort())
  await who.open(path(id), who.say(`tasks.${kind}.title`))
  await who.press(`${who.answer(kind)}…`)
  await who.dialog().waitFor()
  const colleague = await api.as('supervisor')
  await colleague.post(`/api/tasks/${id}/claim`).send({ version: 1 }).expect(200)
  await who.button(who.answer(kind), who.dialog()).click()
  await who.button(who.say('app.tasks.next')).waitFor()
  await who.page
    .getByRole('alert')
    .filter({ hasText: who.say('app.command.typedKept') })
    .waitFor()
  await api.db.task.delete({ where: { id } })
  await who.leave()
})

test('a return that is taken leaves no form behind that says it could not be sent', async () => {
  const id = await task('headMinistry')
  const who = await head()
  const field = await opened(who, id)
  await field.fill('typed before the return')
  await says(who, 'app.draft.saved')
  const again = await api.as('headMinistry')
  await who.page.route('**/api/tasks/*/return', async (route) => {
    await api.db.task.update({ where: { id }, data: { state: 'completed', version: 2 } })
    await route.fulfill({ json: (await again.get(`/api/tasks/${id}`).expect(200)).body })
  })
  await who.press(`${who.say('app.verbs.return.button')}…`)
  await who.fill(who.say('app.verbs.remarks'), 'say why', who.dialog())
  await who.button(who.say('app.verbs.return.button'), who.dialog()).click()
  await says(who, 'app.tasks.isCompleted')
  await field.waitFor({ state: 'detached' })
  expect(await who.page.getByText(who.say('app.tasks.cannotSend')).count()).toBe(0)
  await who.leave()
})

test('a colleague takes the task while a return is written: its text stays, and it is said why it cannot be sent', async () => {
  const id = await task()
  const who = await head()
  await opened(who, id)
  await who.press(`${who.say('app.verbs.return.button')}…`)
  const remarks = who.dialog().getByLabel(who.say('app.verbs.remarks'))
  await remarks.fill('written before the colleague')
  const colleague = await api.as('supervisor')
  const taken = await colleague.post(`/api/tasks/${id}/claim`).send({ version: 1 }).expect(200)
  const { name } = (await colleague.get('/api/me')).body.person
  const since = who.say('app.tasks.heldSince', { person: name.en, date: '' }).replace(/\s*\.$/, '')
  await who
    .dialog()
    .getByRole('alert')
    .filter({ hasText: new RegExp(since) })
    .waitFor()
  await holds(remarks, 'written before the colleague')
  const submit = who.button(who.say('app.verbs.return.button'), who.dialog())
  expect(await submit.isDisabled()).toBe(true)
  await who.inspect('a return of a task that a colleague has taken')

  await colleague.post(`/api/tasks/${id}/release`).send({ version: taken.body.version }).expect(200)
  await eventually('it may be returned again', () => submit.isEnabled())
  await holds(remarks, 'written before the colleague')
  await who.leave()
})

test('a free task is not taken up for a text of which another was saved in another window', async () => {
  const id = await task()
  const who = await head()
  const field = await opened(who, id)
  const person = await personOf(api, 'headMinistry')
  const address = `task:${id}:complete`
  const elsewhere = await api.as('headMinistry')
  await keepDraft(elsewhere, address, { person, form: { grounds: 'in the other window' }, writer: 'two' }).expect(200)
  // the save of what is typed here is on its way for as long as the decision is made
  let arrive = (): void => undefined
  const arrived = new Promise<void>((resolve) => (arrive = resolve))
  await who.page.route('**/api/drafts/*', async (route) => {
    await arrived
    await route.continue()
  })
  await field.fill('in this window')
  await decides(who)
  arrive()
  await says(who, 'app.draft.conflict')
  await holds(field, 'in this window')
  expect(await rowOf(id)).toMatchObject({ assigneeId: null, state: 'ready' })
  await who.leave()
})

test('who took a task up by a decision that is refused reads that it is in his hands, and why it was refused', async () => {
  const id = await task()
  const who = await head()
  const field = await opened(who, id)
  await who.page.route('**/api/tasks/*/complete', (route) =>
    route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify({ code: 'stale' }) }),
  )
  await field.fill('refused')
  await decides(who)
  await says(who, 'app.command.typedKept')
  const release = who.say('app.verbs.release.button')
  const inHand = who.page.getByText(who.say('app.tasks.inHand', { release }))
  await inHand.waitFor()
  await who.press(release)
  await inHand.waitFor({ state: 'detached' })
  await holds(field, 'refused')
  expect(await rowOf(id)).toMatchObject({ assigneeId: null, state: 'ready' })
  await who.leave()
})

test('a refusal is said although taking the task up had failed before', async () => {
  const id = await task()
  const who = await head()
  const field = await opened(who, id)
  await field.fill('refused twice')
  await says(who, 'app.draft.saved')
  const refuse = (verb: string, detail: string) =>
    who.page.route(
      `**/api/tasks/*/${verb}`,
      (route) =>
        route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          body: JSON.stringify({ code: 'unknownHere', detail }),
        }),
      { times: 1 },
    )
  await refuse('claim', 'Taking it up was refused.')
  await decides(who)
  await who.sees('Taking it up was refused.')
  await who.press(who.say('app.verbs.claim.button'))
  await who.button(who.say('app.verbs.release.button')).waitFor()
  await refuse('complete', 'The answer was refused.')
  await decides(who)
  await who.sees('The answer was refused.')
  expect(await who.page.getByText('Taking it up was refused.').count()).toBe(0)
  await who.leave()
})

test('a task that somebody else has leads on to the next, and the last to the start of the day', async () => {
  const [taken, own] = [await task('supervisor'), await task('headMinistry')]
  const who = await head()
  await who.open(path(taken), who.say(`tasks.${KIND}.title`))
  await who.press(who.say('app.tasks.next'))
  await who.page.waitForURL(`${api.url}${path(own)}`)
  await api.db.task.update({ where: { id: own }, data: { assigneeId: await personOf(api, 'supervisor') } })
  await who.open(path(taken), who.say(`tasks.${KIND}.title`))
  await who.press(who.say('app.tasks.next'))
  await says(who, 'app.tasks.nothingWaits')
  await who.inspect('a task of somebody else, and none of his own')
  await who.page.getByRole('link', { name: who.say('app.tasks.toDay') }).click()
  await who.heading(who.say('app.day.title'))
  await who.sees(who.say('app.day.emptyTitle'))
  await who.leave()
})

test('news of the task under an open form leave it as it is, and the answer is sent to the task as it is now', async () => {
  const id = await task('headMinistry')
  const who = await head()
  const field = await opened(who, id)
  await field.fill('before the')
  const elsewhere = await api.as('headMinistry')
  await elsewhere.post(`/api/tasks/${id}/start`).send({ version: 1 }).expect(200)
  await who.sees(who.say('app.tasks.states.inProgress'))
  await holds(field, 'before the')
  await field.pressSequentially(' news')
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ grounds: 'before the news' })
  await who.leave()
})

test('who signs out in another tab finds his text when he signs in again from the form', async () => {
  const id = await task('headMinistry')
  const who = await head()
  const field = await opened(who, id)
  await field.fill('before the other tab')
  await says(who, 'app.draft.saved')
  const tab = await who.page.context().newPage()
  await tab.goto(`${api.url}/notices`)
  await tab.getByRole('button', { name: who.say('app.signOut'), exact: true }).click()
  await tab.getByRole('heading', { name: who.say('app.login.title') }).waitFor()
  await field.fill('after the other tab')
  await says(who, 'app.draft.signedOut')
  await who.inspect('a form after another tab was signed out')
  await who.press(who.say('app.draft.signIn'))
  await who.choosesToBe('headMinistry', path(id))
  await holds(field, 'after the other tab')
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ grounds: 'after the other tab' })
  await who.leave()
})

test('who signs in again in the other tab goes on in the first as if nothing had been', async () => {
  const id = await task('headMinistry')
  const who = await head()
  const field = await opened(who, id)
  const { request } = who.page.context()
  const headers = { origin: api.url }
  await request.delete(`${api.url}/api/session`, { headers })
  await field.fill('signed out meanwhile')
  await says(who, 'app.draft.signedOut')
  await request.post(`${api.url}/api/session`, { data: { user: 'headMinistry' }, headers })
  await who.page.evaluate(`window.dispatchEvent(new Event('focus'))`)
  await says(who, 'app.draft.saved')
  await holds(field, 'signed out meanwhile')
  await who.leave()
})

test('a session that ends as the answer is sent leaves the form as it was, here and after signing in', async () => {
  const id = await task('headMinistry')
  const who = await head()
  const field = await opened(who, id)
  await field.fill('when the session ends')
  await says(who, 'app.draft.saved')
  await who.page.context().clearCookies()
  await decides(who)
  await eventually('it is said', () =>
    who.page
      .getByRole('alert')
      .filter({ hasText: who.say('app.command.typedKept') })
      .isVisible(),
  )
  await holds(field, 'when the session ends')
  await who.page.reload()
  await who.choosesToBe('headMinistry', path(id))
  await holds(field, 'when the session ends')
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ grounds: 'when the session ends' })
  await who.leave()
})

test('a lost connection: the text is kept, the answer can be sent again, and the draft is saved when the connection is back', async () => {
  const id = await task()
  const who = await head()
  const field = await opened(who, id)
  await who.page.context().setOffline(true)
  await field.fill('typed without a connection')
  await says(who, 'app.draft.failed')
  await decides(who)
  await eventually('it is said', () =>
    who.page
      .getByRole('alert')
      .filter({ hasText: who.say('app.command.typedKept') })
      .isVisible(),
  )
  await holds(field, 'typed without a connection')
  await who.page.context().setOffline(false)
  await says(who, 'app.draft.saved')
  await holds(field, 'typed without a connection')
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ grounds: 'typed without a connection' })
  await who.leave()
})

test.each([
  ['an hour ahead', HOUR],
  ['an hour behind', -HOUR],
])('a clock of the browser %s changes nothing: what is overdue, what is kept, what is sent', async (_, ahead) => {
  const id = await task('headMinistry')
  const today = new Date(Date.now() + 5 * HOUR).toISOString().slice(0, 10)
  await api.database.sql(
    `update tasks set due = $2, "dueOn" = $3, "dueAt" = (($3::date + 1)::timestamp at time zone 'Asia/Almaty') where id = $1`,
    [id, JSON.stringify({ on: today, steps: [] }), today],
  )
  const who = await head()
  await who.page.clock.setSystemTime(Date.now() + ahead)
  await who.open('/', who.say('app.day.title'))
  await who.page
    .getByRole('region', { name: who.say('app.day.parts.today') })
    .getByRole('listitem')
    .first()
    .waitFor()
  expect(await who.page.getByRole('region', { name: who.say('app.day.parts.overdue') }).count()).toBe(0)
  const field = await opened(who, id)
  expect(await who.page.getByText(who.say('app.tasks.overdue')).count()).toBe(0)
  await field.fill(`typed ${String(ahead)}`)
  await says(who, 'app.draft.saved')
  await who.page.reload()
  await holds(field, `typed ${String(ahead)}`)
  await decides(who)
  expect(await sentOf(id)).toMatchObject({ grounds: `typed ${String(ahead)}` })
  await who.leave()
})
