/** react-admin's questions, and our commands, as HTTP. Lists know whether there is more, never how much in all. */
import type { Capacity, Unnamed } from '../../../workflows/kernel/contract'
import type { DataProvider, Identifier, RaRecord } from 'react-admin'
import type {
  CaseDetail,
  AdditionView,
  AnswerView,
  CommandView,
  CommentView,
  DayView,
  DocumentDetail,
  DocumentView,
  DraftView,
  EventView,
  FileView,
  HistoryEventView,
  LetterWishView,
  NoticeView,
  OutboxView,
  OfferView,
  Outcome,
  Page,
  PersonRef,
  ProcessView,
  ReaderView,
  RowChangeView,
  TaskDetail,
  TaskVerb,
  TaskView,
  StuckCaseView,
} from '../../../api/shapes/views'
import { currentLocale } from '../locale'
import { failureOf, http, sendFile } from './http'
import { pageEnds } from './pageEnds'

const NOT_A_REGISTER = new Set(['tasks', 'cases', 'documents'])
const pathOf = (resource: string) => (NOT_A_REGISTER.has(resource) ? `/api/${resource}` : `/api/register/${resource}`)
const one = (resource: string, id: Identifier) => `${pathOf(resource)}/${encodeURIComponent(String(id))}`

type Value = string | number | boolean
type Params = Record<string, Value | readonly Value[] | null | undefined>

/** Query string without empty parameters; an array repeats its name. */
export function query(params: Params): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value === undefined || value === null || value === '') continue
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item))
  }
  const text = search.toString()

  return text === '' ? '' : `?${text}`
}

/** Rows of registers are known by `id`, `key` or `code`; react-admin wants `id`. */
function withId<R>(row: R): R {
  if (typeof row !== 'object' || row === null || 'id' in row) return row
  const id = 'key' in row ? row.key : 'code' in row ? row.code : undefined

  return { ...row, id }
}

const withIds = <R>(rows: readonly R[]): R[] => rows.map((row) => withId(row))

interface ListParams {
  pagination?: { page: number; perPage: number }
  sort?: { field: string; order: string }
  filter?: Params
  signal?: AbortSignal
}

/**
 * Names are sorted in the language shown, whatever language an address or a kept list was made in: `name`, `body`, `subject` and
 * `person` are the names of a row, its body, its subject and its person.
 */
const inLanguageShown = (field: string): string =>
  field.replace(/^(name|body|subject|person)(\.\w+)?$/, `$1.${currentLocale()}`)

/** A page, and what to remember of it if it is shown. */
async function page<R extends RaRecord>(resource: string, { pagination, sort, filter, signal }: ListParams) {
  const n = pagination?.page ?? 1
  const asked = {
    ...filter,
    perPage: pagination?.perPage,
    sort: sort && sort.field !== '' ? `${sort.order === 'DESC' ? '-' : ''}${inLanguageShown(sort.field)}` : undefined,
  }
  const of = pathOf(resource) + query(asked)
  const after = pageEnds.before(of, n)
  const at = (place: Params) => http<Page<R>>(pathOf(resource) + query({ ...asked, ...place }), { signal })
  const { body } =
    after === undefined
      ? await at({ page: n })
      : await at({ after }).catch((error: unknown) => {
          // an API of another release, which knows no such place: the page is found by counting
          if (failureOf(error).status !== 400) throw error

          return at({ page: n })
        })
  const { end, ...pageInfo } = body.pageInfo

  return { shown: { data: withIds(body.data), pageInfo }, keep: () => pageEnds.keep(of, n, end) }
}

async function list<R extends RaRecord>(resource: string, params: ListParams) {
  const { shown, keep } = await page<R>(resource, params)
  keep()

  return shown
}

/** What a list would show now. The page that is on the screen, and with it where the next begins, stays. */
const glance = async <R extends RaRecord>(resource: string, params: ListParams) =>
  (await page<R>(resource, params)).shown.data

/** JSON with sorted keys: a form gives back copies of what it was given, with their keys in another order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? ''

/** The fields of a form that differ from its row. */
export const changedFields = (
  form: Readonly<Record<string, unknown>>,
  row: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(form).filter(([field, value]) => canonical(value) !== canonical(row[field])))

/** A version the row was read with; the server refuses the change with 412 when it is no longer the last. */
const ifMatch = (previous: Record<string, unknown> | undefined): Record<string, string> =>
  typeof previous?.['version'] === 'number' ? { 'if-match': `"${previous['version']}"` } : {}

export type Sent<T> = { state: 'done'; value: T } | { state: 'stored'; command: CommandView }

/** 200 and 201 carry the answer, 202 the command that is still under way. */
async function send<T>(path: string, json: unknown, key: string): Promise<Sent<T>> {
  return sentOf(await http<T | CommandView>(path, { method: 'POST', json, headers: { 'idempotency-key': key } }))
}

const sentOf = <T>({ status, body }: { status: number; body: T | CommandView }): Sent<T> =>
  status === 202 ? { state: 'stored', command: body as CommandView } : { state: 'done', value: body as T }

/** An API of the release before does not send these of a case. */
const NOT_TOLD_BEFORE: Pick<CaseDetail, 'next' | 'marks' | 'stages' | 'openTasks'> = {
  next: { code: 'goesOn' },
  marks: [],
  stages: [],
  openTasks: [],
}

/** An API of the release before refuses a question that it does not know: then what it knows is asked. */
const unlessOlder =
  <T>(known: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (failureOf(error).status !== 400) throw error

    return known()
  }

const draftPath = (address: string) => `/api/drafts/${encodeURIComponent(address)}`

/** What is typed into a form, by whom, and in which open form. */
export interface TypedForm {
  form: Record<string, unknown>
  person: string
  writer: string
}

export interface Start {
  form: Record<string, unknown>
  rehearsal?: { set: string; origin?: string; speed?: number }
  capacity?: Capacity
  by?: Unnamed
  /** a closed case that it continues */
  continues?: string
}
export interface Due {
  date: string
  steps: TaskView['due'] extends infer D ? (D extends { steps: infer S } ? S : never) : never
}
export interface CalendarDay {
  date: string
  working: boolean
  reason?: string
  name?: { kk: string; ru: string; en: string }
}
/** How many are in the queues that were asked about. */
export type TaskCounts = Partial<Record<string, number>>

const get = async <T>(path: string, signal?: AbortSignal): Promise<T> => (await http<T>(path, { signal })).body

export const dataProvider = {
  supportAbortSignal: true,
  getList: list,
  glance,
  getOne: async (resource, { id, signal }) => ({
    data: withId((await http<never>(one(resource, id), { signal })).body),
  }),
  getMany: async (resource, { ids, signal }) =>
    list(resource, {
      pagination: { page: 1, perPage: Math.max(ids.length, 1) },
      filter: { id: ids },
      ...(signal ? { signal } : {}),
    }),
  getManyReference: async (resource, { target, id, filter, ...rest }) =>
    list(resource, { ...rest, filter: { ...filter, [target]: id } }),
  create: async (resource, { data }) => ({
    data: withId((await http<never>(pathOf(resource), { method: 'POST', json: data })).body),
  }),
  update: async (resource, { id, data, previousData }) => {
    const { body } = await http<never>(one(resource, id), {
      method: 'PATCH',
      json: changedFields(data, previousData),
      headers: ifMatch(previousData),
    })

    return { data: withId(body) }
  },
  updateMany: () => Promise.reject(new Error('rows are changed one at a time')),
  delete: async (resource, { id, previousData }) => {
    await http<undefined>(one(resource, id), { method: 'DELETE', headers: ifMatch(previousData) })

    return { data: previousData ?? ({ id } as never) }
  },
  deleteMany: () => Promise.reject(new Error('rows are removed one at a time')),

  processes: (signal?: AbortSignal) => get<ProcessView[]>('/api/processes', signal),
  startCase: (process: string, start: Start, key: string) =>
    send<Outcome>(`/api/processes/${encodeURIComponent(process)}/cases`, start, key),
  /** the case, or the start that somebody has sent and that is still under way */
  caseDetail: async (id: string, signal?: AbortSignal): Promise<Sent<CaseDetail>> => {
    const sent = sentOf(await http<CaseDetail | CommandView>(`/api/cases/${id}`, { signal }))

    if (sent.state !== 'done') return sent
    const { status, outcome, closedOn } = sent.value
    const ended = status === 'closed' &&
      closedOn !== null && { next: { code: 'ended', end: outcome, on: closedOn } as const }

    return { ...sent, value: { ...NOT_TOLD_BEFORE, ...ended, ...sent.value } }
  },
  /** `technical`: with what is about the system and not about the matter */
  caseEvents: (id: string, technical: boolean, page: number, signal?: AbortSignal) => {
    const asked = (more: { technical?: boolean }) =>
      get<Page<EventView>>(`/api/cases/${id}/events${query({ page, perPage: 50, sort: '-seq', ...more })}`, signal)

    return asked({ technical }).catch(unlessOlder(() => asked({})))
  },
  caseTasks: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<TaskView>>(`/api/cases/${id}/tasks${query({ page, perPage: 50 })}`, signal),
  caseAnswers: async (id: string, signal?: AbortSignal) =>
    (await get<{ data: AnswerView[] }>(`/api/cases/${id}/answers`, signal)).data,
  caseDocuments: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<DocumentView>>(`/api/cases/${id}/documents${query({ page, perPage: 50 })}`, signal),
  caseHistory: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<HistoryEventView>>(`/api/cases/${id}/history${query({ page, perPage: 50 })}`, signal),
  caseReaders: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<ReaderView>>(`/api/cases/${id}/readers${query({ page, perPage: 50 })}`, signal),
  /** `task`: on this task alone */
  comments: (id: string, task: string | null, page: number, signal?: AbortSignal) =>
    get<Page<CommentView>>(`/api/cases/${id}/comments${query({ page, perPage: 25, task })}`, signal),
  commentPeople: async (id: string, signal?: AbortSignal) =>
    (await get<{ data: PersonRef[] }>(`/api/cases/${id}/comments/people`, signal)).data,
  say: (id: string, json: { text: string; task?: string; mentions: readonly string[] }, key: string) =>
    http(`/api/cases/${id}/comments`, { method: 'POST', json, headers: { 'idempotency-key': key } }),
  withdrawComment: (id: string) => http(`/api/comments/${id}/withdraw`, { method: 'POST', json: {} }),
  additions: (id: string, page: number, signal?: AbortSignal) =>
    get<Page<AdditionView>>(`/api/cases/${id}/additions${query({ page, perPage: 25 })}`, signal),
  addToCase: (id: string, json: { kind: AdditionView['kind']; form: Record<string, unknown> }, key: string) =>
    send<{ result: 'done' }>(`/api/cases/${id}/additions`, json, key),
  act: (
    caseId: string,
    act: string,
    body: { step: number; form: Record<string, unknown>; confirms?: boolean },
    key: string,
  ) => send<CaseDetail>(`/api/cases/${caseId}/acts/${encodeURIComponent(act)}`, body, key),

  rowChanges: (register: string, id: string, page: number, signal?: AbortSignal) =>
    get<Page<RowChangeView>>(`${one(register, id)}/changes${query({ page, perPage: 10 })}`, signal),

  day: (signal?: AbortSignal) => get<DayView>('/api/day', signal),
  taskCounts: (queue: readonly string[], rehearsal?: string, signal?: AbortSignal) => {
    const asked = (more: { queue?: readonly string[] }) =>
      get<TaskCounts>(`/api/tasks/counts${query({ rehearsal, ...more })}`, signal)

    return asked({ queue }).catch(unlessOlder(() => asked({})))
  },
  snooze: (id: string, json: { version: number; until: string }) =>
    http(`/api/tasks/${id}/snooze`, { method: 'PUT', json }),
  endSnooze: (id: string) => http(`/api/tasks/${id}/snooze`, { method: 'DELETE' }),
  taskDetail: async (id: string, signal?: AbortSignal): Promise<TaskDetail> => ({
    // an API of the release before does not send these
    ...{ facts: {}, documents: [], terms: {} },
    ...(await get<TaskDetail>(`/api/tasks/${id}`, signal)),
  }),
  taskVerb: (id: string, verb: TaskVerb, body: { version: number } & Record<string, unknown>, key: string) =>
    send<TaskView>(`/api/tasks/${id}/${verb}`, body, key),
  /** Which of these people or positions a field of a form cannot be given now: id → code. */
  refused: async (at: string, asked: { field: string; id: readonly string[] }, signal?: AbortSignal) =>
    (await get<{ refused: Record<string, string> }>(at + query(asked), signal)).refused,
  /** What the start form of a process offers where a case would begin. */
  startOffer: (process: string, startIn: Record<string, string>, signal?: AbortSignal) =>
    get<OfferView>(`/api/processes/${encodeURIComponent(process)}/start${query(startIn)}`, signal),
  draft: (address: string) => get<DraftView>(draftPath(address)),
  saveDraft: async (address: string, json: TypedForm, version: number, keepalive = false) =>
    (await http<DraftView>(draftPath(address), { method: 'PUT', json, headers: ifMatch({ version }), keepalive })).body,
  discardDraft: async (address: string, version: number) =>
    (await http<DraftView>(draftPath(address), { method: 'DELETE', headers: ifMatch({ version }) })).body,
  /** `key`: with which it was sent; a start that does not name its sender is his by it alone */
  command: async (id: string, signal?: AbortSignal, key?: string) =>
    (await http<CommandView>(`/api/commands/${id}`, { signal, ...(key && { headers: { 'idempotency-key': key } }) }))
      .body,
  document: (id: string, signal?: AbortSignal) => get<DocumentDetail>(`/api/documents/${id}`, signal),

  notices: (
    asked: { unread: boolean; rehearsed: boolean; after: string | null },
    signal?: AbortSignal,
  ): Promise<Page<NoticeView>> => get(`/api/notices${query(asked)}`, signal),
  unreadNotices: (signal?: AbortSignal) => get<{ unread: number }>('/api/notices/count', signal),
  readNotice: (id: string) => http<undefined>(`/api/notices/${id}/read`, { method: 'POST', json: {} }),
  readNotices: (upTo: string) => http<undefined>('/api/notices/read', { method: 'POST', json: { upTo } }),
  letterWish: (signal?: AbortSignal) => get<LetterWishView>('/api/me/letters', signal),
  wishLetters: async (json: Pick<LetterWishView, 'letters' | 'language'>) =>
    (await http<LetterWishView>('/api/me/letters', { method: 'PUT', json })).body,
  outbox: (signal?: AbortSignal) => get<OutboxView>('/api/outbox', signal),
  /** Sends a file for a field of the form at an address; `told` hears how much of it has arrived, from 0 to 1. */
  upload: (
    { form, field, file, signal }: { form: string; field: string; file: File; signal: AbortSignal },
    told: (done: number) => void,
  ) => sendFile<FileView>(`/api/files${query({ form, field, name: file.name })}`, { file, signal, told }),
  /** null: it is gone, or not this person's to read */
  file: async (id: string, signal?: AbortSignal): Promise<FileView | null> =>
    (await get<{ data: FileView[] }>(`/api/files${query({ id })}`, signal)).data[0] ?? null,
  removeFile: (id: string) => http(`/api/files/${id}`, { method: 'DELETE' }),

  stuckCases: (signal?: AbortSignal) => get<StuckCaseView[]>('/api/stuck-cases', signal),
  calendarDays: (params: { from: string; to: string; profile: string; body?: string }, signal?: AbortSignal) =>
    get<{ profile: string; days: CalendarDay[] }>(`/api/calendar/days${query(params)}`, signal),
} satisfies DataProvider

export type MansapDataProvider = typeof dataProvider
