/** A start from the page of a case that has ended: how the new case names it. */
import type { CaseDetail, JsonSchema, ProcessView } from '../../../api/shapes/views'
import { fieldsOf } from '../forms/fields'

/** The field of a start form that names another case; null: it has none. */
const caseFieldOf = (start: JsonSchema): string | null =>
  fieldsOf(start).find((field) => field.kind === 'reference' && field.register === 'case')?.name ?? null

/** How a new case of the process names a case that has ended: in a field of its form, or by a link; null: not at all. */
export function namingOf(
  { start, continues }: Pick<ProcessView, 'start' | 'continues'>,
  ended: Pick<CaseDetail, 'process'>,
): { readonly by: 'field'; readonly field: string } | { readonly by: 'link' } | null {
  const field = caseFieldOf(start)
  if (field !== null) return { by: 'field', field }

  return continues.includes(ended.process.replace(/@.*/, '')) ? { by: 'link' } : null
}
