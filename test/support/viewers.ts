/** People as they look at cases, by the tables of the processes that the product serves. */
import type { Actor } from '../../workflows/kernel/contract'
import { viewerOf, type Viewer } from '../../workflows/kernel/law/sight'
import { processes } from '../../workflows/registry'

export const asViewer = (actor: Actor): Viewer => viewerOf(actor, processes.tables)
