/** A start from the page of a case that has ended: how the new case names it. */
import type { JsonSchema } from '../../../api/shapes/views'
import { fieldsOf } from '../forms/fields'

/** The field of a start form that names another case; null: it has none. */
export const caseFieldOf = (start: JsonSchema): string | null =>
  fieldsOf(start).find((field) => field.kind === 'reference' && field.register === 'case')?.name ?? null
