/** The API with the example beside the processes of the product: give it to the launcher as MANSAP_API_SCRIPT. */
import path from 'node:path'
import { serveApi } from '../../api/server'
import { readWords } from '../../api/words'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { example } from './process'

serveApi(
  processesOf(...processes.all, example),
  readWords(path.resolve(__dirname, '../../workflows'), path.resolve(__dirname, '..')),
)
