/**
 * A probation with marked words in every field, walked to its end by the people concerned. As each of them, every route that can name
 * it is read at several stages: the marks that he finds are those that the table gives him, no more and no less.
 */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import type { IsoDate, Sees } from '../../../workflows/kernel/contract'
import { addDays } from '../../../workflows/kernel/law/calendar'
import { contract } from '../../../workflows/probation/contract'
import { isAmong, piecesOf, type ToldCase } from '../../sight/oracle'
import { letterNotices, sendLetters } from '../../../api/operations/letters'
import { papersOf, takePapers } from '../../../prisma/store/papers'
import { make } from '../../../worker/papers/making'
import { settingInThread } from '../../../worker/papers/setting'
import type { OutgoingLetter } from '../../../api/service/mail'
import { personOf, type Agent, type Api } from '../harness'
import { startWorkedApi } from '../worked'
import { marksOf, word, type Mark } from './marks'
import { requestsFor, unsaid, type Ids, type Request } from './routes'
import { addPeople, BODY, ROLES, USERS, Walk, type User } from './walk'

const log = pino({ level: 'silent' })
const setting = settingInThread()
let api: Api
let walk: Walk
let people: Record<User, Agent>
/** a person by the name under which the test tells of him */
let idOf: Record<User, string>
let marks: Readonly<Record<string, Mark>>
let absentFrom: IsoDate
const NOBODY_HERE = ['stranger', 'agencyOfficerRegion', 'hrAkimat'] as const satisfies readonly User[]
/** what people of another body, and one without any role, were answered before there was the case */
const before = new Map<User, Answers>()

beforeAll(async () => {
  api = await startWorkedApi()
  await addPeople(api)
  const [agents, ids] = [await Promise.all(USERS.map((user) => api.as(user))), await idsOfPeople()]
  people = Object.fromEntries(USERS.map((user, n) => [user, agents[n]])) as Record<User, Agent>
  idOf = ids
  walk = new Walk(api, people)
})
afterAll(async () => {
  await setting.stop()
  await api.close()
})

const idsOfPeople = async () =>
  Object.fromEntries(await Promise.all(USERS.map(async (user) => [user, await personOf(api, user)]))) as Record<
    User,
    string
  >

// ------------------------------------------------------------------ what people are answered

type Answers = Map<string, { status: number; text: string }>

async function idsNow(): Promise<Ids> {
  const where = { caseId: walk.caseId }
  const [tasks, documents, commands, files, comments] = await Promise.all([
    api.db.task.findMany({ where, select: { id: true } }),
    api.db.document.findMany({ where, select: { id: true } }),
    api.db.command.findMany({ where, select: { id: true } }),
    api.db.file.findMany({ select: { id: true } }),
    api.db.comment.findMany({ where, select: { id: true } }),
  ])
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort()

  return {
    ...{ case: walk.caseId, number: walk.number, set: walk.set, subject: walk.subject, position: walk.position },
    ...{ surname: word('Surname'), tasks: ids(tasks), documents: ids(documents), commands: ids(commands) },
    ...{ files: ids(files), comments: ids(comments) },
  }
}

async function asked(agent: Agent, requests: readonly Request[]): Promise<Answers> {
  const answers: Answers = new Map()
  const rest = [...requests]
  const one = async (): Promise<void> => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      const { method, address, body } = next
      const sent = agent[method](address)
      if (Buffer.isBuffer(body)) sent.set('Content-Type', 'application/octet-stream')
      const { status, text, body: bytes } = await (body ? sent.send(body) : sent)
      // of what is no text the bytes are read for marks
      answers.set(`${method} ${address}`, { status, text: Buffer.isBuffer(bytes) ? bytes.toString('latin1') : text })
    }
  }
  await Promise.all([one(), one(), one()])

  return answers
}
const reads = (ids: Ids) => requestsFor(ids).filter(({ method }) => method === 'get')
/** The path of the request itself, and what it asked for, come back in a problem. */
const said = ([, { status, text }]: readonly [string, { status: number; text: string }]): string =>
  status >= 400 ? '' : text

/** What goes out by mail to each, of all that the case has told so far, as if it were no rehearsal. */
async function lettersNow(): Promise<Map<User, string>> {
  const sent = new Map<User, string>()
  const userAt = new Map(USERS.map((user) => [`${user}@example.org`, user]))
  const mail = {
    ...{ domain: 'example.org', consoleUrl: 'https://mansap.example.org', close: () => undefined },
    send: ({ to, subject, text, html }: OutgoingLetter) => {
      const user = userAt.get(to)
      if (user) sent.set(user, [sent.get(user) ?? '', subject, text, html].join('\n'))

      return Promise.resolve()
    },
  }
  for (const [address, user] of userAt)
    await api.db.person.update({ where: { id: idOf[user] }, data: { email: address } })
  const { rehearsal } = await api.db.case.findUniqueOrThrow({ where: { id: walk.caseId } })
  await api.database.sql(`update cases set rehearsal = null where id = $1`, [walk.caseId])
  await api.database.sql(`update notices set rehearsed = false, "letteredAt" = null where "caseId" = $1`, [walk.caseId])
  await api.database.sql('truncate letters')
  const parts = { ...api.service, mail }
  while (await letterNotices(parts)) await sendLetters(parts)
  while ((await sendLetters(parts)) > 0);
  expect(await api.db.letter.count({ where: { state: { notIn: ['sent', 'withdrawn'] } } })).toBe(0)
  await api.database.sql(`update cases set rehearsal = $2 where id = $1`, [walk.caseId, rehearsal])
  await api.database.sql(`update notices set rehearsed = true where "caseId" = $1`, [walk.caseId])

  return sent
}

// ------------------------------------------------------------------ what the table gives

const SERVED: Sees = contract.sees

interface Told {
  readonly stages: readonly string[]
  readonly closed?: boolean
  readonly mentor: User | null
  /** who holds a task or may take one up, and which marks it shows him */
  readonly holders?: Readonly<Partial<Record<User, readonly string[]>>>
  /** the marks of what each has written himself as an answer */
  readonly wrote: Readonly<Partial<Record<User, readonly string[]>>>
  /** documents that his task shows him */
  readonly shownDocuments?: Readonly<Partial<Record<User, readonly string[]>>>
  readonly ended?: readonly User[]
  readonly planted: readonly string[]
  /** there is no document yet that could carry a mark */
  readonly nothingIssued?: true
}

/** What a task tells whoever holds it or has answered it, beside what it shows: of which case it is, and in what it answered. */
const BY_TASK = ['id', 'number']

function piecesGivenTo(user: User, told: Told) {
  const role = told.ended?.includes(user) ? undefined : ROLES[user]
  const file: ToldCase = {
    ...{ table: SERVED, body: BODY, agency: 'civilServiceAgency', subject: idOf.newcomer },
    ...{ stages: told.stages, closed: told.closed === true, linked: [], excluded: [], named: null },
    parts: [
      { part: 'supervisor', person: idOf.supervisor, ended: false },
      { part: 'mentor', person: idOf.mentor, ended: told.mentor !== 'mentor' },
      ...(told.mentor === 'secondMentor' ? [{ part: 'mentor', person: idOf.secondMentor, ended: false }] : []),
    ],
    holders: USERS.filter((each) => told.holders?.[each]).map((each) => idOf[each]),
  }

  return piecesOf({ id: idOf[user], roles: role ? [role] : [] }, file)
}

function shouldFind(user: User, told: Told): string[] {
  const pieces = piecesGivenTo(user, told)
  const byTask = [told.holders?.[user], told.wrote[user]].flatMap((own) => (own ? [...BY_TASK, ...own] : []))
  const byTable = Object.entries(marks).flatMap(([name, { carriers }]) =>
    carriers.some((piece) => !(told.nothingIssued && piece.startsWith('document:')) && isAmong(pieces, piece))
      ? [name]
      : [],
  )

  return [...new Set([...byTask, ...byTable])].filter((name) => told.planted.includes(name)).sort()
}

/** Makes every paper that is ordered, as a worker does. */
async function papersNow(): Promise<readonly { readonly id: string; readonly kind: string }[]> {
  for (let taken = await takePapers(api.db, 10); taken.length > 0; taken = await takePapers(api.db, 10))
    await Promise.all(taken.map((paper) => make({ db: api.db, log, setting }, paper)))
  const documents = await api.db.document.findMany({ where: { caseId: walk.caseId }, orderBy: { id: 'asc' } })
  const papers = await papersOf(
    api.db,
    documents.map(({ id }) => id),
  )
  expect(documents.filter(({ id }) => papers.get(id)?.length !== 2)).toEqual([])

  return documents
}

/** As everybody: the marks that he finds are those that he should, and nothing fails. */
async function everybodyReads(told: Told): Promise<void> {
  const documents = await papersNow()
  const requests = reads(await idsNow())
  const papers: Record<string, readonly string[]> = {}
  const found: Record<string, string[]> = {}
  const where: Record<string, string[]> = {}
  const letters = await lettersNow()
  for (const user of USERS) {
    const answers = [...(await asked(people[user], requests))]
    expect(answers.filter(([, { status }]) => status >= 500)).toEqual([])
    const read = new Map(answers)
    papers[user] = documents
      .filter(({ id }) => read.get(`get /api/documents/${id}/papers/kk`)?.status === 200)
      .map(({ kind }) => kind)
      .sort()
    const should = shouldFind(user, told)
    const finds = Object.entries(marks).flatMap(([name, mark]) => {
      const at = answers.filter((answer) => mark.found.test(said(answer))).map(([address]) => address)
      if (at.length > 0 && !should.includes(name)) where[`${user} ${name}`] = at.slice(0, 3)

      return at.length > 0 ? [name] : []
    })
    found[user] = finds.sort()
    // a letter tells less: nothing that anybody wrote
    const lettered = Object.entries(marks).flatMap(([name, mark]) =>
      mark.found.test(letters.get(user) ?? '') ? [name] : [],
    )
    expect([user, lettered.filter((name) => !should.includes(name) || !BY_TASK.includes(name))]).toEqual([user, []])
  }
  expect(where).toEqual({})
  const given = (user: User) => {
    const pieces = piecesGivenTo(user, told)

    return documents
      .filter(({ kind }) => isAmong(pieces, `document:${kind}`) || told.shownDocuments?.[user]?.includes(kind))
      .map(({ kind }) => kind)
      .sort()
  }
  expect(papers).toEqual(Object.fromEntries(USERS.map((user) => [user, given(user)])))
  expect(letters.size).toBeGreaterThan(0)
  expect(found).toEqual(Object.fromEntries(USERS.map((user) => [user, shouldFind(user, told)])))
}

// ------------------------------------------------------------------ the walk

const goals = (verdict: string, remark: string) => [{ number: 1, verdict, remark }]
const OF_START = ['id', 'number', 'stage', 'subjectId', 'position', 'surname', 'comment', 'actNumber']
/** An officer's, until he sends what it became. */
const DRAFT = ['draft']
const OF_PLAN = ['questionAnswer', 'order', 'goal', 'measure', 'remarks']
const OF_RUNNING = [
  'agreed',
  'objections',
  'absence',
  'certificate',
  'certificateName',
  'illness',
  'absentFrom',
  'check',
  'verdict',
  'replaced',
]
const OF_REVIEW = ['opinion', 'recommends', 'review', 'result']
const QUESTION = ['question']
const wrote = {
  hrMinistry: ['draft'],
  hrAkimat: ['questionAnswer'],
  otherHr: ['order'],
  mentor: ['goal', 'measure', 'check', 'verdict'],
  supervisor: [...OF_REVIEW, 'remarks', 'agreed'].filter((name) => !['opinion', 'recommends'].includes(name)),
  newcomer: ['objections'],
}

test('every route of the API says whether it can name a case', () => {
  expect(unsaid(api.service)).toEqual([])
})

test('a question opens to an officer of another body what he is asked, while he is asked', async () => {
  const unknown = await idsNowUnknown()
  for (const user of NOBODY_HERE) before.set(user, await asked(people[user], reads(unknown)))
  await walk.begins()
  absentFrom = addDays(walk.appointedOn, 23)
  marks = marksOf({ case: walk.caseId, number: walk.number, ...walkIds() })
  await walk.keepsDraft()
  await walk.says('hrMinistry', word('Comment'))
  await walk.asks('otherHr', 'appointMentor', 'hrAkimat', word('Question'))
  await everybodyReads({
    ...{ stages: ['mentoring'], mentor: null, wrote: { hrMinistry: ['draft'] } },
    holders: { hrAkimat: ['question'], otherHr: ['question'] },
    planted: [...OF_START, ...DRAFT, ...QUESTION],
    nothingIssued: true,
  })
})

const walkIds = () => ({ subject: walk.subject, position: walk.position, absentFrom })
/** Ids that nothing has. */
const idsNowUnknown = async (): Promise<Ids> => ({
  ...{ case: randomUUID(), number: 'T-0000', set: 'planted words', subject: idOf.newcomer },
  position: (await api.db.post.findFirstOrThrow({ where: { personId: idOf.newcomer, to: null } })).positionId,
  ...{ surname: word('Surname'), tasks: [randomUUID()], documents: [randomUUID()], commands: [randomUUID()] },
  ...{ files: [randomUUID()], comments: [randomUUID()] },
})

test('once he has answered he keeps what he wrote; a plan is sent back to its mentor', async () => {
  await walk.answers('hrAkimat', 'answerQuestion', { answer: word('QuestionAnswer') })
  await walk.answers('otherHr', 'appointMentor', { mentor: idOf.mentor, order: word('Order') })
  const goal = { goal: word('Goal'), measure: word('Measure'), by: addDays(walk.appointedOn, 60) }
  await walk.answers('mentor', 'draftAdaptationPlan', { goals: [goal] })
  await walk.returns('supervisor', 'agreeAdaptationPlan', word('Remarks'))
  await everybodyReads({
    ...{ stages: ['mentoring', 'planning'], mentor: 'mentor', wrote },
    holders: { mentor: ['goal', 'measure', 'remarks'] },
    planted: [...OF_START, ...DRAFT, ...QUESTION, ...OF_PLAN],
  })
  await walk.answers('mentor', 'draftAdaptationPlan', { goals: [goal] })
  await walk.answers('supervisor', 'agreeAdaptationPlan', { remarks: word('Agreed') })
  await walk.answers('newcomer', 'acknowledge', { objections: word('Objections') })
})

test('a replaced mentor and an officer whose role has ended see what they wrote and nothing else', async () => {
  await walk.does('hrMinistry', 'recordAbsence', {
    ...{ from: absentFrom, to: addDays(absentFrom, 9) },
    ...{ kind: 'illness', document: word('Absence') },
    certificate: await walk.uploads('hrMinistry', 'act recordAbsence', 'certificate', {
      ...{ name: 'CertificateName', bytes: 'CertificateBytes' },
    }),
  })
  await walk.comesTo('the check', () => walk.isAsked('interimCheck'))
  await walk.answers('mentor', 'interimCheck', { goals: goals('inHand', word('Check')) })
  await walk.does('hrMinistry', 'replaceMentor', { mentor: idOf.secondMentor, reason: word('Replaced') })
  await walk.officeEnds('otherHr')
  await everybodyReads({
    ...{ stages: ['mentoring', 'planning', 'running'], mentor: 'secondMentor', wrote, ended: ['otherHr'] },
    planted: [...OF_START, ...QUESTION, ...OF_PLAN, ...OF_RUNNING],
  })
})

const later = { mentor: 'secondMentor', ended: ['otherHr'] } as const
const writtenLater = { ...wrote, secondMentor: ['opinion', 'recommends', 'check', 'verdict'] }
/** Lets the clock run to a stage; the mentor makes the checks on the way. */
async function servesUntil(stage: string): Promise<void> {
  await walk.comesTo(stage, async () => {
    if (await walk.isAsked('interimCheck'))
      await walk.answers('secondMentor', 'interimCheck', { goals: goals('inHand', word('Check')) })

    return (await api.db.case.findUniqueOrThrow({ where: { id: walk.caseId } })).stage === stage
  })
}
const reviewed = { result: 'unsatisfactory', goals: goals('missed', 'x'), grounds: word('Review') }

test('the servant does not see the review before it is decided on', async () => {
  await servesUntil('reviewDue')
  await walk.answers('secondMentor', 'mentorOpinion', { recommends: 'unsatisfactory', opinion: word('Opinion') })
  await walk.answers('supervisor', 'reviewProbation', reviewed)
  await everybodyReads({
    ...{ ...later, stages: ['mentoring', 'planning', 'running', 'reviewDue'], wrote: writtenLater },
    planted: [...OF_START, ...QUESTION, ...OF_PLAN, ...OF_RUNNING, ...OF_REVIEW],
  })
})

const UNTIL_EXTENDED = ['mentoring', 'planning', 'running', 'reviewDue', 'extended']
const UNTIL_EXTENDED_PLANTED = [
  ...[...OF_START, ...QUESTION, ...OF_PLAN, ...OF_RUNNING, ...OF_REVIEW],
  ...['extension', 'decision'],
]
const decided = { ...writtenLater, headMinistry: ['extension', 'decision', 'dismissal'] }

test('he sees it once the probation is extended', async () => {
  await walk.answers('headMinistry', 'decideExtension', { decision: 'extend', grounds: word('Extension') })
  await everybodyReads({ ...later, stages: UNTIL_EXTENDED, wrote: decided, planted: UNTIL_EXTENDED_PLANTED })
})

const AT_THE_END = {
  ...later,
  stages: [...UNTIL_EXTENDED, 'secondReview', 'agencyReview'],
  wrote: { ...decided, agencyOfficer: ['reply'] },
  planted: [...UNTIL_EXTENDED_PLANTED, 'dismissal', 'reply'],
}

test('a task shows its holder what it builds on', async () => {
  await servesUntil('secondReview')
  await walk.answers('secondMentor', 'mentorOpinion', { recommends: 'unsatisfactory', opinion: word('Opinion') })
  await walk.answers('supervisor', 'reviewProbation', reviewed)
  await walk.answers('headMinistry', 'decideDismissal', { decision: 'propose', grounds: word('Dismissal') })
  await walk.answers('agencyOfficer', 'agreeDismissal', { decision: 'refuse', grounds: word('Reply') })
  const shown = ['goal', 'measure', 'review', 'result', 'extension', 'decision', 'dismissal', 'reply']
  await everybodyReads({
    ...AT_THE_END,
    holders: { newcomer: shown },
    shownDocuments: { newcomer: contract.tasks.acknowledge.documents },
  })
})

test('the servant sees the whole file at its end', async () => {
  await walk.answers('newcomer', 'acknowledge', { objections: word('Objections') })
  expect((await api.db.case.findUniqueOrThrow({ where: { id: walk.caseId } })).outcome).toBe('keptInService')
  await everybodyReads({ ...AT_THE_END, closed: true })
})

test('what came after the end is read by the offices alone', async () => {
  await walk.comesLate()
  const planted = [...AT_THE_END.planted, 'lateTitle', 'lateNote', 'lateName', 'lateBytes']
  await everybodyReads({ ...AT_THE_END, closed: true, planted })
})

test('a developer who moves the clock of a rehearsal is answered nothing of what people said, and gets no part', async () => {
  expect(walk.toDeveloper.length).toBeGreaterThan(5)
  const found = Object.entries(marks).flatMap(([name, mark]) =>
    walk.toDeveloper.some((text) => mark.found.test(text)) ? [name] : [],
  )
  expect(found).toEqual(['id', 'number', 'stage'])
  expect(await api.database.sql(`select part from case_parts where "personId" = $1`, [idOf.developer])).toEqual([])
})

test('two worlds: whoever does not find the case is answered as if there were none', async () => {
  const ids = await idsNow()
  const unknown = await idsNowUnknown()
  // without the case's own ids: what is said of an id that nothing has
  const told = (text: string, of: Ids) =>
    [of.case, ...of.tasks, ...of.documents, ...of.commands, ...of.files].reduce(
      (rest, id) => rest.replaceAll(id, 'ID'),
      text.replaceAll(of.number, 'NUMBER'),
    )
  for (const user of ['stranger', 'agencyOfficerRegion'] as const) {
    const [now, then] = [await asked(people[user], reads(ids)), before.get(user) ?? new Map()]
    const answersBy = (answers: Answers, of: Ids) =>
      new Map([...answers].map(([address, { status, text }]) => [told(address, of), `${status} ${told(text, of)}`]))
    const first = [...then.keys()]
    const ofThen: Ids = { ...unknown, case: idIn(first, /\/api\/cases\/([0-9a-f-]{36})$/), number: 'T-0000' }
    const known = answersBy(then, {
      ...ofThen,
      tasks: [idIn(first, /\/api\/tasks\/([0-9a-f-]{36})$/)],
      documents: [idIn(first, /\/api\/documents\/([0-9a-f-]{36})\/html/)],
      commands: [idIn(first, /\/api\/commands\/([0-9a-f-]{36})$/)],
      files: [idIn(first, /\/api\/files\/([0-9a-f-]{36})\/content$/)],
    })
    expect(Object.fromEntries(answersBy(now, ids))).toEqual(Object.fromEntries(known))
  }
})
const idIn = (addresses: readonly string[], form: RegExp): string =>
  addresses.flatMap((address) => form.exec(address)?.[1] ?? [])[0] ?? 'none'

test('whoever has no right to it changes nothing in it, by whatever verb, and is told nothing of it', async () => {
  const ids = await idsNow()
  const version = async () =>
    (
      await api.database.sql(
        `select md5(string_agg(t::text, '' order by t.id)) as tasks, (select md5(c::text) from cases c where c.id = $1) as file
        from tasks t where t."caseId" = $1`,
        [ids.case],
      )
    )[0]
  const stood = await version()
  for (const user of ['stranger', 'hrAkimat', 'mentor', 'otherHr'] as const) {
    const verbs = requestsFor(ids).filter(({ method }) => method !== 'get')
    const answers = [...(await asked(people[user], verbs))]
    const told = Object.entries(marks).filter(([name]) => !['id', 'subjectId', 'position'].includes(name))
    const leaks = answers.flatMap(([address, { status, text }]) =>
      status >= 500 || told.some(([, mark]) => mark.found.test(text)) ? [`${user} ${address} → ${status} ${text}`] : [],
    )
    expect(leaks).toEqual([])
  }
  expect(await version()).toEqual(stood)
})
