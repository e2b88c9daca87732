/** The chore as it is now: what was swept is inspected first. */
import { openCase } from '../../../../workflows/kernel/casefile'
import type { CaseInput } from '../../../../workflows/kernel/protocol/messages'
import type { Closing } from '../../../../workflows/kernel/contract'
import { contract, rulebook, type Chore, type ChoreForm } from '../chore'

export async function choreV2(input: CaseInput<ChoreForm>): Promise<Closing> {
  return openCase<Chore, ChoreForm>({ ...contract, version: 2 }, rulebook, input, {}, async (file) => {
    file.enter('sweeping')
    await file.ask('sweep', { of: { role: 'hr', body: input.body } })
    await file.ask('inspect', { of: { role: 'hr', body: input.body } })
    await file.ask('report', { of: { role: 'hr', body: input.body } })

    return file.close('done', { code: 'inspected' })
  })
}
