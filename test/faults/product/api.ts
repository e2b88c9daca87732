/** The API of the fault rounds. */
import { serveApi } from '../../../api/server'
import { readWords } from '../../../workflows/words'
import { processes, stores } from './served'

serveApi(processes, readWords(), stores)
