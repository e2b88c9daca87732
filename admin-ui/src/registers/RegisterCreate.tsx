import type { ReactNode } from 'react'
import { CreateBase } from 'react-admin'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { failureOf } from '../providers/http'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import type { Register } from './groups'
import { RegisterForm } from './RegisterForm'

/** A new row of a register, for administrators. */
export function RegisterCreate({
  resource,
  defaults = {},
  children,
}: {
  resource: Register
  defaults?: Record<string, unknown>
  children: ReactNode
}) {
  const { t } = useWords()
  const say = useSay()
  const title = t('app.registers.new', { register: t(`app.registers.${resource}.title`) })

  return (
    <>
      <PageTitle title={title} />
      <Section title={t('app.registers.new', { register: t(`app.registers.${resource}.title`) })}>
        <CreateBase
          resource={resource}
          redirect={(_, id) => `${resource}/${encodeURIComponent(String(id ?? ''))}`}
          mutationOptions={{
            onError: (error: unknown) => say(failureOf(error).message, 'error'),
          }}
        >
          <RegisterForm address={`enter:${resource}`} row={defaults}>
            {children}
          </RegisterForm>
        </CreateBase>
      </Section>
    </>
  )
}
