/** What the revocation asks the store of its own: the same as the example. */
import { storeOf } from '../../prisma/store/process-store'
import { commendationsOf } from '../example/store'
import type { Revocation } from './rules'

export const revocationStore = storeOf<Revocation>({ questions: { commendationsOf } })
