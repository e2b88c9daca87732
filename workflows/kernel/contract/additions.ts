/** What is added to a case after its end: the case stays closed, and nothing in it goes on. */
import type { KernelRole } from './values'

/** `paper`: one that came later, as its issuer named it; `file`: any other; `note`: words for whoever reads the record. Words `additions.<kind>`. */
export const ADDITIONS = ['paper', 'file', 'note'] as const
export type Addition = (typeof ADDITIONS)[number]

/** Who adds, by a role in the body of the case. */
export const KEEPS_RECORDS = 'records' satisfies KernelRole

/** The entry in the file of such a case, and the notice of it. */
export const ADDED_AFTER_END = 'addedAfterEnd'
