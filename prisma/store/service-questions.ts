/** Questions to the service record, for the processes whose rules stand on it. */
import type { PersonId, PositionId, IsoDate } from '../../workflows/kernel/contract'
import type { Db } from './db'
import { servicePost } from './service'

export const serviceQuestions = {
  servicePost: (db: Db, question: { readonly person: PersonId; readonly position: PositionId; readonly on: IsoDate }) =>
    servicePost(db, question, Date.now()),
}
