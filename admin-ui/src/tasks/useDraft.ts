import { useCallback, useEffect, useRef, useState } from 'react'
import { payload, type Field, type Values } from '../forms/fields'
import { forgetValues, keepValues } from '../forms/kept'
import { dataProvider } from '../providers/dataProvider'

const TYPING_MS = 1_500

export type DraftState = 'none' | 'typing' | 'saving' | 'saved' | 'failed'

/**
 * Saves what is typed in a task: in this tab at once, on the server when typing pauses and when the page is left. `done` is for
 * when the answer is confirmed and no draft is wanted any more.
 */
export function useDraft(
  task: string,
  fields: readonly Field[],
  values: Values,
  {
    touched,
    sending,
  }: { touched: boolean; /** the answer is on its way: a draft would be refused */ sending: boolean },
) {
  const [state, setState] = useState<DraftState>('none')
  const [savedAt, setSavedAt] = useState<string | null>(null)
  const unsaved = useRef<Values | null>(null)
  const finished = useRef(false)
  const onItsWay = useRef(sending)
  useEffect(() => {
    onItsWay.current = sending
  })

  useEffect(() => {
    if (!touched || finished.current) return
    keepValues(`task.${task}`, values)
    unsaved.current = values
    setState('typing')
    const save = () => {
      if (finished.current) return
      if (onItsWay.current) {
        timer = setTimeout(save, TYPING_MS)

        return
      }
      setState('saving')
      dataProvider.saveDraft(task, payload(fields, values)).then(
        () => {
          if (unsaved.current === values) {
            unsaved.current = null
            forgetValues(`task.${task}`)
          }
          setSavedAt(new Date().toISOString())
          setState('saved')
        },
        () => setState('failed'),
      )
    }
    let timer = setTimeout(save, TYPING_MS)

    return () => clearTimeout(timer)
  }, [task, fields, values, touched])

  const latestFields = useRef(fields)
  useEffect(() => {
    latestFields.current = fields
  })
  useEffect(() => {
    const flush = () => {
      if (unsaved.current && !finished.current) {
        dataProvider.saveDraft(task, payload(latestFields.current, unsaved.current), true).catch(() => undefined)
      }
    }
    window.addEventListener('pagehide', flush)

    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [task])

  const done = useCallback(() => {
    finished.current = true
    unsaved.current = null
    forgetValues(`task.${task}`)
  }, [task])

  return { state, savedAt, done }
}
