/** Every process that the API offers and the worker serves. Never imported by a workflow. */
import type { Process } from './kernel/process'
import { process as probation } from './probation/process'

export const processes: Readonly<Record<string, Process>> = { probation }
