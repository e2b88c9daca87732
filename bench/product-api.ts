/** The product's API with the request and the example beside the product's own processes. */
import path from 'node:path'
import { serveApi } from '../api/server'
import { readWords } from '../workflows/words'
import { example } from '../test/example/process'
import { processesOf } from '../workflows/kernel/process'
import { processes } from '../workflows/registry'
import { request } from './process/process'
import { profileOnSignal } from './profiler'

const root = path.join(__dirname, '..')

profileOnSignal('api')
serveApi(
  processesOf(...processes.all, request, example),
  readWords(path.join(root, 'workflows'), path.join(root, 'test')),
)
