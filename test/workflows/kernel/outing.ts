/** A process that takes much from the world: for the tests of what is taken back, when, and by whom. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseFile } from '../../../workflows/kernel/casefile'
import type { ProcessContract } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/messages'
import type { Closing, Rulebook } from '../../../workflows/kernel/story'

const contract = {
  name: 'outing',
  version: 1,
  stages: ['packing', 'away'],
  ends: ['home'],
  startedBy: ['hr'],
  tasks: { pack: {}, travel: {} },
  acts: {
    repack: { by: ['hr'], turn: true },
    cancel: { by: ['head'], turn: true },
  },
  documents: [],
  terms: [],
  rules: [],
} as const satisfies ProcessContract

interface Outing {
  readonly facts: object
  readonly stage: (typeof contract.stages)[number]
  readonly end: (typeof contract.ends)[number]
  readonly answers: { readonly pack: object; readonly travel: object }
  readonly acts: { readonly repack: object; readonly cancel: object }
  readonly document: never
  readonly returning: never
}

const rulebook: Rulebook<Outing> = {
  check: () => null,
  parties: () => ({}),
  acts: { repack: () => ({ turn: true }), cancel: () => ({ turn: true }) },
}

interface Form {
  /** keys taken for the whole outing, then those taken while packing; what is taken while travelling fails the story */
  readonly takes: readonly string[]
  readonly packs: readonly string[]
  readonly refuses?: boolean
}

/** Takes a key, to be given back if it comes to nothing. */
const take = (file: CaseFile<Outing>, input: CaseInput<Form>, key: string) =>
  file.attempt((effects) => effects.hold({ case: input.case, key }), {
    undo: (effects) => effects.release({ case: input.case, key }),
    as: 'hold',
  })

export async function outing(input: CaseInput<Form>): Promise<Closing> {
  return openCase<Outing, Form>(contract, rulebook, input, {}, async (file) => {
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
    file.enter('away')
    await file.ask('travel', { of: { role: 'hr', body: input.body } })
    await take(file, input, 'home')

    return file.close('home', { code: 'back' })
  })
}
