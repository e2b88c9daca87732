/** What a form offers as its case stands: said with the form, so that nobody chooses what would be refused. */
import { actsPerformed, type CaseRow } from '../../prisma/store/cases'
import { holdersOf } from '../../prisma/store/holds'
import { ownedFactsOf } from '../../prisma/store/process-store'
import {
  isKernelTask,
  offerOf,
  type Actor,
  type AnyOffer,
  type BodyKey,
  type Capacity,
  type CaseId,
  type CheckContext,
  type IsoDate,
  type PersonId,
} from '../../workflows/kernel/contract'
import { fieldsOf, namedIn, type Field, type Form } from '../../workflows/kernel/forms'
import { actForm } from '../../workflows/kernel/kernel-forms'
import { kernelOffer, kernelTaskOffer } from '../../workflows/kernel/kernel-offers'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { sightOf, type Viewer } from '../../workflows/kernel/law/sight'
import { onlyCaseKey } from '../../workflows/kernel/protocol/opening'
import type { ItemValues, Process } from '../../workflows/kernel/process'
import { lookUp } from '../../prisma/store/register-facts'
import type { Chooser } from '../../prisma/store/register-sight'
import { askInSet } from '../../prisma/store/register-in-set'
import type { QuestionSet } from '../../workflows/kernel/protocol/activities'
import { mayDo, policyCase } from '../policy/cases'
import { askProcess, chooserOf, contextOf, setOf, subjectOf, type Standing } from '../service/form-check'
import { today } from '../service/today'
import { hidingIds } from './hidden-ids'
import type { Service } from '../service/service'
import type { OfferView } from '../shapes/views'

/** A form of which nothing is closed or refused. */
export const OPEN: OfferView = { closed: null, refused: {}, days: {}, among: {}, items: {} }
const FAILED = 'the code of a process failed while it was asked what a form offers'

/** A form of a case: of a kind of task or an act, and what is offered by it. */
export interface OfferedForm {
  readonly name: string
  readonly form: Form
  readonly offer: AnyOffer | undefined
}

/** The form of a kind of task of a process, or of the kernel. */
export const offeredTask = (
  process: Process,
  name: string,
  { form, today }: { readonly form: Form; readonly today: IsoDate },
): OfferedForm => ({
  name,
  form,
  offer: isKernelTask(name) ? kernelTaskOffer(name, today) : offerOf(process.offers, name),
})

/** The form of an act of a process, or of the kernel, as it is offered to somebody; null: there is none of that name. */
export function offeredAct(
  service: Service,
  process: Process,
  name: string,
  { row, actor }: { readonly row: CaseRow; readonly actor: Actor },
): OfferedForm | null {
  const form = actForm(process, name)
  const { commissions, subject, clock, keptFrom, restrictedTo, suspensions, law } = row
  const ofKernel = kernelOffer(name, {
    ...{ commissions, keptFrom, restrictedTo, contract: process.contract },
    ...{ suspensions: suspensions ?? [], rules: law.rules ?? [] },
    subject: subject?.id ?? null,
    today: caseToday(clock, service.now()),
    begunOn: row.startedOn,
    offers: process.offers,
    may: (by) => mayDo(actor, name, { by }, policyCase(row)).may,
  })

  return form && { name, form, offer: ofKernel ?? offerOf(process.offers, name) }
}

/** What each of these forms offers to this person now, by their names. One that cannot be worked out offers everything; the case decides. */
export async function offersOf(
  service: Service,
  process: Process,
  file: Standing,
  viewer: Viewer,
  forms: readonly OfferedForm[],
): Promise<Readonly<Record<string, OfferView>>> {
  const asked = forms.map(({ name, form, offer }) => ({ name, fields: fieldsOf(form), offer }))
  if (asked.every(({ fields, offer }) => !offer && !fields.some(({ itemOf }) => itemOf)))
    return Object.fromEntries(forms.map(({ name }) => [name, OPEN]))
  const [standing, acts] = await Promise.all([
    contextOf(service, file, { actor: viewer.actor.person, clocks: true }),
    asked.some(({ fields }) => fields.some(({ itemOf }) => itemOf))
      ? actsPerformed(service.db, file.caseId as CaseId)
      : [],
  ])
  const context = { ...standing, people: {}, positions: {} }
  const items = (list: string) => process.itemsOf?.(list, file.facts, acts) ?? itemsIn(file.facts, list)

  const offers = asked.map(({ name, fields, offer }): [string, OfferView] => {
    try {
      return [name, viewOf(offer, fields, { facts: file.facts, context, items })]
    } catch (err) {
      service.log.error({ err, kind: `${file.process}/${name}` }, FAILED)

      return [name, OPEN]
    }
  })
  const shown = await hidingIds(
    service,
    viewer,
    file,
    offers.map(([, offer]) => offer.items),
  )
  const itemsShown = ({ items: given }: OfferView): OfferView['items'] =>
    Object.fromEntries(
      Object.entries(given).map(([field, { list, items: each }]) => [field, { list, items: each.map(shown) }]),
    )

  const isShown = (id: string): boolean => shown({ id })['id'] !== null
  const among = (offer: OfferView): OfferView['among'] =>
    Object.fromEntries(Object.entries(offer.among).map(([field, ids]) => [field, ids.filter(isShown)]))
  const refused = (offer: OfferView): OfferView['refused'] =>
    Object.fromEntries(
      Object.entries(offer.refused).map(([field, values]) => [
        field,
        Object.fromEntries(Object.entries(values).filter(([value]) => isShown(value))),
      ]),
    )

  return Object.fromEntries(
    offers.map(([name, offer]) => [
      name,
      { ...offer, items: itemsShown(offer), among: among(offer), refused: refused(offer) },
    ]),
  )
}

/** Items as the facts of the case have them. */
function itemsIn(facts: unknown, list: string): readonly ItemValues[] {
  const found =
    typeof facts === 'object' && facts !== null ? (facts as Readonly<Record<string, unknown>>)[list] : undefined

  return Array.isArray(found) ? found.map((values: ItemValues) => values) : []
}

function viewOf(
  offer: AnyOffer | undefined,
  fields: readonly Field[],
  known: {
    readonly facts: unknown
    readonly context: unknown
    readonly items: (list: string) => readonly ItemValues[]
  },
): OfferView {
  const { facts, context } = known
  const items = Object.fromEntries(
    fields.flatMap(({ name, itemOf }) => (itemOf ? [[name, { list: itemOf, items: [...known.items(itemOf)] }]] : [])),
  )
  const refused = Object.entries(offer?.refuses ?? {}).flatMap(([name, refuses]) => {
    const field = fields.find((each) => each.name === name)
    const values = items[name]?.items.map((_, i) => i + 1) ?? field?.choices.map(choiceOf) ?? []
    const codes = values.flatMap((value) => {
      const code = refuses(value, facts, context)

      return code === null ? [] : [[String(value), code] as const]
    })

    return codes.length === 0 ? [] : [[name, Object.fromEntries(codes)] as const]
  })
  const days = Object.entries(offer?.days ?? {}).map(([name, between]) => {
    const { from, to } = between(facts, context)

    return [name, { from: from ?? null, to: to ?? null }] as const
  })

  return {
    closed: offer?.closed?.(facts, context) ?? null,
    refused: Object.fromEntries(refused),
    days: Object.fromEntries(days),
    among: Object.fromEntries(Object.entries(offer?.among ?? {}).map(([name, people]) => [name, [...people]])),
    items,
  }
}

const choiceOf = (choice: string): string | boolean =>
  choice === 'true' || choice === 'false' ? choice === 'true' : choice

/** A field of a form, and the people or positions that it might be given. */
interface AskedField {
  readonly field: string
  readonly ids: readonly string[]
}
type Context = Omit<CheckContext, 'people' | 'positions'>

/** Which of these people or positions a field of a form of a case cannot be given now: id → code. */
export async function refusedIds(
  service: Service,
  { form, file }: { readonly form: OfferedForm; readonly file: Standing },
  actor: Actor,
  asked: AskedField,
): Promise<Record<string, string>> {
  const context = await contextOf(service, file, { actor: actor.person, clocks: true })

  return refusedAmong(
    service,
    form,
    {
      ...{ process: file.process, facts: file.facts, context, subject: subjectOf(file), set: setOf(file) },
      by: chooserOf(service, actor, form.form, { body: file.body.key as BodyKey, file: file.caseId as CaseId }),
    },
    asked,
  )
}

async function refusedAmong(
  service: Service,
  { form, offer }: OfferedForm,
  known: {
    readonly process: string
    readonly facts: unknown
    readonly context: Context
    readonly subject: PersonId | null | undefined
    readonly set: QuestionSet | null
    readonly by: Chooser
  },
  { field, ids }: AskedField,
): Promise<Record<string, string>> {
  const { process, facts, subject, set, by } = known
  const said = ids.flatMap((id) => [namedIn(form, { [field]: id }), namedIn(form, { [field]: [id] })])
  const named = { people: said.flatMap(({ people }) => people), positions: said.flatMap(({ positions }) => positions) }
  const { people, positions, gone } = await askInSet(service, set, (asked) =>
    lookUp(asked, named, {
      ...{ on: known.context.today, today: today(service.now()), subject, by },
      owned: ownedFactsOf(service, process),
    }),
  )
  const context = { ...known.context, people: Object.fromEntries(people), positions: Object.fromEntries(positions) }
  const refuses = offer?.refuses?.[field]
  const left: ReadonlySet<string> = new Set(gone.map(({ id }) => id))
  const absent: ReadonlySet<string> = new Set(named.people.map(({ id }) => id).filter((id) => !people.has(id)))
  const codes = [...named.people, ...named.positions].flatMap(({ id }) => {
    if (absent.has(id)) return [[id, 'unknownId'] as const]
    const code = left.has(id) ? 'notInOffice' : (refuses?.(id, facts, context) ?? null)

    return code === null ? [] : [[id, code] as const]
  })

  return Object.fromEntries(codes)
}

// ------------------------------------------------------------------ the start of a case

const startForm = ({ forms, offers }: Process): OfferedForm => ({
  name: 'start',
  form: forms.start,
  offer: offerOf(offers, 'start'),
})

/** He may start a case about himself, and none about others. */
const isOnlySelf = (capacities: readonly Capacity[]): boolean =>
  capacities.length > 0 && capacities.every((capacity) => capacity === 'self')

/** What the start form of a process offers to whoever may start it in these capacities. One that cannot be worked out offers everything. */
export function offerOfStart(
  service: Service,
  process: Process,
  context: Context,
  capacities: readonly Capacity[],
): OfferView {
  const { form, offer } = startForm(process)
  try {
    const known = { facts: {}, context: { ...context, people: {}, positions: {} }, items: () => [] }

    const view = viewOf(offer, fieldsOf(form), known)
    const { actor } = context
    if (actor === null || !isOnlySelf(capacities)) return view
    const subjects = fieldsOf(form).filter(({ name }) => process.aboutOf({ [name]: actor }, null).person === actor)

    return { ...view, among: { ...view.among, ...Object.fromEntries(subjects.map(({ name }) => [name, [actor]])) } }
  } catch (err) {
    service.log.error({ err, kind: `${process.contract.name}/start` }, FAILED)

    return OPEN
  }
}

/**
 * Which of these people or positions a field of a start form cannot be given now: id → code. `subject`: the person whom the case is
 * to be about, once chosen. `capacities`: those in which the actor may start cases in the body: by office nobody starts one about himself,
 * and for himself none about others; without his name (none) none about himself; nor a second one where there may be one only, as far
 * as he may find the first: to anybody else nothing says that there is one.
 */
export async function refusedInStart(
  service: Service,
  {
    process,
    viewer,
    body,
    capacities,
    context,
    rehearsal,
    subject,
  }: {
    readonly process: Process
    readonly viewer: Viewer
    readonly body: BodyKey
    readonly capacities: readonly Capacity[]
    readonly context: Context
    readonly rehearsal: string | null
    readonly subject: PersonId | null
  },
  asked: AskedField,
): Promise<Record<string, string>> {
  const { name } = process.contract
  const { actor } = viewer
  const subjects = askProcess(service, `start/${name}`, () =>
    asked.ids.filter((id) => process.aboutOf({ [asked.field]: id }, actor.person).person === id),
  )
  const keyOf = (id: string) => onlyCaseKey({ process: name, subject: id as PersonId, body, rehearsal })
  const whoIsRefused = (id: string) => {
    if (id === actor.person) return capacities.includes('self') ? null : 'yourself'

    return isOnlySelf(capacities) ? 'onlyYourself' : null
  }
  const [byRules, holders] = await Promise.all([
    refusedAmong(
      service,
      startForm(process),
      {
        ...{ process: name, facts: {}, context, subject: subject ?? undefined },
        set: rehearsal === null ? null : { rehearsal, setBody: body },
        by: chooserOf(service, actor, process.forms.start, { body, file: null }),
      },
      asked,
    ),
    holdersOf(service.db, viewer, subjects.map(keyOf)),
  ])
  const hasOneHeFinds = (id: string) => {
    const holder = holders.get(keyOf(id))

    return holder !== undefined && sightOf(viewer, holder).sees('exists')
  }
  const codes = subjects.flatMap((id) => {
    const code = whoIsRefused(id) ?? (hasOneHeFinds(id) ? 'alreadyOpen' : null)

    return code === null ? [] : [[id, code] as const]
  })

  // whom the case is about need not be in office
  const others = Object.entries(byRules).filter(
    ([id, code]) => code !== 'notInOffice' || !subjects.some((each) => each === id),
  )

  return Object.fromEntries([...others, ...codes])
}
