/** What a worker that serves the example beside the processes of the product loads. */
export * from '../../workflows'
export { certificate } from '../certificate/workflow'
export { revocation } from '../revocation/workflow'
export { example } from './workflow'
