/** What stands in front of the API processes in production: sends each request to one whose `/ready` answers 200, once. */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const LOOK_EVERY_MS = 250

export interface Balancer {
  readonly url: string
  /** requests that no API process was ready for, or that broke off */
  readonly refused: readonly string[]
  /** answers so far, by the address of the API process that gave them */
  readonly answered: ReadonlyMap<string, number>
  readonly close: () => Promise<void>
}

/** Shares requests out in turn, over connections that it keeps, and never sends one twice. */
export async function startBalancer(apis: readonly string[]): Promise<Balancer> {
  const ready = new Set(apis)
  const refused: string[] = []
  const whyNot = new Map<string, string>()
  const answered = new Map<string, number>()
  const agent = new Agent({ keepAlive: true })
  let turn = 0

  const look = async (api: string) => {
    const said = await fetch(`${api}/ready`, { signal: AbortSignal.timeout(20_000) }).then(
      async (response) => (response.ok ? null : await response.text()),
      (error: unknown) => String(error),
    )
    if (said === null) ready.add(api)
    else ready.delete(api)
    whyNot.set(api, said ?? '')
  }
  const watching = apis.map((api) => {
    const at = { timer: setTimeout(() => undefined, 0), stopped: false }
    const again = () => {
      if (!at.stopped) at.timer = setTimeout(() => void look(api).then(again), LOOK_EVERY_MS)
    }
    again()

    return at
  })

  const pass = (from: IncomingMessage, to: ServerResponse) => {
    const what = `${from.method ?? ''} ${from.url ?? ''}`
    const choice = apis.filter((api) => ready.has(api))
    const api = choice[turn++ % choice.length]
    if (api === undefined) {
      refused.push(`${what}: no API process is ready: ${JSON.stringify([...whyNot])}`)
      to.writeHead(502).end()

      return
    }
    const onward = request(`${api}${from.url ?? ''}`, { method: from.method, headers: from.headers, agent })
    onward.once('response', (answer) => {
      answered.set(api, (answered.get(api) ?? 0) + 1)
      if ((answer.statusCode ?? 500) >= 500) refused.push(`${what}: ${String(answer.statusCode)}`)
      const { connection: _own, 'keep-alive': _too, ...headers } = answer.headers
      to.writeHead(answer.statusCode ?? 502, headers)
      answer.pipe(to)
    })
    onward.once('error', (error) => {
      refused.push(`${what}: ${error.message}`)
      if (!to.headersSent) to.writeHead(502)
      to.end()
    })
    from.pipe(onward)
  }
  const server = createServer(pass)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    answered,
    close: async () => {
      for (const at of watching) {
        at.stopped = true
        clearTimeout(at.timer)
      }
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
