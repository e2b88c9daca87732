/** Which tasks of a list are new since it was read: not those that moved up because others left. */

/** A list as it was read and as it is now, by the ids of its rows; of either no more than `size` are read. */
export interface Compared {
  readonly was: readonly string[]
  readonly now: readonly string[]
  readonly size: number
}

/** Rows that may have arrived: where more rows stood behind those that were read, none after the last that is known. */
function candidates({ was, now, size }: Compared): readonly string[] {
  if (was.length < size) return now
  const before = new Set(was)

  return now.slice(0, now.findLastIndex((id) => before.has(id)) + 1)
}

/** How many tasks arrived in any of the lists; one that was in any of them before did not. */
export function countArrived(lists: readonly Compared[]): number {
  const known = new Set(lists.flatMap(({ was }) => was))
  const arrived = lists.flatMap(candidates).filter((id) => !known.has(id))

  return new Set(arrived).size
}
