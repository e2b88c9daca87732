/**
 * `npm run walk` plays the walk of the README, `npm run walk -- appeal` that of an appeal. Prints each step with its term, and fails loudly
 * when the product does not do what the walk says.
 */
import { appealWalk, walk } from '.'

const WALKS = { probation: walk, appeal: appealWalk } as const
const isWalk = (name: string): name is keyof typeof WALKS => Object.hasOwn(WALKS, name)

async function main(name = 'probation'): Promise<number> {
  if (!isWalk(name)) {
    console.error(`There is no walk ${name}: say ${Object.keys(WALKS).join(' or ')}.`)

    return 2
  }
  const baseUrl = process.env.BASE_URL ?? `http://localhost:${process.env.PORT ?? '3000'}`
  try {
    await WALKS[name](baseUrl, (line) => console.log(line))

    return 0
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    console.error(
      error instanceof TypeError ? `Mansap does not answer at ${baseUrl}: start it with npm start. (${why})` : why,
    )

    return 1
  }
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code
})
