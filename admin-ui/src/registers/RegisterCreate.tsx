import type { ReactNode } from 'react'
import { CreateBase } from 'react-admin'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { failureOf } from '../providers/http'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import type { Values } from '../forms/fields'
import { sentRow, useDescribed, withPlaces } from './described'
import type { Register } from './groups'
import { RegisterForm } from './RegisterForm'

interface Props {
  defaults?: Record<string, unknown>
  children: ReactNode
}

/** A new row of a register of administrators. */
export function RegisterCreate({ resource, ...props }: Props & { resource: Register }) {
  const { t } = useWords()

  return <NewRow resource={resource} register={t(`app.registers.${resource}.title`)} home={resource} {...props} />
}

/** A new row of a register. */
export function NewRow({
  resource,
  register,
  home,
  mayEnter = false,
  defaults = {},
  children,
}: Props & {
  resource: string
  /** how the register is called */
  register: string
  /** address of its list, without the first slash */
  home: string
  /** whoever sees the page is known to be allowed; otherwise react-admin asks for the resource */
  mayEnter?: boolean
}) {
  const { t } = useWords()
  const say = useSay()
  const described = useDescribed(resource)
  const title = t('app.registers.new', { register })

  return (
    <>
      <PageTitle title={title} />
      <Section title={title}>
        <CreateBase
          resource={resource}
          disableAuthentication={mayEnter}
          transform={(row: Values) => sentRow(described, row, null)}
          redirect={(_, id) => `${home}/${encodeURIComponent(String(id ?? ''))}`}
          mutationOptions={{
            onError: (error: unknown) => say(failureOf(error).message, 'error'),
          }}
        >
          <RegisterForm resource={resource} address={`enter:${resource}`} row={withPlaces(described, defaults)}>
            {children}
          </RegisterForm>
        </CreateBase>
      </Section>
    </>
  )
}
