/** `doc/kernel.md` explains the example by its own lines, and leaves out no call of the case file. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

const read = (...parts: string[]): string => readFileSync(path.resolve(__dirname, '..', ...parts), 'utf8')
const page = read('doc', 'kernel.md')
/** the example, the process whose cases it opens, that which annuls its result, and an appeal with what it is against */
const story = [
  read('test', 'example', 'workflow.ts'),
  read('test', 'certificate', 'workflow.ts'),
  read('test', 'revocation', 'workflow.ts'),
  read('workflows', 'probation', 'workflow.ts'),
  read('workflows', 'appeal', 'workflow.ts'),
].join('\n')
/** Without what a formatter may add or take away. */
const lines = (code: string): string[] =>
  code
    .split('\n')
    .map((line) => line.trim().replace(/[,;]$/, ''))
    .filter((line) => line !== '')
const quotes = [...page.matchAll(/```ts\n([^`]*)```/g)].map(([, code = '']) => lines(code))

test('every line quoted is a line of the example, and they come in its order', () => {
  const declared = [
    ...['example', 'certificate'].flatMap((folder) => lines(read('test', folder, 'contract.ts'))),
    ...lines(read('test', 'example', 'rules.ts')),
    ...lines(read('workflows', 'probation', 'contract.ts')),
  ]
  const told = lines(story)
  let at = 0
  for (const quote of quotes) {
    if (quote.every((line) => declared.includes(line))) continue
    for (const line of quote) {
      const found = told.indexOf(line, at)
      if (found < at) throw new Error(`not in the example after what was quoted before: ${line}`)
      at = found
    }
  }
  expect(quotes.length).toBeGreaterThan(15)
})

/** What a story may call, as the case file declares it. */
const calls = [...read('workflows', 'kernel', 'casefile.ts').matchAll(/^ {2}(?:get |async )?(\w+)(?:<[^\n]*)?\(.*$/gm)]
  .map(([, name = '']) => name)
  .filter((name) => !['constructor', 'branches'].includes(name))

test.each([...new Set(calls)])('the example uses %s', (name) => {
  expect(story).toMatch(new RegExp(`(file|branch|part)\\.${name}\\b`))
})
