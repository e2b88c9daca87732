/** Small files of each kind, made as the programs that write them do. */
import { deflateRawSync } from 'node:zlib'

interface Entry {
  readonly name: string
  readonly bytes: Buffer
  readonly packed?: boolean
  /** what the directory says of its size, if that is a lie */
  readonly claims?: number
}

/** An archive with a directory; its checksums are not true, and nobody here reads them. */
export function archive(entries: readonly Entry[]): Buffer {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const { name, bytes, packed = true, claims } of entries) {
    const body = packed ? deflateRawSync(bytes) : bytes
    const header = Buffer.alloc(26)
    header.writeUInt16LE(20, 0)
    header.writeUInt16LE(packed ? 8 : 0, 4)
    header.writeUInt32LE(body.length, 14)
    header.writeUInt32LE(claims ?? bytes.length, 18)
    header.writeUInt16LE(Buffer.byteLength(name), 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), header, Buffer.from(name), body])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), header, rest, Buffer.from(name)]))
    locals.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(entries.length, 4)
  end.writeUInt16LE(entries.length, 6)
  end.writeUInt32LE(listed.length, 8)
  end.writeUInt32LE(offset, 12)

  return Buffer.concat([...locals, listed, Buffer.from('PK\x05\x06'), end])
}
const part = (name: string, text = `<${name}/>`): Entry => ({ name, bytes: Buffer.from(text) })
const openDocument = (type: string): Buffer =>
  archive([
    { name: 'mimetype', bytes: Buffer.from(`application/vnd.oasis.opendocument.${type}`), packed: false },
    part('content.xml'),
  ])
export const wordFile = (...more: readonly Entry[]): Buffer =>
  archive([part('[Content_Types].xml'), part('word/document.xml'), ...more])

/** One of each kind. */
export const SAMPLES = {
  pdf: Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << >>\n%%EOF\n'),
  jpeg: Buffer.from([255, 0xd8, 255, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 255, 0xd9]),
  png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 0x1a, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1]),
  docx: wordFile(),
  xlsx: archive([part('[Content_Types].xml'), part('xl/workbook.xml')]),
  odt: openDocument('text'),
  ods: openDocument('spreadsheet'),
  txt: Buffer.from('Анықтама: Әділ Ұлан, 12 күн\n'),
} as const

/** A PDF with a word in it, so that no two are alike; `size` fills it up to so many bytes. */
export function pdfWith(word: string, size = 0): Buffer {
  const [head, end] = [Buffer.from(`%PDF-1.7\n% ${word}\n`), Buffer.from('\n%%EOF\n')]

  return Buffer.concat([head, Buffer.alloc(Math.max(0, size - head.length - end.length), ' '), end])
}
