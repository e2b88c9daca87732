/** Sends a command and stays with it until it has an outcome, however long the workflow service may be away. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { CommandView } from '../../../api/shapes/views'
import { dataProvider, type Sent } from './dataProvider'
import { failureOf, newKey, problemErrors, problemSentence } from './http'
import { refreshEverything } from './useApi'

const FIRST_WAIT_MS = 700
const LONGEST_WAIT_MS = 5_000

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })

/**
 * Asks for a stored command until it is done or refused, or turns out absent; null when the page was left meanwhile. `waiting` hears
 * how it stands each time it has no outcome yet.
 */
export async function outcomeOf(
  id: string,
  signal: AbortSignal,
  waiting: (command: CommandView) => void = () => undefined,
  key?: string,
): Promise<CommandView | 'absent' | null> {
  for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(wait * 1.5, LONGEST_WAIT_MS)) {
    await pause(wait, signal)
    if (signal.aborted) break
    const command = await dataProvider
      .command(id, signal, key)
      .catch((error: unknown) => (failureOf(error).status === 404 ? ('absent' as const) : null))
    if (command === 'absent' || (command && command.state !== 'stored')) return command
    if (command) waiting(command)
  }

  return null
}

/** `kept`: stored, and its case stands still until a developer has mended the process. */
export type Phase = 'idle' | 'sending' | 'stored' | 'kept'
export const waitingPhase = ({ standstill }: CommandView): Phase => (standstill ? 'kept' : 'stored')
export interface Failure {
  status: number
  message: string
  errors: Record<string, string>
}
export type Result<T> = { ok: true; value: T | null; command: CommandView | null } | ({ ok: false } & Failure)

/**
 * `run(content, send)`: the same content sent again after a failure of the network keeps its key, so that the server does it
 * once (`drawKey` draws one); `phase` is `stored` or `kept` while it has no outcome. `send` answers null when it sent nothing after all; so
 * then does `run`.
 */
export function useCommand<T>() {
  const client = useQueryClient()
  const [phase, setPhase] = useState<Phase>('idle')
  const [failure, setFailure] = useState<Failure | null>(null)
  const attempt = useRef<{ content: string; key: string } | null>(null)
  const left = useRef<AbortController | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    left.current = controller

    return () => controller.abort()
  }, [])

  const run = useCallback(
    async (
      content: unknown,
      send: (key: string) => Promise<Sent<T> | null>,
      drawKey: () => string = newKey,
    ): Promise<Result<T> | null> => {
      const text = JSON.stringify(content)
      if (attempt.current?.content !== text) attempt.current = { content: text, key: drawKey() }
      const fail = (next: Failure): Result<T> => {
        setFailure(next)

        return { ok: false, ...next }
      }
      setPhase('sending')
      setFailure(null)
      try {
        const { key } = attempt.current
        let command: CommandView | 'absent' | null = 'absent'
        // the database was lost as it was being stored, and it was not: the same request once more
        while (command === 'absent') {
          const sent = await send(key)
          if (!sent) return null
          if (sent.state === 'done') {
            attempt.current = null

            return { ok: true, value: sent.value, command: null }
          }
          setPhase(waitingPhase(sent.command))
          const signal = left.current?.signal ?? new AbortController().signal
          command = await outcomeOf(sent.command.id, signal, (waiting) => setPhase(waitingPhase(waiting)), key)
        }
        if (!command) return null
        attempt.current = null
        if (command.state === 'done') return { ok: true, value: null, command }
        const status = command.problem?.status ?? 409

        return fail({
          status,
          message: problemSentence(command.problem, status),
          errors: problemErrors(command.problem),
        })
      } catch (error) {
        const { status, message, errors } = failureOf(error)
        // a refusal is final; after silence or a 5xx the same request may already be stored
        if (status >= 400 && status < 500) attempt.current = null

        return fail({ status, message, errors })
      } finally {
        setPhase('idle')
        void refreshEverything(client)
      }
    },
    [client],
  )

  return { run, phase, failure, forget: useCallback(() => setFailure(null), []) }
}
