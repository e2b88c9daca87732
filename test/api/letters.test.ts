/** Letters by e-mail: to whom, in which language, when, and how little they say. */
import { randomUUID } from 'node:crypto'
import { letterNotices, LETTER_DOOR, sendLetters } from '../../api/operations/letters'
import { LETTER_SENTENCES, NOTICE_VARIABLES } from '../../api/views/letter'
import { openIncidents } from '../../prisma/store/incidents'
import { LOCALES, NOTICES } from '../../workflows/kernel/contract'
import { readWords, wordsAt, type Words } from '../../workflows/words'
import { CONSOLE, mailTo, openLetterbox, type Letterbox } from '../support/letterbox'
import { arrangeCase, arrangeTask, AWAY, personOf, startApi, type Agent, type Api } from './harness'
import { addPeople, BODY } from './sight/walk'

let box: Letterbox
let api: Api
let hr: Agent
const idOf: Record<string, string> = {}
const words = readWords()

beforeAll(async () => {
  box = await openLetterbox()
  api = await startApi(AWAY, { mail: mailTo(box.url) })
  await addPeople(api)
  hr = await api.as('hrMinistry')
  await api.database.sql('update people set email = null')
  for (const user of ['hrMinistry', 'otherHr', 'mentor', 'newcomer']) {
    const id = await personOf(api, user)
    idOf[user] = id
    await api.db.person.update({ where: { id }, data: { email: addressOf(user) } })
  }
})
afterAll(async () => {
  api.service.mail?.close()
  await api.close()
  await box.close()
})
beforeEach(async () => {
  await api.database.sql('truncate cases, tasks, notices, notice_reads, notice_choices, letters, incidents cascade')
  box.taken.length = 0
})

const addressOf = (user: string) => `${user}@example.org`
const toOffice = { role: 'hr', bodyKey: BODY }
const toMentor = () => ({ personId: idOf['mentor'] ?? '' })
const aCase = (more: Partial<Parameters<typeof arrangeCase>[1]> = {}) =>
  arrangeCase(api.db, {
    ...{ body: BODY, subject: idOf['newcomer'] ?? null, parties: { mentor: idOf['mentor'] ?? null } },
    ...more,
  })
const tell = async (caseId: string, to: object, kind = 'taskOpened', taskId?: string) =>
  (
    await api.db.notice.create({
      data: { id: randomUUID(), caseId, kind, ...to, ...(taskId && { taskId }), params: {}, at: new Date() },
    })
  ).id
/** One round, as every API process does it. */
const round = async (as: Words = words) => {
  const parts = { ...api.service, words: as }
  await letterNotices(parts)
  await sendLetters(parts)
}
const states = async () => (await api.db.letter.findMany({ orderBy: { madeAt: 'asc' } })).map(({ state }) => state)
const numberOf = async (id: string) => (await api.db.case.findUniqueOrThrow({ where: { id } })).number
const wishes = (agent: Agent, letters: string, language = 'kk') =>
  agent.put('/api/me/letters').send({ letters, language }).expect(200)
const dueNow = () =>
  api.database.sql(`update letters set "nextAt" = now(), "dueAt" = now() where state in ('waiting', 'stopped')`)

test('everybody who holds the role gets a letter in his language, with what it needs and the way to it', async () => {
  await wishes(hr, 'atOnce', 'en')
  const caseId = await aCase()
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
  await tell(caseId, toOffice, 'taskOpened', task)
  await round()
  await round()
  const number = await numberOf(caseId)
  expect(box.taken.map(({ to }) => to).sort()).toEqual(['hrMinistry', 'otherHr'].map(addressOf))
  const [english, kazakh] = ['hrMinistry', 'otherHr'].map((user) => box.taken.find(({ to }) => to === addressOf(user)))
  expect(english?.subject).toBe(`A task is waiting for you: Appoint a mentor. Case ${number}`)
  expect(english?.text).toContain(`${CONSOLE}/tasks/${task}`)
  expect(english?.html).toContain(`href="${CONSOLE}/tasks/${task}"`)
  expect(english?.headers).toMatchObject({
    'auto-submitted': 'auto-generated',
    'list-unsubscribe': `<${CONSOLE}/letters>`,
  })
  expect(kazakh?.subject).toContain('Сізге тапсырма түсті')
  expect(new Set(box.taken.map(({ messageId }) => messageId)).size).toBe(2)
  const logged = await api.database.sql(`select pieces from access_log where door = $1 and cases @> array[$2::uuid]`, [
    LETTER_DOOR,
    caseId,
  ])
  expect(logged).toEqual([{ pieces: ['course'] }, { pieces: ['course'] }])
})

test('a letter of a restricted case goes to whom it names, and says neither which case nor whom nor what', async () => {
  const caseId = await aCase({ restrictedTo: [idOf['hrMinistry'] ?? ''] })
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY })
  await tell(caseId, toOffice, 'taskOpened', task)
  await wishes(hr, 'atOnce', 'en')
  await round()
  expect(box.taken.map(({ to }) => to)).toEqual([addressOf('hrMinistry')])
  const [letter] = box.taken
  expect(letter?.subject).toBe('There is something for you in Mansap')
  expect(letter?.text).toContain(`${CONSOLE}/notices`)
  for (const secret of [await numberOf(caseId), caseId, task, 'Appoint a mentor', BODY])
    expect(letter?.raw).not.toContain(secret)
})

test('whoever no longer sees the case when his letter is sent gets none', async () => {
  const caseId = await aCase()
  await tell(caseId, toMentor(), 'caseClosed')
  await letterNotices(api.service)
  await api.db.case.update({ where: { id: caseId }, data: { parties: {} } })
  await sendLetters(api.service)
  expect([box.taken, await states()]).toEqual([[], ['withdrawn']])
})

test.each([
  ['a letter that waits after a failure', 'atOnce'],
  ['a digest that waits for the morning', 'daily'],
])('%s goes to the address that was corrected, and to none that was removed', async (_, letters) => {
  await wishes(await api.as('mentor'), letters)
  const id = idOf['mentor'] ?? ''
  box.refuse = () => '451'
  for (const email of ['corrected@example.org', null]) {
    await tell(await aCase(), toMentor(), 'mentioned')
    await round()
    await api.db.person.update({ where: { id }, data: { email } })
    await dueNow()
    box.refuse = () => null
    await round()
    box.refuse = () => '451'
  }
  box.refuse = () => null
  await api.db.person.update({ where: { id }, data: { email: addressOf('mentor') } })
  expect(box.taken.map(({ to }) => to)).toEqual(['corrected@example.org'])
  expect((await states()).sort()).toEqual(['sent', 'withdrawn'])
})

test.each([
  ['a letter that waits after a failure', 'atOnce'],
  ['a digest that waits for the morning', 'daily'],
])('%s is in the language that its reader chose meanwhile', async (_, letters) => {
  const mentor = await api.as('mentor')
  await wishes(mentor, letters, 'kk')
  box.refuse = () => '451'
  await tell(await aCase(), toMentor(), 'mentioned')
  await round()
  await wishes(mentor, letters, 'ru')
  await tell(await aCase(), toMentor(), 'mentioned')
  await round()
  box.refuse = () => null
  await dueNow()
  await round()
  const said = box.taken.map(({ subject, text }) => `${subject} ${text}`)
  expect(said).toHaveLength(letters === 'daily' ? 1 : 2)
  for (const letter of said) expect(letter).toMatch(/Вас упомянули/)
  expect((await api.db.letter.findMany()).map(({ language }) => language)).toEqual(said.map(() => 'ru'))
})

test('a letter that was refused is sent when its address is corrected, unless it is no news any more', async () => {
  await wishes(await api.as('mentor'), 'atOnce')
  const [done, open] = [await aCase(), await aCase()]
  const [task, other] = [
    await arrangeTask(api.db, done, { person: idOf['mentor'] ?? '', assignee: idOf['mentor'] ?? '' }),
    await arrangeTask(api.db, open, { person: idOf['mentor'] ?? '', assignee: idOf['mentor'] ?? '' }),
  ]
  await tell(done, toMentor(), 'taskOpened', task)
  await tell(open, toMentor(), 'taskOpened', other)
  box.refuse = () => '550 5.1.1 no such mailbox'
  await round()
  expect(await states()).toEqual(['refused', 'refused'])
  box.refuse = () => null
  await round()
  expect([box.taken, await states()]).toEqual([[], ['refused', 'refused']])
  await api.db.task.update({ where: { id: task }, data: { state: 'completed' } })
  const id = idOf['mentor'] ?? ''
  await api.db.person.update({ where: { id }, data: { email: 'corrected@example.org' } })
  await round()
  await api.db.person.update({ where: { id }, data: { email: addressOf('mentor') } })
  expect(box.taken.map(({ to, subject }) => [to, subject.includes('Сізге тапсырма түсті')])).toEqual([
    ['corrected@example.org', true],
  ])
  expect(box.taken[0]?.text).toContain(await numberOf(open))
  expect((await states()).sort()).toEqual(['sent', 'withdrawn'])
})

test('a rehearsal sends no letter, and whoever has no address or wants none gets none', async () => {
  await tell(await aCase({ rehearsal: 'set' }), toOffice)
  await wishes(hr, 'none')
  await api.db.person.update({ where: { id: idOf['otherHr'] ?? '' }, data: { email: null } })
  await tell(await aCase(), toOffice)
  await round()
  expect([box.taken, await states()]).toEqual([[], []])
  await api.db.person.update({ where: { id: idOf['otherHr'] ?? '' }, data: { email: addressOf('otherHr') } })
  await round()
  expect(box.taken).toEqual([])
})

test('without a mail server no letters are made, and none of late when there is one', async () => {
  await tell(await aCase(), toOffice)
  await letterNotices({ ...api.service, mail: null })
  await round()
  expect([box.taken, await states()]).toEqual([[], []])
})

test('a digest gathers what is told until the morning, without what he has read or is done', async () => {
  const mentor = await api.as('mentor')
  await wishes(mentor, 'daily', 'ru')
  const [first, second, third] = [await aCase(), await aCase(), await aCase()]
  const done = await arrangeTask(api.db, second, { person: idOf['mentor'] ?? '', assignee: idOf['mentor'] ?? '' })
  await tell(first, toMentor(), 'mentioned')
  await round()
  await tell(second, toMentor(), 'taskOpened', done)
  await tell(third, toMentor(), 'mentioned')
  const read = await tell(third, toMentor(), 'caseMoved')
  await round()
  expect(box.taken).toEqual([])
  expect(await api.db.letter.findMany()).toMatchObject([{ kind: 'digest', state: 'waiting', attempts: 0 }])
  const [due] = await api.db.letter.findMany()
  expect(new Date(due?.dueAt ?? 0).toISOString()).toMatch(/T03:00:00.000Z$/)
  await mentor.post(`/api/notices/${read}/read`).expect(204)
  await api.db.task.update({ where: { id: done }, data: { state: 'completed' } })
  await dueNow()
  await round()
  expect(box.taken.map(({ subject }) => subject)).toEqual(['Уведомления для вас в системе: 2'])
  const [digest] = box.taken
  for (const id of [first, third]) expect(digest?.text).toContain(await numberOf(id))
  expect(digest?.text).not.toContain(await numberOf(second))
  // what is told now is for the next morning
  await tell(first, toMentor(), 'mentioned')
  await round()
  expect(await states()).toEqual(['sent', 'waiting'])
})

test('a digest of a restricted and an open case tells the open one alone, and nothing of one that was restricted meanwhile', async () => {
  const mentor = await api.as('mentor')
  await wishes(mentor, 'daily', 'ru')
  const restrictedTo = [idOf['mentor'] ?? '']
  const [open, restricted, later, lost] = [await aCase(), await aCase({ restrictedTo }), await aCase(), await aCase()]
  for (const id of [open, restricted, later, lost]) await tell(id, toMentor(), 'mentioned')
  await round()
  expect(await api.db.letter.findMany()).toMatchObject([{ kind: 'digest', noticeIds: { length: 4 } }])
  // between making and sending one is restricted to him, and one to others; he has no part in that any more
  await api.db.case.update({ where: { id: later }, data: { restrictedTo } })
  await api.db.case.update({ where: { id: lost }, data: { restrictedTo: [idOf['hrMinistry'] ?? ''], parties: {} } })
  await dueNow()
  await round()
  const [letter] = box.taken
  expect(box.taken.map(({ subject }) => subject)).toEqual(['Уведомления для вас в системе: 3'])
  expect(letter?.text).toContain(await numberOf(open))
  for (const id of [restricted, later, lost])
    for (const secret of [id, await numberOf(id)]) expect(letter?.raw).not.toContain(secret)
})

test('a sentence that lacks a variable stops the letter and is an incident, until it is mended', async () => {
  const caseId = await aCase()
  const broken = structuredClone(words) as { kk: { kernel: { notices: { caseMoved: string } } } } & Words
  broken.kk.kernel.notices.caseMoved = 'Іс берілді'
  await tell(caseId, toMentor(), 'caseMoved')
  await round(broken)
  expect([box.taken, await states()]).toEqual([[], ['stopped']])
  expect(await openIncidents(api.db)).toMatchObject([
    { caseId, kind: 'letterStopped', params: { sentence: 'notices.caseMoved', variable: 'number', language: 'kk' } },
  ])
  await dueNow()
  await round()
  expect([box.taken.length, await states(), await openIncidents(api.db)]).toEqual([1, ['sent'], []])
})

test('a broken sentence of the letter itself is an incident too, and over when its letter is withdrawn', async () => {
  const caseId = await aCase({ restrictedTo: [idOf['hrMinistry'] ?? ''] })
  const broken = structuredClone(words) as { kk: { kernel: { letters: { hidden?: string } } } } & Words
  delete broken.kk.kernel.letters.hidden
  await tell(caseId, toMentor(), 'caseMoved')
  await tell(caseId, toMentor(), 'mentioned')
  await round(broken)
  expect([box.taken, await states()]).toEqual([[], ['stopped', 'stopped']])
  expect(await openIncidents(api.db)).toMatchObject([{ caseId, params: { sentence: 'letters.hidden' } }])
  // one is mended, the other not yet
  await api.database.sql(`update letters set "nextAt" = now() where id = (select id from letters limit 1)`)
  await round()
  expect([box.taken.length, (await openIncidents(api.db)).length]).toEqual([1, 1])
  await wishes(await api.as('mentor'), 'none')
  await dueNow()
  await round(broken)
  expect([await openIncidents(api.db), (await states()).sort()]).toEqual([[], ['sent', 'withdrawn']])
})

test.each(['taskReminder', 'taskOverdue'])('the letter of a %s says until when', async (kind) => {
  const caseId = await aCase()
  const task = await arrangeTask(api.db, caseId, { person: idOf['mentor'] ?? '', assignee: idOf['mentor'] ?? '' })
  await api.db.task.update({ where: { id: task }, data: { dueOn: new Date('2026-12-01') } })
  await tell(caseId, toMentor(), kind, task)
  await wishes(await api.as('mentor'), 'atOnce', 'en')
  await round()
  expect(box.taken[0]?.subject).toMatch(/soon|overdue/)
  expect(box.taken[0]?.subject).toContain('01.12.2026')
})

test('a variable that nobody can give stops the letter too, of a closed case as well', async () => {
  const caseId = await aCase({ status: 'closed' })
  // its task has no due date
  const task = await arrangeTask(api.db, caseId, { person: idOf['mentor'] ?? '', assignee: idOf['mentor'] ?? '' })
  await tell(caseId, toMentor(), 'taskReminder', task)
  await round()
  expect(await states()).toEqual(['stopped'])
  expect(await openIncidents(api.db)).toMatchObject([{ caseId, params: { variable: 'due' } }])
})

test('line breaks and markup in names, numbers and templates become neither headers nor markup', async () => {
  const evil = 'X\r\nBcc: everybody@example.org\r\n\r\n<script>alert(1)</script>'
  const planted = structuredClone(words) as {
    kk: { probation: { tasks: { appointMentor: { title: string } } } }
  } & Words
  planted.kk.probation.tasks.appointMentor.title = evil
  const caseId = await aCase()
  await api.db.case.update({ where: { id: caseId }, data: { number: `${evil}"` } })
  const task = await arrangeTask(api.db, caseId, { person: idOf['mentor'] ?? '', assignee: idOf['mentor'] ?? '' })
  await tell(caseId, toMentor(), 'taskOpened', task)
  await round(planted)
  const [letter] = box.taken
  expect(box.taken).toHaveLength(1)
  expect(Object.keys(letter?.headers ?? {})).not.toContain('bcc')
  expect(letter?.subject).toContain('X Bcc: everybody@example.org <script>')
  expect(letter?.html).not.toContain('<script>')
  expect(letter?.html).toContain('&lt;script&gt;')
})

test.each(['a@example.org\r\nBcc: b@example.org', 'a@example.org, b@example.org', 'A <a@example.org>', 'nobody'])(
  'what is no single address is sent nothing and cannot be entered: %j',
  async (email) => {
    const administrator = await api.as('administrator')
    const id = idOf['mentor'] ?? ''
    const { body } = await administrator.get(`/api/register/people/${id}`).expect(200)
    await administrator
      .patch(`/api/register/people/${id}`)
      .set('If-Match', String(body.version))
      .send({ email })
      .expect(422)
    await api.db.person.update({ where: { id }, data: { email } })
    await tell(await aCase(), toMentor(), 'mentioned')
    await round()
    expect([box.taken, await states()]).toEqual([[], ['refused']])
    await api.db.person.update({ where: { id }, data: { email: addressOf('mentor') } })
  },
)

test('each sees and changes how he wants letters himself; operators see how they go, and of nobody', async () => {
  expect((await hr.get('/api/me/letters').expect(200)).body).toEqual({
    ...{ address: addressOf('hrMinistry'), letters: 'atOnce', language: 'kk', sent: true },
  })
  expect((await wishes(hr, 'daily', 'ru')).body).toMatchObject({ letters: 'daily', language: 'ru' })
  await hr.put('/api/me/letters').send({ letters: 'hourly', language: 'ru' }).expect(422)
  await hr.get('/api/outbox').expect(403)
  await tell(await aCase(), toMentor(), 'mentioned')
  box.refuse = () => '451'
  await round()
  box.refuse = () => null
  await api.database.sql(`update letters set "dueAt" = now() - interval '2 hours'`)
  const { body } = await (await api.as('administrator')).get('/api/outbox').expect(200)
  expect(body).toMatchObject({ on: true, waiting: 1, stopped: 0, refused: 0, sent: 0 })
  expect(body.troubled).toMatchObject([{ state: 'waiting', attempts: 1, lastError: 'EENVELOPE 451' }])
  expect(JSON.stringify(body)).not.toContain('@')
  expect(await api.service.metrics.text()).toMatch(/mansap_letters\{state="waiting"\} 1/)
})

describe.each(LOCALES)('sentences in %s', (locale) => {
  const asked = (key: string) =>
    [...(wordsAt(words, locale, 'kernel', key) ?? '').matchAll(/%\{(\w+)\}/g)].map(([, name]) => name).sort()
  test.each(NOTICES)('the notice %s says what it must, and asks for nothing else', (kind) => {
    expect(asked(`notices.${kind}`)).toEqual([...NOTICE_VARIABLES[kind]].sort())
  })
  test.each(Object.entries(LETTER_SENTENCES))('so does the letter’s own sentence %s', (name, needed) => {
    expect(asked(`letters.${name}`)).toEqual([...needed].sort())
  })
})

test('an administrator enters the address of a person, and the trail says what it was; nobody else may', async () => {
  const id = idOf['mentor'] ?? ''
  const change = async (user: string, email: string | null) => {
    const agent = await api.as(user)
    const { body } = await (await api.as('administrator')).get(`/api/register/people/${id}`).expect(200)

    return agent
      .patch(`/api/register/people/${id}`)
      .set('If-Match', `"${String(body.version)}"`)
      .send({ email })
  }
  for (const user of ['hrMinistry', 'headMinistry', 'mentor', 'developer'])
    expect([user, (await change(user, 'x@example.org')).status]).toEqual([user, 403])
  expect((await change('administrator', 'new@example.org')).body).toMatchObject({ email: 'new@example.org' })
  const trail = await (await api.as('administrator')).get(`/api/register/people/${id}/changes`).expect(200)
  expect(trail.body.data[0]).toMatchObject({
    person: { id: await personOf(api, 'administrator') },
    before: { email: addressOf('mentor') },
    after: { email: 'new@example.org' },
  })
  expect((await change('administrator', null)).body).toMatchObject({ email: null })
  await api.db.person.update({ where: { id }, data: { email: addressOf('mentor') } })
})
