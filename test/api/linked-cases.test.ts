/** Links between cases, on the page and in the file of each: they show to whoever may find the other case, and give no access. */
import { randomUUID } from 'node:crypto'
import type { Engine } from '../../api/service/temporal'
import type { CaseDetail, EventView, LinksView, ProcessView } from '../../api/shapes/views'
import { appendTo, lockCase, NO_EVENTS } from '../../prisma/store/events'
import type { CaseId, Fact, Instant, IsoDate } from '../../workflows/kernel/contract'
import { processes } from '../../workflows/registry'
import { processesOf } from '../../workflows/kernel/process'
import { certificate } from '../certificate/process'
import { example } from '../example/process'
import { arrangeCase, arrangeTask, AWAY, startApi, type Agent, type Api } from './harness'

const BODY = 'ministryFinance'
const ELSEWHERE = 'ministryJustice'

let api: Api
/** what Temporal says of every case */
let history: Awaited<ReturnType<Engine['history']>> = null
/** finds the cases of one body */
let hr: Agent
/** finds every case */
let agency: Agent
/** finds every case, and sees the content of none */
let developer: Agent

beforeAll(async () => {
  api = await startApi(
    { ...AWAY, history: () => Promise.resolve(history) },
    { processes: processesOf(...processes.all, example, certificate) },
  )
  hr = await api.as('hrMinistry')
  agency = await api.as('agencyOfficer')
  developer = await api.as('developer')
})
afterAll(() => api.close())

const linksOf = async (agent: Agent, id: string): Promise<LinksView> => {
  const page: CaseDetail = (await agent.get(`/api/cases/${id}`).expect(200)).body

  return page.links
}
const aCase = async (body: string, rehearsal: string | null = null): Promise<string> => {
  const id = await arrangeCase(api.db, { body, subject: null, aboutBody: body, rehearsal })
  await api.db.case.update({ where: { id }, data: { process: 'example', version: 1, stage: 'announcing' } })

  return id
}

let made = 0
/** Later links were made later. */
const link = (fromId: string, toId: string, kind = 'opened') =>
  api.db.caseLink.create({
    data: { fromId, toId, kind, as: kind === 'opened' ? 'certificate' : null, madeAt: new Date(2026, 2, 2, 0, made++) },
  })
const shown = ({ shown: links }: LinksView) => links.map(({ part, as, case: other }) => [part, as, other?.id ?? null])

/** The start of a case that has not begun. */
const aStart = async (from: string, state: string): Promise<string> => {
  const id = randomUUID()
  await api.db.command.create({
    data: {
      ...{
        id: randomUUID(),
        caseId: id,
        senderId: from,
        kind: 'start',
        principal: `case:${from}`,
        key: id,
        digest: '',
      },
      ...{ actor: { case: from }, payload: {}, receivedAt: new Date(), state },
    },
  })
  await link(from, id)

  return id
}

describe('the page of a case', () => {
  test('names linked cases, either way, to those alone who may find them, and counts no others', async () => {
    const [opener, here, hidden] = [await aCase(BODY), await aCase(BODY), await aCase(ELSEWHERE)]
    await link(opener, here)
    await link(here, hidden)
    expect(await linksOf(agency, here)).toMatchObject({
      count: 2,
      shown: [
        { part: 'opened', as: 'certificate', case: { id: hidden, process: 'example', stage: 'announcing' } },
        { part: 'opener', as: null, case: { id: opener, status: 'open', outcome: null } },
      ],
    })
    const { body } = await hr.get(`/api/cases/${here}`).expect(200)
    expect(body.links).toMatchObject({ count: 1, shown: [{ part: 'opener', case: { id: opener } }] })
    expect(JSON.stringify(body)).not.toContain(hidden)
    // a link gives no access
    await hr.get(`/api/cases/${hidden}`).expect(404)
    expect(shown(await linksOf(agency, hidden))).toEqual([['opener', null, here]])
  })

  test('says what each kind of link makes of the other case', async () => {
    const [here, other] = [await aCase(BODY), await aCase(BODY)]
    await link(here, other, 'appeals')
    await link(other, here, 'about')
    expect(shown(await linksOf(hr, here))).toEqual([
      ['concerning', null, other],
      ['appealed', null, other],
    ])
  })

  test('has no links where there are none', async () => {
    expect(await linksOf(hr, await aCase(BODY))).toEqual({ count: 0, shown: [] })
  })

  test('shows a case that has not begun as being opened, to those alone who see what this case says', async () => {
    const here = await aCase(BODY)
    const other = await aStart(here, 'stored')
    await aStart(here, 'refused')
    const { body } = await hr.get(`/api/cases/${here}`).expect(200)
    expect(body.links).toEqual({ count: 1, shown: [{ part: 'opened', as: 'certificate', case: null }] })
    expect(JSON.stringify(body)).not.toContain(other)
    expect(await linksOf(developer, here)).toEqual({ count: 0, shown: [] })
  })

  test('shows no case across the border of a set of rehearsals', async () => {
    const [real, rehearsed, beside] = [await aCase(BODY), await aCase(BODY, 'a set'), await aCase(BODY, 'a set')]
    await link(real, rehearsed)
    await link(beside, rehearsed)
    expect(await linksOf(agency, real)).toEqual({ count: 0, shown: [] })
    expect(shown(await linksOf(agency, rehearsed))).toEqual([['opener', null, beside]])
  })

  test('shows of thousands those that were linked last, and counts those that the reader may find', async () => {
    const [here, hidden, found] = [await aCase(BODY), await aCase(ELSEWHERE), await aCase(BODY)]
    const copies = (of: string, many: number) =>
      api.database.sql(
        `with copied as (
           insert into cases select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), 'number', 'L-' || gen_random_uuid()))).*
           from cases c, generate_series(1, $3) where c.id = $2::uuid returning id)
         insert into case_links ("fromId", "toId", kind, "as", "madeAt") select $1::uuid, id, 'opened', 'certificate', '2026-03-01' from copied`,
        [here, of, many],
      )
    await copies(found, 1500)
    await copies(hidden, 500)
    await link(here, found)
    const seen = await linksOf(hr, here)
    expect([seen.count, seen.shown.length, seen.shown[0]?.case?.id]).toEqual([1501, 20, found])
    expect((await linksOf(agency, here)).count).toBe(2001)
  })
})

describe('the file of a case', () => {
  const [at, on] = ['2026-03-02T05:00:00.000Z' as Instant, '2026-03-02' as IsoDate]
  const entry = { at, on, step: null, actor: null, capacity: null, task: null }
  const write = (id: string, entries: readonly { kind: string; params: Record<string, Fact> }[]) =>
    api.db.sql.transaction(async (tx) =>
      appendTo(
        tx,
        id as CaseId,
        (await lockCase(tx, id as CaseId)) ?? NO_EVENTS,
        entries.map((each) => ({ ...entry, ...each })),
      ),
    )
  const told = async (agent: Agent, id: string): Promise<EventView[]> =>
    (await agent.get(`/api/cases/${id}/events`).expect(200)).body.data
  const of = (other: string) => [
    { kind: 'linkedCaseOpened', params: { opens: 'certificate', case: other } },
    { kind: 'linkedCaseTold', params: { act: 'setCeremony', case: other } },
    { kind: 'linkedCaseReplied', params: { case: other, result: 'done' } },
    { kind: 'linkedCaseRefused', params: { case: other, reason: 'form.invalid' } },
    { kind: 'linkedCaseEnded', params: { case: other, end: 'handed', basis: 'handedOver' } },
  ]

  test('names the other case of an entry, and says what that case did, to those alone who may find it', async () => {
    const [here, other] = [await aCase(BODY), await aCase(ELSEWHERE)]
    await write(here, [...of(other), { kind: 'linkedCasesOpened', params: { opens: 'certificate', total: 3 } }])
    const found = await told(agency, here)
    expect(found.map(({ otherCase }) => otherCase?.id)).toEqual([...Array<string>(5).fill(other), undefined])
    expect(found[0]?.otherCase).toMatchObject({ number: expect.stringMatching(/^T-/), process: 'example' })
    expect(found.map(({ params }) => params)).toEqual([
      { opens: 'certificate' },
      { act: 'setCeremony' },
      { result: 'done' },
      { reason: 'form.invalid' },
      { end: 'handed', basis: 'handedOver' },
      { opens: 'certificate', total: 3 },
    ])
    const hidden = await told(hr, here)
    expect(hidden.map(({ otherCase, params }) => [otherCase, params])).toEqual([
      [null, { opens: 'certificate' }],
      [null, { act: 'setCeremony' }],
      [null, {}],
      [null, {}],
      [null, {}],
      [null, { opens: 'certificate', total: 3 }],
    ])
    expect(JSON.stringify(hidden)).not.toContain(other)
  })

  test('shows what was written in a form without the ids of cases that the reader may not find', async () => {
    const [here, hidden, found] = [await aCase(BODY), await aCase(ELSEWHERE), await aCase(BODY)]
    const body = { other: hidden, others: [{ case: hidden, why: 'because' }, { case: found }], person: randomUUID() }
    const written = async () => {
      const content = { caseId: here, body, salt: '', hash: '', createdAt: new Date() }

      return (await api.db.content.create({ data: { id: randomUUID(), ...content } })).id
    }
    const act = { act: 'giveTime', form: { other: hidden }, content: await written() }
    await write(here, [{ kind: 'actPerformed', params: act }])
    const answered = await arrangeTask(api.db, here, { kind: 'recommend', role: 'hr', body: BODY })
    const answer = { state: 'completed', answer: { other: hidden }, answerContentId: await written() }
    await api.db.task.update({ where: { id: answered }, data: { process: 'example', ...answer } })
    const next = await arrangeTask(api.db, here, { kind: 'approve', role: 'hr', body: BODY })
    await api.db.task.update({ where: { id: next }, data: { process: 'example' } })
    const pages = async (agent: Agent) => {
      const [entry] = await told(agent, here)
      const at = (task: string) => agent.get(`/api/tasks/${task}`).expect(200)
      const [own, shows] = [await at(answered), await at(next)]
      const { acts }: CaseDetail = (await agent.get(`/api/cases/${here}`).expect(200)).body

      return {
        content: entry?.content,
        all: JSON.stringify([entry, own.body, shows.body, acts]),
        own: own.body.initial,
      }
    }
    const hers = await pages(hr)
    expect(hers.all).not.toContain(hidden)
    const shown = { ...body, other: null, others: [{ case: null, why: 'because' }, { case: found }] }
    expect([hers.content, hers.own]).toEqual([shown, shown])
    const theirs = await pages(agency)
    expect([theirs.content, theirs.own]).toEqual([body, body])
  })

  test('offers recorded items without the ids of cases that the reader may not find', async () => {
    const [hidden, found] = [await aCase(ELSEWHERE), await aCase(BODY)]
    const here = await arrangeCase(api.db, { body: BODY, subject: null })
    const absence = { from: '2026-03-02', to: '2026-03-03', kind: 'leave', withdrawn: false }
    const absences = [hidden, found].map((other) => ({ ...absence, other }))
    await api.db.case.update({ where: { id: here }, data: { facts: { startsOn: '2026-03-01', absences } } })
    const { acts }: CaseDetail = (await hr.get(`/api/cases/${here}`).expect(200)).body
    const items = acts.flatMap(({ offer }) => Object.values(offer.items).flatMap((each) => each.items))
    expect(items).toContainEqual({ ...absence, document: null, other: found })
    expect(items).toContainEqual({ ...absence, document: null, other: null })
    expect(JSON.stringify(acts)).not.toContain(hidden)
  })

  test('and its workflow history names no case that the reader may not find', async () => {
    const [here, found] = [await aCase(BODY), await aCase(ELSEWHERE)]
    const hidden = await arrangeCase(api.db, { body: BODY, subject: null, restrictedTo: [randomUUID()] })
    const base64 = (text: string) => Buffer.from(text).toString('base64')
    const payload = (value: object) => ({
      metadata: { encoding: base64('json/plain') },
      data: base64(JSON.stringify(value)),
    })
    const told = [hidden, found].map((other) => payload({ case: other, act: 'setCeremony' }))
    history = {
      events: [
        {
          ...{ eventId: '1', eventTime: '2026-03-02T05:00:00Z', eventType: 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED' },
          workflowExecutionSignaledEventAttributes: { input: { payloads: told } },
        },
      ],
    }
    const { body, text } = await developer.get(`/api/cases/${here}/history`).expect(200)
    history = null
    expect(body.data[0].attributes.input.payloads).toEqual([
      { case: null, act: 'setCeremony' },
      { case: found, act: 'setCeremony' },
    ])
    expect(text).not.toContain(hidden)
  })

  test('says why a case could not be opened, which nobody can find', async () => {
    const here = await aCase(BODY)
    const never = randomUUID()
    await write(here, [{ kind: 'linkedCaseRefused', params: { case: never, reason: 'open.unknownBody' } }])
    const entries = await told(hr, here)
    expect(entries).toMatchObject([{ otherCase: null, params: { reason: 'open.unknownBody' } }])
    expect(JSON.stringify(entries)).not.toContain(never)
  })
})

test('a process says which cases it opens, and which acts linked cases may do', async () => {
  const all: ProcessView[] = (await hr.get('/api/processes').expect(200)).body
  const view = all.find(({ name }) => name === 'example')
  expect(view?.opens).toEqual([{ as: 'certificate', process: 'certificate', whenCancelled: 'cancel' }])
  const acts = Object.fromEntries((view?.acts ?? []).map(({ act, byCases }) => [act, byCases]))
  expect(acts).toMatchObject({ certificatePrinted: ['opened'], cancel: [], giveTime: [] })
  expect(all.find(({ name }) => name === 'probation')?.opens).toEqual([])
})

describe('an act that only cases may do', () => {
  test('is offered to nobody, and refused to whoever sends it', async () => {
    const here = await aCase(BODY)
    for (const user of ['hrMinistry', 'headMinistry', 'agencyOfficer', 'developer']) {
      const agent = await api.as(user)
      const page: CaseDetail = (await agent.get(`/api/cases/${here}`).expect(200)).body
      expect(page.acts.map(({ act }) => act)).not.toContain('certificatePrinted')
      const { body } = await agent
        .post(`/api/cases/${here}/acts/certificatePrinted`)
        .send({ step: page.step, form: {} })
        .expect(403)
      expect(body.reason).toEqual({ code: 'policy.noRole' })
    }
    // by its side one that people may do as well
    const page: CaseDetail = (await hr.get(`/api/cases/${here}`).expect(200)).body
    expect(page.acts.map(({ act }) => act)).toContain('giveTime')
    expect(await api.db.command.count({ where: { caseId: here } })).toBe(0)
  })
})
