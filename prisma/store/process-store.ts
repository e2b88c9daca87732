/**
 * What a process owns in the store: the questions it asks, what it does to registers, and what its rules know of people. Each has a
 * folder of its name here; the launchers are given those that they serve.
 */
import type { Fact, IsoDate, PersonId, ProcessTypes } from '../../workflows/kernel/contract'
import type { RegisterFieldForms } from '../../workflows/kernel/forms'
import type { Processes } from '../../workflows/kernel/process'
import type { Requested, Known } from '../../workflows/kernel/protocol/activities'
import type { Sql } from './db'
import type { Asked, EffectStore, EffectStores } from './effects'

type Question = (asked: Asked, question: never) => Promise<unknown>
export type Questions = Readonly<Record<string, Question>>
/** What the store knows of people, by person: added to the record of each (`PersonRecord`). */
export type PeopleFacts = (
  sql: Pick<Sql, 'rows'>,
  people: readonly PersonId[],
  on: IsoDate,
) => Promise<ReadonlyMap<PersonId, Readonly<Record<string, Fact>>>>

/** The same as the API and the worker take it. */
export interface ProcessStore {
  readonly questions: Questions
  readonly effects: EffectStores
  readonly people: PeopleFacts | null
}
/** By the name of the process. */
export type ProcessStores = Readonly<Record<string, ProcessStore>>

type Answers<F> = F extends (question: infer Question) => Promise<infer Answer>
  ? (asked: Asked, question: Question) => Promise<Answer>
  : never
/** How an effect of a process's types is done. */
export type TypedEffect<E> = EffectStore<Requested<E>, Known<E>>

/** The parts that the types of a process name, none more and none less. */
export type ProcessStoreParts<P extends ProcessTypes> = (P extends { readonly questions: infer Q }
  ? { readonly questions: { readonly [N in keyof Q]: Answers<Q[N]> } }
  : { readonly questions?: never }) &
  (P extends { readonly effects: infer E }
    ? { readonly effects: { readonly [N in keyof E]: TypedEffect<E[N]> } }
    : { readonly effects?: never }) &
  (P extends { readonly people: infer F }
    ? {
        readonly people: (
          sql: Pick<Sql, 'rows'>,
          people: readonly PersonId[],
          on: IsoDate,
        ) => Promise<ReadonlyMap<PersonId, F>>
      }
    : { readonly people?: never })

/** What a process owns in the store, held against its types. */
export function storeOf<P extends ProcessTypes>(parts: ProcessStoreParts<P>): ProcessStore {
  const { questions = {}, effects = {}, people = null } = parts as Partial<ProcessStore>

  return { questions, effects, people }
}

/** What the rules of a process know of people and positions beside what every process does. */
export interface OwnedFacts {
  readonly process: string
  readonly people: PeopleFacts | null
  /** fields that it adds to the registers */
  readonly fields: RegisterFieldForms
}

/** What a process knows of people and positions of its own. */
export const ownedFactsOf = (
  { processes, stores }: { readonly processes: Processes; readonly stores?: ProcessStores | undefined },
  process: string,
): OwnedFacts => ({
  process,
  people: stores?.[process]?.people ?? null,
  fields: processes.current[process]?.forms.registerFields ?? {},
})

/** One map of the parts of several processes; two may share a part, and not its name alone. */
function merged<Part>(maps: readonly Readonly<Record<string, Part>>[]): Readonly<Record<string, Part>> {
  const all: Record<string, Part> = {}
  for (const map of maps)
    for (const [name, part] of Object.entries(map)) {
      if (all[name] !== undefined && all[name] !== part)
        throw new Error(`two processes mean different things by ${name}`)
      all[name] = part
    }

  return all
}

export const questionsOf = (stores: ProcessStores): Questions =>
  merged(Object.values(stores).map(({ questions }) => questions))
export const effectsOfAll = (stores: ProcessStores): EffectStores =>
  merged(Object.values(stores).map(({ effects }) => effects))
