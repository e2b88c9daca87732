/**
 * Tells a case at once when nobody may do one of its tasks any more, and who is asked instead; and when somebody may again. The register
 * says who may, the contract whom to ask; the case itself writes it down and addresses its task.
 */
import { storeEligible } from '../../prisma/store/commands'
import { areEligible, bodiesAbove, headsOf, unattendedTasks, type UnattendedTask } from '../../prisma/store/eligible'
import type { Addressee, BodyKey, Role, CaseId, TaskId, TaskKind } from '../../workflows/kernel/contract'
import { instant } from '../../workflows/kernel/law/case-clock'
import { sameAddressee } from '../../workflows/kernel/law/policy'
import { askedNow, standInsOf } from '../../workflows/kernel/law/stand-ins'
import type { Messages } from '../../workflows/kernel/protocol/messages'
import type { Service } from '../service/service'
import { today } from '../service/today'

const AT_ONCE = 500
const NO_KIND: TaskKind = {}

type Parts = Pick<Service, 'db' | 'now' | 'processes'>
type Told = Messages['eligible']['tasks'][number]

/** Looks once at all tasks that nobody may do; answers how many cases are told something. */
export async function askNextBodies(service: Parts): Promise<number> {
  const { db, now } = service
  let told = 0
  for (let after: TaskId | null = null; ;) {
    const found: UnattendedTask[] = await unattendedTasks(db, today(now()), after, AT_ONCE)
    told += await storeEligible(db, await newsOf(service, found), instant(now()))
    after = found.at(-1)?.task ?? null
    if (found.length < AT_ONCE) return told
  }
}

/** What each case has to be told of its tasks. */
async function newsOf(
  { db, now, processes }: Parts,
  found: readonly UnattendedTask[],
): Promise<{ readonly case: CaseId; readonly body: BodyKey; readonly tasks: Told[] }[]> {
  const bodies = found.flatMap(({ body, own }) => [body, own.role === undefined ? (own.servesIn ?? body) : own.body])
  const above = await bodiesAbove(db, [...new Set(bodies)])
  const asked = found.map((row) => {
    const kind = processes.of(row.process, row.version)?.contract.tasks[row.kind] ?? NO_KIND

    return { row, standIns: standInsOf(kind, row.own, { ...row, above: (body) => above.get(body) ?? [] }) }
  })
  const candidates = asked.flatMap(({ row, standIns }) =>
    [row.own, row.standIn?.by ?? row.own, ...standIns].map((to) => ({ ...row, to })),
  )
  const eligible = await areEligible(db, today(now()), candidates)
  const ofTask = new Map<TaskId, Addressee<Role>[]>()
  for (const { task, to } of eligible) ofTask.set(task, [...(ofTask.get(task) ?? []), to])
  const mayDo = (task: TaskId, to: Addressee<Role>): boolean =>
    ofTask.get(task)?.some((each) => sameAddressee(each, to)) === true
  const restricted = found.filter(({ restrictedTo, own }) => restrictedTo !== null && own.role !== undefined)
  /** From the body of whom it is for: what the Agency agrees to is no task of the body that proposes it. */
  const upwards = ({ own }: UnattendedTask) =>
    own.role === undefined ? [] : [own.body, ...(above.get(own.body) ?? [])]
  const heads = await headsOf(db, today(now()), [...new Set(restricted.flatMap(upwards))])
  /** The nearest head who may do a task of a restricted case that names nobody who may: the case names him, or it would be stuck for ever. */
  const headOf = (row: UnattendedTask): Pick<Told, 'by' | 'heads'> | null => {
    if (row.own.role === undefined) return null
    const may = (body: BodyKey) =>
      (heads.get(body) ?? []).filter((head) => head !== row.subject && !row.excluded.includes(head))
    const body = upwards(row).find((each) => may(each).length > 0)

    return body === undefined ? null : { by: { role: 'head', body }, heads: may(body) }
  }
  const news = new Map<CaseId, { readonly body: BodyKey; readonly tasks: Told[] }>()
  for (const { row, standIns } of asked) {
    const asked = askedNow(row, standIns, (to) => mayDo(row.task, to))
    const isNobodys = asked === null || (asked === 'asBefore' && row.standIn?.by === null)
    const told =
      (isNobodys && row.restrictedTo !== null ? headOf(row) : null) ?? (asked === 'asBefore' ? null : { by: asked })
    if (told === null) continue
    const { tasks } = news.get(row.case) ?? { tasks: [] }
    news.set(row.case, { body: row.body, tasks: [...tasks, { task: row.task, ...told }] })
  }

  return [...news].map(([caseId, told]) => ({ case: caseId, ...told }))
}
