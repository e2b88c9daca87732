import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { imports as directions } from './scripts/lint/imports.mjs'

// ---------------------------------------------------------------- which way dependencies point
//
// A ban names what may not be imported and why. ESLint takes the last setting of a rule for a file, so each group of files
// gets the whole list of its bans in one place.

const ban = (regex, message, allowTypeImports = false) => ({ regex, message, allowTypeImports })

const prismaOnlyInStore = [
  ban('^@prisma/', 'Only prisma/ names Prisma: ask a function of prisma/store.'),
  ban('prisma/generated|/generated/', 'Only prisma/ reads the generated client.'),
]
const notInStories = [
  ban('^zod', 'A workflow module is loaded again for every cached case: zod there costs megabytes per case.', true),
  ban('^(@prisma/|pg$|express|pino|csv-parse)', 'Workflow code is deterministic and does no I/O: use an activity.'),
  ban('^(node:|(fs|path|crypto|http|net|os|child_process|timers|process)($|/))', 'Workflow code has no Node modules.'),
  ban('(^|/)(prisma|api|worker|activities|scripts|test)/', 'Workflow code knows activities only by type.', true),
  ban('(^|/)forms$', 'Forms are zod schemas: a workflow may know their types only.', true),
  ban('(^|/)registry$', 'The registry is for the API and holds every process’s forms.', true),
  ban('(^|/)words$', 'The words are read from files, and history has codes: API and worker know the words.', true),
]
const noWorkflowCode = ban(
  '/workflows/(index$|.*/workflow$|kernel/(casefile|commission|engine/.*)$)|(^|/)workflow$',
  'Knows a process by its name and contract, never by its code.',
  true,
)

const imports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
})

const NO_CLOCK = {
  'no-restricted-globals': ['error', { name: 'process', message: 'Rules read no environment.' }],
  'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'Now is an argument.' }],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Now is an argument.' },
  ],
}

/** The trail of the register is whole as long as one function writes the register (prisma/store/register-trail.ts). */
const REGISTER_MODELS =
  'region|stateBody|unit|positionCategory|position|person|post|bodyRole|regime|regimeRow|term|holiday|daySwap|bodyDay|registerRow|registerChange'
const REGISTER_TABLES =
  'regions|state_bodies|units|position_categories|positions|people|posts|body_roles|regimes|regime_rows|terms|holidays|day_swaps|body_days|register_rows|register_changes'
const WRITES_REGISTER = `/\\b(insert into|update|delete from|truncate)\\s+"?(${REGISTER_TABLES})\\b/i`
const message = 'Rows of the register are written by writeRegister, which keeps its trail.'
const REGISTER_BY_ONE_FUNCTION = {
  'no-restricted-syntax': [
    'error',
    {
      selector: `CallExpression[callee.property.name=/^(create|update|upsert|delete)/][callee.object.property.name=/^(${REGISTER_MODELS})$/]`,
      message,
    },
    { selector: `TemplateElement[value.raw=${WRITES_REGISTER}]`, message },
    { selector: `Literal[value=${WRITES_REGISTER}]`, message },
  ],
}

const TESTS = ['**/*.test.ts', '**/*.test.tsx', 'test/**']

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'coverage/',
    '.data/',
    '.data-production/',
    '.cache/',
    'prisma/generated/',
    'test/histories/',
  ]),
  // Nobody switches a rule off in passing: a comment that tries is itself a finding.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { imports: directions },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function without await is how an interface of promises is met.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'imports/downwards': 'error',
      'imports/no-circle': 'error',
    },
  },

  // ---- everything outside prisma/
  { files: ['**/*.ts', '**/*.tsx'], ignores: ['prisma/**'], rules: imports(...prismaOnlyInStore) },

  // ---- workflows/
  {
    files: ['workflows/**/*.ts'],
    ignores: ['workflows/**/{forms,kernel-forms,process}.ts', 'workflows/{registry,words}.ts', ...TESTS],
    rules: imports(...notInStories),
  },
  {
    files: ['workflows/**/{forms,kernel-forms,process}.ts', 'workflows/registry.ts'],
    rules: imports(...prismaOnlyInStore, noWorkflowCode, ...notInStories.slice(1, 4)),
  },
  { files: ['workflows/words.ts'], rules: imports(...prismaOnlyInStore, noWorkflowCode) },
  {
    files: ['workflows/**/{contract,sees}.ts'],
    ignores: ['workflows/kernel/**'],
    rules: imports(
      ban(
        '^(?!(\\.\\./)+kernel/contract$|\\.{1,2}/sees$)',
        'A contract is plain data: it imports only kernel/contract, and its table of who sees what.',
      ),
    ),
  },
  {
    files: ['workflows/kernel/contract/*.ts'],
    rules: imports(ban('^(?!\\./[a-z]+$)', 'The kernel’s contract imports nothing else.')),
  },
  {
    files: ['workflows/**/rules.ts'],
    rules: {
      ...imports(
        ban(
          '^(?!\\./contract$|(\\.\\./)+kernel/(contract|law/[a-z-]+)$)',
          'Rules are pure: they import contracts and the kernel’s date functions; of anything else, types only.',
          true,
        ),
      ),
      ...NO_CLOCK,
    },
  },
  {
    files: ['workflows/kernel/{contract,law,protocol}/*.ts'],
    rules: NO_CLOCK,
  },
  {
    files: ['workflows/**/workflow.ts'],
    rules: {
      ...imports(
        ...notInStories,
        ban('\\.\\./(?!kernel/|\\.\\./)[^/]+/', 'A story knows no other process.'),
        ban(
          '^(?!\\./(contract|rules)$|(\\.\\./)+kernel/)',
          'A story imports its contract, its rules and the kernel; of anything else, types only.',
          true,
        ),
      ),
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'process', 'fetch'].map((name) => ({
          name,
          message: 'A story waits with the case file: file.until, file.ask, file.during.',
        })),
      ],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'Use the case clock.' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='Promise'][property.name=/^(all|race|allSettled|any)$/]",
          message: 'Branches run in file.together or file.first, so that the kernel knows when a step is whole.',
        },
        { selector: "NewExpression[callee.name='Date']", message: 'Use the case clock.' },
      ],
    },
  },

  // ---- the sides
  {
    files: ['prisma/**/*.ts'],
    rules: imports(
      ban('^(@temporalio/|express|react)', 'The store knows rows and contracts only.'),
      ban('(^|/)(api|worker|activities|admin-ui)/', 'The store knows nobody who calls it.', true),
      noWorkflowCode,
    ),
  },
  {
    files: ['activities/**/*.ts'],
    ignores: TESTS,
    rules: imports(
      ...prismaOnlyInStore,
      noWorkflowCode,
      ban('^express', 'Activities serve workflows.'),
      ban('(^|/)(api|worker)/', 'Activities are given what they need.', true),
    ),
  },
  {
    files: ['api/**/*.ts'],
    ignores: ['api/service/temporal.ts', ...TESTS],
    rules: imports(
      ...prismaOnlyInStore,
      noWorkflowCode,
      ban('^@temporalio/', 'Only api/service/temporal.ts talks to Temporal.'),
      ban('(^|/)(worker|activities|scripts|test)/', 'The API reads through the store.'),
    ),
  },
  {
    files: ['api/service/temporal.ts'],
    rules: imports(
      ...prismaOnlyInStore,
      noWorkflowCode,
      ban('^@temporalio/(worker|workflow|activity)', 'The API is a client of Temporal.'),
    ),
  },
  {
    files: ['admin-ui/**/*.{ts,tsx}'],
    rules: imports(
      ban('(^|/)api/shapes/views$', 'The console talks HTTP and may know the API’s types.', true),
      ban('(^|/)workflows/kernel/contract$', 'The console talks HTTP and may know the contract’s types.', true),
      ban('^(\\.\\./)+api/(?!shapes/views$)', 'Of the API, the console knows api/shapes/views by type.'),
      ban(
        '^(\\.\\./)+(workflows/(?!kernel/contract(?:/blanks)?$)|(prisma|activities|worker|scripts|test)/)',
        'The console talks HTTP. Of the code it shares what is no text (contract/blanks), so that both find the same fields empty.',
      ),
    ),
  },
  {
    files: ['**/*.{ts,mts}'],
    ignores: [
      'api/config.ts',
      'scripts/**',
      'bench/**',
      'prisma.config.ts',
      'workflows/kernel/{contract,law,protocol}/*.ts',
      'workflows/**/{rules,workflow}.ts',
      ...TESTS,
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only api/config.ts reads the environment.' },
      ],
    },
  },

  {
    files: ['{prisma,activities,api,worker,scripts}/**/*.ts'],
    ignores: ['prisma/store/register-trail.ts', ...TESTS],
    rules: REGISTER_BY_ONE_FUNCTION,
  },

  // ---- the console
  {
    files: ['admin-ui/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended, jsxA11y.flatConfigs.recommended],
    rules: {
      // react-admin hands records and translations over as any.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },

  // ---- tests and tools
  { files: ['scripts/**', 'bench/**', 'test/**', '**/*.mjs'], rules: { 'no-console': 'off' } },
  {
    files: TESTS,
    rules: {
      // What comes back over HTTP or from the database is looked at, not typed.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // a test may look at anything
      'imports/downwards': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        AbortSignal: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        module: 'writable',
        process: 'readonly',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
)
