/** W1: a case of two human tasks with something written between them, from its start to its end, again and again. */
import { load, Timings } from '../load'
import type { Listed, Worker } from '../system'
import { measured, type Load, type Measured } from './measured'

/** Its figures, and the cases that came to their end. */
export async function decisions(given: Load): Promise<Measured & { readonly cases: readonly string[] }> {
  const { system, people, seconds, stopped } = given
  const timings = new Timings()
  const ended: string[] = []
  let unseen = 0

  /** Asked at once after the answer, without trying again: what is not there is missing. */
  const find = async (person: Worker, caseId: string): Promise<Listed> => {
    const page = await timings.time('list', () => person.list('newest'))
    const found = page.find((task) => task.caseId === caseId)
    if (found) return found
    unseen += 1
    throw new Error('the next task was not in the list when the command had been answered')
  }
  /** Resolves with the moment at which the command was sent. */
  const answer = async (person: Worker, task: Listed): Promise<number> => {
    const held = await timings.time('claim', () => person.claim(task))
    const sent = performance.now()
    await timings.time('complete', () => person.complete({ ...task, version: held.version }))

    return sent
  }
  const once = async (person: Worker): Promise<void> => {
    const began = performance.now()
    const caseId = await timings.time('start', () => person.start(1))
    const sent = await answer(person, await find(person, caseId))
    const next = await find(person, caseId)
    timings.add('visible', performance.now() - sent)
    await answer(person, next)
    timings.add('case', performance.now() - began)
    ended.push(caseId)
  }
  const told = await measured(given, () => load(system.workers.slice(0, people), seconds, stopped, once), {
    timings,
    actions: ['complete', 'list', 'claim', 'start', 'visible', 'case'],
    decisions: () => timings.of('complete').length,
    ended,
    more: () => ({ 'not visible': unseen }),
  })

  return { ...told, cases: ended }
}
