/**
 * `npm run replay -- <file>` replays a recorded history with the code as it is, in this thread, so that a debugger stops in the
 * story: `node --inspect-brk --import tsx scripts/replay.ts <file>`. The file is one of `test/histories`, or what
 * `temporal workflow show --output json` prints.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Runtime, Worker } from '@temporalio/worker'

// the processes of the product, and the example that some recorded histories are of
const WORKFLOWS = path.join(__dirname, '..', 'test', 'example', 'workflows.ts')

interface Recorded {
  readonly workflowId?: string
  readonly history?: object
}

async function main(file: string | undefined): Promise<number> {
  if (file === undefined) {
    process.stderr.write('Say which history to replay: npm run replay -- test/histories/<name>.json\n')

    return 2
  }
  const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded
  Runtime.install({ logger: { ...silent } })
  try {
    await Worker.runReplayHistory(
      { workflowsPath: WORKFLOWS },
      recorded.history ?? recorded,
      recorded.workflowId ?? path.basename(file),
    )
    process.stdout.write(`${path.basename(file)} replays.\n`)

    return 0
  } catch (error) {
    process.stderr.write(`${path.basename(file)} does not replay: ${String(error)}\n`)

    return 1
  }
}

const nothing = (): void => undefined
const silent = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

void main(process.argv[2]).then((code) => process.exit(code))
