/** A form and its draft: reads it before the form is shown, and keeps what is typed. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { Draft, type DraftStatus } from './draft'
import type { Values } from './fields'

/** The draft at an address, read once for as long as the form is shown. */
export const useOpenDraft = (address: string) =>
  useQuery({
    queryKey: ['@draft', address],
    queryFn: () => Draft.open(address),
    gcTime: 0,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** Keeps what stands in the form; how that goes. */
export function useDraft(
  draft: Draft,
  typed: Values,
  { touched, sending }: { touched: boolean; sending: boolean },
): DraftStatus {
  useEffect(() => draft.pause(sending), [draft, sending])
  useEffect(() => {
    if (touched) draft.typed(typed)
  }, [draft, typed, touched])
  useEffect(() => draft.follow(), [draft])

  return useSyncExternalStore(draft.subscribe, draft.status)
}
