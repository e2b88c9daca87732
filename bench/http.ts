/** The least of an HTTP client with a cookie: the load generator shares two cores with what it measures. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandView } from '../api/shapes/views'

/** The product answered otherwise than it should. */
export class Unexpected extends Error {}

/** It is stored and being processed: the answer is not known yet. */
class Underway extends Error {
  constructor(readonly command: string) {
    super('being processed')
  }
}

const LOOK_EVERY_MS = 50
const MOST_LOOKS = 2400

export class HttpSession {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })
  private cookie = ''

  constructor(private readonly baseUrl: string) {}

  get = <T>(path: string): Promise<T> => this.send<T>('GET', path)

  /** Sends a command and follows it to its outcome when the product could not answer in time: the wait counts. */
  async post<T>(path: string, body: unknown, key: string = randomUUID()): Promise<T> {
    try {
      return await this.send<T>('POST', path, body, key)
    } catch (error) {
      if (!(error instanceof Underway)) throw error
      for (let looked = 0; looked < MOST_LOOKS; looked += 1) {
        await sleep(LOOK_EVERY_MS)
        const { state } = await this.get<CommandView>(`/api/commands/${error.command}`)
        if (state !== 'stored') return this.post<T>(path, body, key)
      }
      throw new Unexpected(`${path} has no outcome after two minutes`)
    }
  }

  private send<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(this.cookie === '' ? {} : { cookie: this.cookie }),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    }

    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, this.baseUrl), { method, headers, agent: this.agent }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const said = Buffer.concat(parts).toString()
          const cookie = response.headers['set-cookie']?.[0]?.split(';')[0]
          if (cookie) this.cookie = cookie
          const status = response.statusCode ?? 0
          if (status === 200 || status === 201) resolve(JSON.parse(said) as T)
          else if (status === 202) reject(new Underway((JSON.parse(said) as CommandView).id))
          else reject(new Unexpected(`${method} ${path} was answered ${String(status)} ${said.slice(0, 300)}`))
        })
      })
      asked.on('error', reject)
      asked.setTimeout(60_000, () => asked.destroy(new Unexpected(`${method} ${path} was not answered in a minute`)))
      asked.end(text)
    })
  }

  close(): void {
    this.agent.destroy()
  }
}
