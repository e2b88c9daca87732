/** A petition drafted in two parts side by side, each approved by itself; the north is weighed before it is drafted again; the process itself calls one of its ends `refused`. */
import { openCase } from '../../../workflows/kernel/casefile'
import type { CaseFile } from '../../../workflows/kernel/casefile'
import { defineContract, type Closing, type Returned, type Rulebook } from '../../../workflows/kernel/contract'
import type { CaseInput } from '../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../support/sees'

export const contract = {
  ...defineContract({
    name: 'petition',
    version: 1,
    stages: ['drafting'],
    moves: { start: ['drafting'], drafting: ['heard'] },
    ends: ['heard'],
    startedBy: ['hr'],
    tasks: {
      draftNorth: {},
      approveNorth: { returns: true },
      draftSouth: {},
      approveSouth: { returns: true },
      weigh: {},
    },
    acts: { cancel: { by: ['head'], turn: true } },
    sees: SEEN_BY_ALL,
    documents: {},
    terms: ['errand.wait'],
    rules: {},
    reasons: ['heard'],
  }),
  // a contract that says so does not compile: this is what the kernel would do of one
  ends: ['refused'],
  moves: { start: ['drafting'], drafting: ['refused'] },
}

interface Petition {
  readonly contract: typeof contract
  readonly facts: object
  readonly answers: {
    readonly draftNorth: object
    readonly approveNorth: object
    readonly draftSouth: object
    readonly approveSouth: object
    readonly weigh: object
  }
  readonly acts: { readonly cancel: object }
}

const rulebook: Rulebook<Petition> = {
  check: () => null,
  parties: () => ({}),
  acts: { cancel: () => ({ turn: true }) },
}

const part =
  (input: CaseInput<object>, draft: 'draftNorth' | 'draftSouth', approve: 'approveNorth' | 'approveSouth') =>
  async (file: CaseFile<Petition>): Promise<void> => {
    const hr = { role: 'hr', body: input.body } as const
    for (let again: Returned | null = null; ;) {
      await file.ask(draft, { of: hr, again })
      const approved = await file.ask(approve, { of: hr })
      if (approved.result !== 'returned') return
      again = approved
      if (draft === 'draftNorth') await file.ask('weigh', { of: hr })
    }
  }

export async function petition(input: CaseInput<object>): Promise<Closing> {
  return openCase<Petition, object>(contract, rulebook, input, {}, async (file) => {
    const key = { case: input.case, key: `petition:${input.subject}` }
    await file.attempt('hold', key)
    file.enter('drafting')
    await file.together([part(input, 'draftNorth', 'approveNorth'), part(input, 'draftSouth', 'approveSouth')])

    return file.close('refused', { code: 'heard' })
  })
}
