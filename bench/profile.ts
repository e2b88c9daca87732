/** Where the time of a decision goes: processor profiles of worker and API, statements, and what a task waits for in Temporal. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Stage } from './stage'
import { quantile } from './statistics'

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface Share {
  readonly name: string
  /** % of the busy time spent in it, and in it or what it called */
  readonly self: number
  readonly total: number
}

const IDLE = new Set(['(idle)', '(program)'])

/** A file as the reader knows it: `api/commands.ts`, `pg`, `node:net`. */
function placeOf(url: string): string {
  const modules = url.lastIndexOf('node_modules/')
  if (modules >= 0) {
    const [scope = '', name = ''] = url.slice(modules + 13).split('/')

    return scope.startsWith('@') ? `${scope}/${name}` : scope
  }
  const root = path.join(__dirname, '..')

  return url.replace('file://', '').replace(`${root}/`, '') || '(engine)'
}

/** The shares of the busy time, by file or package and by function, the largest self time first. */
export function shares(profile: CpuProfile, by: 'file' | 'function'): { busyMs: number; top: readonly Share[] } {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])))
  const nameOf = (id: number): string => {
    const frame = nodes.get(id)?.callFrame
    if (!frame) return '?'
    const place = placeOf(frame.url)

    return by === 'file' || frame.url === ''
      ? frame.url === ''
        ? frame.functionName
        : place
      : `${frame.functionName || '(anonymous)'} ${place}:${String(frame.lineNumber + 1)}`
  }
  const self = new Map<string, number>()
  const total = new Map<string, number>()
  const add = (to: Map<string, number>, name: string, time: number) => to.set(name, (to.get(name) ?? 0) + time)
  let busy = 0
  profile.samples.forEach((id, n) => {
    const time = profile.timeDeltas[n] ?? 0
    if (IDLE.has(nodes.get(id)?.callFrame.functionName ?? '')) return
    busy += time
    add(self, nameOf(id), time)
    const seen = new Set<string>()
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) seen.add(nameOf(at))
    for (const name of seen) add(total, name, time)
  })
  const percent = (time: number): number => (100 * time) / busy

  return {
    busyMs: busy / 1000,
    top: [...total]
      .map(([name, time]) => ({ name, self: percent(self.get(name) ?? 0), total: percent(time) }))
      .filter(({ name }) => name !== '(root)')
      .sort((a, b) => b.self - a.self || b.total - a.total),
  }
}

export interface Statement {
  readonly text: string
  readonly count: number
  readonly ms: number
}

/** Statements of a Postgres log with durations, alike ones together; parsing and binding count as time of the statement. */
export function statementsIn(log: string): readonly Statement[] {
  const found = new Map<string, { count: number; ms: number }>()
  const pattern =
    /duration: ([\d.]+) ms {2}(parse|bind|execute|statement)(?: [^:\n]*)?: ([\s\S]*?)(?=\n\d{4}-\d\d-\d\d |\n?$(?![\s\S]))/g
  for (const [, ms = '0', phase = '', text = ''] of log.matchAll(pattern)) {
    const short = text
      .replace(/\s+/g, ' ')
      .replace(/\(\$\d+(,\s*\$\d+)*\)/g, '($…)')
      .trim()
      .slice(0, 160)
    const known = found.get(short) ?? { count: 0, ms: 0 }
    const counted = phase === 'execute' || phase === 'statement' ? 1 : 0
    found.set(short, { count: known.count + counted, ms: known.ms + Number(ms) })
  }

  return [...found].map(([text, each]) => ({ text, ...each })).sort((a, b) => b.ms - a.ms)
}

/** Milliseconds between being scheduled and being started, of the workflow tasks and activities of some cases. */
export async function scheduleToStart(
  temporal: Client,
  cases: readonly string[],
): Promise<Record<string, readonly number[]>> {
  const waits = { workflowTask: [] as number[], activity: [] as number[] }
  const at = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number =>
    Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6
  for (const id of cases) {
    const { events } = await temporal.workflow.getHandle(id).fetchHistory()
    const times = new Map((events ?? []).map((event) => [Number(event.eventId), at(event.eventTime)]))
    for (const event of events ?? []) {
      for (const [kind, started] of [
        ['workflowTask', event.workflowTaskStartedEventAttributes],
        ['activity', event.activityTaskStartedEventAttributes],
      ] as const)
        if (started) waits[kind].push(at(event.eventTime) - (times.get(Number(started.scheduledEventId)) ?? NaN))
    }
  }

  return waits
}

/** Profiles what runs, prints where the time went, and leaves the profiles in the folder of the stage. */
export async function profileLoad(
  stage: Stage,
  run: () => Promise<{ decisions: number; cases: readonly string[] }>,
  say: (line: string) => void,
): Promise<void> {
  const { worker, api } = stage.pids()
  const signal = () => {
    for (const pid of [worker, api]) if (pid !== undefined) process.kill(pid, 'SIGUSR2')
  }
  signal()
  await sleep(500)
  const plain = await run()
  signal()
  const folder = path.join(stage.folder, 'profiles')
  for (let tries = 0; tries < 100 && !['api', 'worker'].every((name) => existsSync(fileOf(folder, name))); tries += 1)
    await sleep(100)
  await sleep(2000)
  for (const name of readdirSync(folder).sort()) {
    const profile = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as CpuProfile
    const { busyMs, top } = shares(profile, 'file')
    say(`\n${name}: ${(busyMs / plain.decisions).toFixed(1)} ms per decision (${String(plain.decisions)} decisions)`)
    say('  self %  total %  file or package')
    for (const each of top.slice(0, 25)) say(rowOf(each))
    say('  self %  total %  function')
    for (const each of shares(profile, 'function').top.slice(0, 25)) say(rowOf(each))
    const own = shares(profile, 'function').top.filter(({ name: at }) =>
      / (api|worker|activities|prisma|workflows)\//.test(at),
    )
    say('  self %  total %  own functions by total')
    for (const each of [...own].sort((a, b) => b.total - a.total).slice(0, 25)) say(rowOf(each))
  }

  // apart from the profiles: writing the log takes its own time
  const log = stage.postgresLog
  await stage.product.query(`alter system set log_min_duration_statement = 0`)
  await stage.product.query('select pg_reload_conf()')
  await sleep(500)
  const from = statSync(log).size
  const counted = await run()
  const text = readFileSync(log).subarray(from).toString()
  await stage.product.query('alter system reset log_min_duration_statement')
  await stage.product.query('select pg_reload_conf()')
  const statements = statementsIn(text)
  const sum = (of: 'count' | 'ms'): number => statements.reduce((so, each) => so + each[of], 0) / counted.decisions
  say(
    `\nStatements: ${sum('count').toFixed(1)} per decision, ${sum('ms').toFixed(1)} ms in Postgres (${String(counted.decisions)} decisions)`,
  )
  say('  per decision  ms per decision  statement')
  for (const { text: statement, count, ms } of statements.slice(0, 60))
    say(
      `  ${(count / counted.decisions).toFixed(2).padStart(8)}  ${(ms / counted.decisions).toFixed(2).padStart(8)}  ${statement}`,
    )

  say('\nWaiting in Temporal between scheduled and started, ms')
  for (const [kind, waits] of Object.entries(await scheduleToStart(stage.temporal, counted.cases.slice(-20))))
    say(
      `  ${kind}: p50 ${quantile(waits, 0.5).toFixed(1)}, p99 ${quantile(waits, 0.99).toFixed(1)} of ${String(waits.length)}`,
    )
}

const fileOf = (folder: string, name: string): string => path.join(folder, `${name}.cpuprofile`)
const rowOf = ({ name, self, total }: Share): string =>
  `  ${self.toFixed(1).padStart(6)}  ${total.toFixed(1).padStart(7)}  ${name}`
