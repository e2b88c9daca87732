/** The QR code of a paper, read from the bytes of its PDF as a telephone reads it from the page. */
import { inflateSync } from 'node:zlib'
import jsQR from 'jsqr'
import { typesetter } from '../../worker/papers/typesetting'
import { inEnglish, ordering, sample, templates } from './samples'

/** The streams of a PDF that are packed as its pages are. */
function streamsOf(bytes: Uint8Array): string[] {
  const file = Buffer.from(bytes)
  const text = file.toString('latin1')

  return [...text.matchAll(/stream\r?\n/g)].flatMap(({ index, 0: mark }) => {
    const from = index + mark.length
    try {
      return [inflateSync(file.subarray(from, text.indexOf('endstream', from))).toString('latin1')]
    } catch {
      return []
    }
  })
}

/** Black squares of pages, each by its upper left corner and its side. */
const SQUARE = /1 0 0 -1 ([\d.]+) ([\d.]+) cm\n\/c0 cs\n0 scn\n0 0 m\n([\d.]+) 0 l\n\3 \3 l\n0 \3 l\nh\nf/g
const DOTS = 6
const MARGIN = 4

/** Draws them as black dots on white, with the white around them that a reader needs. */
function drawn(squares: readonly { x: number; y: number; side: number }[]) {
  const xs = squares.map(({ x }) => x)
  const [left, right, top] = [Math.min(...xs), Math.max(...xs), Math.max(...squares.map(({ y }) => y))]
  const count = Math.round((right - left) / ((squares[0]?.side ?? 1) / 1.02)) + 1
  const pitch = (right - left) / (count - 1)
  const size = (count + 2 * MARGIN) * DOTS
  const dots = new Uint8ClampedArray(size * size * 4).fill(255)
  for (const { x, y } of squares)
    for (let row = 0; row < DOTS; row += 1)
      for (let column = 0; column < DOTS; column += 1) {
        const [h, v] = [Math.round((x - left) / pitch) + MARGIN, Math.round((top - y) / pitch) + MARGIN]
        dots.fill(
          0,
          ((v * DOTS + row) * size + h * DOTS + column) * 4,
          ((v * DOTS + row) * size + h * DOTS + column) * 4 + 3,
        )
      }

  return { dots, size }
}

const kinds = ordering.flatMap(({ contract: { name, version, documents } }) =>
  Object.keys(documents).map((kind) => [name, kind, version] as const),
)
const { render } = typesetter()

test.each(kinds)('the code on a paper leads to the page that checks it: %s, %s', (process, kind, version) => {
  const document = sample(kind, { process, version, with: inEnglish })
  for (const language of document.languages) {
    const squares = streamsOf(render(document, language).bytes).flatMap((stream) =>
      [...stream.matchAll(SQUARE)].map(([, x, y, side]) => ({ x: Number(x), y: Number(y), side: Number(side) })),
    )
    const { dots, size } = drawn(squares)
    expect(jsQR(dots, size, size)?.data).toBe(`${templates.publicUrl ?? ''}/check?code=K7M2Q9X4T1B8V5N3C6Z0H2R4WP`)
  }
})
