/** What the processes start when a row of the register changes, by the system, in the transaction that changes it. */
import type { Told } from '../../prisma/store/listing'
import { peopleFactsOf } from '../../prisma/store/process-store'
import { storeStarts, type NewStart } from '../../prisma/store/starts'
import { askProcess } from '../service/form-check'
import type { Service } from '../service/service'

/** Throws 422 for a change of which a process does not know what it starts: it is not made then. */
export const startByRow =
  (service: Service): Told =>
  async (tx, change) => {
    const { register, id, version } = change
    const starting = Object.values(service.processes.current).filter(({ contract }) =>
      contract.startedBy.includes('register'),
    )
    const starts = starting.flatMap((process) => {
      const { name } = process.contract
      const forms = askProcess(service, `${name}/${register}`, () =>
        (process.starts?.changed?.(change) ?? []).map((form) => process.forms.start.parse(form)),
      )

      return forms.map((form, n): NewStart => ({
        process,
        sender: { by: 'system' },
        key: `register/${register}/${id}/${String(version)}/${name}/${String(n)}`,
        form,
        people: peopleFactsOf(service.stores, name),
      }))
    })
    await storeStarts(tx, starts, service.now())
  }
