/** What is measured, for Prometheus. Labels are route templates, never addresses. */
import type { RequestHandler } from 'express'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { INCIDENTS, openIncidents } from '../../prisma/store/incidents'
import type { Db } from '../../prisma/store/db'
import { outboxFigures } from '../../prisma/store/letters'

export interface Metrics {
  /** all figures as Prometheus reads them, not older than a few seconds */
  readonly text: () => Promise<string>
  /** counts a command sent to its workflow, by what came of it */
  readonly command: (kind: string, outcome: string) => void
  readonly requests: RequestHandler
}

/** Prometheus asks every 15 s or so; whoever asks more often is told the same again. */
const FRESH_MS = 5000

/** The answer of `work`, worked out once for all who ask within that time. */
function shared<T>(work: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | null = null

  return () => {
    const now = performance.now()
    if (!last || now - last.at > forMs) last = { at: now, answer: work() }

    return last.answer
  }
}

export function createMetrics(db: Db): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'mansap_http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  const commands = new Counter({
    name: 'mansap_commands_total',
    help: 'Commands sent to workflows, by what came of them',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
  const open = new Gauge({
    name: 'mansap_open_tasks',
    help: 'Open tasks of real cases, counted up to ten thousand',
    registers: [registry],
    collect: async () => {
      try {
        const rows = await db.sql.rows<{ n: number }>`
          select count(*)::int as n from (select 1 from tasks
            where state in ('ready', 'reserved', 'inProgress', 'suspended', 'completing') and rehearsal is null limit 10000) t`
        open.set(rows[0]?.n ?? 0)
      } catch {
        // without a database there is nothing to count; the other figures are still wanted
      }
    },
  })

  const incidents = new Gauge({
    name: 'mansap_incidents',
    help: 'Open incidents of open cases, by kind, counted up to a hundred',
    labelNames: ['kind'],
    registers: [registry],
    collect: async () => {
      try {
        const found = await openIncidents(db)
        for (const kind of INCIDENTS) incidents.set({ kind }, found.filter((row) => row.kind === kind).length)
      } catch {
        // as above
      }
    },
  })

  const letters = new Gauge({
    name: 'mansap_letters',
    help: 'Letters that wait or are stopped, and those refused or sent in the last day, counted up to ten thousand',
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      try {
        const { waiting, stopped, refused, sent } = await outboxFigures(db)
        for (const [state, n] of Object.entries({ waiting, stopped, refused, sent })) letters.set({ state }, n)
      } catch {
        // as above
      }
    },
  })
  const late = new Gauge({
    name: 'mansap_letters_late_seconds',
    help: 'How long the letter that waits longest has been due; 0: none waits beyond its time',
    registers: [registry],
    collect: async () => {
      try {
        const { oldest } = await outboxFigures(db)
        late.set(oldest ? Math.max(0, (Date.now() - oldest.getTime()) / 1000) : 0)
      } catch {
        // as above
      }
    },
  })

  return {
    text: shared(() => registry.metrics(), FRESH_MS),
    command: (kind, outcome) => commands.inc({ kind, outcome }),
    requests: (request, response, next) => {
      const stop = durations.startTimer()
      response.once('close', () => {
        const route: unknown = response.locals['route']
        stop({
          method: request.method,
          route: typeof route === 'string' ? route : 'other',
          status: String(response.statusCode),
        })
      })
      next()
    },
  }
}
