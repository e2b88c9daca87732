/** A process for the tests of linked cases: its story does what the script of its start form says. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseFile, SentToCase, SentToList } from '../../../workflows/kernel/casefile'
import { defineContract } from '../../../workflows/kernel/contract'
import type {
  Addressee,
  CaseId,
  Closing,
  IsoDate,
  KeptList,
  LinkedEnd,
  PersonId,
  PositionId,
  Rulebook,
} from '../../../workflows/kernel/contract'
import type { EffectOutcome } from '../../../workflows/kernel/protocol/activities'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'
import type { DoneToPosts, PostEffects, WhichPost } from '../../../workflows/service/posts'

export const contract = defineContract({
  name: 'relay',
  version: 1,
  stages: ['running'],
  moves: { start: ['running'], running: ['done', 'stopped'] },
  ends: ['done', 'stopped'],
  startedBy: ['hr'],
  tasks: { work: {} },
  acts: {
    hear: { by: ['hr'], byCases: ['opener', 'opened', 'appeal', 'appealed'] },
    stop: { by: ['hr'], byCases: ['opener'], turn: true },
    cancel: { by: ['head'], turn: true },
  },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: [],
  rules: {},
  reasons: ['ran', 'stopped', 'unwilling'],
  opens: {
    leg: { process: 'relay', whenCancelled: 'cancel' },
    told: { process: 'relay', whenCancelled: { tell: 'stop' } },
    left: { process: 'relay' },
    foreign: { process: 'nowhere' },
  },
  handsOut: ['heard'],
  appeals: { decisions: {}, fields: { case: 'about', kind: 'script' }, fact: 'heard', again: [] },
})

/** What a story does, in order. Another case is named as it was opened, as `opener` or `appealed`, or by its id. */
export type Action =
  | {
      readonly open: string
      readonly as?: 'leg' | 'told' | 'left' | 'foreign'
      readonly script: Script
      readonly body?: string
      readonly person?: string
      /** the case that it is about, by its appeal: its id, or `opener` for this one */
      readonly about?: string
    }
  | { readonly tell: string; readonly n: number; readonly act?: string }
  /** waits for the reply to the last thing that was sent */
  | { readonly reply: true }
  | { readonly ended: string }
  /** waits for the end, but no longer than for the task */
  | { readonly endedOrWork: string }
  /** waits until so many messages have been heard */
  | { readonly heard: number }
  | { readonly work: true }
  /** takes a key that only one case may hold; given back when it is stopped */
  | { readonly hold: string }
  /** appoints, and calls the post so in this script */
  | {
      readonly appoint: string
      readonly person: PersonId
      readonly position: PositionId
      readonly from: IsoDate
      readonly to?: IsoDate
    }
  /** ends a post on its last day: one that this script calls so, if it was given, or another */
  | { readonly endPost: string | WhichPost; readonly on: IsoDate }
  | { readonly reinstate: string }
  | { readonly exchange: readonly [string, string]; readonly on: IsoDate }
  /** takes back what the case did to registers until now */
  | { readonly takeBack: true }
  /** waits for the reply to what is told, but no longer than for the task */
  | { readonly tellOrWork: string; readonly n: number }
  | { readonly refuse: true }
  /** first of a script: the rules of the start form do not accept it */
  | { readonly ruledOut: true }
  /** opens a case for each item of the start form's list */
  | { readonly openEach: 'leg' | 'told' }
  | { readonly tellEach: number }
  | { readonly allEnded: true }
  /** keeps how each of the list ended, and opens a case about each of these */
  | { readonly keep: true }
  | { readonly openKept: 'leg' }
export type Script = readonly Action[]

export interface Heard {
  readonly from: string
  readonly n: number
}
/** What the case was told that it had done to posts. */
export interface DidToPosts {
  readonly effect: keyof PostEffects
  readonly changes: readonly number[]
  readonly posts: readonly string[]
}
interface Facts {
  readonly body: CaseInput['body']
  readonly begins: IsoDate
  readonly heard: readonly Heard[]
  /** what came of what was waited for */
  readonly came: readonly string[]
  readonly opened: Readonly<Record<string, CaseId>>
  /** absent: nothing yet */
  readonly did?: readonly DidToPosts[]
}

export interface Relay {
  readonly contract: typeof contract
  readonly facts: Facts
  readonly answers: { readonly work: object }
  readonly acts: { readonly hear: Heard; readonly stop: object; readonly cancel: object }
  readonly effects: PostEffects
}
type File = CaseFile<Relay>

export interface RelayForm {
  readonly person: PersonId
  readonly script: string
  readonly about?: CaseId
}

export const rulebook: Rulebook<Relay> = {
  check: (kind, answer) =>
    kind === 'start' && (answer as unknown as RelayForm).script.startsWith('[{"ruledOut"')
      ? { script: 'invalid' }
      : null,
  parties: () => ({}),
  acts: {
    hear: (facts, { from, n }) =>
      n < 0 ? { refused: { code: 'unwilling' } } : { facts: { ...facts, heard: [...facts.heard, { from, n }] } },
    stop: () => ({ turn: true }),
    cancel: () => ({ turn: true }),
  },
}

export async function relay(input: CaseInput<RelayForm>): Promise<Closing> {
  const first: Facts = {
    body: input.body,
    begins: input.clock.base.case.slice(0, 10) as IsoDate,
    heard: [],
    came: [],
    opened: {},
  }

  return openCase<Relay, RelayForm>(contract, rulebook, input, first, async (file) => {
    file.enter('running')
    const script = JSON.parse(input.form.script) as Script
    const run = await file.during(['stop'], (part) => doAll(part, input, script))
    if (run.turned) return file.close('stopped', { code: 'stopped' })

    return run.value === 'refused' ? file.refuse({ code: 'unwilling' }) : file.close('done', { code: 'ran' })
  })
}

/** How another case ended, and what it heard before, as far as it hands that out. */
function told({ end, basis, facts, annulled }: LinkedEnd): string {
  const { heard = [] } = (facts ?? {}) as Partial<Facts>

  return `${end}${annulled ? ' annulled' : ''} ${basis.code} ${heard.map(({ n }) => n).join(' ')}`
}

async function doAll(file: File, input: CaseInput<RelayForm>, script: Script): Promise<'ran' | 'refused'> {
  const opened = new Map<string, SentToCase>()
  let last: SentToCase | null = null
  const came = (what: string) => file.note({ came: [...file.facts.came, what] })
  const caseOf = (name: string): CaseId => {
    const found =
      name === 'opener'
        ? file.openedBy?.case
        : name === 'appealed'
          ? input.form.about
          : (opened.get(name)?.case ?? (name.includes('-') ? (name as CaseId) : undefined))
    if (!found) throw new Error(`no case ${name}`)

    return found
  }
  let list: SentToList | null = null
  let kept: KeptList | null = null
  const listOf = (): SentToList => {
    if (!list) throw new Error('no list was opened')

    return list
  }
  /** A post by the name that this script gave it, else by its id; null: it was not given. */
  const posts = new Map<string, string>()
  const postOf = (name: string): string | null => posts.get(name) ?? (name.includes('-') ? name : null)
  const did = (effect: DidToPosts['effect'], outcome: EffectOutcome<DoneToPosts>): void => {
    came(outcome.taken ? effect : outcome.reason.code)
    if (outcome.taken) file.note({ did: [...(file.facts.did ?? []), { effect, ...outcome.value }] })
  }
  const hr: Addressee = { role: 'hr', body: input.body }

  for (const action of script) {
    if ('open' in action) {
      last = file.open(action.as ?? 'leg', {
        ...(action.body && { body: action.body as CaseInput['body'] }),
        form: {
          person: action.person ?? input.form.person,
          script: JSON.stringify(action.script),
          ...(action.about && { about: action.about === 'opener' ? input.case : action.about }),
        },
      })
      opened.set(action.open, last)
      file.note({ opened: { ...file.facts.opened, [action.open]: last.case } })
    } else if ('tell' in action) {
      last = file.tell(caseOf(action.tell), action.act ?? 'hear', { from: input.case, n: action.n })
    } else if ('reply' in action) {
      if (!last) throw new Error('nothing was sent')
      const reply = await file.reply(last)
      came(reply.result === 'refused' ? reply.reason.code : reply.result)
    } else if ('ended' in action) {
      came(told(await file.ended(caseOf(action.ended))))
    } else if ('endedOrWork' in action) {
      const first = await file.first([
        async (branch) => told(await branch.ended(caseOf(action.endedOrWork))),
        async (branch) => (await branch.ask('work', { of: hr })).result,
      ])
      came(first)
    } else if ('heard' in action) {
      await file.until(() => (file.facts.heard.length < action.heard ? null : { on: file.facts.begins, steps: [] }))
    } else if ('hold' in action) {
      const held = await file.attempt('hold', { case: input.case, key: `relay:${action.hold}` })
      came(held.taken ? `held ${action.hold}` : held.reason.code)
    } else if ('appoint' in action) {
      const { appoint: name, ...post } = action
      const outcome = await file.attempt('appoint', post)
      did('appoint', outcome)
      if (outcome.taken) posts.set(name, outcome.value.posts[0] ?? '')
    } else if ('endPost' in action) {
      const { endPost: which, on } = action
      const post = typeof which === 'string' ? postOf(which) : null
      const known = typeof which !== 'string' ? which : post !== null ? { post } : null
      if (known) did('endPost', await file.attempt('endPost', { ...known, on, ground: 'transfer' }))
    } else if ('reinstate' in action) {
      const post = postOf(action.reinstate)
      if (post !== null) did('reinstate', await file.attempt('reinstate', { post }))
    } else if ('exchange' in action) {
      const [one, other] = action.exchange.map(postOf)
      if (one && other)
        did('exchangePosts', await file.attempt('exchangePosts', { posts: [one, other], on: action.on }))
    } else if ('takeBack' in action) {
      await file.compensate()
    } else if ('work' in action) {
      await file.ask('work', { of: hr })
    } else if ('tellOrWork' in action) {
      const sent = file.tell(caseOf(action.tellOrWork), 'hear', { from: input.case, n: action.n })
      const first = await file.first([
        async (branch) => (await branch.reply(sent)).result,
        async (branch) => (await branch.ask('work', { of: hr })).result,
      ])
      came(first)
    } else if ('openEach' in action) {
      const { content } = input
      const form = { person: input.form.person }
      list = await file.openEach(action.openEach, { content, field: 'legs', form })
    } else if ('tellEach' in action) {
      file.tellEach(listOf(), 'hear', { from: input.case, n: action.tellEach })
    } else if ('allEnded' in action) {
      const of = listOf().list
      await file.allEnded(listOf())
      const { total, open, refused, ends } = await file.consult((register) => register.endsOf({ list: of }))
      came(JSON.stringify({ total, open, refused, ends }))
    } else if ('keep' in action) {
      kept = await file.keep('casesOfList', { list: listOf().list })
      came(`kept ${String(kept.total)}`)
    } else if ('openKept' in action) {
      if (!kept) throw new Error('no list was kept')
      const form = { person: input.form.person, script: '[]' }
      list = await file.openEach(action.openKept, { ...kept, form })
    } else return 'refused'
  }

  return 'ran'
}
