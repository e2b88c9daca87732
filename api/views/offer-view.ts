/** What a form offers as its case stands: said with the form, so that nobody chooses what would be refused. */
import { actsPerformed } from '../../prisma/store/cases'
import { factsOfPeople, factsOfPositions } from '../../prisma/store/register-facts'
import { offerOf, type AnyOffer, type CaseId, type PersonId } from '../../workflows/kernel/contract'
import { actsByOffice, fieldsOf, namedIn, type Field, type Form } from '../../workflows/kernel/forms'
import type { ItemValues, Process } from '../../workflows/kernel/process'
import { contextOf, type Standing } from '../service/form-check'
import type { Service } from '../service/service'
import { today as realToday } from '../service/today'
import type { OfferView } from '../shapes/views'

/** A form of which nothing is closed or refused. */
export const OPEN: OfferView = { closed: null, refused: {}, days: {}, items: {} }
const FAILED = 'the code of a process failed while it was asked what a form offers'

/** A form of a case: of a kind of task or an act of its process. */
export interface OfferedForm {
  readonly name: string
  readonly form: Form
}

/** What each of these forms offers to this person now, by their names. One that cannot be worked out offers everything; the case decides. */
export async function offersOf(
  service: Service,
  process: Process,
  file: Standing,
  actor: PersonId,
  forms: readonly OfferedForm[],
): Promise<Readonly<Record<string, OfferView>>> {
  const asked = forms.map(({ name, form }) => ({ name, fields: fieldsOf(form), offer: offerOf(process.offers, name) }))
  if (asked.every(({ fields, offer }) => !offer && !fields.some(({ itemOf }) => itemOf)))
    return Object.fromEntries(forms.map(({ name }) => [name, OPEN]))
  const [standing, acts] = await Promise.all([
    contextOf(service, file, { actor, clocks: true }),
    asked.some(({ fields }) => fields.some(({ itemOf }) => itemOf))
      ? actsPerformed(service.db, file.caseId as CaseId)
      : [],
  ])
  const context = { ...standing, people: {}, positions: {} }
  const items = (list: string) => process.itemsOf?.(list, file.facts, acts) ?? itemsIn(file.facts, list)

  return Object.fromEntries(
    asked.map(({ name, fields, offer }): [string, OfferView] => {
      try {
        return [name, viewOf(offer, fields, { facts: file.facts, context, items })]
      } catch (err) {
        service.log.error({ err, kind: `${file.process}/${name}` }, FAILED)

        return [name, OPEN]
      }
    }),
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
    items,
  }
}

const choiceOf = (choice: string): string | boolean =>
  choice === 'true' || choice === 'false' ? choice === 'true' : choice

/** Which of these people or positions a field of a form cannot be given now: id → code. */
export async function refusedIds(
  service: Service,
  {
    process,
    form: { name, form },
    file,
  }: { readonly process: Process; readonly form: OfferedForm; readonly file: Standing },
  actor: PersonId,
  { field, ids }: { readonly field: string; readonly ids: readonly string[] },
): Promise<Record<string, string>> {
  const said = ids.flatMap((id) => [namedIn(form, { [field]: id }), namedIn(form, { [field]: [id] })])
  const named = { people: said.flatMap(({ people }) => people), positions: said.flatMap(({ positions }) => positions) }
  const standing = await contextOf(service, file, { actor, clocks: true })
  const real = realToday(service.now())
  const on = standing.today
  const [people, positions] = await Promise.all([
    factsOfPeople(
      service.db,
      named.people.map(({ id }) => id),
      { on, acting: on > real ? on : real },
    ),
    factsOfPositions(
      service.db,
      named.positions.map(({ id }) => id),
      file.subject.id as PersonId,
    ),
  ])
  const context = { ...standing, people: Object.fromEntries(people), positions: Object.fromEntries(positions) }
  const refuses = offerOf(process.offers, name)?.refuses?.[field]
  const gone = new Set(
    named.people.filter((each) => actsByOffice(each) && people.get(each.id)?.office === null).map(({ id }) => id),
  )
  const codes = [...named.people, ...named.positions].flatMap(({ id }) => {
    const code = gone.has(id as PersonId) ? 'notInOffice' : (refuses?.(id, file.facts, context) ?? null)

    return code === null ? [] : [[id, code] as const]
  })

  return Object.fromEntries(codes)
}
