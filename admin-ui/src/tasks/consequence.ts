import type { TaskDetail } from '../../../api/shapes/views'
import type { Words } from '../words/useWords'
import type { Way } from './ways'

/** What follows from a way to answer, with the length of each term that it names, as the case has it. */
export const consequenceOf = (words: Words, { process, terms }: TaskDetail, way: Way): string =>
  words.maybe(
    process,
    `${way.words}.consequence`,
    Object.fromEntries(
      Object.entries(terms).map(([key, { value, unit }]) => [`term.${key}`, words.amount(value, unit)]),
    ),
  )
