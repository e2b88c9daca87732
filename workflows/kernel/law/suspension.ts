/**
 * Suspension of a case, or of one term of it: which days count for no term, what stands still meanwhile, and who ends it. Pure: asked by
 * the case, which decides, and by the API, so that nobody is offered what would be refused.
 */
import type {
  ActKind,
  DaysOff,
  Due,
  FieldError,
  GivenTerm,
  Instant,
  IsoDate,
  KernelAct,
  KernelReason,
  Pause,
  ProcessContract,
  Reason,
  Role,
  RuleRow,
  SuspendedPart,
  SuspensionKind,
} from '../contract'
import { isKernelTask } from '../contract'
import { addDays, addTerm } from './calendar'

/** A suspension as a case keeps it. */
export interface Suspension {
  /** name of its kind in the contract, which says what it stops and who ends it */
  readonly ground: string
  readonly of: SuspendedPart
  /** its first day */
  readonly from: IsoDate
  /** the moment of real time at which it was received: an answer received before it is heard */
  readonly at: Instant
  /** the last day on which it is expected to stand; null: nobody knows */
  readonly expected: IsoDate | null
  /** its last day; null while it stands, the day before the first when it ended on the day on which it began */
  readonly to: IsoDate | null
}

/** How long it is expected to last. */
export type Expected =
  { readonly days: number; readonly unit: 'working days' | 'calendar days' } | { readonly until: IsoDate }

/** Whether a date moves on with each day of what stops it: it does not come. */
export const isMoving = (steps: Due['steps']): boolean =>
  steps.some((step) => step.code === 'paused' && step.pauses.some(({ open }) => open))

/** A clock by its name, or a kind of task: what a date is counted for; neither, it follows the whole case alone. */
export interface CountedFor {
  readonly clock?: string
  readonly task?: string
}

type Grounds = Pick<ProcessContract, 'suspends'>

/** The kind of a ground, unless the contract no longer has it. */
export const suspensionKind = ({ suspends }: Grounds, ground: string): SuspensionKind | undefined =>
  suspends && Object.hasOwn(suspends, ground) ? suspends[ground] : undefined

export const isStanding = ({ to }: Pick<Suspension, 'to'>): boolean => to === null

/** Whether it stops the term of this: a task that goes on in a suspended case keeps its own. */
function stopsTerm(contract: Grounds, { ground, of }: Suspension, { clock, task }: CountedFor): boolean {
  if (of !== 'case') return 'clock' in of ? of.clock === clock : of.task === task

  return task === undefined || !goesOn(contract, ground, task)
}

const goesOn = (contract: Grounds, ground: string, name: string): boolean =>
  suspensionKind(contract, ground)?.goesOn?.includes(name) === true

/** The days that count for no term of this, as they stand on a day: one that still stands counts until then. */
export const stoppedDays = (
  contract: Grounds,
  suspensions: readonly Suspension[],
  today: IsoDate,
  counted: CountedFor = {},
): Pause[] =>
  suspensions
    .filter((each) => each.from <= today && stopsTerm(contract, each, counted))
    .map(({ ground: because, from, to }) =>
      to === null || to > today ? { from, to: today, because, open: true } : { from, to, because },
    )

/** The calendar by which a term of this is counted. */
export function calendarOf(
  contract: Grounds,
  suspensions: readonly Suspension[],
  daysOff: DaysOff,
  today: IsoDate,
  counted?: CountedFor,
): DaysOff {
  if (suspensions.length === 0) return daysOff
  const stopped = stoppedDays(contract, suspensions, today, counted)

  return stopped.length === 0 ? daysOff : { ...daysOff, stopped }
}

/** The suspension for which nobody may do a task of this kind; null: none. What the kernel asks for is no part of the story. */
export const suspendedTask = (
  contract: Grounds,
  suspensions: readonly Suspension[],
  kind: string,
): Suspension | null =>
  isKernelTask(kind) && kind !== 'answerQuestion'
    ? null
    : (suspensions.find((each) => isStanding(each) && stopsTerm(contract, each, { task: kind })) ?? null)

/** The suspension of the whole case; null: none stands. */
export const suspendedCase = (suspensions: readonly Suspension[]): Suspension | null =>
  suspensions.find((each) => isStanding(each) && each.of === 'case') ?? null

/** The suspension for which a person may not do an act of the process now; null: none. A case may be cancelled at any time. */
export const suspendedAct = (contract: Grounds, suspensions: readonly Suspension[], act: string): Suspension | null =>
  act === 'cancel'
    ? null
    : (suspensions.find((each) => isStanding(each) && each.of === 'case' && !goesOn(contract, each.ground, act)) ??
      null)

/** Why something waits, as people are told: since when, and until when that is expected to last. */
export const whySuspended = ({ from, expected }: Suspension): Reason<KernelReason> =>
  expected === null
    ? { code: 'case.suspended', params: { since: from } }
    : { code: 'case.suspendedUntil', params: { since: from, until: expected } }

/** The last day on which it is expected to stand, when it begins on this day. */
export function expectedEnd(from: IsoDate, expected: Expected | null, daysOff: DaysOff): IsoDate | null {
  if (expected === null) return null
  if ('until' in expected) return expected.until
  const { days: value, unit } = expected
  const length: GivenTerm = { value, unit, given: { act: 'suspend', field: 'expectedDays' } }

  return addTerm(from, length, daysOff, { startCounts: true, moveToWorkingDay: false }).on
}

/** The last day of one that ends on a day: that day counts again. */
export const lastDay = (endsOn: IsoDate): IsoDate => addDays(endsOn, -1)

// ------------------------------------------------------------------ the acts

const SUSPENSION_ACTS = ['suspend', 'resume'] as const satisfies readonly KernelAct[]
export type SuspensionAct = (typeof SUSPENSION_ACTS)[number]
export const isSuspensionAct = (act: string): act is SuspensionAct => SUSPENSION_ACTS.some((each) => each === act)

/** The grounds of a contract. */
export const groundsOf = ({ suspends = {} }: Grounds): readonly string[] => Object.keys(suspends)

/** Who does the acts on a case of a process: whoever may by any of its grounds; null where it has none. */
export function suspensionKinds(contract: Grounds): Readonly<Record<SuspensionAct, ActKind>> | null {
  const by: readonly Role[] = [...new Set(Object.values(contract.suspends ?? {}).flatMap((kind) => kind.by))]

  return by.length === 0 ? null : { suspend: { by }, resume: { by } }
}

/** The suspension that stands on a ground. */
export const standingOn = (suspensions: readonly Suspension[], ground: string): Suspension | undefined =>
  suspensions.find((each) => each.ground === ground && isStanding(each))

/** Whether the rule of a ground says that there is such a suspension; a case that was opened before the rule was there has none. */
export const holds = ({ rule }: SuspensionKind, rules: readonly RuleRow[]): boolean =>
  rules.some(({ key, value }) => key === rule && value === true)

/** Why a suspension cannot begin on a day; null: it can. */
export function whyNotFirstDay(
  { recordedLater }: Pick<SuspensionKind, 'recordedLater'>,
  day: IsoDate,
  { today, begunOn }: { readonly today: IsoDate; readonly begunOn: IsoDate },
): FieldError | null {
  if (day > today) return 'notYet'
  if (day < begunOn) return 'beforeCase'

  return day < today && !recordedLater ? 'groundFromToday' : null
}

/** Why a suspension cannot have ended so that this is the first day that counts again; null: it can. */
export function whyNotResumedFrom(
  { recordedLater }: Pick<SuspensionKind, 'recordedLater'>,
  day: IsoDate,
  { today, from }: { readonly today: IsoDate; readonly from: IsoDate },
): FieldError | null {
  if (day > today) return 'notYet'
  if (day < from) return 'beforeSuspension'

  return day < today && !recordedLater ? 'groundEndsToday' : null
}

/** Why a ground cannot be chosen for an act; null: it can. */
export function whyNotGround(
  act: SuspensionAct,
  ground: string,
  {
    contract,
    suspensions,
    rules,
  }: { readonly contract: Grounds; readonly suspensions: readonly Suspension[]; readonly rules: readonly RuleRow[] },
): FieldError | null {
  const kind = suspensionKind(contract, ground)
  const stands = standingOn(suspensions, ground) !== undefined
  if (act === 'resume') return stands ? null : 'notSuspended'
  if (!kind || !holds(kind, rules)) return 'groundNotInForce'

  return stands ? 'suspendedAlready' : null
}
