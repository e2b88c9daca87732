/** As `api.ts`, with an inquiry that whoever is signed in may start without his name. */
import path from 'node:path'
import { serveApi } from '../../../api/server'
import { processesOf } from '../../../workflows/kernel/process'
import { processes } from '../../../workflows/registry'
import { readWords } from '../../../workflows/words'
import { openInquiry } from './process'

serveApi(
  processesOf(...processes.all, openInquiry),
  readWords(path.resolve(__dirname, '../../../workflows'), path.resolve(__dirname, '..')),
)
