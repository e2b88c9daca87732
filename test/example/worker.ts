/** The worker with the example beside the processes of the product: give it to the launcher as MANSAP_WORKER_SCRIPT. */
import path from 'node:path'
import { runWorker } from '../../worker/main'
import { processStores } from '../../prisma/store/process-stores'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { certificate } from '../certificate/process'
import { revocation } from '../revocation/process'
import { revocationStore } from '../revocation/store'
import { example } from './process'
import { exampleStore } from './store'

runWorker(
  path.join(__dirname, 'workflows.ts'),
  processesOf(...processes.all, example, certificate, revocation),
  readWords(path.resolve(__dirname, '../../workflows'), path.resolve(__dirname, '..')),
  { ...processStores, example: exampleStore, revocation: revocationStore },
).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
