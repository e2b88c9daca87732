/** How a message is refused: the one place where API and workflow agree on what an answer comes to. */
import type { DaysOff, Fact, KernelReason, Reason } from '../contract'
import { isIsoDate, OutsideCalendar } from '../law/calendar'
import type { Refusal } from './messages'

/** A refusal with its HTTP status and code. */
export const refusal = (
  status: Refusal['status'],
  code: KernelReason,
  extra: Omit<Refusal, 'status' | 'reason'> = {},
): Refusal => ({ status, reason: { code }, ...extra })

/** A date of the case would lie where its calendar does not reach. */
export const outsideCalendar = ({ from, to }: Pick<DaysOff, 'from' | 'to'>): Reason<KernelReason> => ({
  code: 'outsideCalendar',
  params: { from, to },
})

/**
 * What a rule threw while it was only asked, as a sentence for the person: nothing has entered history, and the case goes on with
 * whatever else it is sent.
 */
export const refusalOfFault = (error: unknown, daysOff: DaysOff): Refusal =>
  error instanceof OutsideCalendar ? { status: 409, reason: outsideCalendar(daysOff) } : refusal(422, 'ruleFailed')

/**
 * Dates in an answer of which the calendar of the case does not speak: refused in every field, because a term counted from such a
 * date throws, and the story counts it only when the answer is in history. What remains: a story may count further than the
 * calendar reaches from a date within it. Only running the story tells, so that this is found as `storyFailed`.
 */
export function refusalOfDates(answer: Fact, { from, to }: Pick<DaysOff, 'from' | 'to'>): Refusal | undefined {
  const errors: Record<string, string> = {}
  const look = (value: Fact | undefined, field: string): void => {
    if (typeof value === 'string') {
      if (isIsoDate(value) && (value < from || value > to)) errors[field] = 'outsideCalendar'
    } else if (typeof value === 'object' && value !== null)
      for (const [key, each] of Object.entries(value)) look(each, field ? `${field}.${key}` : key)
  }
  look(answer, '')

  return Object.keys(errors).length > 0 ? refusal(422, 'form.invalid', { errors }) : undefined
}

/** Asks the check of a process; what it throws is handed to `faulty`, for the log, and refused. */
export function refusalOfCheck(
  check: () => Readonly<Record<string, string>> | null,
  daysOff: DaysOff,
  faulty: (error: unknown) => void,
): Refusal | undefined {
  try {
    const errors = check()

    return errors ? refusal(422, 'form.invalid', { errors }) : undefined
  } catch (error) {
    faulty(error)

    return refusalOfFault(error, daysOff)
  }
}
