/** The thread in which papers are set: the compiler works without pause, and cases must not wait for it. */
import { parentPort } from 'node:worker_threads'
import type { Locale } from '../../workflows/kernel/contract'
import type { FrozenOfFormat3 } from '../../workflows/kernel/protocol/document'
import { typesetter, type Rendering } from './typesetting'

export interface ToSet {
  readonly n: number
  readonly document: FrozenOfFormat3
  readonly language: Locale
}
export type WasSet = { readonly n: number } & ({ readonly rendering: Rendering } | { readonly failed: string })

if (parentPort) {
  const port = parentPort
  const { render } = typesetter()
  port.on('message', ({ n, document, language }: ToSet) => {
    const answer = (answered: WasSet) => port.postMessage(answered)
    try {
      answer({ n, rendering: render(document, language) })
    } catch (error) {
      answer({ n, failed: error instanceof Error ? error.message : String(error) })
    }
  })
}
