/** The workflow bundle: what the worker loads for each case, made once. */
import path from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'

/** Bundles every process (or, for tests, another entry file). */
export const bundleWorkflows = (
  entry = path.join(__dirname, '..', 'workflows', 'index.ts'),
): Promise<{ code: string }> => bundleWorkflowCode({ workflowsPath: entry, logger: { ...quiet } })

const nothing = (): void => undefined
const quiet = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: (message: string) => process.stderr.write(`${message}\n`),
}
