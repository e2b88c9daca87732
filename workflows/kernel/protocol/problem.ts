/** A refusal as it is stored with its command and told to whoever sent it. */
import type { Capacity, Name, Reason } from '../contract'

/** RFC 9457, with a code that the console translates (`kernel.problems.<code>`). */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail?: string
  /** a name is shown in the language of the reader */
  params?: Record<string, string | number | boolean | Name>
  /** dotted field → code (`kernel.fields.<code>`), for 422 */
  errors?: Record<string, string>
  reason?: Reason
  /** those in which the person may act, when he has to say in which */
  capacities?: Capacity[]
  instance?: string
}
