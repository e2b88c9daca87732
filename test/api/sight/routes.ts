/** Every route of the API, with what of cases it can name, and how the tests of who sees what ask it. */
import express from 'express'
import { addRoutes } from '../../../api/app'
import type { Service } from '../../../api/service/service'

/** What a case is asked for by. */
export interface Ids {
  readonly case: string
  readonly number: string
  readonly set: string
  readonly subject: string
  readonly position: string
  readonly surname: string
  readonly tasks: readonly string[]
  readonly documents: readonly string[]
  readonly commands: readonly string[]
  readonly files: readonly string[]
  readonly comments: readonly string[]
}

/** A request of a route that can name a case. */
interface Asking {
  readonly asks: (ids: Ids) => readonly string[]
  readonly body?: (ids: Ids) => object
}
/** `register`: names people and posts of the register, and no case; its tests are those of the register. `nothing`: names neither. */
type Entry = Asking | 'register' | 'nothing'

const ofCase =
  (...rest: readonly string[]) =>
  (ids: Ids) =>
    rest.map((each) => `/api/cases/${ids.case}${each}`)
const ofTasks =
  (...rest: readonly string[]) =>
  (ids: Ids) =>
    ids.tasks.flatMap((id) => rest.map((each) => `/api/tasks/${id}${each}`))
/** The first tasks and the last ones: enough of a route whose answer does not depend on what the task is. */
const some = <T>(all: readonly T[]): T[] => [...new Set([...all.slice(0, 2), ...all.slice(-2)])]
const refused = (ids: Ids, field: string) => `refused?field=${field}&id=${ids.subject}`
const taskVerb = (verb: string, body: object = {}): Asking => ({
  asks: ofTasks(`/${verb}`),
  body: () => ({ version: 1, ...body }),
})
/** The same of several verbs. */
const ofVerbs = (verbs: readonly string[], entry: (verb: string) => [string, Asking]): Record<string, Entry> =>
  Object.fromEntries(verbs.map(entry))
const start = (ids: Ids) => `body=ministryFinance&set=${encodeURIComponent(ids.set)}`

const OF_VERBS: Readonly<Record<string, Entry>> = {
  ...ofVerbs(['assign', 'delegate', 'ask'], (verb) => [
    `get /api/tasks/:id/${verb}/refused`,
    { asks: (ids) => ofTasks(`/${verb}/${refused(ids, 'person')}`)({ ...ids, tasks: some(ids.tasks) }) },
  ]),
  ...ofVerbs(['claim', 'release', 'start', 'withdrawQuestion'], (verb) => [
    `post /api/tasks/:id/${verb}`,
    taskVerb(verb),
  ]),
  ...ofVerbs(['assign', 'delegate'], (verb) => [
    `post /api/tasks/:id/${verb}`,
    { asks: ofTasks(`/${verb}`), body: (ids) => ({ version: 1, person: ids.subject }) },
  ]),
}
const OTHERS: Readonly<Record<string, Entry>> = {
  'get /api/cases': {
    asks: ({ subject, number, surname, set }) =>
      [
        ...['', `&q=${encodeURIComponent(surname)}`, `&q=${number}`, `&subject=${subject}`, '&sort=subject.en'],
        ...['&status=open', '&stage=mentoring', '&stage=running', '&stage=extended'],
        ...['&outcome=keptInService', '&process=probation&body=ministryFinance'],
      ].map((asked, n) => `/api/cases?rehearsal=${n % 2 === 0 ? '*' : encodeURIComponent(set)}${asked}`),
  },
  'get /api/cases/:id': { asks: ofCase('') },
  'get /api/cases/:id/events': { asks: ofCase('/events?perPage=100', '/events?perPage=100&sort=-seq') },
  'get /api/cases/:id/tasks': { asks: ofCase('/tasks?perPage=100') },
  'get /api/cases/:id/answers': { asks: ofCase('/answers') },
  'get /api/cases/:id/documents': { asks: ofCase('/documents?perPage=100') },
  'get /api/cases/:id/readers': { asks: ofCase('/readers?perPage=100') },
  'get /api/cases/:id/comments': {
    asks: (ids) => ofCase('/comments?perPage=100', `/comments?task=${ids.tasks[0] ?? ids.case}`)(ids),
  },
  'get /api/cases/:id/comments/people': { asks: ofCase('/comments/people') },
  'post /api/cases/:id/comments': { asks: ofCase('/comments'), body: () => ({ text: 'x' }) },
  'get /api/cases/:id/additions': { asks: ofCase('/additions?perPage=100') },
  'post /api/cases/:id/additions': {
    asks: ofCase('/additions'),
    body: () => ({ kind: 'note', form: { note: 'x' } }),
  },
  'post /api/comments/:id/withdraw': { asks: ({ comments }) => comments.map((id) => `/api/comments/${id}/withdraw`) },
  'get /api/cases/:id/history': { asks: ofCase('/history?perPage=100', '/history?perPage=100&page=2') },
  'get /api/cases/:id/acts/:act/refused': {
    asks: (ids) => ofCase(`/acts/replaceMentor/${refused(ids, 'mentor')}`)(ids),
  },
  'post /api/cases/:id/acts/:act': {
    asks: ofCase('/acts/advance', '/acts/recordAbsence'),
    body: () => ({ step: 1, form: {} }),
  },
  'get /api/tasks': {
    asks: ({ number, surname }) =>
      ['todo', 'mine', 'unit', 'team', 'escalated', 'snoozed', 'done'].flatMap((queue) =>
        ['', `&q=${encodeURIComponent(surname)}`, `&q=${number}`].map(
          (q) => `/api/tasks?rehearsal=*&queue=${queue}${q}`,
        ),
      ),
  },
  'get /api/day': { asks: () => ['/api/day'] },
  'get /api/tasks/counts': { asks: () => ['/api/tasks/counts'] },
  'put /api/tasks/:id/snooze': { asks: ofTasks('/snooze'), body: () => ({ version: 1, until: '2099-01-01' }) },
  'delete /api/tasks/:id/snooze': { asks: ofTasks('/snooze') },
  'get /api/tasks/:id': { asks: ofTasks('') },
  'get /api/tasks/:id/refused': {
    asks: (ids) => ofTasks(`/${refused(ids, 'mentor')}`)({ ...ids, tasks: some(ids.tasks) }),
  },
  'post /api/tasks/:id/complete': taskVerb('complete', { form: {} }),
  'post /api/tasks/:id/return': taskVerb('return', { remarks: 'x' }),
  'post /api/tasks/:id/recuse': taskVerb('recuse', { reason: 'x' }),
  'post /api/tasks/:id/ask': {
    asks: ofTasks('/ask'),
    body: (ids) => ({ version: 1, person: ids.subject, question: 'x' }),
  },
  'get /api/documents/:id': { asks: ({ documents }) => documents.map((id) => `/api/documents/${id}?locale=en`) },
  'get /api/documents/:id/html': {
    asks: ({ documents }) => documents.map((id) => `/api/documents/${id}/html?locale=kk`),
  },
  'get /api/documents/:id/papers/:language': {
    asks: ({ documents }) => documents.map((id) => `/api/documents/${id}/papers/kk`),
  },
  'get /api/commands/:id': { asks: ({ commands }) => commands.map((id) => `/api/commands/${id}`) },
  'post /api/files': {
    asks: (ids) => [
      `/api/files?form=act:${ids.case}:recordAbsence&field=certificate&name=a.pdf`,
      ...some(ids.tasks).map((id) => `/api/files?form=task:${id}:complete&field=x&name=a.pdf`),
    ],
    body: () => Buffer.from('%PDF-1.7 %%EOF'),
  },
  'get /api/files': { asks: ({ files }) => files.map((id) => `/api/files?id=${id}`) },
  'get /api/files/:id/content': { asks: ({ files }) => files.map((id) => `/api/files/${id}/content`) },
  'delete /api/files/:id': { asks: ({ files }) => files.map((id) => `/api/files/${id}`) },
  'get /api/drafts/:address': {
    asks: (ids) => [
      `/api/drafts/act:${ids.case}:recordAbsence`,
      ...some(ids.tasks).map((id) => `/api/drafts/task:${id}:complete`),
    ],
  },
  'put /api/drafts/:address': {
    asks: (ids) => [`/api/drafts/act:${ids.case}:recordAbsence`, `/api/drafts/task:${ids.tasks[0] ?? ''}:complete`],
    body: (ids) => ({ form: {}, person: ids.subject, writer: 'one' }),
  },
  'delete /api/drafts/:address': {
    asks: (ids) => [`/api/drafts/act:${ids.case}:recordAbsence`, `/api/drafts/task:${ids.tasks[0] ?? ''}:complete`],
  },
  'get /api/processes/:process/start': { asks: (ids) => [`/api/processes/probation/start?${start(ids)}`] },
  'get /api/processes/:process/start/refused': {
    asks: (ids) => [`/api/processes/probation/start/${refused(ids, 'person')}&${start(ids)}`],
  },
  'post /api/processes/:process/cases': {
    asks: () => ['/api/processes/probation/cases'],
    body: ({ subject, position, set }) => ({
      form: { person: subject, position, appointedOn: '2026-01-05', actNumber: '1', actDate: '2026-01-05' },
      body: 'ministryFinance',
      rehearsal: { set },
    }),
  },
  'post /api/rehearsals/:body/:set/advance': {
    asks: ({ set }) => [`/api/rehearsals/ministryFinance/${encodeURIComponent(set)}/advance`],
    body: () => ({ to: '2030-01-01' }),
  },
  'post /api/rehearsals/:body/:set/discard': {
    asks: ({ set }) => [`/api/rehearsals/ministryFinance/${encodeURIComponent(set)}/discard`],
    body: () => ({}),
  },
  'get /api/incidents': { asks: () => ['/api/incidents'] },
  'get /api/stuck-cases': { asks: () => ['/api/stuck-cases'] },
  'get /api/notices': {
    asks: () => ['', '&unread=true', '&rehearsed=true'].map((asked) => `/api/notices?perPage=100${asked}`),
  },
  'get /api/notices/count': { asks: () => ['/api/notices/count'] },
  // an id of a notice names no case; its tests are those of notices
  'post /api/notices/:id/read': 'nothing',
  'post /api/notices/read': 'nothing',
  // how somebody wants letters, and figures of them; neither names a case
  'get /api/me/letters': 'nothing',
  'put /api/me/letters': 'nothing',
  'get /api/outbox': 'nothing',
  // ids alone, of what changes; its tests are those of the stream
  'get /api/events': 'nothing',
  'get /api/processes': 'nothing',
  'get /api/me': 'nothing',
  'get /api/demo-users': 'nothing',
  'get /api/words/:locale': 'nothing',
  'post /api/session': 'nothing',
  'delete /api/session': 'nothing',
  'get /api/calendar/days': 'nothing',
  'get /api/calendar/due': 'nothing',
  'get /check': 'nothing',
  'get /check.js': 'nothing',
  'get /live': 'nothing',
  'get /ready': 'nothing',
  'get /openapi.json': 'nothing',
  'get /docs': 'nothing',
}
const ENTRIES: Readonly<Record<string, Entry>> = { ...OF_VERBS, ...OTHERS }
const entryOf = (route: string): Entry | undefined =>
  / \/api\/register\//.test(route) ? 'register' : Object.hasOwn(ENTRIES, route) ? ENTRIES[route] : undefined

export const routesOf = (service: Service): string[] =>
  addRoutes(express(), service, {}).specs.map(({ method, path }) => `${method} ${path}`)

/** Routes of which nobody has said what they name, and entries of routes that there are not. */
export const unsaid = (service: Service): string[] => {
  const routes = routesOf(service)

  return [
    ...routes.filter((route) => entryOf(route) === undefined),
    ...Object.keys(ENTRIES).filter((route) => !routes.includes(route)),
  ]
}

export interface Request {
  readonly route: string
  readonly method: 'get' | 'post' | 'put' | 'delete'
  readonly address: string
  readonly body: object | undefined
}
/** Every request by which a case could be named. */
export const requestsFor = (ids: Ids): Request[] =>
  Object.entries(ENTRIES).flatMap(([route, entry]) =>
    typeof entry === 'string'
      ? []
      : entry.asks(ids).map((address) => ({
          ...{ route, address },
          method: route.split(' ')[0] as Request['method'],
          body: entry.body?.(ids),
        })),
  )
