/** What each process of the product owns in the store, one line each. */
import { appeal } from './appeal'
import { probation } from './probation'
import type { ProcessStores } from './process-store'

export const processStores: ProcessStores = { appeal, probation }
