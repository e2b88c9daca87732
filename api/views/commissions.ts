/** Commissions of a case as its page shows them: who sits and who has answered; how, only once the answers are open. */
import { peopleByIds } from '../../prisma/store/accounts'
import type { CaseRow } from '../../prisma/store/cases'
import type { Sight } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import type { CommissionView } from '../shapes/views'

/** Every commission of the case, in the order in which they were convened; how each voted, to whoever sees their answers. */
export async function commissionsOf({ db, processes }: Service, row: CaseRow, sight: Sight): Promise<CommissionView[]> {
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
    choice: sight.sees(`answer:${kind}`) ? choice : null,
    seats: seats.flatMap(({ member, mark, ...seat }) => {
      const person = people.get(member)

      return person ? [{ ...seat, member: person, mark: sight.sees(`answer:${kind}`) ? mark : null }] : []
    }),
  }))
}
