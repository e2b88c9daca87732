/**
 * What befalls the product, round by round, as it follows from a seed alone. At least every second fault falls between a command
 * being sent and its answer, at a named point; every kind of fault comes up once before any comes a second time.
 */

export const PARTS = ['worker', 'api', 'temporal', 'postgres', 'mail'] as const
export type Part = (typeof PARTS)[number]

export const LINKS = [
  'people-api',
  'api-postgres',
  'api-temporal',
  'worker-postgres',
  'worker-temporal',
  'api-mail',
] as const
export type Link = (typeof LINKS)[number]

/** Moments of one command between its sender and its answer, in their order; then of its paper, and of the letters that tell of it. */
export const POINTS = {
  sent: 'request sent, not yet at the API',
  storing: 'command on its way to Postgres',
  stored: 'command stored, its acknowledgement not heard',
  updating: 'command stored, Update not sent',
  accepting: 'Update delivered, its acceptance not sent',
  recording: 'Update accepted, record not begun',
  taking: 'effect written, not committed',
  taken: 'effect committed, its acknowledgement not heard',
  committing: 'record written, not committed',
  committed: 'record committed, its acknowledgement not heard',
  completing: 'record committed, completion not sent',
  answering: 'step recorded, the Update’s answer not sent',
  hearing: 'Update answered, the API not told',
  responding: 'command done, response not received',
  again: 'command under way, sent a second time',
  paperStoring: 'paper set, not stored',
  paperCommitting: 'paper and its entry written, not committed',
  paperCommitted: 'paper committed, its acknowledgement not heard',
  lettering: 'letters of a notice on their way to Postgres',
  mailing: 'letter on its way to the mail server',
  mailed: 'letter taken by the mail server, its yes not heard',
  noting: 'letter sent, and not noted',
} as const
export type Point = keyof typeof POINTS

export type Deed =
  | { readonly deed: 'kill' | 'end'; readonly part: Part }
  | { readonly deed: 'pause'; readonly part: Part; readonly ms: number }
  | { readonly deed: 'cut' | 'stop'; readonly link: Link; readonly ms: number }
  | { readonly deed: 'slow'; readonly link: Link; readonly ms: number; readonly by: number }
  | { readonly deed: 'fill'; readonly part: 'postgres' | 'temporal'; readonly ms: number }
  | { readonly deed: 'shift'; readonly part: 'api' | 'worker'; readonly ms: number; readonly by: number }
  | { readonly deed: 'double' | 'afterAnswer' | 'afterHandover' | 'killAll' }

export interface Round {
  readonly n: number
  readonly at: Point | null
  readonly deed: Deed
  /** which of two processes of a kind it befalls, as a number to be taken modulo how many there are */
  readonly which: number
  /** milliseconds of peace before it */
  readonly after: number
}

/** What a kind of fault is called in the result. */
export function nameOf(deed: Deed): string {
  if ('part' in deed) return `${deed.deed} ${deed.part}`

  return 'link' in deed ? `${deed.deed} ${deed.link}` : deed.deed
}

type Chance = () => number

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const between = (chance: Chance, from: number, to: number): number => Math.round(from + chance() * (to - from))

type Kind = (chance: Chance) => Deed
const kill =
  (part: Part): Kind =>
  () => ({ deed: 'kill', part })
const end =
  (part: Part): Kind =>
  () => ({ deed: 'end', part })
const pause =
  (part: Part): Kind =>
  (chance) => ({ deed: 'pause', part, ms: between(chance, 800, 2500) })
const cut =
  (link: Link): Kind =>
  (chance) => ({ deed: 'cut', link, ms: between(chance, 0, 800) })
const stop =
  (link: Link): Kind =>
  (chance) => ({ deed: 'stop', link, ms: between(chance, 1000, 4000) })
const slow =
  (link: Link): Kind =>
  (chance) => ({ deed: 'slow', link, ms: 2500, by: between(chance, 50, 250) })
const fill =
  (part: 'postgres' | 'temporal'): Kind =>
  (chance) => ({ deed: 'fill', part, ms: between(chance, 1500, 3000) })
const shift =
  (part: 'api' | 'worker', sign: 1 | -1): Kind =>
  (chance) => ({ deed: 'shift', part, ms: between(chance, 1500, 2500), by: sign * between(chance, 60_000, 600_000) })
const requests =
  (deed: 'afterAnswer' | 'afterHandover' | 'killAll'): Kind =>
  () => ({ deed })

/** What may befall the product at each point: whoever sends, whoever should hear it, and the way between them. */
const AT_POINTS: Readonly<Record<Point, readonly Kind[]>> = {
  sent: [kill('api'), cut('people-api'), stop('people-api')],
  storing: [kill('api'), kill('postgres'), cut('api-postgres'), stop('api-postgres')],
  stored: [kill('api'), kill('postgres'), cut('api-postgres'), stop('api-postgres')],
  updating: [kill('api'), kill('temporal'), cut('api-temporal'), stop('api-temporal'), pause('api'), end('api')],
  accepting: [
    kill('worker'),
    kill('temporal'),
    cut('worker-temporal'),
    stop('worker-temporal'),
    pause('worker'),
    end('worker'),
  ],
  recording: [kill('worker'), kill('postgres'), kill('temporal'), cut('worker-postgres'), end('worker')],
  taking: [kill('worker'), kill('postgres'), cut('worker-postgres'), pause('worker')],
  taken: [kill('worker'), kill('postgres'), kill('temporal'), cut('worker-postgres'), stop('worker-postgres')],
  committing: [kill('worker'), kill('postgres'), cut('worker-postgres'), pause('postgres'), end('postgres')],
  committed: [kill('worker'), kill('postgres'), cut('worker-postgres'), stop('worker-postgres')],
  completing: [kill('worker'), kill('temporal'), cut('worker-temporal'), pause('temporal'), end('temporal')],
  answering: [kill('worker'), kill('temporal'), cut('worker-temporal')],
  hearing: [kill('api'), kill('temporal'), cut('api-temporal'), stop('api-temporal')],
  responding: [kill('api'), cut('people-api')],
  again: [() => ({ deed: 'double' })],
  paperStoring: [kill('worker'), kill('postgres'), cut('worker-postgres'), end('worker')],
  paperCommitting: [kill('worker'), kill('postgres'), cut('worker-postgres'), pause('postgres')],
  paperCommitted: [kill('worker'), kill('postgres'), cut('worker-postgres'), stop('worker-postgres')],
  lettering: [kill('api'), kill('postgres'), cut('api-postgres')],
  mailing: [kill('api'), kill('mail'), cut('api-mail'), stop('api-mail'), end('mail')],
  mailed: [kill('api'), kill('mail'), kill('postgres'), cut('api-mail'), stop('api-mail')],
  noting: [kill('api'), kill('postgres'), cut('api-postgres'), stop('api-postgres')],
}

const BETWEEN: readonly Kind[] = [
  ...PARTS.flatMap((part) => [kill(part), end(part), pause(part)]),
  ...LINKS.flatMap((link) => [cut(link), stop(link), slow(link)]),
  fill('postgres'),
  fill('temporal'),
  shift('api', 1),
  shift('api', -1),
  shift('worker', 1),
  shift('worker', -1),
  requests('afterAnswer'),
  requests('afterHandover'),
  requests('killAll'),
]

type Card = readonly [Point | null, Kind]

/** Deals cards in a new order each time all have been dealt. */
function deck(chance: Chance, cards: readonly Card[]): () => Card {
  let left: Card[] = []

  return () => {
    if (left.length === 0) {
      left = [...cards]
      for (let i = left.length - 1; i > 0; i -= 1) {
        const j = Math.floor(chance() * (i + 1))
        const [a, b] = [left[i], left[j]]
        if (a && b) [left[i], left[j]] = [b, a]
      }
    }
    const card = left.pop()
    if (!card) throw new Error('a deck without cards')

    return card
  }
}

/** Of ten rounds, so many fall at a point: more than half, as not every point is reached in time. */
const AT_A_POINT_OF_TEN = 6

/** Points come up in turn, each with the next of its own faults, so that few rounds still see every point. */
function pointed(chance: Chance): () => Card {
  const points = deck(
    chance,
    (Object.keys(POINTS) as Point[]).map((point) => [point, requests('killAll')]),
  )
  const deeds = new Map(
    (Object.keys(POINTS) as Point[]).map((point) => [
      point,
      deck(
        chance,
        AT_POINTS[point].map((kind) => [point, kind]),
      ),
    ]),
  )

  return () => {
    const [point] = points()
    const next = point && deeds.get(point)
    if (!next) throw new Error('a point without faults')

    return next()
  }
}

/** The rounds of a seed; the first of more rounds are the same as those of fewer. `only`: those whose fault or point is named so. */
export function scheduleOf(seed: number, rounds: number, only: string | null = null): Round[] {
  const dealt = deal(seed)
  const found: Round[] = []
  while (found.length < rounds) {
    const { value: round } = dealt.next()
    const named = `${nameOf(round.deed)} ${round.at === null ? '' : POINTS[round.at]}`
    if (only === null || named.includes(only)) found.push(round)
    else if (round.n - (found.at(-1)?.n ?? 0) > 1000) throw new Error(`No fault and no point is called “${only}”.`)
  }

  return found
}

function* deal(seed: number): Generator<Round, never> {
  const chance = chanceOf(seed)
  const atPoints = pointed(chance)
  const others = deck(
    chance,
    BETWEEN.map((kind) => [null, kind]),
  )
  // spread evenly: 0.6, 1.2, 1.8 … at each whole number a round falls at a point
  const due = (n: number) => Math.floor((n * AT_A_POINT_OF_TEN) / 10)
  for (let n = 1; ; n += 1) {
    const [at, kind] = due(n) > due(n - 1) ? atPoints() : others()
    const deed = kind(chance)
    yield { n, at, deed, which: Math.floor(chance() * 1000), after: between(chance, 200, 900) }
  }
}
