/** What the forms of the kernel's own acts offer as the case stands, as a process says it of its own acts. */
import {
  offerOf,
  type AnyOffer,
  type FieldError,
  type IsoDate,
  type KernelTask,
  type ProcessContract,
  type Role,
  type RuleRow,
} from './contract'
import { ADVANCE, REPLACE_MEMBER } from './kernel-forms'
import { addDays } from './law/calendar'
import { isAccessAct, whyNoAccessChange, type Keeps } from './law/kept'
import {
  isStanding,
  isSuspensionAct,
  suspensionKind,
  whyNotGround,
  type Suspension,
  type SuspensionAct,
} from './law/suspension'
import { mayBeReplaced } from './law/seats'
import type { CommissionRecord } from './protocol/step'

interface KernelStanding extends Keeps {
  readonly contract: ProcessContract
  readonly suspensions: readonly Suspension[]
  readonly rules: readonly RuleRow[]
  readonly commissions: readonly CommissionRecord[]
  /** whom the case is about, if anybody: he never sits */
  readonly subject: string | null
  /** date of the clock of the case */
  readonly today: IsoDate
  /** the day on which the case began */
  readonly begunOn: IsoDate
  /** what the process offers of its own forms, and of the grounds of suspension */
  readonly offers: object | undefined
  /** may the reader do on the case what these roles do? */
  readonly may: (by: readonly Role[]) => boolean
}

type Bound = { readonly on: IsoDate; readonly code: FieldError }

/** Why a ground cannot be chosen: by the register, by whoever asks, or by the rules of the process. */
const groundRefusal =
  (act: SuspensionAct, standing: KernelStanding) =>
  (ground: unknown, facts: unknown, context: unknown): string | null => {
    const name = String(ground)
    const error = whyNotGround(act, name, standing)
    if (error) return error
    if (!standing.may(suspensionKind(standing.contract, name)?.by ?? [])) return 'groundNotYours'

    return offerOf(standing.offers, act)?.refuses?.['ground']?.(name, facts, context) ?? null
  }

/** The offer of a task of the kernel; undefined where everything may be chosen. */
export const kernelTaskOffer = (kind: KernelTask, today: IsoDate): AnyOffer | undefined =>
  kind === 'reviewSuspension'
    ? {
        days: {
          resumedFrom: () => ({ to: { on: today, code: 'notYet' } }),
          expectedUntil: () => ({ from: { on: addDays(today, 1), code: 'past' } }),
        },
      }
    : undefined

/** From which day on a suspension may begin: whether that may have passed, its ground says. */
const firstDayFrom = ({ contract, today, begunOn }: KernelStanding): Bound =>
  Object.values(contract.suspends ?? {}).some(({ recordedLater }) => recordedLater)
    ? { on: begunOn, code: 'beforeCase' }
    : { on: today, code: 'groundFromToday' }

/** From which day on a suspension may have ended: not before the first of those that stand; which day of its own, its ground says. */
function endedFrom({ contract, suspensions, today }: KernelStanding): Bound {
  const since = suspensions
    .filter((each) => isStanding(each) && suspensionKind(contract, each.ground)?.recordedLater)
    .map(({ from }) => from)
    .toSorted()

  return since[0] === undefined ? { on: today, code: 'groundEndsToday' } : { on: since[0], code: 'beforeSuspension' }
}

/** The offer of an act of the kernel; undefined where everything may be chosen. */
export function kernelOffer(act: string, standing: KernelStanding): AnyOffer | undefined {
  const { commissions, subject, today, keptFrom, restrictedTo } = standing
  if (act === ADVANCE) return { days: { to: () => ({ from: { on: addDays(today, 1), code: 'past' } }) } }
  if (isSuspensionAct(act))
    return {
      refuses: { ground: groundRefusal(act, standing) },
      days:
        act === 'suspend'
          ? {
              expectedUntil: () => ({ from: { on: addDays(today, 1), code: 'past' } }),
              suspendedFrom: () => ({ from: firstDayFrom(standing), to: { on: today, code: 'notYet' } }),
            }
          : { resumedFrom: () => ({ from: endedFrom(standing), to: { on: today, code: 'notYet' } }) },
    }
  if (isAccessAct(act))
    return {
      ...(act === 'revokeAccess' && { among: { person: [...(restrictedTo ?? [])] } }),
      refuses: { person: (person) => whyNoAccessChange(act, String(person), standing) },
    }
  if (act !== REPLACE_MEMBER) return undefined
  const asking = commissions.filter(({ state }) => state === 'asking')
  const members = asking.flatMap((commission) =>
    commission.seats.filter((seat) => mayBeReplaced({ commission, seat })).map(({ member }): string => member),
  )
  const sitsInAll = (person: unknown): boolean =>
    asking.every(({ seats }) => seats.some(({ member }) => member === person))

  return {
    among: { member: members },
    refuses: {
      member: (person) => (members.some((member) => member === person) ? null : 'noSeat'),
      by: (person) =>
        person === subject || keptFrom.some((each) => each === person) || sitsInAll(person) ? 'mayNotHold' : null,
    },
  }
}
