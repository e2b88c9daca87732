/**
 * A worker of the product's own processes that SIGKILLs itself at a moment: `before <write>` or `after <write>`, where a write is an
 * effect by its name, `undo <effect>`, or `sends`, a step that tells other cases something. After it, what was written is committed and
 * nobody was told. Arguments: database url, Temporal address, task queue, the moment; without one it lives until it is ended.
 */
import { NativeConnection, Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { createActivities } from '../../activities'
import { createDb } from '../../prisma/store/db'
import { processStores } from '../../prisma/store/process-stores'
import { bundleWorkflows } from '../../worker/bundle'
import { heartbeats } from '../../worker/heartbeat'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'

async function main([url = '', address = '', taskQueue = '', moment = '']: readonly string[]): Promise<void> {
  const activities = createActivities({
    db: createDb(url, 5),
    log: pino({ level: 'silent' }),
    words: readWords(),
    processes,
    stores: processStores,
  })
  const dieAt = (now: string): Promise<void> => {
    if (now !== moment) return Promise.resolve()
    process.kill(process.pid, 'SIGKILL')

    return new Promise(() => undefined)
  }
  const around =
    <A, R>(nameOf: (asked: A) => string, write: (asked: A) => Promise<R>) =>
    async (asked: A): Promise<R> => {
      await dieAt(`before ${nameOf(asked)}`)
      const written = await write(asked)
      await dieAt(`after ${nameOf(asked)}`)

      return written
    }
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowBundle: await bundleWorkflows(),
    activities: {
      ...activities,
      takeEffect: around(({ name }) => name, activities.takeEffect),
      undoEffect: around(({ name }) => `undo ${name}`, activities.undoEffect),
      record: around(({ sends }) => (sends ? 'sends' : 'step'), activities.record),
    },
    interceptors: heartbeats,
  })
  await worker.run()
}

void main(process.argv.slice(2))
