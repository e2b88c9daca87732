/** Every version of every process the worker serves, under the name that `workflowType` gives it; and what runs once a day. */
export { daily } from './kernel/engine/daily'
export { appeal } from './appeal/workflow'
export { probation as probationV3 } from './probation/workflow'
export { probation as probationV2 } from './probation/v2/workflow'
export { probation } from './probation/v1/workflow'
