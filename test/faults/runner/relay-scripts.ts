/** Relays for the load: what their cases open, tell and wait for, by chance, and so that no wait is for what never comes. */
import type { Action, Script } from '../../workflows/kernel/relay'

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

/** Draws a relay: mostly a tree of cases, now and then a list of them. */
export const drawRelay = (chance: () => number): Drawn => (chance() < 0.3 ? drawList(chance) : drawTree(chance))

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
function drawTree(chance: () => number): Drawn {
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
  for (const each of tree) if (!each.refuses && chance() < 0.4) each.actions.push({ work: true })
  for (let more = between(chance, 0, 3); more > 0; more -= 1) tell(chance, tree, tells + more, false)
  for (const { opener, name } of tree) if (opener && chance() < 0.6) opener.actions.push({ ended: name })

  return { script: first.actions, legs: [], cancels }
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
