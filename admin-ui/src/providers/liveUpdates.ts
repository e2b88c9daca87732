/** Tells when tasks, cases or notices have changed on the server: server-sent events, one connection for all tabs, else a poll. */
import type { QueryClient } from '@tanstack/react-query'
import { refreshDetails } from './useApi'

export type Topic = 'tasks' | 'cases' | 'notices'

const POLL_MS = 30_000
const DEBOUNCE_MS = 500
const topics: readonly Topic[] = ['tasks', 'cases', 'notices']
const listeners = new Set<(topics: ReadonlySet<Topic>) => void>()

/** Calls `listener` with what has changed; answers how to stop. */
export function onLiveUpdate(listener: (topics: ReadonlySet<Topic>) => void): () => void {
  listeners.add(listener)

  return () => listeners.delete(listener)
}

const isTopic = (value: unknown): value is Topic => topics.some((topic) => topic === value)

function topicOf(data: string): Topic | null {
  try {
    const event: unknown = JSON.parse(data)

    return typeof event === 'object' && event !== null && 'topic' in event && isTopic(event.topic) ? event.topic : null
  } catch {
    return null
  }
}

/** Starts listening for the life of the page; answers how to stop. */
export function startLiveUpdates(client: QueryClient): () => void {
  const changed = new Set<Topic>()
  const channel = new BroadcastChannel('mansap.events')
  const stopped = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | null = null
  let heard = 0

  const flush = () => {
    const now = new Set(changed)
    changed.clear()
    timer = undefined
    void refreshDetails(client)
    for (const listener of listeners) listener(now)
  }
  const note = (topic: Topic) => {
    changed.add(topic)
    timer ??= setTimeout(flush, DEBOUNCE_MS)
  }
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === 'alive') heard = Date.now()
    else if (isTopic(data)) note(data)
  }

  // HTTP/1.1 allows six connections to one host across all tabs: one tab holds the stream and tells the others
  const hold = () =>
    new Promise<void>((release) => {
      source = new EventSource('/api/events')
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const topic = topicOf(data)
        if (!topic) return
        note(topic)
        channel.postMessage(topic)
      }
      // the server lost sight of the changes for a while, or this tab did: everything may be new
      const noteAll = () => {
        for (const topic of topics) {
          note(topic)
          channel.postMessage(topic)
        }
      }
      source.addEventListener('refresh', noteAll)
      // nor does it tell what changed between the page's first questions and its beginning
      let lost = true
      source.onerror = () => (lost = true)
      source.onopen = () => {
        if (lost) noteAll()
        lost = false
      }
      stopped.signal.addEventListener('abort', () => release())
    })
  // locks exist on https and localhost only
  if ('locks' in navigator) {
    navigator.locks.request('mansap.events', { signal: stopped.signal }, hold).catch(() => undefined)
  } else void hold()

  const poll = setInterval(() => {
    if (source?.readyState === EventSource.OPEN) {
      channel.postMessage('alive')

      return
    }
    const otherTabHears = !source && Date.now() - heard < 2 * POLL_MS
    if (!otherTabHears && !document.hidden) topics.forEach(note)
  }, POLL_MS)

  return () => {
    stopped.abort()
    source?.close()
    channel.close()
    clearInterval(poll)
    clearTimeout(timer)
  }
}
