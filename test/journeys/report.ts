/** The result of the journeys as a page. */
import { aboutOrigin, type Origin } from '../../bench/result-file'
import { mostClicks, tasksOf } from './journeys'
import type { Walk } from './walker'

export interface Journeys extends Origin {
  readonly walks: readonly Walk[]
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

function totals(walk: Walk): string {
  const { who, steps } = walk
  const cells = [
    who,
    tasksOf(walk).length,
    sum(steps.map(({ pressed }) => pressed.length)),
    mostClicks(walk),
    sum(steps.map(({ filling }) => filling.clicks)),
    sum(steps.map(({ filling }) => filling.keys)),
  ]

  return `| ${cells.join(' | ')} |`
}

const lines = ({ who, steps }: Walk): string[] => [
  `## ${who.charAt(0).toUpperCase()}${who.slice(1)}`,
  '',
  '| Page | Pressed, in order | Clicks | Clicks to fill in | Keys |',
  '| --- | --- | --- | --- | --- |',
  ...steps.map(
    ({ page, pressed, filling }) =>
      `| ${page} | ${pressed.join(' → ')} | ${String(pressed.length)} | ${String(filling.clicks)} | ${String(filling.keys)} |`,
  ),
  '',
]

export const pageOf = (journeys: Journeys): string =>
  [
    '# Six journeys by the primary control',
    '',
    `${aboutOrigin(journeys)}. \`npm run journeys\` starts a product with its sample cases. Each person signs in and presses nothing but the one primary`,
    'control of each page, until the start of the day says that nothing needs them. Taking up, deciding and going on to the next are counted',
    'apart from filling in.',
    '',
    '| Who | Tasks | Clicks | Most for one task | Clicks to fill in | Keys |',
    '| --- | --- | --- | --- | --- | --- |',
    ...journeys.walks.map(totals),
    '',
    ...journeys.walks.flatMap(lines),
  ].join('\n')
