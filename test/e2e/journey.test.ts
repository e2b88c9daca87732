/**
 * The whole product as people meet it: the walk of the README over HTTP, and a probation in a real browser in each language,
 * with axe on every page.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Locator } from 'playwright-core'
import type { CaseDetail, DocumentDetail, DocumentView, Name, Page, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { noteIncident, resolveIncident } from '../../prisma/store/incidents'
import { runningIn } from '../../scripts/running'
import { freePort } from '../../scripts/processes'
import { Person, walk } from '../../scripts/walk'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import { LOCALES, type CaseId, type Locale } from '../../workflows/kernel/contract'
import { nameRows } from '../../prisma/seed/data'
import { arrangeCase, arrangeTask } from '../api/harness'
import { pino } from 'pino'
import { readPayloadKeys } from '../../api/config'
import { connectEngine } from '../../api/service/temporal'
import { historyOf } from '../../api/views/workflow-history'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'
import { SAMPLES } from '../support/sample-files'
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
  readonly post: { readonly from: string; readonly position: { readonly id: string; readonly name: Name } }
}

/** Whatever the register calls them: a demo user as a person of the register. */
async function person(login: string): Promise<Newcomer> {
  const who = await Person.signedIn(product.baseUrl, login)

  return who.get<Newcomer>(`/api/register/people/${who.me.person.id}`)
}

/** Everything that Temporal has kept of a case: more than a developer is shown. */
async function keptOf(caseId: string): Promise<string> {
  const { databaseUrl, temporal } = runningIn(dataDir)
  const [db, engine] = [createDb(databaseUrl, 1), connectEngine(temporal)]
  try {
    const service = { db, engine, keys: readPayloadKeys({}), log: pino({ level: 'silent' }) }

    return JSON.stringify(await historyOf(service, caseId as CaseId, { content: true }))
  } finally {
    await db.$disconnect()
    await engine.close()
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

  const history = await keptOf(caseId)
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
  await hr.button(hr.say('start.title')).waitFor()
  await hr.page.getByLabel(hr.say('app.rehearsal.want')).check()
  await hr.fill(hr.say('app.rehearsal.set'), `journey ${hr.locale}`)
  await hr.fill(hr.say('app.rehearsal.origin'), newcomer.post.from)
  await hr.inspect('start')
  await hr.press(hr.say('app.rehearsal.start', { start: hr.say('start.title') }))
  await hr.page.waitForURL(/\/cases\/[0-9a-f-]{36}/)
  await hr.heading(hr.name(newcomer.name))
  await hr.inspect('case')

  return /cases\/([0-9a-f-]{36})/.exec(hr.page.url())?.[1] ?? ''
}

async function appointMentor(hr: Visitor, caseId: string, mentor: Newcomer): Promise<void> {
  await hr.takeUp(caseId, 'appointMentor')
  await hr.choose(hr.say('fields.mentor'), hr.name(mentor.name))
  await hr.inspect('appointMentor')
  await hr.complete('appointMentor')
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
  await mentor.complete('draftAdaptationPlan')
}

/** Somebody at a browser of his own. */
const as = (user: string, locale: Locale): Promise<Visitor> => Visitor.signedIn(browser, product.baseUrl, locale, user)

/** From the sign-in page to the draft of the plan. */
async function toTheDraft(locale: Locale): Promise<{ hr: Visitor; mentor: Visitor; caseId: string }> {
  const newcomer = await person('newcomer')
  const hr = await Visitor.signIn(browser, product.baseUrl, locale, 'hrMinistry')
  await hr.inspect('the start of the day')
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
    await mentor.complete('draftAdaptationPlan')
    await supervisor.takeUp(caseId, 'agreeAdaptationPlan')
    await supervisor.inspect('agreeAdaptationPlan')
    await supervisor.complete('agreeAdaptationPlan')

    const servant = await as('newcomer', locale)
    visitors.push(servant)
    await servant.takeUp(caseId, 'acknowledge')
    await servant.sees(TYPED[locale].goal)
    await servant.inspect('acknowledge')
    await servant.complete('acknowledge')
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
    await hr.button(hr.say('acts.recordAbsence.title'), hr.dialog()).click()
    await hr.dialog().waitFor({ state: 'detached' })
    expect(await endsOn()).toBe(addDays(before, 10))
    // of the open task, and of the probation
    for (const reached of await hr.page.getByText(hr.say('app.howReached')).all()) await reached.click()
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
      const { html } = await reader.get<DocumentDetail>(`/api/documents/${id}?locale=${locale}`)
      const text = html.replace(/<style>.*<\/style>/, '').replace(/<[^>]+>/g, '\n')
      expect(text).toContain('118-K')
      // an order that is introduced by a word in capitals may end its line with a colon; a label may not
      expect(text).not.toMatch(/%\{|undefined|null|(?<!\p{Lu}): *\n|№ *[,\n]/u)
    }

    // he is not shown whom it is about
    const { number } = await reader.get<CaseDetail>(`/api/cases/${caseId}`)
    const developer = await as('developer', locale)
    visitors.push(developer)
    await developer.open(`/cases/${caseId}`, number)
    await developer.part('history')
    await developer.page
      .getByRole('cell', { name: 'WORKFLOW_EXECUTION_STARTED' })
      .or(developer.page.getByRole('cell', { name: /WorkflowExecutionStarted/ }))
      .first()
      .waitFor()
    await developer.inspect('history')
    const history = await keptOf(caseId)
    expect(namesIn(history)).toEqual([])
    expect(Object.values(TYPED[locale]).filter((text) => history.includes(text))).toEqual([])
  })
})

describe('what cannot be chosen is not offered, and says why', () => {
  const locale = 'ru'
  let hr: Visitor
  let file: Person
  let caseId: string
  let newcomer: Newcomer
  let mentor: Newcomer

  /** A colleague of the mentor's name in another position of the same body. */
  async function namesakeOfMentor(): Promise<{ position: string }> {
    const db = createDb(runningIn(dataDir).databaseUrl, 1)
    const { me } = await Person.signedIn(product.baseUrl, 'mentor')
    const { id: _, ...same } = await db.person.findUniqueOrThrow({ where: { id: me.person.id } })
    const like = await db.position.findFirstOrThrow({
      where: {
        bodyKey: 'ministryFinance',
        unit: { positions: { none: { posts: { some: { personId: me.person.id } } } } },
      },
    })
    // of its own: a position is held by one person at a time
    const position = await db.position.create({ data: { ...like, fields: {}, id: randomUUID() } })
    const id = randomUUID()
    await db.person.create({ data: { ...same, fields: {}, id } })
    await db.post.create({
      data: { id: randomUUID(), personId: id, positionId: position.id, from: new Date('2019-04-01') },
    })
    await db.$disconnect()

    return { position: position.nameRu }
  }
  const option = (name: string) => hr.page.getByRole('option').filter({ hasText: name })
  const send = async (act: string, form: object) => {
    const { step } = await file.get<CaseDetail>(`/api/cases/${caseId}`)
    await file.send('POST', `/api/cases/${caseId}/acts/${act}`, { step, form: { ...form } })
  }

  beforeAll(async () => {
    ;[newcomer, mentor] = await Promise.all([person('newcomer'), person('mentor')])
    file = await Person.signedIn(product.baseUrl, 'hrMinistry')
    const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
    const { post } = newcomer
    const started = await file.send<{ caseId: string }>('POST', '/api/processes/probation/cases', {
      form: {
        person: me.person.id,
        position: post.position.id,
        appointedOn: post.from,
        actNumber: '118-K',
        actDate: post.from,
      },
      rehearsal: { set: 'offers', origin: post.from, speed: 0 },
    })
    caseId = started.caseId
    hr = await as('hrMinistry', locale)
  })
  afterAll(() => hr.leave())

  test('a second case about one person, and a date after the day on which the case would begin', async () => {
    await hr.open('/start', hr.say('app.start.title'))
    await hr.page.getByLabel(hr.say('app.rehearsal.want')).check()
    await hr.fill(hr.say('app.rehearsal.set'), 'offers')
    await hr.fill(hr.say('app.rehearsal.origin'), newcomer.post.from)
    await hr.page.getByRole('combobox', { name: hr.say('fields.person') }).fill(hr.name(newcomer.name))
    const refused = option(hr.name(newcomer.name)).filter({ hasText: hr.say('errors.alreadyOpen') })
    await refused.waitFor()
    expect(await refused.getAttribute('aria-disabled')).toBe('true')
    await hr.fill(hr.say('fields.actDate'), addDays(isoDate(newcomer.post.from), 1))
    await hr.sees(hr.say('errors.notYet'))
    await hr.inspect('a start that cannot be')
  })

  test('the direct supervisor as mentor; and two people of one name are told apart', async () => {
    const { position } = await namesakeOfMentor()
    const supervisor = await person('supervisor')
    await hr.takeUp(caseId, 'appointMentor')
    const field = hr.page.getByRole('combobox', { name: hr.say('fields.mentor') })
    await field.fill(hr.name(supervisor.name))
    const refused = option(hr.name(supervisor.name)).filter({ hasText: hr.say('errors.mentorIsSupervisor') })
    await refused.waitFor()
    expect(await refused.getAttribute('aria-disabled')).toBe('true')
    await hr.inspect('mentors who cannot be chosen')

    await field.fill(hr.name(mentor.name))
    await option(hr.name(mentor.name)).filter({ hasText: position }).filter({ hasText: '2019' }).waitFor()
    await option(hr.name(mentor.name))
      .filter({ hasText: hr.name(mentor.post.position.name) })
      .first()
      .click()
    await field.and(hr.page.locator(`[value*="${hr.name(mentor.post.position.name)}"]`)).waitFor()
  })

  test('a text that is too long is kept whole, said to be too long, and not sent', async () => {
    const field = hr.page.getByLabel(hr.say('fields.order'))
    const long = `${'п'.repeat(60)} и ещё`
    await field.fill(long)
    await field.and(hr.page.locator('[aria-invalid="true"]')).waitFor()
    expect(await field.inputValue()).toBe(long)
    await hr.press(`${hr.answer('appointMentor')}…`)
    await hr.page
      .getByRole('alert')
      .filter({ hasText: hr.say('fields.order') })
      .waitFor()
    expect(await hr.dialog().count()).toBe(0)
    await hr.inspect('a text that is too long')
    await field.fill('12-К')
    await hr.complete('appointMentor')
  })

  test('correcting an absence where there is none; and where there is one, it is chosen from the list and filled in', async () => {
    await hr.open(`/cases/${caseId}`, hr.name(newcomer.name))
    const correct = hr.button(`${hr.say('acts.correctAbsence.title')}…`)
    await hr.sees(hr.say('reasons.noAbsences'))
    expect(await correct.isDisabled()).toBe(true)
    await hr.inspect('acts for which there is nothing')

    const from = addDays(isoDate(newcomer.post.from), 7)
    const to = addDays(from, 2)
    await send('recordAbsence', { from, to, kind: 'illness', document: 'Лист 77' })
    await hr.open(`/cases/${caseId}`, hr.name(newcomer.name))
    await correct.click()
    await hr
      .dialog()
      .getByRole('combobox', { name: hr.say('fields.absence') })
      .click()
    await option(hr.say('items.absences')).filter({ hasText: 'Лист 77' }).click()
    const filled = (field: string) =>
      hr
        .dialog()
        .getByLabel(hr.say(`fields.${field}`))
        .first()
        .inputValue()
    expect([await filled('from'), await filled('to'), await filled('document')]).toEqual([from, to, 'Лист 77'])
    await hr.inspect('correctAbsence')
    await hr.fill(hr.say('fields.document'), 'Лист 78', hr.dialog())
    await hr.button(hr.say('acts.correctAbsence.title'), hr.dialog()).click()
    await hr.dialog().waitFor({ state: 'detached' })
  })

  test('a file that is none of the kinds, before it is sent and after; the right one is shown in the case file and comes back whole', async () => {
    const from = addDays(isoDate(newcomer.post.from), 40)
    await hr.open(`/cases/${caseId}`, hr.name(newcomer.name))
    await hr.press(`${hr.say('acts.recordAbsence.title')}…`)
    await hr.fill(hr.say('fields.from'), from, hr.dialog())
    await hr.fill(hr.say('fields.to'), from, hr.dialog())
    await hr
      .dialog()
      .getByRole('radio', { name: hr.say('options.kind.illness') })
      .check()
    await hr.fill(hr.say('fields.document'), 'Лист 79', hr.dialog())
    const label = hr.say('fields.certificate')
    const choose = hr.button(`${hr.say('app.file.choose')}: ${label}`, hr.dialog())
    const remove = hr.button(hr.say('app.form.remove', { label }), hr.dialog())
    // somebody listens all the while: with the last listener the browser stops telling, and begins again only after a while
    hr.page.on('filechooser', () => undefined)
    const chosen = async (name: string, buffer: Buffer) => {
      // by the keyboard, once the form takes files
      await choose.click({ trial: true })
      const [chooser] = await Promise.all([hr.page.waitForEvent('filechooser'), choose.press('Enter')])
      await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer })
    }
    await hr.sees(hr.say('app.file.unscanned'))
    await chosen('лист.docx', SAMPLES.docx)
    await hr.sees(hr.say('errors.fileKind'))
    await chosen('лист.pdf', SAMPLES.docx)
    await hr.sees(hr.say('problems.fileKind', { kinds: 'pdf, jpeg, png' }))
    await hr.inspect('a file that is refused')
    await chosen('Больничный лист № 79.pdf', SAMPLES.pdf)
    await remove.click()
    await choose.and(hr.page.locator(':focus')).waitFor()
    await chosen('Больничный лист № 79.pdf', SAMPLES.pdf)
    await remove.waitFor()
    await hr.inspect('a file that is chosen')
    await hr.button(hr.say('acts.recordAbsence.title'), hr.dialog()).click()
    await hr.dialog().waitFor({ state: 'detached' })

    await hr.part('events')
    await hr.page.getByText(hr.say('app.events.content')).first().click()
    const link = hr.page.getByRole('link', { name: 'Больничный лист № 79.pdf' })
    await link.waitFor()
    await hr.inspect('an answer with a file')
    const [download] = await Promise.all([hr.page.waitForEvent('download'), link.click()])
    expect(download.suggestedFilename()).toBe('Больничный лист № 79.pdf')
    expect(readFileSync(await download.path())).toEqual(SAMPLES.pdf)
  })

  test('a comment names a colleague, is shown as text whatever it says, and is withdrawn with a mark', async () => {
    const head = await person('headMinistry')
    await hr.open(`/cases/${caseId}?tab=comments`, hr.name(newcomer.name))
    const typed = '<img src=x onerror="document.title=1"> Спросить '
    const field = hr.page.getByLabel(hr.say('app.comments.text'))
    await field.pressSequentially(`${typed}@`)
    // the @ leads to the list of people
    const people = hr.page.getByRole('combobox', { name: hr.say('app.comments.mention') })
    await people.and(hr.page.locator(':focus')).waitFor()
    await option(hr.name(head.name)).click()
    await hr.inspect('a comment that is written')
    await hr.press(hr.say('app.comments.say'))
    await hr.sees(typed.trim())
    await hr.sees(hr.say('app.comments.told', { people: hr.name(head.name) }))
    expect(await hr.page.title()).not.toBe('1')
    await hr.inspect('comments')
    await hr.press(hr.say('app.comments.withdraw'))
    await hr.sees(hr.say('app.comments.withdrawn'))
    expect(await hr.page.getByText('onerror').count()).toBe(0)
  })

  test('a goal of 2040 in a plan of three months', async () => {
    const who = await as('mentor', locale)
    await who.takeUp(caseId, 'draftAdaptationPlan')
    await who.fill(who.say('fields.goal'), 'Изучить')
    await who.fill(who.say('fields.measure'), 'Зачёт')
    await who.fill(who.say('fields.by'), '2040-01-01')
    await who.sees(who.say('errors.afterEnd'))
    await who.press(`${who.answer('draftAdaptationPlan')}…`)
    await who.page
      .getByRole('alert')
      .filter({ hasText: who.say('fields.by') })
      .waitFor()
    expect(await who.dialog().count()).toBe(0)
    await who.inspect('a goal after the end')
    await who.leave()
  })
})

test('the address of a case whose start is under way says that it is being opened', async () => {
  const { me } = await Person.signedIn(product.baseUrl, 'hrMinistry')
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  const caseId = randomUUID()
  // sent a while from now, so that it stays under way
  await db.sql.run`
    insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", "sentAt", state)
    values (gen_random_uuid(), ${caseId}::uuid, 'start', ${me.person.id}, 'underway', '', '{}'::jsonb, '{}'::jsonb, now(),
            now() + interval '1 hour', 'stored')`
  for (const locale of ['kk', 'ru', 'en'] as const) {
    const hr = await as('hrMinistry', locale)
    await hr.open(`/cases/${caseId}`, hr.say('app.cases.underway'))
    await hr.sees(hr.say('app.command.stored'))
    await hr.inspect('a case that is being opened')
    await hr.leave()
  }
  await db.sql.run`delete from commands where "caseId" = ${caseId}::uuid`
  await db.$disconnect()
})

test('where a rule or a term is changed, it is said what it means and what it may be', async () => {
  for (const locale of ['kk', 'ru', 'en'] as const) {
    const administrator = await as('administrator', locale)
    const rule = administrator.say('rules.probation.mentorServiceMonths')
    await administrator.open(`/rules/${encodeURIComponent('probation.mentorServiceMonths:R5')}`, rule)
    await administrator.sees(administrator.say('app.values.meaning', { meaning: rule }))
    await administrator.sees(administrator.say('app.values.range', { from: '0', to: '600' }))
    await administrator.inspect('a rule that is a number')
    const reader = await Person.signedIn(product.baseUrl, 'administrator')
    const term = `terms/${encodeURIComponent('probation.interimEvery:*')}`
    const { name } = await reader.get<{ name: Name }>(`/api/register/${term}`)
    await administrator.open(`/${term}`, administrator.name(name))
    await administrator.sees(administrator.say('app.values.range', { from: '1', to: '600' }))
    await administrator.leave()
  }
})

test('a case that nothing moves is listed for operators and says on its page why', async () => {
  const { me } = await Person.signedIn(product.baseUrl, 'newcomer')
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  const caseId = (await arrangeCase(db, { body: 'ministryFinance', subject: me.person.id })) as CaseId
  const task = {
    task: randomUUID(),
    kind: 'appointMentor',
    why: 'nobodyHolds',
    role: 'hr',
    body: 'ministryFinance',
    person: null,
  }
  await noteIncident(db.sql, caseId, 'stuck', { tasks: [task], waitsFor: [], circle: [] })
  const { number } = await db.case.findUniqueOrThrow({ where: { id: caseId } })
  const ministry = await db.stateBody.findUniqueOrThrow({ where: { key: 'ministryFinance' } })
  for (const locale of ['kk', 'ru', 'en'] as const) {
    const developer = await as('developer', locale)
    const name = { kk: ministry.nameKk, ru: ministry.nameRu, en: ministry.nameEn }[locale]
    const why = developer.say('app.stuck.nobodyHolds', {
      kind: developer.say('tasks.appointMentor.title'),
      role: developer.say('roles.hr'),
      body: name,
      person: '—',
    })
    await developer.open('/stuck-cases', developer.say('app.menu.stuck'))
    await developer.sees(why)
    await developer.inspect('cases without movement')
    await developer.page.getByRole('link', { name: number }).click()
    await developer.sees(developer.say('app.stuck.sentence'))
    await developer.sees(why)
    await developer.inspect('a case that nothing moves')
    await developer.leave()
  }
  await resolveIncident(db.sql, caseId, 'stuck')
  await db.$disconnect()
})

test('whom a case is about reads on its page who looked at it, in what capacity and at what', async () => {
  const [{ me }, looking] = await Promise.all([
    Person.signedIn(product.baseUrl, 'newcomer'),
    Person.signedIn(product.baseUrl, 'headMinistry'),
  ])
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  const caseId = await arrangeCase(db, { body: 'ministryFinance', subject: me.person.id })
  await db.$disconnect()
  await looking.get(`/api/cases/${caseId}/tasks`)
  for (const locale of ['kk', 'ru', 'en'] as const) {
    const newcomer = await as('newcomer', locale)
    await newcomer.open(`/cases/${caseId}`, newcomer.name(me.person.name))
    await newcomer.part('readers')
    await newcomer.sees(newcomer.say('app.readers.explain'))
    const entry = newcomer.page.getByRole('row', { name: newcomer.name(looking.me.person.name) })
    for (const told of ['roles.head', 'app.readers.doors.tasks', 'app.readers.pieces.course'])
      await entry.getByText(newcomer.say(told)).waitFor()
    await newcomer.inspect('who looked')
    await newcomer.leave()
  }
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
            pathname === '/api/tasks' &&
            searchParams.get('queue') === 'unit' &&
            searchParams.get('after') === after &&
            // the page also looks at what was opened last
            searchParams.get('sort') !== '-openedOn'
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
    const inTable = (id = '') => hr.page.locator('#queue').locator(`a[href*="${id}"]`).first().waitFor()
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

describe('what is typed and not sent', () => {
  const BODY = 'ministryFinance'
  let db: Db
  let caseId: string
  let taskId: string
  /** has a decision, and may be returned instead */
  let agreement: string

  beforeAll(async () => {
    db = createDb(runningIn(dataDir).databaseUrl, 1)
    const personOf = async (user: string) => (await Person.signedIn(product.baseUrl, user)).me.person.id
    const hr = await personOf('hrMinistry')
    caseId = await arrangeCase(db, { body: BODY, subject: await personOf('newcomer') })
    await db.case.update({ where: { id: caseId }, data: { stage: 'planning' } })
    taskId = await arrangeTask(db, caseId, { role: 'hr', body: BODY, state: 'reserved', assignee: hr })
    agreement = await arrangeTask(db, caseId, {
      kind: 'agreeAdaptationPlan',
      person: hr,
      state: 'reserved',
      assignee: hr,
    })
    // somebody else who starts cases of the same body
    const role = { personId: await personOf('supervisor'), bodyKey: BODY, role: 'hr', basis: 'a test' }
    await db.bodyRole.create({ data: { ...role, id: randomUUID(), from: new Date('2020-01-01') } })
  })
  afterAll(async () => {
    await db.bodyRole.deleteMany({ where: { basis: 'a test' } })
    await db.$disconnect()
  })

  /** Opens a form and answers with one of its fields. */
  const FORMS: Record<
    'start' | 'answer' | 'decision' | 'return' | 'question' | 'act',
    (who: Visitor) => Promise<Locator>
  > = {
    start: async (who) => {
      await who.open('/start', who.say('app.start.title'))

      return who.page.getByLabel(who.say('fields.actNumber'))
    },
    answer: async (who) => {
      await who.open(`/tasks/${taskId}`, who.say('tasks.appointMentor.title'))

      return who.page.getByLabel(who.say('fields.order'))
    },
    decision: async (who) => {
      await who.open(`/tasks/${agreement}`, who.say('tasks.agreeAdaptationPlan.title'))

      return who.page.getByLabel(who.say('fields.remarks')).first()
    },
    return: async (who) => {
      await who.open(`/tasks/${agreement}`, who.say('tasks.agreeAdaptationPlan.title'))
      await who.press(`${who.say('app.verbs.return.button')}…`)

      return who.dialog().getByLabel(who.say('app.verbs.remarks'))
    },
    question: async (who) => {
      await who.open(`/tasks/${taskId}`, who.say('tasks.appointMentor.title'))
      await who.press(`${who.say('app.verbs.ask.button')}…`)

      return who.dialog().getByLabel(who.say('app.verbs.question'))
    },
    act: async (who) => {
      await who.open(`/cases/${caseId}`, '')
      await who.press(`${who.say('acts.recordAbsence.title')}…`)

      return who.dialog().getByLabel(who.say('fields.document'))
    },
  }
  /** Waits until a field has this value. */
  const holds = async (field: Locator, value: string): Promise<void> => {
    await field.waitFor()
    await eventually(`the field holds ${value}`, async () => (await field.inputValue()) === value)
  }
  const sees = (who: Visitor, key: string) => who.sees(who.say(key, { at: '' }).trim())
  /** The address of a row of a register, another for each language. */
  const rowOf = async (register: 'terms' | 'roles', locale: Locale): Promise<string> => {
    const administrator = await Person.signedIn(product.baseUrl, 'administrator')
    const { data } = await administrator.get<Page<{ id: string }>>(`/api/register/${register}?perPage=3`)

    return `/${register}/${encodeURIComponent(data[LOCALES.indexOf(locale)]?.id ?? '')}`
  }

  test.each([
    ['kk', ['start', 'answer', 'return']],
    ['ru', ['start', 'act']],
    ['en', ['start', 'question']],
  ] as const)(
    'comes back to the same person in %s after the session has ended, and to nobody else',
    async (locale, forms) => {
      const hr = await as('hrMinistry', locale)
      for (const name of forms) {
        const text = `${locale}-${name} 118-K`
        const field = await FORMS[name](hr)
        await field.waitFor()
        await hr.page.context().clearCookies()
        await field.fill(text)
        await sees(hr, 'app.draft.signedOut')
        await hr.inspect(`${name} after the session has ended`)

        const left = new URL(hr.page.url()).pathname
        await hr.page.reload()
        if (name === 'start') {
          await hr.choosesToBe('supervisor')
          const other = await FORMS.start(hr)
          await holds(other, '')
          await hr.press(hr.say('app.signOut'))
        }
        // back where he was, unless somebody else was here meanwhile
        await hr.choosesToBe('hrMinistry', name === 'start' ? '/' : left)
        await holds(await FORMS[name](hr), text)
        await sees(hr, 'app.draft.restoredHere')
        await hr.inspect(`${name} with what was typed before`)
      }
      const elsewhere = await as('hrMinistry', locale)
      await holds(await FORMS.start(elsewhere), `${locale}-start 118-K`)
      await elsewhere.press(elsewhere.say('app.draft.discard'))
      await holds(elsewhere.page.getByLabel(elsewhere.say('fields.actNumber')), '')
      await Promise.all([hr.leave(), elsewhere.leave()])
    },
  )

  test('is found again on its page by who signs in anew from there, and by nobody who has signed out', async () => {
    const hr = await as('hrMinistry', 'ru')
    const start = '/start?process=probation&body=ministryFinance'
    await hr.open(start, hr.say('app.start.title'))
    const field = hr.page.getByLabel(hr.say('fields.actNumber'))
    await field.waitFor()
    await hr.page.context().clearCookies()
    await field.fill('left 118-K')
    await sees(hr, 'app.draft.signedOut')
    await hr.press(hr.say('app.draft.signIn'))
    // what only the tab had is saved now: the server has it, and its answer comes late
    const LATE_MS = 2_000
    const saved = new Promise<void>((resolve) => {
      void hr.page.route('**/api/drafts/**', async (route) => {
        if (route.request().method() !== 'PUT') return route.continue()
        const response = await route.fetch()
        resolve()
        await new Promise((answer) => setTimeout(answer, LATE_MS))

        return route.fulfill({ response })
      })
    })
    await hr.choosesToBe('hrMinistry', start)
    await holds(field, 'left 118-K')
    await saved
    await hr.press(hr.say('app.draft.discard'))
    await holds(field, '')
    await hr.page.unrouteAll({ behavior: 'ignoreErrors' })

    await hr.press(hr.say('app.signOut'))
    await hr.choosesToBe('hrMinistry')

    // an address of another place is none of the console
    for (const elsewhere of ['//example.org/start', '/\\example.org/start']) {
      await hr.page.context().clearCookies()
      await hr.page.goto(product.baseUrl + elsewhere)
      await hr.choosesToBe('hrMinistry')
    }
    await hr.leave()
  })

  test.each([
    ['kk', '/body-days/create', 'app.fields.reason'],
    ['ru', '/holidays/create', 'app.fields.nameKk'],
    ['en', 'terms', 'app.fields.source'],
  ] as const)(
    'into the forms of a register comes back to the administrator in %s, and goes when the row is saved',
    async (locale, place, named) => {
      const administrator = await as('administrator', locale)
      const { page } = administrator
      const label = (key: string) => page.getByRole('textbox', { name: administrator.say(key) })
      const save = () => administrator.press(administrator.say('app.save'))
      const role = await rowOf('roles', locale)
      const forms = [
        { at: place === 'terms' ? await rowOf('terms', locale) : place, field: named, text: `${locale} order 1` },
        { at: role, field: 'app.fields.basis', text: `${locale} order 2` },
      ]
      for (const { at, field, text } of forms) {
        await page.goto(product.baseUrl + at)
        await label(field).waitFor()
        await page.context().clearCookies()
        await label(field).fill(text)
        await sees(administrator, 'app.draft.signedOut')
        await administrator.inspect(`${at} after the session has ended`)
        await page.reload()
        await administrator.choosesToBe('administrator', at)
        await holds(label(field), text)
        await sees(administrator, 'app.draft.restoredHere')
        await administrator.inspect(`${at} with what was typed before`)
      }
      // a change is saved as it came back, and is a draft no more
      await save()
      await sees(administrator, 'app.registers.saved')
      await holds(label('app.fields.basis'), `${locale} order 2`)
      await sees(administrator, 'app.registers.changes.title')
      await administrator.page
        .getByRole('cell', { name: new RegExp(`→ ${locale} order 2`) })
        .first()
        .waitFor()
      await administrator.inspect('a row with the history of its changes')
      await page.reload()
      await holds(label('app.fields.basis'), `${locale} order 2`)
      expect(await page.getByText(administrator.say('app.draft.discard')).count()).toBe(0)

      // another window, another text
      const other = await as('administrator', locale)
      const inOther = other.page.getByLabel(other.say('app.fields.basis'))
      await other.page.goto(product.baseUrl + role)
      await inOther.waitFor()
      await label('app.fields.basis').fill(`${locale} order 3`)
      await sees(administrator, 'app.draft.saved')
      await inOther.fill(`${locale} order 4`)
      await sees(other, 'app.draft.conflict')
      await other.sees(`${locale} order 3`)
      expect(await other.button(other.say('app.save')).isDisabled()).toBe(true)
      await other.inspect('both texts of a row')
      await other.press(other.say('app.draft.takeOther'))
      await holds(inOther, `${locale} order 3`)

      // the row was changed by somebody else since the draft was saved
      await other.leave()
      await db.bodyRole.updateMany({ where: { basis: `${locale} order 2` }, data: { version: { increment: 1 } } })
      await page.reload()
      await holds(label('app.fields.basis'), `${locale} order 3`)
      await sees(administrator, 'app.registers.stale')
      await administrator.press(administrator.say('app.draft.discard'))
      await holds(label('app.fields.basis'), `${locale} order 2`)
      await administrator.leave()
    },
  )

  test.each(['kk', 'en'] as const)(
    'in two browsers of one person is shown to him twice in %s, and he chooses',
    async (locale) => {
      await db.formDraft.deleteMany()
      const [one, two] = [await as('hrMinistry', locale), await as('hrMinistry', locale)]
      const [inOne, inTwo] = [await FORMS.decision(one), await FORMS.decision(two)]
      await Promise.all([inOne.waitFor(), inTwo.waitFor()])
      await inOne.fill('17-A')
      await sees(one, 'app.draft.saved')

      // the contradiction is heard while the answer is being confirmed
      let confirming = (): void => undefined
      const confirmed = new Promise<void>((resolve) => (confirming = resolve))
      await two.page.route('**/api/drafts/**', (route) => confirmed.then(() => route.continue()))
      await inTwo.fill('18-B')
      await two.press(`${two.answer('agreeAdaptationPlan')}…`)
      await two.dialog().waitFor()
      confirming()
      await two.dialog().waitFor({ state: 'detached' })
      await sees(two, 'app.draft.conflict')
      const shown = (who: Visitor, title: string) =>
        who.page.getByRole('region', { name: who.say(title, { at: '' }).trim() })
      await shown(two, 'app.draft.other').getByText('17-A').waitFor()
      await shown(two, 'app.draft.here').getByText('18-B').waitFor()
      await two.inspect('both texts')
      const buttons = await two.decisions().getByRole('button').all()
      expect(await Promise.all(buttons.map((button) => button.isDisabled()))).toEqual([true, true])
      await two.press(two.say('app.draft.takeOther'))
      await holds(inTwo, '17-A')

      await inTwo.fill('19-C')
      await sees(two, 'app.draft.saved')
      await inOne.fill('20-D')
      await sees(one, 'app.draft.conflict')
      await one.press(one.say('app.draft.keepHere'))
      await sees(one, 'app.draft.saved')
      await holds(inOne, '20-D')
      await holds(await FORMS.decision(two), '20-D')
      await Promise.all([one.leave(), two.leave()])
    },
  )

  test.each([
    ['kk', 'return'],
    ['ru', 'decision'],
  ] as const)(
    'is saved before it is sent in %s, by a %s, and not sent over the text of another window before both are shown',
    async (locale, form) => {
      const send = {
        decision: async (who: Visitor) => {
          const word = who.answer('agreeAdaptationPlan')
          await who.press(`${word}…`)
          await who.button(word, who.dialog()).click()
        },
        return: (who: Visitor) => who.button(who.say('app.verbs.return.button'), who.dialog()).click(),
      }
      await db.formDraft.deleteMany()
      const [one, two] = [await as('hrMinistry', locale), await as('hrMinistry', locale)]
      const inTwo = await FORMS[form](two)
      await inTwo.waitFor()
      await (await FORMS[form](one)).fill('31-A')
      await sees(one, 'app.draft.saved')

      const heard: string[] = []
      let saving = (): void => undefined
      const hold = () => new Promise<void>((resolve) => (saving = resolve))
      let held = hold()
      await two.page.route('**/api/drafts/**', async (route) => {
        await held
        const answer = await route.fetch()
        heard.push(`draft ${String(answer.status())}`)
        await route.fulfill({ response: answer })
      })
      await two.page.route(/\/api\/tasks\/[^/]+\/(complete|return)$/, async (route) => {
        heard.push('sent')
        await route.fulfill({ status: 503 })
      })
      await inTwo.fill('32-B')
      await send[form](two)
      saving()
      await sees(two, 'app.draft.conflict')
      for (const text of ['31-A', '32-B']) await two.page.getByRole('alert').getByText(text).waitFor()
      expect({ form, heard }).toEqual({ form, heard: ['draft 412'] })

      await two.press(two.say('app.draft.keepHere'))
      await sees(two, 'app.draft.saved')
      held = hold()
      heard.length = 0
      await inTwo.fill('33-C')
      await send[form](two)
      saving()
      await eventually('it is sent', () => Promise.resolve(heard.includes('sent')))
      expect({ form, heard }).toEqual({ form, heard: ['draft 200', 'sent'] })
      await Promise.all([one.leave(), two.leave()])
    },
  )
})

describe('a list of people', () => {
  const SURNAMES = ['Ершов', 'Ёлкин', 'Егоров']
  beforeAll(async () => {
    const db = createDb(runningIn(dataDir).databaseUrl, 1)
    await db.person.createMany({
      data: SURNAMES.map((surname) => ({
        id: randomUUID(),
        surnameKk: surname,
        surnameRu: surname,
        surnameEn: surname,
        givenKk: 'Тізімжан',
        givenRu: 'Тізімжан',
        givenEn: 'Tizimzhan',
        sex: 'm',
        birthDate: new Date('1990-01-01'),
      })),
    })
    await db.$disconnect()
  })

  test('is in the order of the language shown, and in another as soon as the language is', async () => {
    // people without a post are of no body: the Agency is shown them
    const officer = await as('agencyOfficer', 'kk')
    const line = (n: number, surname: string) =>
      officer.page.getByRole('rowheader').nth(n).filter({ hasText: surname }).waitFor()
    await officer.open('/people', officer.say('app.registers.people.title'))
    await officer.page.getByRole('searchbox', { name: officer.say('app.search') }).fill(' тізімжан \u200b')
    // in Kazakh Ё is a letter of its own, after Е; in Russian it is Е
    for (const [n, surname] of ['Егоров', 'Ершов', 'Ёлкин'].entries()) await line(n, surname)
    await officer.press('Русский')
    await officer.page.locator('html[lang="ru"]').waitFor()
    for (const [n, surname] of ['Егоров', 'Ёлкин', 'Ершов'].entries()) await line(n, surname)
    await officer.leave()
  })
})

test('a column of a register may be ordered only if its lines then stand in the order of what is read in it', async () => {
  const reader = await as('administrator', 'ru')
  const { compare } = new Intl.Collator('ru', { numeric: true })
  const tried: string[] = []
  /** in the order of time, whatever their words are */
  const ofTime = ['regime', 'from', 'date'].map((field) => reader.say(`app.fields.${field}`))
  for (const register of [
    'bodies',
    'units',
    'positions',
    'people',
    'roles',
    'regimes',
    'rules',
    'terms',
    'categories',
    'regions',
    'holidays',
  ]) {
    await reader.open(`/${register}`, reader.say(`app.registers.${register}.title`))
    const heads = reader.page.getByRole('columnheader')
    await reader.page.getByRole('rowheader').first().waitFor()
    for (const [n, label] of (await heads.allInnerTexts()).entries()) {
      const head = heads.nth(n)
      const title = label.split('\n')[0] ?? ''
      const order = head.getByRole('button')
      if ((await order.count()) === 0 || ofTime.some((each) => title.startsWith(each))) continue
      const orderIs = () => head.getAttribute('aria-sort')
      // a click before the one before has been followed would turn the order round once more
      for (let before = await orderIs(); before !== 'ascending'; before = await orderIs()) {
        await order.click()
        await eventually('another order is shown', async () => (await orderIs()) !== before)
      }
      const shown = await eventually('its lines have come', async () => {
        const cells = await reader.page.locator(`tbody tr > :nth-child(${String(n + 1)})`).allInnerTexts()

        return [...cells].sort(compare).join() === cells.join() ? cells : null
      }).catch((error: unknown) => Promise.reject(new Error(`${register}: ${title}`, { cause: error })))
      tried.push(`${register} ${title} ${String(shown.length)}`)
    }
  }
  expect(tried.length).toBeGreaterThan(10)
  await reader.leave()
})

test.each(['kk', 'ru', 'en'] as const)(
  'a choice of people says in %s that there are more than it shows, and finds them as their name is typed',
  async (locale) => {
    const administrator = await as('administrator', locale)
    const { get } = await Person.signedIn(product.baseUrl, 'administrator')
    const last = await get<Page<{ name: Name }>>(`/api/register/people?sort=-name.${locale}&perPage=1`)
    const name = administrator.name(last.data[0]?.name ?? { kk: '', ru: '', en: '' })
    const more = administrator.page.getByText(administrator.say('app.form.more'))
    const option = (of: string) => administrator.page.getByRole('option', { name: of })
    await administrator.page.goto(`${product.baseUrl}/roles/create`)
    const field = administrator.page.getByRole('combobox', { name: administrator.say('app.fields.person') })
    await field.click()
    await option('').first().waitFor()
    await more.waitFor()
    expect(await option(name).count()).toBe(0)
    await administrator.inspect('a choice that shows some of many')
    await field.fill(name)
    await option(name).first().waitFor()
    await more.waitFor({ state: 'detached' })
    await administrator.leave()
  },
)

describe('what a button does is said before it is done', () => {
  const BODY = 'ministryFinance'
  const AGENCY = 'civilServiceAgency'
  let db: Db
  let newcomer: Newcomer
  let caseId: string
  /** tasks that nobody sends: of each kind one, and of the head one in hand and one that has waited too long */
  const tasks = { agreeDismissal: '', reconsider: '', agreeAdaptationPlan: '', acknowledge: '', late: '', own: '' }
  const day = (days: number) => new Date(Date.now() + days * 86_400_000)

  beforeAll(async () => {
    const idOf = async (login: string) => (await Person.signedIn(product.baseUrl, login)).me.person.id
    const [servant, supervisor, head, agency] = await Promise.all(
      ['newcomer', 'supervisor', 'headMinistry', 'agencyOfficer'].map(idOf),
    )
    newcomer = await person('newcomer')
    db = createDb(runningIn(dataDir).databaseUrl, 1)
    caseId = await arrangeCase(db, { body: BODY, subject: servant ?? '', parties: { supervisor: supervisor ?? '' } })
    const reserved = (kind: string, of: { role: string; body: string } | { person: string }, assignee = '') =>
      arrangeTask(db, caseId, { kind, state: 'reserved', assignee, ...of })
    const due = (id: string, days: number) => {
      const on = day(days)

      return db.task.update({
        where: { id },
        data: { dueAt: on, dueOn: on, due: { on: on.toISOString().slice(0, 10), steps: [] } },
      })
    }
    tasks.agreeDismissal = await reserved('agreeDismissal', { role: 'agency', body: AGENCY }, agency)
    tasks.reconsider = await reserved('reconsider', { role: 'agency', body: AGENCY }, agency)
    tasks.agreeAdaptationPlan = await reserved('agreeAdaptationPlan', { person: supervisor ?? '' }, supervisor)
    tasks.acknowledge = await reserved('acknowledge', { person: servant ?? '' }, servant)
    tasks.own = await reserved('decideDismissal', { role: 'head', body: BODY }, head)
    tasks.late = await arrangeTask(db, caseId, { kind: 'decideExtension', role: 'head', body: BODY })
    await due(tasks.own, 10)
    await due(tasks.late, -2)
  })
  afterAll(() => db.$disconnect())

  const stateOf = async (id: string) => (await db.task.findUniqueOrThrow({ where: { id } })).state

  describe.each(['kk', 'ru', 'en'] as const)('in %s', (locale) => {
    test('the inbox opens on what waits for the person, the overdue first, and the menu counts it', async () => {
      const head = await as('headMinistry', locale)
      const opens = async () => {
        await head.page.getByRole('tab', { name: head.say('app.tasks.queues.todo'), selected: true }).waitFor()
        const rows = head.page.locator('#queue').getByRole('listitem').getByRole('link')
        await rows.first().waitFor()
        const addresses = await Promise.all((await rows.all()).map((row) => row.getAttribute('href')))
        expect(addresses).toEqual([`/tasks/${tasks.late}`, `/tasks/${tasks.own}`])
      }
      const menu = head.page.getByRole('link', { name: `${head.say('app.menu.tasks')} (2)`, exact: true })
      await head.open('/tasks', head.say('app.tasks.title'))
      await opens()
      await head.sees(head.say('app.tasks.overdue'))
      await menu.waitFor()
      await head.inspect('inbox with an overdue decision')
      // what was looked at last is not where one lands
      await head.page.getByRole('tab', { name: head.say('app.tasks.queues.done') }).click()
      await head.sees(head.say('app.inbox.empty.done'))
      await menu.click()
      await opens()
      await head.leave()
    })

    test('a refusal is a button of its own, repeated with all that goes on record; closing the dialog sends nothing', async () => {
      const officer = await as('agencyOfficer', locale)
      const refuse = officer.answer('agreeDismissal', 'refuse')
      await officer.open(`/tasks/${tasks.agreeDismissal}`, officer.say('tasks.agreeDismissal.title'))
      await officer.decisions().waitFor()
      expect(await officer.buttonsOf(officer.decisions())).toEqual([
        `${officer.answer('agreeDismissal', 'agree')}…`,
        `${refuse}…`,
      ])
      expect(await officer.page.getByRole('radio').count()).toBe(0)

      // as a draft, what was typed in one language is there in the next
      await officer.fill(officer.say('fields.grounds'), '')
      await officer.press(`${refuse}…`)
      await officer.sees(officer.say('app.form.required'))
      expect(await officer.dialog().count()).toBe(0)

      const grounds = Array.from({ length: 60 }, (_, n) => `${String(n + 1)}. ${TYPED[locale].remarks}.`)
      await officer.fill(officer.say('fields.grounds'), grounds.join('\n'))
      await officer.press(`${refuse}…`)
      await officer.dialog().waitFor()
      expect(await officer.buttonsOf(officer.dialog())).toEqual([officer.say('app.dismiss'), refuse])
      const told = await officer.dialog().innerText()
      for (const part of [
        officer.say('tasks.agreeDismissal.choices.refuse.record'),
        officer.name(newcomer.name),
        officer.say('fields.decision'),
        officer.say('options.decision.refuse'),
        officer.say('fields.grounds'),
        ...grounds,
      ])
        expect(told).toContain(part)
      await officer.inspect('refusal before it is sent')
      await officer.dismiss()
      expect(await stateOf(tasks.agreeDismissal)).toBe('reserved')

      await officer.open(`/tasks/${tasks.reconsider}`, officer.say('tasks.reconsider.title'))
      await officer.decisions().waitFor()
      expect(await officer.buttonsOf(officer.decisions())).toEqual([
        `${officer.answer('reconsider', 'stands')}…`,
        `${officer.answer('reconsider', 'changed')}…`,
      ])
      await officer.leave()
    })

    test('remarks beside an agreement are said to send nothing back, and a return takes them along', async () => {
      const supervisor = await as('supervisor', locale)
      const agree = supervisor.answer('agreeAdaptationPlan')
      const back = supervisor.say('app.verbs.return.button')
      const { remarks } = TYPED[locale]
      await supervisor.open(`/tasks/${tasks.agreeAdaptationPlan}`, supervisor.say('tasks.agreeAdaptationPlan.title'))
      await supervisor.decisions().waitFor()
      expect(await supervisor.buttonsOf(supervisor.decisions())).toEqual([`${agree}…`, `${back}…`])
      await supervisor.sees(supervisor.say('app.tasks.decides', { return: back }))
      await supervisor.sees(supervisor.say('hints.remarks'))
      await supervisor.seen('agreement')
      await supervisor.fill(supervisor.say('fields.remarks'), remarks)
      await supervisor.press(`${agree}…`)
      await supervisor.dialog().waitFor()
      expect(await supervisor.buttonsOf(supervisor.dialog())).toEqual([supervisor.say('app.dismiss'), agree])
      const told = await supervisor.dialog().innerText()
      for (const part of [
        supervisor.say('tasks.agreeAdaptationPlan.record'),
        supervisor.say('tasks.agreeAdaptationPlan.consequence'),
        supervisor.say('fields.remarks'),
        remarks,
        supervisor.say('app.tasks.notReturned', { return: back }),
      ])
        expect(told).toContain(part)
      await supervisor.inspect('agreement before it is sent')
      await supervisor.dismiss()

      await supervisor.press(`${back}…`)
      await supervisor.dialog().waitFor()
      expect(await supervisor.buttonsOf(supervisor.dialog())).toEqual([supervisor.say('app.dismiss'), back])
      expect(await supervisor.dialog().getByLabel(supervisor.say('app.verbs.remarks')).inputValue()).toBe(remarks)
      await supervisor.dismiss()
      expect(await stateOf(tasks.agreeAdaptationPlan)).toBe('reserved')
      await supervisor.leave()
    })

    test('what is left empty is on record as empty', async () => {
      const servant = await as('newcomer', locale)
      await servant.open(`/tasks/${tasks.acknowledge}`, servant.say('tasks.acknowledge.title'))
      await servant.press(`${servant.answer('acknowledge')}…`)
      await servant.dialog().waitFor()
      expect(await servant.dialog().innerText()).toMatch(new RegExp(`${servant.say('fields.objections')}\\s*—`))
      await servant.leave()
    })

    test('an act and a removal are named by their buttons, apart from the button that changes nothing', async () => {
      const head = await as('headMinistry', locale)
      const cancel = head.say('acts.cancel.title')
      await head.open(`/cases/${caseId}`, head.name(newcomer.name))
      await head.press(`${cancel}…`)
      await head.dialog().waitFor()
      expect(await head.buttonsOf(head.dialog())).toEqual([head.say('app.dismiss'), cancel])
      await head.inspect('act that ends the case')
      await head.dismiss()
      await head.leave()

      const administrator = await as('administrator', locale)
      const remove = administrator.say('app.registers.remove')
      const holidays = await (
        await Person.signedIn(product.baseUrl, 'administrator')
      ).get<Page<{ id: string }>>('/api/register/holidays?perPage=1')
      await administrator.page.goto(`${product.baseUrl}/holidays/${holidays.data[0]?.id ?? ''}`)
      await administrator.press(remove)
      await administrator.dialog().waitFor()
      expect(await administrator.buttonsOf(administrator.dialog())).toEqual([
        administrator.say('app.registers.keep'),
        remove,
      ])
      await administrator.inspect('removal of a row')
      await administrator.leave()
    })
  })
})
