/** W2: people who work off a long list: a page of the most urgent, claim one, complete it. */
import { load, Timings } from '../load'
import { latency } from '../measure'
import { PAGE, type Worker, type SystemName } from '../system'
import { measured, type Load, type Measured } from './measured'

/** Rounds of two tasks per case: enough for a measurement, and no case becomes as long as no real one is. */
const ROUNDS = 20
const TASKS = 2 * ROUNDS
const LEAST_OPEN = 40

/** Cases whose tasks can be completed, with the number of tasks that each has left. */
export class Supply {
  private readonly left: Readonly<Record<SystemName, Map<string, number>>>

  constructor() {
    // whoever comes by the door works on the cases of the floor
    const floor = new Map<string, number>()
    this.left = { product: new Map(), floor, door: floor }
  }

  /** Starts cases until there are twice as many as people. */
  async topUp({ system, people }: Load): Promise<void> {
    const open = this.left[system.name]
    const starters = system.workers.slice(0, 8)
    const missing = (): number => Math.max(LEAST_OPEN, 2 * people) - open.size - starting
    let starting = 0
    const start = async (person: Worker): Promise<void> => {
      while (missing() > 0) {
        starting += 1
        const id = await person.start(ROUNDS)
        starting -= 1
        open.set(id, TASKS)
      }
    }
    await Promise.all(starters.map(start))
  }

  used(system: SystemName, caseId: string): void {
    const open = this.left[system]
    const left = (open.get(caseId) ?? 1) - 1
    if (left > 0) open.set(caseId, left)
    else open.delete(caseId)
  }
}

/** Its figures, with so many rows waiting behind the tasks that can be completed. */
export async function inbox(given: Load, supply: Supply): Promise<Measured> {
  const { system, people, seconds, stopped } = given
  await supply.topUp(given)
  const timings = new Timings()
  const taken = new Set<string>()
  const once = async (person: Worker, goesOn: () => boolean): Promise<void> => {
    for (;;) {
      const page = await timings.time('list', () => person.list('due'))
      // people of one office do not reach for the same task; who finds none looks again
      const task = page.find(({ id }) => !taken.has(id))
      if (!task && !goesOn()) return
      if (!task) continue
      taken.add(task.id)
      const held = await timings.time('claim', () => person.claim(task))
      await timings.time('complete', () => person.complete({ ...task, version: held.version }))
      supply.used(system.name, task.caseId)

      return
    }
  }

  return measured(given, () => load(system.workers.slice(0, people), seconds, stopped, once), {
    timings,
    actions: ['list', 'claim', 'complete'],
    decisions: () => timings.of('complete').length,
  })
}

const PAGES = 100

/** One who only reads: page after page from the middle of what waits. */
export async function reading({ system, stopped }: Load): Promise<Measured> {
  const timings = new Timings()
  const [person] = system.workers
  let place = await system.middle()
  for (let page = 0; person && page < PAGES && !stopped.aborted; page += 1) {
    const asked = performance.now()
    const { tasks, end } = await person.read(place)
    const full = tasks === PAGE.due
    // the end of the list costs less than what is told of
    if (full) timings.add('far list', performance.now() - asked)
    place = end !== null && full ? end : await system.middle()
  }

  return { figures: latency('far list', timings), firstError: null }
}
