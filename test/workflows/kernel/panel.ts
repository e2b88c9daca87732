/** A case that is nothing but a commission, whose rules come with its form: for what the contract may say of one. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CommissionKind, PersonId, Closing, Rulebook, StoryContract } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'

export interface PanelForm {
  readonly members: readonly PersonId[]
  readonly alternates?: readonly PersonId[]
  readonly excluded?: readonly PersonId[]
  readonly quorum: number
  readonly rules: Partial<CommissionKind>
  readonly open?: boolean
}

interface Panel {
  readonly facts: object
  readonly stage: 'voting'
  readonly end: 'decided' | 'failed' | 'turned'
  readonly answers: { readonly vote: { readonly vote: string }; readonly castVote: { readonly vote: string } }
  readonly acts: { readonly abandon: object; readonly cancel: object }
  readonly document: 'minutes'
  readonly returning: never
}

const rulebook: Rulebook<Panel> = {
  check: () => null,
  parties: () => ({}),
  acts: { abandon: () => ({ turn: true }), cancel: () => ({ turn: true }) },
}

const contractOf = ({ rules, open }: PanelForm): StoryContract => ({
  name: 'panel',
  version: 1,
  stages: ['voting'],
  startedBy: ['hr'],
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
  acts: { abandon: { by: ['hr'], turn: true }, cancel: { by: ['hr'], turn: true } },
  terms: ['errand.do', 'errand.wait'],
  rules: [],
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
