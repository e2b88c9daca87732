/** The worker of the fault rounds. */
import path from 'node:path'
import { runWorker } from '../../../worker/main'
import { readWords } from '../../../workflows/words'
import { processes, stores } from './served'

runWorker(path.join(__dirname, 'workflows.ts'), processes, readWords(), stores).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
