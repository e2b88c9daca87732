/**
 * Appeals of dismissals while the worker is killed between what it writes and what it tells: one outcome, the post as the table worked out
 * by hand says, nothing done twice or by half, and nothing that was said is lost.
 */
import { seedRegister } from '../../prisma/seed/seed'
import { verifyChain } from '../../prisma/store/events'
import type { CaseId } from '../../workflows/kernel/contract'
import { appealing, appealOf, casting, dismissal, postOf, SAMPLE, TOLD, type AppealCase } from '../support/appeals'
import { actor, type Casework } from '../support/casework'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { dispatch, type Dispatching } from '../support/dispatching'
import { eventually } from '../support/eventually'
import { mortals, type Lives } from '../support/mortal'
import { holdersOf } from '../../prisma/store/service'

jest.setTimeout(300_000)

let database: FreshDatabase
let work: Casework
let dispatcher: Dispatching
let someone: ReturnType<typeof casting>
const running = new Map<string, Promise<void>>()

/** They take seconds each to notice that a worker is gone: so they are under way side by side, each with workers of its own. */
beforeAll(async () => {
  database = await freshDatabase()
  await seedRegister(database.url, SAMPLE)
  work = await appealing(database)
  dispatcher = dispatch(work, database.url)
  someone = casting(database, work)
  for (const [name, story] of Object.entries(STORIES)) {
    const told = runs(story)
    told.catch(() => undefined)
    running.set(name, told)
  }
})
afterAll(async () => {
  await Promise.allSettled(running.values())
  await dispatcher.stop()
  await work.close()
  await database.drop()
})

/** What a story has: its own queue, and workers that are killed at these moments, one after another. */
interface Mortal {
  readonly work: Casework
  killedAt(...moments: string[]): Promise<void>
  /** each has died */
  died(): Promise<unknown>
}

async function runs(story: (mortal: Mortal) => Promise<void>): Promise<void> {
  const own = await appealing(database)
  let worker: { stop(): Promise<void> } | null = await own.work()
  const lives: Lives[] = []
  const stopped = async () => {
    await worker?.stop()
    worker = null
  }
  try {
    await story({
      work: own,
      killedAt: async (...moments) => {
        await stopped()
        lives.push(mortals(database.url, own.taskQueue, moments))
      },
      died: () => Promise.all(lives.map((each) => each.died)),
    })
  } finally {
    await stopped()
    await Promise.all(lives.map((each) => each.end()))
    await own.client.connection.close()
  }
}

/** three working days after 18 March: 19, 20 and 26; 21 to 25 March are off */
const NOTICE = '2026-03-26'
const HELD = { from: '2026-01-05', to: null, ground: null, roles: [null] }
const endedOn = (to: string) => ({ from: '2026-01-05', to, ground: 'probation', roles: [to] })

const row = (id: CaseId) => work.db.case.findUniqueOrThrow({ where: { id } })
/** What was sent to a case has come to something. */
const heardBy = (id: CaseId) =>
  eventually(
    `what was sent to ${id} to be heard`,
    async () => (await work.db.command.count({ where: { caseId: id, state: 'stored' } })) === 0,
  )
const closed = (id: CaseId) => eventually(`the end of ${id}`, async () => (await row(id)).status === 'closed')
/** Whoever is asked to acknowledge the ruling does so when he is. */
const acknowledges = (appeal: AppealCase) => eventually('to be told', () => appeal.isAcknowledged())

/** What stands of what a case did to registers, in the order in which it was done. */
const standing = async (id: CaseId) =>
  (await work.db.effect.findMany({ where: { caseId: id, state: 'taken' }, orderBy: { seq: 'asc' } })).map(
    ({ name }) => name,
  )
/** How often the register was changed by a case. */
const changes = async (id: CaseId) =>
  Number((await database.sql(`select count(*)::int as n from register_changes where "caseId" = $1`, [id]))[0]?.['n'])

/** Each was killed when it was to be; nothing is on its way, left by half or said twice. */
async function isWhole(...ids: readonly CaseId[]): Promise<void> {
  for (const id of ids) {
    await heardBy(id)
    expect(await row(id)).toMatchObject({ status: 'closed' })
    expect(await verifyChain(work.db, id)).toEqual({ ok: true })
    expect(
      await work.db.task.count({
        where: { caseId: id, state: { in: ['ready', 'reserved', 'inProgress', 'completing'] } },
      }),
    ).toBe(0)
    const ended = await work.db.event.count({ where: { caseId: id, kind: { in: ['caseClosed', 'caseRefused'] } } })
    expect(ended).toBe(1)
    // each of those who are told that a result is undone is told once
    const told = await work.db.notice.findMany({ where: { caseId: id, kind: 'resultUndone' } })
    expect(new Set(told.map(({ role }) => role)).size).toBe(told.length)
  }
  // each appeal has said once what it came to
  const said = await work.db.command.findMany({ where: { caseId: { in: [...ids] }, act: 'decidedOnAppeal' } })
  expect(new Set(said.map(({ senderId }) => senderId)).size).toBe(said.length)
}

async function arrange(work: Casework, when: 'before' | 'after') {
  const people = await someone()
  const file = await dismissal(work, people.cast)
  if (when === 'after') {
    expect(await file.comes('2026-04-02')).toMatchObject({ ok: true })
    expect(await row(file.id)).toMatchObject({ outcome: 'dismissed' })
  }

  return { ...people, work, file, on: when === 'after' ? '2026-04-02' : TOLD }
}

async function appeals(people: Awaited<ReturnType<typeof arrange>>) {
  const { file: appeal, outcome } = await appealOf(people.work, people, people.file.id, { on: people.on })
  expect(outcome).toEqual({ result: 'started' })

  return appeal
}

const STORIES: Readonly<Record<string, (mortal: Mortal) => Promise<void>>> = {
  'annulled while the dismissal is being carried out: it is not, and nothing has to be annulled': async (mortal) => {
    const { work: own } = mortal
    const people = await arrange(own, 'before')
    const { cast, file } = people
    await mortal.killedAt('after suspend', 'after endPost', 'after sends', 'after step')
    const appeal = await appeals(people)
    await appeal.isPrepared()
    // its day comes: the effect was asked for and refused, and the worker that heard so is gone
    expect(await file.comes('2026-04-06')).toMatchObject({ ok: true })
    expect(await postOf(work, cast)).toEqual([HELD])
    await appeal.isVoted('cancel')
    await appeal.isWritten()
    await closed(file.id)
    await acknowledges(appeal)
    await closed(appeal.id)
    await mortal.died()
    await isWhole(file.id, appeal.id)
    expect(await row(file.id)).toMatchObject({ outcome: 'keptInService', basis: { code: 'cancelledOnAppeal' } })
    expect(await row(appeal.id)).toMatchObject({ outcome: 'granted' })
    expect(await postOf(work, cast)).toEqual([HELD])
    expect([await standing(file.id), await changes(file.id), await changes(appeal.id)]).toEqual([['hold'], 0, 0])
    expect(await work.db.annulment.count({ where: { caseId: file.id } })).toBe(0)
  },

  'annulled after it was carried out: all of it is taken back, once': async (mortal) => {
    const { work: own } = mortal
    const people = await arrange(own, 'after')
    const { cast, file } = people
    await mortal.killedAt('after annul', 'before takeBack', 'after takeBack')
    const appeal = await appeals(people)
    await appeal.isRuled('cancel')
    await acknowledges(appeal)
    await closed(appeal.id)
    await mortal.died()
    await isWhole(file.id, appeal.id)
    expect(await row(file.id)).toMatchObject({ outcome: 'dismissed' })
    expect(await row(appeal.id)).toMatchObject({ outcome: 'granted' })
    expect(await postOf(work, cast)).toEqual([HELD])
    expect(await standing(appeal.id)).toEqual(['hold', 'suspend', 'annul', 'takeBack'])
    expect(await standing(file.id)).toEqual(['hold'])
    expect(await work.db.annulment.count({ where: { caseId: file.id } })).toBe(1)
  },

  'withdrawn while it is heard: the dismissal is carried out, once': async (mortal) => {
    const { work: own } = mortal
    const people = await arrange(own, 'before')
    const { cast, file } = people
    await mortal.killedAt('after suspend', 'after undo suspend', 'before endPost', 'after endPost')
    const appeal = await appeals(people)
    await appeal.isPrepared()
    expect(await appeal.isWithdrawn()).toMatchObject({ ok: true })
    await closed(appeal.id)
    await heardBy(file.id)
    expect(await file.comes('2026-04-06')).toMatchObject({ ok: true })
    await closed(file.id)
    await mortal.died()
    await isWhole(file.id, appeal.id)
    expect(await row(file.id)).toMatchObject({ outcome: 'dismissed' })
    expect(await row(appeal.id)).toMatchObject({ outcome: 'withdrawn' })
    expect(await postOf(work, cast)).toEqual([endedOn(NOTICE)])
    expect([await standing(file.id), await standing(appeal.id)]).toEqual([['hold', 'endPost'], ['hold']])
  },

  'two appeals of one decision at once: one is heard, and what it changes is changed once': async (mortal) => {
    const { work: own } = mortal
    const people = await arrange(own, 'after')
    const { cast, file } = people
    await mortal.killedAt('after hold', 'before doOn', 'after doOn')
    const both = await Promise.all([1, 2].map(() => appealOf(own, people, file.id, { on: people.on })))
    const started = both.filter(({ outcome }) => outcome.result === 'started')
    const refused = both.filter(({ outcome }) => outcome.result === 'refused')
    expect([started.length, refused.map(({ outcome }) => outcome)]).toEqual([
      1,
      [expect.objectContaining({ reason: expect.objectContaining({ code: 'appealOpen' }) })],
    ])
    const [{ file: appeal }] = started as [(typeof started)[number]]
    await appeal.isRuled('change', '2026-05-11')
    await acknowledges(appeal)
    await closed(appeal.id)
    await mortal.died()
    await isWhole(file.id, ...both.map((each) => each.file.id))
    expect(await row(appeal.id)).toMatchObject({ outcome: 'changed' })
    expect(await postOf(work, cast)).toEqual([endedOn('2026-05-11')])
    expect(await standing(file.id)).toEqual(['hold', 'endPost'])
  },

  'an appeal of an appeal, where the row allows it: the ruling is annulled once, and the dismissal stands': async (
    mortal,
  ) => {
    const { work: own } = mortal
    const people = await arrange(own, 'after')
    const { cast, hearers, file } = people
    const appeal = await appeals(people)
    await appeal.isRuled('uphold')
    await acknowledges(appeal)
    await mortal.killedAt('after hold', 'before annul', 'after annul')
    const { file: second, outcome } = await appealOf(own, people, appeal.id, { on: '2026-04-03', document: 'ruling' })
    expect(outcome).toEqual({ result: 'started' })
    await second.answer('giveObjections', cast.hr, {})
    const { body } = hearers
    const holders = await holdersOf(work.db, { role: 'agency', body }, SAMPLE.on)
    const { keptFrom } = await work.db.case.findUniqueOrThrow({ where: { id: second.id } })
    const official = holders.find((id) => !keptFrom.includes(id)) ?? ''
    expect(await second.answer('decideAppeal', actor(official, ['agency', body]), { outcome: 'cancel' })).toMatchObject(
      {
        ok: true,
      },
    )
    await acknowledges(second)
    await closed(second.id)
    await mortal.died()
    await isWhole(file.id, appeal.id, second.id)
    expect(await row(second.id)).toMatchObject({ outcome: 'granted' })
    const annulled = await work.db.annulment.findMany({ where: { caseId: { in: [file.id, appeal.id, second.id] } } })
    expect(annulled.map(({ caseId }) => caseId)).toEqual([appeal.id])
    expect(await postOf(work, cast)).toEqual([endedOn(NOTICE)])
  },
}

test.each(Object.keys(STORIES))('%s', (name) => running.get(name))
