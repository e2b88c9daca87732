/**
 * A worker that SIGKILLs itself when so many steps with an answer in them have been committed and nobody has been told.
 * Arguments: database url, Temporal address, task queue, number of steps.
 */
import { NativeConnection, Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { createActivities } from '../../activities'
import { createDb } from '../../prisma/store/db'
import { bundleWorkflows } from '../../worker/bundle'
import { heartbeats } from '../../worker/heartbeat'
import { processesOf } from '../../workflows/kernel/process'
import type { Step } from '../../workflows/kernel/step'
import { ERRANDS, errandLaw } from './errands'

async function main([url = '', address = '', taskQueue = '', steps = '1']: readonly string[]): Promise<void> {
  const activities = createActivities({
    db: createDb(url, 5),
    log: pino({ level: 'silent' }),
    processes: processesOf(),
  })
  let left = Number(steps)
  const record = async (step: Step): Promise<void> => {
    await activities.record(step)
    if (!step.closed.some((task) => task.answer)) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
    await new Promise(() => undefined)
  }
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowBundle: await bundleWorkflows(ERRANDS),
    activities: { ...activities, ...errandLaw, record },
    interceptors: heartbeats,
  })
  await worker.run()
}

void main(process.argv.slice(2))
