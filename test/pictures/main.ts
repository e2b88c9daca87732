/** `npm run pictures`: takes the pictures of the README and of the walk from a product with its sample cases, and writes doc/walk.md. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inSampleProduct } from '../journeys/product'
import { takeAll, type Shot, type Take } from './shots'

const DOC = path.join(__dirname, '..', '..', 'doc')
const FOLDER = path.join(DOC, 'pictures')
/** A repository is no place for large files. */
const LARGEST = 200_000

const taken = new Set<string>()
const take: Take = async ({ page }, name) => {
  const file = path.join(FOLDER, `${name}.png`)
  taken.add(path.basename(file))
  // what fades in is there
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))')
  await page.screenshot({ path: file })
  const { size } = statSync(file)
  if (size > LARGEST) throw new Error(`${name}.png has ${String(size)} bytes, more than ${String(LARGEST)}`)

  return `pictures/${name}.png`
}

const walk = (shots: readonly Shot[]): string =>
  [
    '# A walk in pictures',
    '',
    '`npm run pictures` starts a product with its sample cases and takes these pictures from it. All people in them are made up.',
    '',
    ...shots.flatMap(({ file, says }, n) => [
      `**${String(n + 1)}.** ${says}`,
      '',
      `![Picture ${String(n + 1)} of the walk](${file})`,
      '',
    ]),
  ].join('\n')

async function main(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  const shots = await inSampleProduct('pictures', (place) => takeAll(place, take))
  for (const old of readdirSync(FOLDER)) if (!taken.has(old)) rmSync(path.join(FOLDER, old))
  writeFileSync(path.join(DOC, 'walk.md'), walk(shots))
  console.log(`${String(shots.length)} pictures of the walk and those of the README are in ${FOLDER}.`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
