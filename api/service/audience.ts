/** Who listens, and what of the changes each of them hears: one look at the database for all of them, the rest in memory. */
import { actorsOf } from '../../prisma/store/accounts'
import { peopleOfSessions, watched, type WatchedNotice, type WatchedTask } from '../../prisma/store/watching'
import type { CaseId } from '../../workflows/kernel/contract'
import { whyKept } from '../../workflows/kernel/law/kept'
import { holdsRole } from '../../workflows/kernel/law/policy'
import { deciding, mineOf, sightOf, viewerOf, type Viewer } from '../../workflows/kernel/law/sight'
import type { Audience } from './live'
import type { Service } from './service'
import { today } from './today'

/** It is addressed to him, or he holds it: he hears of it when it is taken from him or somebody else takes it up, too. */
function isHis({ actor }: Viewer, task: WatchedTask): boolean {
  const { role, body, person, assignee, excluded, subject } = task
  const kept = whyKept(actor.person, task)
  if (excluded.includes(actor.person) || kept === 'excluded') return false
  if (role !== null)
    return subject !== actor.person && kept === null && body !== null && holdsRole(actor.grants, role, body)

  return person === actor.person || assignee === actor.person
}

/** It is for him, or for a role that he holds. */
const isTold = ({ actor }: Viewer, { role, body, person }: WatchedNotice): boolean =>
  role === null ? person === actor.person : body !== null && holdsRole(actor.grants, role, body)

export function audienceOf({ db, processes, now }: Pick<Service, 'db' | 'processes' | 'now'>): Audience {
  return {
    viewers: async (sessions) => {
      const people = await peopleOfSessions(db, sessions)
      const actors = await actorsOf(db, [...new Set(people.values())], today(now()))

      return new Map(
        [...people].flatMap(([session, person]) => {
          const actor = actors.get(person)

          return actor ? [[session, viewerOf(actor, processes.tables)] as const] : []
        }),
      )
    },
    hears: async (changed) => {
      const { cases, tasks, notices } = await watched(db, changed)

      return (viewer) => {
        const sights = new Map(
          [...cases].map(([id, file]) => [id, sightOf(deciding(viewer), { ...file, mine: mineOf(viewer, file) })]),
        )
        const finds = (id: CaseId) => sights.get(id)?.finds === true

        return [
          {
            topic: 'tasks',
            ids: tasks.filter((task) => finds(task.case) || isHis(viewer, task)).map(({ id }) => id),
          },
          { topic: 'cases', ids: changed.cases.filter((id) => finds(id as CaseId)) },
          {
            topic: 'notices',
            ids: notices
              .filter((notice) => isTold(viewer, notice) && sights.get(notice.case)?.sees('course'))
              .map(({ id }) => id),
          },
        ]
      }
    },
  }
}
