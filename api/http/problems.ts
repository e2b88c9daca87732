/** Errors as people and programs are told them: RFC 9457 problems with a code that the console puts in words. */
import type { ErrorRequestHandler } from 'express'
import type { Capacity, FieldError, KernelReason, Reason } from '../../workflows/kernel/contract'
import type { Logger } from 'pino'
import type { Refusal } from '../../workflows/kernel/protocol/messages'
import type { Problem as ProblemBody } from '../../workflows/kernel/protocol/problem'

/** Every problem, with its status and an English title; words `problems.<code>`. */
export const PROBLEMS = {
  malformed: [400, 'The request cannot be read'],
  badQuery: [400, 'The query is not understood'],
  notSignedIn: [401, 'Not signed in'],
  forbidden: [403, 'Not yours to do'],
  crossSite: [403, 'Requests from other sites are refused'],
  notFound: [404, 'No such thing, or not yours to see'],
  methodNotAllowed: [405, 'This address does not take this method'],
  notAcceptable: [406, 'Not available in this form'],
  timedOut: [408, 'The request did not arrive in time'],
  taken: [409, 'Somebody else was first'],
  notPutOff: [409, 'This task is not put off until that day'],
  tooLate: [409, 'It is too late for this'],
  completing: [409, 'An answer is already on its way'],
  caseClosed: [409, 'The case is closed'],
  caseNotClosed: [409, 'The case has not ended'],
  conflict: [409, 'This contradicts what is there'],
  stale: [412, 'It has changed since you read it'],
  tooLarge: [413, 'Too large'],
  fileTooLarge: [413, 'This file is larger than the field accepts'],
  uploadsFull: [409, 'Too many files that you uploaded wait to be used'],
  wrongType: [415, 'Send application/json, or the bytes of a file as application/octet-stream'],
  capacityRequired: [422, 'Say in which capacity you act'],
  invalidForm: [422, 'Some fields need correcting'],
  idempotencyKeyReused: [422, 'This Idempotency-Key came with another request'],
  refused: [422, 'Refused'],
  fileEmpty: [422, 'This file is empty'],
  fileKind: [422, 'The content of this file is of a kind that the field does not accept'],
  fileInfected: [422, 'Malware was found in this file'],
  fileCutOff: [400, 'The file did not arrive whole'],
  pastTerm: [422, 'A task is put off no further than its term'],
  positionHeld: [422, 'Somebody else holds the position then'],
  personHeld: [422, 'The person holds another post then'],
  versionRequired: [428, 'Say which version you read, in If-Match'],
  tooManyStreams: [429, 'As many streams are open as may be'],
  addressTooLong: [431, 'The address or the headers are too long'],
  paperBeingMade: [409, 'The paper of this document is still being made'],
  fileDamaged: [500, 'Bytes of this file are lost or were changed'],
  documentDamaged: [500, 'What this document is made of is lost or was changed'],
  internal: [500, 'Something went wrong on our side'],
  unavailable: [503, 'Nothing was stored; try again'],
  notLogged: [503, 'Who looks could not be written down, so nothing is shown; what was sent and stored before is kept'],
  handledNotLogged: [
    503,
    'What was sent is handled and kept; who looks could not be written down, so what came of it is not shown now',
  ],
  historyUnavailable: [503, 'The workflow engine cannot be asked now; try again'],
} as const satisfies Record<string, readonly [number, string]>
export type ProblemCode = keyof typeof PROBLEMS

interface Extra {
  /** what lies behind it: for the log of the process alone */
  readonly cause?: unknown
  readonly detail?: string
  readonly params?: NonNullable<ProblemBody['params']>
  readonly errors?: Record<string, string>
  readonly reason?: Reason
  readonly capacities?: Capacity[]
  readonly status?: number
}

/** Thrown by a handler, answered by the one error handler. */
export class Problem extends Error {
  private constructor(
    readonly body: ProblemBody,
    cause?: unknown,
  ) {
    super(body.detail ?? body.title, { cause })
  }

  /** A problem as it was told before, or by a workflow. */
  static of(body: ProblemBody): Problem {
    return new Problem(body)
  }

  static for(code: ProblemCode, { cause, ...extra }: Extra = {}): Problem {
    const [status, title] = PROBLEMS[code]

    return new Problem({ type: `urn:mansap:problem:${code}`, title, status, code, ...extra }, cause)
  }
}

/** What a workflow refused, as a problem. */
export function problemOfRefusal({ status, reason, errors }: Refusal): ProblemBody {
  const code = { 403: 'forbidden', 409: 'tooLate', 412: 'stale', 422: errors ? 'invalidForm' : 'refused' } as const

  return Problem.for(code[status], { reason, ...(errors ? { errors: { ...errors } } : {}) }).body
}

/** The problem of a stored command, in the words of this API: the record stores a refusal as the workflow gave it. */
export function problemOfStored(stored: ProblemBody): ProblemBody {
  const { type, status, reason, errors } = stored
  if (type !== 'about:blank' || !reason) return stored
  const fits = REFUSAL_STATUSES.find((each) => each === status) ?? 409

  return problemOfRefusal({ status: fits, reason, ...(errors ? { errors } : {}) })
}
const REFUSAL_STATUSES = [403, 409, 412, 422] as const

/** The problem that fits a refusal of the policy or of a workflow. */
export const forbidden = (reason: Reason<KernelReason>): Problem => Problem.for('forbidden', { reason })
export const invalid = (errors: Record<string, FieldError>): Problem => Problem.for('invalidForm', { errors })
/** What the rules of a process find wrong with a form, in codes of its own. */
export const invalidByRules = (errors: Readonly<Record<string, string>>): Problem =>
  Problem.for('invalidForm', { errors: { ...errors } })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** What a driver says of its connection: a code (SQLSTATE, of a socket, or of Prisma and its kinds), and where it has none, how its message begins. */
interface Saying {
  readonly codes: RegExp
  readonly words: RegExp
}
/** The database is away. */
const AWAY: Saying = {
  codes:
    /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|EPIPE|57P0[1-4]|08\d{3}|53\d{3}|P1001|P1002|P1008|P1017|P2024|P2037|DatabaseNotReachable|ConnectionClosed|TooManyConnections|SocketTimeout)$/,
  words: /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/,
}
/** Of those, the ones in which it was never reached, or said itself that it did nothing. */
const NEVER_REACHED: Saying = {
  codes: /^(ECONNREFUSED|ENOTFOUND|53\d{3}|57P03|P1001|P2024|P2037|DatabaseNotReachable|TooManyConnections)$/,
  words:
    /^(Connection terminated due to connection timeout|Client has encountered a connection error|timeout exceeded when trying to connect)/,
}

/** However deep the drivers have wrapped it. A message beside a code is not read: it may quote what people typed, and ids. */
function tells(error: unknown, what: Saying, depth = 0): boolean {
  if (!isRecord(error) || depth > 4) return false
  const { code, originalCode, kind, message, cause, meta } = error
  const codes = [code, originalCode, kind].filter((each) => typeof each === 'string')
  if (codes.some((each) => what.codes.test(each))) return true
  if (codes.length === 0 && typeof message === 'string' && what.words.test(message)) return true

  return [cause, isRecord(meta) ? meta['driverAdapterError'] : null].some((inner) => tells(inner, what, depth + 1))
}

/** Was the connection to the database lost so that nobody knows whether it did what it was told? */
export const leavesInDoubt = (error: unknown): boolean => tells(error, AWAY) && !tells(error, NEVER_REACHED)

/** What an error of any layer means to the one who asked. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (!isRecord(error)) return Problem.for('internal')
  const { code, status } = error
  if (code === 'P2002' || code === 'P2003' || code === '23505') return Problem.for('conflict')
  if (code === 'P2025') return Problem.for('notFound')
  // the body parser and the router say by a status what they could not read
  if (typeof status === 'number' && status >= 400 && status < 500) {
    if (status === 413) return Problem.for('tooLarge')
    if (status === 415) return Problem.for('wrongType')
    if (status === 404) return Problem.for('notFound')

    return Problem.for('malformed')
  }
  if (tells(error, AWAY)) return Problem.for('unavailable')

  return Problem.for('internal')
}

/** The only place where an error becomes an answer. */
export const errorHandler =
  (log: Logger): ErrorRequestHandler =>
  (error, request, response, next) => {
    const problem = problemOf(error)
    if (problem.body.status >= 500)
      log.error({ err: error, method: request.method, route: response.locals['route'] as unknown }, problem.body.code)
    if (response.headersSent) {
      next(error)
      return
    }
    if (problem.body.status === 503) response.set('Retry-After', '2')
    response.status(problem.body.status).type('application/problem+json').send(JSON.stringify(problem.body))
  }
