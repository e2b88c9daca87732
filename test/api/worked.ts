/** The API with a worker behind it, both on a task queue of their own. */
import { randomUUID } from 'node:crypto'
import { NativeConnection } from '@temporalio/worker'
import type { Service } from '../../api/service/service'
import { connectEngine, type Engine } from '../../api/service/temporal'
import { bundleWorkflows } from '../../worker/bundle'
import { createWorker } from '../../worker/main'
import { refuseMoves, strayMovesIn } from '../support/moves'
import { testServers } from '../support/servers'
import { startApi, type Api } from './harness'

interface Worked {
  /** entry file of the workflows; absent: those of the product */
  readonly workflows?: string
  readonly more?: Partial<Service>
  /** what stands between the API and Temporal */
  readonly through?: (engine: Engine) => Engine
}

/** As `startApi`; `close` ends the worker first. */
export async function startWorkedApi({ workflows, more = {}, through = (engine) => engine }: Worked = {}): Promise<
  Api & { readonly taskQueue: string }
> {
  const { address } = testServers().temporal
  const place = { address, namespace: 'default', taskQueue: `api-${randomUUID()}` }
  const api = await startApi(through(connectEngine(place)), { answerWithinMs: 100_000, ...more })
  const native = await NativeConnection.connect({ address })
  const worker = await createWorker({
    db: api.db,
    log: api.service.log,
    connection: native,
    namespace: place.namespace,
    taskQueue: place.taskQueue,
    version: '0.0.0',
    bundle: await bundleWorkflows(workflows),
    ...(more.processes && { processes: more.processes }),
    ...(more.words && { words: more.words }),
  })
  const working = worker.run()

  return {
    ...api,
    taskQueue: place.taskQueue,
    close: async () => {
      worker.shutdown()
      await working
      const stray = await strayMovesIn(api.db)
      await native.close()
      await api.close()
      refuseMoves(stray)
    },
  }
}
