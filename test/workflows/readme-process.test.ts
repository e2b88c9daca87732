/** The process that the README adds is a process: its files compile as they stand there, and its scenarios and tables pass. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { complaintsOf } from '../support/compiler'
import { copySources, runTests } from '../support/copy'

const readme = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8')
const files = [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)\n```/g)].map(
  ([, file = '', code = '']) => [file, code] as const,
)
const rows = [...readme.matchAll(/```csv\n.*\n([\s\S]*?)\n```/g)].map(([, row = '']) => row)

test('its files are there and compile', () => {
  expect(files.map(([file]) => path.basename(file))).toEqual([
    'contract.ts',
    'forms.ts',
    'rules.ts',
    'workflow.ts',
    'process.ts',
    'index.ts',
    'scenarios.test.ts',
  ])
  expect(complaintsOf(new Map(files))).toEqual(new Map(files.map(([file]) => [file, []])))
})

test('added as it says, its scenarios pass and the register has its rows', () => {
  const copy = copySources('readme')
  const put = (file: string, code: string): void => {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
    writeFileSync(path.join(copy, file), `${code}\n`)
  }
  const edit = (file: string, from: string, to: string): void => {
    const code = readFileSync(path.join(copy, file), 'utf8')
    expect(code).toContain(from)
    writeFileSync(path.join(copy, file), code.replace(from, to))
  }
  for (const [file, code] of files) put(file, code)
  const [store, registry, workflows] = [
    'prisma/store/process-stores.ts',
    'workflows/registry.ts',
    'workflows/index.ts',
  ] as const
  edit(store, '= { ', '= { leave, ')
  edit(store, 'import ', "import { leave } from './leave'\nimport ")
  edit(registry, 'processesOf(', 'processesOf(leave, ')
  edit(registry, 'import ', "import { process as leave } from './leave/process'\nimport ")
  edit(workflows, 'export ', "export { leave } from './leave/workflow'\nexport ")
  // its words are a table of keys in the README, which test/words.test.ts holds for every process
  for (const language of ['kk', 'ru', 'en']) put(`workflows/leave/words/${language}.json`, '{}')
  const [terms, rule] = rows
  appendFileSync(path.join(copy, 'prisma/seed/data/terms-own.csv'), `${terms ?? ''}\n`)
  // it shows one row of a rule, and says that each regime has one
  const rules = ['R0', 'R1', 'R2', 'R3', 'R4', 'R5', 'RC'].map((regime) => rule?.replace(',R5,', `,${regime},`))
  appendFileSync(path.join(copy, 'prisma/seed/data/regime-rows.csv'), `${rules.join('\n')}\n`)

  const scenarios = runTests(copy, 'system', ['test/workflows/leave'])
  expect(scenarios).toMatchObject({ status: 0, stderr: expect.stringMatching(/Tests: .*[1-9]\d* passed/) })
})
