/** Calls of functions that a process supplies. What one throws is logged for developers; a person gets a sentence or an empty form, never 500. */
import type { DaysOff, Fact } from '../../workflows/kernel/contract'
import { fieldErrors, type Form } from '../../workflows/kernel/forms'
import type { EarlierAnswer, Process } from '../../workflows/kernel/process'
import { refusal, refusalOfCheck, refusalOfDates } from '../../workflows/kernel/protocol/refusals'
import { invalid, Problem, problemOfRefusal } from '../http/problems'
import type { Service } from './service'

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

/** What the form of a task or act starts with; nothing when that cannot be worked out, so that the page is shown all the same. */
export function prefilled(
  { log }: Pick<Service, 'log'>,
  { contract, prefill }: Process,
  kind: string,
  known: { readonly given: readonly EarlierAnswer[]; readonly facts: Fact },
): Record<string, unknown> {
  try {
    return { ...prefill(kind, known.given, known.facts) }
  } catch (err) {
    log.error({ err, kind: `${contract.name}/${kind}` }, 'a form could not be prefilled')

    return {}
  }
}
