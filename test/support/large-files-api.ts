/** The API with a process of which a field takes files of 200 MB. It writes down again and again what it holds when all that nobody needs is collected. */
import { appendFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { z } from 'zod'
import { serveApi } from '../../api/server'
import { LARGEST_MB } from '../../workflows/kernel/contract'
import { file } from '../../workflows/kernel/forms'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'

const probation = processes.current['probation']
if (!probation) throw new Error('there is no probation')
const { acts } = probation.forms
const scanned = { recordAbsence: z.strictObject({ certificate: file(['pdf'], LARGEST_MB).optional() }) }
serveApi(processesOf({ ...probation, forms: { ...probation.forms, acts: { ...acts, ...scanned } } }))

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')
const EVERY_MS = 100
setInterval(() => {
  if (typeof collect === 'function') collect()
  const { heapUsed, external } = process.memoryUsage()
  appendFileSync(process.env['HELD_FILE'] ?? 'held', `${String((heapUsed + external) / 1024 / 1024)}\n`)
}, EVERY_MS).unref()
