/** The API with the inquiry beside the processes of the product: give it to the launcher as MANSAP_API_SCRIPT. */
import path from 'node:path'
import { serveApi } from '../../../api/server'
import { processesOf } from '../../../workflows/kernel/process'
import { processes } from '../../../workflows/registry'
import { readWords } from '../../../workflows/words'
import { inquiry } from './process'

serveApi(
  processesOf(...processes.all, inquiry),
  readWords(path.resolve(__dirname, '../../../workflows'), path.resolve(__dirname, '..')),
)
