/**
 * What `@temporalio/workflow` gives to the engine, kept in memory: for properties of stories, which need thousands of cases in
 * seconds. Timers never ring: the case is a rehearsal on a held clock. A test puts it in place of the module with `jest.mock`.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { ActivityFailure, ApplicationFailure, TemporalFailure } from '@temporalio/common'

export { ActivityFailure, ApplicationFailure, TemporalFailure }

type Message = unknown
interface Handler {
  readonly handle: (message: Message) => unknown
  readonly validator?: (message: Message) => void
}

/** One workflow under way. */
export class InMemoryWorkflow {
  private readonly waiting = new Set<{ readonly holds: () => boolean; readonly resolve: () => void }>()
  readonly handlers = new Map<string, Handler>()
  result: unknown = undefined
  private failure: Error | null = null

  constructor(readonly activities: Readonly<Record<string, (question: never) => Promise<unknown>>>) {}

  /** Begins it and lets it run until it waits. */
  async run(workflow: () => Promise<unknown>): Promise<void> {
    here.run(this, () => {
      workflow().then(
        (result) => (this.result = result),
        (error: unknown) => (this.failure = error instanceof Error ? error : new Error(String(error))),
      )
    })
    await this.settled()
  }

  /** Sends an Update and lets the case run until it waits; rejects like its handler. */
  async update(name: string, message: Message): Promise<unknown> {
    const handler = this.handlers.get(name)
    if (!handler) throw new Error(`no handler of ${name}`)
    const answer = here.run(this, async () => {
      handler.validator?.(message)

      return handler.handle(message)
    })
    const answered = answer.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    )
    await this.settled()
    const outcome = await answered
    if ('error' in outcome) throw outcome.error

    return outcome.value
  }

  query(name: string): unknown {
    return here.run(this, () => this.handlers.get(name)?.handle(undefined))
  }

  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve()

    return new Promise((resolve) => this.waiting.add({ holds, resolve }))
  }

  /** Resolves when nothing goes on by itself any more. */
  private async settled(): Promise<void> {
    for (let progress = true; progress;) {
      await new Promise(setImmediate)
      if (this.failure) throw this.failure
      progress = false
      for (const each of this.waiting) {
        if (!each.holds()) continue
        this.waiting.delete(each)
        each.resolve()
        progress = true
        break
      }
    }
  }
}

const here = new AsyncLocalStorage<InMemoryWorkflow>()
const current = (): InMemoryWorkflow => {
  const workflow = here.getStore()
  if (!workflow) throw new Error('outside of a workflow')

  return workflow
}

export const condition = (holds: () => boolean): Promise<void> => current().until(holds)
export const sleep = (): Promise<never> => new Promise(() => undefined)
export const patched = (): boolean => true
export const uuid4 = (): string => randomUUID()
export const allHandlersFinished = (): boolean => true
export const isCancellation = (): boolean => false
export const workflowInfo = () => ({ historyLength: 0 })
export const log = { warn: () => undefined }
export const defineUpdate = (name: string): string => name
export const defineQuery = (name: string): string => name
export const setHandler = (name: string, handle: Handler['handle'], options: Omit<Handler, 'handle'> = {}): void =>
  void current().handlers.set(name, { handle, ...options })
export const proxyActivities = (): unknown =>
  new Proxy(
    {},
    {
      get: (_, name) => (question: never) => {
        const activity = current().activities[String(name)]
        if (!activity) throw new Error(`no activity ${String(name)}`)

        return activity(question)
      },
    },
  )

export class CancellationScope {
  static nonCancellable<T>(run: () => Promise<T>): Promise<T> {
    return run()
  }
  run<T>(run: () => Promise<T>): Promise<T> {
    return run()
  }
  cancel(): void {
    // timers never ring
  }
}
