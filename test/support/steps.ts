/** Steps of cases as a workflow says them, for tests of what is recorded. */
import type { BodyKey, CaseId, IsoDate, Instant, PersonId, TaskId } from '../../workflows/kernel/contract'
import type { OpenTask, Step } from '../../workflows/kernel/protocol/step'

const BODY = 'ministryFinance' as BodyKey
export const at = '2026-03-02T05:00:00.000Z' as Instant
export const on = '2026-03-02' as IsoDate

export const openTask = (id: TaskId, more: Partial<OpenTask> = {}): OpenTask => ({
  id,
  kind: 'appointMentor',
  for: { role: 'hr', body: BODY },
  excluded: [],
  openedAt: at,
  openedOn: on,
  openedStep: 1,
  due: null,
  dueAt: null,
  closes: null,
  reminded: false,
  escalatedTo: null,
  suspended: false,
  returned: false,
  questionOf: null,
  content: null,
  about: null,
  ...more,
})

/** A step of a probation of that person. */
export const stepOfCase = (
  id: CaseId,
  person: PersonId,
  tasks: readonly OpenTask[],
  more: Partial<Step> = {},
): Step => ({
  case: id,
  n: 2,
  at,
  on,
  process: 'probation',
  version: 1,
  regime: 'current',
  body: BODY,
  agency: 'civilServiceAgency' as BodyKey,
  subject: person,
  position: null,
  startedBy: { person, grants: [] },
  rehearsal: null,
  clock: { zone: 'Asia/Almaty', profile: 'five-day', speed: 1, base: { case: at, real: at } },
  stage: 'mentoring',
  status: 'open',
  outcome: null,
  basis: null,
  facts: {},
  parties: {},
  tasks,
  clocks: [],
  closed: [],
  events: [{ kind: 'taskReminded', at, on, params: { kind: 'appointMentor' } }],
  documents: [],
  notices: [],
  commands: [],
  opening: null,
  ...more,
})
