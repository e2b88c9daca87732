/**
 * A fault in the code of a process (its story, its rules as they are performed, its dates) stops its case: Temporal tries the same
 * code again until it is mended. This module tells the worker, by a sink, that it happened. A sink writes nothing into history, so
 * that the mended code finds the history that it would have made itself, and the worker hears it although the activation failed.
 *
 * Part of every bundle (`worker/bundle.ts`): it also hears what a process throws before it opens its case.
 */
import { proxySinks } from '@temporalio/workflow'
import { getActivator } from '@temporalio/workflow/lib/global-attributes'
import type { Sinks, WorkflowInterceptors } from '@temporalio/workflow'
import type { CaseInput } from '../protocol/messages'

/** What a fault is known by. */
export interface Fault {
  readonly process: string
  readonly version: number
  /** class of what was thrown */
  readonly cause: string
  /** what it says of itself, which may quote an answer */
  readonly message: string
  /** first frame of the stack: the bundle keeps no more (`worker/bundle.ts`) */
  readonly at: string | null
}

export interface FaultSinks extends Sinks {
  faults: { storyFailed(fault: Fault): void }
}

const { faults } = proxySinks<FaultSinks>()

/** What was thrown first, under whatever it was wrapped in. */
const rootOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : error

function tell({ process, version }: CaseInput, error: unknown): void {
  const root = rootOf(error)
  const at = root instanceof Error ? (/^ {4}at (.*)$/m.exec(root.stack ?? '')?.[1] ?? null) : null
  const cause = root instanceof Error ? root.name : typeof root
  faults.storyFailed({ process, version, cause, message: String(root), at })
}

/**
 * Hears of a promise that was rejected and is awaited by nobody: the worker finds it when the activation is over, fails the
 * activation and leaves the error in the activator, which is all that a workflow can see of it. A sink called then is still heard.
 */
function hearUnawaited(input: CaseInput): void {
  const activator = getActivator()
  let found = activator.workflowTaskError
  Object.defineProperty(activator, 'workflowTaskError', {
    get: () => found,
    set: (error: unknown) => {
      found = error
      if (isUnawaited(error)) tell(input, error.cause)
    },
  })
}

/** By its name: it is an error of the worker's, not of the workflow's own class. */
const isUnawaited = (error: unknown): error is { readonly cause: unknown } =>
  typeof error === 'object' &&
  error !== null &&
  'cause' in error &&
  'name' in error &&
  error.name === 'UnhandledRejectionError'

/** Hears what ends the main function of a workflow, and what nobody waits for. */
export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: async (input, next) => {
        const caseInput = input.args[0] as CaseInput
        hearUnawaited(caseInput)
        try {
          return await next(input)
        } catch (error) {
          tell(caseInput, error)
          throw error
        }
      },
    },
  ],
})
