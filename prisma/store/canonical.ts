/** One spelling of a JSON value, so that equal values have equal digests. */
import { createHash, randomBytes } from 'node:crypto'

/** JSON with keys in code-point order and without undefined members. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)

    return `{${members.join(',')}}`
  }

  return JSON.stringify(value) ?? 'null'
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A salt and the hash that history keeps of a content row: without the salt, guessing the text proves nothing. */
export function sealed(body: unknown): { salt: string; hash: string } {
  const salt = randomBytes(16).toString('hex')

  return { salt, hash: sha256(salt + canonical(body)) }
}

/** An id that follows from a text, and is always the same for it (RFC 9562 version 8). */
export function idFrom(text: string): string {
  const bytes = Buffer.from(sha256(text), 'hex').subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)

  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
