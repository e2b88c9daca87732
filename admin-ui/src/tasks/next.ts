import type { TaskView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'

/** The address of one's own task that falls due first, other than this one; null: none waits. */
export async function nextTask({ id: left, rehearsal }: TaskView): Promise<string | null> {
  const mine = await dataProvider
    .getList('tasks', {
      pagination: { page: 1, perPage: 2 },
      sort: { field: 'dueOn', order: 'ASC' },
      filter: { queue: 'mine', rehearsal },
    })
    .catch(() => null)
  const next = mine?.data.find(({ id }) => id !== left)

  return next ? `/tasks/${next.id}` : null
}

/** The inbox; who tries the product on a rehearsal comes back to its tasks. */
export const inboxOf = ({ rehearsal }: TaskView): string =>
  rehearsal === null
    ? '/tasks'
    : `/tasks?${new URLSearchParams({ filter: JSON.stringify({ queue: 'todo', rehearsal: '*' }) }).toString()}`
