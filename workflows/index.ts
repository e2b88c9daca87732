/** Every version of every process the worker serves, under the name that `workflowType` gives it. */
export { probation } from './probation/workflow'
