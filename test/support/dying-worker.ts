/**
 * A worker that SIGKILLs itself in the middle: when so many steps with an answer in them, or that send to other cases, have been
 * committed, or so many handovers, or so many sealed votes have been opened, and nobody has been told, or the result of a case has been
 * annulled (`annuls`), or a post ended (`ends`). Or one that stops before an effect (`lateAppointments`, `lateAnnulments`): told to go on
 * it carries the effect out, late as it is, says what came of it, and dies. Arguments: database url, Temporal address, task queue, which of these, how many.
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
import { relayStore } from '../workflows/kernel/relay-store'

const isWay = <T extends object>(ways: T, what: string): what is keyof T & string => Object.hasOwn(ways, what)

async function main([
  url = '',
  address = '',
  taskQueue = '',
  what = '',
  count = '1',
]: readonly string[]): Promise<void> {
  const world =
    what === 'annuls' || what === 'lateAnnulments'
      ? { entry: EXAMPLE, law: {}, served: COMMENDATIONS }
      : {
          entry: ERRANDS,
          law: errandLaw,
          served: { processes: processesOf(panel, relay), stores: { relay: relayStore } },
        }
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
  const diesAfter = (effect: string) => ({
    takeEffect: async (asked: TakeEffect) => {
      const outcome = await activities.takeEffect(asked)

      return asked.name === effect ? die() : outcome
    },
  })
  let hasStopped = false
  const stopsBefore = (effect: string) => ({
    takeEffect: async (asked: TakeEffect) => {
      if (asked.name !== effect || hasStopped) return activities.takeEffect(asked)
      hasStopped = true
      const goesOn = new Promise((resolve) => process.once('SIGCONT', resolve))
      process.kill(process.pid, 'SIGSTOP')
      await goesOn
      const outcome = await activities.takeEffect(asked)
      await new Promise((resolve) => process.send?.(outcome, resolve))

      return die()
    },
  })
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
    annuls: diesAfter('annul'),
    ends: diesAfter('endPost'),
    lateAppointments: stopsBefore('appoint'),
    lateAnnulments: stopsBefore('annul'),
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
