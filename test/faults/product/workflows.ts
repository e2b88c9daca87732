/** What the worker of the fault rounds loads. */
export * from '../../../workflows'
export { relay } from '../../workflows/kernel/relay'
export { revocation } from '../../revocation/workflow'
