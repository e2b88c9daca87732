/** The release that fails. */
import { mishapOf } from './mishap'

export const mishap = mishapOf(true)
