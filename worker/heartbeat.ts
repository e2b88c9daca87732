/** While an activity runs, its worker says that it lives: of one that was killed Temporal knows within the heartbeat timeout. */
import { Context } from '@temporalio/activity'
import type { WorkerInterceptors } from '@temporalio/worker'

/** Well below the heartbeat timeout of the kernel's activities, and far above the time that they usually take. */
const EVERY_MS = 1000

/** For every activity alike: a worker killed in the middle of a step is followed by another in seconds, however slow Postgres is. */
export const heartbeats: WorkerInterceptors = {
  activity: [
    () => ({
      inbound: {
        execute: async (input, next) => {
          const context = Context.current()
          const beating = setInterval(() => context.heartbeat(), EVERY_MS)
          try {
            return await next(input)
          } finally {
            clearInterval(beating)
          }
        },
      },
    }),
  ],
}
