/** Forms and facts name other cases by their ids. A link gives no access and says nothing to others, so that these are shown without them. */
import { casesByIds } from '../../prisma/store/about'
import { sightOf, type SeenCase, type Viewer } from '../../workflows/kernel/law/sight'
import type { Service } from '../service/service'

type Values = Record<string, unknown>

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : []

  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(idsIn) : []
}

/** The same values with null for the ids of cases that the viewer does not find, of all that stand in what is going to be shown. */
export async function hidingCases(
  { db }: Pick<Service, 'db'>,
  viewer: Viewer,
  said: readonly unknown[],
): Promise<(values: Readonly<Values>) => Values> {
  const named = await casesByIds(db, viewer, [...new Set(idsIn(said))])
  const cases: ReadonlyMap<string, SeenCase> = new Map(named.map(({ id, seen }) => [id, seen]))
  const shown = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const other = cases.get(value)

      return other && !sightOf(viewer, other).sees('exists') ? null : value
    }
    if (Array.isArray(value)) return value.map(shown)

    return typeof value === 'object' && value !== null ? shownValues({ ...value }) : value
  }
  const shownValues = (values: Readonly<Values>): Values =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)]))

  return (values) => (cases.size === 0 ? { ...values } : shownValues(values))
}
