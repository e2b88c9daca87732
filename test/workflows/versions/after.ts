export { chore } from './v1/workflow'
export { choreV2 } from './v2/workflow'
