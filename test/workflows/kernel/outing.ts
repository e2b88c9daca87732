/** A process that takes much from the world: for the tests of what is taken back, when, and by whom. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseFile } from '../../../workflows/kernel/casefile'
import { endOf } from '../../../workflows/kernel/law/calendar'
import { defineContract } from '../../../workflows/kernel/contract'
import type { IsoDate, Pause, Closing, Rulebook } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = defineContract({
  name: 'outing',
  version: 1,
  stages: ['packing', 'away'],
  moves: { start: ['packing'], packing: ['away'], away: ['home'] },
  ends: ['home'],
  startedBy: ['hr'],
  tasks: { pack: {}, guide: {}, travel: {}, unpack: {} },
  acts: {
    repack: { by: ['hr'], turn: true },
    delay: { by: ['hr'] },
    cancel: { by: ['head'], turn: true },
  },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: ['errand.wait'],
  rules: { 'outing.storm': 'yesNo' },
  suspends: { storm: { of: 'case', by: ['hr'], rule: 'outing.storm' } },
  reasons: ['rain', 'back'],
  clocks: ['trip'],
  longAfterEvents: 60,
  messageLimits: { noted: 15, peopleOnly: 17, last: 19 },
})

interface Outing {
  readonly contract: typeof contract
  readonly facts: { readonly from: IsoDate; readonly pauses: readonly Pause[] }
  readonly answers: {
    readonly pack: object
    readonly guide: object
    readonly travel: object
    readonly unpack: object
  }
  readonly acts: { readonly repack: object; readonly delay: Pause; readonly cancel: object }
}

const rulebook: Rulebook<Outing> = {
  check: () => null,
  parties: () => ({}),
  acts: {
    repack: () => ({ turn: true }),
    delay: (facts, pause) => ({
      facts: { ...facts, pauses: [...facts.pauses.filter(({ from }) => from !== pause.from), pause] },
    }),
    cancel: () => ({ turn: true }),
  },
}

interface Form {
  /** keys taken for the whole outing, then those taken while packing; what is taken while travelling fails the story */
  readonly takes: readonly string[]
  readonly packs: readonly string[]
  readonly refuses?: boolean
  /** asked side by side, each after its key was taken: whoever agrees first comes along */
  readonly guides?: readonly string[]
  /** on the way back something happens that the story does not know of */
  readonly fails?: boolean
}

/** Takes a key, to be given back if it comes to nothing. */
const take = (file: CaseFile<Outing>, input: CaseInput<Form>, key: string) =>
  file.attempt('hold', { case: input.case, key })

const guided = (input: CaseInput<Form>) => (key: string) => async (branch: CaseFile<Outing>) => {
  await take(branch, input, key)
  await branch.ask('guide', { of: { role: 'hr', body: input.body } })
}

export async function outing(input: CaseInput<Form>): Promise<Closing> {
  const first = { from: input.clock.base.case.slice(0, 10) as IsoDate, pauses: [] }

  return openCase<Outing, Form>(contract, rulebook, input, first, async (file) => {
    const ends = () =>
      endOf({ from: file.facts.from, terms: [file.term('errand.wait')], pauses: file.facts.pauses }, file.daysOff)
    file.clock('trip', ends, () => file.facts.from)
    for (const key of input.form.takes) await take(file, input, key)
    if (input.form.refuses) return file.refuse({ code: 'rain' })
    for (;;) {
      file.enter('packing')
      const packed = await file.during(['repack'], async (part) => {
        for (const key of input.form.packs) await take(part, input, key)
        await part.ask('pack', { of: { role: 'hr', body: input.body } })
      })
      if (packed.turned === null) break
    }
    if (input.form.guides) await file.first(input.form.guides.map(guided(input)))
    file.enter('away')
    await file.ask('travel', { of: { role: 'hr', body: input.body }, within: ends, actsOn: 'trip' })
    if (input.form.fails) await take(file, input, 'home')
    await file.ask('unpack', { of: { role: 'hr', body: input.body } })

    return file.close('home', { code: 'back' })
  })
}
