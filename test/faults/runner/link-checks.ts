/** What must hold between cases once all is settled: what was sent is heard or refused, once and in order, and nothing belongs to nobody. */
import type { Violation } from './checks'

export interface SentRow {
  readonly id: string
  readonly caseId: string
  /** null: a person */
  readonly senderId: string | null
  readonly listId: string | null
  readonly kind: string
  readonly act: string | null
  readonly key: string
  readonly state: string
  /** `started`, `done` or `refused`, once it is known */
  readonly result: string | null
  /** the number of a message that is heard */
  readonly n: number | null
  /** of a reply: the command that it is about */
  readonly of: string | null
}

export interface LinkedRows {
  /** in the order in which they were sent */
  readonly commands: readonly SentRow[]
  readonly cases: readonly {
    readonly id: string
    readonly status: string
    readonly outcome: string | null
    /** null: of a process that hears nothing */
    readonly heard: readonly { readonly from: string; readonly n: number }[] | null
  }[]
  readonly links: readonly {
    readonly fromId: string
    readonly toId: string
    /** its contract says that it ends with its opener */
    readonly endsWithOpener: boolean
  }[]
  readonly lists: readonly {
    readonly id: string
    readonly caseId: string
    readonly total: number
    readonly over: number
  }[]
  /** what the files say of other cases: of one that is named, or of a list */
  readonly events: readonly { readonly caseId: string; readonly kind: string; readonly about: string | null }[]
}

type Say = (kind: Violation['kind'], caseId: string, what: string) => void

/** What is wrong between cases. */
export function faultsOfLinks(rows: LinkedRows): Violation[] {
  const found: Violation[] = []
  const say: Say = (kind, caseId, what) => void found.push({ kind, caseId, what })
  const sent = rows.commands.filter(({ senderId }) => senderId !== null)
  const known = new Index(rows)
  for (const { id, caseId, kind, state } of sent) if (state === 'stored') say('no outcome', caseId, `${kind} ${id}`)
  for (const [key, of] of grouped(sent, ({ senderId, key: own }) => `${senderId ?? ''} ${own}`))
    if (of.length > 1) say('doubled', of[0]?.caseId ?? '', `sent ${of.length} times: ${key}`)
  messages(rows, sent, say)
  starts(rows, known, say)
  replies(sent, known, say)
  ends(rows, known, say)
  lists(rows, known, say)

  return found
}

function grouped<T>(all: readonly T[], by: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const each of all) {
    const group = groups.get(by(each))
    if (group) group.push(each)
    else groups.set(by(each), [each])
  }

  return groups
}

class Index {
  private readonly kinds: ReadonlyMap<string, SentRow[]>
  private readonly events: ReadonlyMap<string, unknown[]>
  readonly cases: ReadonlyMap<string, LinkedRows['cases'][number]>

  constructor({ commands, events, cases }: LinkedRows) {
    this.kinds = grouped(commands, ({ kind }) => kind)
    this.events = grouped(events, ({ caseId, kind, about }) => `${caseId} ${kind} ${about ?? ''}`)
    this.cases = new Map(cases.map((each) => [each.id, each]))
  }

  readonly of = (kind: string): readonly SentRow[] => this.kinds.get(kind) ?? []
  readonly told = (caseId: string, kind: string, about: string): number =>
    this.events.get(`${caseId} ${kind} ${about}`)?.length ?? 0
  readonly isClosed = (caseId: string): boolean => this.cases.get(caseId)?.status === 'closed'
}

/** Each message that was done is heard once, in its order, and each that was refused not at all. */
function messages({ cases }: LinkedRows, sent: readonly SentRow[], say: Say): void {
  const told = grouped(
    sent.filter(({ kind, act }) => kind === 'act' && act === 'hear'),
    ({ caseId, senderId }) => `${caseId} ${senderId ?? ''}`,
  )
  const heard = new Map(cases.flatMap(({ id, heard: all }) => [...grouped(all ?? [], ({ from }) => `${id} ${from}`)]))
  for (const pair of new Set([...told.keys(), ...heard.keys()])) {
    const [id = '', from = ''] = pair.split(' ')
    const ofPair = told.get(pair) ?? []
    const done = ofPair.filter(({ result }) => result === 'done').map(({ n }) => n)
    const came = (heard.get(pair) ?? []).map(({ n }) => n)
    if (came.join() === done.join()) continue
    const what = `of ${from} it heard ${came.join(' ') || 'nothing'}, and ${done.join(' ') || 'nothing'} was taken`
    const times = (n: number | null) => came.filter((each) => each === n).length
    const may = (n: number | null) => done.filter((each) => each === n).length
    if (done.some((n) => times(n) < may(n))) say('lost', id, what)
    else if (done.some((n) => times(n) > may(n))) say('doubled', id, what)
    else if (came.length > done.length) say('effect of what was refused', id, what)
    else say('broken file', id, `${what}: not in order`)
  }
}

/** Each start that began has one case and one link, and no case or link is without a start. */
function starts({ commands, cases, links }: LinkedRows, { cases: byId, isClosed }: Index, say: Say): void {
  const started = grouped(
    commands.filter(({ kind }) => kind === 'start'),
    ({ caseId }) => caseId,
  )
  const linked = grouped(links, ({ fromId, toId }) => `${fromId} ${toId}`)
  for (const [id, all] of started) {
    const [start] = all
    if (all.length > 1) say('doubled', id, `started by ${all.length} commands`)
    if (!start?.senderId) continue
    if (start.result === 'started' && !byId.has(id)) say('lost', id, 'started, and there is no such case')
    const times = linked.get(`${start.senderId} ${id}`)?.length ?? 0
    if (times === 0) say('lost', id, `opened by ${start.senderId}, and not linked with it`)
    if (times > 1) say('doubled', id, `linked ${times} times with ${start.senderId}`)
  }
  for (const { id } of cases) if (!started.has(id)) say('orphaned', id, 'a case that nobody started')
  for (const { fromId, toId, endsWithOpener } of links) {
    const start = started.get(toId)?.find(({ senderId }) => senderId === fromId)
    if (!start) say('orphaned', toId, `linked with ${fromId}, which has not opened it`)
    const cancelled = byId.get(fromId)?.outcome === 'cancelled'
    if (endsWithOpener && cancelled && byId.has(toId) && !isClosed(toId))
      say('orphaned', toId, `open, though it ends with ${fromId}, which was cancelled`)
  }
}

/** Whoever opened or told a case hears once what came of it, unless it closed before. */
function replies(sent: readonly SentRow[], { of, told, isClosed }: Index, say: Say): void {
  const repliesTo = grouped(of('reply'), (reply) => reply.of ?? '')
  const asked = sent.filter(
    ({ kind, listId, state }) =>
      listId === null && (kind === 'start' || kind === 'act' || (kind === 'awaitEnd' && state === 'refused')),
  )
  for (const { id, kind, senderId } of asked) {
    const all = repliesTo.get(id) ?? []
    if (all.length > 1) say('doubled', senderId ?? '', `${all.length} replies to ${kind} ${id}`)
    if (all.length === 0) say('lost', senderId ?? '', `no reply to ${kind} ${id}`)
    for (const { state } of all)
      if (state === 'refused' && !isClosed(senderId ?? ''))
        say('lost', senderId ?? '', `it is open, and refused the reply to ${kind} ${id}`)
  }
  const askedIds = new Set(asked.map(({ id }) => id))
  for (const { id, caseId, of: about } of of('reply'))
    if (!askedIds.has(about ?? '')) say('orphaned', caseId, `reply ${id} is about nothing that was sent`)
  for (const [pair, all] of grouped(of('reply'), ({ caseId, senderId }) => `${caseId} ${senderId ?? ''}`)) {
    const [id = '', from = ''] = pair.split(' ')
    const heard = all.filter(({ state }) => state === 'done').length
    const written = told(id, 'linkedCaseReplied', from) + told(id, 'linkedCaseRefused', from)
    if (written < heard) say('lost', id, `it heard ${heard} replies of ${from} and its file tells ${written}`)
    if (written > heard) say('doubled', id, `it heard ${heard} replies of ${from} and its file tells ${written}`)
  }
}

/** Whoever opened a case, or waits for its end, hears once how it ended, unless it closed before; and nobody else. */
function ends({ commands }: LinkedRows, { of, told, cases, isClosed }: Index, say: Say): void {
  const tellings = grouped(of('caseEnded'), ({ senderId, caseId }) => `${senderId ?? ''} ${caseId}`)
  const waiting = commands.filter(
    ({ kind, listId, result }) =>
      (kind === 'start' && listId === null && result === 'started') || (kind === 'awaitEnd' && result === 'done'),
  )
  const pairs = new Set(waiting.map(({ caseId, senderId }) => `${caseId} ${senderId ?? ''}`))
  for (const [pair, [telling]] of tellings)
    if (!pairs.has(pair)) say('orphaned', telling?.caseId ?? '', `it was told of an end that it does not wait for`)
  for (const { caseId, senderId } of waiting) {
    if (senderId === null) continue
    const all = tellings.get(`${caseId} ${senderId}`) ?? []
    const hasEnded = cases.get(caseId)?.status === 'closed'
    if (hasEnded && all.length === 0) say('lost', caseId, `it has ended, and ${senderId} was not told`)
    if (all.length > (hasEnded ? 1 : 0)) say('doubled', caseId, `its end was told ${all.length} times`)
    const heard = all.filter(({ state }) => state === 'done').length
    const written = told(senderId, 'linkedCaseEnded', caseId)
    if (written < heard) say('lost', senderId, `it heard the end of ${caseId}, and its file does not tell it`)
    if (written > heard) say('doubled', senderId, `its file tells the end of ${caseId} ${written} times`)
    if (all.some(({ state }) => state === 'refused') && !isClosed(senderId))
      say('lost', senderId, `it is open, and refused the end of ${caseId}`)
  }
}

/** A list counts its cases right, and whoever opened it hears once that all are over. */
function lists({ commands, lists: all }: LinkedRows, { of, told, isClosed }: Index, say: Say): void {
  const started = grouped(
    commands.filter(({ kind, listId }) => kind === 'start' && listId !== null),
    ({ listId }) => listId ?? '',
  )
  const ended = grouped(of('listEnded'), ({ key }) => key)
  for (const { id, caseId, total, over } of all) {
    const starts = started.get(id) ?? []
    if (starts.length < total) say('lost', caseId, `list ${id} of ${total} has ${starts.length} starts`)
    if (starts.length > total) say('doubled', caseId, `list ${id} of ${total} has ${starts.length} starts`)
    const counted = starts.filter(({ caseId: leg, result }) => result === 'refused' || isClosed(leg)).length
    if (over !== counted) say('broken file', caseId, `of list ${id} ${counted} are over, and ${over} are counted`)
    const tellings = ended.get(`over:${id}`) ?? []
    const wanted = over === total ? 1 : 0
    if (tellings.length < wanted) say('lost', caseId, `nobody told it that list ${id} is over`)
    if (tellings.length > wanted) say('doubled', caseId, `told ${tellings.length} times that list ${id} is over`)
    const heard = tellings.filter(({ state }) => state === 'done').length
    const written = told(caseId, 'linkedCasesEnded', id)
    if (written < heard) say('lost', caseId, `it heard that list ${id} is over, and its file does not tell it`)
    if (written > heard) say('doubled', caseId, `its file tells ${written} times that list ${id} is over`)
    if (tellings.some(({ state }) => state === 'refused') && !isClosed(caseId))
      say('lost', caseId, `it is open, and refused to hear that list ${id} is over`)
  }
}
