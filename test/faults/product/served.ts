/** What API and worker of the fault rounds serve beside the processes of the product: cases that open and tell each other, and that annul. */
import { processStores } from '../../../prisma/store/process-stores'
import type { ProcessStores } from '../../../prisma/store/process-store'
import { processesOf } from '../../../workflows/kernel/process'
import { processes as registered } from '../../../workflows/registry'
import { revocation } from '../../revocation/process'
import { revocationStore } from '../../revocation/store'
import { relay } from '../../workflows/kernel/relay-process'
import { relayStore } from '../../workflows/kernel/relay-store'

export const processes = processesOf(...registered.all, relay, revocation)
export const stores: ProcessStores = { ...processStores, relay: relayStore, revocation: revocationStore }
