/** What the rules of a process see of a case that is open, as the API knows it: for a first look, the case alone decides. */
import { clocksOf, type CaseRow } from '../../prisma/store/cases'
import { runningCalendar } from '../../prisma/store/opening'
import type { BodyKey, CaseId, CheckContext, PersonId } from '../../workflows/kernel/contract'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import type { Service } from './service'

/** A case as far as rules look at it: a row of the case itself, or of one of its tasks. */
export interface Standing extends Pick<
  CaseRow,
  'process' | 'stage' | 'body' | 'subject' | 'clock' | 'law' | 'startedOn' | 'facts'
> {
  readonly caseId: string
}

/** Without the people and positions that a form names. `clocks`: whether anything asks when its clocks end; `form`: what is filled in. */
export async function contextOf(
  { db, now }: Pick<Service, 'db' | 'now'>,
  { caseId, body, startedOn, clock, law, stage }: Omit<Standing, 'process' | 'facts' | 'subject'>,
  { actor, clocks, form = {} }: { readonly actor: PersonId; readonly clocks: boolean; readonly form?: unknown },
): Promise<Omit<CheckContext, 'people' | 'positions'>> {
  const today = caseToday(clock, now())
  const [daysOff, running] = await Promise.all([
    runningCalendar(db, { body: body.key as BodyKey, startedOn, form, today }),
    clocks ? clocksOf(db, caseId as CaseId) : [],
  ])

  return {
    today,
    actor,
    // the names of a process are its own
    stage,
    daysOff,
    rule: (key) => law.rules?.find((each) => each.key === key)?.value ?? false,
    endOf: (name) => running.find((each) => each.name === name)?.endsOn ?? null,
  }
}
