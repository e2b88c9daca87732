/** The pages of a register that a process owns, as it describes it: its list, a new row, a row. */
import Add from '@mui/icons-material/Add'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { useGetManyAggregate } from 'react-admin'
import { Link, Route, Routes, useParams } from 'react-router-dom'
import type { OwnRowView } from '../../../api/shapes/views'
import { FieldValue } from '../forms/Answer'
import { fieldsOf, asText, type Field, type Register } from '../forms/fields'
import { Filters, SelectFilter } from '../layout/Filters'
import { NotFoundPage } from '../layout/NotFoundPage'
import { PageTitle } from '../layout/PageTitle'
import { ListTable, RecordList } from '../layout/RecordList'
import { useWords } from '../words/useWords'
import { BodyFilter } from './BodyFilter'
import { useDescribed, useOwnRegisters, type OwnRegister } from './described'
import { DescribedInputs } from './DescribedInputs'
import { NewRow } from './RegisterCreate'
import { RowPage } from './RegisterPage'
import type { RegisterRow } from './rows'

const homeOf = ({ register }: OwnRegister): string => `registers/${register}`
const mayKeep = ({ keptIn }: OwnRegister, body: string): boolean => keptIn === null || keptIn.includes(body)

const RESOURCE: Record<Register, string> = { person: 'people', position: 'positions', body: 'bodies', case: 'cases' }

/** The name of a row of another register; those of a page are asked for at once. */
function ListedName({ register, id }: { register: Register; id: string }) {
  const { name } = useWords()
  const row = useGetManyAggregate<RegisterRow>(RESOURCE[register], { ids: id === '' ? [] : [id] }).data?.[0]

  return <>{row ? (row.name ? name(row.name) : (row.number ?? id)) : id || '—'}</>
}

/** What a list shows of a row: what is one value, and no long text. */
const isListed = ({ kind, ...field }: Field): boolean =>
  kind !== 'object' && kind !== 'list' && !('long' in field && field.long)

function OwnList({ own }: { own: OwnRegister }) {
  const words = useWords()
  const { t } = words
  const { process, register, sorts } = own
  const fields = fieldsOf(own.form)
  const title = words.of(process, `registers.${own.name}.title`)
  const cell = (field: Field, value: unknown): ReactNode =>
    field.kind === 'reference' ? (
      <ListedName register={field.register} id={value === undefined ? '' : asText(value)} />
    ) : (
      <FieldValue process={process} field={field} value={value} />
    )

  return (
    <>
      <PageTitle title={title} />
      <Typography sx={{ maxWidth: '60rem' }}>{words.of(process, `registers.${own.name}.explain`)}</Typography>
      {own.keptIn?.length !== 0 && (
        <Button component={Link} to={`/${homeOf(own)}/create`} startIcon={<Add />} variant="outlined" sx={{ mt: 1 }}>
          {t('app.registers.add')}
        </Button>
      )}
      <RecordList resource={register} sort={{ field: 'key', order: 'ASC' }}>
        <Filters>
          {fields.map((field) =>
            field.kind === 'choice' ? (
              <SelectFilter
                key={field.name}
                name={`fields.${field.name}`}
                label={words.fieldLabel(process, field.name)}
                options={field.options.map((value) => ({ value, label: words.option(process, field.name, value) }))}
              />
            ) : null,
          )}
          <BodyFilter name={`fields.${own.body}`} />
        </Filters>
        <ListTable<OwnRowView>
          caption={title}
          columns={fields.filter(isListed).map((field) => {
            const sort = `fields.${field.name}`

            return {
              key: field.name,
              label: words.fieldLabel(process, field.name),
              ...(sorts.includes(sort) && { sort }),
              cell: (row) => cell(field, row.fields[field.name]),
            }
          })}
          rowHref={({ id }) => `/${homeOf(own)}/${id}`}
          empty={t('app.registers.none')}
        />
      </RecordList>
    </>
  )
}

function OwnCreate({ own }: { own: OwnRegister }) {
  const words = useWords()
  const described = useDescribed(own.register)

  return (
    <NewRow
      resource={own.register}
      register={words.of(own.process, `registers.${own.name}.title`)}
      home={homeOf(own)}
      mayEnter={own.keptIn?.length !== 0}
      defaults={{ fields: own.keptIn?.length === 1 ? { [own.body]: own.keptIn[0] } : {} }}
    >
      <DescribedInputs described={described} address={`enter:${own.register}`} />
    </NewRow>
  )
}

function OwnShow({ own }: { own: OwnRegister }) {
  const words = useWords()

  return (
    <RowPage<RegisterRow & OwnRowView>
      resource={own.register}
      home={`/${homeOf(own)}`}
      mayChange={({ body }) => mayKeep(own, body)}
      {...(own.removable && { removable: 'app.registers.removeOwn' as const })}
      title={() => words.of(own.process, `registers.${own.name}.title`)}
      facts={() => []}
    />
  )
}

export default function OwnRegisterPages() {
  const { register } = useParams()
  const registers = useOwnRegisters()
  if (!registers) return null
  const own = registers.find((each) => each.register === register)
  if (!own) return <NotFoundPage />

  return (
    <Routes key={own.register}>
      <Route index element={<OwnList own={own} />} />
      <Route path="create" element={<OwnCreate own={own} />} />
      <Route path=":id" element={<OwnShow own={own} />} />
    </Routes>
  )
}
