/** The API of the fault rounds: beside the processes of the product it serves the relay, whose cases open and tell each other. */
import { serveApi } from '../../../api/server'
import { processesOf } from '../../../workflows/kernel/process'
import { processes } from '../../../workflows/registry'
import { relay } from '../../workflows/kernel/relay-process'

serveApi(processesOf(...processes.all, relay))
