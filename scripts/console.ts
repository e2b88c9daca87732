/** `npm run build`, and the launcher's check that the built console is that of the sources. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { CannotStart, messageOf, saidBy } from './processes'

const folder = path.join(__dirname, '..', 'admin-ui')
export const consoleFolder = path.join(folder, 'dist')
const stampFile = path.join(consoleFolder, '.sources')

/** What the console shares with the rest of the product at run time; of everything else it takes the types only. */
const shared = path.join(__dirname, '..', 'workflows', 'kernel', 'contract', 'blanks.ts')

/** Digest of everything in the console's own folder. */
export function sourcesDigest(of: string): string {
  const digest = createHash('sha256')
  const read = (at: string): void => {
    const entries = readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      const file = path.join(at, entry.name)
      if (entry.name === 'node_modules' || entry.name === 'dist') continue
      if (entry.isDirectory()) read(file)
      else digest.update(path.relative(of, file)).update('\0').update(readFileSync(file))
    }
  }
  read(of)
  return digest.digest('hex')
}

/** Builds the console when it is missing or older than its sources; `force` builds it in any case. */
export async function buildConsole(say: (line: string) => void, force = false): Promise<void> {
  if (!existsSync(path.join(folder, 'index.html'))) {
    say('There is no console in admin-ui; only the API is served.')
    return
  }
  const digest = createHash('sha256').update(sourcesDigest(folder)).update(readFileSync(shared)).digest('hex')
  if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) return
  say('Building the console …')
  const vite = path.join(path.dirname(require.resolve('vite/package.json', { paths: [folder] })), 'bin', 'vite.js')
  try {
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: folder,
      // whatever the shell or a test says: the console of a development build logs what production does not, and is slower
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    })
  } catch (error) {
    const said = saidBy(error)
    throw new CannotStart(`The console could not be built:\n${said.split('\n').slice(0, 15).join('\n')}`)
  }
  // Written last, so that a build cut short is not taken for whole.
  writeFileSync(stampFile, digest)
}

if (require.main === module) {
  buildConsole(console.log, true).catch((error: unknown) => {
    console.error(messageOf(error))
    process.exitCode = 1
  })
}
