import { changesOf } from './changes'

it('names the fields that differ, those that are gone last, and nothing else', () => {
  expect(changesOf({ gone: 'a', same: 1, grounds: 'b' }, { same: 1, grounds: 'c', more: true })).toEqual([
    { field: 'grounds', items: [] },
    { field: 'more', items: [] },
    { field: 'gone', items: [] },
  ])
})

it('says of a list which of its items differ', () => {
  const goals = [{ goal: 'a' }, { goal: 'b' }]
  expect(changesOf({ goals }, { goals: [{ goal: 'a' }, { goal: 'c' }, { goal: 'd' }] })).toEqual([
    { field: 'goals', items: [2, 3] },
  ])
})

it('takes what was left empty for the same as what is not there', () => {
  expect(changesOf({ remarks: null }, {})).toEqual([])
})
