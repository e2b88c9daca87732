/** Starting a case: it exists from the first record of its workflow on; until then there is only the command. */
import { randomUUID } from 'node:crypto'
import { placeOf, type Place } from '../prisma/store/cases'
import { rehearsalSet } from '../prisma/store/rehearsals'
import { openingOf } from '../prisma/store/opening'
import { localDate, OutsideCalendar, startOfDay } from '../workflows/kernel/calendar'
import { instant, millis } from '../workflows/kernel/clock'
import { WEEK_PROFILES, type CaseId, type IsoDate, type WeekProfile } from '../workflows/kernel/contract'
import { factsOf, fieldErrors } from '../workflows/kernel/forms'
import type { Actor, CaseClock, CaseInput } from '../workflows/kernel/messages'
import { openingQuestion } from '../workflows/kernel/opening'
import { mayStart } from '../workflows/kernel/policy'
import type { Process } from '../workflows/kernel/process'
import type { Opening } from '../workflows/kernel/step'
import { answerTo, commandView, sendingOf, sentBefore, submit } from './commands'
import { peopleOf } from './people'
import { forbidden, invalid } from './problems'
import { clockIn, joinSet, refuseOtherClock } from './rehearsals'
import type { Reply } from './route'
import type { Service } from './service'
import type { StartPayload } from './temporal'

interface Rehearsal {
  readonly set: string
  readonly origin?: string | undefined
  readonly speed?: number | undefined
}
interface Asked {
  readonly form: Record<string, unknown>
  readonly rehearsal?: Rehearsal | undefined
  readonly key: string | null
}

const MORNING_MS = 9 * 60 * 60 * 1000
const weekOf = (profile: string): WeekProfile => WEEK_PROFILES.find((each) => each === profile) ?? 'five-day'

function clockOf(place: Place, rehearsal: Rehearsal | undefined, now: number): CaseClock {
  const real = instant(now)
  const origin = rehearsal?.origin as IsoDate | undefined
  const begins = origin ? instant(millis(startOfDay(origin, place.zone)) + MORNING_MS) : real

  return {
    zone: place.zone,
    profile: weekOf(place.profile),
    speed: rehearsal ? (rehearsal.speed ?? 0) : 1,
    base: { case: begins, real },
  }
}

/** Law and calendar of the day on which it begins; throws 422 for a day of which the register knows nothing. */
async function openingOn({ db }: Service, { contract }: Process, place: Place, on: IsoDate): Promise<Opening> {
  try {
    const opening = await openingOf(db, openingQuestion(contract, { body: place.body, on, regime: null }))
    if (opening.regime === 'none') throw invalid({ 'rehearsal.origin': 'noRegime' })

    return opening
  } catch (error) {
    if (error instanceof OutsideCalendar) throw invalid({ 'rehearsal.origin': 'outsideCalendar' })
    throw error
  }
}

const dayOf = ({ base, zone }: CaseClock): IsoDate => localDate(base.case, zone)

/** With the law and calendar of this moment: a start that is sent again later finds those of its own. */
const withOpening =
  (opening: Opening) =>
  (payload: unknown): StartPayload => {
    const { input, message } = payload as StartPayload

    return { input: { ...input, opening }, message }
  }

/** Starts a case or answers why not: 403, 422, or the refusal of the rules, which is an answer too. */
export async function startCase(
  service: Service,
  actor: Actor,
  today: IsoDate,
  process: Process,
  asked: Asked,
): Promise<Reply> {
  const { db, now } = service
  const { contract, forms } = process
  const body = { form: asked.form, rehearsal: asked.rehearsal }
  const sending = sendingOf(actor, asked.key, `start/${contract.name}`, body)
  const before = asked.key === null ? null : await sentBefore(service, sending)
  if (before) return answerTo(service, before, (command) => started(service, command))

  const starters: readonly string[] = contract.startedBy
  if (!actor.grants.some(({ role }) => starters.includes(role))) throw forbidden({ code: 'policy.noRole' })
  const parsed = forms.start.safeParse(asked.form, { reportInput: true })
  if (!parsed.success) throw invalid(fieldErrors(parsed.error))
  const form = factsOf(forms.start, parsed.data)
  const { person, position } = process.subjectOf(form)
  const [place, people] = await Promise.all([placeOf(db, position), peopleOf(service, forms.start, parsed.data, today)])
  if (!place) throw invalid({ position: 'unknownId' })
  const verdict = mayStart(actor, contract.startedBy, { body: place.body, subject: person })
  if (!verdict.may) throw forbidden(verdict.reason)
  const set = asked.rehearsal ? await rehearsalSet(db, asked.rehearsal.set) : null
  if (set && asked.rehearsal) refuseOtherClock(set, asked.rehearsal)
  const own = clockOf(place, asked.rehearsal, now())
  const asJoined = set ? clockIn(set, own) : own
  const law = await openingOn(service, process, place, dayOf(asJoined))
  // a gap in the register is found by the case itself, with a better sentence
  const rule = (key: string) => law.rules.find((row) => row.key === key)?.value ?? false
  const errors = process.check('start', form, {}, { rule, people })
  if (errors) throw invalid({ ...errors })

  const clock = asked.rehearsal ? await joinSet(service, actor, asked.rehearsal, asJoined) : asJoined

  const id = randomUUID() as CaseId
  const command = await submit(service, {
    ...sending,
    case: id,
    kind: 'start',
    actor,
    task: null,
    content: parsed.data,
    payload: (envelope, content): StartPayload => {
      const input: CaseInput = {
        case: id,
        process: contract.name,
        version: contract.version,
        body: place.body,
        subject: person,
        position,
        clock,
        rehearsal: asked.rehearsal?.set ?? null,
        startedBy: actor,
        form,
        content,
      }

      return { input, message: { ...envelope, content } }
    },
    // of two who found a set at once one joins the other, and its clock may show another day
    ...(dayOf(clock) === dayOf(asJoined) && { fresh: withOpening(law) }),
  })

  return answerTo(service, command, (done) => started(service, done))
}

async function started(service: Service, command: Parameters<typeof commandView>[1]): Promise<Reply> {
  const { outcome } = await commandView(service, command)

  return { status: outcome?.result === 'refused' ? 200 : 201, body: outcome }
}
