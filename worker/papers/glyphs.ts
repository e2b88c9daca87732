/**
 * Which characters a font can set. A paper must be readable in ten years as it is today, so one that its font lacks is written by its
 * number instead of being left to whatever font a reader has, and nothing that a person wrote keeps a paper from being made.
 */

/** The characters of a TrueType font, from its table `cmap` (OpenType: formats 4 and 12). */
export function charactersOf(font: Buffer): ReadonlySet<number> {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i)
  const entry = tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap')
  if (entry === undefined) throw new Error('a font without a table of characters')
  const cmap = font.readUInt32BE(entry + 8)
  const characters = new Set<number>()
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i += 1) {
    const at = cmap + font.readUInt32BE(cmap + 4 + 8 * i + 4)
    const format = font.readUInt16BE(at)
    if (format === 4) inFormat4(font, at, characters)
    if (format === 12) inFormat12(font, at, characters)
  }

  return characters
}

function inFormat4(font: Buffer, at: number, characters: Set<number>): void {
  const twice = font.readUInt16BE(at + 6)
  const [ends, starts] = [at + 14, at + 16 + twice]
  for (let i = 0; i < twice; i += 2) {
    const [from, to] = [font.readUInt16BE(starts + i), font.readUInt16BE(ends + i)]
    for (let code = from; code <= to && code < 0xffff; code += 1) characters.add(code)
  }
}

function inFormat12(font: Buffer, at: number, characters: Set<number>): void {
  for (let i = 0; i < font.readUInt32BE(at + 12); i += 1) {
    const group = at + 16 + 12 * i
    for (let code = font.readUInt32BE(group); code <= font.readUInt32BE(group + 4); code += 1) characters.add(code)
  }
}

/** Marks that show nothing and turn the order of what stands beside them: a number could read backwards. */
const UNSEEN = /(?!\n)[\p{Cf}\p{Cc}\p{Zl}\p{Zp}]/gu

/** Text as these characters can say it. */
export const settable = (text: string, characters: ReadonlySet<number>): string =>
  [...text.normalize('NFC').replaceAll('\t', ' ').replaceAll('\r\n', '\n').replace(UNSEEN, '')]
    .map((char) => {
      const code = char.codePointAt(0) ?? 0

      return char === '\n' || characters.has(code) ? char : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
    })
    .join('')
