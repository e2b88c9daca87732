/** Values and errors of a form. Plain state, never reset by a refetch: what a person has typed stays until it is confirmed. */
import { createContext, useCallback, useContext, useMemo, useState } from 'react'
import type { OfferView } from '../../../api/shapes/views'
import { useWords } from '../words/useWords'
import {
  fieldsOf,
  missing,
  notOffered,
  overlong,
  payload,
  withBlanks,
  withValue,
  type Field,
  type Path,
  type Values,
} from './fields'

/** What a form of a case offers now, and where to ask which people or positions it does not. */
export interface Offered {
  process: string
  offer: OfferView
  refusedAt: string
  /** of a start: where its case would begin; the question is then asked with the person whom it is to be about */
  startIn?: Record<string, string>
}

export interface FormState {
  fields: readonly Field[]
  offered: Offered | null
  values: Values
  /** dotted path → sentence */
  errors: Readonly<Record<string, string>>
  /** grows with each submission that failed, so that the summary takes the focus again */
  attempt: number
  touched: boolean
  set: (path: Path, value: unknown) => void
  reset: (values: Values) => void
  fail: (errors: Record<string, string>) => void
  /** the form as it is sent, or null when something is missing, too long or not offered, which is then marked */
  submit: () => Values | null
}

export function useFormState(
  schema: Record<string, unknown>,
  initial: Values,
  offered: Offered | null = null,
): FormState {
  const words = useWords()
  const fields = useMemo(() => fieldsOf(schema), [schema])
  const [values, setValues] = useState(() => withBlanks(fields, initial))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [attempt, setAttempt] = useState(0)
  const [touched, setTouched] = useState(false)

  const set = useCallback((path: Path, value: unknown) => {
    setTouched(true)
    setValues((before) => withValue(before, path, value))
    const changed = path.join('.')
    setErrors((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => !`${field}.`.startsWith(`${changed}.`))),
    )
  }, [])
  const reset = useCallback(
    (next: Values) => {
      setValues(withBlanks(fields, next))
      setErrors({})
      setTouched(false)
    },
    [fields],
  )
  const fail = useCallback((next: Record<string, string>) => {
    setErrors(next)
    setAttempt((n) => n + 1)
  }, [])

  return {
    fields,
    offered,
    values,
    errors,
    attempt,
    touched,
    set,
    reset,
    fail,
    submit: () => {
      const wrong = [
        ...missing(fields, values).map((path) => [path, words.t('app.form.required')] as const),
        ...(offered
          ? notOffered(fields, values, offered.offer).map(
              ({ path, code }) => [path, words.of(offered.process, `errors.${code}`)] as const,
            )
          : []),
        ...overlong(fields, values).map(({ path, max, by }) => [path, words.tooLong(max, by)] as const),
      ]
      if (wrong.length === 0) {
        setErrors({})

        return payload(fields, values)
      }
      fail(Object.fromEntries(wrong))

      return null
    },
  }
}

/** What an input needs to know of the form that it is in. */
export type InputState = Pick<FormState, 'fields' | 'offered' | 'values' | 'errors' | 'set'>

export interface FormSurroundings {
  /** prefix of the ids of the inputs */
  id: string
  /** whose words name the fields */
  process: string
  /** body to which pickers with the scope `body` are limited */
  body: string | null
  /** where it is kept while it is filled in; null: it is not */
  address: string | null
  form: InputState
}

const Surroundings = createContext<FormSurroundings | null>(null)
export const FormProvider = Surroundings.Provider

export function useSurroundings(): FormSurroundings {
  const surroundings = useContext(Surroundings)
  if (!surroundings) throw new Error('a field outside a SchemaForm')

  return surroundings
}

export const inputId = (form: string, path: string): string => `${form}-${path.replaceAll('.', '-')}`
