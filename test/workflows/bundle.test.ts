import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { bundleWorkflows } from '../../worker/bundle'

const cache = path.join(__dirname, '..', '..', '.cache')
let folder: string
beforeAll(() => {
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(path.join(cache, 'bundle-test-'))
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  for (const file of readdirSync(path.join(cache, 'workflows')))
    if (file.includes(path.basename(folder))) rmSync(path.join(cache, 'workflows', file))
})

const write = (name: string, code: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, code)

  return file
}
const preparedFile = () =>
  path.join(
    cache,
    'workflows',
    readdirSync(path.join(cache, 'workflows')).find((f) => f.includes(path.basename(folder))) ?? '',
  )

test('the bundle is kept as long as the sources it was made of stay, and made anew when one changes or it is damaged', async () => {
  write('rule.ts', `export const days = (): string => 'ten days'`)
  const entry = write('index.ts', `import { days } from './rule'\nexport async function story() { return days() }`)
  const first = await bundleWorkflows(entry)
  expect(first.code).toContain('ten days')
  const kept = readFileSync(preparedFile(), 'utf8')
  expect((await bundleWorkflows(entry)).code).toBe(first.code)

  write('rule.ts', `export const days = (): string => 'twelve days'`)
  expect((await bundleWorkflows(entry)).code).toContain('twelve days')

  // a project that was copied: where its code stands is told wrong
  const { root, ...rest } = JSON.parse(kept) as { root: string }
  writeFileSync(preparedFile(), JSON.stringify({ ...rest, root: `${root}-elsewhere`, code: 'of another folder' }))
  expect((await bundleWorkflows(entry)).code).toContain('twelve days')

  for (const damage of ['{}', kept.slice(0, 1000)]) {
    writeFileSync(preparedFile(), damage)
    expect((await bundleWorkflows(entry)).code).toContain('twelve days')
  }
})
