/** Relays for the load: what their cases open, tell and wait for, by chance, and so that no wait is for what never comes. */
import { addDays } from '../../../workflows/kernel/law/calendar'
import type { Action, Script } from '../../workflows/kernel/relay'
import type { Places } from './places'

export interface Drawn {
  readonly script: Script
  /** of the cases that are opened by a list */
  readonly legs: readonly Script[]
  /** whom the head may cancel on the way: where cases wait to hear each other, only the first, with which all others end */
  readonly cancels: 'first' | 'any'
}

interface Drafted {
  readonly name: string
  readonly opener: Drafted | null
  readonly as: 'leg' | 'told' | 'left'
  readonly refuses: boolean
  readonly actions: Action[]
  /** messages that it is sure to hear if it lives */
  awaited: number
}

const between = (chance: () => number, from: number, to: number): number =>
  from + Math.floor(chance() * (to - from + 1))
const oneOf = <T>(chance: () => number, among: readonly T[]): T | undefined =>
  among[Math.floor(chance() * among.length)]

/** Draws a relay: a tree of cases, a list of them, or one that does something to posts and comes to its end soon. */
export function drawRelay(chance: () => number, places: Places): Drawn {
  const dice = chance()
  if (dice < 0.15) return drawList(chance)

  return dice < 0.5 ? drawTree(chance, places) : drawAlone(chance, places)
}

const drawAlone = (chance: () => number, places: Places): Drawn => ({
  script: [
    ...drawPosts(chance, places),
    ...drawPosts(chance, places),
    ...(chance() < 0.5 ? [{ work: true } as const] : []),
  ],
  legs: [],
  cancels: 'any',
})

function drawList(chance: () => number): Drawn {
  const leg = (): Script => {
    const dice = chance()
    if (dice < 0.1) return [{ refuse: true }]
    if (dice < 0.2) return [{ work: true }]

    return dice < 0.5 ? [{ tell: 'opener', n: 1 }, { heard: 1 }, { tell: 'opener', n: 2 }] : [{ heard: 1 }]
  }
  const again: Script = chance() < 0.5 ? [{ work: true }, { tellEach: 2 }] : []

  return {
    script: [{ openEach: chance() < 0.5 ? 'leg' : 'told' }, { tellEach: 1 }, ...again, { allEnded: true }],
    legs: Array.from({ length: between(chance, 5, 30) }, leg),
    cancels: 'any',
  }
}

/**
 * One order of everything that all cases of the tree do is drawn, of which each script is a part. A wait is for what comes before it in
 * that order, and nobody waits for a message once somebody may have a task to do, which may stay open.
 */
function drawTree(chance: () => number, places: Places): Drawn {
  const cancels = chance() < 0.6 ? 'first' : 'any'
  const first: Drafted = { name: 'first', opener: null, as: 'leg', refuses: false, actions: [], awaited: 0 }
  const tree = [first]
  const size = between(chance, 3, 8)
  const tells = between(chance, 5, 20)
  if (chance() < 0.15) first.actions.push({ open: 'foreign', as: 'foreign', script: [] }, { reply: true })
  for (let told = 0; told < tells || tree.length < size;) {
    if (tree.length < size && (tree.length === 1 || told >= tells || chance() < 0.4)) open(chance, tree)
    else {
      tell(chance, tree, told, cancels === 'first')
      told += 1
    }
  }
  // before what may leave it open for ever, so that some are held and some are given back when it is stopped
  for (const each of tree)
    if (!each.refuses && chance() < 0.5) each.actions.push({ hold: `key-${String(between(chance, 1, 20))}` })
  for (const each of tree) if (!each.refuses && chance() < 0.5) each.actions.push(...drawPosts(chance, places))
  for (const each of tree) if (!each.refuses && chance() < 0.4) each.actions.push({ work: true })
  for (let more = between(chance, 0, 3); more > 0; more -= 1) tell(chance, tree, tells + more, false)
  for (const { opener, name } of tree) if (opener && chance() < 0.6) opener.actions.push({ ended: name })

  return { script: first.actions, legs: [], cancels }
}

/** Posts of a few people in a few positions, so that cases stand in each other's way now and then: so many spans of days there are. */
const SPANS = 40
const SPAN_DAYS = 20

/** What one case does to posts: appointments and ends in a span of days, and posts that are held all the time. */
function drawPosts(chance: () => number, { people, positions, held, from: first }: Places): Action[] {
  const begins = addDays(first, between(chance, 0, SPANS - 1) * SPAN_DAYS)
  const day = (earliest: number, latest: number) => addDays(begins, between(chance, earliest, latest))
  const [one, other] = [oneOf(chance, held), oneOf(chance, held)]
  const appointed = (name: string, position = oneOf(chance, positions), from = day(0, 4)): Action[] => {
    const person = oneOf(chance, people)

    return person && position
      ? [{ appoint: name, person, position, from, to: addDays(from, between(chance, 6, 12)) }]
      : []
  }
  const dice = chance()
  const done: Action[] = []
  if (dice < 0.3) done.push(...appointed('a'), ...appointed('b'))
  else if (dice < 0.55) {
    // the next begins on the day after the last of the one before, or, which is refused, on it
    const position = oneOf(chance, positions)
    const last = day(2, 4)
    const next = addDays(last, chance() < 0.7 ? 1 : 0)
    done.push(...appointed('a', position, begins), { endPost: 'a', on: last }, ...appointed('b', position, next))
  } else if (one && other) {
    if (dice < 0.7) done.push({ endPost: { person: one.person, position: one.position }, on: day(0, 9) })
    else if (dice < 0.85) done.push({ endPost: one.post, on: day(0, 9) }, { reinstate: one.post })
    else done.push({ exchange: [one.post, other.post], on: day(0, 9) }, { reinstate: one.post })
  }
  if (chance() < 0.3) done.push({ takeBack: true })

  return done
}

function open(chance: () => number, tree: Drafted[]): void {
  // one that was stopped, left or refused ends nobody
  const opener = oneOf(
    chance,
    tree.filter(({ as, refuses }) => as === 'leg' && !refuses),
  )
  if (!opener) return
  const as = oneOf(chance, ['leg', 'leg', 'told', 'left'] as const) ?? 'leg'
  const refuses = chance() < 0.08
  const opened: Drafted = {
    ...{ name: `case ${String(tree.length)}`, opener, as, refuses, awaited: 0 },
    actions: refuses ? [{ refuse: true }] : [],
  }
  tree.push(opened)
  opener.actions.push({ open: opened.name, as, script: opened.actions })
  if (chance() < 0.2) opener.actions.push({ reply: true })
}

function tell(chance: () => number, tree: readonly Drafted[], n: number, mayWait: boolean): void {
  const opened = oneOf(
    chance,
    tree.filter(({ opener }) => opener),
  )
  if (!opened?.opener) return
  const down = opened.refuses || chance() < 0.5
  const [from, to] = down ? [opened.opener, opened] : [opened, opened.opener]
  const unwilling = chance() < 0.1
  from.actions.push({ tell: down ? opened.name : 'opener', n: unwilling ? -1 - n : n })
  if (chance() < 0.25) from.actions.push({ reply: true })
  if (to.refuses || unwilling) return
  to.awaited += 1
  // nothing ends one that was left when its opener is cancelled
  if (mayWait && to.as !== 'left' && chance() < 0.4) to.actions.push({ heard: to.awaited })
}
