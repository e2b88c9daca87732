/** What the processes start when a person changes a row of the register. */
import type { Told } from '../../prisma/store/register-trail'
import { startsByRow } from '../../prisma/store/starts'
import { askProcess } from '../service/form-check'
import type { Service } from '../service/service'

/** Throws 422 for a change of which a process does not know what it starts: it is not made then. */
export const startByRow = (service: Service): Told =>
  startsByRow(service, service.now, (kind, question) => askProcess(service, kind, question))
