/** Decisions on the page of a case: who took each, from when it has effect, until when it may be appealed; for those who see its document. */
import type { CaseDetail } from '../../api/shapes/views'
import { recordStep } from '../../prisma/store/casefile'
import type { CaseId, PersonId } from '../../workflows/kernel/contract'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { DecisionRecord } from '../../workflows/kernel/protocol/step'
import { paperCases, templates, type PaperCases } from '../support/paper-cases'
import { personOf, startApi, type Api } from './harness'

jest.setTimeout(120_000)

/** nobody does anything in it any more */
const ENDED = { status: 'closed', stage: 'passed', outcome: 'passed' } as const

let api: Api
let cases: PaperCases
let mentor: PersonId
let caseId: string
let document: string

beforeAll(async () => {
  api = await startApi()
  cases = await paperCases(api.database)
  const id = await cases.newCase()
  mentor = (await personOf(api, 'mentor')) as PersonId
  const ordered = cases.documentOf('lapseNotice')
  document = ordered.id
  const decisions: DecisionRecord[] = [
    {
      document,
      kind: ordered.kind,
      madeOn: isoDate('2026-03-02'),
      effectiveFrom: isoDate('2026-03-09'),
      deliveredOn: isoDate('2026-03-03'),
      appealBy: { on: isoDate('2026-04-03'), steps: [{ code: 'starts', on: isoDate('2026-03-03') }] },
    },
  ]
  await recordStep(api.db, cases.stepOf(id, [ordered], { ...ENDED, decisions, parties: { mentor } }), templates)
  caseId = id
})
afterAll(() => api.close())

/** Exchanges what the document is made of; `putBack` undoes it. */
async function tampered(body: string) {
  const [kept] = await api.database.sql(
    'select k.id, k.body from contents k join documents d on d."contentId" = k.id where d.id = $1',
    [document],
  )
  const put = (to: string) => api.database.sql('update contents set body = $2 where id = $1', [kept?.['id'], to])
  await put(body)

  return { putBack: () => put(JSON.stringify(kept?.['body'])) }
}

const seenBy = async (user: string): Promise<CaseDetail['decisions']> =>
  ((await (await api.as(user)).get(`/api/cases/${caseId}`).expect(200)).body as CaseDetail).decisions

test('HR reads the document, the effect, the delivery, and the last day for an appeal with how it was reached', async () => {
  expect(await seenBy('hrMinistry')).toEqual([
    {
      document: { id: document, kind: 'lapseNotice', number: expect.stringMatching(/-LN-\d{6}$/) },
      // nobody decides that a probation lapses
      takenBy: null,
      amendments: [],
      withdrawn: null,
      void: null,
      madeOn: '2026-03-02',
      effectiveFrom: '2026-03-09',
      firstEffectiveFrom: null,
      deliveredOn: '2026-03-03',
      appeal: { on: '2026-04-03', steps: [{ code: 'starts', on: '2026-03-03' }], over: true, unverified: false },
      appeals: [],
      mayAppeal: null,
    },
  ])
})

test('why the time for an appeal stood still is told to whoever sees the pauses of the case, and not to records', async () => {
  const pause = { from: '2026-03-10', to: '2026-03-11', because: 'illness' }
  const steps = [{ code: 'paused', pauses: [pause], days: 2, reaches: '2026-04-03' }]
  const [{ decisions }] = (await api.database.sql('select decisions from cases where id = $1', [caseId])) as [
    { decisions: DecisionRecord[] },
  ]
  const put = (to: unknown) =>
    api.database.sql('update cases set decisions = $2 where id = $1', [caseId, JSON.stringify(to)])
  await put(decisions.map((decision) => ({ ...decision, appealBy: { ...decision.appealBy, steps } })))
  expect((await seenBy('hrMinistry'))[0]?.appeal?.steps).toEqual(steps)
  expect((await seenBy('recordsMinistry'))[0]?.appeal?.steps).toEqual([{ ...steps[0], pauses: [] }])
  await put(decisions)
})

test('who took it is unknown while its document cannot be read as it was issued, and never taken from what was changed', async () => {
  const { putBack } = await tampered('{"signatory": {"by": {"kk": "x", "ru": "x", "en": "x"}}}')
  expect((await seenBy('hrMinistry'))[0]?.takenBy).toBe('unknown')
  await putBack()
})

test('what was decided in a case that is cancelled has no effect, and none to appeal', async () => {
  await api.db.case.update({ where: { id: caseId }, data: { outcome: 'cancelled' } })
  expect(await seenBy('hrMinistry')).toMatchObject([{ void: 'cancelled' }])
  await api.db.case.update({ where: { id: caseId }, data: { outcome: 'passed' } })
})

test('a case of which no step has said what was decided shows nothing', async () => {
  const { decisions } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
  await api.database.sql('update cases set decisions = null where id = $1', [caseId])
  expect(await seenBy('hrMinistry')).toEqual([])
  await api.database.sql('update cases set decisions = $2 where id = $1', [caseId, JSON.stringify(decisions)])
})

test('a step of a worker of the release before, which says nothing of decisions, leaves them as they are', async () => {
  const before = await seenBy('hrMinistry')
  const step = cases.stepOf(caseId as CaseId, [], { ...ENDED, n: 3, parties: { mentor } })
  expect(step).not.toHaveProperty('decisions')
  await recordStep(api.db, step, templates)
  expect(await seenBy('hrMinistry')).toEqual(before)
  expect(before).toHaveLength(1)
})

test('whoever does not see its document is told of no decision', async () => {
  expect(await seenBy('mentor')).toEqual([])
})
