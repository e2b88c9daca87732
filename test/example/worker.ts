/** The worker with the example beside the processes of the product: give it to the launcher as MANSAP_WORKER_SCRIPT. */
import path from 'node:path'
import { run } from '../../worker/main'

run(path.join(__dirname, 'workflows.ts'))
