/** Starting a case: it exists from the first record of its workflow on; until then there is only the command. */
import { randomUUID } from 'node:crypto'
import { caseById, placeOf } from '../../prisma/store/cases'
import { newContent, refOf, type StoredCommand } from '../../prisma/store/commands'
import { rehearsalSet, type RehearsalSet } from '../../prisma/store/rehearsals'
import { openingOf } from '../../prisma/store/opening'
import { localDate, OutsideCalendar, startOfDay } from '../../workflows/kernel/law/calendar'
import { instant, millis } from '../../workflows/kernel/law/case-clock'
import {
  offerOf,
  refusedDays,
  type BodyKey,
  type Capacity,
  type CaseId,
  type CheckContext,
  type IsoDate,
  type PersonId,
} from '../../workflows/kernel/contract'
import { factsOf, namedIn } from '../../workflows/kernel/forms'
import type { Actor, Sender, Unnamed } from '../../workflows/kernel/contract'
import type { CaseClock } from '../../workflows/kernel/law/case-clock'
import { flagIn, openingQuestion } from '../../workflows/kernel/protocol/opening'
import { mayStart, startsAnywhere, startsIn } from '../../workflows/kernel/law/policy'
import { sightOf, viewerOf } from '../../workflows/kernel/law/sight'
import type { About, Process } from '../../workflows/kernel/process'
import { caseInput, realClock, type Place } from '../../workflows/kernel/start'
import type { Opening } from '../../workflows/kernel/protocol/opening'
import { submit } from './submit'
import { forbidden, invalid } from '../http/problems'
import type { Sending } from '../http/sending'
import { chosenCapacity } from '../policy/capacity'
import { clockIn, joinSet, refuseOtherClock } from './rehearsal-sets'
import {
  askProcess,
  chooserOf,
  filesIn,
  namedCases,
  parsedForm,
  refuseByRules,
  refuseFiles,
  registerFacts,
} from '../service/form-check'
import type { Service } from '../service/service'

interface Rehearsal {
  readonly set: string
  readonly origin?: string | undefined
  readonly speed?: number | undefined
}
export interface StartAsked {
  readonly form: Record<string, unknown>
  /** in which body, of a start that names neither a position, a body nor a case */
  readonly body?: string | undefined
  readonly rehearsal?: Rehearsal | undefined
  readonly capacity?: Capacity | undefined
  /** a closed case that it continues */
  readonly continues?: string | undefined
  /** the case is not to name who starts it */
  readonly by?: Unnamed | undefined
}

const MORNING_MS = 9 * 60 * 60 * 1000

function clockOf(place: Place, rehearsal: Rehearsal | undefined, now: number): CaseClock {
  const real = realClock(place, now)
  if (!rehearsal) return real
  const origin = rehearsal.origin as IsoDate | undefined
  const begins = origin ? instant(millis(startOfDay(origin, place.zone)) + MORNING_MS) : real.base.case

  return { ...real, speed: rehearsal.speed ?? 0, base: { ...real.base, case: begins } }
}

/** Law and calendar of the day on which it begins; throws 422 for a day of which the register knows nothing. */
async function openingOn(
  { db, processes }: Service,
  { contract }: Process,
  { body, on, form }: { readonly body: BodyKey; readonly on: IsoDate; readonly form: unknown },
): Promise<Opening> {
  try {
    const opening = await openingOf(db, openingQuestion(contract, { body, on, regime: null, form }), processes.limits)
    if (opening.regime === 'none') throw invalid({ 'rehearsal.origin': 'noRegime' })

    return opening
  } catch (error) {
    if (error instanceof OutsideCalendar) throw invalid({ 'rehearsal.origin': 'outsideCalendar' })
    throw error
  }
}

const dayOf = ({ base, zone }: CaseClock): IsoDate => localDate(base.case, zone)

/** A case as it would begin now: its clock, its law, and what the rules of its start form see. */
export interface Beginning {
  readonly set: RehearsalSet | null
  readonly clock: CaseClock
  readonly law: Opening
  /** without the people and positions that the form names */
  readonly context: Omit<CheckContext, 'people' | 'positions'>
}

/** Throws 422 for a day of which the register knows nothing. */
export async function beginningOf(
  service: Service,
  process: Process,
  {
    place,
    actor,
    rehearsal,
    form,
  }: {
    readonly place: Place
    readonly actor: PersonId
    readonly rehearsal: Rehearsal | undefined
    readonly form: unknown
  },
): Promise<Beginning> {
  const set = rehearsal ? await rehearsalSet(service.db, { body: place.body, name: rehearsal.set }) : null
  const own = clockOf(place, rehearsal, service.now())
  const clock = set ? clockIn(set, own) : own
  const law = await openingOn(service, process, { body: place.body, on: dayOf(clock), form })
  const context = {
    today: dayOf(clock),
    actor,
    stage: '',
    // a gap in the register is found by the case itself, with a better sentence
    flag: (key: string) => flagIn(law.rules, key),
    rule: (key: string) => law.rules.find((row) => row.key === key)?.value ?? false,
    daysOff: law.daysOff,
    // a case that is only being started has no clock
    endOf: () => null,
  }

  return { set, clock, law, context }
}

/**
 * Where the case of such a start belongs: to the body of what it is about, or to the one in which the servant serves who starts it. Of
 * one who is not named his own body says nothing: it would say who he is.
 */
function placeAsked(about: About, actor: Actor, { body: asked, by }: StartAsked): Parameters<typeof placeOf>[1] {
  if (about.position) return { position: about.position }
  if (about.body) return { body: about.body }
  if (about.case) return { case: about.case }
  if (by !== undefined) {
    if (asked === undefined) throw invalid({ body: 'required' })

    return { body: asked }
  }
  const [post, ...others] = new Set(actor.posts)
  // of whom no body is known to be his, the form has to say where his case belongs, and not the request
  if (post === undefined && about.person === actor.person) throw forbidden({ code: 'policy.noPost' })
  const body = asked ?? (others.length === 0 ? post : undefined)
  if (body === undefined)
    throw post === undefined ? forbidden({ code: 'policy.notYourBody' }) : invalid({ body: 'required' })

  return { body }
}

/**
 * The closed case that a start continues; throws 422 for one that is open, or that the process may not continue. Of one whose course he
 * does not see, the actor is not told which of these it is.
 */
async function continuedCase(
  { db, processes }: Service,
  actor: Actor,
  { continues = [] }: Process['contract'],
  { id, by }: { readonly id: CaseId; readonly by: Unnamed | undefined },
): Promise<CaseId> {
  const viewer = viewerOf(actor, processes.tables)
  const row = await caseById(db, viewer, id)
  if (!row || !sightOf(viewer, row.seen).sees('course')) throw invalid({ continues: 'unknownId' })
  // a case that does not name who starts it leads to nobody by another
  if (row.status !== 'closed' || !continues.includes(row.process) || by !== undefined)
    throw invalid({ continues: 'option' })

  return row.id
}

/** Stores and sends the start of a case, or throws why not: 403, 422. The refusal of the rules is an outcome of the command. */
export async function startCase(
  service: Service,
  actor: Actor,
  today: IsoDate,
  sending: Sending,
  process: Process,
  asked: StartAsked,
): Promise<StoredCommand> {
  const { db } = service
  const { contract, forms } = process
  const { by } = asked
  const starter = by === undefined ? actor.person : null
  if (by !== undefined && !contract.startedBy.includes(by)) throw invalid({ by: 'option' })
  if (startsIn(actor, contract.startedBy).size === 0 && !startsAnywhere(actor, contract.startedBy))
    throw forbidden({ code: 'policy.noRole' })
  const start = `start/${contract.name}`
  const content = parsedForm(service, start, forms.start, asked.form)
  const form = factsOf(forms.start, content)
  const about = askProcess(service, start, () => process.aboutOf(form, starter))
  const subject = about.person ?? null
  const place = await placeOf(db, placeAsked(about, actor, asked))
  const { rehearsal } = asked
  // whose set it is follows from the place
  const setBody = rehearsal && place?.body
  const { people, positions } = await registerFacts(service, forms.start, content, {
    ...{ process: contract.name, on: today, subject },
    set: rehearsal && setBody ? { rehearsal: rehearsal.set, setBody } : null,
    by: chooserOf(service, actor, forms.start, { body: place?.body ?? null, file: null }),
  })
  const { cases: named, files } = namedIn(forms.start, content)
  const other = about.case && !named.some(({ id }) => id === about.case) ? [{ field: 'case', id: about.case }] : []
  const goesOn = asked.continues === undefined ? null : { field: 'continues', id: asked.continues as CaseId }
  const cases = await namedCases(service, actor, [...named, ...other, ...(goesOn ? [goesOn] : [])], {
    setBody: place?.body ?? null,
    rehearsal: asked.rehearsal?.set ?? null,
  })
  await refuseFiles(service, actor, files, by)
  const continued = goesOn && (await continuedCase(service, actor, contract, { id: goesOn.id, by }))
  if (!place) throw invalid({ body: 'unknownId' })
  const verdict = mayStart(actor, contract, { body: place.body, subject }, by)
  if (!verdict.may) throw forbidden(verdict.reason)
  // the office in which he acts would say who he is
  const capacity = by === undefined ? chosenCapacity(verdict, asked.capacity) : undefined
  const beginning = await beginningOf(service, process, {
    place,
    actor: actor.person,
    rehearsal: asked.rehearsal,
    form,
  })
  const { set, clock: asJoined, law } = beginning
  if (set && asked.rehearsal) refuseOtherClock(set, asked.rehearsal)
  const context = { ...beginning.context, people, positions, cases }
  refuseByRules(service, start, {
    daysOff: law.daysOff,
    check: () =>
      process.check('start', form, {}, context) ?? refusedDays(offerOf(process.offers, 'start'), form, {}, context),
  })

  const clock = asked.rehearsal ? await joinSet(service, starter, place.body, asked.rehearsal, asJoined) : asJoined

  const id = randomUUID() as CaseId
  const who = by === 'confidential' ? newContent({ person: actor.person }) : null
  const sender: Sender =
    by === undefined ? actor : who ? { by: 'confidential', content: refOf(who) } : { by: 'anonymous' }

  return submit(service, sending, {
    case: id,
    kind: 'start',
    actor: sender,
    ...(capacity && { capacity }),
    ...(by !== undefined && { unnamed: { drafts: { person: actor.person, process: contract.name }, who } }),
    task: null,
    content,
    files: filesIn(actor, forms.start, content, by),
    ...(continued && { continues: continued }),
    message: {},
    input: caseInput({
      case: id,
      process,
      body: place.body,
      about,
      clock,
      rehearsal: asked.rehearsal?.set ?? null,
      startedBy: sender,
      ...(capacity && { startedAs: capacity }),
      form,
    }),
    // of two who found a set at once one joins the other, and its clock may show another day
    ...(dayOf(clock) === dayOf(asJoined) && { opening: law }),
  })
}
