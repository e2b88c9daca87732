import type { ReactNode } from 'react'
import { CreateBase, SaveButton, SimpleForm, Toolbar } from 'react-admin'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { failureOf } from '../providers/http'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import type { Register } from './groups'

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
          <SimpleForm
            defaultValues={defaults}
            sx={{ p: 0, maxWidth: '44rem' }}
            toolbar={
              <Toolbar sx={{ bgcolor: 'transparent', px: { xs: 0 } }}>
                <SaveButton label={t('app.save')} alwaysEnable />
              </Toolbar>
            }
          >
            {children}
          </SimpleForm>
        </CreateBase>
      </Section>
    </>
  )
}
