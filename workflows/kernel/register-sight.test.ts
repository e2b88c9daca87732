/** `doc/registers.md` says what the table says. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { COLUMNS, LOOKS_AS, REGISTER_SIGHT } from './register-sight'

const page = readFileSync(path.resolve(__dirname, '..', '..', 'doc', 'registers.md'), 'utf8')
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

test('who is shown what of each register is told by doc/registers.md', () => {
  const [head = [], , ...rows] = page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cells)
  const told = rows.map(([register = '', ...shown]): [string, Record<string, string>] => [
    register,
    Object.fromEntries(shown.flatMap((each, n) => (each === '' ? [] : [[head[n + 1] ?? '', each]]))),
  ])
  expect([...head.slice(1)].sort()).toEqual([...LOOKS_AS].sort())
  expect(Object.fromEntries(told)).toEqual(REGISTER_SIGHT)
})

test('so is every column that not everybody is shown who finds the row', () => {
  const told = page.replace(/\s+/g, ' ')
  for (const [register, columns] of Object.entries(COLUMNS))
    for (const [column, shown] of Object.entries<string>(columns))
      expect(told).toMatch(new RegExp(`of ${register} [^;.]*\`${column}\`[^;.]* needs?[^;.]* \`${shown}\``))
})
