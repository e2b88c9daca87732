import { execFileSync } from 'node:child_process'
import path from 'node:path'

// The rules of dependency are worth what they catch: each of these lines must be found in the file that it is put into.
const CASES: readonly (readonly [file: string, code: string, rule: string | null])[] = [
  ['workflows/probation/contract.ts', "import { z } from 'zod'\nexport const x = z", 'no-restricted-imports'],
  ['workflows/probation/contract.ts', "import type { Role } from '../kernel/contract'\nexport type X = Role", null],
  ['workflows/probation/rules.ts', 'export const x = Date.now()', 'no-restricted-properties'],
  ['workflows/probation/rules.ts', 'export const x = new Date()', 'no-restricted-syntax'],
  ['workflows/probation/rules.ts', 'export const x = process.pid', 'no-restricted-globals'],
  [
    'workflows/probation/rules.ts',
    "import { ask } from '../kernel/casefile'\nexport const x = ask",
    'no-restricted-imports',
  ],
  ['workflows/probation/workflow.ts', "import { x } from './forms'\nexport const y = x", 'no-restricted-imports'],
  ['workflows/probation/workflow.ts', "import type { x } from './forms'\nexport type Y = x", null],
  [
    'workflows/probation/workflow.ts',
    "import { x } from '../rotation/workflow'\nexport const y = x",
    'no-restricted-imports',
  ],
  [
    'workflows/probation/workflow.ts',
    "import { readFileSync } from 'node:fs'\nexport const y = readFileSync",
    'no-restricted-imports',
  ],
  ['workflows/probation/workflow.ts', 'export const y = Promise.all([])', 'no-restricted-syntax'],
  ['workflows/probation/workflow.ts', 'setTimeout(() => undefined, 1)', 'no-restricted-globals'],
  ['workflows/kernel/casefile.ts', "import express from 'express'\nexport const y = express", 'no-restricted-imports'],
  ['workflows/kernel/casefile.ts', "import { z } from 'zod'\nexport const y = z", 'no-restricted-imports'],
  [
    'workflows/registry.ts',
    "import { probation } from './probation/workflow'\nexport const y = probation",
    'no-restricted-imports',
  ],
  [
    'api/http/problems.ts',
    "import { Client } from '@temporalio/client'\nexport const y = Client",
    'no-restricted-imports',
  ],
  [
    'api/http/problems.ts',
    "import { x } from '../../workflows/probation/workflow'\nexport const y = x",
    'no-restricted-imports',
  ],
  [
    'api/http/problems.ts',
    "import { PrismaClient } from '../../prisma/generated/client'\nexport const y = PrismaClient",
    'no-restricted-imports',
  ],
  ['api/http/problems.ts', 'export const y = process.env.HOME', 'no-restricted-properties'],
  ['prisma/store/refs.ts', "import express from 'express'\nexport const y = express", 'no-restricted-imports'],
  [
    'prisma/store/refs.ts',
    "import type { Db } from './db'\nexport const y = (db: Db) => db.post.updateMany({ data: { to: null } })",
    'no-restricted-syntax',
  ],
  [
    'prisma/seed/seed.ts',
    'import type { Sql } from \'../store/db\'\nexport const y = (tx: Sql) => tx.run`update posts set "to" = null`',
    'no-restricted-syntax',
  ],
  [
    'api/routes/register.ts',
    "import type { Db } from '../../prisma/store/db'\nexport const y = (db: Db) => db.sql.run`insert into body_roles default values`",
    'no-restricted-syntax',
  ],
  [
    'prisma/store/refs.ts',
    "import type { Db } from './db'\nexport const y = (db: Db) => db.post.findMany({ where: { to: null } })",
    null,
  ],
  ['admin-ui/src/theme.ts', "import { x } from '../../api/shapes/views'\nexport const y = x", 'no-restricted-imports'],
  ['admin-ui/src/theme.ts', "import type { Page } from '../../api/shapes/views'\nexport type Y = Page<string>", null],
  [
    'admin-ui/src/theme.ts',
    "import type { x } from '../../prisma/store/db'\nexport type Y = x",
    'no-restricted-imports',
  ],
  [
    'workflows/kernel/law/case-clock.ts',
    "import type { Step } from '../protocol/step'\nexport type Y = Step",
    'downwards',
  ],
  ['prisma/store/refs.ts', "import type { Page } from '../../api/shapes/views'\nexport type Y = Page<1>", 'downwards'],
  ['api/commands/submit.ts', "import { taskView } from '../views/task-view'\nexport const y = taskView", 'downwards'],
  ['api/views/task-view.ts', "import { submit } from '../commands/submit'\nexport const y = submit", 'downwards'],
  ['workflows/probation/rules.ts', "import type { X } from '../rotation/rules'\nexport type Y = X", 'downwards'],
  ['api/routes/tasks.ts', "import type { Page } from '../shapes/views'\nexport type Y = Page<1>", null],
  ['prisma/store/refs.ts', "import type { CaseRow } from './cases'\nexport type Y = CaseRow", 'no-circle'],
  [
    'admin-ui/src/forms/GroupInput.tsx',
    "import { FieldInput } from './FieldInput'\nexport const y = FieldInput",
    'no-circle',
  ],
  ['api/http/problems.ts', 'export const y: any = 1', 'no-explicit-any'],
  ['api/http/problems.ts', 'Promise.resolve(1)', 'no-floating-promises'],
  [
    'api/http/problems.ts',
    "export const f = (x: 'a' | 'b') => {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}",
    'switch-exhaustiveness-check',
  ],
]

// ESLint reads its configuration as an ES module, which Jest's sandbox cannot: it runs in a process of its own.
const PROGRAM = `
const { ESLint } = require('eslint')
let text = ''
process.stdin.on('data', (chunk) => (text += chunk)).on('end', async () => {
  const eslint = new ESLint()
  const found = []
  for (const [filePath, code] of JSON.parse(text)) {
    const [result] = await eslint.lintText(code + '\\n', { filePath })
    found.push(result.messages.map((message) => message.ruleId ?? message.message))
  }
  process.stdout.write(JSON.stringify(found))
})`

let found: string[][]
beforeAll(() => {
  const output = execFileSync(process.execPath, ['-e', PROGRAM], {
    cwd: path.join(__dirname, '..'),
    input: JSON.stringify(CASES),
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  found = JSON.parse(output) as string[][]
})

test.each(CASES.map(([file, code, rule], index) => ({ file, code, rule, index })))(
  '$file: $code',
  ({ rule, index }) => {
    const rules = (found[index] ?? []).filter(
      (name) => name.includes('restricted') || rule === null || name.includes(rule),
    )
    if (rule === null) expect(rules).toEqual([])
    else expect(rules.some((name) => name.endsWith(rule))).toBe(true)
  },
)
