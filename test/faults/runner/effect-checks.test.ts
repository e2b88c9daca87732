/** The auditor of effects names each thing that may go wrong with one. */
import { faultsOfEffects, type EffectRows } from './effect-checks'

const effect = { id: 'e', caseId: 'a', key: 'k', state: 'taken', unanswered: false }
const whole: EffectRows = { effects: [effect], holds: [{ key: 'k', caseId: 'a' }], open: new Set(['a']) }
const kinds = (change: Partial<EffectRows>) => faultsOfEffects({ ...whole, ...change }).map(({ kind }) => kind)

test('nothing is wrong with a key that is held by the effect of an open case, nor with one that was given back', () => {
  expect(kinds({})).toEqual([])
  expect(kinds({ effects: [{ ...effect, state: 'undone' }], holds: [] })).toEqual([])
  expect(kinds({ holds: [], open: new Set() })).toEqual([])
})

test.each<[string, Partial<EffectRows>, string]>([
  ['an effect without an answer', { effects: [{ ...effect, unanswered: true }] }, 'no outcome'],
  ['a key that was taken and is not held', { holds: [] }, 'lost'],
  ['a key that a closed case holds', { open: new Set() }, 'orphaned'],
  [
    'a key that was given back and is held',
    { effects: [{ ...effect, state: 'undone' }] },
    'effect of what was refused',
  ],
])('%s', (_, change, kind) => {
  expect(kinds(change)).toEqual([kind])
})
