/** TanStack Query over our own verbs. Keys begin with `@`, apart from react-admin's `[resource, method, params]`. */
import { skipToken, useQuery, type QueryClient } from '@tanstack/react-query'
import type { Me } from '../../../api/shapes/views'
import { me } from './authProvider'
import { dataProvider } from './dataProvider'

export const useMe = (): Me | undefined => useQuery({ queryKey: ['@me'], queryFn: me, staleTime: 60_000 }).data

export const useProcesses = () =>
  useQuery({ queryKey: ['@processes'], queryFn: ({ signal }) => dataProvider.processes(signal), staleTime: 300_000 })

/** One task; of null nothing is asked. */
export const useTask = (id: string | null) =>
  useQuery({
    queryKey: ['@task', id],
    queryFn: id === null ? skipToken : ({ signal }) => dataProvider.taskDetail(id, signal),
  })

/** A case whose start is under way is asked for again until it is there. */
const UNDERWAY_MS = 2_000

/** One case; of null nothing is asked. */
export const useCase = (id: string | null) =>
  useQuery({
    queryKey: ['@case', id],
    queryFn: id === null ? skipToken : ({ signal }) => dataProvider.caseDetail(id, signal),
    refetchInterval: ({ state: { data } }) => (data?.state === 'stored' ? UNDERWAY_MS : false),
  })

/** What was answered in a case, as far as the reader sees it; fetched anew with its page. */
export const useCaseAnswers = (id: string) =>
  useQuery({ queryKey: ['@case', id, 'answers'], queryFn: ({ signal }) => dataProvider.caseAnswers(id, signal) })

/** How many tasks are in these queues, of real cases or of rehearsals. */
export const useTaskCounts = (queues: readonly string[], rehearsal?: string) =>
  useQuery({
    queryKey: ['@counts', queues, rehearsal ?? null],
    queryFn: ({ signal }) => dataProvider.taskCounts(queues, rehearsal, signal),
    staleTime: 10_000,
  })

/** What needs the person; it changes when he asks for it, lest rows move under the hand. */
export const useDay = () =>
  useQuery({
    queryKey: ['@day'],
    queryFn: ({ signal }) => dataProvider.day(signal),
    // whoever comes back to it from his last task is not to see that task there for a moment
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

export const useUnread = () =>
  useQuery({ queryKey: ['@unread'], queryFn: ({ signal }) => dataProvider.unreadNotices(signal), staleTime: 10_000 })

/** The notices on the page, and how many are unread. */
export async function refreshNotices(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: ['@notices'] }),
    client.invalidateQueries({ queryKey: ['@unread'] }),
  ])
}

/** A count as it is shown: beyond the most that is told, the server does not count. */
export const countOf = (count: number, most = 99): string => (count > most ? `${most}+` : String(count))

/** Own changes are shown at once, in lists too. */
export async function refreshEverything(client: QueryClient): Promise<void> {
  await Promise.all([
    refreshDetails(client),
    client.invalidateQueries({ queryKey: ['@day'] }),
    client.invalidateQueries({ queryKey: ['tasks'] }),
    client.invalidateQueries({ queryKey: ['cases'] }),
  ])
}

/** What others change: the open page and the counts, but no list, lest rows move under the hand. */
export const refreshDetails = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({
    predicate: ({ queryKey: [first] }) =>
      typeof first === 'string' && ['@task', '@case', '@counts', '@unread'].includes(first),
  })
