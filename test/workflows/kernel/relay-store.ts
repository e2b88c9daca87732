/** What the relay owns in the store: what it does to posts. */
import { postEffects } from '../../../prisma/store/post-effects'
import { storeOf } from '../../../prisma/store/process-store'
import type { Relay } from './relay'

export const relayStore = storeOf<Relay>({ effects: postEffects })
