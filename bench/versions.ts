/** Versions of what the product stands on. */
import { version as sdk } from '@temporalio/client/package.json'
import type { Stage } from './stage'

export async function versionsOf({ product, temporal }: Stage): Promise<Readonly<Record<string, string>>> {
  const { rows } = await product.query<{ server_version: string }>('show server_version')
  const { serverVersion } = await temporal.workflowService.getSystemInfo({})

  return { Postgres: rows[0]?.server_version ?? 'unknown', Temporal: serverVersion ?? 'unknown', SDK: sdk }
}
