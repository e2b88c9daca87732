/** Processes: what they are made of, and starting a case. */
import { z } from 'zod'
import { allBodies, bodiesByKeys } from '../../prisma/store/accounts'
import { placeOf } from '../../prisma/store/cases'
import { ownRegistersOf, rowsOf, type OwnRegister } from '../../prisma/store/own-registers'
import { termsNamed } from '../../prisma/store/register'
import type { SetName } from '../../prisma/store/rehearsals'
import {
  isKernelAct,
  EXTENDED_REGISTERS,
  isAppealing,
  isUnverified,
  KERNEL_TASKS,
  keptIn,
  readableIn,
  type BodyKey,
  type Capacity,
  type PersonId,
  type TermUnit,
  TERM_UNITS,
  UNNAMED,
} from '../../workflows/kernel/contract'
import type { Actor, TaskKind } from '../../workflows/kernel/contract'
import type { Form, ProcessForms } from '../../workflows/kernel/forms'
import { startsAnywhere, startsAs, startsIn } from '../../workflows/kernel/law/policy'
import { decisionOf, listsOf, type Process } from '../../workflows/kernel/process'
import { anyForm, capacity, id, isoDate, key, many, setName } from '../http/fields'
import {
  actForm,
  actKinds,
  additionForms,
  KERNEL_FORMS,
  KERNEL_TASK_KINDS,
  schemaOf,
} from '../../workflows/kernel/kernel-forms'
import { forbidden, Problem } from '../http/problems'
import type { Routes } from '../http/route'
import { sendingOf, sendingUnnamed } from '../http/sending'
import * as schemas from '../shapes/schemas'
import type { Service } from '../service/service'
import { advanceSet, discardWholeSet } from '../commands/rehearsal-sets'
import { beginningOf, startCase, type Beginning } from '../commands/start-case'
import { answerOnce, commandView } from '../views/command-view'
import { OPEN, offerOfStart, refusedInStart } from '../views/offer-view'
import type { ProcessView, TaskKindView } from '../shapes/views'

const FASTEST = 5_000_000
/** Where a case would be started, and on which clock. */
const startOf = z.strictObject({
  body: key,
  set: setName.optional(),
  origin: isoDate.optional(),
  by: z.enum(UNNAMED).optional(),
})
const isTermUnit = (unit: string): unit is TermUnit => (TERM_UNITS as readonly string[]).includes(unit)

/** A kind of task as a page needs it; one without a form is answered by nobody. */
const taskKindView = (kind: string, task: TaskKind, form: Form | undefined): TaskKindView[] =>
  form
    ? [
        {
          kind,
          form: schemaOf(form),
          within: task.within ?? null,
          decision: decisionOf(task, form),
          returns: task.returns === true,
          shows: [...(task.shows ?? [])],
          facts: [...(task.facts ?? [])],
          clocks: [...(task.clocks ?? [])],
        },
      ]
    : []

/** A register of a process, for whoever may look it up. */
function ownRegisterView({ grants }: Actor, of: OwnRegister): ProcessView['registers'] {
  const { id: register, name, kind, form } = of
  if (readableIn(grants, kind)?.length === 0) return []
  const kept = keptIn(grants, kind)

  return [
    {
      ...{ register, name, form: schemaOf(form), body: kind.body },
      sorts: rowsOf(of, null).sorts.filter((sort) => !sort.startsWith('-')),
      removable: kind.removable === true,
      keptIn: kept && [...kept],
    },
  ]
}

const registerFieldsView = ({ registerFields = {} }: ProcessForms): ProcessView['registerFields'] =>
  EXTENDED_REGISTERS.flatMap((register) => {
    const form = registerFields[register]

    return form ? [{ register, form: schemaOf(form) }] : []
  })

export function processRoutes(routes: Routes, service: Service): void {
  const { db, processes } = service

  async function termsOf({ contract }: Process): Promise<ProcessView['terms']> {
    const rows = await termsNamed(db, contract.terms)

    return rows.flatMap(({ id, key: termKey, value, unit, confidence, source, name }) =>
      value !== null && isTermUnit(unit)
        ? [{ id, key: termKey, value, unit, confidence, source, name, unverified: isUnverified(confidence) }]
        : [],
    )
  }

  async function processView(actor: Actor, process: Process): Promise<ProcessView> {
    const { contract, forms } = process
    const current = processes.current[contract.name] === process
    const startable = startsIn(actor, contract.startedBy)
    const bodies = !current
      ? []
      : startsAnywhere(actor, contract.startedBy)
        ? await allBodies(db)
        : await bodiesByKeys(db, [...startable.keys()])

    return {
      name: processes.keyOf(contract.name, contract.version),
      current,
      version: contract.version,
      stages: [...contract.stages],
      ends: [...contract.ends],
      moves: Object.fromEntries(Object.entries(contract.moves).map(([stage, next]) => [stage, [...next]])),
      startedBy: [...contract.startedBy],
      startableIn: bodies.map((body) => ({
        ...body,
        capacities: [...(startsAs(actor, contract.startedBy, body.key as BodyKey) ?? [])],
      })),
      start: schemaOf(forms.start),
      tasks: [
        ...Object.entries(contract.tasks).flatMap(([kind, task]) => taskKindView(kind, task, forms.tasks[kind])),
        ...KERNEL_TASKS.flatMap((kind) => taskKindView(kind, KERNEL_TASK_KINDS[kind], KERNEL_FORMS[kind])),
      ],
      facts: forms.facts ? schemaOf(forms.facts) : null,
      acts: [
        ...Object.entries(forms.acts).map(([act, form]) => ({
          ...{ act, form: schemaOf(form) },
          byCases: [...(contract.acts[act]?.byCases ?? [])],
        })),
        ...Object.keys(actKinds(process))
          .filter(isKernelAct)
          .map((act) => ({ act, form: schemaOf(actForm(process, act) ?? KERNEL_FORMS[act]), byCases: [] })),
      ],
      opens: Object.entries(contract.opens ?? {}).map(([as, { process: opened, whenCancelled = null }]) => ({
        ...{ as, process: opened },
        whenCancelled,
      })),
      roles: [...(contract.roles ?? [])],
      registers: current ? ownRegistersOf(process).flatMap((of) => ownRegisterView(actor, of)) : [],
      registerFields: current ? registerFieldsView(forms) : [],
      documents: Object.keys(contract.documents),
      additions: additionForms(),
      continues: current ? [...(contract.continues ?? [])] : [],
      appeals: isAppealing(contract),
      lists: listsOf(process),
      terms: await termsOf(process),
    }
  }

  routes.signed({
    method: 'get',
    path: '/api/processes',
    summary: 'Processes with their stages, tasks, acts and forms',
    responses: { 200: { description: 'All', schema: z.array(schemas.processView) } },
    handler: async ({ actor }) => ({
      body: await Promise.all(processes.all.map((process) => processView(actor, process))),
    }),
  })
  routes.signed({
    method: 'post',
    path: '/api/processes/:process/cases',
    summary: 'Start a case, or a rehearsal of one',
    params: z.strictObject({ process: key }),
    body: z.strictObject({
      form: anyForm,
      body: key.optional(),
      rehearsal: z
        .strictObject({
          set: setName,
          origin: isoDate.optional(),
          speed: z.number().min(0).max(FASTEST).optional(),
        })
        .optional(),
      capacity,
      continues: id.optional().meta({ description: 'A closed case that this one continues: the two are linked' }),
      by: z.enum(UNNAMED).optional().meta({
        description: 'The case does not name you: nobody learns who you are, or one row that nobody can read says it',
      }),
    }),
    headers: ['Idempotency-Key'],
    responses: {
      200: { description: 'The rules refuse it, and why', schema: schemas.startOutcome },
      201: {
        description: 'Started; of a start without your name only that it was received',
        schema: schemas.startOutcome,
      },
      202: { description: 'Being processed', schema: schemas.commandView },
    },
    handler: async ({ actor, viewer, today, params, body, key: sent }) => {
      const process = Object.hasOwn(processes.current, params.process) ? processes.current[params.process] : undefined
      if (!process) throw Problem.for('notFound')

      const address = `start/${process.contract.name}`
      const sending = body.by
        ? sendingUnnamed(body.by, actor, sent, address, body)
        : sendingOf(actor, sent, address, body)
      const started = startCase(service, actor, today, sending, process, body)

      return answerOnce(service, sending, started, async (done) => {
        const { outcome } = await commandView(service, viewer, done)

        return { status: outcome?.result === 'refused' ? 200 : 201, body: outcome }
      })
    },
  })

  /** The case as it would begin in a body that the actor may start it in; null where no day of it is known to the register. */
  async function beginning(
    actor: Actor,
    name: string,
    { body, set, origin, by }: z.output<typeof startOf>,
  ): Promise<{ process: Process; body: BodyKey; capacities: readonly Capacity[]; begins: Beginning | null }> {
    const process = Object.hasOwn(processes.current, name) ? processes.current[name] : undefined
    const place = await placeOf(db, { body })
    if (!process || !place) throw Problem.for('notFound')
    const capacities = startsAs(actor, process.contract.startedBy, place.body, by)
    if (!capacities) throw forbidden({ code: 'policy.noRole' })
    const rehearsal = set === undefined ? undefined : { set, origin }
    try {
      const begins = await beginningOf(service, process, { place, actor: actor.person, rehearsal, form: {} })

      return { process, body: place.body, capacities, begins }
    } catch (error) {
      if (error instanceof Problem) return { process, body: place.body, capacities, begins: null }
      throw error
    }
  }
  routes.signed({
    method: 'get',
    path: '/api/processes/:process/start',
    summary: 'What the start form of a process offers in a body now, or in a set of rehearsals',
    params: z.strictObject({ process: key }),
    query: startOf,
    responses: { 200: { description: 'What cannot be chosen, and why', schema: schemas.offerView } },
    handler: async ({ actor, params, query }) => {
      const { process, capacities, begins } = await beginning(actor, params.process, query)

      return { body: begins ? offerOfStart(service, process, begins.context, capacities) : OPEN }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/processes/:process/start/refused',
    summary: 'Which of these people or positions a field of its start form cannot be given now, and why',
    params: z.strictObject({ process: key }),
    query: startOf.extend({ person: id.optional(), field: key, id: many(id) }),
    responses: { 200: { description: 'Those that cannot be chosen', schema: schemas.refusedIds } },
    handler: async ({ actor, viewer, params, query }) => {
      const { begins, ...start } = await beginning(actor, params.process, query)
      if (!begins) return { body: { refused: {} } }
      const subject = (query.person ?? null) as PersonId | null
      const asked = { ...start, viewer, context: begins.context, rehearsal: query.set ?? null, subject }

      return { body: { refused: await refusedInStart(service, asked, { field: query.field, ids: query.id }) } }
    },
  })

  const moved = z.array(z.strictObject({ caseId: z.string(), status: z.number(), code: z.string().nullable() }))
  const set = z.strictObject({ body: key.transform((value) => value as BodyKey), set: setName })
  const nameOf = ({ body, set: name }: z.output<typeof set>): SetName => ({ body, name })
  routes.signed({
    method: 'post',
    path: '/api/rehearsals/:body/:set/advance',
    summary: 'Move the clock of every case of a set of rehearsals of a body to a day',
    params: set,
    body: z.strictObject({ to: isoDate }),
    responses: {
      200: { description: 'What became of each case', schema: moved },
      202: { description: 'Not all have come to the day: the same request goes on', schema: moved },
    },
    handler: async ({ viewer, params, body }) => {
      const cases = await advanceSet(service, viewer, nameOf(params), body.to)

      return { status: cases.some(({ status }) => status === 202) ? 202 : 200, body: cases }
    },
  })
  routes.signed({
    method: 'post',
    path: '/api/rehearsals/:body/:set/discard',
    summary: 'End every case of a set of rehearsals of a body; nobody joins it any more',
    params: set,
    responses: { 200: { description: 'What became of each case', schema: moved } },
    handler: async ({ viewer, params }) => ({ body: await discardWholeSet(service, viewer, nameOf(params)) }),
  })
}
