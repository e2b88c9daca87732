import fc from 'fast-check'
import { ROLES } from '../contract'
import type { ActKind, Addressee, BodyKey, Capacity, PersonId, Role, Actor, Grant, Starter } from '../contract'
import type { Keeps } from './kept'
import {
  AGENCY,
  capacityOf,
  handoverKind,
  holdsRole,
  mayComplete,
  mayHold,
  mayPerform,
  maySee,
  mayStart,
  mayWithdraw,
  startsAs,
  startsIn,
} from './policy'

const person = (name: string) => name as PersonId
const bodyNamed = (key: string) => key as BodyKey

const finance = bodyNamed('ministryFinance')
const justice = bodyNamed('ministryJustice')
const department = bodyNamed('civilServiceAgency.almaty')
const otherDepartment = bodyNamed('civilServiceAgency.aktobe')
const [aigul, berik] = [person('aigul'), person('berik')]

const who = (name: PersonId, ...grants: [Role, BodyKey][]): Actor => ({
  person: name,
  grants: grants.map(([role, body]) => ({ role, body })),
})
const hrOfFinance: Addressee = { role: 'hr', body: finance }

const refused = (code: string) => ({ may: false, reason: { code } })
const allowed = (...capacities: string[]) => ({ may: true, capacities })

describe('who may hold a task', () => {
  const task = (to: Addressee, ...excluded: PersonId[]) => ({ for: to, excluded, subject: null })

  test.each<[string, Actor, Addressee, object]>([
    ['the person it is for', who(aigul), { person: aigul }, allowed('self')],
    ['nobody else', who(berik, ['head', finance]), { person: aigul }, refused('policy.notAddressee')],
    ['who holds the role in the body', who(aigul, ['hr', finance]), hrOfFinance, allowed('hr')],
    ['not who holds it in another body', who(aigul, ['hr', justice]), hrOfFinance, refused('policy.noRole')],
    ['not who holds another in the body', who(aigul, ['head', finance]), hrOfFinance, refused('policy.noRole')],
    [
      'not who holds one in the one and one in the other',
      who(aigul, ['hr', justice], ['head', finance]),
      hrOfFinance,
      refused('policy.noRole'),
    ],
    ['who holds it among others', who(aigul, ['hr', justice], ['hr', finance]), hrOfFinance, allowed('hr')],
    ['not who holds none', who(aigul), hrOfFinance, refused('policy.noRole')],
    ['no administrator by being one', who(aigul, ['administrator', finance]), hrOfFinance, refused('policy.noRole')],
    [
      'not the Agency for one of its departments',
      who(aigul, ['agency', AGENCY]),
      { role: 'agency', body: department },
      refused('policy.noRole'),
    ],
  ])('%s', (_, actor, to, verdict) => {
    expect(mayHold(actor, task(to))).toEqual(verdict)
  })

  const official: Addressee = { person: aigul, servesIn: finance }
  const serving = (...posts: BodyKey[]): Actor => ({ ...who(aigul), posts })
  test.each<[string, Actor, Addressee, object]>([
    ['while he has one there', serving(justice, finance), official, allowed('self')],
    ['not once he has none', serving(), official, refused('policy.leftOffice')],
    ['not by one in another body', serving(justice), official, refused('policy.leftOffice')],
    [
      'not for holding a role there',
      { ...who(aigul, ['head', finance]), posts: [] },
      official,
      refused('policy.leftOffice'),
    ],
    ['if the message does not say where he serves', who(aigul), official, allowed('self')],
    ['without one, where he is named for himself', serving(), { person: aigul }, allowed('self')],
  ])('who is named by virtue of a post: %s', (_, actor, to, verdict) => {
    expect(mayHold(actor, task(to))).toEqual(verdict)
    expect(mayComplete(actor, { ...task(to), assignee: aigul })).toEqual(verdict)
  })

  test('never who is excluded, not even the person it is for', () => {
    expect(mayHold(who(aigul, ['hr', finance]), task(hrOfFinance, berik, aigul))).toEqual(refused('policy.excluded'))
    expect(mayHold(who(aigul), task({ person: aigul }, aigul))).toEqual(refused('policy.excluded'))
    expect(mayHold(who(aigul, ['hr', finance]), task(hrOfFinance, berik))).toEqual(allowed('hr'))
  })

  test('he may answer it once he holds it', () => {
    const actor = who(aigul, ['hr', finance])
    const held = (assignee: PersonId | null, ...excluded: PersonId[]) =>
      mayComplete(actor, { ...task(hrOfFinance, ...excluded), assignee })
    expect(held(aigul)).toEqual(allowed('hr'))
    expect(held(null)).toEqual(refused('policy.claimFirst'))
    expect(held(berik)).toEqual(refused('policy.heldByAnother'))
    expect(held(aigul, aigul)).toEqual(refused('policy.excluded'))
    expect(mayComplete(who(aigul), { ...task(hrOfFinance), assignee: aigul })).toEqual(refused('policy.noRole'))
    expect(mayComplete(who(aigul), { ...task({ person: aigul }), assignee: aigul })).toEqual(allowed('self'))
  })
})

describe('who may start a case', () => {
  const serves = (one: Actor, ...posts: readonly BodyKey[]): Actor => ({ ...one, posts })
  const hrOfFinanceToo = serves(who(aigul, ['hr', finance]), finance)
  const byAll: readonly Starter[] = ['hr', 'subject', 'clock', 'register']

  test.each<[string, Actor, readonly Starter[], PersonId | null, object]>([
    ['HR, about another', hrOfFinanceToo, byAll, berik, allowed('hr')],
    ['HR, about nobody', hrOfFinanceToo, byAll, null, allowed('hr')],
    ['HR, his own as himself', hrOfFinanceToo, byAll, aigul, allowed('self')],
    ['HR, his own, where only staff start it', hrOfFinanceToo, ['hr'], aigul, refused('policy.ownCase')],
    ['a servant without a role, his own', serves(who(berik), finance), byAll, berik, allowed('self')],
    ['a servant, not about another', serves(who(berik), finance), byAll, aigul, refused('policy.noRole')],
    ['a servant, not about nobody', serves(who(berik), finance), byAll, null, refused('policy.noRole')],
    [
      'a servant, not where he does not serve',
      serves(who(berik), justice),
      byAll,
      berik,
      refused('policy.notYourBody'),
    ],
    ['a servant without a post, his own anywhere', serves(who(berik)), byAll, berik, allowed('self')],
    ['a servant without a post, not about another', serves(who(berik)), byAll, aigul, refused('policy.noRole')],
    ['a servant of whom no post is known, not anywhere', who(berik), ['hr'], berik, refused('policy.ownCase')],
    ['a servant, not where only staff start it', serves(who(berik), finance), ['hr'], berik, refused('policy.ownCase')],
    ['a person, not what the clock starts', hrOfFinanceToo, ['clock', 'register'], berik, refused('policy.noRole')],
  ])('%s', (_, actor, startedBy, subject, verdict) => {
    expect(mayStart(actor, { startedBy }, { body: finance, subject })).toEqual(verdict)
  })

  test('an appeal of his own wherever the decision was taken, also when he serves elsewhere; none of another', () => {
    const APPEALS = { decisions: {}, fields: { case: 'case', kind: 'kind' }, fact: 'of', again: [] }
    const appeals = { startedBy: byAll, appeals: APPEALS } as const
    expect(mayStart(serves(who(berik), justice), appeals, { body: finance, subject: berik })).toEqual(allowed('self'))
    expect(mayStart(serves(who(berik), justice), appeals, { body: finance, subject: aigul })).toEqual(
      refused('policy.noRole'),
    )
  })

  test.each<[string, Actor, readonly Starter[], PersonId | null, object]>([
    ['whoever is signed in, about another', who(berik), ['anonymous'], aigul, allowed('self')],
    ['about nobody', who(berik), ['anonymous'], null, allowed('self')],
    ['HR, whose office is not said', hrOfFinanceToo, ['hr', 'anonymous'], berik, allowed('self')],
    ['not about himself, whom the case names', who(berik), [...byAll, 'anonymous'], berik, refused('policy.ownCase')],
    ['not where the contract has another way', who(berik), ['confidential'], aigul, refused('policy.noRole')],
  ])('without a name: %s', (_, actor, startedBy, subject, verdict) => {
    expect(mayStart(actor, { startedBy }, { body: finance, subject }, 'anonymous')).toEqual(verdict)
  })

  test('in any body, without a name alone where he has no part', () => {
    const startedBy = [...byAll, 'anonymous'] as const
    expect(startsAs(hrOfFinanceToo, startedBy, finance)).toEqual(['hr', 'self'])
    expect(startsAs(hrOfFinanceToo, startedBy, justice)).toEqual([])
    expect(startsAs(hrOfFinanceToo, startedBy, finance, 'anonymous')).toEqual([])
    expect(startsAs(hrOfFinanceToo, startedBy, finance, 'confidential')).toBeNull()
    expect(startsAs(hrOfFinanceToo, byAll, justice)).toBeNull()
    expect(startsAs(serves(who(berik)), byAll, justice)).toEqual(['self'])
    expect(startsAs(serves(who(aigul, ['hr', finance])), byAll, finance)).toEqual(['hr', 'self'])
    expect(startsAs(serves(who(berik)), ['hr'], justice)).toBeNull()
  })

  test.each<[string, Actor, readonly Starter[], object]>([
    ['HR there by office and for himself', hrOfFinanceToo, byAll, { finance: ['hr', 'self'] }],
    [
      'a servant where he serves',
      serves(who(berik), finance, justice),
      byAll,
      { finance: ['self'], justice: ['self'] },
    ],
    ['nobody by the clock', hrOfFinanceToo, ['clock', 'register'], {}],
  ])('in which bodies: %s', (_, actor, startedBy, bodies) => {
    expect(startsIn(actor, startedBy)).toEqual(
      new Map(Object.entries(bodies).map(([name, capacities]) => [name === 'finance' ? finance : justice, capacities])),
    )
  })
})

describe('who may act on a case', () => {
  const file = { body: finance, subject: berik }
  const byHr: ActKind = { by: ['hr', 'head'] }
  const bySubject: ActKind = { by: ['subject', 'hr'] }

  test.each<[string, Actor, ActKind, object]>([
    ['HR of its body', who(aigul, ['hr', finance]), byHr, allowed('hr')],
    ['the head of its body', who(aigul, ['head', finance]), byHr, allowed('head')],
    [
      'in every capacity that the act names',
      who(aigul, ['head', finance], ['hr', finance], ['agency', finance]),
      byHr,
      allowed('hr', 'head'),
    ],
    ['not HR of another body', who(aigul, ['hr', justice]), byHr, refused('policy.noRole')],
    ['not the Agency unless named', who(aigul, ['agency', AGENCY]), byHr, refused('policy.noRole')],
    [
      'nobody by office in his own case',
      who(berik, ['hr', finance], ['head', finance]),
      byHr,
      refused('policy.ownCase'),
    ],
    ['its subject, where the act is his', who(berik), bySubject, allowed('self')],
    ['its subject as himself and not as HR', who(berik, ['hr', finance]), bySubject, allowed('self')],
    ['nobody else as its subject', who(aigul), bySubject, refused('policy.noRole')],
    ['nobody, where the act names nobody', who(aigul, ['hr', finance]), { by: [] }, refused('policy.noRole')],
  ])('%s', (_, actor, act, verdict) => {
    expect(mayPerform(actor, act, file)).toEqual(verdict)
  })

  test.each<[string, readonly Capacity[], Capacity | undefined, Capacity | null]>([
    ['the only one is taken', ['hr'], undefined, 'hr'],
    ['of two the one that is said', ['hr', 'head'], 'head', 'head'],
    ['of two none by itself', ['hr', 'head'], undefined, null],
    ['none that is not his', ['hr', 'head'], 'agency', null],
    ['not even for the only one', ['hr'], 'head', null],
  ])('of his capacities: %s', (_, capacities, said, capacity) => {
    expect(capacityOf(capacities, said)).toBe(capacity)
  })

  test('a question is taken back by its holder, or, while nobody holds the task, by whoever may', () => {
    const actor = who(aigul, ['hr', finance])
    const held = (assignee: PersonId | null) =>
      mayWithdraw(actor, { for: hrOfFinance, excluded: [], subject: null, assignee })
    expect(held(aigul)).toEqual(allowed('hr'))
    expect(held(null)).toEqual(allowed('hr'))
    expect(held(berik)).toEqual(refused('policy.heldByAnother'))
    expect(mayWithdraw(who(aigul), { for: hrOfFinance, excluded: [], subject: null, assignee: null })).toEqual(
      refused('policy.noRole'),
    )
  })

  test('who may start one', () => {
    expect(mayStart(who(aigul, ['hr', finance]), { startedBy: ['hr'] }, file)).toEqual(allowed('hr'))
    expect(mayStart(who(aigul, ['hr', justice]), { startedBy: ['hr'] }, file)).toEqual(refused('policy.noRole'))
    expect(mayStart(who(aigul, ['head', finance]), { startedBy: ['hr'] }, file)).toEqual(refused('policy.noRole'))
    expect(mayStart(who(berik, ['hr', finance]), { startedBy: ['hr'] }, file)).toEqual(refused('policy.ownCase'))
  })
})

describe('who sees a case', () => {
  const file = { body: finance, agency: department, people: [berik] }

  test.each<[string, Actor, boolean, boolean]>([
    ['a person who has a part in it', who(berik), true, true],
    ['HR of its body', who(aigul, ['hr', finance]), true, true],
    ['the head of its body', who(aigul, ['head', finance]), true, true],
    ['the department of the Agency that is competent', who(aigul, ['agency', department]), true, true],
    ['the central body of the Agency', who(aigul, ['agency', AGENCY]), true, true],
    ['a developer, its course only', who(aigul, ['developer', AGENCY]), true, false],
    ['a developer of any body, its course only', who(aigul, ['developer', justice]), true, false],
    ['a developer who has a part in it', who(berik, ['developer', finance]), true, true],
    ['HR of another body', who(aigul, ['hr', justice]), false, false],
    ['the head of another body', who(aigul, ['head', justice]), false, false],
    ['another department of the Agency', who(aigul, ['agency', otherDepartment]), false, false],
    ['HR of the Agency', who(aigul, ['hr', AGENCY]), false, false],
    ['HR of the department that is competent', who(aigul, ['hr', department]), false, false],
    ['whoever has the role of the Agency in the body itself', who(aigul, ['agency', finance]), false, false],
    ['an administrator', who(aigul, ['administrator', finance]), false, false],
    ['anybody else', who(aigul), false, false],
  ])('%s', (_, actor, seen, content) => {
    expect(maySee(actor, file)).toEqual({ file: seen, content })
  })
})

describe('laws of the policy', () => {
  const bodies = [finance, justice, department, AGENCY]
  const names = ['aigul', 'berik', 'daniyar'].map(person)
  const grant: fc.Arbitrary<Grant> = fc.record({
    role: fc.constantFrom(...ROLES),
    body: fc.constantFrom(...bodies),
  })
  const actor: fc.Arbitrary<Actor> = fc.record({
    person: fc.constantFrom(...names),
    grants: fc.array(grant, { maxLength: 6 }),
    posts: fc.subarray(bodies),
  })
  const addressee: fc.Arbitrary<Addressee> = fc.oneof(
    fc.record({ person: fc.constantFrom(...names) }),
    fc.record({ person: fc.constantFrom(...names), servesIn: fc.constantFrom(...bodies) }),
    fc.record({ role: fc.constantFrom(...ROLES), body: fc.constantFrom(...bodies) }),
  )
  const people = fc.subarray(names)

  test('exclusion beats every grant', () => {
    fc.assert(
      fc.property(actor, addressee, people, fc.constantFrom(null, ...names), (one, to, others, assignee) => {
        const task = { for: to, excluded: [...others, one.person], subject: null, assignee }
        expect(mayHold(one, task)).toEqual(refused('policy.excluded'))
        expect(mayComplete(one, task)).toEqual(refused('policy.excluded'))
      }),
    )
  })

  test('whoever may answer a task may hold it, in the same capacity', () => {
    fc.assert(
      fc.property(actor, addressee, people, fc.constantFrom(null, ...names), (one, to, excluded, assignee) => {
        const task = { for: to, excluded, subject: null, assignee }
        const verdict = mayComplete(one, task)
        if (verdict.may) expect(mayHold(one, task)).toEqual(verdict)
      }),
    )
  })

  test('no office counts in one’s own case', () => {
    fc.assert(
      fc.property(actor, fc.subarray([...ROLES]), fc.constantFrom(...bodies), (one, by, body) => {
        expect(mayPerform(one, { by }, { body, subject: one.person })).toEqual(refused('policy.ownCase'))
      }),
    )
  })

  test('nobody does a task of an office in his own case; one that names him he does', () => {
    fc.assert(
      fc.property(actor, addressee, (one, to) => {
        const of = { for: to, excluded: [] }
        const own = mayHold(one, { ...of, subject: one.person })
        expect(own).toEqual(to.role === undefined ? mayHold(one, { ...of, subject: null }) : refused('policy.excluded'))
      }),
    )
  })

  test('only a role in the very body counts', () => {
    fc.assert(
      fc.property(actor, fc.subarray([...ROLES]), fc.constantFrom(...bodies), (one, by, body) => {
        const may = mayPerform(one, { by }, { body, subject: person('somebody else') }).may
        expect(may).toBe(by.some((role) => holdsRole(one.grants, role, body)))
      }),
    )
  })

  test('one more grant never takes a right away', () => {
    fc.assert(
      fc.property(actor, grant, addressee, people, fc.constantFrom(...bodies), (one, more, to, excluded, body) => {
        const richer = { ...one, grants: [...one.grants, more] }
        const task = { for: to, excluded, subject: null }
        if (mayHold(one, task).may) expect(mayHold(richer, task).may).toBe(true)
        const file = { body, agency: department, people: excluded }
        const [before, after] = [maySee(one, file), maySee(richer, file)]
        expect(Number(after.file)).toBeGreaterThanOrEqual(Number(before.file))
        expect(Number(after.content)).toBeGreaterThanOrEqual(Number(before.content))
      }),
    )
  })

  test('nobody sees the content of a case that he does not see', () => {
    fc.assert(
      fc.property(actor, people, fc.constantFrom(...bodies), (one, parties, body) => {
        const seen = maySee(one, { body, agency: department, people: parties })
        expect(seen.content && !seen.file).toBe(false)
      }),
    )
  })
})

describe('who hands a case over', () => {
  const file = { body: finance, agency: department, subject: berik }
  const may = (actor: Actor, contract: Parameters<typeof handoverKind>[0] = {}) => {
    const kind = handoverKind(contract)

    return kind && mayPerform(actor, kind, file)
  }

  test.each<[string, Actor, object]>([
    ['the head of its body', who(aigul, ['head', finance]), allowed('head')],
    ['the body of the Agency that is competent', who(aigul, ['agency', department]), allowed('agency')],
    ['both in one', who(aigul, ['head', finance], ['agency', department]), allowed('head', 'agency')],
    ['not its HR', who(aigul, ['hr', finance]), refused('policy.noRole')],
    ['not the head of another body', who(aigul, ['head', justice]), refused('policy.noRole')],
    ['not another body of the Agency', who(aigul, ['agency', otherDepartment]), refused('policy.noRole')],
    ['not its subject, whatever he is', who(berik, ['head', finance]), refused('policy.ownCase')],
  ])('%s', (_who, actor, verdict) => {
    expect(may(actor)).toEqual(verdict)
  })

  test('a contract says otherwise, or that nobody does', () => {
    expect(may(who(aigul, ['hr', finance]), { handsOver: { by: ['hr'] } })).toEqual(allowed('hr'))
    expect(may(who(aigul, ['head', finance]), { handsOver: { by: ['hr'] } })).toEqual(refused('policy.noRole'))
    expect(may(who(aigul, ['head', finance]), { handsOver: false })).toBeNull()
  })
})

describe('whom a case is kept from', () => {
  const of = { body: finance, agency: department, subject: berik }
  const hr: Addressee<Role> = { role: 'hr', body: finance }
  const officer = who(aigul, ['hr', finance])
  const [named, notNamed, excluded] = [
    { keptFrom: [], restrictedTo: [aigul] },
    { keptFrom: [], restrictedTo: [berik] },
    { keptFrom: [aigul], restrictedTo: [aigul] },
  ]

  test('in a restricted case an office acts and holds tasks for those only whom it names', () => {
    const may = (keeps: Keeps) => [
      mayHold(officer, { for: hr, excluded: keeps.keptFrom, subject: berik, restrictedTo: keeps.restrictedTo }),
      mayPerform(officer, { by: ['hr'] }, { ...of, ...keeps }),
    ]
    expect(may(named)).toEqual([allowed('hr'), allowed('hr')])
    expect(may(notNamed)).toEqual([refused('policy.notNamed'), refused('policy.notNamed')])
    expect(may(excluded)).toEqual([refused('policy.excluded'), refused('policy.excludedFromCase')])
  })

  test('a task addressed to a person by name and the acts of whom a case is about count in a restricted case as ever', () => {
    const hers = { for: { person: aigul }, excluded: [], subject: berik, restrictedTo: [] }
    expect(mayHold(officer, hers)).toEqual(allowed('self'))
    expect(mayPerform(who(berik), { by: ['subject'] }, { ...of, keptFrom: [], restrictedTo: [] })).toEqual(
      allowed('self'),
    )
  })

  test('whoever is excluded performs no act, even of his own', () => {
    expect(mayPerform(who(berik), { by: ['subject'] }, { ...of, keptFrom: [berik], restrictedTo: null })).toEqual(
      refused('policy.excludedFromCase'),
    )
  })
})
