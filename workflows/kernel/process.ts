/** A process as the API knows it: its contract, its forms, and the rules of its forms. */
import type { PersonId, PositionId, ProcessContract } from './contract'
import type { ProcessForms } from './forms'
import type { Fact } from './messages'
import type { CheckContext } from './story'

/** An answer already given in the case, with its content. */
export interface Given {
  readonly kind: string
  readonly answer: Readonly<Record<string, unknown>>
}

export interface Process {
  readonly contract: ProcessContract
  readonly forms: ProcessForms
  /** whom a start form is about; the case belongs to the body of the position */
  readonly subjectOf: (start: Fact) => { readonly person: PersonId; readonly position: PositionId }
  /** what a form cannot know by itself: dotted field → code, or null when the answer stands */
  readonly check: (
    kind: string,
    answer: Fact,
    facts: Fact,
    context: CheckContext,
  ) => Readonly<Record<string, string>> | null
  /** values a task's or act's form starts with */
  readonly prefill: (kind: string, given: readonly Given[], facts: Fact) => Readonly<Record<string, unknown>>
}
