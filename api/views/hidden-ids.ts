/**
 * Forms and facts name people and other cases by their ids. A link gives no access and says nothing to others, and what was said in a case
 * tells nobody whom it is about who does not see it: such ids are left out of what is shown.
 */
import { casesByIds } from '../../prisma/store/about'
import { deciding, sightOf, type SeenCase, type Viewer } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'

type Values = Record<string, unknown>

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : []

  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : []
}

/**
 * The same values with null for the ids of cases that the viewer does not find, of all that stand in what is going to be shown, and for that of
 * the person whom the case is about in which it was said, if the viewer does not see who it is.
 */
export async function hidingIds(
  { db }: Pick<Service, 'db'>,
  viewer: Viewer,
  { seen }: { readonly seen: SeenCase },
  said: readonly unknown[],
): Promise<(values: Readonly<Values>) => Values> {
  const named = await casesByIds(db, viewer, [...new Set(idsIn(said))])
  const cases: ReadonlyMap<string, SeenCase> = new Map(named.map(({ id, seen }) => [id, seen]))
  const subject = sightOf(deciding(viewer), seen).sees('identity') ? null : seen.subject
  // keys are made of ids as well
  const isOfSubject = (text: string): boolean => subject !== null && text.includes(subject)
  const shown = (value: unknown): unknown => {
    if (typeof value === 'string') {
      if (isOfSubject(value)) return null
      const other = cases.get(value)

      return other && !sightOf(viewer, other).sees('exists') ? null : value
    }
    if (Array.isArray(value)) return value.map(shown)

    return typeof value === 'object' && value !== null ? shownValues({ ...value }) : value
  }
  const shownValues = (values: Readonly<Values>): Values =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (isOfSubject(name) ? [] : [[name, shown(value)]])),
    )

  return (values) => (cases.size === 0 && subject === null ? { ...values } : shownValues(values))
}
