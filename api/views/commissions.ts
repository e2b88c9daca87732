/** Commissions of a case as its page shows them: who sits and who has answered; how, only once the answers are open. */
import { peopleByIds } from '../../prisma/store/accounts'
import { openTasksOfKinds } from '../../prisma/store/inbox'
import type { CaseRow } from '../../prisma/store/cases'
import type { CommissionRecord } from '../../workflows/kernel/protocol/step'
import type { Sight, Viewer } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'
import type { CommissionView } from '../shapes/views'

/** Every commission of the case, in the order in which they were convened; how each voted, to whoever sees their answers. */
export async function commissionsOf(
  { db, processes }: Service,
  row: CaseRow,
  { actor }: Viewer,
  sight: Sight,
): Promise<CommissionView[]> {
  const kinds = processes.of(row.process, row.version)?.contract.tasks
  /** the kind of task that is open in a commission now; of one that is over none */
  const askedIn = ({ kind, state }: CommissionRecord): string | undefined =>
    state === 'asking' ? kind : state === 'casting' ? kinds?.[kind]?.commission?.casting : undefined
  const [people, tasks] = await Promise.all([
    peopleByIds(
      db,
      row.commissions.flatMap(({ seats }) => seats.map(({ member }) => member)),
    ),
    openTasksOfKinds(
      db,
      row.id,
      row.commissions.flatMap((each) => askedIn(each) ?? []),
    ),
  ])
  const openIn = (commission: CommissionRecord) => tasks.filter(({ kind }) => kind === askedIn(commission))

  return row.commissions.map((commission) => {
    const { id, kind, state, quorum, choice, seats } = commission
    const open = openIn(commission)

    return {
      id,
      kind,
      state,
      quorum,
      countedBy: kinds?.[kind]?.commission?.countedBy ?? '',
      closesOn: open.map(({ closesOn }) => closesOn).findLast((on) => on !== null) ?? null,
      task: open.find(({ person }) => person === actor.person)?.id ?? null,
      choice: sight.sees(`answer:${kind}`) ? choice : null,
      seats: seats.flatMap(({ member, mark, ...seat }) => {
        const person = people.get(member)

        return person ? [{ ...seat, member: person, mark: sight.sees(`answer:${kind}`) ? mark : null }] : []
      }),
    }
  })
}
