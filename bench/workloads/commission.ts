/** W4: a commission of five votes at once and in secret, and its decision is announced. */
import { setTimeout as sleep } from 'node:timers/promises'
import { load, Timings } from '../load'
import type { Listed, System, Worker } from '../system'
import { measured, type Load, type Measured } from './measured'

export const SEATS = 5
const LOOK_EVERY_MS = 20
const LOOKS = 1500

/** Sittings side by side, each of five people of its own. */
export async function commission(given: Load): Promise<Measured> {
  const { system, people, seconds, stopped } = given
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

  return measured(given, () => load(chairs, seconds, stopped, once), {
    timings,
    actions: ['vote', 'complete', 'start', 'case'],
    decisions: () => timings.of('vote').length + timings.of('complete').length,
    ended,
  })
}

async function waitingFor(system: System, caseId: string, kind: string, count: number): Promise<readonly Listed[]> {
  for (let looked = 0; looked < LOOKS; looked += 1) {
    const found = (await system.open(caseId)).filter((task) => task.kind === kind)
    if (found.length >= count) return found
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error(`no task ${kind} was opened in half a minute`)
}
