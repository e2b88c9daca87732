import Stack from '@mui/material/Stack'
import { useId, useMemo } from 'react'
import { useController } from 'react-hook-form'
import { FieldInput } from '../forms/FieldInput'
import { FormProvider } from '../forms/FormState'
import { isValues, withValue, type Field, type Path } from '../forms/fields'
import type { Described } from './described'

/** Dotted path → sentence of each error below a field. */
function errorsIn(error: unknown, path: string): Record<string, string> {
  if (!isValues(error)) return {}
  if (typeof error['message'] === 'string') return { [path]: error['message'] }

  return Object.assign({}, ...Object.entries(error).map(([part, inner]) => errorsIn(inner, `${path}.${part}`)))
}

/** A field of a form in the way of the forms of processes, in a form of react-admin. */
function DescribedInput({
  field,
  process,
  source,
  address,
}: {
  field: Field
  process: string
  source: string
  address: string
}) {
  const id = useId()
  const {
    field: { value, onChange },
    fieldState: { error },
  } = useController({ name: source })
  const surroundings = useMemo(
    () => ({
      id,
      process,
      body: null,
      address,
      form: {
        fields: [field],
        offered: null,
        values: { [field.name]: value },
        errors: errorsIn(error, field.name),
        set: (path: Path, next: unknown) => onChange(withValue({ [field.name]: value }, path, next)[field.name]),
      },
    }),
    [id, process, address, field, value, error, onChange],
  )

  return (
    <FormProvider value={surroundings}>
      <FieldInput field={field} path={[field.name]} />
    </FormProvider>
  )
}

/** The inputs of what processes describe of a row, in the form of react-admin at an address. */
export function DescribedInputs({ described, address }: { described: readonly Described[]; address: string }) {
  return (
    <Stack spacing={2.5} sx={{ width: '100%', mb: 2 }}>
      {described.flatMap(({ process, fields, at }) =>
        fields.map((field) => {
          const source = ['fields', ...at, field.name].join('.')

          return <DescribedInput key={source} process={process} field={field} source={source} address={address} />
        }),
      )}
    </Stack>
  )
}
