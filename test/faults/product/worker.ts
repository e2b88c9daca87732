/** The worker of the fault rounds. */
import path from 'node:path'
import { runWorker } from '../../../worker/main'
import { processes, stores, words } from './served'

runWorker(path.join(__dirname, 'workflows.ts'), processes, words, stores).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
