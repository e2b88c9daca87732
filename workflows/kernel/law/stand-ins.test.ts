import type { Addressee, BodyKey, PersonId, Role, TaskKind } from '../contract'
import { askedNow, standInsOf, type AskedTask } from './stand-ins'

const body = (key: string) => key as BodyKey
const of = (role: Role, key: string): Addressee<Role> => ({ role, body: body(key) })
const person: Addressee<Role> = { person: 'p' as PersonId }
const named: Addressee<Role> = { person: 'p' as PersonId, servesIn: body('office') }
const ABOVE: Readonly<Record<string, readonly string[]>> = { unit: ['ministry', 'government'], office: ['board'] }
const where = {
  body: body('unit'),
  agency: body('department'),
  above: (key: BodyKey) => (ABOVE[key] ?? []).map(body),
}
const CENTRAL = 'civilServiceAgency'

describe('whom a case asks when nobody may do a task', () => {
  test.each<readonly [what: string, kind: TaskKind, own: Addressee<Role>, asked: readonly Addressee<Role>[]]>([
    [
      'of a role: the head of the body, then the same role in the bodies above, the nearest first',
      {},
      of('hr', 'unit'),
      [of('head', 'unit'), of('hr', 'ministry'), of('hr', 'government')],
    ],
    ['of the head: the heads above', {}, of('head', 'unit'), [of('head', 'ministry'), of('head', 'government')]],
    [
      'whom the kind escalates to comes first, each is asked once',
      { escalatesTo: 'head' },
      of('hr', 'unit'),
      [of('head', 'unit'), of('hr', 'ministry'), of('hr', 'government')],
    ],
    [
      'the Agency of the body and the central one, where the kind escalates to it',
      { escalatesTo: 'agency' },
      of('head', 'unit'),
      [of('agency', 'department'), of('agency', CENTRAL), of('head', 'ministry'), of('head', 'government')],
    ],
    [
      'by the contract the head, then the heads above',
      { withoutEligible: 'head' },
      of('hr', 'unit'),
      [of('head', 'unit'), of('head', 'ministry'), of('head', 'government')],
    ],
    ['by the contract the Agency', { withoutEligible: 'agency' }, of('agency', CENTRAL), [of('agency', 'department')]],
    [
      'by the contract the bodies above, and not the head',
      { withoutEligible: 'parent', escalatesTo: 'head' },
      of('hr', 'unit'),
      [of('hr', 'ministry'), of('hr', 'government')],
    ],
    ['of a named person nobody', { escalatesTo: 'head' }, person, []],
    [
      'unless the contract says it: in his office',
      { withoutEligible: 'head' },
      named,
      [of('head', 'office'), of('head', 'board')],
    ],
    [
      'or in the body of the case',
      { withoutEligible: 'parent' },
      person,
      [of('head', 'ministry'), of('head', 'government')],
    ],
    [
      'a vote is nobody else’s',
      { withoutEligible: 'head', commission: { countedBy: 'vote', withoutQuorum: 'fail', tie: 'fail' } },
      of('hr', 'unit'),
      [],
    ],
    ['a body without a superior asks its head only', {}, of('hr', 'alone'), [of('head', 'alone')]],
  ])('%s', (_what, kind, own, asked) => {
    expect(standInsOf(kind, own, where)).toEqual(asked)
  })
})

describe('who is asked now', () => {
  const own = of('hr', 'unit')
  const [first, second] = [of('head', 'unit'), of('hr', 'ministry')]
  const ask = (task: Partial<AskedTask>, ...eligible: Addressee<Role>[]) =>
    askedNow({ own, standIn: null, claimed: false, ...task }, [first, second], (to) =>
      eligible.some((each) => JSON.stringify(each) === JSON.stringify(to)),
    )
  const by = (to: Addressee<Role> | null) => ({ standIn: { for: own, by: to } })

  test.each<
    readonly [
      what: string,
      task: Partial<AskedTask>,
      eligible: readonly Addressee<Role>[],
      Addressee<Role> | null | 'asBefore',
    ]
  >([
    ['its own addressee while somebody there may', {}, [own, first], 'asBefore'],
    ['the first of the others where somebody may', {}, [first, second], first],
    ['the next when nobody may there', {}, [second], second],
    ['nobody where nobody may', {}, [], null],
    ['nobody, said once', by(null), [], 'asBefore'],
    ['whoever may after nobody might', by(null), [second], second],
    ['whoever is asked stays, even when one before him may again', by(second), [first, second], 'asBefore'],
    ['the next when he may no longer', by(second), [first], first],
    ['its own addressee again as soon as somebody there may', by(second), [own, second], own],
    ['also after nobody might', { ...by(null), claimed: true }, [own], own],
    ['not while somebody who was asked has taken it up', { ...by(second), claimed: true }, [own, second], 'asBefore'],
    ['but then if nobody may there any more', { ...by(second), claimed: true }, [own], own],
  ])('%s', (_what, task, eligible, asked) => {
    expect(ask(task, ...eligible)).toEqual(asked)
  })
})
