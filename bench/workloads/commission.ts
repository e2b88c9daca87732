/** W4: a commission of five votes at once and in secret, and its decision is announced. */
import { setTimeout as sleep } from 'node:timers/promises'
import { load, Timings } from '../load'
import { latency, watch } from '../measure'
import type { Figures } from '../measure'
import type { Listed, System, Worker } from '../system'
import { perCase } from './decisions'
import type { Load } from './decisions'

export const SEATS = 5
const LOOK_EVERY_MS = 20
const LOOKS = 1500

/** Sittings side by side, each of five people of its own. */
export async function commission({ system, meters, people, seconds, stopped }: Load): Promise<{
  figures: Figures
  firstError: string | null
}> {
  const timings = new Timings()
  const ended: string[] = []
  const chairs = system.workers.slice(0, people).filter((_, n) => n % SEATS === 0)
  const once = async (chair: Worker): Promise<void> => {
    const first = system.workers.indexOf(chair)
    const members = system.workers.slice(first, first + SEATS)
    const began = performance.now()
    const caseId = await timings.time('start', () => chair.convene(members))
    // the sitting begins by the clock, not by anybody's command
    const votes = await waitingFor(system, caseId, 'vote', SEATS)
    await Promise.all(
      members.map(async (member, n) => {
        const task = votes.find(({ holder }) => holder === member.name) ?? votes[n]
        if (!task) throw new Error('a member has nothing to vote on')
        const held = task.holder === null ? await member.claim(task) : task
        await timings.time('vote', () => member.complete(held))
      }),
    )
    const [announce] = await waitingFor(system, caseId, 'announce', 1)
    if (!announce) throw new Error('nothing is to be announced')
    const held = await chair.claim(announce)
    await timings.time('complete', () => chair.complete(held))
    timings.add('case', performance.now() - began)
    ended.push(caseId)
  }
  const done = () => timings.of('vote').length + timings.of('complete').length
  const { loaded, figures } = await watch(system, meters, () => load(chairs, seconds, stopped, once), done)
  const { 'application bytes': ofRows, 'temporal bytes': ofTemporal, ...kept } = figures
  const last = ended.at(-1)

  return {
    figures: {
      decisions: done(),
      'decisions/s': done() / loaded.seconds,
      ...latency('vote', timings),
      ...latency('complete', timings),
      ...latency('start', timings),
      ...latency('case', timings),
      'events/case': last === undefined ? null : await system.events(last),
      'rows kB/case': perCase(ofRows, ended.length),
      'Temporal kB/case': perCase(ofTemporal, ended.length),
      ...kept,
    },
    firstError: loaded.firstError,
  }
}

async function waitingFor(system: System, caseId: string, kind: string, count: number): Promise<readonly Listed[]> {
  for (let looked = 0; looked < LOOKS; looked += 1) {
    const found = (await system.open(caseId)).filter((task) => task.kind === kind)
    if (found.length >= count) return found
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`no task ${kind} was opened in half a minute`)
}
