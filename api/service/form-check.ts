/**
 * A form checked before anything is stored: read by its schema, its people and positions found in the register, and held against the
 * rules of its process. The case alone decides; what the code of a process throws is logged, and a person gets a sentence.
 */
import { filesByIds, type UsedFiles } from '../../prisma/store/files'
import { caseById, clocksOf, type CaseRow } from '../../prisma/store/cases'
import { reachesFurtherBack, runningCalendar } from '../../prisma/store/opening'
import { ownedFactsOf } from '../../prisma/store/process-store'
import { factsOfNamed, type NamedFacts } from '../../prisma/store/register-facts'
import type { Choice, Chooser } from '../../prisma/store/register-sight'
import { askInSet } from '../../prisma/store/register-in-set'
import {
  KERNEL_ENDS,
  offerOf,
  refusedDays,
  type Actor,
  type BodyKey,
  type CaseId,
  type CheckContext,
  type DaysOff,
  type Fact,
  type FieldError,
  type FileId,
  type IsoDate,
  type NamedCase,
  type NamedCases,
  type PersonId,
  type Unnamed,
} from '../../workflows/kernel/contract'
import {
  factsOf,
  fieldErrors,
  namedIn,
  scopesIn,
  type Form,
  type NamedInForm,
  type PersonScope,
} from '../../workflows/kernel/forms'
import { calendarOf } from '../../workflows/kernel/law/suspension'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { sightOf, viewerOf, type Sight } from '../../workflows/kernel/law/sight'
import type { Process } from '../../workflows/kernel/process'
import type { QuestionSet } from '../../workflows/kernel/protocol/activities'
import { flagIn } from '../../workflows/kernel/protocol/opening'
import { refusal, refusalOfCheck, refusalOfDates } from '../../workflows/kernel/protocol/refusals'
import { invalid, Problem, problemOfRefusal } from '../http/problems'
import type { Service } from './service'
import { today as realToday } from './today'

const FAILED = 'the code of a process failed while a form was looked at'

/** Asks a process something before anything is stored; throws 422 `ruleFailed` when its code fails. */
export function askProcess<T>({ log }: Pick<Service, 'log'>, kind: string, ask: () => T): T {
  try {
    return ask()
  } catch (err) {
    log.error({ err, kind }, FAILED)
    throw Problem.of(problemOfRefusal(refusal(422, 'ruleFailed')))
  }
}

/** A form as its schema reads it; throws 422 with the fields that need correcting. */
export function parsedForm(
  service: Pick<Service, 'log'>,
  kind: string,
  form: Form,
  given: Record<string, unknown>,
): Record<string, unknown> {
  const parsed = askProcess(service, kind, () => form.safeParse(given, { reportInput: true }))
  if (!parsed.success) throw invalid(fieldErrors(parsed.error))

  return parsed.data
}

// ------------------------------------------------------------------ what the register knows

function choiceOf(scope: PersonScope, body: BodyKey | null): Choice[] {
  switch (scope) {
    case 'anyone':
    case 'party':
      return ['anywhere']
    case 'body':
    case 'newcomers':
      // who keeps a register of a process is an office of its bodies, and is shown their people anyhow
      return body === null ? [] : [body]
  }
}

/** Whom a form of that body lets somebody name. */
export const choicesIn = (form: Form, body: BodyKey | null): Choice[] =>
  scopesIn(form).flatMap((scope) => choiceOf(scope, body))

/** Who fills in a form of that body, and of that case. */
export const chooserOf = (
  { processes }: Pick<Service, 'processes'>,
  actor: Actor,
  form: Form,
  { body, file }: { readonly body: BodyKey | null; readonly file: CaseId | null },
): Chooser => ({ viewer: viewerOf(actor, processes.tables), chooses: choicesIn(form, body), file })

/**
 * The people and positions that a form names, on a day of the case; positions with the posts of its subject. Throws 422 for one that
 * the register does not have, or whom the actor may not name, and for a person who is named in order to act and is not in office.
 */
export async function registerFacts(
  service: Service,
  form: Form,
  value: unknown,
  {
    process,
    on,
    subject,
    set,
    by,
  }: {
    readonly process: string
    readonly on: IsoDate
    readonly subject: PersonId | null
    readonly set: QuestionSet | null
    readonly by: Chooser
  },
): Promise<Omit<NamedFacts, 'errors'>> {
  const { errors, ...facts } = await askInSet(service, set, (asked) =>
    factsOfNamed(asked, namedIn(form, value), {
      ...{ on, today: realToday(service.now()), subject, owned: ownedFactsOf(service, process) },
      by,
    }),
  )
  if (errors) throw invalid(errors)

  return facts
}

/** The body whose set of rehearsals a case is in: its own, unless it says another. */
const setBodyOf = ({ setBody, body }: Pick<CaseRow, 'setBody' | 'body'>): string => setBody ?? body.key

/** The set of rehearsals that a case is in; null: it is a real one. */
export const setOf = (file: Pick<CaseRow, 'setBody' | 'body' | 'rehearsal'>): QuestionSet | null =>
  file.rehearsal === null ? null : { rehearsal: file.rehearsal, setBody: setBodyOf(file) as BodyKey }

/** A case to which another is named: its set of rehearsals, and the body of that. */
interface Naming {
  readonly setBody: string | null
  readonly rehearsal: string | null
}

/** What rules may know of a case that a form names. */
const namedCase = (row: CaseRow, sight: Sight): NamedCase => ({
  process: row.process,
  subject: sight.sees('identity') ? row.seen.subject : null,
  open: row.status === 'open',
  stands: !row.annulled && !KERNEL_ENDS.some((end) => end === row.outcome),
  decisions: (row.decisions ?? []).filter(({ kind }) => sight.sees(`document:${kind}`)),
})

/**
 * Cases that a form names, as its rules know them. Throws 422 for a case that the actor may not find, with the same answer as for one that is not there; and for one of
 * another set: what is rehearsed and what is real know nothing of each other.
 */
export async function namedCases(
  { db, processes }: Pick<Service, 'db' | 'processes'>,
  actor: Actor,
  named: NamedInForm['cases'],
  { setBody, rehearsal }: Naming,
): Promise<NamedCases> {
  const viewer = viewerOf(actor, processes.tables)
  const rows = await Promise.all(named.map(({ id }) => caseById(db, viewer, id)))
  const isSeen = (row: CaseRow | null | undefined): boolean => {
    if (!row || row.rehearsal !== rehearsal || (rehearsal !== null && setBodyOf(row) !== setBody)) return false

    return sightOf(viewer, row.seen).finds
  }
  const unseen = named.filter((_, i) => !isSeen(rows[i]))
  if (unseen.length > 0) throw invalid(Object.fromEntries(unseen.map(({ field }) => [field, 'unknownId'])))

  return Object.fromEntries(
    rows.flatMap((row) => (row ? [[row.id, namedCase(row, sightOf(viewer, row.seen))] as const] : [])),
  )
}

/** The files that a form names, to be used by whoever sends it; null: it names none. */
export function filesIn(actor: Actor, form: Form, value: unknown, by?: Unnamed): UsedFiles | null {
  const ids = namedIn(form, value).files.map(({ id }) => id)

  return ids.length === 0 ? null : { ids, by: actor.person, unnamed: by !== undefined }
}

/**
 * Throws 422 for a file that is not there, or is not the actor's to use: that of another person, or one that an answer has already; and
 * for one that its field does not accept. A start without a name may use what another was refused with.
 */
export async function refuseFiles(
  { db }: Pick<Service, 'db'>,
  actor: Actor,
  named: NamedInForm['files'],
  by?: Unnamed,
): Promise<void> {
  const rows = new Map(
    (
      await filesByIds(
        db,
        named.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  )
  const seen = new Set<FileId>()
  const wrong = named.flatMap(({ field, id, accepts }): [string, FieldError][] => {
    const row = rows.get(id)
    const isHis = row?.uploadedBy === actor.person || (by !== undefined && row?.uploadedBy === null)
    if (!row || !isHis || row.state !== 'free') return [[field, 'fileGone']]
    if (seen.has(id)) return [[field, 'fileTwice']]
    seen.add(id)
    if (!accepts.kinds.includes(row.kind)) return [[field, 'fileKind']]

    return row.size > accepts.largest ? [[field, 'fileTooLarge']] : []
  })
  if (wrong.length > 0) throw invalid(Object.fromEntries(wrong))
}

// ------------------------------------------------------------------ what the rules say

/** A case as far as rules look at it: a row of the case itself, or of one of its tasks. */
export interface Standing extends Pick<
  CaseRow,
  | 'process'
  | 'stage'
  | 'body'
  | 'seen'
  | 'clock'
  | 'law'
  | 'startedOn'
  | 'formerBodies'
  | 'suspensions'
  | 'facts'
  | 'rehearsal'
  | 'setBody'
> {
  readonly caseId: string
}

/** Whom a case is about, if anybody, whether or not the person who acts sees who it is. */
export const subjectOf = ({ seen }: Pick<Standing, 'seen'>): PersonId | null => seen.subject

/** What stops one task or clock alone is no matter of rules. */
const OF_THE_CASE = {}

/**
 * What rules see of a case that is open, without the people and positions that a form names. `clocks`: whether anything asks when its
 * clocks end; `form`: what is filled in.
 */
export async function contextOf(
  { db, now }: Pick<Service, 'db' | 'now'>,
  {
    caseId,
    body,
    formerBodies,
    suspensions,
    startedOn,
    clock,
    law,
    stage,
  }: Omit<Standing, 'process' | 'facts' | 'subject' | 'rehearsal' | 'setBody'>,
  { actor, clocks, form = {} }: { readonly actor: PersonId; readonly clocks: boolean; readonly form?: unknown },
): Promise<Omit<CheckContext, 'people' | 'positions'>> {
  const today = caseToday(clock, now())
  const [daysOff, running] = await Promise.all([
    runningCalendar(db, { body: body.key as BodyKey, formerBodies, startedOn, form, today }),
    clocks ? clocksOf(db, caseId as CaseId) : [],
  ])

  return {
    today,
    actor,
    // the names of a process are its own
    stage,
    daysOff: calendarOf(OF_THE_CASE, suspensions ?? [], daysOff, today),
    flag: (key) => flagIn(law.rules ?? [], key),
    rule: (key) => law.rules?.find((each) => each.key === key)?.value ?? false,
    endOf: (name) => running.find((each) => each.name === name)?.endsOn ?? null,
  }
}

interface ByRules {
  readonly daysOff: DaysOff
  readonly check: Parameters<typeof refusalOfCheck>[0]
  /** an answer, whose dates the story counts from as they are: none may lie outside the calendar */
  readonly counted?: Fact
}

/** Throws what the rules of a process find wrong with a form: 422, or 409 where they count past the calendar. */
export function refuseByRules({ log }: Pick<Service, 'log'>, kind: string, { daysOff, check, counted }: ByRules): void {
  const failed = (err: unknown) => log.error({ err, kind }, FAILED)
  const why =
    (counted === undefined ? undefined : refusalOfDates(counted, daysOff)) ?? refusalOfCheck(check, daysOff, failed)
  if (why) throw Problem.of(problemOfRefusal(why))
}

// ------------------------------------------------------------------ an answer

/** What is answered: the form of a task, with the process whose rules look at it; null where none do. */
export interface Answered {
  readonly task: string
  readonly form: Form
  readonly process: Process | null
}
export interface CheckedForm {
  readonly value: Record<string, unknown>
  readonly named: Omit<NamedFacts, 'errors'>
  /** the calendar back to a day that the answer names, where its case may not have it */
  readonly earlier?: DaysOff
}

/** The form of a task in an open case, checked in full; throws 422, or 409 where its rules count past the calendar. */
export async function checkedForm(
  service: Service,
  file: Standing,
  { task, form, process }: Answered,
  given: Record<string, unknown>,
  actor: Actor,
): Promise<CheckedForm> {
  const kind = `${file.process}/${task}`
  const value = parsedForm(service, kind, form, given)
  const on = caseToday(file.clock, service.now())
  const answer = factsOf(form, value)
  const offer = process ? offerOf(process.offers, task) : undefined
  const [named, standing, cases] = await Promise.all([
    registerFacts(service, form, value, {
      ...{ process: file.process, on, subject: subjectOf(file), set: setOf(file) },
      by: chooserOf(service, actor, form, { body: file.body.key as BodyKey, file: file.caseId as CaseId }),
    }),
    process ? contextOf(service, file, { actor: actor.person, clocks: offer?.days !== undefined, form: answer }) : null,
    namedCases(service, actor, namedIn(form, value).cases, {
      setBody: setBodyOf(file),
      rehearsal: file.rehearsal,
    }),
    refuseFiles(service, actor, namedIn(form, value).files),
  ])
  if (!process || !standing) return { value, named }
  const { daysOff } = standing
  const context = { ...standing, people: named.people, positions: named.positions, cases }
  const check = () =>
    process.check(task, answer, file.facts, context) ?? refusedDays(offer, answer, file.facts, context)
  // the kernel looks at the forms of its own tasks
  if (process.contract.tasks[task]) refuseByRules(service, kind, { daysOff, counted: answer, check })

  return { value, named, ...(reachesFurtherBack(daysOff, file.startedOn) && { earlier: daysOff }) }
}
