/**
 * What workflows are given and say is encrypted before it leaves the process, when keys are set: the second wall. The first is
 * that no personal content is in it. Temporal then holds what it cannot read; worker, API and archive know by the id which key
 * opens a payload, so that keys can be replaced while histories of years stay readable.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export interface PayloadKey {
  readonly id: string
  /** 32 bytes */
  readonly secret: Uint8Array
}

/** What Temporal calls a payload, as far as this needs it. */
interface Payload {
  metadata?: Record<string, Uint8Array> | null
  data?: Uint8Array | null
}

export const ENCRYPTED = 'binary/encrypted'
const IV_BYTES = 12
const TAG_BYTES = 16

/** No key of those that are set opens it. */
export class PayloadKeyMissing extends Error {
  override name = 'PayloadKeyMissing'
}

/** A codec for Temporal's clients and workers: the first key encrypts, all decrypt, what was never encrypted is left as it is. */
export class PayloadKeys {
  private readonly byId: ReadonlyMap<string, PayloadKey>

  constructor(private readonly keys: readonly PayloadKey[]) {
    this.byId = new Map(keys.map((key) => [key.id, key]))
  }

  encode = async (payloads: Payload[]): Promise<Payload[]> => {
    const [key] = this.keys

    return key ? payloads.map((payload) => sealed(key, payload)) : payloads
  }

  decode = async (payloads: Payload[]): Promise<Payload[]> => payloads.map((payload) => this.open(payload))

  /** The payload as it was before it was encrypted. */
  open(payload: Payload): Payload {
    const { encoding, 'key-id': keyId, within, ...metadata } = payload.metadata ?? {}
    if (textOf(encoding) !== ENCRYPTED) return payload
    const id = textOf(keyId)
    const key = this.byId.get(id)
    if (!key) {
      throw new PayloadKeyMissing(
        `There is no payload key "${id}", with which this was encrypted: add it to MANSAP_PAYLOAD_KEYS.`,
      )
    }
    const data = payload.data ?? new Uint8Array()
    const decipher = createDecipheriv('aes-256-gcm', key.secret, data.subarray(0, IV_BYTES))
    decipher.setAAD(bytesOf(`${id}\0${textOf(within)}`))
    decipher.setAuthTag(data.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const opened = Buffer.concat([decipher.update(data.subarray(IV_BYTES + TAG_BYTES)), decipher.final()])

    return { metadata: { ...metadata, ...(within && { encoding: within }) }, data: opened }
  }
}

/** The data is hidden, the metadata (how it is encoded) is not; that and the key's id are signed with it. */
function sealed(key: PayloadKey, payload: Payload): Payload {
  const { encoding, ...metadata } = payload.metadata ?? {}
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key.secret, iv)
  cipher.setAAD(bytesOf(`${key.id}\0${textOf(encoding)}`))
  const data = Buffer.concat([cipher.update(payload.data ?? new Uint8Array()), cipher.final()])

  return {
    metadata: {
      ...metadata,
      encoding: bytesOf(ENCRYPTED),
      'key-id': bytesOf(key.id),
      ...(encoding && { within: encoding }),
    },
    data: Buffer.concat([iv, cipher.getAuthTag(), data]),
  }
}

const textOf = (bytes: Uint8Array | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '')
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8')
