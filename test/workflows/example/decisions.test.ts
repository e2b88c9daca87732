/** Decisions that are amended and withdrawn, by the story and by whoever performs an act. */
import type { CaseId } from '../../../workflows/kernel/contract'
import { advance, openTask, say, type Casework } from '../../support/casework'
import { commendations, proposer, voteFor, type Proposal } from '../../support/commendations'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { eventually } from '../../support/eventually'
import { StoryCase } from '../../support/story-case'

jest.setTimeout(300_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let dispatcher: Dispatching
let propose: ReturnType<typeof proposer>

beforeAll(async () => {
  database = await freshDatabase()
  work = await commendations(database)
  propose = proposer(database, work)
  worker = await work.work()
  dispatcher = dispatch(work, database.url)
})
afterAll(async () => {
  await dispatcher.stop()
  await worker.stop()
  await work.close()
  await database.drop()
})

/** A commendation whose letter was given, and which waits for the certificate. */
async function given(): Promise<{ proposal: Proposal; file: StoryCase; certificate: CaseId }> {
  const proposal = await propose(true, { certificate: 'servant', roll: true })
  await voteFor(work, proposal)
  await proposal.answers('announce', proposal.hr, {})
  const certificate = await eventually('the certificate has begun', async () => {
    const link = await work.db.caseLink.findFirst({ where: { fromId: proposal.id } })

    return link && (await work.db.case.count({ where: { id: link.toId, step: { gt: 0 } } })) > 0 ? link.toId : null
  })

  return { proposal, file: new StoryCase(work, proposal.id, proposal.hr), certificate: certificate as CaseId }
}
/** Performs an act, whatever the case is being told of the certificate meanwhile. */
const does = async (file: StoryCase, act: string, by: Proposal['hr'], form: object) =>
  eventually(`${act} is taken`, async () => (await file.act(act, by, form as never)).ok)
const params = async ({ id }: StoryCase, kind: string) =>
  (await work.db.event.findFirstOrThrow({ where: { caseId: id, kind } })).params

const answered = async (id: CaseId, kind: string, by: Proposal['hr']) => {
  await eventually(`${kind} waits to be done`, () => work.db.task.count({ where: { caseId: id, kind } }))
  expect(await say(work, id, 'complete', by, { task: await openTask(work, id, kind), answer: {} })).toMatchObject({
    ok: true,
  })
}

test('a correction amends the letter: it keeps both documents, and the appeal runs anew once the correction is delivered', async () => {
  const { proposal, file, certificate } = await given()
  const [before] = (await file.decisions()) as { appealBy: { on: string }; document: string }[]
  await eventually(
    'a day before the case is refused, whatever the case is being told of the certificate meanwhile',
    async () => {
      const sent = await file.act('correctLetter', proposal.head, { from: '2026-03-01' })
      expect(sent.ok).toBe(false)

      return !sent.ok && sent.refusal.errors?.['from'] === 'beforeCase'
    },
  )
  await does(file, 'correctLetter', proposal.head, { from: '2026-03-20' })
  expect(await file.documents()).toEqual(['minutes', 'letter', 'correction'])
  expect(await params(file, 'decisionAmended')).toEqual({
    document: 'correction',
    amends: 'letter',
    effectiveFrom: '2026-03-20',
  })
  // nobody was told of it: until then the term runs from the letter
  expect(await file.decisions()).toMatchObject([
    {
      kind: 'letter',
      document: before?.document,
      effectiveFrom: '2026-03-20',
      appealBy: before?.appealBy,
      amendments: [{ kind: 'correction', deliveredOn: null, appealAnew: true }],
    },
  ])
  // the head signs what he corrected
  const { contentId } = await work.db.document.findFirstOrThrow({ where: { caseId: file.id, kind: 'correction' } })
  const { body } = await work.db.content.findUniqueOrThrow({ where: { id: contentId ?? '' } })
  expect(body).toMatchObject({
    signatory: { capacity: { en: expect.any(String) } },
    values: { from: { text: '20.03.2026' } },
  })

  await advance(work, file.id, proposal.hr, '2026-03-25')
  await answered(certificate, 'print', proposal.hr)
  await answered(certificate, 'handOver', proposal.hr)
  await eventually('the commendation has ended', async () => (await file.file()).status === 'closed')
  const [after] = (await file.decisions()) as { appealBy: { on: string; steps: unknown[] } }[]
  expect(after).toMatchObject({
    effectiveFrom: '2026-03-25',
    amendments: [
      { kind: 'correction', deliveredOn: '2026-03-25', appealAnew: true },
      // the contract names no rule by which the appeal would run anew from this one
      { kind: 'deferral', deliveredOn: '2026-03-25', appealAnew: false },
    ],
  })
  expect(after?.appealBy.on).not.toBe(before?.appealBy.on)
  expect(after?.appealBy.steps).toContainEqual({ code: 'starts', on: '2026-03-25' })
})

test('where the rule says no, the term still runs from the delivery of the letter', async () => {
  await database.sql(`update regime_rows set value = 'false' where key = 'example.appealAnew'`)
  const { proposal, file, certificate } = await given()
  await database.sql(`update regime_rows set value = 'true' where key = 'example.appealAnew'`)
  const [before] = (await file.decisions()) as { appealBy: object }[]
  await does(file, 'correctLetter', proposal.head, { from: '2026-03-20' })
  await advance(work, file.id, proposal.hr, '2026-03-25')
  await answered(certificate, 'print', proposal.hr)
  await answered(certificate, 'handOver', proposal.hr)
  await eventually('the commendation has ended', async () => (await file.file()).status === 'closed')
  expect((await file.decisions())[0]).toMatchObject({ appealBy: before?.appealBy })
})

test('the head withdraws the letter: it has no appeal, what followed from it is taken back, and the case goes another way', async () => {
  const { proposal, file } = await given()
  expect(await file.decisions()).toMatchObject([{ appealBy: { on: expect.any(String) } }])
  await does(file, 'withdrawLetter', proposal.head, { ground: 'letterInError' })
  expect(await file.file()).toMatchObject({ outcome: 'declined', basis: { code: 'letterInError' } })
  const { person } = proposal.head
  expect(await file.decisions()).toMatchObject([
    {
      kind: 'letter',
      appealBy: null,
      withdrawn: { ground: 'letterInError', by: person, capacity: 'head' },
    },
  ])
  expect(await params(file, 'decisionWithdrawn')).toEqual({ document: 'letter', withdrawnFor: 'letterInError' })
  expect(await file.events('effectUndone')).toHaveLength(1)
})

test('the story withdraws the letter of which the certificate came to nothing', async () => {
  const { proposal, file, certificate } = await given()
  await does(new StoryCase(work, certificate, proposal.hr), 'cancel', proposal.head, {})
  await eventually('the commendation has ended', async () => (await file.file()).status === 'closed')
  expect(await file.decisions()).toMatchObject([{ appealBy: null, withdrawn: { ground: 'notHandedOver' } }])
  const event = await work.db.event.findFirstOrThrow({ where: { caseId: file.id, kind: 'decisionWithdrawn' } })
  expect(event.actorId).toBeNull()
})

test('what no decision stands for is neither amended nor withdrawn', async () => {
  const proposal = await propose(true)
  await voteFor(work, proposal)
  const file = new StoryCase(work, proposal.id, proposal.hr)
  expect(await file.stage()).toBe('announcing')
  for (const [act, form] of [
    ['correctLetter', { from: '2026-03-20' }],
    ['withdrawLetter', { ground: 'unworthy' }],
  ] as const)
    expect(await file.act(act, proposal.head, form)).toMatchObject({
      ok: false,
      refusal: { status: 409, reason: { code: 'act.noDecision' } },
    })
})
