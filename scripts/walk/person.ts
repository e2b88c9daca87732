/** The people of a walk: each with a session of his own, over HTTP. */
import { randomUUID } from 'node:crypto'
import type { CommandView, FileView, Me, TaskDetail, TaskView } from '../../api/shapes/views'

export type Say = (line: string) => void
export type Json = Record<string, unknown>

/** Something answered otherwise than the walk expects. */
export class WalkFailed extends Error {}

const REQUEST_TIMEOUT_MS = 60_000
const AGAIN_AFTER_MS = 250

/** One person with a session of his own. */
export class Person {
  private cookie = ''

  /** `patienceMs`: how long he tries again, under the same key, while the product cannot be reached or stores nothing. */
  constructor(
    private readonly baseUrl: string,
    readonly login: string,
    private readonly patienceMs = 0,
  ) {}

  static async signedIn(baseUrl: string, login: string, patienceMs = 0): Promise<SignedIn> {
    const person = new Person(baseUrl, login, patienceMs)
    const me = await person.send<Me>('POST', '/api/session', { user: login })

    return Object.assign(person, { me })
  }

  get = <T>(path: string): Promise<T> => this.send<T>('GET', path)

  /** Sends a command and follows it to its outcome when the product could not answer at once. */
  async send<T>(method: string, path: string, body?: Json, key: string = randomUUID()): Promise<T> {
    const { status, answer } = await this.answered(method, path, body, key)
    if (status === 202) return this.follow<T>(answer as CommandView, () => this.send<T>(method, path, body, key))
    if (status >= 300)
      throw new WalkFailed(`${this.login}: ${method} ${path} was answered ${String(status)} ${JSON.stringify(answer)}`)

    return answer as T
  }

  /** A claim carries no key: one whose answer was lost shows by the task being his. */
  async claim(task: TaskView): Promise<void> {
    try {
      await this.send('POST', `/api/tasks/${task.id}/claim`, { version: task.version })
    } catch (error) {
      const [{ assignee }, { person }] = await Promise.all([
        this.get<TaskDetail>(`/api/tasks/${task.id}`),
        this.get<Me>('/api/me'),
      ])
      if (assignee?.id !== person.id) throw error
    }
  }

  /** Uploads a file for a field of a form; resolves with its id. */
  async upload(form: string, field: string, file: { readonly name: string; readonly bytes: string }): Promise<string> {
    const query = new URLSearchParams({ form, field, name: file.name })
    const { status, answer } = await this.answered('POST', `/api/files?${query.toString()}`, Buffer.from(file.bytes))
    if (status !== 201) throw new WalkFailed(`${this.login}: ${file.name} was answered ${String(status)}`)

    return (answer as FileView).id
  }

  /** What the product answers, whatever its status. */
  async answered(method: string, path: string, body?: Json | Buffer, key: string = randomUUID()): Promise<Answer> {
    const until = Date.now() + this.patienceMs
    for (;;) {
      const answered = await this.once(method, path, body, key).catch((error: unknown) => {
        if (Date.now() >= until) throw error

        return null
      })
      if (answered && (answered.status !== 503 || Date.now() >= until)) return answered
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
    }
  }

  private async once(method: string, path: string, body: Json | Buffer | undefined, key: string): Promise<Answer> {
    const type = Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json'
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body ? { 'content-type': type, 'idempotency-key': key } : {}),
      },
      ...(body ? { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) } : {}),
    })
    const answer: unknown = response.status === 204 ? null : await response.json()
    const cookie = response.headers.get('set-cookie')
    if (cookie) this.cookie = cookie.split(';')[0] ?? ''

    return { status: response.status, answer }
  }

  private async follow<T>(command: CommandView, again: () => Promise<T>): Promise<T> {
    for (let seconds = 0; seconds < 120; seconds += 1) {
      const { status, answer } = await this.answered('GET', `/api/commands/${command.id}`)
      // the database was lost as it was being stored, and it was not: the same request once more
      if (status === 404) return again()
      if (status >= 300) throw new WalkFailed(`${this.login}: command ${command.id} was answered ${String(status)}`)
      const now = answer as CommandView
      if (now.state === 'refused') throw new WalkFailed(`${this.login}: ${JSON.stringify(now.problem)}`)
      if (now.state === 'done') return again()
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    throw new WalkFailed(`${this.login}: command ${command.id} has no outcome after two minutes`)
  }
}

export type SignedIn = Person & { readonly me: Me }

export interface Answer {
  readonly status: number
  readonly answer: unknown
}
