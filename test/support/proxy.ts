import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainText, type Reader } from './wire'

export type Direction = 'toServer' | 'toClient'

/** What passes on one connection, as those who watch for a point see it. */
export interface Passing {
  readonly direction: Direction
  /** whole messages that end in what passes */
  readonly messages: readonly string[]
  /** the same object for everything on one connection */
  readonly connection: object
}

/** Bytes that were stopped on their way, with the connection they are on. */
export interface Held {
  readonly connection: object
  /** lets them pass */
  readonly release: () => void
  /** drops them and resets the connection */
  readonly reset: () => void
}

/** A way to a server that a test can cut, stop, slow down and restore. */
export interface Proxy {
  /** the same address by way of the proxy */
  readonly url: string
  readonly port: number
  /** resets every connection, and every new one at once */
  readonly cut: () => void
  /** lets nothing pass either way, and says nothing of it; what came meanwhile passes when it is restored */
  readonly stop: () => void
  /** lets everything pass so many milliseconds later */
  readonly slow: (ms: number) => void
  readonly restore: () => void
  /** stops the first bytes for which `is` holds, in one direction of one connection */
  readonly watch: (is: (passing: Passing) => boolean) => Watch
  readonly close: () => Promise<void>
}

export interface Watch {
  readonly held: Promise<Held>
  readonly end: () => void
}

interface Watcher {
  readonly is: (passing: Passing) => boolean
  readonly found: (held: Held) => void
}

/** Stands between a client and the server that `url` names; `reader` makes messages of each direction's bytes. */
export async function proxyTo(
  url: string,
  { port = 0, reader = plainText }: { readonly port?: number; readonly reader?: (direction: Direction) => Reader } = {},
): Promise<Proxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const watchers = new Set<Watcher>()
  let whole = true
  let delay = 0
  let gate: Promise<void> = Promise.resolve()
  let open: () => void = () => undefined

  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }

  function join(client: Socket, server: Socket): void {
    const connection = {}
    const lane = (direction: Direction, from: Socket, to: Socket) => {
      const read = reader(direction)
      let passing: Promise<unknown> = Promise.resolve()
      const next = (step: () => unknown) => (passing = passing.then(step, step))
      from.on('data', (bytes: Buffer) => {
        const due = Date.now() + delay
        void next(async () => {
          if (due > Date.now()) await sleep(due - Date.now())
          await gate
          const told: Passing = { direction, messages: read(bytes), connection }
          for (const watcher of [...watchers]) {
            if (!watcher.is(told)) continue
            watchers.delete(watcher)
            await stopped(watcher, connection, [client, server])
          }
          if (!to.destroyed) to.write(bytes)
        })
      })
      from.on('end', () => void next(() => to.end()))
      from.on('close', () => void next(() => to.destroy()))
    }
    lane('toServer', client, server)
    lane('toClient', server, client)
  }

  const stopped = (watcher: Watcher, connection: object, ends: readonly Socket[]) =>
    new Promise<void>((resolve) => {
      watcher.found({
        connection,
        release: resolve,
        reset: () => {
          for (const socket of ends) socket.resetAndDestroy()
          resolve()
        },
      })
    })

  const server = createServer((client) => {
    keep(client)
    if (!whole) {
      client.resetAndDestroy()

      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    keep(upstream)
    join(client, upstream)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const via = new URL(url)
  const listening = (server.address() as AddressInfo).port
  via.host = `127.0.0.1:${listening}`

  return {
    url: via.href,
    port: listening,
    cut: () => {
      whole = false
      for (const socket of sockets) socket.resetAndDestroy()
    },
    stop: () => {
      open()
      gate = new Promise((resolve) => (open = resolve))
    },
    slow: (ms) => {
      delay = ms
    },
    restore: () => {
      whole = true
      delay = 0
      open()
    },
    watch: (is) => {
      let end: () => void = () => undefined
      const held = new Promise<Held>((found) => {
        const watcher = { is, found }
        watchers.add(watcher)
        end = () => watchers.delete(watcher)
      })

      return { held, end }
    },
    close: async () => {
      open()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
