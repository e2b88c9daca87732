/** Questions to the service record, for the processes whose rules stand on it. */
import type { IsoDate, PersonId, PositionId } from '../../workflows/kernel/contract'
import type { Asked } from './effects'
import { servicePost } from './service'

export const serviceQuestions = {
  servicePost: (
    asked: Asked,
    question: { readonly person: PersonId; readonly position: PositionId; readonly on: IsoDate },
  ) => servicePost(asked, question, Date.now()),
}
