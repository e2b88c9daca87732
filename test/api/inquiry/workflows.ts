/** What a worker loads that serves the inquiry beside the processes of the product. */
export * from '../../../workflows'
export { inquiry } from './workflow'
