import { startTestServers } from './servers'

/** Jest's global setup of the `system` project. */
export default async function globalSetup(): Promise<void> {
  await startTestServers()
}
