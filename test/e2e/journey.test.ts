/**
 * The whole product as people meet it: the walk of the README over HTTP, and a probation in a real browser in each language,
 * with axe on every page.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { CaseDetail, DocumentView, HistoryEventView, Name, Page, TaskView } from '../../api/shapes/views'
import { createDb } from '../../prisma/store/db'
import { runningIn } from '../../scripts/running'
import { freePort } from '../../scripts/processes'
import { Person, walk } from '../../scripts/walk'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { nameRows } from '../../prisma/seed/data'
import { arrangeCase, arrangeTask } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { startProduct, type RunningProduct } from '../support/product'
import { Visitor } from './visitor'

jest.setTimeout(240_000)

let dataDir: string
let product: RunningProduct
let browser: Browser

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-journey-'))
  chmodSync(dataDir, 0o755)
  const place = { dataDir, port: await freePort(), env: { MANSAP_SAMPLE_CASES: '0' } }
  ;[product, browser] = await Promise.all([startProduct(place), launchBrowser()])
})
afterAll(async () => {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

interface Newcomer {
  readonly name: Name
  readonly post: { readonly from: string; readonly position: { readonly name: Name } }
}

/** Whatever the register calls them: a demo user as a person of the register. */
async function person(login: string): Promise<Newcomer> {
  const who = await Person.signedIn(product.baseUrl, login)

  return who.get<Newcomer>(`/api/register/people/${who.me.person.id}`)
}

/** Everything that Temporal has kept of a case, as the developer sees it. */
async function historyOf(caseId: string): Promise<string> {
  const developer = await Person.signedIn(product.baseUrl, 'developer')
  const pages: HistoryEventView[] = []
  for (let page = 1; ; page += 1) {
    const { data, pageInfo } = await developer.get<Page<HistoryEventView>>(
      `/api/cases/${caseId}/history?page=${String(page)}&perPage=100`,
    )
    pages.push(...data)
    if (!pageInfo.hasNextPage) return JSON.stringify(pages)
  }
}

/** Names of the sample and what was typed: nothing of it may be in a history. */
function namesIn(history: string): string[] {
  const { given, surnames } = nameRows()
  const names = [
    ...surnames.flatMap(({ surnameKk, surnameRu, surnameEn }) => [surnameKk, surnameRu, surnameEn]),
    ...given.flatMap(({ givenKk, givenRu, givenEn }) => [givenKk, givenRu, givenEn]),
  ]

  return names.filter((name) => new RegExp(`(?<!\\p{L})${name}(?!\\p{L})`, 'u').test(history))
}

test('the walk of the README ends with the servant kept in service, and its history tells no name and no text', async () => {
  const said: string[] = []
  const caseId = await walk(product.baseUrl, (line) => said.push(line))
  const hr = await Person.signedIn(product.baseUrl, 'hrMinistry')
  const file = await hr.get<CaseDetail>(`/api/cases/${caseId}`)
  expect(file).toMatchObject({ status: 'closed', outcome: 'keptInService', basis: { code: 'agencyRefused' } })
  expect(said.join('\n')).toContain('refuses consent')

  const history = await historyOf(caseId)
  expect(namesIn(history)).toEqual([])
  const typed = [
    '118-K',
    '12-K',
    'Learn the order',
    'registry passed',
    'Sick leave',
    'one more chance',
    'More practice',
  ]
  expect(typed.filter((text) => history.includes(text))).toEqual([])
})

/** What somebody types in each language; searched for in the history afterwards. */
const TYPED: Record<Locale, { goal: string; measure: string; remarks: string; certificate: string }> = {
  kk: {
    goal: 'Құжат айналымын үйрену',
    measure: 'Сынақ тапсырылды',
    remarks: 'Өлшемін нақтылаңыз',
    certificate: 'Парақ 77',
  },
  ru: {
    goal: 'Изучить документооборот',
    measure: 'Зачёт сдан',
    remarks: 'Уточните показатель',
    certificate: 'Лист 77',
  },
  en: {
    goal: 'Learn the document flow',
    measure: 'Test passed',
    remarks: 'Make it exact',
    certificate: 'Certificate 77',
  },
}

/** HR starts a rehearsal from the start page; answers with the id of the case. */
async function start(hr: Visitor, newcomer: Newcomer): Promise<string> {
  await hr.page.getByRole('link', { name: hr.say('app.menu.start'), exact: true }).click()
  await hr.heading(hr.say('app.start.title'))
  await hr.choose(hr.say('fields.person'), hr.name(newcomer.name))
  // the position and the day follow from the person
  await hr.page
    .getByLabel(hr.say('fields.appointedOn'))
    .and(hr.page.locator(`[value="${newcomer.post.from}"]`))
    .waitFor()
  const position = hr.name(newcomer.post.position.name)
  await hr.page
    .getByLabel(hr.say('fields.position'))
    .and(hr.page.locator(`[value*="${position}"]`))
    .waitFor()
  await hr.fill(hr.say('fields.actNumber'), '118-K')
  await hr.fill(hr.say('fields.actDate'), newcomer.post.from)
  await hr.page.getByLabel(hr.say('app.rehearsal.want')).check()
  await hr.fill(hr.say('app.rehearsal.set'), `journey ${hr.locale}`)
  await hr.fill(hr.say('app.rehearsal.origin'), newcomer.post.from)
  await hr.inspect('start')
  await hr.press(hr.say('app.start.button'))
  await hr.page.waitForURL(/\/cases\/[0-9a-f-]{36}/)
  await hr.heading(hr.name(newcomer.name))
  await hr.inspect('case')

  return /cases\/([0-9a-f-]{36})/.exec(hr.page.url())?.[1] ?? ''
}

async function appointMentor(hr: Visitor, caseId: string, mentor: Newcomer): Promise<void> {
  await hr.takeUp(caseId, 'appointMentor')
  await hr.choose(hr.say('fields.mentor'), hr.name(mentor.name))
  await hr.inspect('appointMentor')
  await hr.complete()
}

async function draftPlan(mentor: Visitor, caseId: string, by: string): Promise<void> {
  const { goal, measure } = TYPED[mentor.locale]
  await mentor.takeUp(caseId, 'draftAdaptationPlan')
  await mentor.fill(mentor.say('fields.goal'), goal)
  await mentor.fill(mentor.say('fields.measure'), measure)
  await mentor.page.reload()
  await mentor.heading(mentor.say('tasks.draftAdaptationPlan.title'))
  await mentor.page.locator(`input[value="${goal}"]`).waitFor()
  await mentor.page.locator(`input[value="${measure}"]`).waitFor()
  await mentor.fill(mentor.say('fields.by'), by)
  await mentor.inspect('draftAdaptationPlan')
  await mentor.complete()
}

/** Somebody at a browser of his own. */
const as = (user: string, locale: Locale): Promise<Visitor> => Visitor.signedIn(browser, product.baseUrl, locale, user)

/** From the sign-in page to the draft of the plan. */
async function toTheDraft(locale: Locale): Promise<{ hr: Visitor; mentor: Visitor; caseId: string }> {
  const newcomer = await person('newcomer')
  const hr = await Visitor.signIn(browser, product.baseUrl, locale, 'hrMinistry')
  await hr.inspect('inbox')
  const caseId = await start(hr, newcomer)
  await appointMentor(hr, caseId, await person('mentor'))

  const mentor = await as('mentor', locale)
  // rehearsals are apart from real tasks, and the empty inbox says so
  await mentor.open('/tasks', mentor.say('app.tasks.title'))
  await mentor.press(mentor.say('app.rehearsal.show'))
  await mentor.page
    .getByRole('link', { name: mentor.say('tasks.draftAdaptationPlan.title') })
    .first()
    .waitFor()
  await mentor.inspect('inbox with a rehearsal')
  await draftPlan(mentor, caseId, addDays(isoDate(newcomer.post.from), 30))

  await hr.open(`/cases/${caseId}?tab=events`, hr.name(newcomer.name))
  await hr.sees(hr.say('events.taskCompleted', { kind: hr.say('tasks.draftAdaptationPlan.title') }))
  await hr.inspect('time line of the first answers')

  return { hr, mentor, caseId }
}

test.each(['ru', 'en'] as const)('a probation in the browser in %s, to the draft of its plan', async (locale) => {
  const { hr, mentor } = await toTheDraft(locale)
  await hr.leave()
  await mentor.leave()
})

describe('a probation in the browser in kk', () => {
  const locale = 'kk'
  const visitors: Visitor[] = []
  let caseId: string
  let newcomer: Newcomer
  let hr: Visitor

  beforeAll(async () => {
    newcomer = await person('newcomer')
  })
  afterAll(() => Promise.all(visitors.map((visitor) => visitor.leave())))

  test('from the hiring act to the agreed plan', async () => {
    const begun = await toTheDraft(locale)
    const { mentor } = begun
    hr = begun.hr
    caseId = begun.caseId
    const supervisor = await as('supervisor', locale)
    visitors.push(hr, mentor, supervisor)
    await supervisor.takeUp(caseId, 'agreeAdaptationPlan')
    await supervisor.sees(TYPED[locale].goal)
    await supervisor.press(`${supervisor.say('app.verbs.return.button')}…`)
    await supervisor.fill(supervisor.say('app.verbs.remarks'), TYPED[locale].remarks, supervisor.dialog())
    await supervisor.inspect('return')
    await supervisor.button(supervisor.say('app.verbs.return.button'), supervisor.dialog()).click()
    await supervisor.dialog().waitFor({ state: 'detached' })
    await mentor.takeUp(caseId, 'draftAdaptationPlan')
    await mentor.sees(TYPED[locale].remarks)
    await mentor.inspect('returned task')
    await mentor.complete()
    await supervisor.takeUp(caseId, 'agreeAdaptationPlan')
    await supervisor.inspect('agreeAdaptationPlan')
    await supervisor.complete()

    const servant = await as('newcomer', locale)
    visitors.push(servant)
    await servant.takeUp(caseId, 'acknowledge')
    await servant.sees(TYPED[locale].goal)
    await servant.inspect('acknowledge')
    await servant.complete()
  })

  test('an absence moves the end, the clock moves to the next term, and the case file shows it', async () => {
    const reader = await Person.signedIn(product.baseUrl, 'hrMinistry')
    const endsOn = async () => (await reader.get<CaseDetail>(`/api/cases/${caseId}`)).clocks[0]?.endsOn ?? ''
    const before = isoDate(await endsOn())
    const from = addDays(isoDate(newcomer.post.from), 20)
    await hr.open(`/cases/${caseId}`, hr.name(newcomer.name))
    await hr.press(`${hr.say('acts.recordAbsence.title')}…`)
    await hr.fill(hr.say('fields.from'), from, hr.dialog())
    await hr.fill(hr.say('fields.to'), addDays(from, 9), hr.dialog())
    await hr
      .dialog()
      .getByRole('radio', { name: hr.say('options.kind.illness') })
      .check()
    await hr.fill(hr.say('fields.document'), TYPED[locale].certificate, hr.dialog())
    await hr.inspect('recordAbsence')
    await hr.button(hr.say('app.acts.send'), hr.dialog()).click()
    await hr.dialog().waitFor({ state: 'detached' })
    expect(await endsOn()).toBe(addDays(before, 10))
    await hr.page.getByText(hr.say('app.howReached')).first().click()
    await hr.sees(hr.say('because.absence.illness'))

    await hr.press(`${hr.say('acts.advance.title')}…`)
    await hr.sees(hr.say('app.rehearsal.orDate'))
    await hr.inspect('advance')
    await hr.button(hr.say('app.rehearsal.toNext'), hr.dialog()).click()
    await hr.dialog().waitFor({ state: 'detached' })
    await hr.page
      .getByRole('link', { name: hr.say('tasks.interimCheck.title') })
      .first()
      .waitFor()
    await hr.inspect('case with an open check')

    await hr.part('events')
    await hr.sees(hr.say('events.actPerformed', { act: hr.say('acts.recordAbsence.title') }))
    await hr.sees(hr.say('events.taskCompleted', { kind: hr.say('tasks.agreeAdaptationPlan.title') }))
    await hr.inspect('time line')
    for (const part of ['tasks', 'terms']) {
      await hr.part(part)
      await hr.page.getByRole('table').first().waitFor()
      await hr.inspect(part)
    }
    await hr.part('documents')
    await hr.page.getByRole('link', { name: hr.say('documents.adaptationPlan.title') }).click()
    await hr.heading(hr.say('documents.adaptationPlan.title'))
    await hr.page.frameLocator('iframe').getByText(TYPED[locale].goal).waitFor()
    await hr.inspect('document')
  })

  test('a check that nobody made is told as missed, never as done, to whoever reviews, in each language', async () => {
    const reader = await Person.signedIn(product.baseUrl, 'hrMinistry')
    const tasks = async () => (await reader.get<Page<TaskView>>(`/api/cases/${caseId}/tasks?perPage=100`)).data
    const openReview = async () =>
      (await tasks()).find(({ kind, state }) => kind === 'reviewProbation' && state === 'reserved')
    for (let moves = 0; moves < 40 && !(await openReview()); moves += 1) {
      const { step } = await reader.get<CaseDetail>(`/api/cases/${caseId}`)
      await reader.send('POST', `/api/cases/${caseId}/acts/advance`, { step, form: {} })
    }
    const [review, check] = [await openReview(), (await tasks()).find(({ kind }) => kind === 'interimCheck')]
    for (const each of LOCALES) {
      const supervisor = await as('supervisor', each)
      await supervisor.open(`/tasks/${review?.id ?? ''}`, supervisor.say('tasks.reviewProbation.title'))
      await supervisor.sees(supervisor.say('app.tasks.missed.title'))
      // the law of the case is that of 2026, whose articles nobody has read
      await supervisor.sees(supervisor.say('cited.R5'))
      await supervisor.inspect('review with missed checks')
      await supervisor.open(`/tasks/${check?.id ?? ''}`, supervisor.say('tasks.interimCheck.title'))
      const ended = supervisor.page
        .getByRole('alert')
        .filter({ hasText: supervisor.say('app.tasks.isMissed').split(':')[0] ?? '' })
      await ended.waitFor()
      expect(await ended.getAttribute('class')).not.toContain('uccess')
      await supervisor.open(`/cases/${caseId}`, supervisor.name(newcomer.name))
      await supervisor.part('tasks')
      await supervisor.sees(supervisor.say('app.tasks.states.missed'))
      await supervisor.inspect('tasks with missed checks')
      await supervisor.part('terms')
      await supervisor.page.getByRole('table').first().waitFor()
      expect(await supervisor.page.locator('#part').innerText()).not.toMatch(/\b[SW]\d+\b|placeholder|design default/)
      await supervisor.leave()
    }
  })

  test('its HTML has no gap, and its history, which the developer sees, no name and no text', async () => {
    const reader = await Person.signedIn(product.baseUrl, 'hrMinistry')
    const { data } = await reader.get<Page<DocumentView>>(`/api/cases/${caseId}/documents`)
    expect(data.map(({ kind }) => kind).sort()).toEqual(['adaptationPlan', 'mentorOrder'])
    for (const { id } of data) {
      const { html } = await reader.get<DocumentView & { html: string }>(`/api/documents/${id}?locale=${locale}`)
      const text = html.replace(/<style>.*<\/style>/, '').replace(/<[^>]+>/g, '\n')
      expect(text).toContain('118-K')
      expect(text).not.toMatch(/%\{|undefined|null|: *\n|№ *[,\n]/)
    }

    const developer = await as('developer', locale)
    visitors.push(developer)
    await developer.open(`/cases/${caseId}`, developer.name(newcomer.name))
    await developer.part('history')
    await developer.page
      .getByRole('cell', { name: 'WORKFLOW_EXECUTION_STARTED' })
      .or(developer.page.getByRole('cell', { name: /WorkflowExecutionStarted/ }))
      .first()
      .waitFor()
    await developer.inspect('history')
    const history = await historyOf(caseId)
    expect(namesIn(history)).toEqual([])
    expect(Object.values(TYPED[locale]).filter((text) => history.includes(text))).toEqual([])
  })
})

describe('an inbox of many pages', () => {
  const WAITING = 60

  // rows that nobody will complete: what is shown of them is the same
  beforeAll(async () => {
    const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
    const db = createDb(runningIn(dataDir).databaseUrl, 1)
    const caseId = await arrangeCase(db, { body: 'ministryFinance', subject: me.person.id })
    for (let n = 0; n < WAITING; n += 1) await arrangeTask(db, caseId, { role: 'hr', body: 'ministryFinance' })
    await db.$disconnect()
  })

  test('is walked forth and back, each page beginning behind the one before', async () => {
    const hr = await as('hrMinistry', 'en')
    /** The tasks of a page that was asked for what is behind a place, as soon as they stand in the table, and where it ends. */
    const turned = async (after: string | null, turn: () => Promise<void>) => {
      const [answer] = await Promise.all([
        hr.page.waitForResponse((response) => {
          const { pathname, searchParams } = new URL(response.url())

          return (
            pathname === '/api/tasks' && searchParams.get('queue') === 'unit' && searchParams.get('after') === after
          )
        }),
        turn(),
      ])
      const { data, pageInfo } = (await answer.json()) as Page<TaskView>
      const ids = data.map(({ id }) => id)
      await inTable(ids[0])
      await inTable(ids.at(-1))

      return { ids, end: pageInfo.end ?? '' }
    }
    const inTable = (id = '') => hr.page.getByRole('table').locator(`a[href*="${id}"]`).first().waitFor()
    const next = () => hr.press(hr.say('app.pages.next'))
    await hr.open('/tasks', hr.say('app.tasks.title'))
    const unit = hr.page.getByRole('tab', { name: new RegExp(hr.say('app.tasks.queues.unit')) })
    const first = await turned(null, () => unit.click())
    const second = await turned(first.end, next)
    const third = await turned(second.end, next)
    await hr.inspect('the third page of the inbox')
    await hr.press(hr.say('app.pages.previous'))
    await inTable(second.ids[0])

    const seen = [...first.ids, ...second.ids, ...third.ids]
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(WAITING)
    await hr.leave()
  })
})
