import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Worker } from '@temporalio/worker'
import { bundleWorkflows } from '../../worker/bundle'
import { recordedHistories } from '../support/histories'

// the example's workflows, and with them those of the product
const bundle = bundleWorkflows(path.resolve(__dirname, '../example/workflows.ts'))

test.each(recordedHistories())('the code replays $name', async ({ workflowId, history }) => {
  await expect(Worker.runReplayHistory({ workflowBundle: await bundle }, history, workflowId)).resolves.toBeUndefined()
})

describe('npm run replay', () => {
  const root = path.resolve(__dirname, '../..')
  const replay = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'scripts/replay.ts', ...args], { cwd: root, encoding: 'utf8' })
  const [recorded] = recordedHistories()

  test('says that a recorded history replays', () => {
    const { status, stdout } = replay(path.join('test', 'histories', recorded!.name))
    expect([status, stdout]).toEqual([0, `${recorded!.name} replays.\n`])
  })

  test('says that a history of other moves does not, and which history it wants', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'mansap-replay-')), 'other.json')
    writeFileSync(file, JSON.stringify(recorded).replaceAll('"record"', '"written"'))
    const { status, stderr } = replay(file)
    expect(status).toBe(1)
    expect(stderr).toContain('other.json does not replay')
    expect(replay().status).toBe(2)
  })
})
