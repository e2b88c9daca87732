/** Reads along on a connection: which statements go to Postgres, which messages go to and from Temporal. */
import { gunzipSync } from 'node:zlib'

/** Takes the bytes of one direction of one connection as they come; answers the messages that are whole with them. */
export type Reader = (bytes: Buffer) => string[]

/** Bytes as they are, for HTTP/1. */
export const plainText = (): Reader => (bytes) => [bytes.toString('latin1')]

const QUERY = 0x51
const PARSE = 0x50
const BIND = 0x42

/**
 * SQL texts that a client of Postgres has executed, each with the values that are bound to it. A prepared statement is sent once
 * by its text and then by its name only, so the names are kept.
 */
export function postgresStatements(): Reader {
  const prepared = new Map<string, string>()
  let rest = Buffer.alloc(0)
  let started = false

  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    const executed: string[] = []
    for (;;) {
      // the first message of a connection has no type
      const head = started ? 1 : 0
      if (rest.length < head + 4) return executed
      const length = rest.readInt32BE(head)
      if (rest.length < head + length) return executed
      const body = rest.subarray(head + 4, head + length)
      if (started) {
        const [first = '', second = ''] = body.toString('latin1').split('\0', 2)
        if (rest[0] === QUERY) executed.push(first)
        else if (rest[0] === PARSE) prepared.set(first, second)
        else if (rest[0] === BIND) executed.push(`${prepared.get(second) ?? ''}\n${body.toString('latin1')}`)
      }
      started = true
      rest = rest.subarray(head + length)
    }
  }
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const DATA = 0
const PADDED = 8

/** gRPC messages of all streams of an HTTP/2 connection, unpacked, as text in which names and JSON can be found. */
export function grpcMessages(): Reader {
  const streams = new Map<number, Buffer>()
  let rest = Buffer.alloc(0)
  let first = true

  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    if (first && rest.length >= PREFACE.length) {
      if (rest.toString('latin1', 0, PREFACE.length) === PREFACE) rest = rest.subarray(PREFACE.length)
      first = false
    }
    const whole: string[] = []
    while (!first && rest.length >= 9) {
      const length = rest.readUIntBE(0, 3)
      if (rest.length < 9 + length) break
      const [type, flags] = [rest[3], rest[4] ?? 0]
      const stream = rest.readUInt32BE(5)
      let body = rest.subarray(9, 9 + length)
      rest = rest.subarray(9 + length)
      if (type !== DATA) continue
      if (flags & PADDED) body = body.subarray(1, body.length - (body[0] ?? 0))
      let pending = Buffer.concat([streams.get(stream) ?? Buffer.alloc(0), body])
      while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32BE(1)) {
        const end = 5 + pending.readUInt32BE(1)
        const message = pending.subarray(5, end)
        whole.push((pending[0] === 1 ? gunzipSync(message) : message).toString('latin1'))
        pending = pending.subarray(end)
      }
      if (pending.length === 0) streams.delete(stream)
      else streams.set(stream, pending)
    }

    return whole
  }
}
