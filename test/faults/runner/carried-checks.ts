/** What must hold of what cases carry once all is settled: each paper made once, each letter sent, files whole, comments said once. */
import type { Violation } from './checks'
import type { Decision, SaidComment } from './decisions'

export interface CarriedRows {
  readonly documents: readonly {
    readonly caseId: string
    readonly number: string
    /** a paper was ordered with it */
    readonly ordered: boolean
    readonly made: boolean
    /** by language: the sum that is stored beside the bytes, and that of the bytes as they are */
    readonly renderings: Readonly<Record<string, { readonly kept: string; readonly is: string }>>
  }[]
  /** entries of case files that say that a paper was made, with the sum of each language */
  readonly entries: readonly {
    readonly caseId: string
    readonly number: string
    readonly sums: Readonly<Record<string, string>>
  }[]
  /** whoever was to be told of a notice by a letter: of the same body and role all along, or named */
  readonly toBeTold: readonly { readonly notice: string; readonly caseId: string; readonly person: string }[]
  readonly letters: readonly {
    readonly messageId: string
    readonly person: string
    readonly state: string
    readonly notices: readonly string[]
  }[]
  /** in the order in which the mail server took them */
  readonly taken: readonly { readonly messageId: string; readonly to: string }[]
  /** cases of which no notice got its letters */
  readonly unlettered: readonly string[]
  readonly files: readonly {
    readonly id: string
    /** of the command that has it: who sent it, under which key, and what came of it */
    readonly principal: string | null
    readonly key: string | null
    readonly done: boolean
    /** of the bytes as they are */
    readonly sha256: string | null
  }[]
  readonly comments: readonly { readonly caseId: string; readonly text: string }[]
}

/** What people know that they did. */
export interface Carried {
  readonly decisions: readonly Decision[]
  /** sums of the files that they uploaded */
  readonly files: ReadonlyMap<string, string>
  readonly comments: readonly SaidComment[]
}

type Say = (kind: Violation['kind'], caseId: string | null, what: string) => void

/** What is wrong with what cases carry. */
export function faultsOfCarried(rows: CarriedRows, carried: Carried): Violation[] {
  const found: Violation[] = []
  const say: Say = (kind, caseId, what) => void found.push({ kind, caseId, what })
  papers(rows, say)
  letters(rows, say)
  files(rows, carried, say)
  comments(rows, carried, say)

  return found
}

const same = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())

function papers({ documents, entries }: CarriedRows, say: Say): void {
  const paperOf = ({ caseId, number }: { readonly caseId: string; readonly number: string }) => `${caseId} ${number}`
  const told = new Map<string, CarriedRows['entries'][number][]>()
  for (const entry of entries) told.set(paperOf(entry), [...(told.get(paperOf(entry)) ?? []), entry])
  for (const document of documents) {
    const { caseId, number, ordered, made, renderings } = document
    const own = told.get(paperOf(document)) ?? []
    told.delete(paperOf(document))
    if (!ordered) say('lost', caseId, `no paper of ${number} is to be made`)
    else if (!made) say('no outcome', caseId, `the paper of ${number} is not made`)
    else if (Object.keys(renderings).length === 0) say('lost', caseId, `the paper of ${number} has no bytes`)
    else if (own.length === 0) say('lost', caseId, `the file does not tell that the paper of ${number} was made`)
    if (own.length > 1)
      say('doubled', caseId, `the file tells ${own.length} times that the paper of ${number} was made`)
    for (const [language, { kept, is }] of Object.entries(renderings))
      if (kept !== is) say('broken file', caseId, `the paper of ${number} in ${language} was changed`)
    const sums = Object.fromEntries(Object.entries(renderings).map(([language, { kept }]) => [language, kept]))
    for (const entry of own)
      if (!same(entry.sums, sums)) say('disagrees', caseId, `the file tells other sums of the paper of ${number}`)
  }
  for (const [paper, [entry]] of told)
    say('orphaned', entry?.caseId ?? null, `the file tells of a paper without a document: ${paper}`)
}

function letters({ letters: all, taken, toBeTold, unlettered }: CarriedRows, say: Say): void {
  for (const caseId of unlettered) say('no outcome', caseId, 'nobody made letters of a notice')
  const ofNotice = new Map<string, number>()
  const pair = (notice: string, person: string) => `${notice} ${person}`
  for (const { notices, person } of all)
    for (const each of notices) ofNotice.set(pair(each, person), (ofNotice.get(pair(each, person)) ?? 0) + 1)
  for (const { notice, caseId, person } of toBeTold) {
    const times = ofNotice.get(pair(notice, person)) ?? 0
    if (times === 0) say('lost', caseId, `no letter of notice ${notice} for ${person}`)
    if (times > 1) say('doubled', caseId, `${times} letters of notice ${notice} for ${person}`)
  }
  const came = new Map<string, Set<string>>()
  for (const { messageId, to } of taken) came.set(messageId, (came.get(messageId) ?? new Set()).add(to))
  for (const { messageId, state } of all) {
    if (state === 'sent' && !came.has(messageId))
      say('lost', null, `letter ${messageId} is noted as sent and never came`)
    if (state !== 'sent' && state !== 'withdrawn') say('no outcome', null, `letter ${messageId} is ${state}`)
  }
  const known = new Set(all.map(({ messageId }) => messageId))
  for (const [messageId, addresses] of came) {
    if (!known.has(messageId)) say('orphaned', null, `a letter came as ${messageId}, and there is none`)
    if (addresses.size > 1) say('disagrees', null, `${messageId} came to ${addresses.size} addresses`)
  }
}

function files({ files: all }: CarriedRows, { decisions, files: sums }: Carried, say: Say): void {
  const byId = new Map(all.map((each) => [each.id, each]))
  for (const { told, late, body, caseId, person, key } of decisions) {
    const form = body['form']
    const id = typeof form === 'object' && form !== null ? (form as Record<string, unknown>)['certificate'] : undefined
    if (typeof id !== 'string') continue
    const file = byId.get(id)
    const isIts = file?.principal === person && file.key === key
    if (told === 'confirmed' && !late) {
      if (!file) say('lost', caseId, `file ${id} of a confirmed answer is not there`)
      else if (!isIts) say('lost', caseId, `file ${id} does not belong to the confirmed answer that names it`)
      else if (file.sha256 !== sums.get(id)) say('broken file', caseId, `file ${id} is not what was uploaded`)
    } else if (isIts && file.done && told !== 'unknown' && told !== 'underway')
      say('effect of what was refused', caseId, `file ${id} was used by an answer that was ${told}`)
  }
}

function comments({ comments: all }: CarriedRows, { comments: said }: Carried, say: Say): void {
  for (const { caseId, text, told } of said) {
    const there = all.filter((each) => each.text === text && each.caseId === caseId)
    if (told === 'confirmed' && there.length === 0) say('lost', caseId, `confirmed, and not said: ${text}`)
    if (there.length > 1) say('doubled', caseId, `said ${there.length} times: ${text}`)
  }
}
