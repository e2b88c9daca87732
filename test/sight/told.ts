/** The tables of `doc/who-sees-what.md`, cell by cell. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

const page = readFileSync(path.resolve(__dirname, '..', '..', 'doc', 'who-sees-what.md'), 'utf8')

/** Cells of every line of the table of a process, without those of its rules. */
export function tableOf(process: string): string[][] {
  const section = page.split(/^## /m).find((each) => each.includes(`workflows/${process}/sees.ts`))
  if (section === undefined)
    throw new Error(
      `doc/who-sees-what.md has no section of ${process}: it needs a heading of its own, the words “The table is in \`workflows/${process}/sees.ts\`.” and the table`,
    )

  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

/** What a column of the table of a process says of each piece, and what the page calls the pieces. */
export function toldOf(
  process: string,
  column: string,
): {
  readonly cells: ReadonlyMap<string, string>
  readonly titles: ReadonlyMap<string, string>
} {
  const [head = [], ...lines] = tableOf(process)
  const at = head.indexOf(column)
  if (at < 0) throw new Error(`the table of ${process} has no column ${column}`)
  const named = (cell: number) => new Map(lines.map((line) => [(line[0] ?? '').replaceAll('`', ''), line[cell] ?? '']))

  return { cells: named(at), titles: named(1) }
}
