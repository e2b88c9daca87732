import Paper from '@mui/material/Paper'
import type { ReactNode } from 'react'
import { DeleteWithConfirmButton, EditBase, useCanAccess, useGetOne, useRefresh } from 'react-admin'
import { useParams } from 'react-router-dom'
import { Facts } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { failureOf } from '../providers/http'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import type { Register } from './groups'
import { RegisterForm } from './RegisterForm'
import { RowChanges } from './RowChanges'
import type { RegisterRow } from './rows'

interface Props<Row> {
  resource: Register
  title: (row: Row) => string
  facts: (row: Row) => readonly (readonly [string, ReactNode])[]
  /** inputs with which an administrator changes it */
  inputs?: (row: Row) => ReactNode
  removable?: boolean
  children?: (row: Row) => ReactNode
}

function ChangeForm({
  resource,
  row,
  removable,
  children,
}: {
  resource: Register
  row: RegisterRow
  removable: boolean
  children: ReactNode
}) {
  const { t } = useWords()
  const say = useSay()
  const refresh = useRefresh()

  return (
    <Section title={t('app.registers.change')}>
      <EditBase
        resource={resource}
        id={row.id}
        mutationMode="pessimistic"
        redirect={false}
        mutationOptions={{
          onSuccess: () => say(t('app.registers.saved'), 'success'),
          onError: (error: unknown) => {
            const { status, message } = failureOf(error)
            say(status === 412 ? t('app.registers.stale') : message, 'error')
            // the form keeps what was typed, and takes the other fields and the version from the row as it is now
            if (status === 412) refresh()
          },
        }}
      >
        <RegisterForm
          address={`change:${resource}:${row.id}`}
          row={{ ...row }}
          more={
            removable && (
              <DeleteWithConfirmButton
                label="app.registers.remove"
                mutationMode="pessimistic"
                redirect={`/${resource}`}
                confirmTitle="app.registers.removeTitle"
                confirmContent="app.registers.removeContent"
              />
            )
          }
        >
          {children}
        </RegisterForm>
      </EditBase>
    </Section>
  )
}

/** One row of a register: its facts and, for an administrator, a form. */
export function RegisterPage<Row extends RegisterRow>({
  resource,
  title,
  facts,
  inputs,
  removable = false,
  children,
}: Props<Row>) {
  const { id = '' } = useParams()
  const { canAccess } = useCanAccess({ resource, action: 'edit' })
  const query = useGetOne<Row>(resource, { id })

  return (
    <Loadable query={query} page>
      {(row) => (
        <>
          <PageTitle title={title(row)} />
          <Paper variant="outlined" sx={{ p: 2.5, mb: 2 }}>
            <Facts facts={facts(row)} />
          </Paper>
          {children?.(row)}
          {inputs && canAccess && (
            <ChangeForm resource={resource} row={row} removable={removable}>
              {inputs(row)}
            </ChangeForm>
          )}
          {row.version !== undefined && canAccess && (
            <RowChanges resource={resource} id={row.id} version={row.version} />
          )}
        </>
      )}
    </Loadable>
  )
}
