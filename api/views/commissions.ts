/** Commissions of a case as its page shows them: who sits and who has answered; how, only once the answers are open. */
import { peopleByIds } from '../../prisma/store/accounts'
import type { CaseRow } from '../../prisma/store/cases'
import type { Service } from '../service/service'
import type { CommissionView } from '../shapes/views'

/** Every commission of the case, in the order in which they were convened. `marks`: may the reader see how each voted. */
export async function commissionsOf(
  { db, processes }: Service,
  row: CaseRow,
  marks: boolean,
): Promise<CommissionView[]> {
  const people = await peopleByIds(
    db,
    row.commissions.flatMap(({ seats }) => seats.map(({ member }) => member)),
  )

  return row.commissions.map(({ id, kind, state, quorum, choice, seats }) => ({
    id,
    kind,
    state,
    quorum,
    countedBy: processes.of(row.process, row.version)?.contract.tasks[kind]?.commission?.countedBy ?? '',
    choice,
    seats: seats.flatMap(({ member, mark, ...seat }) => {
      const person = people.get(member)

      return person ? [{ ...seat, member: person, mark: marks ? mark : null }] : []
    }),
  }))
}
