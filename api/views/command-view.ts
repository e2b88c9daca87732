/** A command as its sender sees it, and the answer that a request gets for one. */
import type { StoredCommand } from '../../prisma/store/commands'
import { Problem, problemOf, problemOfStored } from '../http/problems'
import type { Reply } from '../http/route'
import type { Service } from '../service/service'
import type { CommandView } from '../shapes/views'
import { standstillOf } from './standstill'

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
    body: await commandView(service, { ...command, state: 'stored', outcome: null }),
    headers: { Location: `/api/commands/${command.id}`, 'Retry-After': '1' },
  }
}

/** A command as its sender sees it. */
export async function commandView(service: Service, command: StoredCommand): Promise<CommandView> {
  const { db } = service
  const { outcome } = command
  const file =
    outcome && outcome.result !== 'done'
      ? await db.case.findUnique({ where: { id: command.caseId }, select: { number: true } })
      : null

  return {
    id: command.id,
    state: command.state,
    caseId: command.caseId,
    taskId: command.taskId,
    receivedAt: command.receivedAt.toISOString(),
    outcome:
      outcome === null || outcome.result === 'done'
        ? outcome
        : { ...outcome, caseId: command.caseId, number: file?.number ?? '' },
    problem: command.problem && problemOfStored(command.problem),
    standstill: command.state === 'stored' ? await standstillOf(service, command.caseId).catch(whileAway) : null,
  }
}

/** A stored command has its answer while the database is away: only whether its case stands still is not known then. */
function whileAway(error: unknown): null {
  if (problemOf(error).body.code !== 'unavailable') throw error

  return null
}
