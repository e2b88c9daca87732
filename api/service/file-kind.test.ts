import { archive, SAMPLES, wordFile } from '../../test/support/sample-files'
import { recognizer } from './file-kind'

/** Fed as a network would: in chunks of any size. */
function kindOf(bytes: Buffer, chunk = 7): string | null {
  const seen = recognizer()
  for (let at = 0; at < bytes.length; at += chunk) seen.take(bytes.subarray(at, at + chunk))

  return seen.kind()
}

test.each(Object.entries(SAMPLES))('a %s is known by its content, however it arrives', (kind, bytes) => {
  for (const chunk of [1, 7, 4096, 1_000_000]) expect(kindOf(bytes, chunk)).toBe(kind)
})

test('a type that lies is not believed: what does not begin and end as its kind does is none', () => {
  const { pdf, png, txt } = SAMPLES
  for (const bytes of [
    Buffer.concat([Buffer.from('MZ\x90\x00'), pdf]),
    png.subarray(1),
    Buffer.from('#!/bin/sh\x1b[2J\n'),
    Buffer.concat([txt, Buffer.from([0xff, 0xfe])]),
    txt.subarray(0, 1),
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    archive([{ name: 'word/document.xml', bytes: Buffer.from('x') }]),
    archive([{ name: 'evil.exe', bytes: Buffer.from('x') }]),
  ])
    expect(kindOf(bytes)).toBeNull()
  // a whole half of a PDF is text, and no PDF
  expect(kindOf(pdf.subarray(0, -8))).toBe('txt')
})

test('a JPEG begins with a whole segment and has its end, with no more behind it than a phone writes there', () => {
  const { jpeg } = SAMPLES
  const changed = (place: number, byte: number) => {
    const other = Buffer.from(jpeg)
    other[place] = byte

    return other
  }
  for (const bytes of [
    Buffer.from([0xff, 0xd8, 0xff]),
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<script>alert(1)</script>')]),
    changed(3, 0x00),
    changed(4, 0xff),
    changed(5, 1),
    changed(5, 15),
    jpeg.subarray(0, -1),
    Buffer.concat([jpeg, archive([{ name: 'evil.exe', bytes: Buffer.alloc(10) }]), Buffer.alloc(70_000)]),
  ])
    expect(kindOf(bytes)).toBeNull()
  expect(kindOf(Buffer.concat([jpeg, Buffer.from('SEFT of a phone')]))).toBe('jpeg')
  // what a camera says of a picture is longer than what is looked at
  const long = Buffer.concat([
    Buffer.from([255, 0xd8, 255, 0xe1, 0x40, 0]),
    Buffer.alloc(0x3ffe),
    Buffer.from([255, 0xdb, 255, 0xd9]),
  ])
  expect(kindOf(long, 4096)).toBe('jpeg')
})

test('programs in an office file make it another kind', () => {
  expect(kindOf(wordFile({ name: 'word/vbaProject.bin', bytes: Buffer.from('x') }))).toBeNull()
  expect(
    kindOf(
      archive([
        { name: 'mimetype', bytes: Buffer.from('application/vnd.oasis.opendocument.text'), packed: false },
        { name: 'content.xml', bytes: Buffer.from('x') },
        { name: 'Basic/Standard/script-lc.xml', bytes: Buffer.from('x') },
      ]),
    ),
  ).toBeNull()
})

test('a zip bomb is refused by its directory, in no time and without being unpacked', () => {
  const began = process.memoryUsage().rss
  const large = Buffer.alloc(80 * 1024 * 1024)
  const honest = wordFile({ name: 'word/media/scan.bin', bytes: Buffer.alloc(100_000, 'abcdefgh') })
  const bomb = wordFile({ name: 'word/media/zeroes.bin', bytes: large })
  const liar = wordFile({ name: 'word/media/zeroes.bin', bytes: Buffer.from('x'), claims: 0xfffffff0 })
  expect(kindOf(honest)).toBe('docx')
  const from = process.hrtime.bigint()
  expect(kindOf(bomb, 65_536)).toBeNull()
  expect(kindOf(liar)).toBeNull()
  expect(Number(process.hrtime.bigint() - from) / 1e6).toBeLessThan(1000)
  expect(process.memoryUsage().rss - began).toBeLessThan(200 * 1024 * 1024)
})

test('a directory that lies about its length or its place is none', () => {
  const whole = wordFile()
  for (const place of [8, 10, 12, 16, 20]) {
    const changed = Buffer.from(whole)
    const at = whole.length - 22 + place
    changed[at] = (changed[at] ?? 0) ^ 0x7f
    if (place !== 8) expect(kindOf(changed)).toBeNull()
  }
  expect(kindOf(whole.subarray(0, -1))).toBeNull()
})
