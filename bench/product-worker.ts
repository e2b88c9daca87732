/** The product's worker with the request beside the product's own processes. */
import path from 'node:path'
import { runWorker } from '../worker/main'
import { profileOnSignal } from './profiler'

profileOnSignal('worker')
runWorker(path.join(__dirname, 'process', 'bundle.ts')).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
