/** Pages of lists: where one begins, as a client sends it back, and how one is answered. */
import type { PageCursor } from '../../prisma/store/order'
import type { Slice } from '../../prisma/store/refs'
import { Problem } from './problems'

/** The place behind which a page begins, if one was sent; a place of another order is the asker's mistake. */
export function placeOf(
  after: string | undefined,
  parse: (text: string) => PageCursor | null,
): { readonly after?: PageCursor } {
  if (after === undefined) return {}
  const place = parse(after)
  if (!place) throw Problem.for('badQuery', { errors: { after: 'invalid' } })

  return { after: place }
}

/** A page as it is answered: its rows, and where it ends. */
export const pageBody = <Row, View>(
  { data, pageInfo, end }: Slice<Row> & { readonly end: string | null },
  view: (row: Row) => View,
) => ({ data: data.map(view), pageInfo: end === null ? pageInfo : { ...pageInfo, end } })
