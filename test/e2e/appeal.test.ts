/** The appeal of a dismissal from the page of its decision to the ruling, in a browser: done in Russian, looked at in each language, with axe. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Locator } from 'playwright-core'
import type { CaseDetail, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { createDb, type Db } from '../../prisma/store/db'
import { agencyOf } from '../../prisma/store/service'
import { freePort } from '../../scripts/processes'
import { runningIn } from '../../scripts/running'
import { Person } from '../../scripts/walk'
import { LOCALES, type BodyKey, type Locale } from '../../workflows/kernel/contract'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import { readWords, wordsAt } from '../../workflows/words'
import { launchBrowser } from '../support/chromium'
import { eventually } from '../support/eventually'
import { startProduct, type RunningProduct } from '../support/product'
import { pdfWith } from '../support/sample-files'
import { Visitor } from './visitor'

jest.setTimeout(300_000)

const words = readWords()
const SPOKEN: Locale = 'ru'
const MEMBERS = ['member0', 'member1', 'member2'] as const
const SECRETARY = 'secretary'
/** who votes before the others, by the language in which he reads */
const VOTES: Readonly<Record<Locale, (typeof MEMBERS)[number]>> = { ru: 'member0', kk: 'member1', en: 'member2' }
const GROUNDS = 'Индивидуальный план выполнен полностью, заключение наставника положительное.'
const FILES = ['Отчёт о выполнении плана.pdf', 'Заключение наставника.pdf'] as const

const said = (locale: Locale, key: string): string => {
  const found = wordsAt(words, locale, 'appeal', key)
  if (found === null) throw new Error(`no words for ${key} in ${locale}`)

  return found
}
let dataDir: string
let product: RunningProduct
let browser: Browser
let db: Db
let dismissed: string
let appealed = ''

const signedIn = (user: string) => Person.signedIn(product.baseUrl, user)
const as = (user: string, locale: Locale) => Visitor.signedIn(browser, product.baseUrl, locale, user)

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mansap-appeal-'))
  chmodSync(dataDir, 0o755)
  ;[product, browser] = await Promise.all([startProduct({ dataDir, port: await freePort() }), launchBrowser()])
  db = createDb(runningIn(dataDir).databaseUrl, 1)
  await accountsOfHearers()
  dismissed = await arrangeDismissal()
})
afterAll(async () => {
  await db.$disconnect()
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
})

/** Accounts for people of the Agency who agreed to nothing: one with its office, and three without any. */
async function accountsOfHearers(): Promise<void> {
  const body = await agencyOf(db, 'ministryFinance' as BodyKey)
  const known = (await db.account.findMany({ where: { demoAs: { not: null } } })).map(({ personId }) => personId)
  const office = await db.bodyRole.findFirstOrThrow({
    where: { role: 'agency', bodyKey: body, to: null, personId: { notIn: known } },
    orderBy: { personId: 'asc' },
  })
  const officials = (await db.bodyRole.findMany({ select: { personId: true } })).map(({ personId }) => personId)
  const others = await db.post.findMany({
    where: {
      to: null,
      from: { lt: new Date('2026-01-01') },
      position: { bodyKey: body },
      personId: { notIn: [...known, ...officials] },
    },
    include: { person: { include: { posts: true } } },
    orderBy: { id: 'asc' },
  })
  // whoever has a namesake is not found by his name alone; one who came or served elsewhere may be of another body on the day of the case
  const named = await db.person.groupBy({ by: ['surnameRu', 'givenRu'], having: { id: { _count: { equals: 1 } } } })
  const single = new Set(named.map(({ surnameRu, givenRu }) => `${surnameRu} ${givenRu}`))
  const members = others.filter(
    ({ person }) => person.posts.length === 1 && single.has(`${person.surnameRu} ${person.givenRu}`),
  )
  await db.account.createMany({
    data: [
      { id: SECRETARY, personId: office.personId, demoAs: 'agencyOfficer' },
      ...members
        .slice(0, MEMBERS.length)
        .map(({ personId }, i) => ({ id: `member${String(i)}`, personId, demoAs: 'mentor' })),
    ],
  })
}

const numberOf = async (id: string): Promise<string> =>
  (await (await signedIn('newcomer')).get<CaseDetail>(`/api/cases/${id}`)).number

const tasksOf = async (by: Person, id: string) =>
  (await by.get<Page<TaskView>>(`/api/cases/${id}/tasks?perPage=100`).catch(() => ({ data: [] }))).data

/** The appeal has such a task. */
const isAsked = (kind: string) =>
  eventually(`${kind} is asked`, () => db.task.findFirst({ where: { caseId: appealed, kind } }))

/** The open task of that kind, answered by whoever it is for. */
async function answers(user: string, id: string, kind: string, form: object): Promise<void> {
  const by = await signedIn(user)
  const task = await eventually(`${kind} is asked`, async () =>
    (await tasksOf(by, id)).find(
      (each) => each.kind === kind && ['ready', 'reserved', 'inProgress'].includes(each.state),
    ),
  )
  if (task.state === 'ready') await by.claim(task)
  const { version } = await by.get<TaskDetail>(`/api/tasks/${task.id}`)
  await by.send('POST', `/api/tasks/${task.id}/complete`, { version, form })
}

/** Lets the clock run on until that holds of the case. */
async function runsUntil(id: string, holds: (file: CaseDetail) => boolean): Promise<void> {
  const hr = await signedIn('hrMinistry')
  for (let stop = 0; stop < 40; stop += 1) {
    const file = await hr.get<CaseDetail>(`/api/cases/${id}`)
    if (holds(file)) return
    const check = (await tasksOf(hr, id)).some(({ kind, state }) => kind === 'interimCheck' && state === 'reserved')
    if (check)
      await answers('mentor', id, 'interimCheck', {
        goals: [
          { number: 1, verdict: 'met', remark: 'Done.' },
          { number: 2, verdict: 'inHand', remark: 'Under way.' },
        ],
      })
    else await hr.send('POST', `/api/cases/${id}/acts/advance`, { step: file.step, form: {} })
  }
  throw new Error('the clock ran on without an end')
}

/** A rehearsed probation of the newcomer, whom the head dismissed with the consent of the Agency, and who was told of it. */
async function arrangeDismissal(): Promise<string> {
  const [hr, servant, mentor] = await Promise.all(['hrMinistry', 'newcomer', 'mentor'].map(signedIn))
  if (!hr || !servant || !mentor) throw new Error('people are missing')
  const person = servant.me.person.id
  const { post } = await hr.get<{ post: { from: string; position: { id: string } } }>(`/api/register/people/${person}`)
  const from = isoDate(post.from)
  const started = await hr.send<{ caseId: string }>('POST', '/api/processes/probation/cases', {
    form: { person, position: post.position.id, appointedOn: from, actNumber: '118-K', actDate: from },
    rehearsal: { set: 'appeal', origin: from, speed: 0 },
  })
  const id = started.caseId
  await answers('hrMinistry', id, 'appointMentor', { mentor: mentor.me.person.id, order: '12-K' })
  await answers('mentor', id, 'draftAdaptationPlan', {
    goals: [
      { goal: 'Learn the order of document flow', measure: 'Test passed', by: addDays(from, 30) },
      { goal: 'Prepare a draft order', measure: 'Draft accepted', by: addDays(from, 60) },
    ],
  })
  await answers('supervisor', id, 'agreeAdaptationPlan', {})
  await answers('newcomer', id, 'acknowledge', {})
  const reviewed = async (stage: string) => {
    await runsUntil(id, (file) => file.stage === stage)
    await answers('mentor', id, 'mentorOpinion', { recommends: 'satisfactory', opinion: 'There is progress.' })
    await answers('supervisor', id, 'reviewProbation', {
      result: 'unsatisfactory',
      goals: [
        { number: 1, verdict: 'met', remark: 'Done.' },
        { number: 2, verdict: 'missed', remark: 'Not done.' },
      ],
      grounds: 'The second goal was not reached.',
    })
  }
  await reviewed('reviewDue')
  await answers('headMinistry', id, 'decideExtension', { decision: 'extend', grounds: 'One more chance.' })
  await reviewed('secondReview')
  await answers('headMinistry', id, 'decideDismissal', { decision: 'propose', grounds: 'The plan was not fulfilled.' })
  await answers('agencyOfficer', id, 'agreeDismissal', { decision: 'agree', grounds: 'The grounds are shown.' })
  await answers('newcomer', id, 'acknowledge', {})
  await runsUntil(id, (file) => file.outcome === 'dismissed')
  const { today: to } = await hr.get<CaseDetail>(`/api/cases/${id}`)
  await hr.send('POST', '/api/rehearsals/ministryFinance/appeal/advance', { to })

  return id
}

/** Inspects the page; `SHOTS=<folder>` keeps what the browser showed. */
async function seen(visitor: Visitor, place: string): Promise<void> {
  const folder = process.env['SHOTS']
  if (folder) {
    mkdirSync(folder, { recursive: true })
    await visitor.page.screenshot({ path: path.join(folder, `${place}-${visitor.locale}.png`), fullPage: true })
  }
  await visitor.inspect(place)
}

const goTo = (visitor: Visitor, address: string) => visitor.page.goto(`${product.baseUrl}${address}`)

/** From the case to its open task of that kind, claimed if nobody has it. */
async function takesUp(visitor: Visitor, kind: string): Promise<void> {
  const title = said(visitor.locale, `tasks.${kind}.title`)
  await goTo(visitor, `/cases/${appealed}`)
  await visitor.page.getByRole('link', { name: title }).first().click()
  await visitor.heading(title)
  const claim = visitor.button(visitor.say('app.verbs.claim.button'))
  await claim.or(visitor.decisions()).first().waitFor()
  if (await claim.isVisible()) await claim.click()
  await visitor.decisions().waitFor()
}

/** Sends the answer on the page and confirms it. */
async function answersBy(visitor: Visitor, button: string): Promise<void> {
  await visitor.press(`${button}…`)
  await visitor.button(button, visitor.dialog()).click()
  await visitor.dialog().waitFor({ state: 'detached' })
}

/** Does it in Kazakh and English, where nothing is sent, and then in the language in which the journey is made. */
async function inEach(user: string, look: (visitor: Visitor) => Promise<void>): Promise<Visitor> {
  for (const locale of LOCALES.filter((each) => each !== SPOKEN)) {
    const visitor = await as(user, locale)
    await look(visitor)
    await visitor.leave()
  }
  const visitor = await as(user, SPOKEN)
  await look(visitor)

  return visitor
}

const toAppeal = (visitor: Visitor): Locator =>
  visitor.page.getByRole('link', { name: visitor.say('app.decisions.mayAppeal'), exact: true })
const addsEntry = (visitor: Visitor, label: string) =>
  visitor.press(visitor.say('app.form.add', { label })).then(() => undefined)
const entry = (visitor: Visitor, label: string, n: number) => visitor.say('app.form.entry', { label, n: String(n) })

test('the decision leads whom it concerns to the form that names it, and the appeal is sent with its grounds and two files', async () => {
  const servant = await inEach('newcomer', async (visitor) => {
    await goTo(visitor, `/cases/${dismissed}`)
    await visitor.heading(visitor.say('app.decisions.title'), 2)
    await toAppeal(visitor).waitFor()
    await seen(visitor, 'appealable')
    await toAppeal(visitor).click()
    await visitor.heading(said(visitor.locale, 'start.title'), 2)
    await visitor.page
      .getByRole('radio', { name: said(visitor.locale, 'options.document.dismissalAct') })
      .and(visitor.page.locator(':checked'))
      .waitFor()
    await seen(visitor, 'start')
  })
  const papers = said(SPOKEN, 'fields.papers')
  const number = await numberOf(dismissed)
  const chosen = servant.page.getByRole('combobox', { name: said(SPOKEN, 'fields.case') })
  await eventually('the case is named', async () => (await chosen.inputValue()).includes(number))
  await servant.page.getByRole('radio', { name: said(SPOKEN, 'options.asks.cancel') }).check()
  await servant.fill(said(SPOKEN, 'fields.grounds'), GROUNDS)
  for (const [i, name] of FILES.entries()) {
    await addsEntry(servant, papers)
    await servant.page
      .locator('input[type=file]')
      .last()
      .setInputFiles({ name, mimeType: 'application/pdf', buffer: pdfWith(name) })
    const label = entry(servant, papers, i + 1)
    await servant.button(servant.say('app.form.remove', { label })).first().waitFor()
    await servant.page.getByRole('link', { name }).waitFor()
  }
  await seen(servant, 'start-filled')
  await servant.page.getByRole('button', { name: said(SPOKEN, 'start.title') }).click()
  await servant.page.waitForURL(/\/cases\/[0-9a-f-]+$/)
  appealed = new URL(servant.page.url()).pathname.split('/').at(-1) ?? ''
  await servant.leave()
  const back = await inEach('newcomer', async (visitor) => {
    await goTo(visitor, `/cases/${dismissed}`)
    await visitor.sees(new RegExp(visitor.say('app.decisions.underAppeal', { date: '.+' })))
    expect(await toAppeal(visitor).count()).toBe(0)
    await seen(visitor, 'under-appeal')
  })
  await back.leave()
})

test('the Agency names the commission', async () => {
  if (appealed === '') throw new Error('nothing was appealed')
  await answers('hrMinistry', appealed, 'giveObjections', { objections: 'План не выполнен.' })
  const secretary = await inEach(SECRETARY, async (visitor) => {
    await takesUp(visitor, 'prepare')
    await visitor.sees(GROUNDS)
    await seen(visitor, 'prepare')
  })
  const members = said(SPOKEN, 'fields.members')
  const names = await Promise.all(MEMBERS.map(async (user) => secretary.name((await signedIn(user)).me.person.name)))
  await secretary.choose(said(SPOKEN, 'fields.chair'), names[0] ?? '')
  for (const [i, name] of names.entries()) {
    const field = secretary.page.getByRole('combobox', { name: entry(secretary, members, i + 1) })
    if ((await field.count()) === 0) await addsEntry(secretary, members)
    await secretary.choose(entry(secretary, members, i + 1), name)
  }
  await seen(secretary, 'prepare-filled')
  await answersBy(secretary, said(SPOKEN, 'tasks.prepare.button'))
  await isAsked('voteOnAppeal')
  await secretary.leave()
})

test.each(LOCALES)(
  'a member finds on the page of the sitting what is appealed, the grounds and both files, and votes, in %s',
  async (locale) => {
    const member = await as(VOTES[locale], locale)
    // the list of tasks leaves rehearsals out
    await goTo(member, `/cases/${appealed}`)
    await member.page
      .getByRole('link', { name: said(locale, 'tasks.voteOnAppeal.title') })
      .first()
      .click()
    await member.page.getByRole('link', { name: member.say('app.commission.open') }).click()
    await member.heading(member.say('app.commission.sitting'), 2)
    await member.sees(GROUNDS)
    await member.sees('План не выполнен.')
    await member.sees(said(locale, 'options.document.dismissalAct'))
    const links: Locator[] = FILES.map((name) => member.page.getByRole('link', { name }).first())
    for (const link of links) await link.waitFor()
    await seen(member, 'sitting')
    await member.page
      .getByRole('link', { name: member.say('app.cases.otherCase', { number: await numberOf(dismissed) }) })
      .click()
    await member.heading(member.say('app.decisions.title'), 2)
    const act = wordsAt(words, locale, 'probation', 'documents.dismissalAct.title') ?? ''
    await member.page.getByRole('link', { name: act }).first().waitFor()
    await seen(member, 'appealed')
    await member.page.goBack()
    await member.heading(member.say('app.commission.sitting'), 2)
    await answersBy(member, said(locale, 'tasks.voteOnAppeal.choices.cancel.button'))
    await member.leave()
  },
)

test('the chair finds the grounds beside the form of the ruling', async () => {
  await isAsked('writeRuling')
  const chair = await inEach('member0', async (visitor) => {
    await takesUp(visitor, 'writeRuling')
    await visitor.sees(GROUNDS)
    await seen(visitor, 'ruling')
  })
  await chair.leave()
})
