/** What is out of the ordinary about a case: said in one row on its page, whose details stand beneath. */
import { CASE_MARKS, type CaseDetail, type CaseMark } from '../shapes/views'

type Told = Pick<
  CaseDetail,
  | 'standstill'
  | 'stuck'
  | 'annulled'
  | 'suspensions'
  | 'heldByAppeal'
  | 'openTasks'
  | 'clocks'
  | 'decisions'
  | 'restricted'
>

/** A term that is counted in more than one length was made longer. */
const isExtended = ({ steps }: Pick<CaseDetail['clocks'][number], 'steps'>): boolean =>
  steps.filter(({ code }) => code === 'adds' || code === 'given').length > 1

export function marksOf(told: Told): CaseMark[] {
  const { standstill, stuck, annulled, suspensions, heldByAppeal, openTasks, clocks, decisions, restricted } = told
  const is: Record<CaseMark, boolean> = {
    standstill: standstill !== null,
    stuck: stuck !== null,
    annulled,
    suspended: suspensions.some(({ to }) => to === null),
    heldByAppeal: heldByAppeal !== null,
    overdue: openTasks.some(({ due }) => due?.overdue === true),
    extended: clocks.some(isExtended),
    returned: openTasks.some(({ returned }) => returned),
    undelivered: decisions.some(({ deliveredOn, void: gone }) => deliveredOn === null && gone === null),
    restricted: restricted !== null,
  }

  return CASE_MARKS.filter((mark) => is[mark])
}
