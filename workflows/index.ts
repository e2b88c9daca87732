/** Every process the worker serves. */
export { probation } from './probation/workflow'
