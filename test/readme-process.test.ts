/** The process that the README adds is a process: its files compile as they stand there. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { complaintsOf } from './support/compiler'

const readme = readFileSync(path.resolve(__dirname, '../README.md'), 'utf8')
const files = [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)\n```/g)].map(
  ([, file = '', code = '']) => [file, code] as const,
)

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
