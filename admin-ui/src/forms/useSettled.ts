/** What is being typed, once it has stood still for a moment: the server is not asked at every letter. */
import { useEffect, useState } from 'react'

const TYPING_MS = 300

export function useSettled<Value extends string>(typed: Value): Value {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), TYPING_MS)

    return () => clearTimeout(timer)
  }, [typed])

  return settled
}
