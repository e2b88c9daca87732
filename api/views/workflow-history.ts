/** The Temporal history of a case, decoded for developers and administrators. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { archivedHistory } from '../../prisma/store/cases'
import type { CaseId } from '../../workflows/kernel/contract'
import { PayloadKeyMissing, type PayloadKeys } from '../service/payload-keys'
import { Problem } from '../http/problems'
import type { Service } from '../service/service'
import { classOfFailure, framesOf } from '../service/thrown'
import type { HistoryEventView } from '../shapes/views'

const unzip = promisify(gunzip)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const bytesOf = (value: unknown): Uint8Array => Buffer.from(text(value), 'base64')

/** What of a payload tells the course of a case, by the name under which it stands: no text, no answer, nobody's name. */
const OF_COURSE: ReadonlySet<string> = new Set([
  ...[
    'kind',
    'act',
    'task',
    'case',
    'command',
    'id',
    'n',
    'step',
    'stage',
    'state',
    'status',
    'result',
    'code',
    'effect',
    'key',
  ],
  ...['process', 'version', 'regime', 'name', 'document', 'clock', 'list', 'total', 'as', 'opens', 'end', 'rehearsal'],
  ...['at', 'on', 'due', 'from', 'to', 'startsOn', 'endsOn', 'openedOn', 'openedAt', 'receivedAt', 'wakes', 'dueAt'],
  ...['role', 'body', 'agency', 'capacity', 'reminded', 'suspended', 'zone', 'profile', 'speed'],
])
/** Names under which everything is content, whatever it is called there. */
const CONTENT: ReadonlySet<string> = new Set([
  'form',
  'facts',
  'answer',
  'params',
  'people',
  'positions',
  'parties',
  'explanation',
  'steps',
])

/** Names under which an id is that of a case, a task or a message. Elsewhere an id may be a person's, or stand in a key made of one. */
const IDS: ReadonlySet<string> = new Set(['id', 'case', 'task', 'command'])
const HAS_ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/

/** A payload without what people said: the shape of everything, the values of what tells the course. */
function outline(value: unknown, name = ''): unknown {
  if (CONTENT.has(name) && value !== null) return '(…)'
  if (Array.isArray(value)) return value.map((inner) => outline(inner, name))
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, outline(inner, key)]))
  if (typeof value === 'string' && HAS_ID.test(value) && !IDS.has(name)) return '(…)'
  if (value === null || typeof value === 'boolean' || OF_COURSE.has(name)) return value

  return '(…)'
}

const isFailure = (value: Record<string, unknown>): boolean =>
  typeof value['message'] === 'string' &&
  Object.keys(value).some((key) => key === 'stackTrace' || key === 'source' || key.endsWith('FailureInfo'))

/**
 * A failure without what it says of itself, which may quote an answer where the code of a process threw it: its class and where it was
 * thrown. What Temporal says of others is its own.
 */
function unsaid(failure: Record<string, unknown>): Record<string, unknown> {
  const isTemporals = Object.keys(failure).some(
    (key) => key.endsWith('FailureInfo') && key !== 'applicationFailureInfo',
  )
  if (isTemporals) return failure
  const { message, stackTrace } = failure
  const said = { message: text(message), stackTrace: text(stackTrace) }
  const type = text(at(failure, 'applicationFailureInfo', 'type'))

  return { ...failure, message: classOfFailure({ ...said, type }) ?? '(…)', stackTrace: framesOf(said.stackTrace) }
}

/** Payloads replaced by what they hold. */
function decoded(value: unknown, keys: Opening): unknown {
  if (Array.isArray(value)) return value.map((inner) => decoded(inner, keys))
  if (!isRecord(value)) return value
  const metadata = value['metadata']
  if (isRecord(metadata) && 'encoding' in metadata) return payload(metadata, value['data'], keys)
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== null && inner !== undefined)
    .map(([key, inner]) => [key, decoded(inner, keys)] as const)

  const object = Object.fromEntries(members)

  return !keys.content && isFailure(object) ? unsaid(object) : object
}

function payload(metadata: Record<string, unknown>, data: unknown, { keys, content }: Opening): unknown {
  try {
    const opened = keys.open({
      metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, bytesOf(value)])),
      data: bytesOf(data),
    })
    const encoding = Buffer.from(opened.metadata?.['encoding'] ?? []).toString('utf8')
    if (encoding === 'binary/null') return null
    if (!encoding.startsWith('json/')) return `(${encoding})`

    const held: unknown = JSON.parse(Buffer.from(opened.data ?? []).toString('utf8'))

    return content ? held : outline(held)
  } catch (error) {
    return error instanceof PayloadKeyMissing ? `(${error.message})` : '(unreadable)'
  }
}

const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value)

/** Which attribute says, in a word, what an event is about. */
const SUMMARIES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  WorkflowExecutionStarted: [['workflowType', 'name']],
  WorkflowExecutionUpdateAccepted: [['acceptedRequest', 'input', 'name']],
  WorkflowExecutionUpdateCompleted: [['meta', 'updateId']],
  ActivityTaskScheduled: [['activityType', 'name']],
  ActivityTaskStarted: [['identity']],
  TimerStarted: [['startToFireTimeout']],
  TimerFired: [['timerId']],
  TimerCanceled: [['timerId']],
  WorkflowTaskFailed: [['failure', 'message'], ['cause']],
  ActivityTaskFailed: [['failure', 'message']],
  WorkflowExecutionFailed: [['failure', 'message']],
}

/** `EVENT_TYPE_TIMER_STARTED` or `TimerStarted` → `TimerStarted`. */
function typeOf(value: unknown): string {
  const name = text(value).replace(/^EVENT_TYPE_/, '')
  if (!/^[A-Z0-9_]+$/.test(name)) return name

  return name
    .toLowerCase()
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

function eventView(event: Record<string, unknown>, keys: Opening): HistoryEventView {
  const type = typeOf(event['eventType'])
  const [, raw] = Object.entries(event).find(([key]) => key.endsWith('EventAttributes')) ?? []
  const attributes = decoded(raw, keys)
  const summary = (SUMMARIES[type] ?? []).map((path) => text(at(attributes, ...path))).find((word) => word !== '') ?? ''

  return {
    id: Number(text(event['eventId'])),
    at: text(event['eventTime']),
    type,
    summary,
    attributes: isRecord(attributes) ? attributes : {},
  }
}

/** How payloads are read: with what people said, or without. */
interface Opening {
  readonly keys: PayloadKeys
  readonly content: boolean
}

/** Every event in order; from the archive when the case is closed, else from Temporal. Empty when neither knows the case. */
export async function historyOf(
  { db, engine, log, keys }: Pick<Service, 'db' | 'engine' | 'log' | 'keys'>,
  id: CaseId,
  { content }: Pick<Opening, 'content'>,
): Promise<HistoryEventView[]> {
  const archived = await archivedHistory(db, id)
  const history: unknown = archived
    ? JSON.parse((await unzip(archived)).toString('utf8'))
    : await engine.history(id).catch((error: unknown) => {
        log.warn({ err: error }, 'a history could not be read')
        throw Problem.for('historyUnavailable')
      })
  const events = at(history, 'events')

  return Array.isArray(events) ? events.filter(isRecord).map((event) => eventView(event, { keys, content })) : []
}
