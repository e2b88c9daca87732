/** A copy of the sources in which they may be changed, with the tests run there on the servers of this run. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const ROOT = path.resolve(__dirname, '../..')
const LEFT = ['node_modules', '.git', '.cache', '.data', 'dist']

/** Copies what is in the repository or would be, with the generated client, to a folder of the cache; answers with its path. */
export function copySources(name: string): string {
  const copy = path.join(ROOT, '.cache', name)
  rmSync(copy, { recursive: true, force: true })
  mkdirSync(copy, { recursive: true })
  const { stdout } = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const file of [...stdout.split('\n'), 'prisma/generated']) {
    if (file === '' || LEFT.some((each) => file.startsWith(`${each}/`)) || !existsSync(path.join(ROOT, file))) continue
    cpSync(path.join(ROOT, file), path.join(copy, file), { recursive: true })
  }
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'))

  return copy
}

interface Ran {
  /** null: it was killed */
  readonly status: number | null
  readonly stderr: string
}

/** Runs test files of a copy by the configuration of a project, without the start of its servers, which run already. */
export function runTests(
  copy: string,
  displayName: 'unit' | 'system',
  tests: readonly string[],
  setupFiles: readonly string[] = [],
): Ran {
  const { projects, testTimeout } = createRequire(__filename)(path.join(ROOT, 'jest.config.js')) as {
    projects: readonly Record<string, unknown>[]
    testTimeout: number
  }
  const project = projects.find((each) => each['displayName'] === displayName)
  const { globalSetup: _setup, globalTeardown: _teardown, modulePathIgnorePatterns: _ignored, ...rest } = project ?? {}
  const config = path.join(copy, `jest.${displayName}.json`)
  writeFileSync(config, JSON.stringify({ ...rest, testTimeout, rootDir: copy, setupFiles }))
  const jest = ['jest', '--config', config, '--runInBand', '--silent', ...tests]
  const { status, stderr } = spawnSync('npx', jest, { cwd: copy, encoding: 'utf8' })

  return { status, stderr }
}
