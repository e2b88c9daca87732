/** The colours of the console: whatever is read on something can be read, in light and in dark (WCAG 2.2 AA). */
import { COLOURS, type Colours } from '../admin-ui/src/colours'

/** Relative luminance of a colour, as WCAG defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255

    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })

  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)

  return (light + 0.05) / (dark + 0.05)
}

const ON_PAGES = ['ground', 'sheet', 'inset', 'here'] as const
const READ = ['text', 'quiet', 'action', 'late', 'soon', 'done', 'told'] as const

describe.each(['light', 'dark'] as const)('in %s', (mode) => {
  const colours: Colours = COLOURS[mode]

  test.each(READ.flatMap((read) => ON_PAGES.map((on) => [read, on] as const)))('%s is read on %s', (read, on) => {
    expect(contrast(colours[read], colours[on])).toBeGreaterThanOrEqual(4.5)
  })

  test.each([
    ['onAction', 'action'],
    ['onAction', 'pressed'],
    ['onStrip', 'strip'],
    ['text', 'dayOff'],
    ['sheet', 'late'],
    ['sheet', 'soon'],
    ['sheet', 'done'],
    ['sheet', 'told'],
  ] as const)('%s is read on %s', (read, on) => {
    expect(contrast(colours[read], colours[on])).toBeGreaterThanOrEqual(4.5)
  })
})
