import path from 'node:path'
import { Worker } from '@temporalio/worker'
import { bundleWorkflows } from '../../worker/bundle'
import { recordedHistories } from '../support/histories'

// the example's workflows, and with them those of the product
const bundle = bundleWorkflows(path.resolve(__dirname, '../example/workflows.ts'))

test.each(recordedHistories())('the code replays $name', async ({ workflowId, history }) => {
  await expect(Worker.runReplayHistory({ workflowBundle: await bundle }, history, workflowId)).resolves.toBeUndefined()
})
