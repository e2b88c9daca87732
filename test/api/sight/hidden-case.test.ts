/**
 * Two worlds that differ by one restricted case: whoever it does not name is answered the same in both, by whatever is asked of cases,
 * and one who is excluded from a case is answered as if there were none.
 */
import { createHash, randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { audienceOf } from '../../../api/service/audience'
import { today } from '../../../api/service/today'
import { actorOf } from '../../../prisma/store/accounts'
import { documentById, frozenDocument } from '../../../prisma/store/documents'
import { storyFailures } from '../../../prisma/store/incidents'
import type { PersonId } from '../../../workflows/kernel/contract'
import { viewerOf } from '../../../workflows/kernel/law/sight'
import { arrangeCase, arrangeDocuments, arrangeTask, personOf, startApi, type Agent, type Api } from '../harness'
import { typesetter } from '../../../worker/papers/typesetting'
import { sample } from '../../papers/samples'
import { requestsFor, type Ids, type Request } from './routes'
import { addPeople, BODY, USERS, type User } from './walk'

const NAMED = 'hrMinistry'
const PARTY = 'mentor'
/** the bytes of a paper as it is made */
const PAPER = Buffer.from(typesetter().render(sample('mentorOrder'), 'kk').bytes)
let api: Api
let people: Record<User, Agent>
let idOf: Record<User, string>
let position: string

beforeAll(async () => {
  api = await startApi()
  await addPeople(api)
  const [agents, ids] = [
    await Promise.all(USERS.map((user) => api.as(user))),
    await Promise.all(USERS.map((user) => personOf(api, user))),
  ]
  people = Object.fromEntries(USERS.map((user, n) => [user, agents[n]])) as Record<User, Agent>
  idOf = Object.fromEntries(USERS.map((user, n) => [user, ids[n]])) as Record<User, string>
  position = (await api.db.post.findFirstOrThrow({ where: { personId: idOf.newcomer, to: null } })).positionId
})
afterAll(() => api.close())
beforeEach(() =>
  api.database.sql('truncate cases, case_links, tasks, events, incidents, notices, files, file_blobs cascade'),
)

interface Made {
  readonly id: string
  readonly tasks: readonly string[]
  readonly notices: readonly string[]
  readonly documents: readonly string[]
  readonly files: readonly string[]
  readonly comments: readonly string[]
}
/** An open appeal of a decision of a case, kept as that is, with a task to take up. */
async function appealedBy(of: string, keeps: Parameters<typeof make>[1]): Promise<void> {
  const subject = idOf.newcomer
  const appeal = await arrangeCase(api.db, {
    ...{ process: 'appeal', stage: 'preparing', body: BODY, subject, aboutCase: of },
    ...keeps,
  })
  await api.db.caseLink.create({ data: { fromId: appeal, toId: of, kind: 'appeals', madeAt: new Date() } })
  await arrangeTask(api.db, appeal, { role: 'agency', body: 'civilServiceAgency', excluded: keeps.keptFrom ?? [] })
}

/** A case with an appeal of it, a comment, a document and its paper, an answer with a file, notices and with a task in everybody's way: to take up, overdue, nobody's, in hand and answered; linked, and stuck. */
async function make(open: string, keeps: { restrictedTo?: string[]; keptFrom?: string[] }): Promise<Made> {
  const id = await arrangeCase(api.db, {
    ...{ body: BODY, subject: idOf.newcomer, position, parties: { mentor: idOf.mentor } },
    ...keeps,
  })
  const excluded = keeps.keptFrom ?? []
  const office = { role: 'hr', body: BODY, excluded }
  const escalatedTo = { role: 'head', body: BODY }
  const tasks = [
    await arrangeTask(api.db, id, office),
    await arrangeTask(api.db, id, { ...office, escalatedTo, unheld: true }),
    await arrangeTask(api.db, id, { ...office, state: 'reserved', assignee: idOf.otherHr }),
    await arrangeTask(api.db, id, { ...office, state: 'completed', answeredBy: idOf.otherHr }),
    await arrangeTask(api.db, id, { role: 'agency', body: 'civilServiceAgency', excluded }),
  ]
  await api.db.caseLink.create({ data: { fromId: id, toId: open, kind: 'opened', madeAt: new Date() } })
  await appealedBy(id, keeps)
  await api.database.sql(
    `insert into incidents ("caseId", kind, params, "firstAt", "lastAt", times)
     values ($1, 'stuck', '{"tasks":[],"waitsFor":[],"circle":[]}', now(), now(), 1), ($1, 'storyFailed', '{}', now(), now(), 1)`,
    [id],
  )

  const notices = (
    await api.database.sql(
      `insert into notices (id, "caseId", kind, role, "bodyKey", params, at)
       select gen_random_uuid(), $1, 'taskOpened', role, body, '{}', now() from (values ('hr', $2), ('agency', 'civilServiceAgency')) g(role, body)
       returning id`,
      [id, BODY],
    )
  ).map((row) => String(row['id']))

  await arrangeDocuments(api.db, id, ['mentorOrder'])
  const documents = (await api.db.document.findMany({ where: { caseId: id } })).map((document) => document.id)
  const document = await documentById(api.db, documents[0] ?? '')
  if (!document) throw new Error('it was arranged')
  await frozenDocument(api.db, api.service, document)
  await api.database.sql(`update papers set "madeAt" = now() where "documentId" = $1`, [document.id])
  await api.database.sql(
    `insert into paper_renderings ("documentId", language, template, sha256, bytes)
     select $1, language, 'x', encode(sha256($2::bytea), 'hex'), $2::bytea from unnest(array['kk', 'ru']) language`,
    [document.id, PAPER],
  )

  const comments = [randomUUID()]
  const [at, hash] = [new Date(), { contentId: randomUUID(), contentHash: '' }]
  await api.db.comment.create({
    data: { id: comments[0] ?? '', caseId: id, authorId: idOf.otherHr, capacity: 'hr', at, ...hash },
  })

  return { id, tasks, notices, documents, files: [await answeredFile(id, tasks[3] ?? '')], comments }
}
/** A file of an answer that was given to a task. */
async function answeredFile(caseId: string, taskId: string): Promise<string> {
  const [file, command, contentId, storeKey] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  const sha256 = createHash('sha256').update('x').digest('hex')
  const now = new Date()
  await api.db.command.create({
    data: {
      ...{
        id: command,
        caseId,
        taskId,
        kind: 'complete',
        principal: idOf.otherHr,
        key: command,
        digest: '',
        contentId,
      },
      ...{ actor: {}, payload: {}, receivedAt: now, state: 'done' },
    },
  })
  await api.db.content.create({ data: { id: contentId, caseId, body: {}, salt: '', hash: '', createdAt: now } })
  await api.db.task.update({ where: { id: taskId }, data: { answerContentId: contentId } })
  await api.db.fileBlob.create({ data: { sha256, size: 1, kind: 'pdf', storeKey, storedAt: now } })
  await api.database.sql(`insert into file_pieces values ($1, 0, 'x')`, [storeKey])
  await api.db.file.create({
    data: { id: file, sha256, name: 'Planted.pdf', uploadedById: idOf.supervisor, uploadedAt: now, commandId: command },
  })

  return file
}

const idsOf = async (open: string, hidden: Made | null): Promise<Ids> => ({
  ...{ case: hidden?.id ?? randomUUID(), number: hidden ? await numberOf(hidden.id) : 'T-0000', set: 'none' },
  ...{ subject: idOf.newcomer, position, surname: 'Planted' },
  ...{
    tasks: hidden?.tasks ?? Array.from({ length: 5 }, () => randomUUID()),
    documents: hidden?.documents ?? [randomUUID()],
    commands: [open],
    files: hidden?.files ?? [randomUUID()],
    comments: hidden?.comments ?? [randomUUID()],
  },
})
const numberOf = async (id: string) => (await api.db.case.findUniqueOrThrow({ where: { id } })).number

/** Each question is a look at the other case, and its readers are told of it. */
const isOfLooks = (address: string): boolean => address.includes('/readers')
/** Lists of the register that are filled for whoever fills in a form of the case. */
const choices = ({ case: id, tasks }: Ids): Request[] =>
  [`act:${id}:grant`, `task:${tasks[0] ?? ''}:ask`].map((form) => ({
    ...{ route: '', method: 'get', address: `/api/register/people?form=${form}&perPage=5`, body: undefined },
  }))
/** What he is answered who appeals a decision of a case; each start has ids of its own. */
async function appeals(user: User, of: string): Promise<string> {
  const form = { case: of, document: 'dismissalAct', asks: 'cancel', grounds: 'x' }
  const { status, text } = await people[user].post('/api/processes/appeal/cases').send({ form, body: BODY })

  return `appeal ${String(status)} ${text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`
}
/** What he is answered to all that can be asked of cases, without the ids and the number of the hidden one. */
async function told(user: User, open: string, ids: Ids): Promise<string[]> {
  const requests: readonly Request[] = [
    ...requestsFor(ids).filter(({ method }) => method === 'get'),
    ...requestsFor({ ...ids, case: open, tasks: [] }).filter(
      ({ method, address }) => method === 'get' && address.includes(open) && !isOfLooks(address),
    ),
    ...choices(ids),
  ]
  const answers: string[] = []
  for (const { method, address } of requests) {
    const { status, text } = await people[user][method](address)
    answers.push(`${address} ${String(status)} ${text}`)
  }
  answers.push(await appeals(user, ids.case))

  return answers.map((answer) =>
    [ids.case, ...ids.tasks, ...ids.documents, ...ids.files, ...ids.comments].reduce(
      (rest, id) => rest.replaceAll(id, 'ID'),
      answer.replaceAll(ids.number, 'NUMBER'),
    ),
  )
}

/** Who of them is answered otherwise, and to what. */
async function differs(
  users: readonly User[],
  keeps: Parameters<typeof make>[1],
): Promise<Partial<Record<User, string[]>>> {
  const open = await arrangeCase(api.db, { body: BODY, subject: idOf.supervisor, position })
  await arrangeTask(api.db, open, { role: 'hr', body: BODY })
  const without = await idsOf(open, null)
  const first = new Map<User, string[]>()
  for (const user of users) first.set(user, await told(user, open, without))
  const ids = await idsOf(open, await make(open, keeps))
  const found: Partial<Record<User, string[]>> = {}
  for (const user of users) {
    const before = first.get(user) ?? []
    const changed = (await told(user, open, ids)).filter((answer, n) => answer !== before[n])
    if (changed.length > 0) found[user] = changed.map((answer) => answer.slice(0, 300))
  }

  return found
}
const OFFICES = [
  'otherHr',
  'headMinistry',
  'hrAkimat',
  'agencyOfficer',
  'agencyOfficerRegion',
  'developer',
  'administrator',
  'stranger',
] as const

test('two worlds: whoever a restricted case does not name is answered the same with and without it', async () => {
  expect(await differs(OFFICES, { restrictedTo: [idOf[NAMED]] })).toEqual({})
}, 120_000)

/** What was asked of Postgres while that was done, in whatever order. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const query = jest.spyOn(Client.prototype, 'query')
  try {
    await work()

    return query.mock.calls.map(([asked]: readonly unknown[]) => textOf(asked)).sort()
  } finally {
    query.mockRestore()
  }
}
const textOf = (asked: unknown): string =>
  typeof asked === 'object' && asked !== null && 'text' in asked ? String(asked.text) : String(asked)

test('whoever does not find a case has the same asked of the database for it as for one that does not exist', async () => {
  const open = await arrangeCase(api.db, { body: BODY, subject: idOf.supervisor, position })
  const none = requestsFor(await idsOf(open, null))
  const hidden = requestsFor(await idsOf(open, await make(open, { restrictedTo: [idOf[NAMED]] })))
  const asks = hidden.flatMap((ask, n) => {
    const other = none[n]

    // an id that it has, and one that nothing has
    return other && other.route === ask.route && other.address !== ask.address ? [{ ask, other }] : []
  })
  expect(asks.length).toBeGreaterThan(80)
  const differ: string[] = []
  for (const user of ['otherHr', 'agencyOfficer', 'developer', 'stranger'] as const)
    for (const { ask, other } of asks) {
      const of = ({ method, address, body }: Request) =>
        statementsOf(() => people[user][method](address).send(body).then())
      const [asked, askedOfNone] = [await of(ask), await of(other)]
      if (JSON.stringify(asked) !== JSON.stringify(askedOfNone))
        differ.push(
          `${user} ${ask.method} ${ask.address}: ${String(asked.length)}, of none ${String(askedOfNone.length)}`,
        )
    }
  expect(differ).toEqual([])
}, 300_000)

test('whom it names, and who has a part in it, find it', async () => {
  expect(Object.keys(await differs([NAMED, PARTY, 'newcomer'], { restrictedTo: [idOf[NAMED]] }))).toEqual([
    NAMED,
    PARTY,
    'newcomer',
  ])
}, 120_000)

test('whoever is excluded from a case is answered the same with and without it; the person it is about keeps his page', async () => {
  const keptFrom = [...OFFICES, 'newcomer' as const].map((user) => idOf[user])
  expect(Object.keys(await differs([...OFFICES, 'newcomer'], { keptFrom }))).toEqual(['newcomer'])
}, 120_000)

test('the paper of a restricted case is given to whom it names, byte for byte, and to nobody else is it there', async () => {
  const open = await arrangeCase(api.db, { body: BODY, subject: idOf.supervisor, position })
  const { documents } = await make(open, { restrictedTo: [idOf[NAMED]] })
  const asked = (user: User) => people[user].get(`/api/documents/${documents[0] ?? ''}/papers/kk`)
  const given = await Promise.all(USERS.map(async (user) => [user, (await asked(user)).status] as const))
  expect(given.filter(([, status]) => status === 200).map(([user]) => user)).toContain(NAMED)
  for (const [user, status] of given)
    if (![NAMED, PARTY, 'newcomer'].includes(user)) expect([user, status]).toEqual([user, 404])
  const { body } = await asked(NAMED)
  expect(Buffer.compare(body as Buffer, PAPER)).toBe(0)
})

test('a stream tells of a restricted case to those only who find it', async () => {
  const open = await arrangeCase(api.db, { body: BODY, subject: idOf.supervisor, position })
  const hidden = await make(open, { restrictedTo: [idOf[NAMED]] })
  const hears = await audienceOf(api.service).hears({
    cases: [hidden.id],
    tasks: [...hidden.tasks],
    notices: hidden.notices,
  })
  const hearing = await Promise.all(
    USERS.map(async (user) => {
      const actor = await actorOf(api.db, idOf[user] as PersonId, today(Date.now()))
      const topics = actor ? hears(viewerOf(actor, api.service.processes.tables)) : []

      return topics.some(({ ids }) => ids.length > 0) ? [user] : []
    }),
  )
  expect(hearing.flat().sort()).toEqual([NAMED, PARTY, 'newcomer'].sort())
})

test('whoever moves or discards a set is told of no case of it that is kept from him', async () => {
  const now = new Date()
  await api.db.rehearsalSet.create({
    data: { bodyKey: BODY, name: 'a set', origin: now, speed: 0, caseAt: now, realAt: now, startedById: idOf.otherHr },
  })
  const open = await arrangeCase(api.db, { body: BODY, subject: idOf.supervisor, position, rehearsal: 'a set' })
  const hidden = await make(open, { restrictedTo: [idOf[NAMED]] })
  await api.db.case.update({ where: { id: hidden.id }, data: { rehearsal: 'a set' } })
  for (const user of ['otherHr', 'developer'] as const) {
    const of = `/api/rehearsals/${BODY}/a%20set`
    const moved = await people[user].post(`${of}/advance`).send({ to: today(Date.now()) })
    expect(moved.body).toEqual([{ caseId: open, status: 200, code: null }])
    const discarded = await people[user].post(`${of}/discard`)
    expect(discarded.body.map(({ caseId }: { caseId: string }) => caseId)).toEqual([open])
  }
})

test('what is wrong with a restricted case is known to who runs the product on its machine', async () => {
  const open = await arrangeCase(api.db, { body: BODY, subject: idOf.supervisor, position })
  const hidden = await make(open, { restrictedTo: [idOf[NAMED]] })
  expect((await storyFailures(api.db, 10)).map(({ caseId }) => caseId)).toEqual([hidden.id])
})
