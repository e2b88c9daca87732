/** A commendation is revoked: its result is annulled, and what it did to registers is taken back. */
import { openCase } from '../../workflows/kernel/casefile'
import type { CaseInput } from '../../workflows/kernel/protocol/messages'
import type { Closing } from '../../workflows/kernel/contract'
import { contract } from './contract'
import type { StartForm } from './forms'
import { rulebook, type Revocation } from './rules'

export async function revocation(input: CaseInput<StartForm>): Promise<Closing> {
  const { person, case: of, ground } = input.form
  const first = { servant: person, commendation: of }

  return openCase<Revocation, StartForm>(contract, rulebook, input, first, async (file) => {
    file.exclude([person])
    file.enter('deciding')
    const { answer } = await file.ask('decide', { of: { role: 'head', body: input.body } })
    if (!answer.revokes) return file.close('upheld', { code: 'upheld' })
    const annulled = await file.attempt('annul', { case: of, ground })
    if (!annulled.taken) return file.close('upheld', annulled.reason)
    await file.compensate({ of })
    file.remark('revoked', { all: await file.consult((register) => register.commendationsOf({ person })) })
    file.enter('publishing')
    await file.ask('publish', { of: { role: 'hr', body: input.body } })

    return file.close('revoked', { code: 'revoked' })
  })
}
