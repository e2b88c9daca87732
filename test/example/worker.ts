/** The worker with the example beside the processes of the product: give it to the launcher as MANSAP_WORKER_SCRIPT. */
import path from 'node:path'
import { run } from '../../worker/main'
import { processes } from '../../workflows/registry'
import { example } from './process'

run({ entry: path.join(__dirname, 'workflows.ts'), processes: { ...processes, example } })
