/**
 * Writes the SHA-256 of each sample paper to `sums.json`, after a template, the layout, the fonts or the compiler were changed on purpose:
 * `npx tsx test/papers/sums.ts`. Look at the papers before you commit what it wrote.
 */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { typesetter } from '../../worker/papers/typesetting'
import { contract } from '../../workflows/probation/contract'
import { inEnglish, sample } from './samples'

const SUMS = path.join(__dirname, 'sums.json')

/** The sum of each sample, by kind and language. */
export function sumsOfSamples(): Record<string, string> {
  const { render } = typesetter()

  return Object.fromEntries(
    Object.keys(contract.documents).flatMap((kind) => {
      const document = sample(kind, { with: inEnglish })

      return document.languages.map((language) => [`${kind}.${language}`, render(document, language).sha256])
    }),
  )
}

if (require.main === module) writeFileSync(SUMS, `${JSON.stringify(sumsOfSamples(), null, 2)}\n`)
