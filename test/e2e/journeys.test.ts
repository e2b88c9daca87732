/** The six journeys by the primary control alone: `npm run journeys` walks the same and counts clicks and keys. */
import { mostClicks, sixJourneys, tasksOf } from '../journeys/journeys'
import { PEOPLE } from '../journeys/people'
import { inSampleProduct } from '../journeys/product'

jest.setTimeout(600_000)

test('each of six people finishes his day by the one primary control of each page, with at most three clicks for a task', async () => {
  const walks = await inSampleProduct('journeys', (place) => sixJourneys(place, () => undefined))
  expect(walks.map(({ who }) => who)).toEqual(Object.keys(PEOPLE))
  expect(walks.filter((walk) => tasksOf(walk).length === 0)).toEqual([])
  expect(walks.filter((walk) => mostClicks(walk) > 3)).toEqual([])
})
