/** Appeals of dismissals, on a real Temporal and Postgres with a real dispatcher: what becomes of the post, by outcome and by when. */
import { randomUUID } from 'node:crypto'
import { Worker } from '@temporalio/worker'
import pino from 'pino'
import { createActivities } from '../../../activities'
import { askNextBodies } from '../../../api/operations/next-body'
import { actorOf } from '../../../prisma/store/accounts'
import { caseById } from '../../../prisma/store/cases'
import { seedRegister } from '../../../prisma/seed/seed'
import { changedDaysOf } from '../../../prisma/store/case-links'
import { contentOfDocument } from '../../../prisma/store/documents'
import { verifyChain } from '../../../prisma/store/events'
import { processStores } from '../../../prisma/store/process-stores'
import { bundleWorkflows } from '../../../worker/bundle'
import { LOCALES, type Actor, type CaseId, type Locale, type PersonId } from '../../../workflows/kernel/contract'
import type { EffectOutcome, TakeEffect } from '../../../workflows/kernel/protocol/activities'
import { processes } from '../../../workflows/registry'
import { numbered, paperOf } from '../../../workflows/paper'
import { readWords } from '../../../workflows/words'
import { actor, type Casework } from '../../support/casework'
import { appoint, endPost } from '../../../prisma/store/posts'
import type { Author } from '../../../prisma/store/register-trail'
import { holdersOf, servicePost } from '../../../prisma/store/service'
import { isoDate } from '../../../workflows/kernel/law/calendar'
import { sightOf, viewerOf } from '../../../workflows/kernel/law/sight'
import { freshPosition } from '../../support/positions'
import {
  AppealCase,
  appealing,
  appealOf,
  casting,
  dismissal,
  postOf,
  SAMPLE,
  TOLD,
  type Hearers,
} from '../../support/appeals'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import { dispatch, type Dispatching } from '../../support/dispatching'
import { eventually } from '../../support/eventually'
import { recordHistories } from '../../support/histories'

jest.setTimeout(200_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
let dispatcher: Dispatching
let someone: ReturnType<typeof casting>

beforeAll(async () => {
  database = await freshDatabase()
  await seedRegister(database.url, SAMPLE)
  work = await appealing(database, { takeEffect: held })
  worker = await work.work()
  dispatcher = dispatch(work, database.url)
  someone = casting(database, work)
})
afterAll(async () => {
  await dispatcher.stop()
  await worker.stop()
  await work.close()
  await database.drop()
})

const row = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
const closed = (id: CaseId) => eventually(`the end of ${id}`, async () => (await row(id)).status === 'closed')
const at = async (id: CaseId, stage: string) => eventually(stage, async () => (await row(id)).stage === stage)
const nothingUnderway = () =>
  eventually('nothing is under way', async () => (await work.db.command.count({ where: { state: 'stored' } })) === 0)
const annulled = async (id: CaseId) => (await work.db.annulment.count({ where: { caseId: id } })) > 0
const HELD = { from: '2026-01-05', to: null, ground: null, roles: [null] }
/** dismissed with a day: the role that hangs on the post has the same last day */
const endedOn = (to: string) => ({ from: '2026-01-05', to, ground: 'probation', roles: [to] })
/** three working days after 18 March: 19, 20 and 26; 21 to 25 March are off */
const NOTICE = '2026-03-26'

const BEFORE_EFFECT = {
  ok: false,
  refusal: { status: 422, reason: { code: 'form.invalid' }, errors: { effectiveFrom: 'beforeEffect' } },
}

/** An official of the Agency who had no part in the first appeal, and agreed to nothing. */
async function anotherOfficial({ body }: Hearers, { keptFrom }: { readonly keptFrom: readonly string[] }) {
  const holders = await holdersOf(work.db, { role: 'agency', body }, SAMPLE.on)
  const free = holders.find((id) => !keptFrom.includes(id))

  return actor(free ?? '', ['agency', body])
}

/** Where an effect is held: before it is done, or after, when nobody knows of it yet. */
type Moment = 'asked' | 'done'
interface Hold {
  readonly effect: string
  readonly at: Moment
  readonly reached: () => void
  readonly goesOn: Promise<void>
}
let hold: Hold | null = null

/** An effect as the product does it, but that one is held where the test says. */
async function held(asked: TakeEffect): Promise<EffectOutcome> {
  const { takeEffect } = createActivities({
    ...{ db: database.db, log: pino({ level: 'silent' }), words: readWords(), processes, stores: processStores },
  })
  const stands = async (at: Moment): Promise<void> => {
    if (hold?.at !== at || asked.name !== hold.effect) return
    hold.reached()
    await hold.goesOn
  }
  await stands('asked')
  const outcome = await takeEffect(asked)
  await stands('done')

  return outcome
}

/** An appeal that is ruled on while the end of the post is under way; when what it came to has been sent to the case, that goes on. */
async function ruledWhile(at: Moment, outcome: string, day?: string) {
  const people = await someone()
  const file = await dismissal(work, people.cast)
  let goOn = (): void => undefined
  const goesOn = new Promise<void>((resolve) => (goOn = resolve))
  const reached = new Promise<void>((resolve) => (hold = { effect: 'endPost', at, reached: resolve, goesOn }))
  try {
    const coming = file.comes('2026-04-02')
    await reached
    const appealed = await appealOf(work, people, file.id, { on: '2026-04-02' })
    expect(appealed.outcome).toEqual({ result: 'started' })
    await appealed.file.isRuled(outcome, day)
    await eventually('the ruling to come to the case', async () => {
      const told = await work.db.command.findFirst({ where: { caseId: file.id, act: 'decidedOnAppeal' } })
      const { events } = await work.client.workflow.getHandle(file.id).fetchHistory()

      return events?.some(
        (each) => each.workflowExecutionUpdateAcceptedEventAttributes?.protocolInstanceId === told?.id,
      )
    })
    goOn()
    expect(await coming).toMatchObject({ ok: true })
    await closed(file.id)
    await eventually('to be told', () => appealed.file.isAcknowledged())
    await closed(appealed.file.id)

    return { ...people, file, appeal: appealed.file }
  } finally {
    goOn()
    hold = null
  }
}

/** An appeal that is heard while the dismissal stands at a point of its execution. */
async function arrange(when: 'before' | 'after') {
  const people = await someone()
  const file = await dismissal(work, people.cast)
  if (when === 'after') {
    await file.comes('2026-04-02')
    expect(await file.file()).toMatchObject({ outcome: 'dismissed' })
  }
  const { file: appeal, outcome } = await appealOf(work, people, file.id, {
    on: when === 'after' ? '2026-04-02' : TOLD,
  })
  expect(outcome).toEqual({ result: 'started' })

  return { ...people, file, appeal }
}

test('the notice ends when the table says, without an appeal, and the role that hangs on the post with it', async () => {
  const { cast } = await someone()
  const file = await dismissal(work, cast)
  await file.comes('2026-04-10')
  expect(await postOf(work, cast)).toEqual([endedOn(NOTICE)])
})

describe('before it is carried out', () => {
  test('cancelled: he keeps his post, his probation ends so at once, and nothing is annulled', async () => {
    const { cast, file, appeal } = await arrange('before')
    await appeal.isRuled('cancel')
    await closed(file.id)
    expect(await row(file.id)).toMatchObject({ outcome: 'keptInService', basis: { code: 'cancelledOnAppeal' } })
    await at(appeal.id, 'executing')
    await eventually('to be told', () => appeal.isAcknowledged())
    expect(await row(appeal.id)).toMatchObject({ outcome: 'granted', basis: { code: 'cancelledOnAppeal' } })
    expect(await postOf(work, cast)).toEqual([HELD])
    expect(await annulled(file.id)).toBe(false)
    expect(await verifyChain(work.db, appeal.id)).toEqual({ ok: true })
    const told = await work.db.notice.findMany({ where: { caseId: file.id, kind: 'resultUndone' } })
    expect(told.map(({ role }) => role).sort()).toEqual(['agency', 'hr'])
  })

  test('the day comes while it is heard: nothing is carried out; upheld, he is dismissed with the day of the ruling', async () => {
    const { cast, file, appeal } = await arrange('before')
    await appeal.isPrepared()
    await file.comes('2026-04-06')
    expect(await row(file.id)).toMatchObject({ status: 'open', stage: 'agencyReview' })
    expect(await postOf(work, cast)).toEqual([HELD])
    await appeal.isVoted('uphold')
    await appeal.isWritten()
    await closed(file.id)
    expect(await postOf(work, cast)).toEqual([endedOn('2026-04-06')])
    expect(await row(file.id)).toMatchObject({ outcome: 'dismissed' })
  })

  test('changed: he is dismissed with the day that the ruling names', async () => {
    const { cast, file, appeal } = await arrange('before')
    await appeal.isPrepared()
    await appeal.isVoted('change')
    // yesterday, by the day of the appeal
    expect(await appeal.isWritten('2026-03-17')).toMatchObject(BEFORE_EFFECT)
    expect(await appeal.isWritten('2026-05-11')).toMatchObject({ ok: true })
    await eventually('the day to move', async () => (await file.events('decisionMoved')).length === 1)
    expect(await file.decisions()).toMatchObject([{ effectiveFrom: '2026-05-11', firstEffectiveFrom: NOTICE }])
    await file.comes('2026-05-08')
    expect(await postOf(work, cast)).toEqual([HELD])
    await file.comes('2026-05-11')
    await closed(file.id)
    expect(await postOf(work, cast)).toEqual([endedOn('2026-05-11')])
  })

  test('withdrawn while it is heard: execution goes on, and he may appeal again', async () => {
    const { cast, hearers, file, appeal } = await arrange('before')
    await appeal.isPrepared()
    /** By a part in the appeal alone: whoever is of the Agency sees both cases by that office. */
    const seenBy = async (person: PersonId, of: CaseId) => {
      const who = await actorOf(work.db, person, SAMPLE.on)
      const viewer = who && viewerOf({ ...who, grants: [] }, processes.tables)
      const seen = viewer && (await caseById(work.db, viewer, of))?.seen

      return viewer && seen ? sightOf(viewer, seen).sees('course') : null
    }
    const seen = async (of: CaseId) => {
      const { person } = hearers.secretary

      return [await seenBy(person, of), ...(await Promise.all(hearers.members.map((each) => seenBy(each, of))))]
    }
    const all = [true, ...hearers.members.map(() => true)]
    const none = all.map(() => false)
    expect([await seen(appeal.id), await seen(file.id)]).toEqual([all, all])
    expect(await appeal.isWithdrawn()).toMatchObject({ ok: true })
    await closed(appeal.id)
    expect(await row(appeal.id)).toMatchObject({ outcome: 'withdrawn' })
    // whoever was to hear it has decided nothing
    expect([await seen(appeal.id), await seen(file.id)]).toEqual([none, none])
    const again = await appealOf(work, { cast, hearers }, file.id)
    expect(again.outcome).toEqual({ result: 'started' })
    expect(await again.file.isWithdrawn()).toMatchObject({ ok: true })
    await closed(again.file.id)
    await nothingUnderway()
    await file.comes(NOTICE)
    await closed(file.id)
    expect(await postOf(work, cast)).toEqual([endedOn(NOTICE)])
  })

  test('returned: the head who decided first decides nothing again; whoever decides anew cancels it', async () => {
    const { cast, file, appeal } = await arrange('before')
    await appeal.isRuled('return')
    await at(appeal.id, 'reconsidering')
    const { kept } = await work.db.case
      .findUniqueOrThrow({ where: { id: appeal.id } })
      .then(({ keptFrom }) => ({ kept: keptFrom }))
    expect(kept).toContain(cast.head.person)
    expect(await appeal.answer('decideAnew', cast.head, { decision: 'stands' })).toMatchObject({
      refusal: { status: 403 },
    })
    const other = actor(cast.otherMentor, ['head', cast.body])
    expect(await appeal.answer('decideAnew', other, { decision: 'cancel' })).toMatchObject({ ok: true })
    await closed(file.id)
    // it is a decision of its own, with its paper, by the body that decided first
    expect(await appeal.documents()).toEqual(['minutes', 'ruling', 'newDecision'])
    const anew = await work.db.document.findFirstOrThrow({ where: { caseId: appeal.id, kind: 'newDecision' } })
    expect(anew.number).toMatch(/-AN-/)
    await eventually('to be told', () => appeal.isAcknowledged())
    await closed(appeal.id)
    const deliveredOn = expect.any(String) as string
    expect(await appeal.decisions()).toMatchObject([
      { kind: 'ruling', deliveredOn },
      { kind: 'newDecision', document: anew.id, deliveredOn, appealBy: null },
    ])
    expect(await row(file.id)).toMatchObject({ outcome: 'keptInService' })
    expect(await postOf(work, cast)).toEqual([HELD])
  })
})

/** An appeal is received for a case, and its own does not begin: nobody has sent it to Temporal. Answers with the case that it will be. */
async function isReceived(of: CaseId): Promise<CaseId> {
  const id = randomUUID() as CaseId
  await database.sql(
    `insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "receivedAt", "sentAt", state)
     values (gen_random_uuid(), $1, 'start', 'servant', gen_random_uuid(), '', '{}', $2, now(), now() + interval '1 day', 'stored')`,
    [id, JSON.stringify({ input: { process: 'appeal', aboutCase: of } })],
  )

  return id
}

test('the day comes after the appeal was received and before its case begins: the post stays', async () => {
  const people = await someone()
  const { cast } = people
  const file = await dismissal(work, cast)
  const id = await isReceived(file.id)
  const coming = file.comes('2026-04-06')
  await eventually('the end of the post to be tried again', async () => {
    const { raw } = await work.client.workflow.getHandle(file.id).describe()

    return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1)
  })
  expect(await postOf(work, cast)).toEqual([HELD])
  const { file: appeal, outcome } = await appealOf(work, people, file.id, { id })
  expect(outcome).toEqual({ result: 'started' })
  await database.sql(`update commands set state = 'done' where "caseId" = $1 and kind = 'start'`, [id])
  expect(await coming).toMatchObject({ ok: true })
  expect(await row(file.id)).toMatchObject({ status: 'open', stage: 'agencyReview' })
  expect(await postOf(work, cast)).toEqual([HELD])
  await appeal.isRuled('cancel')
  await closed(file.id)
  expect(await row(file.id)).toMatchObject({ outcome: 'keptInService' })
  expect(await postOf(work, cast)).toEqual([HELD])
})

test('cancelled while an appeal keeps its decision from being carried out, a case takes back nothing that it never did', async () => {
  const { cast, file, appeal } = await arrange('before')
  await appeal.isPrepared()
  await file.comes('2026-04-06')
  const ofPost = { caseId: file.id, name: 'endPost' }
  expect(await work.db.effect.findMany({ where: ofPost })).toMatchObject([{ state: 'refused' }])
  expect(await file.act('cancel', cast.head, { ground: 'otherGround' })).toMatchObject({ ok: true })
  await closed(file.id)
  expect([await file.events('effectTaken'), await file.events('effectUndone')]).toEqual([[], []])
  expect(await work.db.effect.findMany({ where: ofPost })).toMatchObject([{ state: 'refused' }])
  expect(await postOf(work, cast)).toEqual([HELD])
})

describe('while it is carried out', () => {
  // what is asked for finds the appeal when it is done; what was done before the appeal was received is taken back, or done for another day
  const table: readonly (readonly [Moment, string, string | undefined, object])[] = [
    ['asked', 'cancel', undefined, { post: HELD, dismissal: 'keptInService', appeal: 'granted', annulled: false }],
    [
      'asked',
      'change',
      '2026-05-11',
      { post: endedOn('2026-05-11'), dismissal: 'dismissed', appeal: 'changed', annulled: false },
    ],
    [
      'asked',
      'uphold',
      undefined,
      { post: endedOn(NOTICE), dismissal: 'dismissed', appeal: 'upheld', annulled: false },
    ],
    ['done', 'cancel', undefined, { post: HELD, dismissal: 'dismissed', appeal: 'granted', annulled: true }],
    [
      'done',
      'change',
      '2026-05-11',
      { post: endedOn('2026-05-11'), dismissal: 'dismissed', appeal: 'changed', annulled: false },
    ],
    ['done', 'uphold', undefined, { post: endedOn(NOTICE), dismissal: 'dismissed', appeal: 'upheld', annulled: false }],
  ]

  test.each(table)('%s, and the ruling is to %s: the post is as the table says', async (at, outcome, day, expected) => {
    const { cast, file, appeal } = await ruledWhile(at, outcome, day)
    const posts = await postOf(work, cast)
    expect(posts).toHaveLength(1)
    expect({
      post: posts[0],
      dismissal: (await row(file.id)).outcome,
      appeal: (await row(appeal.id)).outcome,
      annulled: await annulled(file.id),
    }).toEqual(expected)
    expect(await verifyChain(work.db, file.id)).toEqual({ ok: true })
  })
})

/** What the paper of the ruling of an appeal says of the decision that it is about, and what a paper should say of one of that kind. */
async function namedBy(id: CaseId, of: CaseId, kind: string) {
  const ruling = await work.db.document.findFirstOrThrow({ where: { caseId: id, kind: 'ruling' } })
  const decision = await work.db.document.findFirstOrThrow({ where: { caseId: of, kind } })
  const [frozen, cited] = await Promise.all([ruling, decision].map(({ id: each }) => contentOfDocument(work.db, each)))
  if (!frozen || cited?.format !== 3) throw new Error('a document is not frozen')
  const date = decision.issuedOn.toISOString().slice(0, 10).split('-').reverse().join('.')
  const facts = (locale: Locale) =>
    paperOf(frozen, locale).blocks.flatMap((block) => (block.is === 'fact' ? [block.text] : []))
  const should = (locale: Locale) =>
    `${cited.template.title[locale]} ${numbered(decision.number, locale)}, ${date}, ${cited.issuer[locale]}`

  return { says: LOCALES.map((locale) => facts(locale)[0]), should: LOCALES.map(should) }
}

test('the appeal of a restricted case is restricted to whom that names and who did not decide first; who is to hear it is named, and its number tells nothing', async () => {
  const people = await someone()
  const { cast, hearers } = people
  const file = await dismissal(work, cast)
  expect(await file.act('restrict', cast.hr, { people: [cast.head.person] })).toMatchObject({ ok: true })
  const { file: appeal, outcome } = await appealOf(work, people, file.id)
  expect(outcome).toEqual({ result: 'started' })
  const restricted = await row(appeal.id)
  expect(restricted).toMatchObject({
    restrictedTo: [cast.hr.person],
    number: expect.stringMatching(/^2026-[0-9A-F]{12}$/),
  })
  // nobody finds it by an office whom the first case keeps out, and whom it names does
  const finds = async ({ person }: Actor) => {
    const who = await actorOf(work.db, person, SAMPLE.on)
    const viewer = who && viewerOf(who, processes.tables)
    const seen = viewer && (await caseById(work.db, viewer, appeal.id))?.seen

    return viewer && seen ? sightOf(viewer, seen).finds : null
  }
  expect([await finds(cast.hr), await finds(hearers.secretary), await finds(cast.head)]).toEqual([true, false, false])
  // nobody named may prepare it: the head of the body that hears it is named
  await askNextBodies({ db: work.db, now: Date.now, processes })
  await nothingUnderway()
  const [named, headOfAgency, ...others] = (await row(appeal.id)).restrictedTo ?? []
  expect([named, others]).toEqual([cast.hr.person, []])
  const { personId } = await work.db.bodyRole.findFirstOrThrow({
    where: { role: 'head', bodyKey: hearers.body, to: null },
  })
  expect(headOfAgency).toBe(personId)
  const heads = { ...people, hearers: { ...hearers, secretary: actor(personId, ['head', hearers.body]) } }
  await new AppealCase(work, cast, heads.hearers, appeal.id).isRuled('uphold')
  expect((await row(appeal.id)).restrictedTo).toEqual([cast.hr.person, personId])
  const [ruling] = await work.db.document.findMany({ where: { caseId: appeal.id, kind: 'ruling' } })
  expect(ruling?.number).toMatch(/^2026-AU-[0-9A-F]{12}$/)
})

test('an appeal of an appeal, where the row allows it: the ruling is void, the next one may not be appealed, and the paper of each names what it is about', async () => {
  const { cast, hearers, file, appeal } = await arrange('after')
  await appeal.isRuled('uphold')
  await eventually('to be told', () => appeal.isAcknowledged())
  const second = await appealOf(work, { cast, hearers }, appeal.id, { on: '2026-04-03', document: 'ruling' })
  expect(second.outcome).toEqual({ result: 'started' })
  await second.file.answer('giveObjections', cast.hr, {})
  expect(await row(second.file.id)).toMatchObject({ stage: 'hearing' })
  const official = await anotherOfficial(hearers, await row(second.file.id))
  expect(await second.file.answer('decideAppeal', hearers.secretary, { outcome: 'cancel' })).toMatchObject({
    refusal: { status: 403, reason: { code: 'policy.excluded' } },
  })
  expect(await second.file.answer('decideAppeal', official, { outcome: 'cancel' })).toMatchObject({ ok: true })
  await eventually('to be told', () => second.file.isAcknowledged())
  expect(await row(second.file.id)).toMatchObject({ outcome: 'granted' })
  const first = await namedBy(appeal.id, file.id, 'dismissalAct')
  expect(first.says).toEqual(first.should)
  const next = await namedBy(second.file.id, appeal.id, 'ruling')
  expect(next.says).toEqual(next.should)
  expect([await annulled(appeal.id), await annulled(file.id)]).toEqual([true, false])
  const third = await appealOf(work, { cast, hearers }, second.file.id, { on: '2026-04-03', document: 'ruling' })
  expect(third.outcome).toMatchObject({ result: 'refused', reason: { code: 'noFurther' } })
})

describe('whether it is in time is said by when it was received', () => {
  test('the last second of the last day is in time, though the case begins later; the next second is late, and says how that was reached', async () => {
    const people = await someone()
    const file = await dismissal(work, people.cast)
    const [{ appealBy }] = (await file.decisions()) as [{ appealBy: { on: string } }]
    const at = (clock: string) => `${appealBy.on}T${clock}+05:00`
    const late = await appealOf(work, people, file.id, { receivedAt: new Date(Date.parse(at('23:59:59')) + 1000) })
    expect(late.outcome).toMatchObject({
      result: 'refused',
      reason: {
        code: expect.stringMatching(/^late(Moved)?$/),
        params: { last: appealBy.on, delivered: TOLD, value: 1, unit: 'months' },
        confidence: 'U',
      },
    })
    const inTime = await appealOf(work, people, file.id, { receivedAt: new Date(at('23:59:59')) })
    expect(inTime.outcome).toEqual({ result: 'started' })
  })
})

describe('after it was carried out', () => {
  test('cancelled: he is back in his post by one effect, and the closed file stays as it was', async () => {
    const { cast, file, appeal } = await arrange('after')
    const before = await row(file.id)
    expect(await postOf(work, cast)).toEqual([endedOn(NOTICE)])
    await appeal.isRuled('cancel')
    await eventually('to be told', () => appeal.isAcknowledged())
    expect(await row(appeal.id)).toMatchObject({ outcome: 'granted' })
    expect(await postOf(work, cast)).toEqual([HELD])
    expect(await annulled(file.id)).toBe(true)
    expect(await row(file.id)).toEqual(before)
    const effects = await work.db.effect.findMany({
      where: { caseId: appeal.id, state: 'taken' },
      orderBy: { seq: 'asc' },
    })
    expect(effects.map(({ name }) => name)).toEqual(['hold', 'suspend', 'annul', 'takeBack'])
    const told = await work.db.notice.findMany({ where: { caseId: appeal.id, kind: 'resultUndone' } })
    expect(told.map(({ role }) => role).sort()).toEqual(['agency', 'hr'])
  })

  test('changed: the post ends with the day that the ruling names', async () => {
    const { cast, file, appeal } = await arrange('after')
    await appeal.isRuled('change', '2026-05-11')
    await eventually('to be told', () => appeal.isAcknowledged())
    expect(await row(appeal.id)).toMatchObject({ outcome: 'changed' })
    const [decision] = (await file.decisions()) as { readonly document: string }[]
    expect(await changedDaysOf(work.db, file.id)).toEqual([{ decision: decision?.document, to: '2026-05-11' }])
    expect(await postOf(work, cast)).toEqual([endedOn('2026-05-11')])
    expect(await annulled(file.id)).toBe(false)
  })

  test('changed backwards: not before the day of dismissal; he is back in his post from then until the day that the ruling names', async () => {
    const { cast, appeal } = await arrange('after')
    await appeal.isPrepared()
    await appeal.isVoted('change')
    expect(await appeal.isWritten('2026-03-25')).toMatchObject(BEFORE_EFFECT)
    expect(await appeal.isWritten('2026-03-30')).toMatchObject({ ok: true })
    await eventually('to be told', () => appeal.isAcknowledged())
    expect(await row(appeal.id)).toMatchObject({ outcome: 'changed' })
    expect(await postOf(work, cast)).toEqual([endedOn('2026-03-30')])
  })

  test('upheld: the post stays ended; a second appeal of the same decision is refused', async () => {
    const { cast, hearers, file, appeal } = await arrange('after')
    const beside = await appealOf(work, { cast, hearers }, file.id, { on: '2026-04-02' })
    expect(beside.outcome).toMatchObject({ result: 'refused', reason: { code: 'appealOpen' } })
    await appeal.isRuled('uphold')
    await eventually('to be told', () => appeal.isAcknowledged())
    expect(await row(appeal.id)).toMatchObject({ outcome: 'upheld' })
    expect(await postOf(work, cast)).toEqual([endedOn(NOTICE)])
    const second = await appealOf(work, { cast, hearers }, file.id, { on: '2026-04-02' })
    expect(second.outcome).toMatchObject({ result: 'refused', reason: { code: 'appealedBefore' } })
  })

  test('upheld while a second appeal, that has asked already, takes the hold: that one is refused all the same', async () => {
    const { cast, hearers, file, appeal } = await arrange('after')
    await appeal.isRuled('uphold')
    let goOn = (): void => undefined
    const goesOn = new Promise<void>((resolve) => (goOn = resolve))
    const reached = new Promise<void>((resolve) => (hold = { effect: 'hold', at: 'asked', reached: resolve, goesOn }))
    try {
      const second = appealOf(work, { cast, hearers }, file.id, { on: '2026-04-02' })
      await reached
      await eventually('to be told', () => appeal.isAcknowledged())
      await closed(appeal.id)
      goOn()
      expect((await second).outcome).toMatchObject({ result: 'refused', reason: { code: 'appealedBefore' } })
    } finally {
      goOn()
      hold = null
    }
  })

  test.each([
    ['cancel', 'ownWish'],
    ['uphold', 'probation'],
  ])(
    '%s: whoever asks the register of his next post hears that he left the one before for %s',
    async (outcome, ground) => {
      const { cast, appeal } = await arrange('after')
      await appeal.isRuled(outcome)
      await eventually('to be told', () => appeal.isAcknowledged())
      const { servant: person, position: before } = cast
      const position = await freshPosition(work.db, cast.body)
      const by: Author = { by: 'system' }
      const next = isoDate('2026-09-01')
      await work.db.sql.transaction(async (tx) => {
        // dismissed, he has nothing to leave
        if (outcome === 'cancel') await endPost(tx, by, { person, position: before }, isoDate('2026-06-01'), 'ownWish')
        await appoint(tx, by, { person, position, from: next })
      })
      const asked = { person, position, on: next }
      expect(await servicePost(work.db, asked, Date.parse(next))).toMatchObject({
        leftGround: ground,
        firstEntry: false,
      })
    },
  )
})

test('histories of every scenario replay', async () => {
  const workflowBundle = await bundleWorkflows()
  for (const { id } of await work.db.case.findMany()) {
    const history = await work.client.workflow.getHandle(id).fetchHistory()
    await expect(Worker.runReplayHistory({ workflowBundle }, history, id)).resolves.toBeUndefined()
  }
  if (process.env['RECORD_HISTORIES']) await recordHistories(work)
})
