/** The product's worker with the request and the example beside the product's own processes. */
import path from 'node:path'
import { runWorker } from '../worker/main'
import { example } from '../test/example/process'
import { processesOf } from '../workflows/kernel/process'
import { processes } from '../workflows/registry'
import { readWords } from '../workflows/words'
import { tellHandlesOnSignal } from './handles'
import { request } from './process/process'
import { profileOnSignal } from './profiler'

profileOnSignal('worker')
tellHandlesOnSignal()
const root = path.join(__dirname, '..')

runWorker(
  path.join(__dirname, 'process', 'bundle.ts'),
  processesOf(...processes.all, request, example),
  readWords(path.join(root, 'workflows'), path.join(root, 'test')),
).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
