/**
 * Writes the SHA-256 of each sample paper to `sums.json`, after a template, the layout, the fonts or the compiler were changed on purpose:
 * `npx tsx test/papers/sums.ts`. With a folder behind it, it writes the papers there: look at them before you commit what it wrote
 * (`doc/papers-looked-at.md`).
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { typesetter, type Rendering } from '../../worker/papers/typesetting'
import { inEnglish, ordering, sample } from './samples'

const SUMS = path.join(__dirname, 'sums.json')

/** Each sample by process, kind and language, as it is set. */
function* samples(): Generator<readonly [name: string, rendering: Rendering]> {
  const { render } = typesetter()
  for (const { contract } of ordering)
    for (const kind of Object.keys(contract.documents)) {
      const document = sample(kind, { process: contract.name, version: contract.version, with: inEnglish })
      for (const language of document.languages)
        yield [`${contract.name}.${kind}.${language}`, render(document, language)]
    }
}

/** The sum of each sample. */
export const sumsOfSamples = (): Record<string, string> =>
  Object.fromEntries([...samples()].map(([name, { sha256 }]) => [name, sha256]))

if (require.main === module) {
  writeFileSync(SUMS, `${JSON.stringify(sumsOfSamples(), null, 2)}\n`)
  const [, , folder] = process.argv
  if (folder !== undefined)
    for (const [name, { bytes }] of samples()) writeFileSync(path.join(folder, `${name}.pdf`), bytes)
}
