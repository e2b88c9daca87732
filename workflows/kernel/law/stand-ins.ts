/**
 * Whom a case asks when nobody may do a task: the last person has left the role of its addressee, or is excluded. Pure; the API applies
 * it to the register. The order is the kernel's design (confidence D): no act says it, and a contract may say otherwise.
 */
import type { Addressee, BodyKey, Role, StandIn, TaskKind } from '../contract'
import { AGENCY, sameAddressee } from './policy'

/** Where a task belongs: the body of its case, the body of the Agency competent for it, and each body of a chain of superiors. */
export interface Surroundings {
  readonly body: BodyKey
  readonly agency: BodyKey
  /** the bodies above a body, the nearest first */
  readonly above: (body: BodyKey) => readonly BodyKey[]
}

/**
 * Who is asked instead of an addressee, in order. Of a role, unless the contract says otherwise: whom the kind escalates to, the head of
 * the body, then the same role in each body above. Of a named person nobody, unless the contract says it; a vote is nobody else's.
 */
export function standInsOf(
  kind: TaskKind,
  own: Addressee<Role>,
  { body, agency, above }: Surroundings,
): Addressee<Role>[] {
  if (kind.commission) return []
  const { withoutEligible: rule } = kind
  if (own.role === undefined && rule === undefined) return []
  const at = own.role === undefined ? (own.servesIn ?? body) : own.body
  const inBodies = (role: Role, bodies: readonly BodyKey[]): Addressee<Role>[] =>
    bodies.map((each) => ({ role, body: each }))
  const higher = inBodies(own.role ?? 'head', above(at))
  const agencies = inBodies('agency', [agency, AGENCY])
  const overdue = (to: TaskKind['escalatesTo']): Addressee<Role>[] =>
    to === undefined ? [] : to === 'agency' ? agencies : inBodies(to, [body])
  const asked = {
    head: inBodies('head', [at, ...above(at)]),
    agency: agencies,
    parent: higher,
    usual: [...overdue(kind.escalatesTo), ...inBodies('head', [at]), ...higher],
  }[rule ?? 'usual']

  return asked.filter(
    (each, n) => !sameAddressee(each, own) && asked.findIndex((other) => sameAddressee(other, each)) === n,
  )
}

/** A task as the register is asked about it. */
export interface AskedTask {
  /** its addressee by the story */
  readonly own: Addressee<Role>
  /** what was said last */
  readonly standIn: StandIn | null
  /** somebody has taken it up */
  readonly claimed: boolean
}

/**
 * Who is to be asked now: an addressee, nobody (null), or as before. Its own addressee as soon as somebody there may do it, unless
 * somebody who was asked instead has taken it up; whoever is asked instead stays so as long as he may.
 */
export function askedNow(
  { own, standIn, claimed }: AskedTask,
  standIns: readonly Addressee<Role>[],
  isEligible: (addressee: Addressee<Role>) => boolean,
): Addressee<Role> | null | 'asBefore' {
  const by = standIn?.by ?? null
  const stays = by !== null && isEligible(by)
  if (isEligible(own)) return standIn === null || (stays && claimed) ? 'asBefore' : own
  if (stays) return 'asBefore'
  const next = standIns.find(isEligible) ?? null
  const same = next === null ? by === null : by !== null && sameAddressee(next, by)

  return standIn !== null && same ? 'asBefore' : next
}
