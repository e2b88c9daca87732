/** The queues of the inbox and the orders of each. The first is where everybody lands: what is one's own and what one could take up. */
import type { SortPayload } from 'react-admin'
import { useFilter } from '../layout/Filters'

export const QUEUES = ['todo', 'mine', 'unit', 'team', 'escalated', 'snoozed', 'done'] as const
export type Queue = (typeof QUEUES)[number]

export const ORDERS = {
  term: { field: 'dueOn', order: 'ASC' },
  newest: { field: 'openedOn', order: 'DESC' },
  oldest: { field: 'openedOn', order: 'ASC' },
  followUp: { field: 'snoozedUntil', order: 'ASC' },
  answered: { field: 'answeredAt', order: 'DESC' },
} as const satisfies Record<string, SortPayload>
export type Order = keyof typeof ORDERS

/** The orders that a queue offers; it opens in the first. */
export function ordersOf(queue: Queue): readonly Order[] {
  switch (queue) {
    case 'done':
      return ['answered', 'newest', 'oldest']
    case 'snoozed':
      return ['followUp', 'term', 'newest', 'oldest']
    case 'todo':
    case 'mine':
    case 'unit':
    case 'team':
    case 'escalated':
      return ['term', 'newest', 'oldest']
  }
}

/** The queue that is shown, and how another is chosen. */
export function useQueue(): [Queue, (queue: Queue) => void] {
  const [chosen, choose] = useFilter('queue')

  return [QUEUES.find((name) => name === chosen) ?? 'todo', choose]
}
