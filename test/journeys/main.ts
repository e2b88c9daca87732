/** `npm run journeys`: walks the six journeys, counts clicks and keys, and writes the result beside those of the benchmarks. */
import { originNow, writeResult } from '../../bench/result-file'
import { mostClicks, sixJourneys } from './journeys'
import { inSampleProduct } from './product'
import { pageOf } from './report'

/** Taking up, deciding and going on. */
const ALLOWED = 3

async function main(): Promise<number> {
  const origin = originNow()
  const walks = await inSampleProduct('journeys', (place) => sixJourneys(place, console.log))
  console.log(writeResult('journeys', { ...origin, walks }, pageOf))
  const slow = walks.filter((walk) => mostClicks(walk) > ALLOWED)
  for (const { who } of slow) console.error(`${who} needs more than ${String(ALLOWED)} clicks for a task.`)

  return slow.length === 0 ? 0 : 1
}

void main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
