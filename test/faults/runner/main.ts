/** `npm run faults`: rounds of faults against the whole product in a folder of its own; ends with 1 when anything was lost. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { commitOf, pageOf, resultOf } from './report'
import { runFaults } from './run'
import { nameOf, POINTS, scheduleOf } from './schedule'

const USAGE = `npm run faults -- [--rounds 20] [--seed 1] [--people 8] [--workers 1] [--apis 1] [--json FILE] [--check-every 50] [--only TEXT] [--plan]
  --only   the rounds of the seed whose fault or point is named so, to look at one of them again
  --plan   prints the schedule and does nothing`

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  const number = text === undefined ? otherwise : Number(text)
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} must be a whole number above zero.\n${USAGE}`)

  return number
}

async function main(): Promise<void> {
  const option = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      rounds: option,
      seed: option,
      people: option,
      workers: option,
      apis: option,
      'check-every': option,
      json: option,
      only: option,
      plan: { type: 'boolean' },
    },
  })
  const number = (name: 'rounds' | 'seed' | 'people' | 'workers' | 'apis' | 'check-every', otherwise: number) =>
    wholeNumber(name, values[name], otherwise)
  const wanted = {
    rounds: number('rounds', 20),
    seed: number('seed', 1),
    people: number('people', 8),
    workers: number('workers', 1),
    apis: number('apis', 1),
    checkEvery: number('check-every', 50),
    only: values.only ?? null,
  }
  const say = (line: string) => console.log(line)
  if (values.plan) {
    for (const { n, at, deed } of scheduleOf(wanted.seed, wanted.rounds, wanted.only))
      say(`${String(n).padStart(4)} ${nameOf(deed)}${at ? ` | ${POINTS[at]}` : ''}`)

    return
  }

  const commit = commitOf()
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-faults-'))
  chmodSync(folder, 0o755)
  say(`Seed ${wanted.seed}, ${wanted.rounds} rounds; everything is in ${folder}.`)
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort())
  const outcome = await runFaults(wanted, folder, say, interrupt.signal)
  const date = new Date().toISOString().slice(0, 10)
  const result = resultOf(outcome, commit, date)
  const file = values.json ?? path.join(__dirname, '../../../bench/results', `faults-${date}-${commit}.json`)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
  writeFileSync(file.replace(/\.json$/, '.md'), pageOf(result))
  say(`\n${pageOf(result)}\nWritten to ${file}.`)
  if (result.violations.length > 0) {
    say(
      `Seed ${wanted.seed}: found wrong in rounds ${outcome.foundIn?.join(' to ') ?? ''}; logs and rows are kept in ${folder}.`,
    )
    process.exitCode = 1
  } else rmSync(folder, { recursive: true, force: true })
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
