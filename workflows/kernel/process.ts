/** A process as the API knows it: its contract, its forms, and the rules of its forms. */
import { ROLES } from './contract'
import type {
  ActForm,
  ActOf,
  AmendmentOf,
  AnswerOf,
  BodyKey,
  CaseId,
  CheckContext,
  Checked,
  DocumentFactsOf,
  Fact,
  IsoDate,
  Offers,
  PersonId,
  PositionId,
  ProcessContract,
  ProcessTypes,
  ReasonOf,
  RegisterOf,
  Rulebook,
  SeesTable,
  TaskKind,
  TaskOf,
} from './contract'
import type { Consultations } from './protocol/activities'
import { limitsOf, type RegisterLimits } from './law/register-values'
import { fieldsOf, type Form, type ProcessForms, type RegisterFieldForms } from './forms'
import type { RegisterName, RowChange } from './register'

/**
 * The processes of a release, each in the version in which new cases begin and in those kept for cases that began earlier: a case
 * is run, shown and answered by the code, the rules, the forms and the words of its own version for life.
 */
export interface Processes {
  /** what new cases begin with, by name */
  readonly current: Readonly<Record<string, Process>>
  /** every version served, the current ones first */
  readonly all: readonly Process[]
  /** the version of a case that has begun; undefined when this release no longer serves it */
  of(name: string, version: number): Process | undefined
  /** what they declare of the register's values */
  readonly limits: RegisterLimits
  /** who sees what of their cases, by version */
  readonly tables: readonly SeesTable[]
  /** roles that somebody may hold in a body: the kernel's, and those that they declare */
  readonly roles: readonly string[]
  /** the name under which a version's words and description are found: `leave`, or `leave@1` for one kept from before */
  keyOf(name: string, version: number): string
}

/** Of several versions of one process the highest is current. */
export function processesOf(...served: readonly Process[]): Processes {
  const current: Record<string, Process> = {}
  for (const process of served) {
    const { name, version } = process.contract
    if (version > (current[name]?.contract.version ?? 0)) current[name] = process
  }
  const isCurrent = (process: Process) => current[process.contract.name] === process

  const all = [...served.filter(isCurrent), ...served.filter((process) => !isCurrent(process))]

  return {
    current,
    all,
    tables: all.map(({ contract: { name: process, version, sees } }) => ({ process, version, sees })),
    limits: limitsOf(all.map(({ contract }) => contract)),
    roles: [...new Set([...ROLES, ...all.flatMap(({ contract }) => contract.roles ?? [])])],
    of: (name, version) => served.find(({ contract }) => contract.name === name && contract.version === version),
    keyOf: (name, version) => (current[name]?.contract.version === version ? name : `${name}@${String(version)}`),
  }
}

/** An answer already given in the case, with its content. */
export interface EarlierAnswer {
  readonly kind: string
  readonly answer: Readonly<Record<string, unknown>>
}

/**
 * Whom and what a case is about: any of these. The first of position, body and other case says to which body the case belongs; with
 * none of them it belongs to that in which the servant serves who starts it.
 */
export interface About {
  readonly person?: PersonId | undefined
  readonly position?: PositionId | undefined
  readonly body?: BodyKey | undefined
  readonly case?: CaseId | undefined
}

/** Of a start form in which `person` is a servant and `position` the one he serves in: it is about both. */
export function aboutServant(start: Fact): About {
  const { person, position } = start as unknown as Required<Pick<About, 'person' | 'position'>>

  return { person, position }
}

/** A start form as a process fills it in where nobody does: checked by its schema like any other. */
export type StartForm = Readonly<Record<string, unknown>>

/** The cases of a process that nobody starts in person. */
export interface Starts {
  /** what the clock starts on a day (`startedBy: clock`); asked again when its answer was lost, no case is started twice */
  readonly daily?: (day: IsoDate, register: Consultations) => Promise<readonly StartForm[]>
  /**
   * what a row of each register starts that was entered, changed or removed (`startedBy: register`), in the transaction that does it,
   * whoever does it
   */
  readonly changed?: { readonly [R in RegisterName]?: (change: RowChange<R>) => readonly StartForm[] }
}

/** A process as the API knows it, whichever it is; made by `defineProcess`. */
export interface Process {
  readonly contract: ProcessContract
  readonly forms: ProcessForms
  /** whom and what a start form is about; `by`: the person who starts it, if one does */
  readonly aboutOf: (start: Fact, by: PersonId | null) => About
  readonly starts?: Starts
  /** what a form cannot know by itself: dotted field → code, or null when the answer stands */
  check(kind: string, answer: Fact, facts: Fact, context: CheckContext): Readonly<Record<string, string>> | null
  /** what its forms offer as the case stands: what cannot be chosen now, and why */
  readonly offers?: object
  /** values a task's or act's form starts with */
  readonly prefill: (kind: string, given: readonly EarlierAnswer[], facts: Fact) => Readonly<Record<string, unknown>>
  /**
   * The items of a list of its facts as they were recorded by its acts, for a form in which one is chosen; absent: as the facts have
   * them, which know no free text.
   */
  readonly itemsOf?: (list: string, facts: Fact, acts: readonly EarlierAnswer[]) => readonly ItemValues[]
  /** of a process of appeals: the rule of the register that has to say yes before a decision is appealed; null: none has to */
  readonly appealableBy?: (decision: AppealableDecision) => string | null
}

/** A decision that somebody may want to appeal, and the facts of its case. */
export interface AppealableDecision {
  readonly process: string
  readonly kind: string
  readonly facts: Fact
}

/** What an item of a list holds, by the names of the fields by which it was recorded. */
export type ItemValues = Readonly<Record<string, unknown>>

/** Field of the answer that a kind of task names: it has to be one. */
type FieldOf<P extends ProcessTypes, K> = keyof AnswerOf<P, K>
type FieldsOf<P extends ProcessTypes> = ProcessContract extends P['contract'] ? unknown : NamedFields<P>
type NamedFields<P extends ProcessTypes> = {
  readonly tasks: {
    readonly [K in TaskOf<P['contract']>]: {
      readonly decision?: FieldOf<P, K>
      readonly commission?: { readonly countedBy: FieldOf<P, K> }
      readonly facts?: readonly (keyof P['facts'])[]
    }
  }
  readonly acts: {
    readonly [A in ActOf<P['contract']>]: {
      readonly amends?: SaidBy<ActForm<P, A>, P['contract']>
      readonly withdraws?: ActForm<P, A> extends { readonly ground: ReasonOf<P['contract']> } ? string : never
    }
  }
  readonly lists?: readonly (keyof P['facts'])[]
  readonly handsOut?: readonly (keyof P['facts'])[]
  readonly appeals?: { readonly fact: keyof P['facts'] }
}
/** Those documents that amend a decision of which a form says every fact. */
type SaidBy<F, C extends ProcessContract> = {
  [D in AmendmentOf<C>]: F extends DocumentFactsOf<C, D> ? D : never
}[AmendmentOf<C>]

/** A register that its contract declares has a form, and fields that its types name have one. */
type RegisterForms<P extends ProcessTypes> = ([RegisterOf<P['contract']>] extends [never]
  ? unknown
  : { readonly registers: object }) &
  (P extends { readonly registerFields: infer Fields }
    ? { readonly registerFields: { readonly [R in keyof Fields]: Form } }
    : unknown)

/** The facts that its tasks show. */
type ShownFact<Task> = Task extends { readonly facts: readonly (infer Name extends string)[] } ? Name : never
/** Of each it says what it is. */
type FactForm<P extends ProcessTypes> = ProcessContract extends P['contract']
  ? unknown
  : [ShownFact<P['contract']['tasks'][TaskOf<P['contract']>]>] extends [never]
    ? unknown
    : { readonly facts: FormOf<ShownFact<P['contract']['tasks'][TaskOf<P['contract']>]>> }
type FormOf<Name extends string> = Form & { readonly shape: { readonly [N in Name]: object } }

/** The parts of one process, held against each other: each task and act has a form, and each name in the contract means something. */
export interface ProcessParts<P extends ProcessTypes> extends Pick<
  Process,
  'aboutOf' | 'starts' | 'prefill' | 'itemsOf' | 'appealableBy'
> {
  readonly contract: P['contract'] & Checked<P['contract']> & FieldsOf<P>
  readonly forms: {
    readonly start: Form
    readonly tasks: { readonly [K in TaskOf<P['contract']>]: Form }
    readonly acts: { readonly [A in ActOf<P['contract']>]: Form }
    readonly registers?: { readonly [R in RegisterOf<P['contract']>]: Form }
    readonly registerFields?: RegisterFieldForms
    readonly facts?: Form
  } & RegisterForms<P> &
    FactForm<P>
  readonly check: Rulebook<P>['check']
  readonly offers?: Offers<P>
}

/** The field by which a task is decided, and the choices it has. */
export function decisionOf(kind: TaskKind, form: Form | undefined): { field: string; choices: string[] } | null {
  const field = form && fieldsOf(form).find(({ name }) => name === kind.decision)

  return field ? { field: field.name, choices: [...field.choices] } : null
}

/** The lists of which each item has words: of the facts, as the contract says, and of the forms. */
export function listsOf({ contract, forms }: Process): string[] {
  const each = [forms.start, ...Object.values(forms.tasks), ...Object.values(forms.acts)].flatMap(fieldsOf)

  return [...new Set([...(contract.lists ?? []), ...each.flatMap(({ name, list }) => (list ? [name] : []))])]
}

/** A process for the registry. */
export const defineProcess = <P extends ProcessTypes>(parts: ProcessParts<P>): Process => parts
