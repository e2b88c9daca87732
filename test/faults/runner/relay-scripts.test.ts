/** The relays of the load: of a thousand that are drawn, none waits for what never comes. */
import type { Action, Script } from '../../workflows/kernel/relay'
import { isoDate } from '../../../workflows/kernel/law/calendar'
import type { PersonId, PositionId } from '../../../workflows/kernel/contract'
import type { Places } from './places'
import { drawRelay, type Drawn } from './relay-scripts'
import { chanceOf } from './schedule'

const post = (n: number) => ({
  post: `post ${n}`,
  person: `holder ${n}` as PersonId,
  position: `place ${n}` as PositionId,
})
const places: Places = {
  people: ['a', 'b'] as PersonId[],
  positions: ['p', 'q'] as PositionId[],
  held: [post(1), post(2)],
  from: isoDate('2026-01-01'),
}

interface Acting {
  readonly path: string
  readonly opener: Acting | null
  readonly script: Script
  at: number
  heard: number
  refused: boolean
}

/** Lets all cases of a tree do what they can do, until none can do more; tasks are done at once. Answers those that stand. */
function run({ script }: Drawn): Acting[] {
  const cases: Acting[] = []
  const begin = (path: string, opener: Acting | null, of: Script) => {
    const one = { path, opener, script: of, at: 0, heard: 0, refused: false }
    cases.push(one)
  }
  const isOver = (one: Acting) => one.refused || one.at === one.script.length
  const named = (one: Acting, name: string) => cases.find(({ opener, path }) => opener === one && path === name)
  const does = (one: Acting, action: Action): boolean => {
    if ('open' in action) begin(action.open, one, action.script)
    else if ('tell' in action) {
      const to = action.tell === 'opener' ? one.opener : named(one, action.tell)
      if (!to) throw new Error(`nobody is called ${action.tell}`)
      if (action.n >= 0 && !isOver(to)) to.heard += 1
    } else if ('heard' in action) return one.heard >= action.heard
    else if ('ended' in action) {
      const of = named(one, action.ended)
      if (!of) throw new Error(`nobody is called ${action.ended}`)
      return isOver(of)
    } else if ('refuse' in action) one.refused = true

    return true
  }
  begin('first', null, script)
  for (let moved = true; moved;) {
    moved = false
    // a case begun on the way is looked at in the same round
    for (const one of cases)
      for (let action = one.script[one.at]; action && !one.refused && does(one, action); action = one.script[one.at]) {
        one.at += 1
        moved = true
      }
  }

  return cases.filter((one) => !isOver(one))
}

const drawn = Array.from({ length: 1000 }, (_, seed) => drawRelay(chanceOf(seed), places))

test('every case of every tree comes to its end', () => {
  for (const each of drawn.filter(({ legs }) => legs.length === 0)) expect(run(each)).toEqual([])
})

test('the same seed draws the same relay', () => {
  expect(drawRelay(chanceOf(7), places)).toEqual(drawRelay(chanceOf(7), places))
})

test('there are lists, trees whose cases wait to hear each other, tasks, posts, and trees of which any case may be cancelled', () => {
  const text = drawn.map((each) => JSON.stringify(each))
  const posts = ['"appoint"', '"endPost"', '"reinstate"', '"exchange"', '"takeBack"']
  for (const word of [
    ...posts,
    '"openEach"',
    '"heard"',
    '"work"',
    '"reply"',
    '"ended"',
    '"refuse"',
    '"any"',
    '"opener"',
  ])
    expect(text.filter((each) => each.includes(word)).length).toBeGreaterThan(50)
})
