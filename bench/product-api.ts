/** The product's API with the request beside the product's own processes. */
import { serveApi } from '../api/server'
import { processesOf } from '../workflows/kernel/process'
import { processes } from '../workflows/registry'
import { request } from './process/process'
import { profileOnSignal } from './profiler'

profileOnSignal('api')
serveApi(processesOf(...processes.all, request))
