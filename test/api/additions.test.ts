/** What is added to a case after its end, by whom, and that nothing else goes on in it. */
import { randomUUID } from 'node:crypto'
import { changedAdditions } from '../../prisma/store/additions'
import { verifyChain } from '../../prisma/store/events'
import { collectFiles, filesByIds } from '../../prisma/store/files'
import { doneWithoutEffect } from '../../prisma/store/reconcile-rows'
import { decisionsWithoutCommand } from '../../prisma/store/reconcile-trails'
import type { CaseId } from '../../workflows/kernel/contract'
import { eventually } from '../support/eventually'
import { pdfWith } from '../support/sample-files'
import { arrangeCase, arrangeTask, isProblem, keepDraft, personOf, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'
const DAY = '2026-01-15'
const NOTE = { kind: 'note', form: { note: 'Look at the register of 2027' } }

let api: Api
let records: Agent
let hr: Agent
let caseId: CaseId

beforeAll(async () => {
  api = await startApi()
  ;[records, hr] = await Promise.all([api.as('recordsMinistry'), api.as('hrMinistry')])
})
afterAll(() => api.close())

const closedCase = async (more: object = {}): Promise<CaseId> =>
  (await arrangeCase(api.db, {
    body: BODY,
    subject: await personOf(api, 'newcomer'),
    parties: { mentor: await personOf(api, 'mentor') },
    status: 'closed',
    ...more,
  })) as CaseId
beforeEach(async () => {
  caseId = await closedCase()
})

const add = (agent: Agent, body: object, of: string = caseId) => agent.post(`/api/cases/${of}/additions`).send(body)
const read = async (agent: Agent) => (await agent.get(`/api/cases/${caseId}/additions`).expect(200)).body.data
const upload = (agent: Agent, kind = 'paper', bytes = pdfWith(randomUUID())) =>
  agent
    .post(`/api/files?form=${encodeURIComponent(`add:${caseId}:${kind}`)}&field=file&name=reply.pdf`)
    .set('Content-Type', 'application/octet-stream')
    .send(bytes)
const uploaded = async (agent = records, kind = 'paper'): Promise<string> =>
  (await upload(agent, kind).expect(201)).body.id
const paper = (file: string) => ({
  kind: 'paper',
  form: {
    ...{ paperTitle: 'Reply of the department', paperNumber: '12-3/45', issuer: 'Department of statistics' },
    ...{ issuedOn: DAY, receivedOn: '2026-01-20', file },
  },
})
const events = () => api.db.event.findMany({ where: { caseId }, orderBy: { seq: 'asc' } })

test('a late paper, a file and a note become entries of the chain, and the case stays closed', async () => {
  const [letter, scan] = [await uploaded(), await uploaded(records, 'file')]
  await add(records, paper(letter)).expect(201)
  const form = { description: 'Scan of the envelope', receivedFrom: 'Post office', receivedOn: DAY, file: scan }
  await add(records, { kind: 'file', form }).expect(201)
  await add(records, NOTE).expect(201)

  const said = await read(hr)
  expect(said).toMatchObject([
    { kind: 'note', capacity: 'records', content: NOTE.form, author: { id: await personOf(api, 'recordsMinistry') } },
    { kind: 'file', content: { description: 'Scan of the envelope', file: scan } },
    { kind: 'paper', content: { paperNumber: '12-3/45', issuedOn: DAY, file: letter } },
  ])
  const [row] = await filesByIds(api.db, [letter])
  const { sha256 } = await api.db.file.findUniqueOrThrow({ where: { id: letter } })
  expect(row).toMatchObject({ state: 'kept', answer: { case: caseId, added: true } })
  expect((await events()).map(({ kind, params }) => [kind, params])).toMatchObject([
    ['addedAfterEnd', { added: 'paper', hash: expect.any(String), files: [{ id: letter, sha256 }] }],
    ['addedAfterEnd', { added: 'file' }],
    ['addedAfterEnd', { added: 'note', files: [] }],
  ])
  expect(await verifyChain(api.db, caseId)).toEqual({ ok: true })
  expect(await api.db.case.findUniqueOrThrow({ where: { id: caseId } })).toMatchObject({ status: 'closed', step: 1 })
  // nothing of it is taken away as unused, however old
  await collectFiles(api.db, api.service.files, { now: Date.now() + 1e9, unusedMs: 1 })
  await hr.get(`/api/files/${letter}/content`).expect(200)
})

test('the page offers it to the records service of the body alone, and the time line says what was added', async () => {
  await add(records, NOTE).expect(201)
  const page = async (user: string) => (await (await api.as(user)).get(`/api/cases/${caseId}`).expect(200)).body
  expect((await page('recordsMinistry')).additions.map(({ kind }: { kind: string }) => kind)).toEqual([
    'paper',
    'file',
    'note',
  ])
  expect(await page('hrMinistry')).toMatchObject({ added: true, additions: [] })
  expect(await page('newcomer')).toMatchObject({ added: false, additions: [] })
  const entry = async (agent: Agent) => (await agent.get(`/api/cases/${caseId}/events`).expect(200)).body.data[0]
  expect(await entry(hr)).toMatchObject({ kind: 'addedAfterEnd', content: NOTE.form })
  expect(await entry(await api.as('newcomer'))).toMatchObject({ params: { added: 'note' }, content: null })
})

test.each([
  ['hrMinistry', [403]],
  ['headMinistry', [403]],
  ['agencyOfficer', [403]],
  ['mentor', [403]],
  ['newcomer', [403]],
  ['administrator', [403]],
  ['hrAkimat', [404]],
] as const)('%s adds nothing and uploads nothing for it', async (user, statuses) => {
  const agent = await api.as(user)
  isProblem(await add(agent, NOTE), user, statuses)
  isProblem(await upload(agent), user, statuses)
  expect(await events()).toEqual([])
})

test('whom the table does not give it reads neither what was added nor its file', async () => {
  const file = await uploaded()
  await add(records, paper(file)).expect(201)
  for (const user of ['newcomer', 'mentor', 'developer']) {
    const agent = await api.as(user)
    isProblem(await agent.get(`/api/cases/${caseId}/additions`), user, [403])
    isProblem(await agent.get(`/api/files/${file}/content`), user, [403])
  }
  isProblem(await (await api.as('hrAkimat')).get(`/api/files/${file}/content`), 'hrAkimat', [404])
})

test('the records service finds no case that is open, none that is kept from it, and not its own', async () => {
  const me = await personOf(api, 'recordsMinistry')
  const others = [
    ...(await Promise.all([
      closedCase({ status: 'open' }),
      closedCase({ keptFrom: [me] }),
      closedCase({ restrictedTo: [await personOf(api, 'hrMinistry')] }),
      closedCase({ body: 'ministryJustice' }),
    ])),
  ]
  for (const id of others) isProblem(await add(records, NOTE, id), id, [404])
  isProblem(await add(records, NOTE, await closedCase({ subject: me })), 'his own', [403])
})

test('to a restricted case whoever keeps the records adds if it names him, and after the end nobody names him', async () => {
  const me = await personOf(api, 'recordsMinistry')
  await add(records, NOTE, await closedCase({ restrictedTo: [me] })).expect(201)
  const unnamed = await closedCase({ restrictedTo: [await personOf(api, 'hrMinistry')] })
  const form = { person: me, reason: 'A late paper' }
  const refused = await hr.post(`/api/cases/${unnamed}/acts/grant`).send({ step: 1, form })
  expect([refused.status, refused.body.code]).toEqual([409, 'caseClosed'])
  isProblem(await add(records, NOTE, unnamed), 'not named', [404])
})

test('an open case is told to be open to who would add to it and sees it', async () => {
  const [row] = await api.database.sql(
    `insert into body_roles (id, "personId", role, "bodyKey", "from", basis) values (gen_random_uuid(), $1, 'records', $2, '2020-01-01', 'test') returning id`,
    [await personOf(api, 'hrMinistry'), BODY],
  )
  const open = await closedCase({ status: 'open' })
  const refused = await add(await api.as('hrMinistry'), NOTE, open)
  isProblem(refused, 'open', [409])
  expect(refused.body.code).toBe('caseNotClosed')
  await api.database.sql(`delete from body_roles where id = $1`, [row?.['id']])
})

test('a rehearsal has its additions on its own clock, and nobody gets a letter of them', async () => {
  caseId = await closedCase({ rehearsal: 'set' })
  await add(records, NOTE).expect(201)
  const told = await api.database.sql(`select kind, rehearsed from notices where "caseId" = $1`, [caseId])
  expect(told.length).toBeGreaterThan(0)
  for (const notice of told) expect(notice).toEqual({ kind: 'addedAfterEnd', rehearsed: true })
})

test('what was issued or received on a day that has not come, or in another order, is refused', async () => {
  const file = await uploaded()
  const wrong = async (form: object) => {
    const { body } = await add(records, { kind: 'paper', form: { ...paper(file).form, ...form } }).expect(422)

    return body.errors
  }
  expect(await wrong({ receivedOn: '2100-01-01' })).toEqual({ receivedOn: 'notYet' })
  expect(await wrong({ issuedOn: '2100-01-01' })).toEqual({ issuedOn: 'notYet' })
  expect(await wrong({ issuedOn: '2026-01-21' })).toEqual({ receivedOn: 'beforeIssued' })
  expect(await wrong({ file: randomUUID() })).toEqual({ file: 'fileGone' })
  expect(await wrong({ paperTitle: ' ' })).toMatchObject({ paperTitle: expect.any(String) })
  isProblem(await add(records, { kind: 'decision', form: {} }), 'another kind', [422])
  expect(await events()).toEqual([])
  await add(records, paper(file)).expect(201)
  expect(await wrong({})).toEqual({ file: 'fileGone' })
})

test('sent twice with one key, and at once, it is added once; the key means nothing else', async () => {
  const key = randomUUID()
  const send = (body: object) => add(records, body).set('Idempotency-Key', key)
  const answers = await Promise.all([send(NOTE), send(NOTE), send(NOTE)])
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
  isProblem(await send({ kind: 'note', form: { note: 'other' } }), 'another', [422])
  expect(await events()).toHaveLength(1)
})

test('of many added at once the chain has each, in one order', async () => {
  await Promise.all(Array.from({ length: 8 }, () => add(records, NOTE).expect(201)))
  expect((await events()).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await verifyChain(api.db, caseId)).toEqual({ ok: true })
})

test('one file is added once, whoever is first', async () => {
  const file = await uploaded()
  const answers = await Promise.all([add(records, paper(file)), add(records, paper(file))])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 422])
})

describe('of what was added', () => {
  const told = async () => {
    const rows = await api.database.sql(`select kind, role, "personId" from notices where "caseId" = $1`, [caseId])
    for (const row of rows) expect(row).toMatchObject({ kind: 'addedAfterEnd', role: null })

    return rows.map(({ personId }) => personId).sort()
  }
  /** HR of the body and these */
  const hrAnd = async (...users: string[]) => {
    const held = await api.database.sql(
      `select "personId" from body_roles where role = 'hr' and "bodyKey" = $1 and coalesce("to", 'infinity') >= current_date`,
      [BODY],
    )
    const others = await Promise.all(users.map((user) => personOf(api, user)))

    return [...new Set([...held.map(({ personId }) => personId), ...others])].sort()
  }

  test('HR of the body and those with a part are told', async () => {
    await add(records, NOTE).expect(201)
    expect(await told()).toEqual(await hrAnd('newcomer', 'mentor'))
    const { body } = await hr.get('/api/notices').expect(200)
    expect(body.data.filter(({ case: of }: { case: { id: string } }) => of.id === caseId)).toHaveLength(1)
  })
  test('whoever has an office and a part is told once, and who added it is not told, whatever else he is there', async () => {
    const me = await personOf(api, 'recordsMinistry')
    caseId = await closedCase({ parties: { mentor: await personOf(api, 'hrMinistry'), supervisor: me } })
    const [role] = await api.database.sql(
      `insert into body_roles (id, "personId", role, "bodyKey", "from", basis) values (gen_random_uuid(), $1, 'hr', $2, '2020-01-01', 'test') returning id`,
      [me, BODY],
    )
    await add(records, NOTE).expect(201)
    await api.database.sql(`delete from body_roles where id = $1`, [role?.['id']])
    expect(await told()).toEqual(await hrAnd('newcomer'))
  })
})

test('what is typed is kept as a draft until it is added', async () => {
  const address = `add:${caseId}:note`
  await keepDraft(records, address, { person: await personOf(api, 'recordsMinistry'), form: NOTE.form }).expect(200)
  await add(records, NOTE).expect(201)
  const { body } = await records.get(`/api/drafts/${encodeURIComponent(address)}`).expect(200)
  expect(body.form).toBeNull()
})

test('its draft is forgotten with it and not after it: it never stands beside what was added', async () => {
  const address = `add:${caseId}:note`
  await keepDraft(records, address, { person: await personOf(api, 'recordsMinistry'), form: NOTE.form }).expect(200)
  let answered = false
  const { adding } = await api.db.sql.transaction(async (tx) => {
    await tx.run`select 1 from form_drafts where address = ${address} for update`
    const sent = add(records, NOTE).then(({ status }) => {
      answered = true

      return status
    })
    await eventually('it waits for the draft, or is answered', async () => {
      const waiting = await api.database.sql(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )

      return answered || waiting.length > 0
    })
    expect(await events()).toEqual([])

    return { adding: sent }
  })
  expect(await adding).toBe(201)
  expect(await events()).toHaveLength(1)
})

describe('reconcile finds', () => {
  const changed = async () => (await changedAdditions(api.db, [caseId])).map(({ what }) => what)
  let file: string
  beforeEach(async () => {
    file = await uploaded()
    await add(records, paper(file)).expect(201)
    expect(await changed()).toEqual([])
    expect(await decisionsWithoutCommand(api.db, 10, [caseId])).toMatchObject([
      { says: expect.stringMatching('start') },
    ])
    expect(await doneWithoutEffect(api.db, 10, [caseId])).toEqual([])
  })

  test('another file in its place', async () => {
    const other = await uploaded()
    await api.database.sql(`update files set sha256 = (select sha256 from files where id = $2) where id = $1`, [
      file,
      other,
    ])
    expect(await changed()).toEqual(['file'])
  })
  test('a file that belongs to it no more', async () => {
    await api.database.sql(`update files set "commandId" = null where id = $1`, [file])
    expect(await changed()).toEqual(['file'])
  })
  test('another content in its place', async () => {
    await api.database.sql(`update contents set hash = 'x' where "caseId" = $1`, [caseId])
    expect(await changed()).toEqual(['content'])
  })
  test('an addition that nobody has sent, and one that is in no file', async () => {
    await api.database.sql(`update commands set "caseId" = gen_random_uuid() where "caseId" = $1`, [caseId])
    expect((await decisionsWithoutCommand(api.db, 10, [caseId])).map(({ says }) => says)).toContainEqual(
      expect.stringMatching('the addition paper'),
    )
    expect(await doneWithoutEffect(api.db, 1000)).toContainEqual(expect.objectContaining({ kind: 'add' }))
  })
})

describe('a new case that continues a closed one', () => {
  const start = async (continues: string, user = 'hrMinistry') => {
    const servant = await personOf(api, 'newcomer')
    const post = await api.db.post.findFirstOrThrow({ where: { personId: servant, to: null } })
    const appointedOn = post.from.toISOString().slice(0, 10)
    const form = { person: servant, position: post.positionId, appointedOn, actNumber: '1', actDate: appointedOn }

    return (await api.as(user)).post('/api/processes/probation/cases').send({ form, continues })
  }
  const links = () => api.database.sql(`select "fromId", kind from case_links where "toId" = $1`, [caseId])

  test('is linked with it, and its page says so once the new case has begun, and before that to nobody', async () => {
    const { status, body } = await start(caseId)
    expect(status).toBe(202)
    expect(await links()).toEqual([{ fromId: body.caseId, kind: 'continues' }])
    const [command] = await api.db.command.findMany({ where: { caseId: body.caseId, kind: 'start' } })
    expect(command?.payload).toMatchObject({ continues: caseId })
    const page = async () => (await hr.get(`/api/cases/${caseId}`).expect(200)).body.links.shown
    expect(await page()).toEqual([])
    const begun = await closedCase({ status: 'open' })
    await api.database.sql(`update case_links set "fromId" = $1 where "fromId" = $2`, [begun, body.caseId])
    expect(await page()).toMatchObject([{ part: 'successor', as: null, case: { id: begun } }])
  })
  test('is not one that continues an open case, one that there is not, or one of another set', async () => {
    const cases = await Promise.all([
      closedCase({ status: 'open' }),
      closedCase({ rehearsal: 'set' }),
      closedCase({ body: 'ministryJustice' }),
    ])
    const others = [...cases, randomUUID()]
    const codes = await Promise.all(others.map(async (id) => (await start(id)).body.errors))
    expect(codes).toEqual([{ continues: 'option' }, ...others.slice(1).map(() => ({ continues: expect.any(String) }))])
    expect(await links()).toEqual([])
  })
  test('is refused as one that continues nothing to whoever does not see whether the other has ended', async () => {
    const subject = await personOf(api, 'hrMinistry')
    const seen = await Promise.all(
      (['open', 'closed'] as const).map((status) => closedCase({ version: 99, subject, parties: {}, status })),
    )
    for (const id of seen) isProblem(await hr.get(`/api/cases/${id}`), 'he sees only that it exists', [403])
    const answers = await Promise.all([...seen, randomUUID()].map(async (id) => (await start(id)).body.errors))
    expect(answers).toEqual(answers.map(() => ({ continues: 'unknownId' })))
  })
})

test('whoever answered a question and does not see the case is not told that it has ended', async () => {
  const asked = await personOf(api, 'hrAkimat')
  const agent = await api.as('hrAkimat')
  const answered = async (status: 'open' | 'closed') => {
    const of = await closedCase({ status })
    isProblem(await agent.get(`/api/cases/${of}`), status, [404])
    const task = await arrangeTask(api.db, of, {
      kind: 'consult',
      person: asked,
      state: 'completed',
      answeredBy: asked,
    })

    return Promise.all(
      [
        agent.post(`/api/tasks/${task}/complete`).send({ version: 1, form: {} }),
        agent.post(`/api/tasks/${task}/start`).send({ version: 1 }),
        agent.get(`/api/drafts/${encodeURIComponent(`task:${task}:complete`)}`),
      ].map(async (sent) => {
        const { status: said, body } = await sent

        return [said, body.code]
      }),
    )
  }
  const ofOpen = await answered('open')
  expect(ofOpen).toContainEqual([409, 'tooLate'])
  expect(await answered('closed')).toEqual(ofOpen)
})

test('whatever else somebody tries in a closed case is refused, and he is told to open a linked one', async () => {
  const me = await personOf(api, 'hrMinistry')
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: BODY, state: 'obsolete', assignee: me })
  const tries = {
    complete: hr.post(`/api/tasks/${task}/complete`).send({ version: 1, form: {} }),
    ask: hr.post(`/api/tasks/${task}/ask`).send({ version: 1, person: me, question: 'x' }),
    claim: hr.post(`/api/tasks/${task}/claim`).send({ version: 1 }),
    release: hr.post(`/api/tasks/${task}/release`).send({ version: 1 }),
    act: hr.post(`/api/cases/${caseId}/acts/recordAbsence`).send({ step: 1, form: {} }),
    comment: hr.post(`/api/cases/${caseId}/comments`).send({ text: 'x' }),
    upload: hr.post(`/api/files?form=act:${caseId}:recordAbsence&field=certificate&name=a.pdf`).send(''),
  }
  for (const [what, sent] of Object.entries(tries)) {
    const { body } = await sent
    expect([what, body.code]).toEqual([what, 'caseClosed'])
  }
})
