/** The six journeys: each of the people, from the start of his day until nothing is left for him. */
import { Visitor } from '../e2e/visitor'
import { giveEverybodyWork, PEOPLE } from './people'
import type { Place } from './product'
import { walkOf, type Walk } from './walker'

export async function sixJourneys({ baseUrl, dataDir, browser }: Place, say: (line: string) => void): Promise<Walk[]> {
  await giveEverybodyWork(baseUrl, dataDir)
  const walks: Walk[] = []
  for (const [who, login] of Object.entries(PEOPLE)) {
    const visitor = await Visitor.signedIn(browser, baseUrl, 'en', login)
    const walk = await walkOf(who, visitor)
    await visitor.leave()
    say(`${who}: ${String(tasksOf(walk).length)} tasks`)
    walks.push(walk)
  }

  return walks
}

/** The steps in which a task was answered. */
export const tasksOf = ({ steps }: Walk): Walk['steps'] => steps.filter(({ kind }) => kind !== null)

/** The most clicks that taking up, deciding and going on to the next took together. */
export const mostClicks = (walk: Walk): number => Math.max(0, ...tasksOf(walk).map(({ pressed }) => pressed.length))
