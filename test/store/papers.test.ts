/** Papers as rows: numbers without gaps, made once after the commit, found again, and whatever cannot be made is told. */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { recordStep } from '../../prisma/store/casefile'
import type { Db } from '../../prisma/store/db'
import { documentById, frozenDocument } from '../../prisma/store/documents'
import { verifyChain } from '../../prisma/store/events'
import { openIncidents } from '../../prisma/store/incidents'
import {
  damagedPapers,
  holdPapers,
  notePaperNotMade,
  paperBytes,
  paperByCode,
  papersOf,
  storePaper,
  takePapers,
} from '../../prisma/store/papers'
import { keepMakingPapers, make } from '../../worker/papers/making'
import { settingInThread } from '../../worker/papers/setting'
import { liftNumbering, numberings, placeOf } from '../../prisma/store/numberings'
import { mendCase } from '../../prisma/store/reconcile-rows'
import type { BodyKey, CaseId, ContentId, Instant, IsoDate, PersonId, TaskId } from '../../workflows/kernel/contract'
import { snapshotOf } from '../../workflows/kernel/protocol/step'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { inEnglish } from '../papers/samples'
import { at, on, openTask } from '../support/steps'
import { BODY, paperCases, templates, type PaperCases } from '../support/paper-cases'

const log = pino({ level: 'silent' })
const setting = settingInThread()

let database: FreshDatabase
let db: Db
let cases: PaperCases

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  db = database.db
  cases = await paperCases(database)
})
afterAll(async () => {
  await setting.stop()
  await database.drop()
})

const makeAll = async () => {
  for (;;) {
    const taken = await takePapers(db, 10)
    if (taken.length === 0) return
    await Promise.all(taken.map((paper) => make({ db, log, setting }, paper)))
  }
}
const entries = (id: CaseId) => db.event.findMany({ where: { caseId: id, kind: 'paperMade' } })
const incidentsOf = async (id: CaseId) => (await openIncidents(db)).filter(({ caseId }) => caseId === id)

test('a document becomes a paper in the languages of the state, with an entry of its bytes in the chain of the case', async () => {
  const { id, document } = await cases.ordered()
  expect((await papersOf(db, [document])).get(document)).toEqual([])
  await makeAll()
  const made = (await papersOf(db, [document])).get(document) ?? []
  expect(made.map(({ language }) => language)).toEqual(['kk', 'ru'])
  const [entry] = await entries(id)
  expect(entry).toMatchObject({
    step: null,
    params: {
      document: 'lapseNotice',
      sums: Object.fromEntries(made.map(({ language, sha256 }) => [language, sha256])),
    },
  })
  expect(await verifyChain(db, id)).toEqual({ ok: true })
  expect(await damagedPapers(db, [id], 0)).toEqual([])
  const { number } = await db.document.findUniqueOrThrow({ where: { id: document } })
  expect(number).toMatch(/^2026-LN-\d{6}$/)
  const { code } = await db.paper.findUniqueOrThrow({ where: { documentId: document } })
  expect(await paperByCode(db, code)).toMatchObject({ number, annulledOn: null, rehearsal: false })
})

test('whoever checks a paper is told when its decision was withdrawn, amended or annulled', async () => {
  const [decided, corrected] = [cases.documentOf('dismissalAct'), cases.documentOf('extensionAct')]
  const { id } = await cases.ordered(decided)
  await recordStep(db, cases.stepOf(id, [corrected], { n: 3 }), templates)
  const codeOf = async (document: string) =>
    (await db.paper.findUniqueOrThrow({ where: { documentId: document } })).code
  const [code, amending] = [await codeOf(decided.id), await codeOf(corrected.id)]
  const told = async (of: string) => {
    const paper = await paperByCode(db, of)
    if (paper === 'damaged') throw new Error(paper)

    if (!paper) return null
    const { withdrawnOn, amendedOn, movedTo, annulledOn } = paper

    return { withdrawnOn, amendedOn, movedTo, annulledOn }
  }
  const decision = {
    ...{ document: decided.id, kind: 'dismissalAct', madeOn: '2026-04-01', effectiveFrom: '2026-04-04' },
    ...{ deliveredOn: null, appealBy: null },
  }
  const stands = async (more: object) =>
    db.case.update({ where: { id }, data: { decisions: [{ ...decision, ...more }] } })
  await stands({})
  const nothing = { withdrawnOn: null, amendedOn: null, movedTo: null, annulledOn: null }
  expect([await told(code), await told(amending)]).toEqual([nothing, nothing])
  const amendments = [
    { document: corrected.id, kind: 'extensionAct', on: '2026-04-02', deliveredOn: null, appealAnew: false },
  ]
  await stands({ amendments })
  expect([await told(code), await told(amending)]).toEqual([{ ...nothing, amendedOn: '2026-04-02' }, nothing])
  await stands({ amendments, withdrawn: { on: '2026-04-03', ground: 'cancelledOnAppeal' } })
  expect([await told(code), await told(amending)]).toEqual([
    { ...nothing, amendedOn: '2026-04-02', withdrawnOn: '2026-04-03' },
    { ...nothing, withdrawnOn: '2026-04-03' },
  ])
  await db.annulment.create({
    data: {
      ...{ caseId: id, byId: await cases.newCase(), effectId: randomUUID() },
      on: new Date('2026-04-10'),
      at: new Date(),
      ground: 'cancelledOnAppeal',
    },
  })
  expect(await told(code)).toMatchObject({ annulledOn: '2026-04-10' })
})

test('whoever checks a paper is told from when its decision has effect where an appeal changed that, before or after the end of its case', async () => {
  const [decided, other] = [cases.documentOf('dismissalAct'), cases.documentOf('extensionAct')]
  const { id } = await cases.ordered(decided)
  await recordStep(db, cases.stepOf(id, [other], { n: 3 }), templates)
  const movedTo = async (document: string) => {
    const { code } = await db.paper.findUniqueOrThrow({ where: { documentId: document } })

    const paper = await paperByCode(db, code)

    return paper === 'damaged' ? paper : paper?.movedTo
  }
  const decisions = [decided, other].map(({ id: document, kind }) => ({
    ...{ document, kind, madeOn: '2026-04-01', effectiveFrom: '2026-05-04', firstEffectiveFrom: '2026-04-04' },
    ...{ deliveredOn: null, appealBy: null, amendments: [] },
  }))
  await db.case.update({ where: { id }, data: { decisions } })
  // another day alone may be the work of an amendment
  expect(await movedTo(decided.id)).toBeNull()
  const moved = (to: string) => ({
    ...{ kind: 'decisionMoved', at: '2026-04-10T06:00:00.000Z' as Instant, on: '2026-04-10' as IsoDate },
    params: { document: 'dismissalAct', effectiveFrom: to },
  })
  await recordStep(db, cases.stepOf(id, [], { n: 4, events: [moved('2026-04-20'), moved('2026-05-04')] }), templates)
  await db.case.update({ where: { id }, data: { decisions } })
  expect([await movedTo(decided.id), await movedTo(other.id)]).toEqual(['2026-05-04', null])

  const appeal = await cases.newCase()
  await database.sql(`insert into case_links ("fromId", "toId", kind, "madeAt") values ($1, $2, 'appeals', now())`, [
    appeal,
    id,
  ])
  await database.sql(
    `insert into effects (id, "caseId", name, request, state, outcome, "setBodyKey", "on", at)
     values (gen_random_uuid(), $1, 'doOn', $2, 'taken', '{"taken": true, "value": null}', '', '2026-05-20', now())`,
    [appeal, JSON.stringify({ effect: appeal, on: '2026-06-01', decision: decided.id })],
  )
  expect([await movedTo(decided.id), await movedTo(other.id)]).toEqual(['2026-06-01', null])
})

test('whoever checks a paper whose content was changed by another hand is not told that there is none', async () => {
  const { document } = await cases.ordered()
  await makeAll()
  const { code } = await db.paper.findUniqueOrThrow({ where: { documentId: document } })
  await database.sql(
    `update contents set body = jsonb_set(body, '{number}', '"2026-LN-999999"') where id = (select "contentId" from documents where id = $1)`,
    [document],
  )
  expect(await paperByCode(db, code)).toBe('damaged')
  expect(await paperByCode(db, `${code.slice(0, -1)}0`)).toBeNull()
})

test('where the contract says so a document becomes a paper in English too', async () => {
  const { document } = await cases.ordered(cases.documentOf(), inEnglish)
  await makeAll()
  const made = (await papersOf(db, [document])).get(document) ?? []
  expect(made.map(({ language }) => language)).toEqual(['kk', 'ru', 'en'])
  expect((await paperBytes(db, document, 'en'))?.bytes.byteLength).toBeGreaterThan(10_000)
})

test('a document names others of its case by number and date, which its own step or an earlier one ordered', async () => {
  const id = await cases.newCase()
  const [request, reply, act] = ['agencyRequest', 'agencyReply', 'dismissalAct'].map(cases.documentOf)
  if (!request || !reply || !act) throw new Error('no documents')
  await recordStep(db, cases.stepOf(id, [request]), templates)
  await recordStep(db, cases.stepOf(id, [reply, act], { n: 3 }), templates)
  // one that is frozen later names what it would have named then
  const late = cases.documentOf('agencyReply')
  await recordStep(db, cases.stepOf(id, [late], { n: 4 }), { ...templates, broughtBack: true })
  await recordStep(db, cases.stepOf(id, [cases.documentOf('agencyRequest')], { n: 5 }), templates)
  const saidOf = async (document: string, name: string) => {
    const row = await documentById(db, document)

    return row && (await frozenDocument(db, templates, row))?.values[name]
  }
  const named = async (document: string) => {
    const { number, issuedOn } = await db.document.findUniqueOrThrow({ where: { id: document } })
    const said = `${number}, ${issuedOn.toISOString().slice(0, 10).split('-').reverse().join('.')}`

    return { words: { kk: `№ ${said}`, ru: `№ ${said}`, en: `No. ${said}` } }
  }
  expect(await saidOf(reply.id, 'agencyRequest')).toEqual(await named(request.id))
  expect(await saidOf(act.id, 'agencyReply')).toEqual(await named(reply.id))
  expect(await saidOf(late.id, 'agencyRequest')).toEqual(await named(request.id))
  // none that is not named is kept with it
  expect(await saidOf(act.id, 'agencyRequest')).toBeUndefined()
  // nobody answered in this case, so that its papers are not made: they are not to be taken up by another test
  await makeAll()
})

test('a reply of the Agency that is brought back from history is numbered in the series of the Agency', async () => {
  const id = await cases.newCase()
  const agency = 'civilServiceAgency' as BodyKey
  const [task, content] = [randomUUID() as TaskId, randomUUID() as ContentId]
  const asked = openTask(task, { kind: 'agreeDismissal', for: { role: 'agency', body: agency } })
  await recordStep(db, cases.stepOf(id, [], { tasks: [asked] }), templates)
  const reply = cases.documentOf('agencyReply')
  const answer = {
    ...{ by: (await db.person.findFirstOrThrow()).id as PersonId, at, on, facts: { decision: 'refuse' } },
    content: { id: content, hash: 'x' },
  }
  const lost = cases.stepOf(id, [reply], { n: 3, closed: [{ id: task, state: 'completed', answer }] })
  const [before] = await database.sql(`select last from numberings where register = $1`, [`document/${agency}/AA/2026`])
  expect(await mendCase(db, templates, { snapshot: snapshotOf(lost), steps: [lost], now: Date.now() })).toBe(true)
  const brought = await documentById(db, reply.id)
  expect(brought).toMatchObject({ made: { issuer: agency }, contentId: null })
  expect(brought?.number).toBe(`2026-AA-${String(Number(before?.['last'] ?? 0) + 1).padStart(6, '0')}`)
})

test('after a restore a series goes on from the highest number that was handed out, and never back', async () => {
  const next = async () => {
    const { document } = await cases.ordered(cases.documentOf('mentorOrder'))

    return (await db.document.findUniqueOrThrow({ where: { id: document } })).number
  }
  await next()
  const place = placeOf('2026-MO-000500', BODY)
  if (!place) throw new Error('it is a number')
  expect(await liftNumbering(db, place)).toBe(true)
  expect(await next()).toBe('2026-MO-000501')
  expect(await liftNumbering(db, place)).toBe(false)
  expect(await next()).toBe('2026-MO-000502')
  expect(await numberings(db)).toContainEqual({ register: `document/${BODY}/MO/2026`, last: 502 })
  expect(placeOf('2026-000123', null)).toEqual({ register: 'case/2026', last: 123 })
  for (const number of ['2026-3F2A9C01B4D7', 'R-2026-000001', '', 'x']) expect(placeOf(number, null)).toBeNull()
  await makeAll()
})

test('two workers that make the same paper store it once', async () => {
  const { id, document } = await cases.ordered()
  const [paper] = await takePapers(db, 10)
  if (!paper) throw new Error('nothing to make')
  await Promise.all([make({ db, log, setting }, paper), make({ db, log, setting }, paper)])
  expect(await entries(id)).toHaveLength(1)
  expect((await papersOf(db, [document])).get(document)).toHaveLength(2)
  expect(await storePaper(db, paper, [])).toBe(false)
  // a third, which took it up too and failed, has nothing to say of a paper that is there
  await notePaperNotMade(db, paper, 'a broken layout')
  expect(await incidentsOf(id)).toEqual([])
})

test('a paper that a killed worker had taken up is taken up again when its time is over, and not before', async () => {
  const { document } = await cases.ordered()
  expect((await takePapers(db, 10)).map((paper) => paper.document)).toContain(document)
  expect((await takePapers(db, 10)).map((paper) => paper.document)).not.toContain(document)
  await database.sql(`update papers set "tryAt" = now() where "documentId" = $1`, [document])
  await makeAll()
  expect((await papersOf(db, [document])).get(document)).toHaveLength(2)
})

test('one decision among many of another kind has its paper with the next ones, the newest before the older, and the oldest too', async () => {
  await makeAll()
  const many = async (count: number) =>
    (await Promise.all(Array.from({ length: count }, () => cases.ordered(cases.documentOf('mentorOrder'))))).map(
      ({ document }) => document,
    )
  const before = await many(20)
  const single = await cases.ordered()
  await many(20)
  const newest = await cases.ordered(cases.documentOf('mentorOrder'))
  const [oldest] = await database.sql(
    `select "documentId" as id from papers where "madeAt" is null order by "tryAt" limit 1`,
  )
  const taken = (await takePapers(db, 10)).map(({ document }) => document)
  expect(taken).toHaveLength(10)
  expect(taken).toContain(single.document)
  expect(taken).toContain(newest.document)
  expect(taken).toContain(oldest?.['id'])
  expect(before).toContain(oldest?.['id'])
  // all are taken in the end, and each once
  const all = [...taken]
  for (;;) {
    const more = await takePapers(db, 10)
    if (more.length === 0) break
    all.push(...more.map(({ document }) => document))
  }
  expect([all.length, new Set(all).size]).toEqual([42, 42])
  await database.sql(`update papers set "tryAt" = now() where "madeAt" is null`)
  await makeAll()
})

test('a paper that takes long to set stays with whoever sets it', async () => {
  const { document } = await cases.ordered()
  await takePapers(db, 10)
  await database.sql(`update papers set "tryAt" = now() where "documentId" = $1`, [document])
  expect(await holdPapers(db, [document])).toBe(1)
  expect((await takePapers(db, 10)).map((paper) => paper.document)).not.toContain(document)
  await database.sql(`update papers set "tryAt" = now() where "documentId" = $1`, [document])
  await makeAll()
})

test('a worker that waits for work makes what is ordered', async () => {
  await makeAll()
  const making = keepMakingPapers({ db, databaseUrl: database.url, log })
  try {
    const first = await cases.ordered()
    await eventually('the paper', async () => (await papersOf(db, [first.document])).get(first.document)?.length === 2)
    const { document } = await cases.ordered()
    await eventually('the paper', async () => (await papersOf(db, [document])).get(document)?.length === 2)
  } finally {
    await making.stop()
  }
})

test('what cannot be made is no half paper but an incident, and is resolved when its template is mended', async () => {
  const { words } = templates
  const probation = words.ru['probation']
  const documents = {
    ...(typeof probation?.['documents'] === 'object' && probation['documents']),
    lapseNotice: { title: 'Уведомление', body: 'Кому: %{nobody}' },
  }
  const broken = { ...templates, words: { ...words, ru: { ...words.ru, probation: { ...probation, documents } } } }
  const { id, document } = await cases.ordered(cases.documentOf(), broken)
  await makeAll()
  expect((await papersOf(db, [document])).get(document)).toEqual([])
  expect(await incidentsOf(id)).toMatchObject([
    { kind: 'paperNotMade', params: { document: 'lapseNotice', cause: expect.stringContaining('nobody') } },
  ])
  expect(await damagedPapers(db, [id], 0)).toMatchObject([{ what: 'notMade' }])
  // a mistake in the order cannot be mended in what was frozen; a lost connection or a broken layout can
  const [paper] = await database.sql(
    `select "documentId" as document, "caseId" as case from papers where "documentId" = $1`,
    [document],
  )
  await storePaper(db, { document, case: id, kind: 'lapseNotice', number: String(paper?.['number']) }, [])
  expect(await incidentsOf(id)).toEqual([])
})

test('bytes are never written over, and a changed byte is found', async () => {
  const { id, document } = await cases.ordered()
  await makeAll()
  const before = await paperBytes(db, document, 'kk')
  await expect(
    database.sql(`update paper_renderings set bytes = '\\x00' where "documentId" = $1`, [document]),
  ).rejects.toThrow(/neither changed nor deleted/)
  expect(await paperBytes(db, document, 'kk')).toEqual(before)
  await database.sql(`alter table paper_renderings disable trigger paper_renderings_are_kept`)
  await database.sql(
    `update paper_renderings set bytes = set_byte(bytes, 100, 7) where "documentId" = $1 and language = 'kk'`,
    [document],
  )
  await database.sql(`alter table paper_renderings enable trigger paper_renderings_are_kept`)
  expect(await damagedPapers(db, [id], 0)).toMatchObject([{ what: 'changed' }])
})

test('numbers of each kind have no gaps and no doubles however many cases order at once, and whatever fails', async () => {
  const kinds = ['lapseNotice', 'mentorOrder', 'reviewSheet', 'adaptationPlan']
  const ids = await Promise.all(Array.from({ length: 24 }, () => cases.newCase()))
  const results = await Promise.allSettled(
    ids.map((id, i) => {
      // each in another order, so that they would wait in a circle if rows of numbers were taken as they come
      const rotated = [...kinds.slice(i % 4), ...kinds.slice(0, i % 4)].map((kind) => cases.documentOf(kind))
      // one in six fails half-way: its numbers are not lost
      const documents = i % 6 === 5 ? [...rotated, ...rotated.slice(0, 1)] : rotated

      return recordStep(db, cases.stepOf(id, documents, { rehearsal: i % 2 === 0 ? 'set A' : 'set B' }), templates)
    }),
  )
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4)
  for (const set of ['A', 'B'])
    for (const mark of ['LN', 'MO', 'RS', 'AP']) {
      const [numbering] = await database.sql(`select last from numberings where register = $1`, [
        `rehearsal/${BODY}/set ${set}/document/${BODY}/${mark}/2026`,
      ])
      const rows = await database.sql(
        `select d.number from documents d join steps s on s."caseId" = d."caseId" and s.n = 2 where d."caseId" = any($1::uuid[]) and d.number like $2
         order by d.number`,
        [ids.filter((_, i) => (i % 2 === 0 ? 'A' : 'B') === set), `R-2026-${mark}-%`],
      )
      expect(rows.map(({ number }) => Number(String(number).slice(-6)))).toEqual(
        Array.from({ length: Number(numbering?.['last']) }, (_, i) => i + 1),
      )
    }
})

test('real numbers of two bodies at the turn of the year: a series for each body and year, without a gap, whatever fails half-way', async () => {
  const other = (await db.stateBody.findFirstOrThrow({ where: { key: { not: BODY } }, orderBy: { key: 'asc' } }))
    .key as BodyKey
  const days = ['2030-12-31', '2031-01-01'] as IsoDate[]
  const planned = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const body = i % 2 === 0 ? BODY : other
      const [id, on] = [await cases.newCase(body), days[Math.floor(i / 2) % 2] ?? '']
      const documents = ['lapseNotice', 'adaptationPlan'].map(cases.documentOf)

      // one in five fails when its numbers are taken: one of its documents is there twice
      return { id, body, on, fails: i % 5 === 4, documents: i % 5 === 4 ? [...documents, ...documents] : documents }
    }),
  )
  const results = await Promise.allSettled(
    planned.map(({ id, body, on, documents }) =>
      recordStep(db, cases.stepOf(id, documents, { body, on: on as IsoDate, rehearsal: null }), templates),
    ),
  )
  expect(results.map(({ status }) => status === 'rejected')).toEqual(planned.map(({ fails }) => fails))
  for (const body of [BODY, other])
    for (const day of days)
      for (const mark of ['LN', 'AP']) {
        const year = day.slice(0, 4)
        const of = planned.filter((each) => each.body === body && each.on === day && !each.fails).map(({ id }) => id)
        const numbers = await database.sql(
          `select number from documents where "caseId" = any($1::uuid[]) and number like $2 order by number`,
          [of, `${year}-${mark}-%`],
        )
        expect(of.length).toBeGreaterThan(5)
        expect(numbers.map(({ number }) => number)).toEqual(
          of.map((_, n) => `${year}-${mark}-${String(n + 1).padStart(6, '0')}`),
        )
        expect(await numberings(db)).toContainEqual({ register: `document/${body}/${mark}/${year}`, last: of.length })
      }
})
