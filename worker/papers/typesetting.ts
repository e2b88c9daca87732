/** How a document becomes a PDF/A: its text is data of one layout, which the compiler of Typst sets with fonts of our own. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { NodeCompiler, PdfStandard } from '@myriaddreamin/typst-ts-node-compiler'
import qrcode from 'qrcode-generator'
import type { Locale } from '../../workflows/kernel/contract'
import type { FrozenOfFormat3 } from '../../workflows/kernel/protocol/document'
import { paperOf, type Paper, type PaperBlock, type PaperField } from '../../workflows/paper'
import { charactersOf, settable } from './glyphs'

const LAYOUT = path.resolve(__dirname, '../../workflows/kernel/papers/layout.typ')
const COMPILER = '@myriaddreamin/typst-ts-node-compiler/package.json'
const FONTS = path.dirname(require.resolve('@expo-google-fonts/tinos/package.json'))

/** A paper in one language. */
export interface Rendering {
  readonly language: Locale
  /**
   * digest of the template, the layout, the fonts and the compiler; the same facts under the same one are the same bytes as long as our own
   * code and the package that draws the QR code are the same too
   */
  readonly template: string
  readonly sha256: string
  readonly bytes: Uint8Array
}

export interface Typesetter {
  /** Throws, naming what its template lacks, rather than make half a paper. */
  readonly render: (document: FrozenOfFormat3, language: Locale) => Rendering
}

const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)

  return hash.digest('hex')
}

/** Reads fonts and layout once. */
export function typesetter(layout = readFileSync(LAYOUT, 'utf8')): Typesetter {
  const fonts = readdirSync(FONTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ttf'))
    .sort()
    .map((file) => readFileSync(path.join(FONTS, file)))
  const sets = fonts.map(charactersOf)
  const characters = new Set([...(sets[0] ?? [])].filter((code) => sets.every((set) => set.has(code))))
  const compiler = NodeCompiler.create({ workspace: path.dirname(LAYOUT), fontArgs: [{ fontBlobs: fonts }] })
  const made = sha256(layout, readFileSync(require.resolve(COMPILER)), ...fonts)

  return {
    render: (document, language) => {
      const paper = paperOf(document, language)
      if (paper.blocks.length === 0) throw new Error(`the template of ${document.kind} says nothing in ${language}`)
      if (paper.unfilled.length > 0)
        throw new Error(`the template of ${document.kind} names what is not there: ${paper.unfilled.join(', ')}`)
      const bytes = compiler.pdf(
        { mainFileContent: layout, inputs: { paper: JSON.stringify(inputOf(document, paper, characters)) } },
        { pdfStandard: PdfStandard.A_2b, creationTimestamp: Date.parse(`${document.issuedOn}T00:00:00Z`) / 1000 },
      )
      // a process lives for months
      compiler.evictCache(10)

      return {
        language,
        template: sha256(made, document.template.version),
        sha256: sha256(bytes),
        bytes,
      }
    },
  }
}

/** What the layout is given. */
function inputOf(document: FrozenOfFormat3, paper: Paper, characters: ReadonlySet<number>): unknown {
  const [year, month, day] = document.issuedOn.split('-').map(Number)

  return {
    ...settableIn({ ...paper, blocks: withFactsTogether(paper.blocks) }, characters),
    issuedOn: { year, month, day },
    check: {
      says: settable(document.check.says[paper.language], characters),
      squares: squaresOf(document.check.address),
    },
  }
}

/** Every text in it as the font can say it. */
function settableIn<Value extends object>(value: Value, characters: ReadonlySet<number>): Value {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? settable(part, characters) : part,
  ) as Value
}

type LaidOut = Exclude<PaperBlock, { is: 'fact' }> | { readonly is: 'facts'; readonly fields: readonly PaperField[] }

/** Facts that follow each other stand in one table. */
function withFactsTogether(blocks: readonly PaperBlock[]): LaidOut[] {
  return blocks.reduce<LaidOut[]>((laid, block) => {
    if (block.is !== 'fact') return [...laid, block]
    const last = laid.at(-1)
    const field: PaperField = { label: block.label, value: { text: block.text } }

    return last?.is === 'facts'
      ? [...laid.slice(0, -1), { is: 'facts', fields: [...last.fields, field] }]
      : [...laid, { is: 'facts', fields: [field] }]
  }, [])
}

/** A QR code as rows of `0` and `1`. */
function squaresOf(text: string): string[] {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  const side = Array.from({ length: code.getModuleCount() }, (_, i) => i)

  return side.map((row) => side.map((column) => (code.isDark(row, column) ? '1' : '0')).join(''))
}
