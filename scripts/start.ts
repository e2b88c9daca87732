/** `npm start`: the whole product on this machine. Everything it keeps is in `.data/`. */
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { emptyFolder, endLeftovers, takeFolder } from './data-folder'
import { onEnding, say } from './ending'
import { CannotStart, messageOf } from './processes'
import { explained, prepareProduct, productScripts } from './product'
import type { Product } from './product'
import { seedSampleCases } from './sample-cases'

/** What the person asked for on the command line. */
export interface Wishes {
  readonly reset: boolean
  readonly yes: boolean
}

/** Reads the flags; anything else is refused, so that a mistyped flag does not start the product without it. */
export function readFlags(flags: readonly string[]): Wishes {
  const unknown = flags.find((flag) => flag !== '--reset' && flag !== '--yes')
  if (unknown !== undefined) throw new CannotStart(`Unknown option ${unknown}: there are --reset and --yes.`)
  return { reset: flags.includes('--reset'), yes: flags.includes('--yes') }
}

/** The port to listen on; `text` is what PORT says. */
export function readPort(text: string | undefined): number {
  if (text === undefined || text === '') return 3000
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new CannotStart(`PORT must be a number from 1 to 65535, not "${text}".`)
  }
  return port
}

async function reset(folder: string, yes: boolean): Promise<void> {
  if (!yes) {
    if (!process.stdin.isTTY) {
      throw new CannotStart('--reset deletes every case and asks first; without a terminal to ask at, add --yes.')
    }
    const terminal = createInterface({ input: process.stdin, output: process.stdout })
    const answer = await terminal.question(`This deletes every case and setting in ${folder}. Type yes to go on: `)
    terminal.close()
    if (answer.trim().toLowerCase() !== 'yes') throw new CannotStart('Nothing was deleted.')
  }
  await endLeftovers(folder, say)
  emptyFolder(folder)
  say(`Emptied ${folder}.`)
}

async function main(): Promise<void> {
  const wishes = readFlags(process.argv.slice(2))
  const port = readPort(process.env.PORT)
  const folder = path.resolve(process.env.MANSAP_DATA ?? path.join(__dirname, '..', '.data'))
  const worker = process.env.MANSAP_WORKER_SCRIPT ?? productScripts.worker
  const api = process.env.MANSAP_API_SCRIPT ?? productScripts.api
  const giveBack = await takeFolder(folder)
  let stopped: Promise<void> | undefined
  let stopParts = (): Promise<void> => Promise.resolve()
  const stop = (code: number): Promise<void> =>
    (stopped ??= stopParts().finally(() => {
      giveBack()
      process.exit(code)
    }))
  onEnding((code) => void stop(code))
  try {
    if (wishes.reset) await reset(folder, wishes.yes)
    const product = await prepareProduct({
      folder,
      host: process.env.HOST ?? '127.0.0.1',
      port,
      scripts: { worker, api },
      whole: api === productScripts.api,
      say,
    })
    stopParts = product.stop
    await product.start()
    say(`Mansap is ready: ${product.baseUrl}`)
    await sayDemoUsers(product.baseUrl)
    if (api === productScripts.api && process.env.MANSAP_SAMPLE_CASES !== '0') void sampleCases(product)
  } catch (error) {
    if (stopped) return
    const why = explained(error, folder)
    if (why instanceof CannotStart) console.error(why.message)
    else console.error('Mansap could not be started:', why)
    await stop(1)
  }
}

async function sayDemoUsers(baseUrl: string): Promise<void> {
  const response = await fetch(`${baseUrl}/api/demo-users`).catch(() => undefined)
  if (!response?.ok) return
  const users = (await response.json()) as { id: string; name: { en: string }; body: { name: { en: string } } | null }[]
  say('Sign in as one of the demo users:')
  for (const user of users) say(`  ${user.id.padEnd(20)} ${user.name.en}${user.body ? `, ${user.body.name.en}` : ''}`)
}

// The first start fills the lists; nobody should have to wait for that.
async function sampleCases(product: Product): Promise<void> {
  try {
    const made = await seedSampleCases(product)
    if (made > 0) say(`${made} sample cases are ready.`)
  } catch (error) {
    say(`The sample cases are incomplete: ${messageOf(error)}`)
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof CannotStart ? error.message : error)
    process.exitCode = 1
  })
}
