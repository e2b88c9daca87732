import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that a test can cut and restore. */
export interface Proxy {
  /** the same address by way of the proxy */
  readonly url: string
  /** ends every connection, and every new one at once */
  readonly cut: () => void
  readonly restore: () => void
  readonly close: () => Promise<void>
}

/** Stands between a client and the server that `url` names. */
export async function proxyTo(url: string): Promise<Proxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let whole = true
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    if (!whole) {
      client.destroy()

      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    keep(upstream)
    client.pipe(upstream).pipe(client)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const via = new URL(url)
  via.host = `127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url: via.href,
    cut: () => {
      whole = false
      for (const socket of sockets) socket.destroy()
    },
    restore: () => {
      whole = true
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
