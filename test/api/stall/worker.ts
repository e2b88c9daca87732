/** The worker of the stalling process, in a process of its own: what its story does to it is done to nobody else. */
import path from 'node:path'
import { runWorker } from '../../../worker/main'
import { processesOf } from '../../../workflows/kernel/process'
import { stall } from './process'

runWorker(path.join(__dirname, `${process.env['RELEASE'] ?? 'workflow'}.ts`), processesOf(stall)).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  },
)
