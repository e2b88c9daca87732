/** Sets papers in a thread of their own, one after another. */
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Locale } from '../../workflows/kernel/contract'
import type { FrozenOfFormat3 } from '../../workflows/kernel/protocol/document'
import type { ToSet, WasSet } from './thread'
import type { Rendering } from './typesetting'

export interface Setting {
  /** Rejects with why it cannot be made. */
  readonly render: (document: FrozenOfFormat3, language: Locale) => Promise<Rendering>
  readonly stop: () => Promise<void>
}

/** A page takes some hundredths of a second; with so much to do something is wrong with the template. */
const WITHIN_MS = 20_000

/**
 * What the thread runs. A file is loaded by whatever loaders the process was started with, and with some of them, an agent that watches it
 * among them, TypeScript is none that they know.
 */
const BEGIN = [require.resolve('tsx/cjs'), path.join(__dirname, 'thread.ts')]
  .map((file) => `require(${JSON.stringify(file)})`)
  .join('\n')

interface Waiting {
  readonly done: (rendering: Rendering) => void
  readonly failed: (error: Error) => void
}

/** The thread begins with the first paper, and anew after one that broke it or took too long. */
export function settingInThread(withinMs = WITHIN_MS): Setting {
  const waiting = new Map<number, Waiting>()
  let thread: Worker | null = null
  let n = 0
  let last: Promise<unknown> = Promise.resolve()

  const lose = (why: string) => {
    const lost = thread
    thread = null
    for (const { failed } of waiting.values()) failed(new Error(why))
    waiting.clear()

    return lost?.terminate()
  }
  const begin = (): Worker => {
    const begun = new Worker(BEGIN, { eval: true, execArgv: [] })
    const isThis = () => thread === begun
    begun.on('message', (answer: WasSet) => {
      const asked = waiting.get(answer.n)
      waiting.delete(answer.n)
      if ('rendering' in answer) asked?.done(answer.rendering)
      else asked?.failed(new Error(answer.failed))
    })
    begun.on('error', (error: Error) => void (isThis() && lose(`the thread that sets papers failed: ${error.message}`)))
    begun.on('exit', () => void (isThis() && lose('the thread that sets papers ended')))
    // it keeps no process from ending
    begun.unref()

    return begun
  }
  const renderNow = (document: FrozenOfFormat3, language: Locale): Promise<Rendering> =>
    new Promise<Rendering>((done, failed) => {
      thread ??= begin()
      n += 1
      const asked: ToSet = { n, document, language }
      const late = setTimeout(() => void lose(`it was not set within ${String(withinMs / 1000)} seconds`), withinMs)
      waiting.set(n, {
        done: (rendering) => {
          clearTimeout(late)
          done(rendering)
        },
        failed: (error) => {
          clearTimeout(late)
          failed(error)
        },
      })
      thread.postMessage(asked)
    })

  return {
    render: (document, language) => {
      const set = last.then(() => renderNow(document, language))
      last = set.catch(() => undefined)

      return set
    },
    stop: async () => {
      await last
      await lose('the worker stops')
    },
  }
}
