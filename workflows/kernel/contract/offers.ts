/**
 * What a form offers as the case stands. A process says it once, as pure functions; the API serves it with the form, the console
 * does not let it be chosen, and the case refuses it all the same, by the same functions.
 */
import type { ReasonOf, TurnOf } from './contract'
import type { ActContext, ActResult, Acts, Checks, Days, Errors, Offers, ProcessTypes, Rulebook } from './rulebook'
import type { Reason } from './values'

/** An offer as the kernel asks it, whose form has been parsed. */
export interface AnyOffer {
  readonly closed?: (facts: unknown, context: unknown) => Reason | null
  readonly refuses?: Readonly<Record<string, (value: unknown, facts: unknown, context: unknown) => string | null>>
  readonly days?: Readonly<Record<string, (facts: unknown, context: unknown) => Days>>
  /** people from among whom a field is chosen, where they are few: the kernel's own forms only */
  readonly among?: Readonly<Record<string, readonly string[]>>
}

/** The offer of a kind of task, an act or the start, if its process has one. */
export function offerOf(offers: object | undefined, form: string): AnyOffer | undefined {
  // each was held against its own form where it was written
  const known = offers as Readonly<Record<string, AnyOffer>> | undefined

  return known && Object.hasOwn(known, form) ? known[form] : undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The values at a dotted field, each with the address at which it stands: `goals.by` → `goals.0.by`. */
function valuesAt(form: unknown, [head, ...rest]: readonly string[], at = ''): { at: string; value: unknown }[] {
  if (Array.isArray(form))
    return form.flatMap((item, index) =>
      valuesAt(item, head === undefined ? [] : [head, ...rest], `${at}.${String(index)}`),
    )
  if (head === undefined) return form === undefined || form === null ? [] : [{ at, value: form }]

  return isRecord(form) ? valuesAt(form[head], rest, at === '' ? head : `${at}.${head}`) : []
}

/** Which of the values in a form cannot be chosen: dotted field → code, or null. */
export function refusedValues(
  offer: AnyOffer | undefined,
  form: unknown,
  facts: unknown,
  context: unknown,
): Record<string, string> | null {
  const errors = Object.entries(offer?.refuses ?? {}).flatMap(([field, refuses]) =>
    valuesAt(form, [field]).flatMap(({ at, value }) => {
      const code = refuses(value, facts, context)

      return code === null ? [] : [[at, code] as const]
    }),
  )

  return errors.length === 0 ? null : Object.fromEntries(errors)
}

/** Which of the dates in a form lie outside their days: dotted field → code, or null. */
export function refusedDays(
  offer: AnyOffer | undefined,
  form: unknown,
  facts: unknown,
  context: unknown,
): Record<string, string> | null {
  const errors = Object.entries(offer?.days ?? {}).flatMap(([field, days]) => {
    const { from, to } = days(facts, context)

    return valuesAt(form, field.split('.')).flatMap(({ at, value }) => {
      if (typeof value !== 'string') return []
      if (from && value < from.on) return [[at, from.code] as const]

      return to && value > to.on ? [[at, to.code] as const] : []
    })
  })

  return errors.length === 0 ? null : Object.fromEntries(errors)
}

/**
 * The checks of a process as its rulebook has them: a kind that is misspelt does not compile. What the form of a kind does not offer
 * is refused first.
 */
export function checksOf<P extends ProcessTypes, Start = never>(
  checks: Checks<P, Start>,
  offers?: Offers<P, Start>,
): Rulebook<P>['check'] {
  // what arrives has the form of its kind: API and case have parsed it
  const known = checks as Readonly<
    Record<string, (answer: unknown, facts: unknown, context: unknown) => Errors<P> | null>
  >

  return (kind, answer, facts, context) => {
    const refused = refusedValues(offerOf(offers, kind), answer, facts, context)
    if (refused) return refused as Errors<P>

    return Object.hasOwn(known, kind) ? (known[kind]?.(answer, facts, context) ?? null) : null
  }
}

/** The acts of a process as its rulebook has them: what their forms do not offer is refused before they are asked. */
export function actsOf<P extends ProcessTypes>(offers: Offers<P>, acts: Acts<P>): Acts<P> {
  type Apply = (facts: P['facts'], form: unknown, context: ActContext<P>) => ActResult<P, TurnOf<P['contract']>>
  const guarded = Object.entries<Apply>(acts as Readonly<Record<string, Apply>>).map(
    ([act, apply]): [string, Apply] => {
      const offer = offerOf(offers, act)

      return [
        act,
        (facts, form, context) => {
          const closed = offer?.closed?.(facts, context)
          if (closed) return { refused: closed as Reason<ReasonOf<P['contract']>> }
          const errors = refusedValues(offer, form, facts, context)
          if (errors) return { refused: { code: 'form.invalid' }, errors: errors as Errors<P> }

          return apply(facts, form, context)
        },
      ]
    },
  )

  return Object.fromEntries(guarded) as Acts<P>
}
