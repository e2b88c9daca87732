/** The least of an HTTP client with a cookie: the load generator shares two cores with what it measures. */
import { Agent, request } from 'node:http'

/** The product answered otherwise than it should. */
export class Unexpected extends Error {}

export class HttpSession {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 })
  private cookie = ''

  constructor(private readonly baseUrl: string) {}

  get = <T>(path: string): Promise<T> => this.send<T>('GET', path)
  post = <T>(path: string, body: unknown): Promise<T> => this.send<T>('POST', path, body)

  private send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(this.cookie === '' ? {} : { cookie: this.cookie }),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
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
          // 202 means that the outcome is not known yet: for a measurement that is no answer
          if (status === 200 || status === 201) resolve(JSON.parse(said) as T)
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
