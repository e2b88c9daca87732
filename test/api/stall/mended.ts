/** The release in which the story comes to its end. */
import { stallOf } from './workflow'

export const stall = stallOf(false)
