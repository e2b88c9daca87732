/**
 * The workflow bundle: what the worker loads for each case. Making it takes seconds of both cores, in which a restarted worker
 * answers nobody; so it is kept, and made anew when a source it was made of has changed.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import { version as sdkVersion } from '@temporalio/worker/package.json'

const root = path.join(__dirname, '..')
/** hears in every workflow what stops a case */
const FAULTS = path.join(root, 'workflows', 'kernel', 'engine', 'faults.ts')
const PREPARED = path.join(root, '.cache', 'workflows')

interface Prepared {
  /** folder of the project, which the source map names: a copy elsewhere makes its own */
  readonly root: string
  /** version of the SDK, whose code is in the bundle */
  readonly sdk: string
  /** own source file, relative to the project → digest */
  readonly sources: Readonly<Record<string, string>>
  readonly code: string
}

/** The bundle of every process (or, for tests, of another entry file), made now or before. */
export async function bundleWorkflows(
  entry = path.join(root, 'workflows', 'index.ts'),
): Promise<{ readonly code: string }> {
  return { code: `${SHALLOW_STACKS}${await codeOf(entry)}` }
}

/**
 * The SDK takes a stack trace of each promise that a workflow makes, and finds the source of each of its frames: half of a
 * worker's work in workflows. One frame is enough to say where an error was thrown. Before the code and on its first line, so
 * that its source map holds; frozen with the other globals before any workflow runs.
 */
const SHALLOW_STACKS = 'Error.stackTraceLimit=1;'

async function codeOf(entry: string): Promise<string> {
  const kept = path.join(PREPARED, `${path.relative(root, entry).replaceAll(path.sep, '-')}.json`)
  const prepared = preparedIn(kept)
  if (prepared !== null) return prepared
  const { code } = await bundleWorkflowCode({
    workflowsPath: entry,
    workflowInterceptorModules: [FAULTS],
    logger: { ...quiet },
  })
  const sources = Object.fromEntries(ownSources(code).map((file) => [file, digestOf(file) ?? '']))
  if (Object.keys(sources).length > 0) writePrepared(kept, { root, sdk: sdkVersion, sources, code })

  return code
}

const digestOf = (file: string): string | null => {
  const full = path.join(root, file)

  return existsSync(full) ? createHash('sha256').update(readFileSync(full)).digest('hex') : null
}

const isCurrent = (prepared: Prepared): boolean =>
  prepared.root === root &&
  prepared.sdk === sdkVersion &&
  Object.entries(prepared.sources).every(([file, digest]) => digestOf(file) === digest)

/** Our own files among the sources of a bundle, as its source map names them. */
function ownSources(code: string): string[] {
  const [, map = ''] = /sourceMappingURL=data:application\/json[^,]*,([\w+/=]+)/.exec(code) ?? []
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: string[] }

  return sources
    .filter((source) => path.isAbsolute(source) && !source.includes('node_modules') && existsSync(source))
    .map((source) => path.relative(root, source))
}

/** The code, if it is still what the sources make; a file that cannot be read is made anew. */
function preparedIn(file: string): string | null {
  try {
    const prepared = JSON.parse(readFileSync(file, 'utf8')) as Prepared

    return isCurrent(prepared) ? prepared.code : null
  } catch {
    return null
  }
}

/** Written beside and moved, since several workers may start at once; a read-only folder only costs the seconds again. */
function writePrepared(file: string, prepared: Prepared): void {
  try {
    mkdirSync(PREPARED, { recursive: true })
    const beside = `${file}.${String(process.pid)}`
    writeFileSync(beside, JSON.stringify(prepared))
    renameSync(beside, file)
  } catch {
    // nothing was promised
  }
}

const nothing = (): void => undefined
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: (message: string) => process.stderr.write(`${message}\n`),
}
