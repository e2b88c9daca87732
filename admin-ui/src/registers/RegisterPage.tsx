import Paper from '@mui/material/Paper'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { DeleteWithConfirmButton, EditBase, useCanAccess, useGetOne, useRefresh } from 'react-admin'
import { useParams } from 'react-router-dom'
import type { Values } from '../forms/fields'
import { Facts, type Fact } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import type { AppKey } from '../i18n/messages'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { failureOf } from '../providers/http'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'
import { DescribedInputs } from './DescribedInputs'
import { describedIn, sentRow, useDescribed, withPlaces } from './described'
import type { Register } from './groups'
import { RegisterForm } from './RegisterForm'
import { RowChanges } from './RowChanges'
import type { RegisterRow } from './rows'
import { describedFacts } from './TypedRow'

interface Props<Row> {
  title: (row: Row) => string
  facts: (row: Row) => readonly Fact[]
  /** inputs with which an administrator changes it */
  inputs?: (row: Row) => ReactNode
  /** it may be removed: the sentence that says what follows */
  removable?: AppKey
  children?: (row: Row) => ReactNode
}

function ChangeForm({
  resource,
  home,
  row,
  removable,
  children,
}: {
  resource: string
  home: string
  row: RegisterRow
  removable: AppKey | undefined
  children: ReactNode
}) {
  const { t } = useWords()
  const say = useSay()
  const refresh = useRefresh()
  const client = useQueryClient()
  const described = useDescribed(resource)

  return (
    <Section title={t('app.registers.change')}>
      <EditBase
        resource={resource}
        id={row.id}
        mutationMode="pessimistic"
        redirect={false}
        // whoever sees the form is known to be allowed
        disableAuthentication
        transform={(now: Values, { previousData }: { previousData?: Values } = {}) =>
          sentRow(described, now, previousData ?? null)
        }
        mutationOptions={{
          onSuccess: () => {
            say(t('app.registers.saved'), 'success')
            // react-admin takes what it has of lists for new once it has put the row into them, and a row that was entered was in none
            void client.invalidateQueries({ queryKey: [resource, 'getList'] })
          },
          onError: (error: unknown) => {
            const { status, message } = failureOf(error)
            say(status === 412 ? t('app.registers.stale') : message, 'error')
            // the form keeps what was typed, and takes the other fields and the version from the row as it is now
            if (status === 412) refresh()
          },
        }}
      >
        <RegisterForm
          resource={resource}
          address={`change:${resource}:${row.id}`}
          row={withPlaces(described, { ...row })}
          more={
            removable && (
              <DeleteWithConfirmButton
                label="app.registers.remove"
                mutationMode="pessimistic"
                redirect={home}
                confirmTitle="app.registers.removeTitle"
                confirmContent={removable}
              />
            )
          }
        >
          {children}
          <DescribedInputs described={described} address={`change:${resource}:${row.id}`} />
        </RegisterForm>
      </EditBase>
    </Section>
  )
}

/** One row of a register of administrators: its facts and, for one, a form. */
export function RegisterPage<Row extends RegisterRow>({ resource, ...props }: Props<Row> & { resource: Register }) {
  const { canAccess } = useCanAccess({ resource, action: 'edit' })

  return <RowPage<Row> resource={resource} home={`/${resource}`} mayChange={() => canAccess === true} {...props} />
}

/** One row of a register: its facts, what processes describe of it and, for whoever may change it, a form and its history. */
export function RowPage<Row extends RegisterRow>({
  resource,
  home,
  mayChange,
  title,
  facts,
  inputs,
  removable,
  children,
}: Props<Row> & {
  resource: string
  /** address of its list */
  home: string
  mayChange: (row: Row) => boolean
}) {
  const words = useWords()
  const { id = '' } = useParams()
  const described = useDescribed(resource)
  const query = useGetOne<Row>(resource, { id })

  return (
    <Loadable query={query} page>
      {(row) => (
        <>
          <PageTitle title={title(row)} />
          <Paper variant="outlined" sx={{ p: 2.5, mb: 2 }}>
            <Facts
              facts={[...facts(row), ...described.flatMap((of) => describedFacts(words, of, describedIn(of, row)))]}
            />
          </Paper>
          {children?.(row)}
          {(inputs || described.length > 0) && mayChange(row) && (
            <ChangeForm resource={resource} home={home} row={row} removable={removable}>
              {inputs?.(row)}
            </ChangeForm>
          )}
          {row.version !== undefined && mayChange(row) && (
            <RowChanges resource={resource} id={row.id} version={row.version} />
          )}
        </>
      )}
    </Loadable>
  )
}
