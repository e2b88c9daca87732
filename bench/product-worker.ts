/** The product's worker with the request beside the product's own processes. */
import path from 'node:path'
import { runWorker } from '../worker/main'
import { processesOf } from '../workflows/kernel/process'
import { processes } from '../workflows/registry'
import { tellHandlesOnSignal } from './handles'
import { request } from './process/process'
import { profileOnSignal } from './profiler'

profileOnSignal('worker')
tellHandlesOnSignal()
runWorker(path.join(__dirname, 'process', 'bundle.ts'), processesOf(...processes.all, request)).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  },
)
