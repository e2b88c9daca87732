/** `npm run generate`: makes Prisma's client, unless the one that is there came from this very schema. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(__dirname, '..')
const stampFile = path.join(root, '.cache', 'prisma-client')
const lock = readFileSync(path.join(root, 'node_modules', 'prisma', 'package.json'))
const schema = readFileSync(path.join(root, 'prisma', 'schema.prisma'))
const stamp = createHash('sha256').update(lock).update(schema).digest('hex')

const made = existsSync(path.join(root, 'prisma', 'generated', 'client.ts')) && existsSync(stampFile)
if (!made || readFileSync(stampFile, 'utf8') !== stamp) {
  const prisma = path.join(root, 'node_modules', 'prisma', 'build', 'index.js')
  execFileSync(process.execPath, [prisma, 'generate', '--no-hints'], {
    cwd: root,
    // else it reports to its vendor what it was called with
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  mkdirSync(path.dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}
