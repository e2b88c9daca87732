/** Every version of every process the worker serves, under the name that `workflowType` gives it. */
export { probation as probationV2 } from './probation/workflow'
export { probation } from './probation/v1/workflow'
