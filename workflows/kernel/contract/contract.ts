/** What a process declares about itself. Plain data, like everything in this folder. */
import type { Role } from './values'

/** How a commission decides whose members answer a kind of task. */
export interface CommissionKind {
  /** field of the answer that is counted */
  readonly countedBy: string
  /**
   * what is done when too few have answered at the end of the term: it is extended once by the term of this key; alternates take
   * the seats of those who did not answer; or the commission has failed
   */
  readonly withoutQuorum: { readonly extendBy: string } | 'alternates' | 'fail'
  /** what is done when votes are equal: the chair's own vote tells, or if he gave none he is asked; all vote once more; or it has failed */
  readonly tie: 'chairCasts' | 'again' | 'fail'
  /** kind of the task in which the chair casts his vote; its form has the same field */
  readonly casting?: string
  /** a member may withdraw from the matter, with a reason */
  readonly recusal?: boolean
}

/** A kind of task. Its form is the entry of the same name in the process's `forms.ts`. */
export interface TaskKind {
  /** key of the term within which it is to be done; later it is overdue, but stays open */
  readonly within?: string
  /** kinds whose answers the person needs to see beside the form */
  readonly shows?: readonly string[]
  /** this task may be answered by returning an earlier one for revision, with remarks */
  readonly returns?: boolean
  /** a question may be put to a named person from this task */
  readonly asks?: boolean
  /** who hears of it when it is overdue */
  readonly escalatesTo?: 'hr' | 'head' | 'agency'
  /** answered by the members of a commission */
  readonly commission?: CommissionKind
  /** until the commission opens its answers together, nobody reads them and history knows only that they were given */
  readonly sealed?: boolean
}

/** Tasks that the kernel itself may open in any case. Their forms are in `kernel-forms.ts`, their words in the kernel's. */
export const KERNEL_TASKS = ['answerQuestion', 'mendUndo', 'reconsider'] as const
export type KernelTask = (typeof KERNEL_TASKS)[number]
export const isKernelTask = (kind: string): kind is KernelTask => (KERNEL_TASKS as readonly string[]).includes(kind)

/** What a person may do to an open case outside a task. Its form is the entry of the same name in `forms.ts`. */
export interface ActKind<Stage extends string = string> {
  /** roles in the case's body, or a part in the case */
  readonly by: readonly (Role | 'subject')[]
  /** stages at which it may be done; absent: at any */
  readonly during?: readonly Stage[]
  /** ends the part of the story that is under way instead of changing facts */
  readonly turn?: boolean
}

export interface ProcessContract {
  readonly name: string
  /** grows when the order of moves changes; an open task keeps the form of its own version */
  readonly version: number
  readonly stages: readonly string[]
  readonly ends: readonly string[]
  /** who may start a case in his body */
  readonly startedBy: readonly Role[]
  readonly tasks: Readonly<Record<string, TaskKind>>
  readonly acts: Readonly<Record<string, ActKind>>
  readonly documents: readonly string[]
  /** keys of the terms a case takes with it */
  readonly terms: readonly string[]
  /** keys of the regime rows a case takes with it */
  readonly rules: readonly string[]
}
