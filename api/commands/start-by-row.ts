/** What the processes start when a row of the register changes, by the system, in the transaction that changes it. */
import type { Sql } from '../../prisma/store/db'
import { peopleFactsOf } from '../../prisma/store/process-store'
import type { Told } from '../../prisma/store/register-trail'
import { storeStarts, type NewStart } from '../../prisma/store/starts'
import type { Process, StartForm } from '../../workflows/kernel/process'
import type { RegisterName, RowChange } from '../../workflows/kernel/register'
import { askProcess } from '../service/form-check'
import type { Service } from '../service/service'

const startedBy = <R extends RegisterName>({ starts }: Process, change: RowChange<R>): readonly StartForm[] =>
  starts?.changed?.[change.register]?.(change) ?? []

/** Throws 422 for a change of which a process does not know what it starts: it is not made then. */
export const startByRow =
  (service: Service): Told =>
  async <R extends RegisterName>(tx: Sql, change: RowChange<R>) => {
    const { register, id, seq } = change
    const starting = Object.values(service.processes.current).filter(({ contract }) =>
      contract.startedBy.includes('register'),
    )
    const starts = starting.flatMap((process) => {
      const { name } = process.contract
      const forms = askProcess(service, `${name}/${register}`, () =>
        startedBy(process, change).map((form) => process.forms.start.parse(form)),
      )

      return forms.map((form, n): NewStart => ({
        process,
        sender: { by: 'system' },
        key: `register/${register}/${id}/${String(seq)}/${name}/${String(n)}`,
        form,
        people: peopleFactsOf(service.stores, name),
      }))
    })
    await storeStarts(tx, starts, service.now())
  }
