/** The ways in which a task can be answered: one for each choice of the field that decides it, or the only one. Each is a button. */
import type { JsonSchema, TaskKindView } from '../../../api/shapes/views'
import { fieldsOf, isValues, type Values } from '../forms/fields'

export interface Way {
  /** words of the process: its `button`, its `record` in the case file, and its `consequence` */
  readonly words: string
  /** what the answer gets from the button */
  readonly decided: Values
}

type Decision = TaskKindView['decision']

function choicesOf(form: JsonSchema, field: string): readonly (string | boolean)[] {
  const decides = fieldsOf(form).find(({ name }) => name === field)
  if (decides?.kind === 'boolean') return [true, false]

  return decides?.kind === 'choice' ? decides.options : []
}

export function waysOf(kind: string, form: JsonSchema, decision: Decision): readonly Way[] {
  const words = `tasks.${kind}`
  if (!decision) return [{ words, decided: {} }]

  return choicesOf(form, decision.field).map((choice) => ({
    words: `${words}.choices.${String(choice)}`,
    decided: { [decision.field]: choice },
  }))
}

/** What is left of a form to be filled in: everything but the field that a button decides. */
export function withoutDecision(form: JsonSchema, decision: Decision): JsonSchema {
  const { properties, required } = form
  if (!decision || !isValues(properties)) return form
  const { [decision.field]: _, ...others } = properties
  const names: readonly unknown[] = Array.isArray(required) ? required : []

  return { ...form, properties: others, required: names.filter((name) => name !== decision.field) }
}
