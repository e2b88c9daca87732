/** What a case waits for, or how it ended: the one sentence on top of its page, as codes and dates. */
import type { CaseRow } from '../../prisma/store/cases'
import type { DaysOff, IsoDate } from '../../workflows/kernel/contract'
import { addDays, daysBetween, isoDate, workingDaysWithin } from '../../workflows/kernel/law/calendar'
import { suspendedCase } from '../../workflows/kernel/law/suspension'
import type { DaysLeft, DueView, NextView, TaskView } from '../shapes/views'

type Asked = Pick<TaskView, 'id' | 'process' | 'kind' | 'state'> & {
  readonly due: Pick<DueView, 'on' | 'overdue'> | null
}

export interface Standing extends Pick<
  CaseRow,
  'status' | 'outcome' | 'closedOn' | 'suspensions' | 'awaits' | 'waitsFor'
> {
  /** whichever falls due first comes first, those without a term last */
  readonly tasks: readonly Asked[]
  readonly today: IsoDate
  /** its code failed, or nothing will move it */
  readonly halted: 'standstill' | 'stuck' | null
}

/**
 * Of several things that a case waits for the next is: the open task whose legal term ends first; else the first day for which the
 * story waits; else a task without a term; else another case.
 */
export function nextOf(standing: Standing): NextView {
  const { status, outcome, closedOn, suspensions, awaits, waitsFor, tasks, today, halted } = standing
  if (status === 'opening') return { code: 'opening' }
  if (status === 'closed') return { code: 'ended', end: outcome, on: closedOn ?? today }
  if (halted) return { code: halted }
  const suspended = suspendedCase(suspensions ?? [])
  if (suspended) return { code: 'suspended', since: suspended.from, expected: suspended.expected }
  const asked = tasks.filter(({ state }) => state !== 'suspended')
  const [first] = asked
  const isAhead = awaits !== null && awaits.due.on > today
  if (first && (first.due || !isAhead)) {
    const { id, process, kind, due } = first

    return {
      code: 'task',
      ...{ id, process, kind, on: due?.on ?? null, overdue: due?.overdue ?? false },
      others: asked.filter((each) => each.kind !== kind).length,
    }
  }
  if (isAhead) return { code: 'day', comes: awaits.comes, ...awaits.due }

  return { code: waitsFor.length > 0 ? 'cases' : 'goesOn' }
}

/** How many days of a term are left after today, by the days in which it is counted; null once it is over, and where the calendar ends. */
export function daysLeft(
  { on, steps }: Pick<DueView, 'on' | 'steps'>,
  today: IsoDate,
  daysOff: DaysOff | null,
): DaysLeft | null {
  const last = isoDate(on)
  if (last < today) return null
  const counted = [...steps].reverse().find(({ code }) => code === 'adds' || code === 'given')
  if (!counted || !('term' in counted)) return null
  if (counted.term.unit !== 'working days') return { days: daysBetween(today, last), unit: 'calendar days' }

  return daysOff && last <= daysOff.to
    ? { days: workingDaysWithin(addDays(today, 1), last, daysOff), unit: 'working days' }
    : null
}
