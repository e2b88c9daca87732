/**
 * The appeal of a dismissal in a browser, from the page of its decision to the ruling and the annulment, as each of those concerned reads
 * it: done in Russian, looked at in each language, with axe.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
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
const RULED = 'Довод о невыполнении плана опровергнут приложенными документами.'
const FILES = ['Отчёт о выполнении плана.pdf', 'Заключение наставника.pdf'] as const

const said = (locale: Locale, key: string): string => {
  const found = wordsAt(words, locale, 'appeal', key)
  if (found === null) throw new Error(`no words for ${key} in ${locale}`)

  return found
}
/** what the dismissal is called in the words of its own process */
const dismissalAct = (locale: Locale): string =>
  wordsAt(words, locale, 'probation', 'documents.dismissalAct.title') ?? ''

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
  const decided = await eventually('the dismissal is delivered', async () => {
    const { decisions } = await hr.get<CaseDetail>(`/api/cases/${id}`)

    return decisions.find(({ deliveredOn }) => deliveredOn !== null)
  })
  // the whole set is moved, so that the appeal begins after it
  await hr.send('POST', '/api/rehearsals/ministryFinance/appeal/advance', { to: decided.effectiveFrom })
  await eventually('he is dismissed', async () => {
    const { outcome } = await hr.get<CaseDetail>(`/api/cases/${id}`)

    return outcome === 'dismissed'
  })

  return id
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

/** Sends the answer on the page, confirms it, and is told that it was taken: the dialog closes before it is sent. */
async function answersBy(visitor: Visitor, kind: string, button: string): Promise<void> {
  await visitor.press(`${button}…`)
  await visitor.button(button, visitor.dialog()).click()
  await visitor.sees(said(visitor.locale, `tasks.${kind}.done`))
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
    await visitor.seen('appealable')
    await toAppeal(visitor).click()
    await visitor.heading(said(visitor.locale, 'start.title'), 2)
    await visitor.page
      .getByRole('radio', { name: said(visitor.locale, 'options.document.dismissalAct') })
      .and(visitor.page.locator(':checked'))
      .waitFor()
    await visitor.seen('start')
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
  await servant.seen('start-filled')
  await servant.page.getByRole('button', { name: said(SPOKEN, 'start.title') }).click()
  await servant.page.waitForURL(/\/cases\/[0-9a-f-]+$/)
  appealed = new URL(servant.page.url()).pathname.split('/').at(-1) ?? ''
  await servant.leave()
  const back = await inEach('newcomer', async (visitor) => {
    await goTo(visitor, `/cases/${dismissed}`)
    await visitor.sees(new RegExp(visitor.say('app.decisions.underAppeal', { date: '.+' })))
    expect(await toAppeal(visitor).count()).toBe(0)
    await visitor.seen('under-appeal')
  })
  await back.leave()
})

test('the Agency names the commission', async () => {
  if (appealed === '') throw new Error('nothing was appealed')
  await answers('hrMinistry', appealed, 'giveObjections', { objections: 'План не выполнен.' })
  const secretary = await inEach(SECRETARY, async (visitor) => {
    await takesUp(visitor, 'prepare')
    await visitor.sees(GROUNDS)
    await visitor.seen('prepare')
  })
  const members = said(SPOKEN, 'fields.members')
  const names = await Promise.all(MEMBERS.map(async (user) => secretary.name((await signedIn(user)).me.person.name)))
  await secretary.choose(said(SPOKEN, 'fields.chair'), names[0] ?? '')
  for (const [i, name] of names.entries()) {
    const field = secretary.page.getByRole('combobox', { name: entry(secretary, members, i + 1) })
    if ((await field.count()) === 0) await addsEntry(secretary, members)
    await secretary.choose(entry(secretary, members, i + 1), name)
  }
  await secretary.seen('prepare-filled')
  await answersBy(secretary, 'prepare', said(SPOKEN, 'tasks.prepare.button'))
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
    await member.seen('sitting')
    await member.page
      .getByRole('link', { name: member.say('app.cases.otherCase', { number: await numberOf(dismissed) }) })
      .click()
    await member.heading(member.say('app.decisions.title'), 2)
    const act = wordsAt(words, locale, 'probation', 'documents.dismissalAct.title') ?? ''
    await member.page.getByRole('link', { name: act }).first().waitFor()
    await member.seen('appealed')
    await member.page.goBack()
    await member.heading(member.say('app.commission.sitting'), 2)
    await answersBy(member, 'voteOnAppeal', said(locale, 'tasks.voteOnAppeal.choices.cancel.button'))
    await member.leave()
  },
)

test('the chair writes the ruling', async () => {
  await isAsked('writeRuling')
  const chair = await inEach('member0', async (visitor) => {
    await takesUp(visitor, 'writeRuling')
    await visitor.sees(GROUNDS)
    // votes of several people are none that replace each other
    const votes = visitor.page.getByRole('heading', {
      level: 3,
      name: said(visitor.locale, 'tasks.voteOnAppeal.title'),
    })
    await votes.first().waitFor()
    expect(await votes.count()).toBe(MEMBERS.length)
    // what is appealed is his to see while he hears it
    await visitor.page.locator(`a[href*="${dismissed}"]`).first().waitFor()
    await visitor.seen('ruling')
  })
  await chair.fill(said(SPOKEN, 'fields.grounds'), RULED)
  await answersBy(chair, 'writeRuling', said(SPOKEN, 'tasks.writeRuling.button'))
  await chair.leave()
})

test('the servant is told of the ruling, and his dismissal is annulled by one effect', async () => {
  await isAsked('acknowledge')
  const servant = await inEach('newcomer', async (visitor) => {
    await takesUp(visitor, 'acknowledge')
    await visitor.sees(RULED)
    await visitor.seen('acknowledge')
  })
  await answersBy(servant, 'acknowledge', said(SPOKEN, 'tasks.acknowledge.button'))
  await servant.leave()
  await eventually('the appeal is closed', async () => {
    const { outcome } = await db.case.findUniqueOrThrow({ where: { id: appealed } })

    return outcome === 'granted'
  })
  const secretary = await as(SECRETARY, SPOKEN)
  await goTo(secretary, `/cases/${appealed}`)
  await secretary.part('events')
  const undone = secretary.page.getByRole('listitem').filter({ hasText: secretary.say('events.effectUndone') })
  await undone.first().waitFor()
  expect(await undone.count()).toBe(1)
  // said in words of the process that did it
  await undone.getByText(wordsAt(words, SPOKEN, 'probation', 'effects.endPost') ?? '').waitFor()
  await secretary.seen('events')
  await secretary.leave()
})

const readsOfResult = async (visitor: Visitor): Promise<void> => {
  await goTo(visitor, `/cases/${dismissed}`)
  await visitor.sees(visitor.say('app.cases.annulled.title'))
}

/** On the page of the probation: that it was annulled, and its decision without effect. */
async function readsAnnulled(visitor: Visitor): Promise<void> {
  await readsOfResult(visitor)
  await visitor.page
    .getByRole('link', { name: dismissalAct(visitor.locale) })
    .first()
    .waitFor()
  await visitor.sees(visitor.say('app.decisions.void.annulled'))
}

test.each([
  ['newcomer', 'servant'],
  ['hrMinistry', 'hr'],
  [SECRETARY, 'agency'],
])('%s reads on both pages that the dismissal is annulled and by what, in each language', async (user, place) => {
  const reader = await inEach(user, async (visitor) => {
    await readsAnnulled(visitor)
    await visitor.sees(said(visitor.locale, 'ends.granted'))
    await visitor.seen(`annulled-${place}`)
    await goTo(visitor, `/cases/${appealed}`)
    await visitor.heading(visitor.say('app.decisions.title'), 2)
    await visitor.page
      .getByRole('link', { name: said(visitor.locale, 'documents.ruling.title') })
      .first()
      .waitFor()
    await visitor.seen(`ruled-${place}`)
  })
  await reader.leave()
})

// the table of probation shows the act of dismissal to neither mentor nor supervisor
test.each([
  ['mentor', 'kk', readsOfResult],
  ['supervisor', 'ru', readsOfResult],
  ['headMinistry', 'en', readsAnnulled],
  ['agencyOfficer', 'kk', readsAnnulled],
] as const)(
  '%s, who decided first, reads that the result is annulled, and finds no appeal',
  async (user, locale, reads) => {
    const reader = await as(user, locale)
    await reads(reader)
    expect(await reader.page.locator(`a[href*="${appealed}"]`).count()).toBe(0)
    await reader.seen(`annulled-${user}`)
    await goTo(reader, `/cases/${appealed}`)
    await reader.heading(reader.say('app.problem.notFoundTitle'))
    await reader.leave()
  },
)

test('a member of the commission reads the ruling', async () => {
  const member = await as(VOTES.en, 'en')
  await goTo(member, `/cases/${appealed}`)
  await member.page
    .getByRole('link', { name: said('en', 'documents.ruling.title') })
    .first()
    .waitFor()
  await member.seen('ruled-member')
  await member.leave()
})
