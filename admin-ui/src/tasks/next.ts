import type { TaskView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'

/** Tasks that are looked through: some stand still. */
const LOOKED_THROUGH = 25
/** In these nobody can do anything with a task. */
export const STANDS_STILL: readonly TaskView['state'][] = ['suspended', 'completing']

/** The address of the task that falls due first of those in hand or free to take up, other than this one; null: none waits; undefined: it is not known. */
export async function nextTask({ id: left, rehearsal }: TaskView): Promise<string | null | undefined> {
  const waiting = await dataProvider
    .getList('tasks', {
      pagination: { page: 1, perPage: LOOKED_THROUGH },
      sort: { field: 'dueOn', order: 'ASC' },
      filter: { queue: 'todo', rehearsal },
    })
    .catch(() => null)
  if (waiting === null) return undefined
  const next = waiting.data.find(({ id, state }) => id !== left && !STANDS_STILL.includes(state))

  return next ? `/tasks/${next.id}` : null
}

/** Where one lands when nothing waits: at the start of the day; who tries the product on a rehearsal comes back to its tasks. */
export const landing = ({ rehearsal }: TaskView): string =>
  rehearsal === null
    ? '/'
    : `/tasks?${new URLSearchParams({ filter: JSON.stringify({ queue: 'todo', rehearsal: '*' }) }).toString()}`
