/** The auditor of posts names each thing that may go wrong with what cases did to them. */
import { faultsOfPosts, type PostRows } from './post-checks'

type Post = PostRows['posts'][number]
type Change = PostRows['trail'][number]

const held: Post = {
  ...{ id: 'held', personId: 'a', positionId: 'p', kind: 'permanent', from: '2026-01-01', to: null, version: 1 },
}
const ended: Post = { ...held, to: '2026-05-01', version: 2 }
const role = { id: 'role', personId: 'a', from: '2026-01-01', to: null, postId: 'held', version: 1 }
const endedRole = { ...role, to: '2026-05-01', version: 2 }
const made: Post = { ...held, id: 'made', personId: 'b', from: '2026-05-02' }
const change = (seq: number, more: Partial<Change>): Change => ({
  ...{ seq, register: 'posts', rowId: 'held', caseId: null, effectId: null, undoes: null, before: null, after: null },
  ...more,
})
const seeded = [change(1, { after: held }), change(2, { register: 'roles', rowId: 'role', after: role })]
const ends = [
  change(3, { caseId: 'c', effectId: 'end', before: held, after: ended }),
  change(4, { caseId: 'c', effectId: 'end', register: 'roles', rowId: 'role', before: role, after: endedRole }),
]
const makes = [change(5, { caseId: 'c', effectId: 'made', rowId: 'made', after: made })]
const trail = [...seeded, ...ends, ...makes]
const effect = { caseId: 'c', state: 'taken', rehearsal: null, unanswered: false }
const end = { ...effect, id: 'end', name: 'endPost', changes: [3, 4], posts: ['held'] }
const appointment = { ...effect, id: 'made', name: 'appoint', changes: [5], posts: ['made'] }
const file = {
  ...{ id: 'c', outcome: 'done', rehearsal: null, mendings: 0 },
  did: [
    { effect: 'endPost', changes: [3, 4] },
    { effect: 'appoint', changes: [5] },
  ],
}
const whole: PostRows = {
  ...{ effects: [end, appointment], trail, posts: [ended, made], roles: [endedRole], cases: [file] },
}
/** The appointment was taken back. */
const undone = { ...appointment, state: 'undone', changes: [], posts: [] }
const reversal = change(6, { caseId: 'd', effectId: 'made', rowId: 'made', undoes: 5, before: made, after: null })
const givenBack: Partial<PostRows> = { effects: [end, undone], trail: [...trail, reversal], posts: [ended] }
const kinds = (rows: Partial<PostRows>) => [...new Set(faultsOfPosts({ ...whole, ...rows }).map(({ kind }) => kind))]

/** One more post, with all that is said of it. */
const twice = (post: Post): Partial<PostRows> => ({
  posts: [ended, made, post],
  trail: [...trail, change(9, { rowId: post.id, after: post })],
})
const early = { ...made, from: '2026-05-01' }
const onOneDay: Partial<PostRows> = {
  posts: [ended, early],
  trail: [...seeded, ...ends, change(5, { caseId: 'c', effectId: 'made', rowId: 'made', after: early })],
}
const roleIs = (now: PostRows['roles'][number]): Partial<PostRows> => ({
  roles: [now],
  trail: [...trail, change(9, { register: 'roles', rowId: 'role', before: endedRole, after: now })],
})
const refused = (state: string): Partial<PostRows> => ({ ...givenBack, effects: [end, { ...undone, state }] })
const again = change(7, { caseId: 'd', effectId: 'made', rowId: 'made', undoes: 5 })
const told = [{ effect: 'appoint', changes: [8] }]
const REFUSED = ['effect of what was refused']

test('nothing is wrong with an end and an appointment, nor with one that was taken back, done again, or rehearsed', () => {
  expect(kinds({})).toEqual([])
  expect(kinds(givenBack)).toEqual([])
  const again = change(7, { caseId: 'c', effectId: 'made', rowId: 'made', after: made })
  const redone = { ...appointment, changes: [7] }
  expect(kinds({ effects: [end, redone], trail: [...trail, reversal, again] })).toEqual([])
  const rehearsed = { ...appointment, id: 'x', caseId: 'r', rehearsal: 'a set', changes: [99], posts: ['x'] }
  const did = [{ effect: 'appoint', changes: [99] }]
  const rehearsal = { ...file, id: 'r', did, rehearsal: 'a set' }
  expect(kinds({ effects: [end, appointment, rehearsed], cases: [file, rehearsal] })).toEqual([])
})

test('what could not be taken back of a cancelled case is no fault when HR was told of it', () => {
  expect(kinds({ cases: [{ ...file, outcome: 'cancelled', mendings: 2 }] })).toEqual([])
})

test.each<[string, Partial<PostRows>, string[]]>([
  ['a person with two posts at once', twice({ ...made, id: 'x', positionId: 'q' }), ['doubled']],
  ['a position that is held twice', twice({ ...made, id: 'x', personId: 'c' }), ['doubled']],
  ['a post that ends on the day another begins in it', onOneDay, ['doubled']],
  ['a post that was lost', { posts: [ended] }, ['lost']],
  ['a post that the trail does not know', { trail: trail.slice(0, 4), effects: [end], cases: [] }, ['orphaned']],
  ['a post that is not as the trail says', { posts: [{ ...ended, endGround: 'transfer' }, made] }, ['disagrees']],
  ['a change that is missing in the trail', { trail: trail.filter(({ seq }) => seq !== 3) }, ['disagrees', 'lost']],
  ['a change of what was not there', { trail: [...trail, change(9, { before: held, after: ended })] }, ['broken file']],
  ['a role that outlives its post', roleIs({ ...endedRole, to: null }), ['orphaned']],
  ['a role of somebody else', roleIs({ ...endedRole, personId: 'b' }), ['disagrees']],
  ['a role without a post', roleIs({ ...endedRole, postId: 'gone' }), ['orphaned']],
  ['an effect without an answer', { effects: [{ ...end, unanswered: true }, appointment] }, ['no outcome']],
  [
    'an effect that changed nothing',
    { effects: [end, appointment, { ...effect, id: 'y', name: 'appoint', changes: [], posts: [] }] },
    ['lost'],
  ],
  ['an effect that was done twice', { effects: [{ ...end, changes: [3] }, appointment] }, ['doubled']],
  ['a change of which no effect is known', { effects: [end] }, ['orphaned']],
  ['an effect that is taken back, and stands', { effects: [end, undone] }, REFUSED],
  ['a refusal that changed rows', refused('refused'), REFUSED],
  ['an effect that stands, and was reversed', { ...givenBack, effects: [end, appointment] }, ['lost']],
  ['one that was reversed twice', { ...givenBack, trail: [...trail, reversal, again] }, ['doubled']],
  ['a rehearsal that changed rows', { effects: [end, { ...appointment, rehearsal: 'a set' }] }, REFUSED],
  [
    'a cancelled case that keeps what it did',
    { cases: [{ ...file, outcome: 'cancelled', mendings: 1 }] },
    ['orphaned'],
  ],
  ['a story that was told what did not happen', { cases: [{ ...file, did: told }] }, ['lost']],
  ['a story that was told what another did', { cases: [{ ...file, id: 'd' }] }, ['lost']],
])('%s', (_, change, expected) => {
  expect(kinds(change)).toEqual(expected)
})
