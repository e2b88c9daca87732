/** The worker with the inquiry beside the processes of the product: give it to the launcher as MANSAP_WORKER_SCRIPT. */
import path from 'node:path'
import { runWorker } from '../../../worker/main'
import { processesOf } from '../../../workflows/kernel/process'
import { processes } from '../../../workflows/registry'
import { readWords } from '../../../workflows/words'
import { inquiry } from './process'

runWorker(
  path.join(__dirname, 'workflows.ts'),
  processesOf(...processes.all, inquiry),
  readWords(path.resolve(__dirname, '../../../workflows'), path.resolve(__dirname, '..')),
).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
