/** What processes describe of the rows of a register: all of one that they own, or fields that they add to a shared one. */
import { useMemo } from 'react'
import type { JsonSchema, OwnRegisterView } from '../../../api/shapes/views'
import { fieldsOf, isValues, payload, valueAt, withValue, type Field, type Path, type Values } from '../forms/fields'
import { useProcesses } from '../providers/useApi'

/** Fields that a process describes. */
export interface Described {
  process: string
  fields: readonly Field[]
  /** where their values stand in `fields` of a row */
  at: Path
}

/** A register that a process owns. */
export interface OwnRegister extends OwnRegisterView {
  process: string
}

const describedBy = (process: string, form: JsonSchema, at: Path): Described => ({
  process,
  fields: fieldsOf(form),
  at,
})

const NONE: readonly never[] = []

/** What processes describe of the rows of a register. */
export function useDescribed(register: string): readonly Described[] {
  const processes = useProcesses().data

  return useMemo(
    () =>
      processes?.flatMap(({ name, registers, registerFields }) => [
        ...registers.flatMap((own) => (own.register === register ? [describedBy(name, own.form, [])] : [])),
        ...registerFields.flatMap((added) =>
          added.register === register ? [describedBy(name, added.form, [name])] : [],
        ),
      ]) ?? NONE,
    [processes, register],
  )
}

/** The registers of processes that the signed-in person may look up; undefined while they are not known. */
export const useOwnRegisters = (): readonly OwnRegister[] | undefined =>
  useProcesses().data?.flatMap(({ name, registers }) => registers.map((own) => ({ ...own, process: name })))

/** The values of described fields in a row, or in what the trail keeps of one. */
export function describedIn({ at }: Described, row: object | null): Values {
  const values = row && valueAt(row, ['fields', ...at])

  return isValues(values) ? values : {}
}

/** A row in whose form each described field has its place, so that nothing seems to be typed before anything is. */
export const withPlaces = (described: readonly Described[], row: Values): Values => ({
  ...row,
  ...(described.length > 0 && {
    fields: described.reduce<unknown>((fields, of) => withValue(fields, of.at, describedIn(of, row)), row['fields']),
  }),
})

/** A row as it is sent: what is described without blanks, and nothing where nothing was entered before or now. */
export function sentRow(described: readonly Described[], row: Values, before: Values | null): Values {
  if (described.length === 0) return row
  const fields = described.reduce<Values>(
    (sent, of) => {
      const values = payload(of.fields, describedIn(of, row))
      const known = Object.keys(values).length > 0 || valueAt(before?.['fields'], of.at) !== undefined

      return known ? withValue(sent, of.at, values) : sent
    },
    isValues(before?.['fields']) ? before['fields'] : {},
  )

  return { ...row, fields }
}
