/** The floor's worker: as many pollers and as large a cache as the product's, and an activity on a plain pool of connections. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { Pool } from 'pg'
import { bundleWorkflows } from '../../worker/bundle'
import { SIZES, WIRE } from '../../worker/main'
import { tellHandlesOnSignal } from '../handles'
import { FLOOR_QUEUE } from './messages'
import type { FloorActivities } from './messages'
import { AUDIT, CLOSE, FALL_DUE, OPEN } from './sql'

function activities(pool: Pool): FloorActivities {
  return {
    record: async ({ caseId, close, open }) => {
      const connection = await pool.connect()
      try {
        await connection.query('begin')
        const closed = close
          ? await connection.query({ ...CLOSE, values: [close.task, JSON.stringify(close.answer)] })
          : null
        // none closed: another try had committed before
        if (close && closed?.rowCount) {
          const told = JSON.stringify(close.answer)
          await connection.query({ ...AUDIT, values: [caseId, 'completed', close.by, told] })
        }
        for (const { id, name, office, dueAt } of open)
          await connection.query({ ...OPEN, values: [id, caseId, name, office, dueAt] })
        await connection.query('commit')
      } catch (error) {
        await connection.query('rollback').catch(() => undefined)
        throw error
      } finally {
        connection.release()
      }
    },
    fallDue: async (caseId) => {
      await pool.query({ ...FALL_DUE, values: [caseId] })
    },
  }
}

async function main(): Promise<void> {
  tellHandlesOnSignal()
  const {
    FLOOR_TEMPORAL: address = '',
    FLOOR_NAMESPACE: namespace = 'default',
    FLOOR_DATABASE: database = '',
  } = process.env
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: ['SIGTERM', 'SIGINT'] })
  const pool = new Pool({ connectionString: database, max: 10 })
  const connection = await NativeConnection.connect({ address, ...WIRE })
  const worker = await Worker.create({
    ...SIZES,
    connection,
    namespace,
    taskQueue: FLOOR_QUEUE,
    workflowBundle: await bundleWorkflows(require.resolve('./workflow')),
    activities: activities(pool),
  })
  await worker.run()
  await connection.close()
  await pool.end()
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
