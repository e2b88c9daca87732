/** Sends decisions as careful clients do, through whatever befalls the product, and keeps a book of what they were told. */
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandView } from '../../../api/shapes/views'

type Json = Record<string, unknown>
type Headers = Readonly<Record<string, string>>

export type DecisionKind = 'start' | 'complete' | 'return' | 'ask' | 'act'

/**
 * `confirmed`: it is done. `refused`: it is not and will not be. `notStored`: every answer was that nothing was stored, and the
 * sender gave up. `unknown`: the sender gave up without having been told.
 */
export type Told = 'underway' | 'confirmed' | 'refused' | 'notStored' | 'unknown'

export interface Decision {
  readonly kind: DecisionKind
  readonly key: string
  /** the login and the person */
  readonly login: string
  readonly person: string
  readonly path: string
  readonly body: Json
  /** null for a start until its answer names the case */
  caseId: string | null
  readonly taskId: string | null
  readonly act: string | null
  /** it comes too late, and must have no effect */
  readonly late: boolean
  told: Told
  /** the status of the last answer, and the code of its problem */
  status: number
  code: string | null
  readonly sentAt: number
  heardAt: number | null
  attempts: number
  /** answers that told nothing: no connection, no answer in time */
  silences: number
}

/** What somebody said of a case, in words that nobody else uses. */
export interface SaidComment {
  readonly caseId: string
  readonly text: string
  told: 'underway' | 'confirmed' | 'refused' | 'unknown'
}

/** What each answer told, in the order in which they came. */
export class Book {
  readonly decisions: Decision[] = []
  /** answers with a status that no fault should bring about: 500 */
  readonly strange: { readonly at: number; readonly path: string; readonly status: number; readonly body: unknown }[] =
    []
  /** sums of the files that were uploaded, by their ids */
  readonly files = new Map<string, string>()
  readonly comments: SaidComment[] = []
  /** two answers to one decision that contradict each other */
  readonly contradictions: { readonly decision: Decision; readonly what: string }[] = []
  private readonly listeners = new Set<(askedAt: number) => void>()
  private readonly good: { readonly askedAt: number; readonly heardAt: number }[] = []

  /** The moment of the first confirmation that was asked for at `since` or later, if there has been one. */
  goodSince(since: number): number | null {
    return this.good.find(({ askedAt }) => askedAt >= since)?.heardAt ?? null
  }

  /** Resolves with the moment at which a decision was confirmed by an answer that was asked for at `since` or later. */
  goodAnswer(since: number, withinMs: number): Promise<number | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => end(null), withinMs)
      const listener = (askedAt: number) => {
        if (askedAt >= since) end(Date.now())
      }
      const end = (at: number | null) => {
        clearTimeout(timer)
        this.listeners.delete(listener)
        resolve(at)
      }
      this.listeners.add(listener)
    })
  }

  confirmed(askedAt: number): void {
    this.good.push({ askedAt, heardAt: Date.now() })
    for (const listener of [...this.listeners]) listener(askedAt)
  }
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

const REQUEST_MS = 12_000
const AGAIN_AFTER_MS = 250
const LOOK_EVERY_MS = 300
/** after this a command that has no outcome counts as lost */
export const PATIENCE_MS = 150_000

/** Somebody who is signed in, and reaches the product at any of its addresses. */
export class Caller {
  private cookie = ''
  private turn = 0

  constructor(
    readonly login: string,
    readonly person: string,
    private readonly urls: readonly string[],
    private readonly book: Book,
    /** gives up after being told that nothing was stored, as often as this chance says */
    private readonly givesUp: () => boolean,
  ) {}

  async signIn(): Promise<void> {
    await this.patiently('POST', '/api/session', { user: this.login })
  }

  get = async <T>(path: string): Promise<T> => (await this.patiently('GET', path)).body as T

  /** Anything that is no decision: tried again until it is answered. A claim whose answer was lost may be answered 409. */
  async patiently(method: string, path: string, body?: Json | Buffer, headers: Headers = {}): Promise<Answer> {
    const until = Date.now() + PATIENCE_MS
    for (;;) {
      const answer = await this.once(method, path, body, headers).catch(() => null)
      if (answer && answer.status < 500) {
        if (answer.status >= 400) throw new Refused(`${this.login}: ${method} ${path}`, answer)

        return answer
      }
      if (Date.now() > until) throw new Error(`${this.login}: ${method} ${path} has no answer`)
      await sleep(AGAIN_AFTER_MS)
    }
  }

  /** Uploads a file for a field of a form until that is confirmed; answers its id. */
  async upload(form: string, field: string, bytes: Buffer): Promise<string> {
    const address = `/api/files?form=${encodeURIComponent(form)}&field=${field}&name=certificate.pdf`
    const { id } = (await this.patiently('POST', address, bytes)).body as { id: string }
    this.book.files.set(id, createHash('sha256').update(bytes).digest('hex'))

    return id
  }

  /** Says something of a case, to people who are told, until it is known whether it is said. */
  async say(caseId: string, text: string, mentions: readonly string[]): Promise<void> {
    const said: SaidComment = { caseId, text, told: 'underway' }
    this.book.comments.push(said)
    try {
      const key = { 'idempotency-key': randomUUID() }
      await this.patiently('POST', `/api/cases/${caseId}/comments`, { text, mentions }, key)
      said.told = 'confirmed'
    } catch (error) {
      said.told = error instanceof Refused ? 'refused' : 'unknown'
      throw error
    }
  }

  /** Decides and stays until it is known what came of it. `twice`: sends it twice at once, and once more afterwards. */
  async decide(
    what: Pick<Decision, 'kind' | 'path' | 'body'> & Partial<Pick<Decision, 'caseId' | 'taskId' | 'act' | 'late'>>,
    twice = false,
  ): Promise<Decision & { readonly answer: unknown }> {
    const decision: Decision = {
      caseId: null,
      taskId: null,
      act: null,
      late: false,
      ...what,
      key: randomUUID(),
      login: this.login,
      person: this.person,
      told: 'underway',
      status: 0,
      code: null,
      sentAt: Date.now(),
      heardAt: null,
      attempts: 0,
      silences: 0,
    }
    this.book.decisions.push(decision)
    const [first, second] = await Promise.all([this.follow(decision), twice ? this.follow(decision) : null])
    const third = twice ? await this.follow(decision) : null
    const outcomes = [first, second, third].flatMap((each) => each ?? [])
    for (const each of outcomes)
      if (each.told !== first.told && [each, first].every(({ told }) => told === 'confirmed' || told === 'refused'))
        this.book.contradictions.push({
          decision,
          what: `answered ${first.status} ${first.told}, then ${each.status} ${each.told}`,
        })
    const known = outcomes.find(({ told }) => told === 'confirmed') ?? first
    decision.told = known.told
    decision.status = known.status
    decision.code = codeOf(known.answer)
    decision.heardAt = Date.now()
    decision.caseId ??= caseOf(known.answer)

    return Object.assign(decision, { answer: known.answer })
  }

  private async follow(decision: Decision): Promise<{ told: Told; status: number; answer: unknown }> {
    const until = Date.now() + PATIENCE_MS
    let silent = false
    for (;;) {
      const askedAt = Date.now()
      decision.attempts += 1
      const answer = await this.once('POST', decision.path, decision.body, {
        'idempotency-key': decision.key,
      }).catch(() => null)
      const status = answer?.status ?? 0
      if (answer && status < 300 && status !== 202) {
        this.book.confirmed(askedAt)

        return { told: 'confirmed', status, answer: answer.body }
      }
      if (answer && status === 202) {
        const outcome = await this.outcomeOf(answer.body as CommandView, until)
        if (outcome) return outcome
        silent = true
      } else if (answer && status < 500) return { told: 'refused', status, answer: answer.body }
      else if (!answer || status !== 503) {
        silent = true
        decision.silences += 1
      } else if (codeOf(answer.body) !== 'unavailable') {
        // 503 too, and it says that what was sent is kept: the next answer tells what came of it
        silent = true
      } else if (this.givesUp()) return { told: silent ? 'unknown' : 'notStored', status, answer: answer.body }
      if (answer && status === 500) this.book.strange.push({ at: Date.now(), path: decision.path, ...answer })
      if (Date.now() > until) return { told: 'unknown', status, answer: answer?.body }
      await sleep(AGAIN_AFTER_MS)
    }
  }

  /** Asks at the command's address until it has an outcome; null when the address knows nothing of it, or time is over. */
  private async outcomeOf(
    command: CommandView,
    until: number,
  ): Promise<{ told: Told; status: number; answer: unknown } | null> {
    while (Date.now() < until) {
      const askedAt = Date.now()
      const answer = await this.once('GET', `/api/commands/${command.id}`).catch(() => null)
      if (answer?.status === 404) return null
      if (answer?.status === 200) {
        const now = answer.body as CommandView
        if (now.state === 'done') {
          this.book.confirmed(askedAt)

          return { told: 'confirmed', status: 202, answer: now.outcome }
        }
        if (now.state === 'refused') return { told: 'refused', status: 202, answer: now.problem }
      }
      await sleep(LOOK_EVERY_MS)
    }

    return null
  }

  private async once(method: string, path: string, body?: Json | Buffer, headers: Headers = {}): Promise<Answer> {
    this.turn += 1
    const isBytes = Buffer.isBuffer(body)
    const response = await fetch(`${this.urls[this.turn % this.urls.length] ?? ''}${path}`, {
      method,
      signal: AbortSignal.timeout(REQUEST_MS),
      headers: {
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body ? { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: isBytes ? Uint8Array.from(body) : JSON.stringify(body) } : {}),
    })
    const text = await response.text()
    const cookie = response.headers.get('set-cookie')
    if (cookie) this.cookie = cookie.split(';')[0] ?? ''

    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
  }
}

/** An answer that says no to something that is no decision. */
export class Refused extends Error {
  constructor(
    what: string,
    readonly answer: Answer,
  ) {
    super(`${what} was answered ${answer.status} ${JSON.stringify(answer.body)}`)
  }
}

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null
const codeOf = (answer: unknown): string | null =>
  isRecord(answer) && typeof answer['code'] === 'string' ? answer['code'] : null
const caseOf = (answer: unknown): string | null =>
  isRecord(answer) && typeof answer['caseId'] === 'string' ? answer['caseId'] : null
