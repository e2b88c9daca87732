/** `npm run bench`: brings everything up, measures, writes the result and takes everything down. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Runtime, DefaultLogger } from '@temporalio/worker'
import { CannotStart } from '../scripts/processes'
import { provenance } from './machine'
import { HELP, readOptions } from './options'
import type { Options } from './options'
import { markdown } from './report'
import type { Result } from './report'
import { measureRounds, profileW1 } from './rounds'
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
    people: Math.max(8, ...options.people),
    profile: options.profile,
    say,
  })
  const told: Told = { measurements: [], calibration: [] }
  try {
    if (options.profile) {
      await profileW1(stage, options, stopping.signal, say)

      return
    }
    const from = provenance(await versionsOf(stage))
    try {
      await measureRounds(stage, options, stopping.signal, told, say)
    } finally {
      const result: Result = {
        schema: 1,
        startedAt: startedAt.toISOString(),
        finishedAt: new Date().toISOString(),
        partial: stopping.signal.aborted,
        command: ['npm run bench --', ...args].join(' '),
        provenance: from,
        options,
        ...told,
      }
      if (told.measurements.length > 0) write(result, options)
      else say('Nothing was measured.')
    }
  } finally {
    await stage.stop()
  }
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
