/** What the benchmark's worker serves: every process of the product, the request, and the example for its commission. */
export * from '../../workflows'
export { example } from '../../test/example/workflow'
export { request } from './workflow'
