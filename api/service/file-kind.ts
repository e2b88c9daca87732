/**
 * What kind a file is, by its content alone. Its bytes go by once: kept are its beginning and its end, and nothing is ever unpacked. Of
 * office files, which are archives, only the directory at the end is read.
 */
import { TextDecoder } from 'node:util'
import type { FileKind } from '../../workflows/kernel/contract'

/** Reads the bytes of a file as they come, and says in the end what it is; null: none of the kinds that are known. */
export interface Recognizer {
  readonly take: (bytes: Uint8Array) => void
  readonly kind: () => FileKind | null
}

const HEAD = 4096
/** The directory of an archive and what follows it have to lie within; it has room for ten thousand entries. */
const TAIL = 1024 * 1024

export function recognizer(): Recognizer {
  let head = Buffer.alloc(0)
  let size = 0
  const tail = new Tail()
  const text = new PlainText()

  return {
    take: (bytes) => {
      if (head.length < HEAD) head = Buffer.concat([head, bytes.subarray(0, HEAD - head.length)])
      size += bytes.length
      tail.take(bytes)
      text.take(bytes)
    },
    kind: () => {
      const end = tail.bytes()
      if (isPdf(head, end)) return 'pdf'
      if (isJpeg(head, end, size)) return 'jpeg'
      if (startsWith(head, PNG)) return 'png'
      if (startsWith(head, ZIP)) return officeKind(head, end, size)

      return text.isPlain() ? 'txt' : null
    },
  }
}

const startsWith = (bytes: Buffer, start: readonly number[]): boolean => start.every((byte, i) => bytes[i] === byte)
const ZIP = [0x50, 0x4b, 0x03, 0x04]
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]

/** Its mark at the very beginning, where nothing else can stand before it, and its last line at the end. */
const isPdf = (head: Buffer, end: Buffer): boolean =>
  /^%PDF-[12]\.\d/.test(head.toString('latin1', 0, 16)) && end.subarray(-2048).includes('%%EOF')

/** What may come first in a JPEG: tables, the frame, what a camera says, a comment. */
const FIRST_SEGMENT = /[\xc0-\xcf\xdb\xdd\xe0-\xef\xfe]/
const JPEG_BEGINS = 6
/** Phones write what they know of a picture behind it. */
const BEHIND_A_PICTURE = 64 * 1024

/** A first segment that is whole and is followed by another, and the mark of the end, with no more behind it than phones write there. */
function isJpeg(head: Buffer, end: Buffer, size: number): boolean {
  if (head.length < JPEG_BEGINS || !startsWith(head, [0xff, 0xd8, 0xff])) return false
  if (!FIRST_SEGMENT.test(head.toString('latin1', 3, 4))) return false
  const length = head.readUInt16BE(4)
  const next = 4 + length
  if (length < 2 || next + 2 > size || (next < head.length && head[next] !== 0xff)) return false

  return end.lastIndexOf(Buffer.from([0xff, 0xd9])) >= Math.max(0, end.length - BEHIND_A_PICTURE)
}

/** The last bytes of a stream: no more than two chunks' worth beyond what is asked for is ever kept. */
class Tail {
  private chunks: Buffer[] = []
  private size = 0

  take(bytes: Uint8Array): void {
    // a chunk may be reused by whoever sends it
    this.chunks.push(Buffer.from(bytes.subarray(-TAIL)))
    this.size += Math.min(bytes.length, TAIL)
    for (let first = this.chunks[0]; first && this.size - first.length >= TAIL; first = this.chunks[0]) {
      this.size -= first.length
      this.chunks.shift()
    }
  }
  bytes(): Buffer {
    return Buffer.concat(this.chunks).subarray(-TAIL)
  }
}

/** Text in UTF-8 without characters that steer a terminal. */
class PlainText {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true })
  private plain = true

  take(bytes: Uint8Array): void {
    if (!this.plain) return
    try {
      this.plain = !STEERING.test(this.decoder.decode(bytes, { stream: true }))
    } catch {
      this.plain = false
    }
  }
  isPlain(): boolean {
    if (!this.plain) return false
    try {
      this.decoder.decode()

      return true
    } catch {
      return false
    }
  }
}
/** Control characters but tab, ends of lines and form feed. */
const STEERING = /[^\P{Cc}\t\n\f\r]/u

// ------------------------------------------------------------------ office files

interface Entry {
  readonly name: string
  readonly packed: number
  readonly unpacked: number
}

const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 0x05, 0x06])
const END_SIZE = 22
const ENTRY = 0x02014b50
const ENTRY_SIZE = 46
const MIME_NAME = 'mimetype'

/** More than any letter or table needs; whoever opens the file would have to unpack it. */
const UNPACKED_MOST = 1024 * 1024 * 1024
/** Spreadsheets of like rows are packed to a fiftieth. */
const RATIO_MOST = 200
const SMALL = 50 * 1024 * 1024

const OPEN_DOCUMENT: Readonly<Record<string, FileKind>> = {
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
}

/** What an archive is by its directory: an office file without programs in it, that unpacks to no more than it honestly may. */
function officeKind(head: Buffer, end: Buffer, size: number): FileKind | null {
  const entries = directoryOf(end, size)
  if (!entries || isBomb(entries, size)) return null
  const names = new Set(entries.map(({ name }) => name))
  // programs: the file of another kind, under a name that hides it
  if (entries.some(({ name }) => /(^|\/)(vbaProject\.bin|Basic\/|Scripts\/)/i.test(name))) return null
  if (names.has('[Content_Types].xml')) {
    if (names.has('word/document.xml')) return 'docx'
    if (names.has('xl/workbook.xml')) return 'xlsx'
  }
  const mime = mimeOf(head)

  return mime !== null && Object.hasOwn(OPEN_DOCUMENT, mime) && names.has('content.xml')
    ? (OPEN_DOCUMENT[mime] ?? null)
    : null
}

const isBomb = (entries: readonly Entry[], size: number): boolean => {
  const [packed, unpacked] = entries.reduce(([p, u], each) => [p + each.packed, u + each.unpacked], [0, 0])

  // entries that lie over one another are packed to more than there is
  return packed > size || unpacked > UNPACKED_MOST || (unpacked > SMALL && unpacked > RATIO_MOST * size)
}

/** The first entry of an OpenDocument says its kind, not packed. */
function mimeOf(head: Buffer): string | null {
  if (head.length < 38 || head.readUInt16LE(8) !== 0 || head.toString('latin1', 30, 38) !== MIME_NAME) return null
  const from = 30 + head.readUInt16LE(26) + head.readUInt16LE(28)

  return head.toString('latin1', from, from + head.readUInt32LE(18))
}

/** The entries of an archive of which the end is given; null when it has no whole directory there, and of one larger than 4 GB. */
function directoryOf(end: Buffer, size: number): Entry[] | null {
  const at = end.lastIndexOf(END_OF_DIRECTORY)
  if (at < 0 || at + END_SIZE > end.length) return null
  const count = end.readUInt16LE(at + 10)
  const length = end.readUInt32LE(at + 12)
  const begins = end.readUInt32LE(at + 16) - (size - end.length)
  // nothing stands between the directory and its end, and nothing but a comment after it
  if (begins < 0 || begins + length !== at || at + END_SIZE + end.readUInt16LE(at + 20) !== end.length) return null
  const entries: Entry[] = []
  for (let place = begins; place < at;) {
    if (place + ENTRY_SIZE > at || end.readUInt32LE(place) !== ENTRY) return null
    const [name, extra, comment] = [28, 30, 32].map((offset) => end.readUInt16LE(place + offset))
    const next = place + ENTRY_SIZE + (name ?? 0)
    entries.push({
      name: end.toString('utf8', place + ENTRY_SIZE, next),
      packed: end.readUInt32LE(place + 20),
      unpacked: end.readUInt32LE(place + 24),
    })
    place = next + (extra ?? 0) + (comment ?? 0)
  }

  return entries.length === count ? entries : null
}
