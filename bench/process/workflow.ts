/** The request: reviewed, noted in the file, confirmed; as many rounds as its start form says. */
import { openCase } from '../../workflows/kernel/casefile'
import type { Addressee, BodyKey, Closing, Rulebook } from '../../workflows/kernel/contract'
import type { CaseInput } from '../../workflows/kernel/protocol/messages'
import { contract } from './contract'
import type { Answers, StartForm } from './forms'

export interface Request {
  readonly contract: typeof contract
  readonly facts: { readonly body: BodyKey }
  readonly answers: Answers
  readonly acts: object
}

const rulebook: Rulebook<Request> = { check: () => null, parties: () => ({}), acts: {} }

export async function request(input: CaseInput<StartForm>): Promise<Closing> {
  const hr: Addressee = { role: 'hr', body: input.body }

  return openCase<Request, StartForm>(contract, rulebook, input, { body: input.body }, async (file) => {
    for (let round = 0; round < input.form.rounds; round += 1) {
      file.enter('reviewing')
      const { answer } = await file.ask('review', { of: hr })
      file.remark('checked', { decision: answer.decision, score: answer.score })
      file.enter('confirming')
      await file.ask('confirm', { of: hr })
    }

    return file.close('confirmed', { code: 'confirmed' })
  })
}
