/** @type {import('jest').Config} */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  // The generated Prisma client and the console import their TypeScript as .js.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/\\.data', '<rootDir>/\\.cache'],
}

// Within these folders the tests of the fault runner, of recorded histories and of the bundle need no server.
const withServers = '/test/(api|store|workflows|e2e|faults|support)/(?!runner/|replay\\.|bundle\\.)'
const lint = '<rootDir>/test/lint.test.ts'

/** @type {import('jest').Config} */
module.exports = {
  // `unit` needs nothing and takes seconds, `lint` runs the whole linter, `system` has a Postgres and a Temporal of its own,
  // started once for the whole run.
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts?(x)'],
      testPathIgnorePatterns: ['/node_modules/', withServers, lint],
    },
    { ...common, displayName: 'lint', testMatch: [lint] },
    {
      ...common,
      displayName: 'system',
      testRegex: [`${withServers}.*\\.test\\.ts$`],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  maxWorkers: 2,
  // a machine may be busy with more than the tests: what is slow is not wrong
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/test/support/reporter.js'],
}
