/** A process with a part that is over at the end of a day, whatever is open in it: for the tests of deadlines. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseFile } from '../../../workflows/kernel/casefile'
import { defineContract } from '../../../workflows/kernel/contract'
import type { Addressee, Closing, IsoDate, Rulebook } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = defineContract({
  name: 'filing',
  version: 1,
  stages: ['open', 'late'],
  moves: { start: ['open', 'late'], open: ['late', 'filed', 'gathered'], late: ['missed'] },
  ends: ['filed', 'gathered', 'missed'],
  startedBy: ['hr'],
  tasks: { left: {}, right: {}, note: {} },
  acts: {
    file: { by: ['hr'], turn: true },
    extend: { by: ['hr'] },
    cancel: { by: ['head'], turn: true },
  },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: ['errand.do'],
  rules: {},
  reasons: ['done', 'tooLate'],
})

interface Filing {
  readonly contract: typeof contract
  readonly facts: { readonly since: IsoDate }
  readonly answers: { readonly left: object; readonly right: object; readonly note: object }
  readonly acts: { readonly file: object; readonly extend: { readonly since: IsoDate }; readonly cancel: object }
}

const rulebook: Rulebook<Filing> = {
  check: () => null,
  parties: () => ({}),
  acts: {
    file: () => ({ turn: true }),
    extend: (facts, { since }) => ({ facts: { ...facts, since } }),
    cancel: () => ({ turn: true }),
  },
}

interface Form {
  /** the day from which the term counts */
  readonly since: IsoDate
  /** what is taken while the part is open */
  readonly takes?: string
  /** a day for which a branch of it waits before it asks for a note */
  readonly waits?: IsoDate
  /** the last day of a part around it */
  readonly outer?: IsoDate
  /** somebody else is asked beside it, and whichever comes first counts */
  readonly rival?: boolean
}

type File = CaseFile<Filing>

export async function filing(input: CaseInput<Form>): Promise<Closing> {
  const hr: Addressee = { role: 'hr', body: input.body }
  const { since, takes, waits, outer, rival } = input.form

  const inTime = (file: File) =>
    file.deadline(
      () => file.dueIn('errand.do', file.facts.since),
      async (part) => {
        part.enter('open')
        if (takes) await part.attempt('hold', { case: input.case, key: takes })

        return part.during(['file'], (inner) =>
          inner.together([
            (branch) => branch.ask('left', { of: hr }),
            (branch) => branch.ask('right', { of: hr }),
            async (branch) => {
              if (!waits) return
              await branch.until(() => ({ on: waits, steps: [] }))
              await branch.ask('note', { of: hr })
            },
          ]),
        )
      },
    )
  const either = async (file: File) => {
    const came = await file.first([(branch) => inTime(branch), (branch) => branch.ask('note', { of: hr })])

    return 'result' in came ? ({ over: false, value: { turned: null } } as const) : came
  }

  return openCase<Filing, Form>(contract, rulebook, input, { since }, async (file) => {
    const part = rival ? either : inTime
    const whole = await file.deadline(() => (outer ? { on: outer, steps: [] } : null), part)
    const filed = whole.over ? whole : whole.value
    if (!filed.over) return file.close(filed.value.turned ? 'filed' : 'gathered', { code: 'done' })
    file.enter('late')
    await file.ask('note', { of: hr })

    return file.close('missed', { code: 'tooLate', params: { on: filed.on } })
  })
}
