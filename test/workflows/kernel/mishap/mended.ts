/** The release that does not fail any more. */
import { mishapOf } from './mishap'

export const mishap = mishapOf(false)
