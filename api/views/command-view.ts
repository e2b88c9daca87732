/** A command as its sender sees it, and the answer that a request gets for one. */
import { setTimeout as sleep } from 'node:timers/promises'
import { casesByIds } from '../../prisma/store/about'
import { commandByKey, type StoredCommand } from '../../prisma/store/commands'
import { isUnnamed, type KernelReason } from '../../workflows/kernel/contract'
import type { MessageOutcome } from '../../workflows/kernel/protocol/messages'
import { Problem, problemOf, problemOfStored } from '../http/problems'
import type { Reply } from '../http/route'
import type { Sending } from '../http/sending'
import type { Service } from '../service/service'
import type { CommandView } from '../shapes/views'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { caseRef } from '../policy/cases'
import { standstillOf } from './standstill'

const LOOK_EVERY_MS = 150

/**
 * The answer to what was sent under a key. What was stored before under it is the answer to whoever sends the same again, whatever has
 * become of its case since.
 */
export async function answerOnce(
  service: Service,
  sending: Sending,
  sent: Promise<StoredCommand>,
  done: (command: StoredCommand) => Promise<Reply>,
): Promise<Reply> {
  const command = await sent.catch(async (refused: unknown) => {
    const before = await sentBefore(service, sending)
    if (!before) throw refused

    return before
  })

  return answerTo(service, command, done)
}

/** The answer to a command: what `done` makes of it, its problem, or 202 with its address. */
export async function answerTo(
  service: Service,
  command: StoredCommand,
  done: (command: StoredCommand) => Promise<Reply>,
): Promise<Reply> {
  if (command.problem) throw Problem.of(problemOfStored(command.problem))
  if (command.state === 'done') {
    try {
      return await done(command)
    } catch (error) {
      // what is done is not taken back because its page cannot be read just now: the address says so a moment later
      if (problemOf(error).body.code !== 'unavailable') throw error
    }
  }

  return {
    status: 202,
    body: { ...(await stateOf(service, { ...command, state: 'stored' })), outcome: null },
    headers: { Location: `/api/commands/${command.id}`, 'Retry-After': '1' },
  }
}

/**
 * What was stored before under this key, once it has an outcome or the time to wait is over; null when nothing was. Throws when the
 * key came with another request.
 */
async function sentBefore(
  { db, answerWithinMs }: Service,
  { principal, key, digest }: Sending,
): Promise<StoredCommand | null> {
  for (const until = Date.now() + answerWithinMs; ; await sleep(LOOK_EVERY_MS)) {
    const known = await commandByKey(db, principal, key)
    if (known && known.digest !== digest) throw Problem.for('idempotencyKeyReused')
    if (known?.state !== 'stored' || Date.now() > until) return known
  }
}

/** Refusals that are about the register alone. */
const OF_REGISTER: readonly string[] = ['registerGap', 'outsideCalendar'] satisfies KernelReason[]

/**
 * What a sender hears of an outcome. Whoever is not named in the case that he starts hears only that it was received: anybody may start
 * one about anybody, and why a story refuses it may be that there is another case.
 */
const heardBySender = (
  { principal }: StoredCommand,
  outcome: MessageOutcome,
): MessageOutcome | { result: 'received' } =>
  isUnnamed(principal) && !(outcome.result === 'refused' && OF_REGISTER.includes(outcome.reason.code))
    ? { result: 'received' }
    : outcome

/**
 * A command as its sender sees it: of a case that he finds no longer he is told neither id nor number. The number of a start without
 * his name is its receipt, which is no look at the case: the access log would name him.
 */
export async function commandView(service: Service, viewer: Viewer, command: StoredCommand): Promise<CommandView> {
  const outcome = command.outcome && heardBySender(command, command.outcome)
  const [view, [file]] = await Promise.all([
    stateOf(service, command),
    casesByIds(service.db, viewer, [command.caseId]),
  ])
  const seen = !file || isUnnamed(command.principal) ? file : caseRef(viewer, file)
  const [caseId, number] = [seen === null ? null : command.caseId, seen?.number ?? null]

  return {
    ...view,
    caseId,
    taskId: seen === null ? null : view.taskId,
    outcome: outcome === null || outcome.result === 'done' ? outcome : { ...outcome, caseId, number },
  }
}

/** A command as it was sent, without what came of it. */
async function stateOf(service: Service, command: StoredCommand): Promise<Omit<CommandView, 'outcome'>> {
  return {
    id: command.id,
    state: command.state,
    caseId: command.caseId,
    taskId: command.taskId,
    receivedAt: command.receivedAt.toISOString(),
    problem: command.problem && problemOfStored(command.problem),
    standstill: command.state === 'stored' ? await standstillOf(service, command.caseId).catch(whileAway) : null,
  }
}

/** A stored command has its answer while the database is away: only whether its case stands still is not known then. */
function whileAway(error: unknown): null {
  if (problemOf(error).body.code !== 'unavailable') throw error

  return null
}
