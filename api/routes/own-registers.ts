/** Registers that processes own, as they describe them: looked up, entered, changed and removed by the rules of every register. */
import { z } from 'zod'
import { sentDraft } from '../../prisma/store/drafts'
import {
  bodyOf,
  changeOwn,
  enterOwn,
  ownRegistersOf,
  removeOwn,
  rowsOf,
  type OwnRegister,
  type OwnRow,
} from '../../prisma/store/own-registers'
import { KEEPER } from '../../prisma/store/register-sight'
import { trailOf, type Author } from '../../prisma/store/register-trail'
import { keptIn, type Actor, type BodyKey } from '../../workflows/kernel/contract'
import type { Form } from '../../workflows/kernel/forms'
import { startByRow } from '../commands/start-by-row'
import { anyForm, behind, id, many, paging } from '../http/fields'
import { pageBody, placeOf } from '../http/pages'
import { Problem } from '../http/problems'
import type { Routes } from '../http/route'
import { requireKeeper, requireKeeperAnywhere, seenBodies } from '../policy/registers'
import { describedFields } from '../service/described-fields'
import type { Service } from '../service/service'
import { pageOf } from '../shapes/schemas'
import { changedRow, FILTERS, listQuery, withoutClash } from './register-lists'
import { rowChange, rows } from './register-shapes'

const row = z.strictObject({ id: z.string(), body: z.string(), fields: anyForm, version: z.number().int() })

/** The registers of the processes of a release, as they describe them now. */
export const ownRegisters = ({ processes }: Pick<Service, 'processes'>): readonly OwnRegister[] =>
  Object.values(processes.current).flatMap(ownRegistersOf)

const named = (service: Service, register: string): OwnRegister | undefined =>
  ownRegisters(service).find((each) => each.id === register)

const entryAddress = (of: OwnRegister): string => `enter:${of.id}`
const changeAddress = (of: OwnRegister, row: string): string => `change:${of.id}:${row}`

/** The address of the form of a new row of such a register, when the actor may fill it in; null: there is no such register. */
export function ownEntryForm(service: Service, actor: Actor, register: string): string | null {
  const of = named(service, register)
  if (!of) return null
  requireKeeperAnywhere(actor, of)

  return entryAddress(of)
}

/** The form of such a register at an address, when the actor keeps rows of it somewhere; else null. */
export function ownFormAt(service: Service, { grants }: Actor, address: string): Form | null {
  const [kind = '', register = ''] = address.split(':')
  const of = kind === 'enter' || kind === 'change' ? named(service, register) : undefined

  return of && keptIn(grants, of.kind)?.length !== 0 ? of.form : null
}

/** The same of a row that is there. */
export async function ownChangeForm(
  service: Service,
  actor: Actor,
  register: string,
  asked: string,
): Promise<string | null> {
  const of = named(service, register)
  if (!of) return null
  const read = id.safeParse(asked)
  const found = read.success ? await seenRow(service, actor, of, read.data) : null
  if (!found) throw Problem.for('notFound')
  requireKeeper(actor, of, found.body)

  return changeAddress(of, found.id)
}

const seenRow = ({ db }: Service, actor: Actor, of: OwnRegister, row: string): Promise<OwnRow | null> =>
  rowsOf(of, seenBodies(actor, of)).get(db, row, KEEPER)

export function ownRegisterRoutes(routes: Routes, service: Service): void {
  const taken = new Set(Object.keys(rows))
  for (const register of ownRegisters(service)) {
    if (taken.has(register.id)) throw new Error(`two registers have the address ${register.id}`)
    taken.add(register.id)
    doorsOf(routes, service, register)
  }
}

function doorsOf(routes: Routes, service: Service, of: OwnRegister): void {
  const { db } = service
  const told = startByRow(service)
  const path = `/api/register/${of.id}`
  const one = z.strictObject({ id })
  const described = rowsOf(of, null)
  const sent = z.strictObject({ fields: anyForm })

  /** Who writes a row of this body; throws 403 when he may not. */
  const authorIn = (actor: Actor, body: BodyKey): Author => ({
    by: { person: actor.person, capacity: requireKeeper(actor, of, body) },
    told,
  })
  const fieldsOf = (actor: Actor, given: unknown) =>
    describedFields(service, actor, of.form, given, { process: of.process, at: 'fields' })
  async function found(actor: Actor, asked: string): Promise<OwnRow> {
    const seen = await seenRow(service, actor, of, asked)
    if (!seen) throw Problem.for('notFound')

    return seen
  }

  routes.signed({
    method: 'get',
    path,
    summary: `Look up ${of.id}`,
    query: z.strictObject({
      ...paging,
      after: behind,
      ...Object.fromEntries(Object.entries(described.filters).map(([name, kind]) => [name, FILTERS[kind].optional()])),
      sort: z.enum(described.sorts).optional(),
      id: many(id).optional(),
    }),
    responses: { 200: { description: 'A page', schema: pageOf(row) } },
    handler: async ({ actor, query }) => {
      const list = rowsOf(of, seenBodies(actor, of))
      const { after, ...asked } = query
      const place = placeOf(after, (text) => list.parseCursor(text, asked.sort))

      return { body: pageBody(await list.list(db, { ...listQuery(asked), ...place }, KEEPER), (each) => each) }
    },
  })
  routes.signed({
    method: 'get',
    path: `${path}/:id`,
    summary: `One of the ${of.id}`,
    params: one,
    responses: { 200: { description: 'The row', schema: row } },
    handler: async ({ actor, params }) => ({ body: await found(actor, params.id) }),
  })
  routes.signed({
    method: 'get',
    path: `${path}/:id/changes`,
    summary: `Who changed one of the ${of.id}, and what (those who keep it)`,
    params: one,
    query: z.strictObject(paging),
    responses: { 200: { description: 'The changes, the latest first', schema: pageOf(rowChange) } },
    handler: async ({ actor, viewer, params, query }) => {
      const page = await trailOf(db, viewer, { register: 'own', id: params.id }, query)
      const [last] = page.data
      const kept = last?.after ?? last?.before
      const body = kept?.['register'] === of.id ? kept['bodyKey'] : (await found(actor, params.id)).body
      requireKeeper(actor, of, body as BodyKey)

      return { body: page }
    },
  })
  routes.signed({
    method: 'post',
    path,
    summary: `Enter one of the ${of.id} (those who keep it)`,
    body: sent,
    responses: { 201: { description: 'The new row', schema: row } },
    handler: async ({ actor, body }) => {
      requireKeeperAnywhere(actor, of)
      const fields = await fieldsOf(actor, body.fields)
      const author = authorIn(actor, bodyOf(of, fields))
      const entered = withoutClash(await db.sql.transaction((tx) => enterOwn(tx, author, of, fields)))
      await sentDraft(db, { address: entryAddress(of), person: actor.person })

      return { status: 201, body: await described.get(db, entered.id, KEEPER) }
    },
  })
  routes.signed({
    method: 'patch',
    path: `${path}/:id`,
    summary: `Change one of the ${of.id} (those who keep it)`,
    params: one,
    body: sent,
    headers: ['If-Match'],
    responses: { 200: { description: 'The row as it is now', schema: row } },
    handler: async ({ actor, params, body, ifMatch }) => {
      const before = await found(actor, params.id)
      requireKeeper(actor, of, before.body)
      if (ifMatch === null) throw Problem.for('versionRequired')
      const fields = await fieldsOf(actor, body.fields)
      const author = authorIn(actor, bodyOf(of, fields))
      const now = changedRow(await changeOwn(db, author, of, { id: before.id, version: ifMatch }, fields))
      await sentDraft(db, { address: changeAddress(of, before.id), person: actor.person })

      return { body: now, headers: { ETag: `"${now.version}"` } }
    },
  })
  if (!of.kind.removable) return
  routes.signed({
    method: 'delete',
    path: `${path}/:id`,
    summary: `Remove one of the ${of.id} (those who keep it)`,
    params: one,
    headers: ['If-Match'],
    responses: { 204: { description: 'Gone' } },
    handler: async ({ actor, params, ifMatch }) => {
      const before = await found(actor, params.id)
      const author = authorIn(actor, before.body)
      if (ifMatch === null) throw Problem.for('versionRequired')
      changedRow(await removeOwn(db, author, of, { id: before.id, version: ifMatch }))

      return { status: 204 }
    },
  })
}
