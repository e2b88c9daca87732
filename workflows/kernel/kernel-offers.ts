/** What the forms of the kernel's own acts offer as the case stands, as a process says it of its own acts. */
import type { AnyOffer, FieldError, IsoDate, KernelTask, ProcessContract, Reason, Role, RuleRow } from './contract'
import { ADVANCE, REPLACE_MEMBER } from './kernel-forms'
import { addDays } from './law/calendar'
import { isAccessAct, whyNoAccessChange, type Keeps } from './law/kept'
import { isSuspensionAct, suspensionKind, whyNotGround, type Suspension, type SuspensionAct } from './law/suspension'
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
  /** what the rules of the process say of its grounds of suspension */
  readonly suspends?: object | undefined
  /** may the reader do on the case what these roles do? */
  readonly may: (by: readonly Role[]) => boolean
}

type Bound = { readonly on: IsoDate; readonly code: FieldError }
type Stops = Readonly<Record<string, (facts: unknown, context: unknown) => Reason | null>>

/** Why a ground cannot be chosen: by the register, by whoever asks, or by the rules of the process. */
const groundRefusal =
  (act: SuspensionAct, standing: KernelStanding) =>
  (ground: unknown, facts: unknown, context: unknown): string | null => {
    const name = String(ground)
    const error = whyNotGround(act, name, standing)
    if (error) return error
    if (!standing.may(suspensionKind(standing.contract, name)?.by ?? [])) return 'groundNotYours'
    // each was held against the grounds of its contract where the process was defined
    const stops = standing.suspends as Stops | undefined

    return act === 'suspend' && stops?.[name]?.(facts, context) ? 'groundNotNow' : null
  }

/** The offer of a task of the kernel; undefined where everything may be chosen. */
export const kernelTaskOffer = (kind: KernelTask, today: IsoDate): AnyOffer | undefined =>
  kind === 'reviewSuspension'
    ? { days: { expectedUntil: () => ({ from: { on: addDays(today, 1), code: 'past' } }) } }
    : undefined

/** From which day on a suspension may begin: whether that may have passed, its ground says. */
const firstDayFrom = ({ contract, today, begunOn }: KernelStanding): Bound =>
  Object.values(contract.suspends ?? {}).some(({ recordedLater }) => recordedLater)
    ? { on: begunOn, code: 'beforeCase' }
    : { on: today, code: 'groundFromToday' }

/** The offer of an act of the kernel; undefined where everything may be chosen. */
export function kernelOffer(act: string, standing: KernelStanding): AnyOffer | undefined {
  const { commissions, subject, today, keptFrom, restrictedTo } = standing
  if (act === ADVANCE) return { days: { to: () => ({ from: { on: addDays(today, 1), code: 'past' } }) } }
  if (isSuspensionAct(act))
    return {
      refuses: { ground: groundRefusal(act, standing) },
      ...(act === 'suspend' && {
        days: {
          expectedUntil: () => ({ from: { on: addDays(today, 1), code: 'past' } }),
          suspendedFrom: () => ({ from: firstDayFrom(standing), to: { on: today, code: 'notYet' } }),
        },
      }),
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
