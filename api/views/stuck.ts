/** Why nothing will move a case, for its page and for operators. */
import { bodiesByKeys, peopleByIds } from '../../prisma/store/accounts'
import { notedStuck } from '../../prisma/store/stuck'
import type { Actor, CaseId, Piece, Role } from '../../workflows/kernel/contract'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { naming } from '../policy/cases'
import type { Service } from '../service/service'
import type { StuckCaseView, StuckView } from '../shapes/views'

const MOST = 100

const OPERATORS: readonly Role[] = ['developer', 'administrator']

/** Developers and administrators operate the product: they are told of every such case, and which others it waits for. */
export const operates = ({ grants }: Actor): boolean => grants.some(({ role }) => OPERATORS.includes(role))

/** Takes note that an operator is shown this of a case, whatever its table says of him. */
export function noteOperated({ actor: { grants }, notes }: Viewer, id: CaseId, piece: Piece): void {
  notes?.shown(id, [...new Set(grants.map(({ role }) => role).filter((role) => OPERATORS.includes(role)))], piece)
}

/** Open cases that nothing will move, the longest first. */
export async function stuckCasesOf(
  { db, processes }: Pick<Service, 'db' | 'processes'>,
  viewer: Viewer,
  only?: readonly CaseId[],
): Promise<StuckCaseView[]> {
  const found = await notedStuck(db, viewer, MOST, only)
  const tasks = found.flatMap(({ why }) => why.tasks)
  const [bodies, people] = await Promise.all([
    bodiesByKeys(db, [...new Set(tasks.flatMap(({ body }) => body ?? []))]),
    peopleByIds(
      db,
      tasks.flatMap(({ person }) => person ?? []),
    ),
  ])
  const named = operates(viewer.actor)
  if (named) for (const each of found) noteOperated(viewer, each.case, 'course')

  return found.map(({ case: caseId, number, process, version, firstAt, why, seen }) => ({
    caseId,
    caseNumber: number,
    process: processes.keyOf(process, version),
    stuck: {
      since: firstAt.toISOString(),
      tasks: why.tasks.map(({ kind, why: reason, role, body, person }) => ({
        kind,
        why: reason,
        role,
        body: bodies.find(({ key }) => key === body) ?? null,
        person: naming(viewer, { id: caseId, number, seen })(people.get(person ?? '') ?? null),
      })),
      waitsFor: why.waitsFor.map((other) => ({ number: named ? other.number : null, closed: other.closed })),
      circle: named ? [...why.circle] : [],
    },
  }))
}

/** The same of one case; null when something moves it. */
export async function stuckOf(
  service: Pick<Service, 'db' | 'processes'>,
  caseId: CaseId,
  viewer: Viewer,
): Promise<StuckView | null> {
  const [found] = await stuckCasesOf(service, viewer, [caseId])

  return found?.stuck ?? null
}
