import { killTestServers, testServers } from './servers'

/** Jest's global teardown of the `system` project. */
export default function globalTeardown(): void {
  killTestServers(testServers())
}
