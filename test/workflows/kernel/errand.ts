/** A small process for the kernel's tests: two people do something side by side, a third approves or returns, within terms. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseFile } from '../../../workflows/kernel/casefile'
import { defineContract } from '../../../workflows/kernel/contract'
import type {
  Closing,
  Rulebook,
  Addressee,
  BodyKey,
  IsoDate,
  Pause,
  PersonId,
  Returned,
} from '../../../workflows/kernel/contract'
import { endOf } from '../../../workflows/kernel/law/calendar'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = defineContract({
  name: 'errand',
  version: 1,
  stages: ['doing', 'approving', 'waiting'],
  moves: {
    start: ['doing'],
    doing: ['approving'],
    approving: ['doing', 'waiting', 'lapsed'],
    waiting: ['done'],
  },
  ends: ['done', 'lapsed'],
  startedBy: ['hr'],
  tasks: {
    left: { within: 'errand.do', asks: true },
    right: { within: 'errand.do' },
    approve: { returns: true, escalatesTo: 'head' },
  },
  acts: {
    pause: { by: ['hr', 'head'] },
    hand: { by: ['hr'] },
    again: { by: ['hr'], turn: true },
    fail: { by: ['hr'] },
    cancel: { by: ['head'], turn: true },
  },
  sees: { ...SEEN_BY_ALL, doer: ['course', 'identity', 'answers', 'documents'] },
  documents: { slip: {} },
  terms: ['errand.do', 'errand.wait'],
  rules: { 'errand.questionStopsTerm': 'yesNo' },
  reasons: ['never', 'notToday', 'nobodyApproved', 'waited'],
  clocks: ['wait'],
  parties: ['doer'],
})

interface Facts {
  readonly body: BodyKey
  readonly doer: PersonId
  readonly since: IsoDate
  readonly pauses: readonly Pause[]
  readonly rounds: number
}

interface Errand {
  readonly contract: typeof contract
  readonly facts: Facts
  readonly answers: {
    readonly left: { readonly n: number }
    readonly right: { readonly n: number }
    readonly approve: { readonly ok: boolean }
  }
  readonly acts: {
    readonly pause: Pause
    readonly hand: { readonly to: PersonId }
    readonly again: { readonly n: number }
    readonly fail: object
    readonly cancel: object
  }
}

const rulebook: Rulebook<Errand> = {
  check: (kind, answer) =>
    kind !== 'approve' && typeof answer === 'object' && answer !== null && 'n' in answer && Number(answer.n) < 0
      ? { n: 'tooSmall' }
      : null,
  parties: (facts) => ({ doer: facts.doer }),
  acts: {
    pause: (facts, pause) => ({ facts: { ...facts, pauses: [...facts.pauses, pause] } }),
    hand: (facts, { to }) => ({ facts: { ...facts, doer: to } }),
    again: () => ({ turn: true }),
    fail: () => ({ refused: { code: 'never' } }),
    cancel: () => ({ turn: true }),
  },
}

interface Form {
  readonly doer: PersonId
  readonly refuse?: boolean
}

export async function errand(input: CaseInput<Form>): Promise<Closing> {
  const first = {
    body: input.body,
    doer: input.form.doer,
    since: input.clock.base.case.slice(0, 10) as IsoDate,
    pauses: [],
    rounds: 0,
  }
  const hr: Addressee = { role: 'hr', body: input.body }

  return openCase<Errand, Form>(contract, rulebook, input, first, async (file) => {
    if (input.form.refuse) return file.refuse({ code: 'notToday' })
    const only = await file.attempt('hold', { case: input.case, key: `errand:${input.subject}` })
    if (!only.taken) return file.refuse(only.reason)
    const ends = () =>
      endOf({ from: file.facts.since, terms: [file.term('errand.wait')], pauses: file.facts.pauses }, file.daysOff)
    file.clock('wait', ends, () => file.facts.since)

    for (;;) {
      const round = await file.during(['again'], (part) => oneRound(part, hr))
      if (round.turned) {
        file.note({ rounds: file.facts.rounds + 1 })
        continue
      }
      if (round.value === 'late') return file.close('lapsed', { code: 'nobodyApproved' })
      break
    }
    file.enter('waiting')
    file.order('slip')
    await file.until(ends)

    return file.close('done', { code: 'waited' })
  })
}

async function oneRound(file: CaseFile<Errand>, hr: Addressee): Promise<'approved' | 'late'> {
  for (let again: Returned | null = null; ;) {
    file.enter('doing')
    await file.together([
      (branch) => branch.ask('left', { of: () => ({ person: file.facts.doer, servesIn: file.facts.body }), again }),
      (branch) => branch.ask('right', { of: hr, exclude: [file.facts.doer] }),
    ])
    file.enter('approving')
    const asked = file.today
    const approved = await file.ask('approve', { of: hr, closing: () => file.dueIn('errand.do', asked) })
    if (approved.result === 'late') return 'late'
    if (approved.result === 'answered') return 'approved'
    again = approved
  }
}
