/** The verbs of a task. Claiming and handing over are the store's; answering goes to the workflow as a command. */
import { z } from 'zod'
import { actorOf } from '../../prisma/store/accounts'
import { factsOfPeople } from '../../prisma/store/register-facts'
import type { OneTask, TaskRow } from '../../prisma/store/inbox'
import * as tasks from '../../prisma/store/tasks'
import type { Capacity, CaseId, IsoDate, PersonId, Actor } from '../../workflows/kernel/contract'
import { instant, caseToday } from '../../workflows/kernel/law/case-clock'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { KERNEL_FORMS } from '../../workflows/kernel/kernel-forms'
import { mayHold, type Verdict } from '../../workflows/kernel/law/policy'
import { answerTask, refuseEnded, type Answering } from '../commands/answer-task'
import { notChanged } from '../commands/submit'
import { anyForm, capacity, id, many, version } from '../http/fields'
import { mayAssign, policyTask, seesTask } from '../policy/tasks'
import { answerOnce } from '../views/command-view'
import { refusedIds } from '../views/offer-view'
import { taskNow, taskView } from '../views/task-view'
import { Problem, forbidden, invalid } from '../http/problems'
import { sendingOf } from '../http/sending'
import type { AskedBy, Reply, Routes, SignedSpec } from '../http/route'
import * as schemas from '../shapes/schemas'
import type { Service } from '../service/service'
import { seenTask } from './tasks'

const params = z.strictObject({ id })
const seenOnly = z.strictObject({ version })
const toPerson = z.strictObject({ version, person: id })
/** A verb that the workflow hears of says in which capacity. */
const toldOnly = z.strictObject({ version, capacity })
const text = z.string().max(4000)
const responses = { 200: { description: 'The task as it is now', schema: schemas.taskView } }

const stored = {
  headers: ['Idempotency-Key'],
  responses: { ...responses, 202: { description: 'Being processed', schema: schemas.commandView } },
} as const

/** Verbs that need nothing but the task: a precondition in SQL says whether it can be done. */
const SIMPLE = [
  ['claim', tasks.claim, 'Take a task that waits for a role of yours'],
  ['release', tasks.release, 'Give it back to the role'],
  ['start', tasks.start, 'Say that you have begun'],
] as const

/** What a verb is done to, and by whom. */
interface Done<Body> extends Pick<AskedBy<unknown, unknown, Body>, 'actor' | 'viewer' | 'today' | 'key' | 'body'> {
  readonly row: OneTask
}

export function taskVerbRoutes(routes: Routes, service: Service): void {
  const { db, now, processes } = service

  const command = (actor: Actor, row: OneTask, seen: number, as: Capacity): tasks.TaskCommand => ({
    task: row.id,
    case: row.caseId as CaseId,
    version: seen,
    actor: actor.person,
    capacity: as,
    at: instant(now()),
    on: caseToday(row.clock, now()),
    chain: row.chain,
  })
  /** One condition after another: whose, in what state, which version; the store repeats the last two in SQL. */
  const changed = async (viewer: Viewer, row: TaskRow, moved: Promise<tasks.Moved>): Promise<Reply> => {
    const result = await moved
    if (!result.changed) {
      if (result.why === 'tooLate') refuseEnded(viewer, row)
      throw notChanged(result.why)
    }

    return { body: taskView(viewer, { ...row, ...result.now }, processes, now()) }
  }

  const verb = <Body extends z.ZodType>(
    name: string,
    summary: string,
    body: Body,
    done: (verb: Done<z.output<Body>>) => Promise<Reply>,
    more: Pick<SignedSpec<typeof params, z.ZodType, Body>, 'headers' | 'responses'> = { responses },
  ): void =>
    routes.signed({
      method: 'post',
      path: `/api/tasks/:id/${name}`,
      summary,
      params,
      body,
      ...more,
      handler: async ({ params: { id: taskId }, ...asked }) =>
        done({ ...asked, row: await seenTask(service, asked.viewer, taskId) }),
    })

  for (const [name, move, summary] of SIMPLE)
    verb(name, summary, seenOnly, async ({ actor, viewer, row, body }) => {
      const verdict = mayHold(actor, policyTask(row))
      if (!verdict.may) throw forbidden(verdict.reason)
      if (name !== 'claim' && row.assignee && row.assignee.id !== actor.person)
        throw forbidden({ code: 'policy.heldByAnother' })

      return changed(viewer, row, move(db, command(actor, row, body.version, verdict.capacities[0])))
    })

  /**
   * What the policy says of handing it to somebody: exclusion and roles bind whoever hands it over. Null: there is no such person, or none
   * whom the viewer may name.
   */
  async function asHolder(viewer: Viewer, row: TaskRow, person: string, on: IsoDate): Promise<Verdict | null> {
    const id = person as PersonId
    const to = await actorOf(db, id, on)
    const verdict = to && mayHold(to, policyTask(row))
    if (verdict?.may !== false) return verdict
    const by = { viewer, chooses: [], file: row.caseId as CaseId }
    const named = await factsOfPeople(db, [id], { on, acting: on }, null, by)

    return named.has(id) ? verdict : null
  }
  async function receiver(viewer: Viewer, row: TaskRow, person: string, on: IsoDate): Promise<PersonId> {
    const verdict = await asHolder(viewer, row, person, on)
    if (!verdict) throw invalid({ person: 'unknownId' })
    if (!verdict.may) throw Problem.for('invalidForm', { errors: { person: 'mayNotHold' }, reason: verdict.reason })

    return person as PersonId
  }
  /** Which of these people the verb would refuse, and why: asked with the people who are offered. */
  type Refused = (
    row: OneTask,
    people: readonly string[],
    who: Pick<AskedBy<unknown, unknown, unknown>, 'actor' | 'viewer' | 'today'>,
  ) => Promise<Reply>
  /** Whoever may not do the verb learns nothing of whom it excludes, which may be the person whom the case is about. */
  const mayChoose = (name: 'assign' | 'delegate' | 'ask', viewer: Viewer, row: OneTask): boolean =>
    name === 'assign' ? mayAssign(viewer.actor, policyTask(row), row.seen.mine.kept) : seesTask(viewer, row).holds
  const choosing = (name: 'assign' | 'delegate' | 'ask', refused: Refused): void =>
    routes.signed({
      method: 'get',
      path: `/api/tasks/:id/${name}/refused`,
      summary: `Which of these people \`${name}\` would refuse, and why`,
      params,
      query: z.strictObject({ field: z.literal('person'), id: many(id) }),
      responses: { 200: { description: 'Those that cannot be chosen', schema: schemas.refusedIds } },
      handler: async ({ actor, viewer, today, params: { id: taskId }, query }) => {
        const row = await seenTask(service, viewer, taskId)
        if (!mayChoose(name, viewer, row)) throw Problem.for('notFound')

        return refused(row, query.id, { actor, viewer, today })
      },
    })
  for (const name of ['assign', 'delegate'] as const)
    choosing(name, async (row, people, { viewer, today }) => {
      const verdicts = await Promise.all(
        people.map(async (person) => [person, await asHolder(viewer, row, person, today)] as const),
      )
      const refused = verdicts.flatMap(([person, verdict]) =>
        verdict?.may === true ? [] : [[person, verdict ? 'mayNotHold' : 'unknownId'] as const],
      )

      return { body: { refused: Object.fromEntries(refused) } }
    })
  choosing('ask', async (row, people, { actor }) => {
    const process = processes.of(row.process, row.formVersion)
    if (!process) throw Problem.for('notFound')
    const asked = { form: { name: 'ask', form: KERNEL_FORMS.ask, offer: undefined }, file: row }
    const gone = await refusedIds(service, asked, actor, { field: 'person', ids: people })

    return { body: { refused: { ...gone, ...(people.includes(actor.person) && { [actor.person]: 'yourself' }) } } }
  })
  verb(
    'assign',
    'Give a task of your body to one who may hold it',
    toPerson,
    async ({ actor, viewer, today, row, body }) => {
      const task = policyTask(row)
      if (!mayAssign(actor, task, row.seen.mine.kept))
        throw forbidden({ code: task.subject === actor.person ? 'policy.excluded' : 'policy.noRole' })
      const to = await receiver(viewer, row, body.person, today)

      return changed(viewer, row, tasks.assign(db, { ...command(actor, row, body.version, 'head'), to }))
    },
  )
  verb(
    'delegate',
    'Hand your task to another who may hold it',
    toPerson,
    async ({ actor, viewer, today, row, body }) => {
      const verdict = mayHold(actor, policyTask(row))
      if (!verdict.may) throw forbidden(verdict.reason)
      if (row.assignee && row.assignee.id !== actor.person) throw forbidden({ code: 'policy.heldByAnother' })
      const to = await receiver(viewer, row, body.person, today)

      return changed(
        viewer,
        row,
        tasks.delegate(db, { ...command(actor, row, body.version, verdict.capacities[0]), to }),
      )
    },
  )

  /** A verb that the workflow hears of: stored first, and answered when its step is recorded. */
  const told = <Body extends z.ZodType<{ version: number; capacity?: Capacity | undefined }>>(
    name: Answering['verb'],
    summary: string,
    body: Body,
    formOf: (body: z.output<Body>) => Answering['form'],
  ): void =>
    verb(
      name,
      summary,
      body,
      async ({ actor, viewer, key, row, body: said }) => {
        const { version, capacity } = said
        const form = formOf(said)
        const sending = sendingOf(actor, key, `${name}/${row.id}`, { version, form, capacity })
        const sent = answerTask(service, viewer, row, sending, { version, verb: name, form, capacity })

        return answerOnce(service, sending, sent, async () => ({ body: await taskNow(service, viewer, row) }))
      },
      stored,
    )

  told('complete', 'Answer the task', toldOnly.extend({ form: anyForm }), ({ form }) => form)
  told(
    'return',
    'Send what was answered before back for revision',
    toldOnly.extend({ remarks: text }),
    ({ remarks }) => ({ remarks }),
  )
  told(
    'recuse',
    'Withdraw from the matter as a member of its commission, with a reason',
    toldOnly.extend({ reason: text }),
    ({ reason }) => ({ reason }),
  )
  told(
    'ask',
    'Put a question to a person before answering',
    toldOnly.extend({ person: id, question: text }),
    ({ person, question }) => ({ person, question }),
  )
  told('withdrawQuestion', 'Take back the question put from this task', toldOnly, () => ({}))
}
