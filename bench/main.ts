/** `npm run bench`: brings everything up, measures, writes the result and takes everything down. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Runtime, DefaultLogger } from '@temporalio/worker'
import { CannotStart, messageOf } from '../scripts/processes'
import { provenance } from './machine'
import type { Provenance } from './machine'
import { HELP, readOptions } from './options'
import type { Options } from './options'
import { readPeers, runPeers } from './peers'
import type { PeerResults } from './peers'
import { markdown } from './report'
import type { Result } from './report'
import { measureRounds, profileProduct } from './rounds'
import type { Told } from './rounds'
import { setStage } from './stage'
import { versionsOf } from './versions'

const say = (line: string): void => console.log(line)

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  if (options.help) {
    say(HELP)

    return
  }
  Runtime.install({ logger: new DefaultLogger('WARN') })
  const startedAt = new Date()
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (!stopping.signal.aborted) say('Stopping; what is measured so far is written …')
      stopping.abort()
    })
  const stage = await setStage({
    server: options.server,
    people: Math.max(20, ...options.people),
    door: options.door,
    profile: options.profile,
    say,
  })
  const told: Told = { measurements: [], calibration: [] }
  let from: Provenance | undefined
  try {
    if (options.profile) return await profileProduct(stage, options, stopping.signal, say)
    from = provenance(await versionsOf(stage))
    await measureRounds(stage, options, stopping.signal, told, say)
  } finally {
    // before the others are measured: they are to have the machine to themselves
    await stage.stop().catch((error: unknown) => say(`Not everything could be stopped: ${messageOf(error)}`))
    if (from && told.measurements.length > 0)
      write(
        {
          schema: 1,
          startedAt: startedAt.toISOString(),
          finishedAt: new Date().toISOString(),
          partial: stopping.signal.aborted,
          command: ['npm run bench --', ...args].join(' '),
          provenance: from,
          options,
          ...told,
          peers: await peersOf(options, stopping.signal),
        },
        options,
      )
    else if (!options.profile) say('Nothing was measured.')
  }
}

async function peersOf(options: Options, stopped: AbortSignal): Promise<PeerResults | null> {
  const { peers, peersResults } = options
  if (peersResults !== undefined) return readPeers(path.resolve(peersResults), say) ?? null
  if (peers === undefined || stopped.aborted) return null

  return (await runPeers(path.resolve(peers), options, stopped, say)) ?? null
}

function write(result: Result, { out }: Options): void {
  const stamp = result.startedAt.slice(0, 16).replace(':', '').replace('T', '-')
  const name = `${stamp}-${result.provenance.commit.slice(0, 8)}${result.provenance.dirty.length > 0 ? '-dirty' : ''}`
  const file = path.resolve(out ?? path.join(__dirname, 'results', name))
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(`${file}.json`, `${JSON.stringify(result, null, 1)}\n`)
  writeFileSync(`${file}.md`, markdown(result))
  say(`Written: ${file}.md and .json`)
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof CannotStart ? error.message : error)
    process.exit(1)
  },
)
