/** A worker that does not serve the version of an open case would leave that case without progress: it does not start. */
import { openVersions } from '../prisma/store/cases'
import type { Db } from '../prisma/store/db'
import type { Processes } from '../workflows/kernel/process'

/** What is wrong with starting this release on these cases, in one sentence each; empty when every open case is served. */
export async function unservedCases(db: Db, processes: Processes): Promise<string[]> {
  const found = await openVersions(db)

  return found
    .filter(({ process, version }) => !processes.of(process, version))
    .map(
      ({ process, version, cases }) =>
        `${String(cases)} open case(s) run by version ${String(version)} of ${process}, which this release does not serve: ` +
        `start a release that still has workflows/${process}/v${String(version)} and its lines in index.ts and registry.ts`,
    )
}
