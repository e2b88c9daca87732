import fc from 'fast-check'
import { Scope, Strands, Turned, Wait, Withdrawn } from './strands'

/** What a strand of these tests waits for: it is answered by name. */
class Parked extends Wait {
  constructor(
    readonly name: string,
    readonly answer: () => void,
    readonly reject: (reason: Error) => void,
  ) {
    super()
  }
}

/** One turn of the microtask queue. */
const aMoment = (): Promise<void> => Promise.resolve()

/** A story that only waits and branches, and a diary of what it came to. */
class Story {
  /** names of waits that were withdrawn, in order */
  readonly withdrawn: string[] = []
  readonly strands = new Strands((waits) => {
    for (const wait of waits) this.withdrawn.push(this.nameOf(wait))
  })
  readonly root = new Scope(null)
  readonly diary: string[] = []
  private readonly parked = new Map<string, Parked>()

  /** As the engine waits: what is over cannot be waited in. */
  wait(scope: Scope, name: string): Promise<string> {
    if (scope.over) return Promise.reject(scope.over)

    return new Promise((resolve, reject) => {
      const wait = new Parked(name, () => resolve(name), reject)
      this.parked.set(name, wait)
      this.strands.park(wait, scope)
    })
  }

  /** As `CaseFile.during`. */
  async during<T>(scope: Scope, turns: readonly string[], part: (inner: Scope) => Promise<T>): Promise<T | string> {
    const inner = new Scope(scope, turns)
    try {
      return await part(inner)
    } catch (error) {
      if (error instanceof Turned && error.scope === inner) return `turned by ${error.turn.act}`
      throw error
    } finally {
      inner.ended ??= new Error('this part of the story is over')
    }
  }

  begin(strand: (scope: Scope) => Promise<unknown>): void {
    this.strands.begin(
      () => strand(this.root),
      (value) => void this.diary.push(`end: ${String(value)}`),
    )
  }

  get waits(): string[] {
    return [...this.parked.keys()].sort()
  }

  answer(name: string): void {
    const wait = this.parked.get(name)
    if (!wait) throw new Error(`nobody waits for ${name}`)
    this.parked.delete(name)
    if (this.strands.resume(wait)) wait.answer()
  }

  /** As the engine turns a part. */
  turn(scope: Scope, act = 'move'): string[] {
    const names = this.strands.end(scope, new Turned(scope, { act, form: {} })).map((wait) => this.nameOf(wait))
    for (const name of names) this.parked.delete(name)

    return names.sort()
  }

  /** Lets everything run that can; says after how many turns of the microtask queue all had parked. */
  async settled(): Promise<number> {
    for (let turns = 0; turns < 400; turns += 1) {
      if (this.strands.allParked) {
        // parked means parked: nothing more happens however long one waits
        const [waits, lines] = [this.waits.join(), this.diary.length]
        for (let more = 0; more < 40; more += 1) await aMoment()
        if (!this.strands.allParked || this.waits.join() !== waits || this.diary.length !== lines)
          throw new Error(`said to be parked at turn ${turns}, and went on`)

        return turns
      }
      await aMoment()
    }
    throw new Error('never parked')
  }

  private nameOf(wait: Wait): string {
    return wait instanceof Parked ? wait.name : '?'
  }
}

/** Awaits through so many functions on the way to the wait and back. */
const nested = async <T>(depth: number, call: () => Promise<T>): Promise<T> =>
  depth === 0 ? call() : await nested(depth - 1, call)

let story: Story
beforeEach(() => {
  story = new Story()
})

describe('counting', () => {
  test('nothing has begun: all are parked', () => {
    expect(story.strands.allParked).toBe(true)
    expect(() => story.strands.throwFailure()).not.toThrow()
  })

  test.each([0, 1, 2, 7, 30])('is exact while async functions nest %i deep', async (depth) => {
    story.begin(async (scope) => {
      const first = await nested(depth, () => story.wait(scope, 'first'))
      await nested(depth, async () => void (await aMoment()))
      const second = await nested(depth, () => story.wait(scope, 'second'))

      return `${first} ${second}`
    })
    await story.settled()
    expect(story.waits).toEqual(['first'])
    story.answer('first')
    expect(story.strands.allParked).toBe(false)
    await story.settled()
    expect(story.waits).toEqual(['second'])
    story.answer('second')
    await story.settled()
    expect(story.diary).toEqual(['end: first second'])
  })

  test('a strand that never waits comes to its end', async () => {
    story.begin(() => nested(5, async () => 'done'))
    expect(story.strands.allParked).toBe(false)
    await story.settled()
    expect(story.diary).toEqual(['end: done'])
  })

  test('a wait is resumed once', async () => {
    let wait: Parked | undefined
    story.begin(
      (scope) =>
        new Promise<void>((resolve, reject) => {
          wait = new Parked('only', resolve, reject)
          story.strands.park(wait, scope)
        }),
    )
    await story.settled()
    if (!wait) throw new Error('not parked')
    expect(story.strands.resume(wait)).toBe(true)
    expect(story.strands.resume(wait)).toBe(false)
    wait.answer()
    await story.settled()
  })

  test('two strands may park and go on together', async () => {
    story.begin((scope) => story.wait(scope, 'a'))
    story.begin((scope) => story.wait(scope, 'b'))
    await story.settled()
    story.answer('a')
    story.answer('b')
    await story.settled()
    expect(story.diary).toEqual(['end: a', 'end: b'])
  })
})

const failing = async (scope: Scope, name: string): Promise<string> => {
  throw new Error(`no ${await story.wait(scope, name)}`)
}
const heard = async (scope: Scope, name: string): Promise<string> => {
  try {
    return await story.wait(scope, name)
  } catch (error) {
    story.diary.push(`${name}: ${error instanceof Error ? error.message : ''}`)
    throw error
  }
}

describe('together', () => {
  test('waits for all, and keeps their order', async () => {
    story.begin((root) =>
      story.strands.together(root, [
        (scope) => story.wait(scope, 'a'),
        async () => 'b',
        (scope) => nested(3, () => story.wait(scope, 'c')),
      ]),
    )
    await story.settled()
    expect(story.waits).toEqual(['a', 'c'])
    story.answer('c')
    await story.settled()
    expect(story.diary).toEqual([])
    story.answer('a')
    await story.settled()
    expect(story.diary).toEqual(['end: a,b,c'])
  })

  test('of nothing is over at once', async () => {
    story.begin(async (root) => {
      const none = await story.strands.together(root, [])

      return `${none.length} ${await story.wait(root, 'after')}`
    })
    await story.settled()
    expect(story.waits).toEqual(['after'])
    story.answer('after')
    await story.settled()
    expect(story.diary).toEqual(['end: 0 after'])
  })

  test('may be within together, and within during', async () => {
    story.begin((root) =>
      story.strands.together(root, [
        (outer) =>
          story.during(outer, [], (part) =>
            story.strands
              .together(part, [(scope) => story.wait(scope, 'a'), (scope) => story.wait(scope, 'b')])
              .then((all) => all.join('+')),
          ),
        (outer) => story.strands.together(outer, [(scope) => story.wait(scope, 'c')]).then((all) => all.join('+')),
      ]),
    )
    await story.settled()
    for (const name of ['b', 'c', 'a']) {
      expect(story.diary).toEqual([])
      story.answer(name)
      await story.settled()
    }
    expect(story.diary).toEqual(['end: a+b,c'])
  })

  test('a throw withdraws the siblings, at any depth', async () => {
    story.begin(async (root) => {
      try {
        await story.strands.together(root, [
          (scope) => failing(scope, 'a'),
          (scope) => heard(scope, 'b'),
          (outer) =>
            story.strands.together(outer, [(scope) => heard(scope, 'c'), (scope) => heard(scope, 'd')]).then(String),
        ])
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }

      return 'nothing thrown'
    })
    await story.settled()
    story.answer('a')
    await story.settled()
    expect(story.diary).toEqual(['b: withdrawn', 'c: withdrawn', 'd: withdrawn', 'end: no a'])
    expect(() => story.strands.throwFailure()).not.toThrow()
  })

  test('is thrown only once all have ended', async () => {
    story.begin(async (root) => {
      try {
        await story.strands.together(root, [
          (scope) => failing(scope, 'a'),
          async (scope) => {
            try {
              return await story.wait(scope, 'b')
            } catch {
              // a branch that has a last word takes its time
              await nested(20, async () => void (await aMoment()))
              story.diary.push('last word')

              return ''
            }
          },
        ])
      } catch (error) {
        story.diary.push(error instanceof Error ? error.message : '')
      }
    })
    await story.settled()
    story.answer('a')
    await story.settled()
    expect(story.diary).toEqual(['last word', 'no a', 'end: undefined'])
  })

  test('the first throw is the one that is thrown', async () => {
    story.begin((root) =>
      story.strands.together(root, [(scope) => failing(scope, 'a'), (scope) => failing(scope, 'b')]),
    )
    await story.settled()
    story.answer('b')
    story.answer('a')
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow('no b')
  })

  test('a sibling that runs when it is withdrawn may not wait again', async () => {
    story.begin(async (root) => {
      try {
        await story.strands.together(root, [
          (scope) => failing(scope, 'a'),
          async (scope) => {
            await story.wait(scope, 'b')
            await nested(10, async () => void (await aMoment()))

            return heard(scope, 'c')
          },
        ])
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }

      return ''
    })
    await story.settled()
    story.answer('a')
    story.answer('b')
    await story.settled()
    expect(story.waits).toEqual([])
    expect(story.diary).toEqual(['c: withdrawn', 'end: no a'])
  })

  test('in a part that is over begins no branch', async () => {
    const scope = new Scope(story.root)
    scope.ended = new Error('over')
    const branch = jest.fn(async () => 'never')
    story.begin(async () => story.strands.together(scope, [branch]))
    await story.settled()
    expect(branch).not.toHaveBeenCalled()
    expect(() => story.strands.throwFailure()).toThrow('over')
  })

  test.each([
    ['before its first wait', async () => Promise.reject(new Error('at once'))],
    [
      'before it is asynchronous at all',
      (): Promise<string> => {
        throw new Error('at once')
      },
    ],
  ])('a branch that throws %s withdraws the others too', async (_, branch) => {
    story.begin((root) =>
      story.strands.together(root, [(scope) => heard(scope, 'a'), branch, (scope) => heard(scope, 'b')]),
    )
    await story.settled()
    expect(story.diary).toContain('a: withdrawn')
    expect(() => story.strands.throwFailure()).toThrow('at once')
  })
})

describe('first', () => {
  test('the first to end wins, and the others are withdrawn before anything else happens', async () => {
    story.begin(async (root) => {
      const won = await story.strands.first(root, [
        (scope) => heard(scope, 'a'),
        (scope) => heard(scope, 'b'),
        (outer) =>
          story.strands.together(outer, [(scope) => heard(scope, 'c'), (scope) => heard(scope, 'd')]).then(String),
      ])
      story.diary.push(`went on with ${won}`)
      await story.wait(root, 'after')
    })
    await story.settled()
    expect(story.waits).toEqual(['a', 'b', 'c', 'd'])
    story.answer('b')
    await story.settled()
    expect(story.withdrawn).toEqual(['a', 'c', 'd'])
    expect(story.diary).toEqual(['a: withdrawn', 'c: withdrawn', 'd: withdrawn', 'went on with b'])
    expect(story.waits).toContain('after')
  })

  test('of two that are answered at the same moment one wins, and the other waits for nothing more', async () => {
    story.begin(async (root) => {
      const twice = async (scope: Scope, name: string) => {
        await story.wait(scope, name)

        return heard(scope, `${name} again`)
      }

      return story.strands.first(root, [(scope) => heard(scope, 'a'), (scope) => twice(scope, 'b')])
    })
    await story.settled()
    story.answer('a')
    story.answer('b')
    await story.settled()
    expect(story.diary).toEqual(['b again: withdrawn', 'end: a'])
  })

  test('a throw withdraws the others and is what is thrown', async () => {
    story.begin(async (root) => {
      try {
        await story.strands.first(root, [(scope) => failing(scope, 'a'), (scope) => heard(scope, 'b')])
      } catch (error) {
        return error instanceof Error ? error.message : ''
      }

      return 'nothing thrown'
    })
    await story.settled()
    story.answer('a')
    await story.settled()
    expect(story.diary).toEqual(['b: withdrawn', 'end: no a'])
  })

  test('what another throws while it is withdrawn is a fault of the code, and is thrown', async () => {
    story.begin((root) =>
      story.strands.first(root, [
        (scope) => story.wait(scope, 'a'),
        async (scope) => {
          try {
            return await story.wait(scope, 'b')
          } finally {
            await nested(20, async () => void (await aMoment()))
            await Promise.reject(new Error('a fault'))
          }
        },
      ]),
    )
    await story.settled()
    story.answer('a')
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow('a fault')
  })

  test('a turn around it ends every branch', async () => {
    let part: Scope | undefined
    story.begin((root) =>
      story.during(root, ['move'], async (inner) => {
        part = inner

        return story.strands.first(inner, [(scope) => heard(scope, 'a'), (scope) => heard(scope, 'b')])
      }),
    )
    await story.settled()
    expect(story.turn(part ?? story.root)).toEqual(['a', 'b'])
    await story.settled()
    expect(story.diary.at(-1)).toBe('end: turned by move')
  })

  test('of nothing there is no first', async () => {
    story.begin((root) => story.strands.first(root, []))
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow('none is the first')
  })
})

describe('turns', () => {
  test('end the part they are for, and what is around it goes on', async () => {
    const parts: Scope[] = []
    story.begin((root) =>
      story.during(root, ['cancel'], async (outer) => {
        parts.push(outer)
        const result = await story.during(outer, ['move'], (inner) => {
          parts.push(inner)

          return nested(4, () => story.wait(inner, 'inner'))
        })

        return `${result}, then ${await story.wait(outer, 'outer')}`
      }),
    )
    await story.settled()
    const [outer, inner] = parts
    if (!outer || !inner) throw new Error('not begun')
    expect(story.turn(inner)).toEqual(['inner'])
    await story.settled()
    expect(story.waits).toEqual(['outer'])
    story.answer('outer')
    await story.settled()
    expect(story.diary).toEqual(['end: turned by move, then outer'])
  })

  test('of an outer part go through the inner ones', async () => {
    let outer: Scope | null = null
    story.begin((root) =>
      story.during(root, ['cancel'], (scope) => {
        outer = scope

        return story.during(scope, ['move'], (inner) => story.wait(inner, 'inner'))
      }),
    )
    await story.settled()
    if (!outer) throw new Error('not begun')
    expect(story.turn(outer, 'cancel')).toEqual(['inner'])
    await story.settled()
    expect(story.diary).toEqual(['end: turned by cancel'])
  })

  test('end every branch of a together inside, and none outside', async () => {
    let part: Scope | null = null
    story.begin((root) =>
      story.strands.together(root, [
        (branch) =>
          story.during(branch, ['move'], (scope) => {
            part = scope

            return story.strands
              .together(scope, [
                (each) => story.wait(each, 'a'),
                (each) => story.strands.together(each, [(leaf) => story.wait(leaf, 'b')]).then(String),
              ])
              .then(String)
          }),
        (branch) => story.wait(branch, 'outside'),
      ]),
    )
    await story.settled()
    if (!part) throw new Error('not begun')
    expect(story.turn(part)).toEqual(['a', 'b'])
    await story.settled()
    expect(story.waits).toEqual(['outside'])
    story.answer('outside')
    await story.settled()
    expect(story.diary).toEqual(['end: turned by move,outside'])
  })

  test('that nothing in the story catches are a failure with the turn in it', async () => {
    story.begin((root) => story.wait(root, 'a'))
    await story.settled()
    story.turn(story.root, 'cancel')
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow(Turned)
    expect(story.root.over).toMatchObject({ turn: { act: 'cancel' } })
  })
})

describe('failures', () => {
  test('of a strand surface, the first of them', async () => {
    story.begin(async (scope) => {
      await story.wait(scope, 'a')
      throw new TypeError('a fault of the code')
    })
    story.begin(async (scope) => {
      await story.wait(scope, 'b')
      throw new Error('another')
    })
    await story.settled()
    story.answer('a')
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow('a fault of the code')
    story.answer('b')
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow('a fault of the code')
  })

  test('even of one that throws before it is asynchronous', async () => {
    expect(() =>
      story.begin(() => {
        throw new Error('at once')
      }),
    ).not.toThrow()
    await story.settled()
    expect(() => story.strands.throwFailure()).toThrow('at once')
  })
})

test('a part knows what it is within, how deep, and why it is over', () => {
  const [root, other] = [new Scope(null), new Scope(null)]
  const inner = new Scope(new Scope(root), ['move'])
  expect([root.depth, inner.depth]).toEqual([0, 2])
  expect([inner.within(root), inner.within(inner), root.within(inner), inner.within(other)]).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(inner.over).toBeNull()
  const why = new Withdrawn()
  root.ended = why
  expect(inner.over).toBe(why)
  const nearer = new Withdrawn()
  inner.ended = nearer
  expect(inner.over).toBe(nearer)
})

describe('any story', () => {
  type Tree =
    | { readonly kind: 'wait'; readonly times: number; readonly depth: number }
    | { readonly kind: 'throw' }
    | { readonly kind: 'together' | 'first' | 'during' | 'sequence' | 'rescue'; readonly of: readonly Tree[] }

  const trees = (mayThrow: boolean): fc.Arbitrary<Tree> =>
    fc.letrec<{ tree: Tree }>((tie) => {
      const wait = fc.record({
        kind: fc.constant('wait' as const),
        times: fc.integer({ min: 0, max: 3 }),
        depth: fc.integer({ min: 0, max: 4 }),
      })
      const inner = fc.record({
        kind: fc.constantFrom(
          'together' as const,
          'during' as const,
          'sequence' as const,
          'rescue' as const,
          ...(mayThrow ? ['first' as const] : []),
        ),
        of: fc.array(tie('tree'), { maxLength: 4 }),
      })
      const throwing = fc.record({ kind: fc.constant('throw' as const) })

      return {
        tree: mayThrow
          ? fc.oneof({ maxDepth: 4 }, wait, inner, { weight: 1, arbitrary: throwing })
          : fc.oneof({ maxDepth: 4 }, wait, inner),
      }
    }).tree

  class Told extends Story {
    readonly finished = new Map<string, number>()
    readonly begun: string[] = []
    readonly parts: Scope[] = []

    tell = async (tree: Tree, scope: Scope, name: string): Promise<void> => {
      this.begun.push(name)
      try {
        await this.course(tree, scope, name)
      } finally {
        this.finished.set(name, (this.finished.get(name) ?? 0) + 1)
      }
    }

    private async course(tree: Tree, scope: Scope, name: string): Promise<void> {
      switch (tree.kind) {
        case 'wait':
          for (let i = 0; i < tree.times; i += 1) await nested(tree.depth, () => this.wait(scope, `${name}:${i}`))
          return
        case 'throw':
          throw new Error(`thrown by ${name}`)
        case 'together':
        case 'first':
          await this.strands[tree.kind](
            scope,
            tree.of.map((branch, i) => (part: Scope) => this.tell(branch, part, `${name}.${i}`)),
          )
          return
        case 'during':
          await this.during(scope, ['move'], async (part) => {
            this.parts.push(part)
            for (const [i, each] of tree.of.entries()) await this.tell(each, part, `${name}.${i}`)
          })
          return
        case 'sequence':
          for (const [i, each] of tree.of.entries()) await this.tell(each, scope, `${name}.${i}`)
          return
        case 'rescue':
          for (const [i, each] of tree.of.entries()) await this.tell(each, scope, `${name}.${i}`).catch(() => undefined)
      }
    }
  }

  /** Answers in an order drawn by chance, sometimes several at once, sometimes ending a part instead. */
  async function toTheEnd(told: Told, chance: () => number, turning: boolean): Promise<void> {
    await told.settled()
    while (told.waits.length > 0) {
      const waits = told.waits
      const open = told.parts.filter((part) => !part.over)
      if (turning && open.length > 0 && chance() < 0.2) told.turn(open[Math.floor(chance() * open.length)] ?? told.root)
      else
        for (let left = 1 + Math.floor(chance() * 3); left > 0 && waits.length > 0; left -= 1) {
          const [name] = waits.splice(Math.floor(chance() * waits.length), 1)
          if (name !== undefined) told.answer(name)
        }
      await told.settled()
    }
  }

  const whole = (tree: Tree, name = 'story'): string[] => [
    name,
    ...('of' in tree ? tree.of.flatMap((each, i) => whole(each, `${name}.${i}`)) : []),
  ]
  const chances = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))

  test('comes to its end, each branch once, in whatever order it is answered', async () => {
    await fc.assert(
      fc.asyncProperty(trees(false), chances, async (tree, stream) => {
        const told = new Told()
        told.begin((scope) => told.tell(tree, scope, 'story'))
        await toTheEnd(told, () => stream.next().value, false)
        expect(told.diary).toEqual(['end: undefined'])
        expect([...told.finished.keys()].sort()).toEqual(whole(tree).sort())
        expect(new Set(told.finished.values())).toEqual(new Set([1]))
        told.strands.throwFailure()
      }),
      { numRuns: 200 },
    )
  })

  test('comes to its end with throws and turns too: whatever began has ended, once, and nothing waits', async () => {
    await fc.assert(
      fc.asyncProperty(trees(true), chances, async (tree, stream) => {
        const told = new Told()
        told.begin((scope) => told.tell(tree, scope, 'story'))
        await toTheEnd(told, () => stream.next().value, true)
        expect([...told.finished.keys()].sort()).toEqual(told.begun.toSorted())
        expect(new Set(told.finished.values())).toEqual(new Set([1]))
        expect(told.strands.allParked).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
