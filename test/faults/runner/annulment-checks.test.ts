/** The auditor of annulments names each thing that may go wrong with one. */
import { faultsOfAnnulments, type AnnulmentRows } from './annulment-checks'

const won = { id: 'e', caseId: 'a', of: 'c', state: 'taken', reason: null, unanswered: false }
const refused = { ...won, id: 'f', caseId: 'b', state: 'refused', reason: 'annul.already' }
const winner = { id: 'a', status: 'open', outcome: null, reason: null, mendings: 0, told: 1 }
const loser = { ...winner, id: 'b', status: 'closed', outcome: 'upheld', reason: 'annul.already', told: 0 }
const row = { caseId: 'c', byId: 'a', effectId: 'e' }
const back = { caseId: 'a', of: 'x', state: 'taken', stood: true }
const whole: AnnulmentRows = {
  ...{ effects: [won, refused], annulments: [row], takenBack: [back], cases: [winner, loser] },
  states: new Map([['x', { caseId: 'c', state: 'undone', undoneBy: 'a' }]]),
}
const kinds = (rows: Partial<AnnulmentRows>) => faultsOfAnnulments({ ...whole, ...rows }).map(({ kind }) => kind)
const given = { ...won, state: 'undone' }
const states = (state: string, undoneBy: string | null) => new Map([['x', { caseId: 'c', state, undoneBy }]])

test('nothing is wrong when one of two annulled, nor when it was cancelled and gave the result back', () => {
  expect(kinds({})).toEqual([])
  const cancelled = { ...winner, status: 'closed', outcome: 'cancelled' }
  const takenBack = [{ ...back, state: 'undone' }]
  expect(
    kinds({
      effects: [given, refused],
      annulments: [],
      cases: [cancelled, loser],
      takenBack,
      states: states('taken', null),
    }),
  ).toEqual([])
})

test.each<[string, Partial<AnnulmentRows>, string[]]>([
  ['an effect without an answer', { effects: [{ ...won, unanswered: true }, refused] }, ['no outcome']],
  ['two that annulled the same', { effects: [won, { ...won, id: 'g', caseId: 'a' }] }, ['doubled', 'lost']],
  ['two annulments of one case', { annulments: [row, row] }, ['doubled']],
  ['an annulment that is not there', { annulments: [] }, ['lost']],
  ['an annulment by an effect that was taken back', { effects: [given, refused] }, ['orphaned']],
  ['an annulment by nobody', { annulments: [row, { ...row, caseId: 'd', effectId: 'z' }] }, ['orphaned']],
  ['an annulment in the name of another case', { annulments: [{ ...row, byId: 'b' }] }, ['disagrees']],
  ['an effect of no case', { cases: [winner] }, ['orphaned']],
  [
    'a loser that goes on',
    { cases: [winner, { ...loser, status: 'open', outcome: null, reason: null }] },
    ['no outcome'],
  ],
  ['a loser with another reason', { cases: [winner, { ...loser, reason: 'upheld' }] }, ['no outcome']],
  ['a loser whose file says that it won', { cases: [winner, { ...loser, told: 1 }] }, ['effect of what was refused']],
  ['a winner whose file does not say so', { cases: [{ ...winner, told: 0 }, loser] }, ['lost']],
  ['a winner whose file says so twice', { cases: [{ ...winner, told: 2 }, loser] }, ['doubled']],
  ['a winner that ended as if it had lost', { cases: [{ ...winner, outcome: 'upheld' }, loser] }, ['disagrees']],
  ['a cancelled case that still annuls', { cases: [{ ...winner, outcome: 'cancelled' }, loser] }, ['orphaned']],
  ['something that was taken back, and stands', { states: states('taken', null) }, ['lost']],
  ['something that was taken back twice', { takenBack: [back, { ...back, caseId: 'b' }] }, ['doubled']],
  ['something that was taken back by nobody', { takenBack: [] }, ['orphaned']],
])('%s', (_, change, expected) => {
  expect(kinds(change)).toEqual(expected)
})
