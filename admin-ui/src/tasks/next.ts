import type { TaskView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'

/** Tasks in hand that are looked through: some stand still. */
const LOOKED_THROUGH = 25
const STANDS_STILL: readonly TaskView['state'][] = ['suspended', 'completing']

/** The address of one's own task that falls due first and can be done, other than this one; null: none waits; undefined: it is not known. */
export async function nextTask({ id: left, rehearsal }: TaskView): Promise<string | null | undefined> {
  const mine = await dataProvider
    .getList('tasks', {
      pagination: { page: 1, perPage: LOOKED_THROUGH },
      sort: { field: 'dueOn', order: 'ASC' },
      filter: { queue: 'mine', rehearsal },
    })
    .catch(() => null)
  if (mine === null) return undefined
  const next = mine.data.find(({ id, state }) => id !== left && !STANDS_STILL.includes(state))

  return next ? `/tasks/${next.id}` : null
}

/** The inbox; who tries the product on a rehearsal comes back to its tasks. */
export const inboxOf = ({ rehearsal }: TaskView): string =>
  rehearsal === null
    ? '/tasks'
    : `/tasks?${new URLSearchParams({ filter: JSON.stringify({ queue: 'todo', rehearsal: '*' }) }).toString()}`
