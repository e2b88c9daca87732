/** The product's worker with the request and the example beside the product's own processes. */
import path from 'node:path'
import { runWorker } from '../worker/main'
import { example } from '../test/example/process'
import { processesOf } from '../workflows/kernel/process'
import { processes } from '../workflows/registry'
import { tellHandlesOnSignal } from './handles'
import { request } from './process/process'
import { profileOnSignal } from './profiler'

profileOnSignal('worker')
tellHandlesOnSignal()
runWorker(path.join(__dirname, 'process', 'bundle.ts'), processesOf(...processes.all, request, example)).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  },
)
