/** A case that is nothing but a commission, whose rules come with its form: for what the contract may say of one. */
import { openCase } from '../../../workflows/kernel/casefile'
import { defineContract, MINUTES } from '../../../workflows/kernel/contract'
import type { CommissionKind, PersonId, Closing, Rulebook, TaskKind } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export interface PanelForm {
  readonly members: readonly PersonId[]
  readonly alternates?: readonly PersonId[]
  readonly excluded?: readonly PersonId[]
  readonly quorum: number
  readonly rules: Partial<CommissionKind>
  readonly open?: boolean
}

export const contract = defineContract({
  name: 'panel',
  version: 1,
  stages: ['voting'],
  moves: { start: ['voting'], voting: ['decided', 'failed', 'turned'] },
  ends: ['decided', 'failed', 'turned'],
  startedBy: ['hr'],
  tasks: { vote: {}, castVote: {} },
  acts: { abandon: { by: ['hr'], turn: true }, cancel: { by: ['hr'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: { minutes: MINUTES },
  terms: ['errand.do', 'errand.wait'],
  rules: {},
  reasons: ['abandoned', 'quorum', 'tie'],
})

/** Its commission, and the choices of its members, come with the form. */
type PanelContract = Omit<typeof contract, 'tasks' | 'reasons'> & {
  readonly tasks: { readonly vote: TaskKind & { readonly commission: CommissionKind }; readonly castVote: TaskKind }
  readonly reasons: readonly string[]
}

interface Panel {
  readonly contract: PanelContract
  readonly facts: object
  readonly answers: { readonly vote: { readonly vote: string }; readonly castVote: { readonly vote: string } }
  readonly acts: { readonly abandon: object; readonly cancel: object }
}

const rulebook: Rulebook<Panel> = {
  check: () => null,
  parties: () => ({}),
  acts: { abandon: () => ({ turn: true }), cancel: () => ({ turn: true }) },
}

const contractOf = ({ rules, open }: PanelForm): PanelContract => ({
  ...contract,
  tasks: {
    vote: {
      sealed: open !== true,
      commission: {
        countedBy: 'vote',
        withoutQuorum: 'fail',
        tie: 'fail',
        casting: 'castVote',
        recusal: true,
        ...rules,
      },
    },
    castVote: {},
  },
})

export async function panel(input: CaseInput<PanelForm>): Promise<Closing> {
  const { members, alternates = [], excluded = [], quorum } = input.form
  const [chair] = members
  if (!chair) throw new Error('a panel has members')

  return openCase<Panel, PanelForm>(contractOf(input.form), rulebook, input, {}, async (file) => {
    file.enter('voting')
    const voted = await file.during(['abandon'], (part) =>
      part.commission('vote', { members, alternates, chair, quorum, within: 'errand.do', exclude: excluded }),
    )
    if (voted.turned) return file.close('turned', { code: 'abandoned' })
    const decision = voted.value
    file.order('minutes', decision.minutes)

    return decision.result === 'decided'
      ? file.close('decided', { code: decision.choice, params: { cast: decision.cast ?? 'nobody' } })
      : file.close('failed', { code: decision.why })
  })
}
