/** What a worker loads that serves the inquiry, and what the daily schedule runs. */
export { daily } from '../../../workflows/kernel/engine/daily'
export { inquiry } from './workflow'
