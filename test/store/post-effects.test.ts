/** What a case does to posts, as effects: once by its id, and back; nothing of it stays of a rehearsal. */
import { randomUUID } from 'node:crypto'
import { effectsOfAll, storeOf } from '../../prisma/store/process-store'
import { takeEffect, undoEffect } from '../../prisma/store/effects'
import { postEffects } from '../../prisma/store/post-effects'
import type { BodyKey, CaseId, EffectId, Fact, IsoDate, PersonId, PositionId } from '../../workflows/kernel/contract'
import type { ProcessTypes } from '../../workflows/kernel/contract'
import type { EffectOutcome, TakeEffect } from '../../workflows/kernel/protocol/activities'
import type { DoneToPosts, PostEffects } from '../../workflows/service/posts'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { freshPosition } from '../support/positions'

const BODY = 'ministryFinance' as BodyKey
const on = '2026-11-02' as IsoDate

interface Owner extends ProcessTypes {
  readonly effects: PostEffects
}
const stores = effectsOfAll({ owner: storeOf<Owner>({ effects: postEffects }) })

let database: FreshDatabase
let people: PersonId[]
let positions: PositionId[]
beforeAll(async () => {
  database = await freshDatabase({ register: true })
})
beforeEach(async () => {
  const { id: _id, ...like } = await database.db.person.findFirstOrThrow()
  people = []
  positions = []
  for (let n = 0; n < 2; n += 1) {
    people.push((await database.db.person.create({ data: { ...like, fields: {}, id: randomUUID() } })).id as PersonId)
    positions.push(await freshPosition(database.db, BODY))
  }
})
afterAll(() => database.drop())

const asked = (name: keyof PostEffects, request: object, more: Partial<TakeEffect> = {}): TakeEffect => ({
  effect: randomUUID() as EffectId,
  name,
  case: randomUUID() as CaseId,
  request: request as Fact,
  on,
  rehearsal: null,
  setBody: BODY,
  ...more,
})
const take = (effect: TakeEffect) => takeEffect(database.db, stores, effect)
const undo = ({ effect, name, case: id }: TakeEffect) => undoEffect(database.db, stores, { effect, name, case: id, on })
const valueOf = (outcome: EffectOutcome): DoneToPosts => {
  if (!outcome.taken) throw new Error(outcome.reason.code)

  return outcome.value as DoneToPosts
}
const posts = () =>
  database.sql(
    `select id, "personId" as person, "positionId" as position, "from", "to", "endGround" as ground from posts
     where "personId" = any($1) order by "from", "personId"`,
    [people],
  )
const appointing = (who: number, where: number, more: Partial<TakeEffect> = {}) =>
  asked('appoint', { person: people[who], position: positions[where], from: '2026-01-05' }, more)

test('an appointment has the id of the effect, is made once, and its trail names the case and the document', async () => {
  const document = { id: randomUUID(), number: '7-k' }
  const effect = asked('appoint', { person: people[0], position: positions[0], from: '2026-01-05', document })
  const [first, second] = [await take(effect), await take(effect)]
  expect(second).toEqual(first)
  expect(valueOf(first).posts).toEqual([effect.effect])
  expect(await posts()).toMatchObject([{ id: effect.effect, person: people[0], position: positions[0], to: null }])
  expect(await database.sql(`select * from register_changes where "rowId" = $1`, [effect.effect])).toMatchObject([
    { by: 'case', caseId: effect.case, effectId: effect.effect, documentId: document.id, documentNumber: '7-k' },
  ])
  expect(await undo(effect)).toMatchObject({ taken: true })
  expect(await undo(effect)).toMatchObject({ taken: true })
  expect(await posts()).toEqual([])
})

/** Nobody else gets past this position until it is let go. */
async function stopped(
  position: PositionId,
): Promise<{ readonly waiting: (count: number) => Promise<unknown>; go(): Promise<void> }> {
  let letGo: () => void = () => undefined
  const goes = new Promise<void>((resolve) => (letGo = resolve))
  let isHeld: () => void = () => undefined
  const held = new Promise<void>((resolve) => (isHeld = resolve))
  const holding = database.db.sql.transaction(async (tx) => {
    await tx.run`select 1 from positions where id = ${position}::uuid for update`
    isHeld()
    await goes
  })
  await held

  return {
    waiting: (count) =>
      eventually(
        `${count} to wait`,
        async () =>
          (
            await database.sql(
              `select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
            )
          ).length === count,
      ),
    go: () => {
      letGo()

      return holding
    },
  }
}

test('an undo that comes while the effect is under way waits for it, and nothing of it stays', async () => {
  const lock = await stopped(positions[0]!)
  const asked = appointing(0, 0)
  const taking = take(asked)
  await lock.waiting(1)
  const undoing = undo(asked)
  await lock.waiting(2)
  await lock.go()
  expect(await taking).toMatchObject({ taken: true })
  expect(await undoing).toMatchObject({ taken: true })
  expect(await posts()).toEqual([])
  const trail = () => database.sql(`select * from register_changes where "rowId" = $1 order by seq`, [asked.effect])
  expect(await trail()).toMatchObject([{ before: null }, { after: null }])
  expect(await take(asked)).toEqual({ taken: false, reason: { code: 'effect.undone' } })
  expect(await trail()).toHaveLength(2)
})

test('a post ends on the day another would begin in it, at the same moment: the next begins on the day after', async () => {
  await take(appointing(0, 0))
  const from = (day: string) => asked('appoint', { person: people[1], position: positions[0], from: day })
  const lock = await stopped(positions[0]!)
  const ending = take(asked('endPost', { person: people[0], position: positions[0], on, ground: 'transfer' }))
  await lock.waiting(1)
  const onTheDay = take(from(on))
  await lock.waiting(2)
  const onTheNext = take(from('2026-11-03'))
  await lock.waiting(3)
  await lock.go()
  expect(await ending).toMatchObject({ taken: true })
  expect(await onTheDay).toEqual({ taken: false, reason: { code: 'register.positionHeld' } })
  expect(await onTheNext).toMatchObject({ taken: true })
  const held = await database.sql(
    `select "from"::text, "to"::text from posts where "positionId" = $1 order by "from"`,
    [positions[0]],
  )
  expect(held).toEqual([
    { from: '2026-01-05', to: on },
    { from: '2026-11-03', to: null },
  ])
})

test('what comes after it was taken back does nothing, and what the register does not allow is refused with a reason', async () => {
  const late = appointing(0, 0)
  await undo(late)
  expect(await take(late)).toEqual({ taken: false, reason: { code: 'effect.undone' } })
  await take(appointing(0, 0))
  expect(await take(appointing(1, 0))).toEqual({ taken: false, reason: { code: 'register.positionHeld' } })
  expect(await take(appointing(0, 1))).toEqual({ taken: false, reason: { code: 'register.personHeld' } })
  expect(await posts()).toHaveLength(1)
})

test('a dismissal ends the post with the roles that hang on it, and its undo gives both back', async () => {
  const { effect: post } = appointing(0, 0)
  await take({ ...appointing(0, 0), effect: post })
  await database.db.bodyRole.create({
    data: {
      id: randomUUID(),
      personId: people[0]!,
      role: 'hr',
      bodyKey: BODY,
      from: new Date('2026-01-05'),
      basis: 'b',
      postId: post,
    },
  })
  const ends = async () => [
    (await posts())[0]?.['to'] ?? null,
    (await database.sql(`select "to"::text as "to" from body_roles where "postId" = $1`, [post]))[0]?.['to'],
  ]
  const dismissal = asked('endPost', { person: people[0], position: positions[0], on, ground: 'evaluation' })
  expect(await take(dismissal)).toMatchObject({ taken: true })
  expect((await ends()).map((end) => end !== null)).toEqual([true, true])
  expect(await undo(dismissal)).toMatchObject({ taken: true })
  expect(await ends()).toEqual([null, null])
  await take(asked('endPost', { post, on, ground: 'evaluation' }))
  expect(await take(asked('reinstate', { post }))).toMatchObject({ taken: true })
  expect(await ends()).toEqual([null, null])
})

test('an end whose post somebody else has taken up since cannot be taken back, and says why', async () => {
  const first = appointing(0, 0)
  await take(first)
  const end = asked('endPost', { post: first.effect, on: '2026-02-02', ground: 'ownWish' })
  await take(end)
  await take(asked('appoint', { person: people[1], position: positions[0], from: '2026-02-03' }))
  expect(await undo(end)).toEqual({ taken: false, reason: { code: 'register.positionHeld' } })
})

test('two change places, and back', async () => {
  const [a, b] = [appointing(0, 0), appointing(1, 1)]
  await take(a)
  await take(b)
  const before = await posts()
  const swap = asked('exchangePosts', { posts: [a.effect, b.effect], on })
  expect(valueOf(await take(swap)).posts[0]).toBe(swap.effect)
  expect((await posts()).slice(2).map(({ person, position }) => [person, position])).toEqual(
    expect.arrayContaining([
      [people[0], positions[1]],
      [people[1], positions[0]],
    ]),
  )
  await undo(swap)
  expect(await posts()).toEqual(before)
})

test('in a rehearsal nothing of it stays, and what the set did before counts', async () => {
  const set = { rehearsal: 'a set' }
  const first = appointing(0, 0, set)
  expect(valueOf(await take(first)).posts).toEqual([first.effect])
  expect(await take(appointing(1, 0, set))).toEqual({ taken: false, reason: { code: 'register.positionHeld' } })
  const end = asked('endPost', { post: first.effect, on, ground: 'ownWish' }, set)
  expect(await take(end)).toMatchObject({ taken: true })
  expect(await take(asked('reinstate', { post: first.effect }, set))).toMatchObject({ taken: true })
  expect(await posts()).toEqual([])
})
