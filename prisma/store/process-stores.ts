/** What each process of the product owns in the store, one line each. */
import { probation } from './probation'
import type { ProcessStores } from './process-store'

export const processStores: ProcessStores = { probation }
