import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { TaskView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'
import { failureOf } from '../providers/http'
import { refreshEverything } from '../providers/useApi'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'

/** Puts a task off, or takes it back; true when that is done. Doing it twice is as doing it once, so that it needs no key. */
export function useSnooze({ id, version }: Pick<TaskView, 'id' | 'version'>) {
  const { t, date } = useWords()
  const say = useSay()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const send = async (sent: Promise<unknown>, told: string): Promise<boolean> => {
    setBusy(true)
    setRefusal(null)
    try {
      await sent
      say(told, 'success')

      return true
    } catch (error) {
      setRefusal(failureOf(error).message)

      return false
    } finally {
      setBusy(false)
      void refreshEverything(client)
    }
  }

  return {
    busy,
    refusal,
    forget: useCallback(() => setRefusal(null), []),
    putOff: (until: string) =>
      send(dataProvider.snooze(id, { version, until }), t('app.inbox.putOff.done', { date: date(until) })),
    takeBack: () => send(dataProvider.endSnooze(id), t('app.inbox.putOff.back')),
  }
}
