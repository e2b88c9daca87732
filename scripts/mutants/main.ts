/**
 * Tries each mutant of who sees what on a copy of the sources, with the tests that hold it, and writes which of them failed.
 *
 * `npm run mutants:sight -- function sql registers uses api/routes/`: all groups and files unless some are named; with `rest` only those that no test
 * was seen to find. A quiet machine takes two hours for all.
 * `-- list` names the keys that the results lack, those that no mutant has any more, and what no test was seen to find.
 * `-- keys` writes the keys as the sources have them now, and keeps the results of those that were there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { copySources, runTests } from '../../test/support/copy'
import { killTestServers, startTestServers } from '../../test/support/servers'
import { keyOf, mutants, type Group, type Mutant } from './uses'

const ROOT = path.resolve(__dirname, '..', '..')
const COPY = path.join(ROOT, '.cache', 'mutants')
const RESULT = path.join(ROOT, 'test', 'sight', 'mutants.json')

/** Tests of each group, the most telling first. */
const TESTS: Readonly<Record<Group, readonly string[]>> = {
  function: ['test/sight/sight.test.ts'],
  sql: ['test/api/policy.test.ts'],
  registers: ['test/api/register-sight.test.ts', 'test/api/one-spelling.test.ts', 'test/api/own-registers.test.ts'],
  uses: [
    ...['sight/who-sees-what', 'linked-cases', 'annulled', 'about', 'commission', 'offers', 'policy', 'access-log'],
    ...[
      'sight/hidden-case',
      'restricted',
      'set-days',
      'rehearsals',
      'documents',
      'comments',
      'additions',
      'files',
      'notices',
      'letters',
    ],
    ...['sight/coded', 'unnamed', 'live', 'lists', 'stuck-cases', 'commands', 'paper-files', 'handover'],
    ...['own-case', 'standstill'],
  ].map((name) => `test/api/${name}.test.ts`),
}
const GROUPS = Object.keys(TESTS) as Group[]

/** Tests that are asked first of a use, by what stands in the name of its file: they are about just that. */
const NEAREST: Readonly<Record<string, readonly string[]>> = {
  'routes/additions': ['additions'],
  'commands/answer-task': ['additions'],
  'commands/start-case': ['additions'],
  'routes/comments': ['comments', 'sight/coded'],
  'policy/comments': ['comments'],
  'case-page': ['sight/who-sees-what'],
  decisions: ['decisions', 'changed-decisions', 'sight/who-sees-what'],
  'policy/files': ['files'],
  letters: ['letters'],
  notice: ['notices'],
  'rehearsal-sets': ['rehearsals', 'access-log'],
  audience: ['sight/hidden-case', 'live'],
  'form-check': ['linked-cases'],
  'routes/cases': ['access-log', 'sight/coded', 'handover', 'linked-cases', 'sight/hidden-case'],
  'register-trail': ['register-changes'],
  'offer-view': ['offers', 'linked-cases'],
  'hidden-ids': ['linked-cases'],
  'answers-given': ['sight/coded', 'linked-cases'],
  'command-view': ['access-log', 'commands'],
  stuck: ['sight/coded', 'stuck-cases'],
  'task-view': ['sight/coded'],
  'case-links': ['appeal', 'linked-cases'],
  'workflow-history': ['standstill', 'sight/who-sees-what', 'sight/coded'],
  'policy/tasks': ['own-case', 'tasks'],
  'store/tasks': ['own-case'],
  'store/eligible': ['own-case', 'next-body'],
  'store/': ['policy'],
}
const testsOf = ({ group, file }: Mutant): readonly string[] => {
  if (group !== 'uses') return TESTS[group]
  const nearest = Object.entries(NEAREST).flatMap(([part, names]) => (file.includes(part) ? names : []))

  return [...new Set([...nearest.map((name) => `test/api/${name}.test.ts`), ...TESTS.uses])]
}

/** Tests of mutants end with the first failure: nobody reads the smallest one. */
const run = ({ group }: Pick<Mutant, 'group'>, test: string) =>
  runTests(COPY, group === 'function' ? 'unit' : 'system', [test], ['<rootDir>/scripts/mutants/setup.ts'])

/** The first test file that fails for the mutant, or null. */
function killer(mutant: Mutant): string | null {
  const { file, name, source } = mutant
  const whole = readFileSync(path.join(COPY, file), 'utf8')
  writeFileSync(path.join(COPY, file), source)
  try {
    for (const test of testsOf(mutant)) {
      const { status, stderr } = run(mutant, test)
      // what does not even run says nothing of the test
      if (stderr.includes('Test suite failed to run')) throw new Error(`${file} «${name}» does not run: ${stderr}`)
      if (status !== 0) return test
    }

    return null
  } finally {
    writeFileSync(path.join(COPY, file), whole)
  }
}

const resultsBefore = (): Record<string, string> =>
  existsSync(RESULT) ? (JSON.parse(readFileSync(RESULT, 'utf8')) as Record<string, string>) : {}

/** Says where results and sources differ, and what no test was seen to find. */
function list(all: readonly Mutant[]): void {
  const before = resultsBefore()
  const keys = all.map(keyOf)
  const said: readonly (readonly [string, readonly string[]])[] = [
    ['not in the results', keys.filter((key) => !(key in before))],
    ['no mutant any more', Object.keys(before).filter((key) => !keys.includes(key))],
    ['not found', keys.filter((key) => key in before && !before[key]?.startsWith('fails'))],
  ]
  for (const [what, of] of said) for (const key of of) console.log(`${what}: ${key}`)
  process.exitCode = said.some(([, of]) => of.length > 0) ? 1 : 0
}

async function main(): Promise<void> {
  const named = process.argv.slice(2)
  if (named.includes('list')) return list(mutants())
  const folders = named.filter((each) => each.includes('/'))
  const chosen = GROUPS.filter((group) => named.includes(group))
  const groups = chosen.length === 0 ? GROUPS : chosen
  const all = mutants()
  const before = resultsBefore()
  const results = new Map(all.map((mutant) => [keyOf(mutant), before[keyOf(mutant)] ?? 'not tried']))
  const isAsked = (mutant: Mutant): boolean =>
    groups.includes(mutant.group) &&
    (folders.length === 0 || folders.some((folder) => mutant.file.startsWith(folder))) &&
    !(named.includes('rest') && results.get(keyOf(mutant))?.startsWith('fails'))
  const write = () => writeFileSync(RESULT, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`)
  if (named.includes('keys')) return write()
  copySources('mutants')
  const servers = groups.some((group) => group !== 'function') ? await startTestServers() : null
  try {
    // what fails without a mutant holds none
    for (const [test, group] of new Map(
      all.filter(isAsked).map((mutant) => [testsOf(mutant)[0] ?? '', mutant.group]),
    )) {
      const { status } = run({ group }, test)
      if (status !== 0) throw new Error(`${test} fails without a mutant`)
    }
    for (const mutant of all.filter(isAsked)) {
      const test = killer(mutant)
      results.set(keyOf(mutant), test ? `fails ${test}` : 'SURVIVED')
      console.log(`${test ? 'found   ' : 'SURVIVED'} ${keyOf(mutant)}`)
      write()
    }
  } finally {
    if (servers) killTestServers(servers)
  }
  process.exitCode = [...results.values()].includes('SURVIVED') ? 1 : 0
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
