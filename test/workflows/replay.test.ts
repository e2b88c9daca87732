import { Worker } from '@temporalio/worker'
import { bundleWorkflows } from '../../worker/bundle'
import { recordedHistories } from '../support/histories'

const bundle = bundleWorkflows()

test.each(recordedHistories())('the code replays $name', async ({ workflowId, history }) => {
  await expect(Worker.runReplayHistory({ workflowBundle: await bundle }, history, workflowId)).resolves.toBeUndefined()
})
