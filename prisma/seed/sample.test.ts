import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import { bodyRows, categoryRows, regimeRows, regionRows, ruleRows, termRows } from './data'
import { sampleRegister } from './sample'
import { newcomers, SAMPLE_DATE } from './seed'

const on = SAMPLE_DATE
const sample = sampleRegister({ seed: 1, on })
const corps = new Map(categoryRows().map((row) => [row.code, row.corps]))
const positions = new Map(sample.positions.map((each) => [each.id, each]))
const postsOf = (person: string) => sample.posts.filter((post) => post.personId === person)

const unique = (values: readonly unknown[]) => new Set(values).size === values.length

describe('reference data', () => {
  test('is whole', () => {
    expect(regionRows()).toHaveLength(20)
    expect(bodyRows()).toHaveLength(78)
    expect(categoryRows()).toHaveLength(54)
    expect(regimeRows().map((row) => row.id)).toEqual(['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'RC'])
    // a process that is added brings rows of its own; what it needs is asked in test/register-rows.test.ts
    expect(ruleRows().length).toBeGreaterThanOrEqual(9 * 7)
    expect(termRows().length).toBeGreaterThanOrEqual(138 + 11)
    for (const rows of [
      bodyRows().map((row) => row.key),
      termRows().map((row) => row.id),
      ruleRows().map((row) => row.id),
    ])
      expect(unique(rows)).toBe(true)
  })

  test('regimes follow one another without gap or overlap', () => {
    const dated = regimeRows().filter((row) => row.validFrom ?? row.validTo)
    for (const [n, regime] of dated.entries()) {
      const next = dated[n + 1]
      if (next) expect(next.validFrom).toBe(regime.validTo && addDays(regime.validTo, 1))
    }
    expect(dated.at(-1)?.validTo).toBeNull()
  })
})

describe('the sample', () => {
  test('is the same for the same number and date, and another for another number', () => {
    expect(sampleRegister({ seed: 1, on })).toEqual(sample)
    expect(sampleRegister({ seed: 2, on }).people).not.toEqual(sample.people)
  })

  test('has the same people on another date', () => {
    const later = sampleRegister({ seed: 1, on: isoDate('2027-03-25') })
    expect(later.people.map((each) => each.id)).toEqual(sample.people.map((each) => each.id))
    expect(later.accounts).toEqual(sample.accounts)
  })

  test('is of the size it should be', () => {
    expect(new Set(sample.positions.map((each) => each.bodyKey)).size).toBe(40)
    expect(sample.positions.length).toBeGreaterThan(580)
    expect(sample.people.length).toBeGreaterThan(480)
    expect(sample.positions.length - sample.people.length).toBeGreaterThan(30)
    expect(sample.posts.length).toBeGreaterThan(800)
    for (const rows of [sample.units, sample.positions, sample.people, sample.posts, sample.roles, sample.accounts])
      expect(unique(rows.map((row) => row.id))).toBe(true)
  })

  test('nobody is in two posts at once, and no post has two people', () => {
    const overlaps = (posts: readonly { from: string; to: string | null }[]) =>
      posts.some((a, n) =>
        posts.slice(n + 1).some((b) => a.from <= (b.to ?? '9999-12-31') && b.from <= (a.to ?? '9999-12-31')),
      )
    for (const person of sample.people) expect(overlaps(postsOf(person.id))).toBe(false)
    for (const position of sample.positions)
      expect(overlaps(sample.posts.filter((post) => post.positionId === position.id))).toBe(false)
  })

  test('dates make sense', () => {
    for (const post of sample.posts) {
      expect(post.from <= (post.to ?? on)).toBe(true)
      expect((post.to === null) === (post.endGround === null)).toBe(true)
    }
    for (const person of sample.people) {
      const first = postsOf(person.id)
        .map((post) => post.from)
        .sort()[0]
      expect(first && person.birthDate < addDays(first, -18 * 365)).toBe(true)
    }
  })

  test('every populated body has a head who appoints and two people for personnel', () => {
    for (const body of new Set(sample.positions.map((each) => each.bodyKey))) {
      const holding = (role: string) => sample.roles.filter((each) => each.bodyKey === body && each.role === role)
      expect(holding('head')).toHaveLength(1)
      expect(holding('hr').length).toBeGreaterThanOrEqual(2)
      const [head] = holding('head')
      const heads = sample.positions.filter((each) => each.bodyKey === body && each.headsBody)
      expect(heads).toHaveLength(1)
      expect(sample.posts.find((post) => post.positionId === heads[0]?.id && !post.to)?.personId).toBe(head?.personId)
    }
  })

  test('the Agency and each of its departments have two officers even when one is excluded', () => {
    const departments = bodyRows().filter((row) => row.key.startsWith('civilServiceAgency'))
    expect(departments).toHaveLength(21)
    for (const { key } of departments)
      expect(sample.roles.filter((each) => each.bodyKey === key && each.role === 'agency').length).toBeGreaterThan(2)
  })

  test('fifteen people are offered for signing in, in order', () => {
    const offered = sample.accounts.filter((each) => each.demoAs).sort((a, b) => a.order - b.order)
    expect(offered.map((each) => each.demoAs)).toEqual([
      'hrMinistry',
      'headMinistry',
      'supervisor',
      'mentor',
      'newcomer',
      'agencyOfficer',
      'recordsMinistry',
      'hrAkimat',
      'agencyOfficerRegion',
      'appealSecretary',
      'appealChair',
      'appealMemberFirst',
      'appealMemberSecond',
      'developer',
      'administrator',
    ])
    expect(sample.accounts).toHaveLength(sample.people.length)
    expect(sample.accounts.every((each) => /^[A-Za-z.]+(\.\d+)?$/.test(each.id))).toBe(true)
  })
})

describe('newcomers', () => {
  test('are many, in bodies of every kind, and new to the service', () => {
    const all = newcomers()
    expect(all.length).toBeGreaterThanOrEqual(60)
    expect(new Set(all.map((each) => each.bodyKind))).toEqual(
      new Set(['agency', 'central', 'territorial', 'akimat-region', 'akimat-city', 'akimat-district']),
    )
    for (const each of all) {
      expect(postsOf(each.person)).toHaveLength(1)
      expect(each.supervisor).not.toBe(each.person)
      expect(each.mentors).not.toContain(each.supervisor)
      expect(each.mentors.length).toBeGreaterThan(1)
      expect(each.appointedOn >= addDays(on, -200) && each.appointedOn <= on).toBe(true)
      const position = positions.get(each.position)
      expect(corps.get(position?.categoryCode ?? '')).toBe('B')
    }
    expect(newcomers()).toEqual(all)
  })

  test('leave some in the Ministry of Finance to whoever tries the product', () => {
    const demo = sample.accounts.find((each) => each.demoAs === 'newcomer')
    expect(newcomers().map((each) => each.person)).not.toContain(demo?.personId)
    expect(sample.newcomers.filter((each) => each.leftFree)).toHaveLength(4)
  })
})

test('the Ministry of Finance has somebody for every ground on which probation applies or does not', () => {
  const there = sample.posts.filter((post) => !post.to && positions.get(post.positionId)?.bodyKey === 'ministryFinance')
  const categories = there.map((post) => corps.get(positions.get(post.positionId)?.categoryCode ?? ''))
  expect(categories).toEqual(expect.arrayContaining(['political', 'A', 'B']))
  const recent = there.filter((post) => post.from >= addDays(on, -14))
  const grounds = recent.flatMap((post) => postsOf(post.personId).map((each) => each.endGround))
  expect(grounds).toEqual(
    expect.arrayContaining([
      'transfer',
      'ownWish',
      'probation',
      'evaluation',
      'attestation',
      'negativeGrounds',
      'staffReduction',
    ]),
  )
})

test('roles hang on the post with which they began', () => {
  const posts = new Map(sample.posts.map((post) => [post.id, post]))
  for (const role of sample.roles)
    expect(posts.get(role.postId)).toMatchObject({ personId: role.personId, from: role.from, to: null })
})
