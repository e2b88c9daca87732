/** The register: whoever is signed in looks up what he is shown, administrators enter and change what is theirs to keep. */
import { z } from 'zod'
import * as calendar from '../../prisma/store/calendar'
import { storeRecompute } from '../../prisma/store/commands'
import { sentDraft } from '../../prisma/store/drafts'
import type { Clash, EditableRegister, Register } from '../../prisma/store/listing'
import { KEEPER } from '../../prisma/store/register-sight'
import * as store from '../../prisma/store/register'
import { trailOf, type Author } from '../../prisma/store/register-trail'
import {
  ruleError,
  ruleKind,
  termError,
  termRange,
  unitError,
  type RegisterLimits,
} from '../../workflows/kernel/law/register-values'
import type { Actor, ExtendedRegister, FieldError } from '../../workflows/kernel/contract'
import type { AddedFields } from '../../workflows/kernel/register'
import { behind, formAddress, id as uuid, key, many, paging } from '../http/fields'
import { startByRow } from '../commands/start-by-row'
import { pageBody, placeOf } from '../http/pages'
import { Problem, forbidden, invalid } from '../http/problems'
import { choicesOf } from './forms'
import { changedRow, FILTERS, listQuery, withoutClash } from './register-lists'
import { changes, entries, rowChange, rows, type Resource } from './register-shapes'
import type { AskedBy, Reply, Routes } from '../http/route'
import { sweepAtOnce } from '../operations/office-sweep'
import { describedFields } from '../service/described-fields'
import { pageOf } from '../shapes/schemas'
import type { Service } from '../service/service'

const isAdministrator = (actor: Actor): boolean => actor.grants.some(({ role }) => role === 'administrator')
function requireAdministrator(actor: Actor): void {
  if (!isAdministrator(actor)) throw forbidden({ code: 'policy.administratorsOnly' })
}

/** The registers whose rows an administrator may change. */
const CHANGED = {
  bodies: store.bodies,
  units: store.units,
  positions: store.positions,
  people: store.people,
  posts: store.posts,
  roles: store.roles,
  terms: store.terms,
  rules: store.rules,
  holidays: calendar.holidays,
  swaps: calendar.swaps,
  'body-days': calendar.bodyDays,
} as const satisfies Record<keyof typeof changes, Pick<Register<unknown>, 'ids' | 'get'>>

const isChanged = (resource: string): resource is keyof typeof changes => Object.hasOwn(CHANGED, resource)
const isEntered = (resource: string): resource is keyof typeof entries => Object.hasOwn(entries, resource)
const idIn = (resource: keyof typeof changes): z.ZodType<string> => (CHANGED[resource].ids === 'uuid' ? uuid : key)

/** Where the draft of a new row is kept, and that of a change of a row. */
const entryAddress = (resource: keyof typeof entries): string => `enter:${resource}`
const changeAddress = (resource: keyof typeof changes, row: string): string => `change:${resource}:${row}`

/** The address of the form of a new row, when the actor may fill it in; throws why he may not. */
export function entryForm(actor: Actor, resource: string): string {
  requireAdministrator(actor)
  if (!isEntered(resource)) throw Problem.for('notFound')

  return entryAddress(resource)
}

/** The address of the form of a row that is there, in its one spelling. */
export async function changeForm({ db }: Service, actor: Actor, resource: string, of: string): Promise<string> {
  requireAdministrator(actor)
  if (!isChanged(resource)) throw Problem.for('notFound')
  const row = idIn(resource).safeParse(of)
  if (!row.success || !(await CHANGED[resource].get(db, row.data, KEEPER))) throw Problem.for('notFound')

  return changeAddress(resource, row.data)
}

export function registerRoutes(routes: Routes, service: Service): void {
  const { db } = service
  const { processes } = service
  const { limits } = processes
  const told = startByRow(service)
  const authorOf = (actor: Actor): Author => ({ by: { person: actor.person, capacity: 'administrator' }, told })

  function readable<Row>(resource: Resource, register: Register<Row>, present: (row: Row) => unknown): void {
    const one = register.ids === 'uuid' ? uuid : key
    const filters = Object.fromEntries(
      Object.entries(register.filters).map(([name, kind]) => [name, FILTERS[kind].optional()]),
    )
    routes.signed({
      method: 'get',
      path: `/api/register/${resource}`,
      summary: `Look up ${resource}`,
      query: z.strictObject({
        ...paging,
        after: behind,
        ...filters,
        sort: z.enum(register.sorts).optional(),
        id: many(one).optional(),
        form: formAddress.optional().meta({
          description: 'The form that you are filling in (see drafts): whom it lets you name is listed too',
        }),
      }),
      responses: { 200: { description: 'A page', schema: pageOf(rows[resource]) } },
      handler: async ({ viewer, query }) => {
        const { after, form, ...asked } = query
        const place = placeOf(after, (text) => register.parseCursor(text, asked.sort))

        const chooses = form === undefined ? [] : await choicesOf(service, viewer, form)
        const page = await register.list(db, { ...listQuery(asked), ...place }, { viewer, chooses })

        return { body: pageBody(page, present) }
      },
    })
    routes.signed({
      method: 'get',
      path: `/api/register/${resource}/:id`,
      summary: `One of the ${resource}`,
      params: z.strictObject({ id: one }),
      responses: { 200: { description: 'The row', schema: rows[resource] } },
      handler: async ({ viewer, params }) => {
        const row = await register.get(db, params.id, { viewer })
        if (!row) throw Problem.for('notFound')

        return { body: present(row) }
      },
    })
  }

  function editable<Row extends { version: number }, Change>(
    resource: keyof typeof changes,
    register: EditableRegister<Row, Change>,
    schema: z.ZodType<Change>,
    more: {
      /** makes of what was sent what the row is to have */
      readonly read?: (actor: Actor, before: Row, sent: Change) => Promise<Change>
      readonly check?: (before: Row, change: Change) => void | Promise<void>
      readonly after?: (row: Row) => Promise<unknown>
      readonly present?: (row: Row) => unknown
    } = {},
  ): void {
    const present = more.present ?? ((row) => row)
    readable(resource, register, present)
    traced(resource)
    routes.signed({
      method: 'patch',
      path: `/api/register/${resource}/:id`,
      summary: `Change one of the ${resource} (administrators)`,
      params: z.strictObject({ id: idIn(resource) }),
      body: schema,
      headers: ['If-Match'],
      responses: { 200: { description: 'The row as it is now', schema: rows[resource] } },
      handler: async ({ actor, params, body, ifMatch }) => {
        requireAdministrator(actor)
        const before = await register.get(db, params.id, KEEPER)
        if (!before) throw Problem.for('notFound')
        if (ifMatch === null) throw Problem.for('versionRequired')
        await more.check?.(before, body)
        const change = (await more.read?.(actor, before, body)) ?? body
        const row = changedRow(await register.update(db, authorOf(actor), { id: params.id, version: ifMatch }, change))
        await sentDraft(db, { address: changeAddress(resource, params.id), person: actor.person })
        await more.after?.(row)

        return { body: present(row), headers: { ETag: `"${row.version}"` } }
      },
    })
  }

  /** Who changed a row, and what of it: for those who may change it themselves. */
  function traced(resource: keyof typeof changes): void {
    routes.signed({
      method: 'get',
      path: `/api/register/${resource}/:id/changes`,
      summary: `Who changed one of the ${resource}, and what (administrators)`,
      params: z.strictObject({ id: idIn(resource) }),
      query: z.strictObject(paging),
      responses: { 200: { description: 'The changes, the latest first', schema: pageOf(rowChange) } },
      handler: async ({ actor, viewer, params, query }) => {
        requireAdministrator(actor)
        const page = await trailOf(db, viewer, { register: resource, id: params.id }, query)
        // a row that is gone keeps its trail, and one that nobody has changed since trails are kept has none
        if (page.data.length === 0 && !(await CHANGED[resource].get(db, params.id, KEEPER)))
          throw Problem.for('notFound')

        return { body: page }
      },
    })
  }

  function enterable<Row, Entry>(
    resource: keyof typeof entries,
    schema: z.ZodType<Entry>,
    add: (entry: Entry, author: Author) => Promise<Row | Clash>,
  ): void {
    routes.signed({
      method: 'post',
      path: `/api/register/${resource}`,
      summary: `Enter one of the ${resource} (administrators)`,
      body: schema,
      responses: { 201: { description: 'The new row', schema: rows[resource] } },
      handler: async ({ actor, body }: AskedBy<unknown, unknown, Entry>): Promise<Reply> => {
        requireAdministrator(actor)
        const row = withoutClash(await add(body, authorOf(actor)))
        await sentDraft(db, { address: entryAddress(resource), person: actor.person })

        return { status: 201, body: row }
      },
    })
  }

  function removable(resource: 'holidays' | 'swaps' | 'body-days', register: Register<{ id: string }>): void {
    routes.signed({
      method: 'delete',
      path: `/api/register/${resource}/:id`,
      summary: `Take one of the ${resource} out of the calendar (administrators)`,
      params: z.strictObject({ id: key }),
      headers: ['If-Match'],
      responses: { 204: { description: 'Gone' } },
      handler: async ({ actor, params, ifMatch }) => {
        requireAdministrator(actor)
        const row = await register.get(db, params.id, KEEPER)
        if (!row) throw Problem.for('notFound')
        if (ifMatch === null) throw Problem.for('versionRequired')
        changedRow(await calendar.removeDay(db, authorOf(actor), resource, { id: params.id, version: ifMatch }))
        await recompute('body' in row && typeof row.body === 'string' ? row.body : null)

        return { status: 204 }
      },
    })
  }

  /** Open cases compute their terms anew by the calendar as it is now. */
  const recompute = (body: string | null) => storeRecompute(db, body)
  const everywhere = () => recompute(null)
  /** Whoever may no longer do a task, or may again, is found at once. */
  const sweep = () => sweepAtOnce(service)

  /** What a process added is read by its form, and stands beside what others added. */
  const withAddedFields =
    (register: ExtendedRegister) =>
    async <Sent extends { readonly fields?: AddedFields }>(
      actor: Actor,
      before: { readonly fields?: AddedFields },
      sent: Sent,
    ): Promise<Sent> => {
      const { fields: given } = sent
      if (!given) return sent
      const read = await Promise.all(
        Object.entries(given).map(async ([process, values]) => {
          const form = Object.hasOwn(processes.current, process)
            ? processes.current[process]?.forms.registerFields?.[register]
            : undefined
          if (!form) throw invalid({ [`fields.${process}`]: 'unknown' })

          return [
            process,
            await describedFields(service, actor, form, values, { process, at: `fields.${process}` }),
          ] as const
        }),
      )

      return { ...sent, fields: { ...before.fields, ...Object.fromEntries(read) } }
    }

  readable('regions', store.regions, (row) => row)
  readable('categories', store.categories, (row) => row)
  readable('regimes', store.regimes, (row) => row)
  editable('bodies', store.bodies, changes.bodies, { after: (row) => recompute(row.id) })
  editable('units', store.units, changes.units)
  editable('positions', store.positions, changes.positions, { read: withAddedFields('positions') })
  editable('people', store.people, changes.people, { read: withAddedFields('people') })
  editable('posts', store.posts, changes.posts, { check: refuseBackwards, after: sweep })
  editable('roles', store.roles, changes.roles, { check: refuseBackwards, after: sweep })
  editable('terms', store.terms, changes.terms, {
    check: (before, change) => refuseTerm(limits, before, change),
    present: (row) => ({ ...row, range: termRange(limits, row) }),
  })
  editable('rules', store.rules, changes.rules, {
    check: ({ key: rule }, { value, act, inForceFrom }) => {
      refuseField('value', value === undefined ? null : ruleError(limits, rule, value))
      // of any other rule nobody asks by which act it is in force
      const unasked = limits.flags.includes(rule) ? null : 'unknown'
      refuseField('act', act ? unasked : null)
      refuseField('inForceFrom', inForceFrom ? unasked : null)
    },
    present: (row) => ({ ...row, kind: ruleKind(limits, row.key), flag: limits.flags.includes(row.key) }),
  })
  editable('holidays', calendar.holidays, changes.holidays, { after: everywhere })
  editable('swaps', calendar.swaps, changes.swaps, { after: everywhere })
  editable('body-days', calendar.bodyDays, changes['body-days'], { after: (row) => recompute(row.body) })

  enterable('roles', entries.roles, async (entry, author) => {
    refuseBackwards(entry, {})
    if (!processes.roles.includes(entry.role)) throw invalid({ role: 'option' })
    const [person, body] = await Promise.all([
      store.people.get(db, entry.person, KEEPER),
      store.bodies.get(db, entry.body, KEEPER),
    ])
    if (!person) throw invalid({ person: 'unknownId' })
    if (!body) throw invalid({ body: 'unknownId' })

    return afterwards(await store.addRole(db, author, entry), sweep)
  })
  enterable('holidays', entries.holidays, async (entry, author) =>
    afterwards(await calendar.addHoliday(db, author, entry), everywhere),
  )
  enterable('swaps', entries.swaps, async (entry, author) =>
    afterwards(await calendar.addSwap(db, author, entry), everywhere),
  )
  enterable('body-days', entries['body-days'], async (entry, author) => {
    if (!(await store.bodies.get(db, entry.body, KEEPER))) throw invalid({ body: 'unknownId' })

    return afterwards(await calendar.addBodyDay(db, author, entry), () => recompute(entry.body))
  })
  removable('holidays', calendar.holidays)
  removable('swaps', calendar.swaps)
  removable('body-days', calendar.bodyDays)
}

async function afterwards<Row>(row: Row | Clash, then: () => Promise<unknown>): Promise<Row> {
  const entered = withoutClash(row)
  await then()

  return entered
}

/** Nothing ends before it begins. */
function refuseBackwards(
  before: { readonly from: string; readonly to: string | null },
  change: { readonly from?: string; readonly to?: string | null },
): void {
  const { from, to } = { ...before, ...change }
  if (to !== null && to < from) throw invalid({ to: 'beforeFrom' })
}

function refuseField(field: string, error: FieldError | null): void {
  if (error !== null) throw invalid({ [field]: error })
}

/** A length of time that its key does not allow, and one that ends before it begins to hold. */
function refuseTerm(limits: RegisterLimits, before: store.TermView, change: store.TermChange): void {
  const after = { ...before, ...change }
  refuseField('unit', unitError(before, after.unit))
  refuseField('value', termError(limits, after))
  const { validFrom, validTo } = after
  refuseField('validTo', validFrom !== null && validTo !== null && validTo < validFrom ? 'beforeFrom' : null)
}
