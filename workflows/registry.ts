/**
 * Every version of every process that the API offers and the worker serves. Never imported by a workflow. A version stays here,
 * with its folder (`probation/v1`) and its line in `index.ts`, until its last case has closed; a worker that lacks it does not start.
 */
import { processesOf } from './kernel/process'
import { process as appeal } from './appeal/process'
import { process as probation } from './probation/process'
import { process as probationV1 } from './probation/v1/process'
import { process as probationV2 } from './probation/v2/process'

export const processes = processesOf(probation, appeal, probationV2, probationV1)
