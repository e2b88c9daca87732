/** The one place that asks the server: JSON in and out, problems (RFC 9457) as `HttpError` with a sentence in the person's language. */
import { HttpError } from 'react-admin'
import type { Reason } from '../../../workflows/kernel/contract'
import type { Problem } from '../../../api/shapes/views'
import { currentLocale } from '../locale'
import { formatDate, isIsoDate } from '../words/dates'
import { i18nProvider, wordSpaces } from './i18nProvider'

export interface ProblemBody {
  problem: Problem | null
  /** dotted field → sentence, as react-admin's forms and ours want it */
  errors?: Record<string, string>
}

export interface HttpOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  json?: unknown
  signal?: AbortSignal | undefined
  headers?: Record<string, string>
  /** lets the request outlive the page, for a draft saved while leaving */
  keepalive?: boolean
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'

/** A code of a field in words; an unknown code is shown as a plain "not accepted". */
export const fieldError = (code: string): string =>
  inSomeSpace(`errors.${code}`) || i18nProvider.translate('app.problem.field')

/** What to say of a problem: the words of its code, else what the server says, else the words of its status. */
export function problemSentence(problem: Problem | null, status: number): string {
  const known = ['0', '401', '403', '404', '409', '412', '422', '503'].includes(String(status))
  const fallback = i18nProvider.translate(`app.problem.${known ? status : 'other'}`)
  if (!problem) return fallback
  const words = i18nProvider.translate(`kernel.problems.${problem.code}`, { ...paramsInWords(problem), _: '' })
  const because = problem.reason ? reasonSentence(problem.reason) : ''

  return because || words || problem.detail || fallback
}

/** Names in the language of the page, and dates written out. */
const paramsInWords = ({ params = {} }: Problem): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === 'object'
        ? value[currentLocale()]
        : isIsoDate(value)
          ? formatDate(value, currentLocale())
          : value,
    ]),
  )

/** A reason says more than the code of its problem. */
const reasonSentence = ({ code, params }: Reason): string => inSomeSpace(`reasons.${code}`, params)

/** The words at a key, of the kernel or of a process; which process it comes from, the problem does not say. */
function inSomeSpace(key: string, params: Reason['params'] = {}): string {
  for (const space of wordSpaces()) {
    const words = i18nProvider.translate(`${space}.${key}`, { ...params, _: '' })
    if (words !== '') return words
  }

  return ''
}

async function failure(response: Response): Promise<HttpError> {
  const body: unknown = await response.json().catch(() => null)
  const problem = isProblem(body) ? body : null
  const detail: ProblemBody = problem?.errors ? { problem, errors: problemErrors(problem) } : { problem }

  return new HttpError(problemSentence(problem, response.status), response.status, detail)
}

/**
 * Calls the API and answers its JSON. Throws `HttpError`, with status 0 when the network or the service is away.
 */
export async function http<T>(path: string, options: HttpOptions = {}): Promise<{ status: number; body: T }> {
  const { method = 'GET', json, signal, headers, keepalive = false } = options
  let response: Response
  try {
    response = await fetch(path, {
      method,
      keepalive,
      credentials: 'same-origin',
      ...(signal ? { signal } : {}),
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      headers: {
        accept: 'application/json',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new HttpError(problemSentence(null, 0), 0, { problem: null } satisfies ProblemBody)
  }
  if (!response.ok) throw await failure(response)
  const body: T = response.status === 204 ? undefined : await response.json()

  return { status: response.status, body }
}

/** Sends the bytes of a file and answers what comes back; fetch cannot tell how much has arrived. Throws like `http`, and when it is stopped. */
export async function sendFile<T>(
  path: string,
  { file, signal, told }: { file: File; signal: AbortSignal; told: (done: number) => void },
): Promise<T> {
  const request = new XMLHttpRequest()
  request.open('POST', path)
  request.setRequestHeader('accept', 'application/json')
  request.setRequestHeader('content-type', 'application/octet-stream')
  request.upload.onprogress = ({ loaded, total }) => told(total > 0 ? loaded / total : 0)
  signal.addEventListener('abort', () => request.abort())
  await new Promise((done) => {
    request.onloadend = done
    request.send(file)
  })
  if (request.status === 0) throw new HttpError(problemSentence(null, 0), 0, { problem: null } satisfies ProblemBody)
  const response = new Response(request.responseText, { status: request.status })
  if (!response.ok) throw await failure(response)
  const body: T = await response.json()

  return body
}

/** Dotted field → sentence, of a problem. */
export const problemErrors = (problem: Problem | null): Record<string, string> =>
  Object.fromEntries(Object.entries(problem?.errors ?? {}).map(([field, code]) => [field, fieldError(code)]))

/** Status, problem and errors of whatever was thrown. */
export function failureOf(error: unknown): {
  status: number
  message: string
  problem: Problem | null
  errors: Record<string, string>
} {
  if (error instanceof HttpError) {
    const body: unknown = error.body
    const has = typeof body === 'object' && body !== null
    const problem = has && 'problem' in body && isProblem(body.problem) ? body.problem : null

    return { status: error.status, message: error.message, problem, errors: problemErrors(problem) }
  }

  return { status: -1, message: i18nProvider.translate('app.problem.other'), problem: null, errors: {} }
}

/** A key under which the server knows a repeated request; `randomUUID` is absent on plain http from another machine. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))

  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
