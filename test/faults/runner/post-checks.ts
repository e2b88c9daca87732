/**
 * What must hold of posts once all is settled: what cases did stands as its effect says, whole and once, what was taken back was reversed
 * once, no post is held twice, none is lost, roles follow their posts, and the trail tells every change.
 */
import type { Violation } from './checks'

type Row = Readonly<Record<string, unknown>>

export interface PostRows {
  /** effects on posts, real ones and of rehearsals */
  readonly effects: readonly {
    readonly id: string
    readonly caseId: string
    readonly name: string
    readonly state: string
    readonly rehearsal: string | null
    /** it has no answer */
    readonly unanswered: boolean
    /** what it says that it did */
    readonly changes: readonly number[]
    readonly posts: readonly string[]
  }[]
  /** the trail of posts and of roles, in its order */
  readonly trail: readonly {
    readonly seq: number
    readonly register: 'posts' | 'roles'
    readonly rowId: string
    readonly caseId: string | null
    readonly effectId: string | null
    readonly undoes: number | null
    readonly before: Row | null
    readonly after: Row | null
  }[]
  readonly posts: readonly (Row & {
    readonly id: string
    readonly personId: string
    readonly positionId: string
    readonly kind: string
    readonly from: string
    readonly to: string | null
  })[]
  readonly roles: readonly (Row & {
    readonly id: string
    readonly personId: string
    readonly from: string
    readonly to: string | null
    readonly postId: string | null
  })[]
  readonly cases: readonly {
    readonly id: string
    readonly outcome: string | null
    /** what its story was told that it had done */
    readonly did: readonly { readonly effect: string; readonly changes: readonly number[] }[]
    readonly rehearsal: string | null
    /** tasks by which HR takes back by hand what could not be */
    readonly mendings: number
  }[]
}

type Say = (kind: Violation['kind'], caseId: string | null, what: string) => void

/** Outcomes of cases that gave back what they did. */
const GIVES_BACK = ['cancelled', 'refused', 'stopped']

/** What is wrong with posts and with what cases did to them. */
export function faultsOfPosts(rows: PostRows): Violation[] {
  const found: Violation[] = []
  const say: Say = (kind, caseId, what) => void found.push({ kind, caseId, what })
  trailTellsAll(rows, say)
  heldOnce(rows, say)
  rolesFollow(rows, say)
  effectsStand(rows, say)
  storiesKnow(rows, say)

  return found
}

const same = (a: Row | null, b: Row | null): boolean => {
  if (a === null || b === null) return a === b
  const names = new Set([...Object.keys(a), ...Object.keys(b)])

  return [...names].every((name) => JSON.stringify(a[name] ?? null) === JSON.stringify(b[name] ?? null))
}

/** Replayed from nothing the trail gives the rows, and each entry begins where the one before it ended. */
function trailTellsAll({ trail, posts, roles }: PostRows, say: Say): void {
  const replayed = { posts: new Map<string, Row>(), roles: new Map<string, Row>() }
  for (const { seq, register, rowId, caseId, before, after } of trail) {
    const rows = replayed[register]
    if (!same(rows.get(rowId) ?? null, before))
      say('broken file', caseId, `change ${seq} of ${register} does not begin where the one before it ended`)
    if (after) rows.set(rowId, after)
    else rows.delete(rowId)
  }
  for (const [register, now] of [
    ['posts', posts],
    ['roles', roles],
  ] as const) {
    const there = new Map<string, Row>(now.map((row) => [row.id, row]))
    for (const [id, row] of replayed[register]) {
      const held = there.get(id)
      if (!held) say('lost', null, `${register} ${id} is in the trail, and there is no such row`)
      else if (!same(held, row)) say('disagrees', null, `${register} ${id} is not what the trail says`)
    }
    for (const id of there.keys())
      if (!replayed[register].has(id))
        say('orphaned', null, `${register} ${id} is there, and the trail does not know it`)
  }
}

const overlap = (a: { readonly from: string; readonly to: string | null }, b: typeof a): boolean =>
  (a.to === null || a.to >= b.from) && (b.to === null || b.to >= a.from)

/** One person holds one post at a time, and one position is held once of a kind. */
function heldOnce({ posts }: PostRows, say: Say): void {
  for (const [what, keyOf] of [
    ['person', ({ personId }: PostRows['posts'][number]) => personId],
    ['position', ({ positionId, kind }: PostRows['posts'][number]) => `${positionId} ${kind}`],
  ] as const) {
    const byKey = new Map<string, PostRows['posts'][number][]>()
    for (const post of posts) {
      const others = byKey.get(keyOf(post)) ?? []
      for (const other of others)
        if (overlap(post, other)) say('doubled', null, `one ${what} has the posts ${other.id} and ${post.id} at once`)
      byKey.set(keyOf(post), [...others, post])
    }
  }
}

/** A role that hangs on a post is its holder's, while he holds it. */
function rolesFollow({ posts, roles }: PostRows, say: Say): void {
  const byId = new Map(posts.map((post) => [post.id, post]))
  for (const { id, personId, from, to, postId } of roles) {
    if (postId === null) continue
    const post = byId.get(postId)
    if (!post) say('orphaned', null, `role ${id} hangs on ${postId}, which is no post`)
    else if (post.personId !== personId)
      say('disagrees', null, `role ${id} and its post ${postId} are not of one person`)
    else if (from < post.from || (post.to !== null && (to === null || to > post.to)))
      say('orphaned', null, `role ${id} is held outside of its post ${postId}`)
  }
}

/** What an effect did is in the trail as its state says: standing, reversed once, or not at all. */
function effectsStand({ effects, trail, posts, cases }: PostRows, say: Say): void {
  const postIds = new Set(posts.map(({ id }) => id))
  const byEffect = new Map<string, PostRows['trail'][number][]>()
  const reversals = new Map<number, number>()
  for (const change of trail) {
    if (change.effectId === null) continue
    byEffect.set(change.effectId, [...(byEffect.get(change.effectId) ?? []), change])
    if (change.undoes !== null) reversals.set(change.undoes, (reversals.get(change.undoes) ?? 0) + 1)
  }
  const outcomes = new Map(cases.map(({ id, outcome, mendings }) => [id, { outcome, mendings }]))
  const left = new Map<string, number>()
  for (const { id, caseId, name, state, rehearsal, unanswered, changes, posts: made } of effects) {
    if (unanswered) say('no outcome', caseId, `effect ${id}`)
    const own = byEffect.get(id) ?? []
    byEffect.delete(id)
    const done = own.filter(({ undoes }) => undoes === null).map(({ seq }) => seq)
    for (const seq of done)
      if ((reversals.get(seq) ?? 0) > 1) say('doubled', caseId, `change ${seq} of ${name} ${id} was reversed twice`)
    const standing = done.filter((seq) => !reversals.has(seq))
    const isReal = rehearsal === null
    if (state === 'taken' && GIVES_BACK.includes(outcomes.get(caseId)?.outcome ?? ''))
      left.set(caseId, (left.get(caseId) ?? 0) + 1)
    if (state !== 'taken' || !isReal) {
      if (standing.length > 0)
        say(
          'effect of what was refused',
          caseId,
          `${name} ${id} is ${state}, and its changes stand: ${standing.join()}`,
        )
      // a post that a case makes has the id of the effect
      if (postIds.has(id)) say('effect of what was refused', caseId, `${name} ${id} is ${state}, and its post is there`)
      if ((!isReal || state === 'refused') && done.length > 0)
        say(
          'effect of what was refused',
          caseId,
          `${name} ${id} is ${isReal ? state : 'of a rehearsal'}, and changed rows`,
        )
      continue
    }
    if (changes.length === 0) say('lost', caseId, `${name} ${id} was done, and changed nothing`)
    for (const seq of changes)
      if (!standing.includes(seq)) say('lost', caseId, `${name} ${id} stands, and its change ${seq} does not`)
    for (const seq of standing)
      if (!changes.includes(seq))
        say('doubled', caseId, `${name} ${id} was done once, and change ${seq} is of another time`)
    for (const post of made)
      if (!postIds.has(post)) say('lost', caseId, `${name} ${id} stands, and not its post ${post}`)
  }
  for (const [id, changes] of byEffect)
    say('orphaned', changes[0]?.caseId ?? null, `changes by ${id}, which is no effect`)
  for (const [caseId, count] of left) {
    const { outcome, mendings } = outcomes.get(caseId) ?? { outcome: null, mendings: 0 }
    if (count > mendings)
      say('orphaned', caseId, `it was ${outcome ?? ''}, and left ${count} effects of which HR was told of ${mendings}`)
  }
}

/** What a story was told that it did is in the trail, in its name. */
function storiesKnow({ cases, trail }: PostRows, say: Say): void {
  const by = new Map(trail.map(({ seq, caseId, undoes }) => [seq, undoes === null ? caseId : null]))
  for (const { id, did, rehearsal } of cases)
    for (const { effect, changes } of rehearsal === null ? did : [])
      for (const seq of changes)
        if (by.get(seq) !== id) say('lost', id, `it was told that it did ${effect}, and change ${seq} is not its own`)
}
