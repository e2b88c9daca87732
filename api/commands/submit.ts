/**
 * The way of everything a person sends to a case: stored with its key before it is sent, sent as an Update under its own id,
 * and sent again until it has an outcome. Whatever dies in between, the answer is neither lost nor doubled.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { noteIncident } from '../../prisma/store/incidents'
import {
  commandById,
  newContent,
  refOf,
  settleCommand,
  storeCommand,
  type NewCommand,
  type Settlement,
  type Stored,
  type StoredCommand,
  type UnnamedStart,
} from '../../prisma/store/commands'
import type { UsedFiles } from '../../prisma/store/files'
import { settleAwaitEnd } from '../../prisma/store/linked-cases'
import type {
  Capacity,
  CaseId,
  CommandId,
  Instant,
  PersonId,
  TaskId,
  Sender as SenderOf,
} from '../../workflows/kernel/contract'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { CaseInput, MessageKind, ToldOf } from '../../workflows/kernel/protocol/messages'
import type { Opening } from '../../workflows/kernel/protocol/opening'
import { invalid, leavesInDoubt, Problem, problemOfRefusal } from '../http/problems'
import type { Sending } from '../http/sending'
import type { Service } from '../service/service'
import type { Sent } from '../service/temporal'

export interface Submission {
  readonly case: CaseId
  readonly kind: MessageKind
  readonly act?: string
  readonly actor: SenderOf
  /** absent: of a start whose sender is not named */
  readonly capacity?: Capacity
  readonly unnamed?: UnnamedStart
  readonly task: { readonly id: TaskId; readonly version: number; readonly holder: PersonId } | null
  /** the whole form as sent, kept apart from history */
  readonly content: unknown
  /** files that it names: they belong to it from then on */
  readonly files: UsedFiles | null
  /** of a start: a closed case that it continues */
  readonly continues?: CaseId
  /** what the workflow is told beside what every message carries */
  readonly message: ToldOf<MessageKind>
  /** of a start: what its workflow begins with */
  readonly input?: Omit<CaseInput, 'content'>
  /** of a start: law and calendar as they are known now; when it is sent again it asks for those of that time */
  readonly opening?: Opening
}

const LOOK_EVERY_MS = 150

/**
 * Stores it, sends it and waits a while for its outcome; throws the problem when nothing could be stored. Whoever sends the same again
 * gets the answer to what was stored before (`answerOnce`).
 */
export async function submit(service: Service, sending: Sending, submission: Submission): Promise<StoredCommand> {
  const id = randomUUID() as CommandId
  const content = newContent(submission.content)
  const { actor, capacity, task, kind, input, opening, unnamed, files, continues } = submission
  const kept = refOf(content)
  const message = { command: id, actor, capacity, content: kept, ...submission.message }
  const payloadWith = (received: { readonly receivedAt?: Instant }, begins: Pick<CaseInput, 'opening'> = {}) =>
    input
      ? {
          ...{ input: { ...input, ...begins, content: kept }, message: { ...message, ...received } },
          ...(continues && { continues }),
        }
      : { ...message, ...received }
  const told = { ...sending, id, caseId: submission.case, kind, act: submission.act ?? null }
  const result = await storeSurely(service, {
    ...{ ...told, payload: payloadWith({}), actor, content, task },
    ...(unnamed && { unnamed }),
    ...(files && { files }),
    ...(continues && { continues }),
    ...(input?.aboutCase && { aboutCase: input.aboutCase }),
  })
  if (result !== 'perhaps' && !result.stored) throw notStored(result.why)
  const receivedAt = result === 'perhaps' ? instant(service.now()) : result.receivedAt
  const command: StoredCommand = {
    ...told,
    payload: payloadWith({ receivedAt }, opening && { opening }),
    taskId: task?.id ?? null,
    receivedAt: new Date(receivedAt),
    state: 'stored',
    outcome: null,
    problem: null,
  }

  // perhaps stored: its address will tell, and the same key asks again
  return result === 'perhaps' ? command : sendFirst(service, command)
}

/**
 * Stores it. When the connection is lost while Postgres may be at it, nobody knows whether it is stored: the same command is
 * stored again until Postgres says, for as long as a request waits. Throws only when nothing was stored.
 */
async function storeSurely({ db, answerWithinMs }: Service, command: NewCommand): Promise<Stored | 'perhaps'> {
  const until = Date.now() + answerWithinMs
  for (let doubt = false; ;) {
    try {
      return await storeCommand(db, command)
    } catch (error) {
      doubt ||= leavesInDoubt(error)
      if (!doubt) throw error
      if (Date.now() > until) return 'perhaps'
    }
    await sleep(LOOK_EVERY_MS)
  }
}

const notStored = (why: Exclude<Stored, { readonly stored: true }>['why']): Problem =>
  why === 'filesUsed' ? invalid({ form: 'fileGone' }) : notChanged(why === 'keyUsed' ? 'taken' : why)

/** Why a task could not be changed, as a problem. */
export const notChanged = (why: 'absent' | 'stale' | 'taken' | 'tooLate' | 'completing'): Problem =>
  Problem.for(why === 'absent' ? 'notFound' : why)

/** What it takes to send a command that is stored. */
export interface Sender extends Pick<Service, 'db' | 'answerWithinMs' | 'processes'> {
  readonly log: Pick<Service['log'], 'warn' | 'error'>
  readonly engine: Pick<Service['engine'], 'send'>
  readonly metrics: Pick<Service['metrics'], 'command'>
}

/**
 * Sends a stored command once. An Update answers only after the step it belongs to was recorded, and the record wrote its
 * outcome: there is nothing left to write. Should that not be so, it is sent again and then written down.
 */
async function sendFirst(service: Sender, command: StoredCommand): Promise<StoredCommand> {
  const sent = await sendTo(service, command)
  if (sent.result === 'answered') return { ...command, state: 'done', outcome: sent.outcome }

  return writtenDown(service, command, sent)
}

/** Sends a stored command again and writes down what came of it; without an outcome it stays stored. */
export const sendAgain = async (service: Sender, command: StoredCommand): Promise<StoredCommand> =>
  writtenDown(service, command, await sendTo(service, command))

async function sendTo(service: Sender, command: StoredCommand): Promise<Sent> {
  const sent = await service.engine.send(command, service.answerWithinMs)
  service.metrics.command(command.kind, sent.result)

  return sent
}

async function writtenDown(service: Sender, command: StoredCommand, sent: Sent): Promise<StoredCommand> {
  try {
    return await settled(service, command, sent)
  } catch (error) {
    // it is stored and will be sent again: whoever sent it must not hear that nothing was
    service.log.warn({ command: command.id, err: error }, 'the outcome of a command could not be written down')

    return command
  }
}

async function settled({ db, log, processes }: Sender, command: StoredCommand, sent: Sent): Promise<StoredCommand> {
  if (sent.result === 'unknown')
    log.warn({ command: command.id, why: sent.why }, 'a command has no outcome yet; it will be sent again')
  if (sent.result === 'failed')
    log.error({ command: command.id, why: sent.why }, 'an update failed otherwise than by refusal')
  // nobody reads the answer to what no person sent: before it is written down an operator has to know
  if (sent.result === 'refused' && sent.refusal.reason.code === 'case.full')
    await noteIncident(db.sql, command.caseId, 'manyMessages', { refused: command.kind })
  const settlement = settlementOf(sent)

  if (!settlement) return (await commandById(db, command.id)) ?? command
  const written =
    command.kind === 'awaitEnd'
      ? settleAwaitEnd(db, processes, command, settlement)
      : settleCommand(db, command, settlement)

  return (await written) ?? command
}

function settlementOf(sent: Sent): Settlement | null {
  switch (sent.result) {
    case 'answered':
      return { result: 'done', outcome: sent.outcome }
    case 'refused':
      return { result: 'refused', problem: problemOfRefusal(sent.refusal) }
    case 'gone':
      return { result: 'gone', problem: Problem.for('caseClosed').body }
    case 'failed':
      return { result: 'refused', problem: Problem.for('conflict').body }
    case 'unknown':
      return null
  }
}
