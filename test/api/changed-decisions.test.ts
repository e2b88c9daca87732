/** Decisions that were amended or withdrawn, on the page of a case; and the warning to whoever withdraws one that was delivered. */
import path from 'node:path'
import type { CaseDetail } from '../../api/shapes/views'
import { processesOf } from '../../workflows/kernel/process'
import type { DecisionRecord } from '../../workflows/kernel/protocol/step'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { PersonId } from '../../workflows/kernel/contract'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { example } from '../example/process'
import { arrangeCase, arrangeDocuments, AWAY, personOf, startApi, type Api } from './harness'

jest.setTimeout(120_000)

let api: Api
let caseId: string
let documents: Readonly<Record<string, string>>
let head: PersonId

const ACT = { step: 1, form: { ground: 'letterInError', reason: 'Another servant was meant' } }

/** The example, whose chair sees the letter and not what amends it. */
const shown = {
  ...example,
  contract: { ...example.contract, sees: { ...example.contract.sees, chair: ['course', 'document:letter'] } },
} as const

beforeAll(async () => {
  api = await startApi(AWAY, {
    processes: processesOf(...processes.all, shown),
    words: readWords(path.resolve(__dirname, '../../workflows'), path.resolve(__dirname, '..')),
  })
  head = (await personOf(api, 'headMinistry')) as PersonId
  const subject = await personOf(api, 'newcomer')
  const { bodyKey } = await api.db.bodyRole.findFirstOrThrow({ where: { personId: head, role: 'head' } })
  caseId = await arrangeCase(api.db, {
    body: bodyKey,
    subject,
    stage: 'announcing',
    version: 1,
    parties: { chair: await personOf(api, 'mentor') },
  })
  const facts = { startsOn: '2026-03-02' }
  await api.db.case.update({ where: { id: caseId }, data: { process: 'example', facts } })
  await arrangeDocuments(api.db, caseId, ['letter', 'correction'])
  const rows = await api.db.document.findMany({ where: { caseId } })
  documents = Object.fromEntries(rows.map(({ kind, id }) => [kind, id]))
})
afterAll(() => api.close())

const letter = (more: Partial<DecisionRecord> = {}): DecisionRecord => ({
  document: documents['letter'] ?? '',
  kind: 'letter',
  madeOn: isoDate('2026-03-02'),
  effectiveFrom: isoDate('2026-03-09'),
  deliveredOn: null,
  appealBy: null,
  ...more,
})
const stands = (decision: DecisionRecord) =>
  api.database.sql('update cases set decisions = $2 where id = $1', [caseId, JSON.stringify([decision])])
const page = async (user: string): Promise<CaseDetail> =>
  (await (await api.as(user)).get(`/api/cases/${caseId}`).expect(200)).body as CaseDetail
const withdraws = async (more: object = {}) =>
  (await api.as('headMinistry')).post(`/api/cases/${caseId}/acts/withdrawLetter`).send({ ...ACT, ...more })
const commands = () => api.db.command.count({ where: { caseId } })

const amendments = () => [
  {
    document: documents['correction'] ?? '',
    kind: 'correction',
    on: isoDate('2026-03-04'),
    deliveredOn: isoDate('2026-03-05'),
    appealAnew: true,
  },
]

test('what amended a decision stands beside it, with its document and the day on which it was told', async () => {
  await stands(letter({ deliveredOn: isoDate('2026-03-03'), amendments: amendments() }))
  const { decisions } = await page('hrMinistry')
  expect(decisions).toMatchObject([
    {
      document: { kind: 'letter' },
      void: null,
      withdrawn: null,
      amendments: [
        {
          document: { id: documents['correction'], kind: 'correction', number: expect.stringMatching(/^D-/) },
          on: '2026-03-04',
          deliveredOn: '2026-03-05',
          appealAnew: true,
        },
      ],
    },
  ])
})

test('a term that runs anew by a rule that nobody has verified is shown as unverified', async () => {
  const { law } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
  const by = (confidence: string) =>
    api.db.case.update({
      where: { id: caseId },
      data: { law: { rules: [{ key: 'example.appealAnew', value: true, confidence, source: 'x' }] } },
    })
  const appealBy = { on: isoDate('2026-03-10'), steps: [{ code: 'starts', on: isoDate('2026-03-05') }] } as const
  await stands(letter({ deliveredOn: isoDate('2026-03-03'), amendments: amendments(), appealBy }))
  await by('D')
  expect((await page('hrMinistry')).decisions[0]?.appeal).toMatchObject({ on: '2026-03-10', unverified: true })
  await by('L')
  expect((await page('hrMinistry')).decisions[0]?.appeal).toMatchObject({ unverified: false })
  await api.db.case.update({ where: { id: caseId }, data: { law: law ?? {} } })
})

test('of a document that he does not see a reader is told only that it amended the decision', async () => {
  await stands(letter({ amendments: amendments() }))
  expect((await page('mentor')).decisions).toMatchObject([
    { document: { kind: 'letter' }, amendments: [{ document: null, takenBy: null, on: '2026-03-04' }] },
  ])
})

test('a decision that was withdrawn says when, by whom, in what capacity and why, and has no effect', async () => {
  const on = isoDate('2026-03-06')
  await stands(letter({ withdrawn: { on, ground: 'letterInError', by: head, capacity: 'head' } }))
  const { decisions, acts } = await page('hrMinistry')
  expect(decisions).toMatchObject([
    {
      void: 'withdrawn',
      appeal: null,
      withdrawn: { on: '2026-03-06', ground: 'letterInError', by: { person: { id: head }, capacity: 'head' } },
    },
  ])
  expect(acts.map(({ act }) => act)).not.toContain('withdrawLetter')
})

test('whom the case is about is not named as the one who withdrew it to whoever does not see who it is', async () => {
  const subject = (await personOf(api, 'newcomer')) as PersonId
  await stands(letter({ withdrawn: { on: isoDate('2026-03-06'), ground: 'unworthy', by: subject, capacity: 'self' } }))
  const named = async (user: string) => (await page(user)).decisions[0]?.withdrawn?.by?.person.name.en
  const { number } = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
  expect(await named('mentor')).toBe(number)
  expect(await named('hrMinistry')).not.toBe(number)
})

test('acts that change a decision are offered while one stands, and refused when none does', async () => {
  const offered = async () => (await page('headMinistry')).acts.map(({ act }) => act)
  await stands(letter())
  expect(await offered()).toEqual(expect.arrayContaining(['correctLetter', 'withdrawLetter']))
  await stands(letter({ withdrawn: { on: isoDate('2026-03-06'), ground: 'unworthy' } }))
  expect(await offered()).not.toEqual(expect.arrayContaining(['correctLetter']))
  const refused = await withdraws()
  expect(refused.status).toBe(409)
  expect(refused.body).toMatchObject({ reason: { code: 'act.noDecision' } })
})

test('whoever withdraws a decision that was delivered is told so, and has to confirm that he knows', async () => {
  await stands(letter({ deliveredOn: isoDate('2026-03-03') }))
  const act = (await page('headMinistry')).acts.find((each) => each.act === 'withdrawLetter')
  expect(act?.withdraws).toEqual({ kind: 'letter', deliveredOn: '2026-03-03' })
  const before = await commands()
  const refused = await withdraws()
  expect(refused.status).toBe(409)
  expect(refused.body).toMatchObject({ reason: { code: 'act.unconfirmed' } })
  expect(await commands()).toBe(before)
  expect((await withdraws({ confirms: true })).status).toBe(202)
  expect(await commands()).toBe(before + 1)
})

test('one that nobody was told of is withdrawn without more', async () => {
  await stands(letter())
  const act = (await page('headMinistry')).acts.find((each) => each.act === 'withdrawLetter')
  expect(act?.withdraws).toEqual({ kind: 'letter', deliveredOn: null })
  expect((await withdraws()).status).toBe(202)
})

test('HR withdraws the dismissal of a probation with the same warning, once it is ordered', async () => {
  const subject = await personOf(api, 'newcomer')
  const id = await arrangeCase(api.db, { body: 'ministryFinance', subject, stage: 'agencyReview' })
  await arrangeDocuments(api.db, id, ['dismissalAct'])
  const offered = async () =>
    ((await (await api.as('hrMinistry')).get(`/api/cases/${id}`).expect(200)).body as CaseDetail).acts.find(
      ({ act }) => act === 'withdrawDismissal',
    )
  expect(await offered()).toBeUndefined()
  const { id: document } = await api.db.document.findFirstOrThrow({ where: { caseId: id } })
  const ordered = { ...letter({ deliveredOn: isoDate('2026-03-03') }), document, kind: 'dismissalAct' }
  await api.database.sql('update cases set decisions = $2 where id = $1', [id, JSON.stringify([ordered])])
  expect((await offered())?.withdraws).toEqual({ kind: 'dismissalAct', deliveredOn: '2026-03-03' })
  const withdraws = async (more: object = {}) =>
    (await api.as('hrMinistry'))
      .post(`/api/cases/${id}/acts/withdrawDismissal`)
      .send({ step: 1, form: { ground: 'dismissalInError', reason: 'Another was meant' }, ...more })
  expect((await withdraws()).body).toMatchObject({ status: 409, reason: { code: 'act.unconfirmed' } })
  expect((await withdraws({ confirms: true })).status).toBe(202)
})

describe('a decision that has effect from another day than it had first', () => {
  /** On the page of the case; that of the document has to say the same of a day that is not the one it states. */
  const days = async () => {
    const of = (await page('hrMinistry')).decisions.map((each) => [each.effectiveFrom, each.firstEffectiveFrom])
    const { body } = await (await api.as('hrMinistry')).get(`/api/documents/${documents['letter'] ?? ''}`).expect(200)
    const { effectiveFrom, firstEffectiveFrom } = body.dayChanged ?? {}
    expect([firstEffectiveFrom ? [effectiveFrom, firstEffectiveFrom] : null]).toEqual(
      of.map((each) => (each[1] ? each : null)),
    )

    return of
  }

  test('says both: changed by an amendment or by an appeal before the end of its case', async () => {
    await stands(letter())
    expect(await days()).toEqual([['2026-03-09', null]])
    await stands(letter({ firstEffectiveFrom: isoDate('2026-03-05') }))
    expect(await days()).toEqual([['2026-03-09', '2026-03-05']])
  })

  test('says both: changed by an appeal after the end of its case, whose file stays as it is', async () => {
    const appeal = await arrangeCase(api.db, { body: 'ministryFinance', subject: null })
    await api.database.sql(
      `insert into case_links ("fromId", "toId", kind, "madeAt") values ($1, $2, 'appeals', now())`,
      [appeal, caseId],
    )
    const changes = (to: string, decision: string, state = 'taken') =>
      api.database.sql(
        `insert into effects (id, "caseId", name, request, state, outcome, "setBodyKey", "on", at)
         values (gen_random_uuid(), $1, 'doOn', $2, $3, '{"taken": true, "value": null}', '', '2026-04-01', now())`,
        [appeal, JSON.stringify({ effect: appeal, on: to, decision }), state],
      )
    await stands(letter())
    await api.db.case.update({ where: { id: caseId }, data: { status: 'closed', outcome: 'granted' } })
    await changes('2026-05-11', documents['letter'] ?? '')
    await changes('2026-06-01', documents['letter'] ?? '', 'undone')
    await changes('2026-07-01', documents['correction'] ?? '')
    expect(await days()).toEqual([['2026-05-11', '2026-03-09']])
    await stands(letter({ firstEffectiveFrom: isoDate('2026-03-05') }))
    expect(await days()).toEqual([['2026-05-11', '2026-03-05']])
  })
})
