/** Says something in passing. The sentence is in the language of the page already: react-admin is not to look it up as a key. */
import { useNotify } from 'react-admin'

export type Say = (sentence: string, type: 'success' | 'error') => void

const SHOWN_MS = { success: 8_000, error: 10_000 }

export function useSay(): Say {
  const notify = useNotify()

  return (sentence, type) => notify(sentence, { type, autoHideDuration: SHOWN_MS[type], messageArgs: { _: sentence } })
}
