/** Suspensions of a case as its page shows them: since when, on what ground, until when expected, who ends them. */
import type { CaseRow } from '../../prisma/store/cases'
import { isUnverified, type IsoDate } from '../../workflows/kernel/contract'
import { addDays, daysBetween } from '../../workflows/kernel/law/calendar'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { Sight } from '../../workflows/kernel/law/sight'
import { suspensionKind, type Suspension } from '../../workflows/kernel/law/suspension'
import type { Service } from '../service/service'
import type { SuspensionView } from '../shapes/views'

/** So many days have passed by then, the first and the last included. */
const daysOf = ({ from, to }: Suspension, today: IsoDate): number => daysBetween(from, addDays(to ?? today, 1))

/** Those that stand first, then the last that ended; why a clock stood still is told to whoever sees it. */
export function suspensionsOf(
  { processes, now }: Pick<Service, 'processes' | 'now'>,
  { process, version, suspensions, law, clock }: CaseRow,
  sight: Sight,
): SuspensionView[] {
  const contract = processes.of(process, version)?.contract ?? {}
  const today = caseToday(clock, now())
  const newest = [...(suspensions ?? [])].reverse()

  return [...newest.filter(({ to }) => to === null), ...newest.filter(({ to }) => to !== null)].map((each) => {
    const kind = suspensionKind(contract, each.ground)
    const rule = (law.rules ?? []).find(({ key }) => key === kind?.rule)
    const { of, from, expected, to } = each

    return {
      ...{ of, from, expected, to, days: daysOf(each, today) },
      ground: sight.sees('pauses') ? each.ground : null,
      rule:
        rule && sight.sees('pauses')
          ? { source: rule.source, confidence: rule.confidence, unverified: isUnverified(rule.confidence) }
          : null,
      endsItself: kind?.endsItself === true && expected !== null,
      endedBy: [...(kind?.by ?? [])],
    }
  })
}
