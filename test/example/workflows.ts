/** What a worker that serves the example beside the processes of the product loads. */
export { probation } from '../../workflows/probation/workflow'
export { example } from './workflow'
