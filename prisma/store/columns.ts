/**
 * What the rows of a case hold of its snapshot, as columns of plain values: what a step writes, and what the rows are compared
 * with. Dates and moments are text, as JSON has them.
 */
import { personOf, type Addressee, type Role } from '../../workflows/kernel/contract'
import type { ClosedTask, OpenTask, CaseSnapshot, Step } from '../../workflows/kernel/protocol/step'
import { Prisma } from './db'

type Types = Readonly<Record<string, string>>

const each = (types: Types, write: (column: string, type: string) => string): Prisma.Sql =>
  Prisma.raw(
    Object.entries(types)
      .map(([name, type]) => write(`"${name}"`, type))
      .join(', '),
  )
/** `(a text, b int)`, for `jsonb_to_recordset` */
const recordOf = (types: Types): Prisma.Sql => Prisma.sql`(${each(types, (column, type) => `${column} ${type}`)})`
const columnsIn = (types: Types): Prisma.Sql => each(types, (column) => column)
/** Of these a step of the release before says nothing: what stands stays. */
const KEPT_UNLESS_SAID: readonly string[] = ['"decisions"', '"suspensions"']
/** `a = r.a, b = r.b`, for an update */
const takenFrom = (record: 'r' | 's', types: Types): Prisma.Sql =>
  each(types, (column) => {
    const said = `${record}.${column}`

    return `${column} = ${KEPT_UNLESS_SAID.includes(column) ? `coalesce(${said}, c.${column})` : said}`
  })

/** Columns of the case that follow its steps. */
export const stateColumns = (snapshot: CaseSnapshot) => {
  const closed = snapshot.status === 'closed'

  return {
    stage: snapshot.stage,
    status: snapshot.status,
    outcome: snapshot.outcome,
    basis: snapshot.basis,
    parties: snapshot.parties,
    facts: snapshot.facts,
    clock: snapshot.clock,
    bodyKey: snapshot.body,
    agencyKey: snapshot.agency,
    formerBodies: snapshot.formerBodies ?? [],
    setBodyKey: snapshot.setBody ?? null,
    positionId: positionOf(snapshot),
    step: snapshot.n,
    commissions: snapshot.commissions ?? [],
    decisions: snapshot.decisions ?? null,
    suspensions: snapshot.suspensions ?? null,
    keptFrom: snapshot.keptFrom ?? [],
    restrictedTo: snapshot.restrictedTo ?? null,
    wakesAt: snapshot.wakes ?? null,
    wakesKnown: snapshot.wakes !== undefined,
    awaits: snapshot.awaits ? { ...snapshot.awaits, step: snapshot.n } : null,
    waitsFor: [...new Set((snapshot.waits ?? []).map((wait) => (wait.for === 'list' ? wait.list : wait.case)))],
    closedAt: closed ? snapshot.at : null,
    closedOn: closed ? snapshot.on : null,
  }
}

/** Columns of the case that are fixed when it is opened. */
export const openingColumns = (snapshot: CaseSnapshot) => ({
  process: snapshot.process,
  version: snapshot.version,
  regimeId: snapshot.regime,
  subjectId: snapshot.subject,
  aboutBodyKey: snapshot.aboutBody ?? null,
  aboutCaseId: snapshot.aboutCase ?? null,
  rehearsal: snapshot.rehearsal,
  startedById: personOf(snapshot.startedBy),
})

const STATE_TYPES = {
  stage: 'text',
  status: 'text',
  outcome: 'text',
  basis: 'jsonb',
  parties: 'jsonb',
  facts: 'jsonb',
  clock: 'jsonb',
  bodyKey: 'text',
  agencyKey: 'text',
  formerBodies: 'jsonb',
  setBodyKey: 'text',
  positionId: 'uuid',
  step: 'int',
  commissions: 'jsonb',
  decisions: 'jsonb',
  suspensions: 'jsonb',
  keptFrom: 'uuid[]',
  restrictedTo: 'uuid[]',
  wakesAt: 'timestamptz',
  wakesKnown: 'boolean',
  awaits: 'jsonb',
  waitsFor: 'uuid[]',
  closedAt: 'timestamptz',
  closedOn: 'date',
} satisfies Record<keyof ReturnType<typeof stateColumns>, string>
const OPENING_TYPES = {
  process: 'text',
  version: 'int',
  regimeId: 'text',
  subjectId: 'uuid',
  aboutBodyKey: 'text',
  aboutCaseId: 'uuid',
  rehearsal: 'text',
  startedById: 'uuid',
} satisfies Record<keyof ReturnType<typeof openingColumns>, string>

const CASE_TYPES = { ...STATE_TYPES, ...OPENING_TYPES }

/** Columns of a case as a record of Postgres, for `jsonb_to_record`. */
export const CASE_RECORD = recordOf(CASE_TYPES)
export const CASE_COLUMNS = columnsIn(CASE_TYPES)
/** For an update by the record `r`: what follows the steps, or all of it. */
export const STATE_OF_R = takenFrom('r', STATE_TYPES)
export const CASE_OF_R = takenFrom('r', CASE_TYPES)

/** The position the person serves in may change while the case is open; facts say which it is now. */
function positionOf(step: CaseSnapshot): string | null {
  const { facts } = step
  if (typeof facts === 'object' && facts !== null && 'position' in facts && typeof facts.position === 'string')
    return facts.position

  return step.position
}

/** Whose a task or notice is: a role in a body, or a person. */
export const addresseeColumns = (to: Addressee<Role>) =>
  to.role === undefined
    ? { role: null, bodyKey: to.servesIn ?? null, personId: to.person }
    : { role: to.role, bodyKey: to.body, personId: null }

/** Columns of an open task that follow what its workflow says. */
export const columnsOf = (task: OpenTask) => ({
  ...addresseeColumns(task.for),
  excluded: task.excluded,
  dueOn: task.due?.on ?? null,
  dueAt: task.dueAt,
  due: task.due,
  closesOn: task.closes?.on ?? null,
  closes: task.closes,
  reminded: task.reminded,
  escalated: task.escalatedTo !== null,
  escalatedTo: task.escalatedTo,
  about: task.about,
  standIn: task.standIn ?? null,
})

/** Holder and state of a task that nobody has touched. With one potential owner nobody needs to claim it. */
export const initialHolder = (task: OpenTask) => ({
  state: task.suspended ? 'suspended' : task.for.role === undefined ? 'reserved' : 'ready',
  assigneeId: task.for.role === undefined ? task.for.person : null,
})

/** Columns of a task that are fixed when it is opened. */
export const fixedColumns = (task: OpenTask) => ({
  kind: task.kind,
  openedAt: task.openedAt,
  openedOn: task.openedOn,
  openedStep: task.openedStep,
  questionOf: task.questionOf,
  contentId: task.content?.id ?? null,
  returned: task.returned,
})

/** The row of a task as it is when it is opened. */
export const newTask = (task: OpenTask) => ({
  id: task.id,
  ...fixedColumns(task),
  ...columnsOf(task),
  ...initialHolder(task),
  suspended: task.suspended,
})
export type NewTask = ReturnType<typeof newTask>

const FIXED_TYPES = {
  kind: 'text',
  openedAt: 'timestamptz',
  openedOn: 'date',
  openedStep: 'int',
  questionOf: 'uuid',
  contentId: 'uuid',
  returned: 'boolean',
} satisfies Record<keyof ReturnType<typeof fixedColumns>, string>
const FOLLOWING_TYPES = {
  role: 'text',
  bodyKey: 'text',
  personId: 'uuid',
  excluded: 'text[]',
  dueOn: 'date',
  dueAt: 'timestamptz',
  due: 'jsonb',
  closesOn: 'date',
  closes: 'jsonb',
  reminded: 'boolean',
  escalated: 'boolean',
  escalatedTo: 'jsonb',
  about: 'jsonb',
  standIn: 'jsonb',
} satisfies Record<keyof ReturnType<typeof columnsOf>, string>
const HOLDER_TYPES = { state: 'text', assigneeId: 'uuid' } satisfies Record<
  keyof ReturnType<typeof initialHolder>,
  string
>
const TASK_TYPES = { id: 'uuid', ...FIXED_TYPES, ...FOLLOWING_TYPES, ...HOLDER_TYPES }

/** The same as records of Postgres, for `jsonb_to_recordset`. */
export const TASK_RECORD = recordOf({ ...TASK_TYPES, suspended: 'boolean' } satisfies Record<keyof NewTask, string>)
export const TASK_COLUMNS = columnsIn(TASK_TYPES)
/** For an update: what follows the workflow, as the record `s` has it; or all but whose hands it is in, as `r` has it. */
export const FOLLOWING_OF_S = takenFrom('s', FOLLOWING_TYPES)
export const TASK_OF_R = takenFrom('r', { ...FIXED_TYPES, ...FOLLOWING_TYPES })

/** A task that was closed, and the step that closed it. */
export type Closing = ClosedTask & { readonly step: number }

/** What a step closed. */
export const closings = (step: Step): Closing[] => step.closed.map((task) => ({ ...task, step: step.n }))

/** What a closed task holds of its answer. A sealed answer is known to have been given, no more. */
export const closedColumns = ({ id, state, answer, step }: Closing) => ({
  id,
  state,
  answered: answer !== undefined,
  answeredById: answer?.by ?? null,
  answeredAt: answer?.at ?? null,
  answeredOn: answer?.on ?? null,
  answeredStep: answer ? step : null,
  answer: answer?.facts ?? null,
  answerContentId: answer?.content?.id ?? null,
})

/** The same as records of Postgres, for `jsonb_to_recordset`. */
export const CLOSED_RECORD = recordOf({
  id: 'uuid',
  state: 'text',
  answered: 'boolean',
  answeredById: 'uuid',
  answeredAt: 'timestamptz',
  answeredOn: 'date',
  answeredStep: 'int',
  answer: 'jsonb',
  answerContentId: 'uuid',
} satisfies Record<keyof ReturnType<typeof closedColumns>, string>)
