/**
 * A worker that SIGKILLs itself in the middle: when so many steps with an answer in them, or that send to other cases, have been
 * committed, or so many handovers, or so many sealed votes have been opened, and nobody has been told, or the result of a case has been
 * annulled (`annuls`). Arguments: database url, Temporal address, task queue, which of these, how many.
 */
import { NativeConnection, Worker } from '@temporalio/worker'
import { pino } from 'pino'
import { createActivities } from '../../activities'
import { createDb } from '../../prisma/store/db'
import { bundleWorkflows } from '../../worker/bundle'
import { heartbeats } from '../../worker/heartbeat'
import { processesOf } from '../../workflows/kernel/process'
import type { TakeEffect } from '../../workflows/kernel/protocol/activities'
import type { Step } from '../../workflows/kernel/protocol/step'
import { readWords } from '../../workflows/words'
import { COMMENDATIONS, EXAMPLE } from './commendations'
import { ERRANDS, errandLaw } from './errands'
import { panel } from './panels'
import { relay } from '../workflows/kernel/relay-process'

const isWay = <T extends object>(ways: T, what: string): what is keyof T & string => Object.hasOwn(ways, what)

async function main([
  url = '',
  address = '',
  taskQueue = '',
  what = '',
  count = '1',
]: readonly string[]): Promise<void> {
  const world =
    what === 'annuls'
      ? { entry: EXAMPLE, law: {}, served: COMMENDATIONS }
      : { entry: ERRANDS, law: errandLaw, served: { processes: processesOf(panel, relay), stores: {} } }
  const activities = createActivities({
    db: createDb(url, 5),
    log: pino({ level: 'silent' }),
    words: readWords(),
    ...world.served,
  })
  let left = Number(count)
  const die = async (): Promise<never> => {
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')

    return new Promise<never>(() => undefined)
  }
  const dying = {
    steps: {
      record: async (step: Step): Promise<void> => {
        await activities.record(step)
        if (step.closed.some((task) => task.answer)) await die()
      },
    },
    handovers: {
      recordHandover: async (step: Step): Promise<void> => {
        await activities.recordHandover(step)
        await die()
      },
    },
    sends: {
      record: async (step: Step): Promise<void> => {
        await activities.record(step)
        if (!step.sends) return
        left -= 1
        if (left === 0) process.kill(process.pid, 'SIGKILL')
      },
    },
    reveals: {
      openSealed: async (question: Parameters<typeof activities.openSealed>[0]) => {
        await activities.openSealed(question)

        return die()
      },
    },
    annuls: {
      takeEffect: async (asked: TakeEffect) => {
        const outcome = await activities.takeEffect(asked)

        return asked.name === 'annul' ? die() : outcome
      },
    },
  }
  if (!isWay(dying, what)) throw new Error(`cannot die of ${what}`)
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue,
    workflowBundle: await bundleWorkflows(world.entry),
    activities: { ...activities, ...world.law, ...dying[what] },
    interceptors: heartbeats,
  })
  await worker.run()
}

void main(process.argv.slice(2))
