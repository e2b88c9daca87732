import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { rows, type Result } from '../../bench/report'

const root = path.join(__dirname, '..', '..')
const COMPARED = ['decisions/s', 'complete p50 ms', 'complete p99 ms', 'list p50 ms', 'visible p99 ms', 'events/case']
const OF_THE_PRODUCT = ['cpu api ms', 'cpu worker ms', 'cpu temporal ms', 'cpu postgres ms', 'commits', 'WAL kB']
const MEMORY = ['memory api MB', 'memory worker MB', 'memory temporal MB', 'memory postgres MB']

test('a quick benchmark brings up servers of its own, measures product and floor, and writes every figure', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-bench-test-'))
  try {
    const out = path.join(folder, 'result')
    await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'bench/main.ts', '--quick', '--workloads', 'W1', '--out', out],
      { cwd: root, timeout: 580_000 },
    )
    const result = JSON.parse(readFileSync(`${out}.json`, 'utf8')) as Result
    expect(result).toMatchObject({
      partial: false,
      provenance: { commit: expect.any(String), versions: { node: process.version, Postgres: expect.any(String) } },
      calibration: [expect.any(Number)],
    })
    expect(result.measurements.map(({ firstError }) => firstError)).toEqual([null, null])
    const found = new Map(rows(result.measurements).map((row) => [row.figure, row]))
    const missing = [
      ...COMPARED.filter((figure) => !Number.isFinite(found.get(figure)?.ratio?.median)),
      ...[...OF_THE_PRODUCT, ...MEMORY].filter((figure) => !Number.isFinite(found.get(figure)?.product?.median)),
    ]
    expect(missing).toEqual([])
    expect(found.get('not visible')).toMatchObject({ product: { max: 0 }, floor: { max: 0 } })
    expect(readFileSync(`${out}.md`, 'utf8')).toContain('| decisions/s |')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 600_000)
