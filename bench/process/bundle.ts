/** What the benchmark's worker serves: every process of the product, and the request. */
export * from '../../workflows/index'
export { request } from './workflow'
