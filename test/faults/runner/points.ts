/** Where on its way a command is, told by what passes between two processes. */
import type { Held, Passing, Proxy } from '../../support/proxy'
import type { Installation } from './installation'
import type { Link, Point } from './schedule'

const DECISION = /^POST \/api\/(tasks\/[^/]+\/(complete|return|ask)|cases\/[^/]+\/acts|processes\/[^/]+\/cases)/
const STORES = /insert into\s+("public"\.)?"?commands/i
const RECORDS = /insert into\s+("public"\.)?"?steps/i
const TAKES = /insert into\s+("public"\.)?"?effects/i
const COMMIT = /^\s*commit/i
const STORES_PAPER = /update papers set "madeAt"/i
const WRITES_PAPER = /insert into\s+paper_renderings/i
const MAKES_LETTERS = /insert into\s+letters/i
const SENDS = /^MAIL FROM/i
const END_OF_LETTER = /(^|\r\n)\.\r\n$/
const NOTES_LETTER = /update letters set state/i

/** Ends a watch that nothing was found by. */
export interface Waiting {
  readonly reached: Promise<Held>
  readonly end: () => void
}

const some = ({ messages }: Passing, is: (message: string) => boolean) => messages.some(is)

/** Remembers the connections on which something was seen. */
class Marked {
  private readonly connections = new WeakSet<object>()
  mark({ connection }: Passing): void {
    this.connections.add(connection)
  }
  /** whether it was seen there, once */
  take({ connection }: Passing): boolean {
    return this.connections.delete(connection)
  }
  has({ connection }: Passing): boolean {
    return this.connections.has(connection)
  }
}

/** On which link a point shows, and a new recogniser of it. */
const RECOGNISERS: Readonly<
  Record<Exclude<Point, 'again' | 'completing'>, readonly [Link, () => (passing: Passing) => boolean]>
> = {
  sent: [
    'people-api',
    () => (passing) => passing.direction === 'toServer' && some(passing, (text) => DECISION.test(text)),
  ],
  storing: ['api-postgres', () => (passing) => some(passing, (sql) => STORES.test(sql))],
  stored: ['api-postgres', () => answerTo((sql) => STORES.test(sql))],
  updating: [
    'api-temporal',
    // the envelope of a message: nothing else that the API sends to Temporal has it
    () => (passing) => passing.direction === 'toServer' && some(passing, (text) => text.includes('"receivedAt"')),
  ],
  accepting: [
    'worker-temporal',
    () => (passing) =>
      passing.direction === 'toServer' && some(passing, (text) => text.includes('update.v1.Acceptance')),
  ],
  recording: ['worker-postgres', () => (passing) => some(passing, (sql) => RECORDS.test(sql))],
  taking: ['worker-postgres', () => commitOf(TAKES)],
  taken: ['worker-postgres', () => acknowledgementOf(TAKES)],
  committing: ['worker-postgres', () => commitOf(RECORDS)],
  committed: ['worker-postgres', () => acknowledgementOf(RECORDS)],
  answering: [
    'worker-temporal',
    () => (passing) => passing.direction === 'toServer' && some(passing, (text) => text.includes('update.v1.Response')),
  ],
  hearing: [
    'api-temporal',
    () => (passing) => passing.direction === 'toClient' && some(passing, (text) => text.includes('"result"')),
  ],
  responding: ['people-api', () => answerTo((text) => DECISION.test(text))],
  paperStoring: ['worker-postgres', () => (passing) => some(passing, (sql) => STORES_PAPER.test(sql))],
  paperCommitting: ['worker-postgres', () => commitOf(WRITES_PAPER)],
  paperCommitted: ['worker-postgres', () => acknowledgementOf(WRITES_PAPER)],
  lettering: ['api-postgres', () => (passing) => some(passing, (sql) => MAKES_LETTERS.test(sql))],
  mailing: [
    'api-mail',
    () => (passing) => passing.direction === 'toServer' && some(passing, (text) => SENDS.test(text)),
  ],
  mailed: ['api-mail', () => answerTo((text) => END_OF_LETTER.test(text))],
  noting: ['api-postgres', () => (passing) => some(passing, (sql) => NOTES_LETTER.test(sql))],
}

/** The first bytes that come back on a connection after something was asked there. */
function answerTo(asked: (message: string, passing: Passing) => boolean): (passing: Passing) => boolean {
  const waiting = new Marked()

  return (passing) => {
    if (passing.direction === 'toClient') return waiting.take(passing)
    if (some(passing, (message) => asked(message, passing))) waiting.mark(passing)

    return false
  }
}

/** The commit of a transaction in which something was written. */
function commitOf(written: RegExp): (passing: Passing) => boolean {
  const writing = new Marked()

  return (passing) => {
    if (passing.direction !== 'toServer') return false
    if (some(passing, (sql) => written.test(sql))) writing.mark(passing)

    return some(passing, (sql) => COMMIT.test(sql)) && writing.take(passing)
  }
}

function acknowledgementOf(written: RegExp): (passing: Passing) => boolean {
  const commits = commitOf(written)

  return answerTo((_sql, passing) => commits(passing))
}

/** Waits until a command is at that point on its way through the `which`th process of that end. */
export function waitFor(point: Exclude<Point, 'again'>, installation: Installation, which: number): Waiting {
  const nth = (link: Link): Proxy => {
    const all = installation.proxies(link)
    const proxy = all[which % all.length]
    if (!proxy) throw new Error(`nothing to watch ${link} with`)

    return proxy
  }
  if (point !== 'completing') {
    const [link, recogniser] = RECOGNISERS[point]
    const { held, end } = nth(link).watch(recogniser())

    return { reached: held, end }
  }

  // two connections: the commit is heard on one, what the worker says next on the other
  let heard = false
  const answered = acknowledgementOf(RECORDS)
  const listening = nth('worker-postgres').watch((passing) => {
    heard ||= answered(passing)

    return false
  })
  const { held, end } = nth('worker-temporal').watch(
    (passing) =>
      heard &&
      passing.direction === 'toServer' &&
      // the completion of an activity that answers nothing
      some(passing, (text) => text.includes('record') && text.includes('binary/null')),
  )

  return {
    reached: held,
    end: () => {
      listening.end()
      end()
    },
  }
}
