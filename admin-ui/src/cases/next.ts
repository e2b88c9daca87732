/** What a case waits for, or how it ended, as one sentence. */
import type { DaysLeft, NextView } from '../../../api/shapes/views'
import type { AppKey } from '../i18n/messages'

type Params = Record<string, string | number>
/** What of `Words` it takes to say a sentence. */
interface Spoken {
  readonly t: (key: AppKey, params?: Params) => string
  readonly of: (process: string, key: string, params?: Params) => string
  readonly date: (date: string) => string
}

/** Who does what by which legal term. */
function ofTask({ t, of, date }: Spoken, { process, kind, on, overdue }: Extract<NextView, { code: 'task' }>): string {
  const what = of(process, `tasks.${kind}.waits`)
  if (on === null) return t('app.next.noTerm', { what })

  return t(overdue ? 'app.next.overdue' : 'app.next.by', { what, date: date(on) })
}

export function nextSentence(words: Spoken, process: string, next: NextView): string {
  const { t, of, date } = words
  switch (next.code) {
    case 'opening':
      return t('app.cases.underway')
    case 'ended':
      return t('app.cases.ended', {
        end: next.end === null ? t('app.cases.statuses.closed') : of(process, `ends.${next.end}`),
        date: date(next.on),
      })
    case 'suspended':
      return next.expected === null
        ? t('app.next.suspended', { date: date(next.since) })
        : t('app.next.suspendedUntil', { date: date(next.since), until: date(next.expected) })
    case 'task':
      return ofTask(words, next)
    case 'day':
      return next.comes === null
        ? t('app.next.day', { date: date(next.on) })
        : of(process, `awaits.${next.comes}`, { date: date(next.on) })
    case 'standstill':
    case 'stuck':
    case 'cases':
    case 'goesOn':
      return t(`app.next.${next.code}`)
  }
}

/** How much of a legal term is left, in the days by which it is counted. */
export function leftSentence({ t }: Pick<Spoken, 't'>, { days, unit }: DaysLeft): string {
  if (days === 0) return t('app.left.today')

  return t(unit === 'working days' ? 'app.left.working' : 'app.left.calendar', { smart_count: days })
}
