/** A certificate: printed, and handed over on the day of the ceremony. Whoever opened it hears of both. */
import { openCase } from '../../workflows/kernel/casefile'
import type { CaseInput } from '../../workflows/kernel/protocol/messages'
import type { Addressee, Closing } from '../../workflows/kernel/contract'
import { contract } from './contract'
import type { StartForm } from './forms'
import { rulebook, type Certificate } from './rules'

export async function certificate(input: CaseInput<StartForm>): Promise<Closing> {
  const first = { ceremony: input.form.ceremony }

  return openCase<Certificate, StartForm>(contract, rulebook, input, first, async (file) => {
    const hr: Addressee = { role: 'hr', body: input.body }
    file.enter('printing')
    await file.ask('print', { of: hr })
    if (file.openedBy && !file.openedBy.list) file.tell(file.openedBy.case, 'certificatePrinted')
    file.enter('handing')
    await file.until(
      () => ({ on: file.facts.ceremony, steps: [{ code: 'starts', on: file.facts.ceremony }] }),
      'ceremony',
    )
    await file.ask('handOver', { of: hr })
    file.order('certificate', { ceremony: file.facts.ceremony })

    return file.close('handed', { code: 'handedOver' })
  })
}
