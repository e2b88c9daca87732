/** The worker of the fault rounds, with the relay beside the processes of the product. */
import path from 'node:path'
import { runWorker } from '../../../worker/main'
import { processesOf } from '../../../workflows/kernel/process'
import { processes } from '../../../workflows/registry'
import { relay } from '../../workflows/kernel/relay-process'

runWorker(path.join(__dirname, 'workflows.ts'), processesOf(...processes.all, relay)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
