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

/** @type {import('jest').Config} */
module.exports = {
  // Two suites: `unit` needs nothing, `system` has a Postgres and a Temporal of its own, started once for the whole run.
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['**/*.test.ts?(x)'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(api|store|workflows|e2e|faults|support)/'],
    },
    {
      ...common,
      displayName: 'system',
      testMatch: ['<rootDir>/test/(api|store|workflows|e2e|faults|support)/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
  maxWorkers: 2,
  // a machine may be busy with more than the tests: what is slow is not wrong
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/test/support/reporter.js'],
}
