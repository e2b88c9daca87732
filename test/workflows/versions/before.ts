export { chore } from './v1/workflow'
