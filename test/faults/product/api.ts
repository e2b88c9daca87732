/** The API of the fault rounds. */
import { serveApi } from '../../../api/server'
import { processes, stores, words } from './served'

serveApi(processes, words, stores)
