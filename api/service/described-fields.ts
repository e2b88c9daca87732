/** Fields that a process describes by a form, of a row of a register: read, and held against the registers that they name. */
import { factsOfNamed } from '../../prisma/store/register-facts'
import { KEEPER } from '../../prisma/store/register-sight'
import type { Actor } from '../../workflows/kernel/contract'
import { fieldErrors, namedIn, type Form } from '../../workflows/kernel/forms'
import type { FieldValues } from '../../workflows/kernel/register'
import { invalidByRules } from '../http/problems'
import { askProcess, namedCases } from './form-check'
import type { Service } from './service'
import { today } from './today'

/** Where the fields stand in what was sent, and which process describes them. */
interface Place {
  readonly process: string
  /** dotted */
  readonly at: string
}

/** Throws 422 with the fields that need correcting, by their dotted names in what was sent. */
export async function describedFields(
  service: Service,
  actor: Actor,
  form: Form,
  given: unknown,
  { process, at }: Place,
): Promise<FieldValues> {
  const refuse = (errors: Readonly<Record<string, string>>) =>
    invalidByRules(Object.fromEntries(Object.entries(errors).map(([field, code]) => [`${at}.${field}`, code])))
  const parsed = askProcess(service, process, () => form.safeParse(given, { reportInput: true }))
  if (!parsed.success) throw refuse(fieldErrors(parsed.error))
  const named = namedIn(form, parsed.data)
  const on = today(service.now())
  const { errors } = await factsOfNamed(service.db, named, { on, today: on, subject: null, owned: null, by: KEEPER })
  // whom a register names need not be in office
  const unknown = Object.entries(errors ?? {}).filter(([, code]) => code === 'unknownId')
  if (unknown.length > 0) throw refuse(Object.fromEntries(unknown))
  await namedCases(service, actor, named.cases, { setBody: null, rehearsal: null })

  return parsed.data as FieldValues
}
