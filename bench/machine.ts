/** On what it was measured, and how busy others kept it. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.join(__dirname, '..')

export interface Provenance {
  readonly commit: string
  /** files that differ from the commit */
  readonly dirty: readonly string[]
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryGB: number
    readonly system: string
  }
  readonly versions: Readonly<Record<string, string>>
}

const git = (...args: string[]): string => {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trimEnd()
  } catch {
    return ''
  }
}

/** The commit measured, the machine and the versions of what runs on it. */
export function provenance(versions: Readonly<Record<string, string>>): Provenance {
  const [first] = os.cpus()

  return {
    commit: git('rev-parse', 'HEAD') || 'unknown',
    dirty: git('status', '--porcelain', '--untracked-files=all', '--', '.', ':!bench/results')
      .split('\n')
      .filter(Boolean),
    machine: {
      processor: first?.model.trim() ?? 'unknown',
      cores: os.cpus().length,
      memoryGB: Math.round(os.totalmem() / 2 ** 30),
      system: `${systemName()} (${os.release()})`,
    },
    versions: { node: process.version, ...versions },
  }
}

function systemName(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.type()
  } catch {
    return os.type()
  }
}

/** Milliseconds for a fixed piece of arithmetic: what it takes more than in other rounds, others have taken away. */
export function calibration(): number {
  const began = performance.now()
  let sum = 0
  for (let n = 0; n < 60_000_000; n += 1) sum = (sum + n * 31) % 1_000_003
  const took = performance.now() - began

  return sum < 0 ? NaN : took
}
