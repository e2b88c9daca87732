import Autocomplete from '@mui/material/Autocomplete'
import Box from '@mui/material/Box'
import Paper, { type PaperProps } from '@mui/material/Paper'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { createContext, useContext, useState } from 'react'
import { dataProvider } from '../providers/dataProvider'
import { useMe } from '../providers/useApi'
import { detailsOfRow, hasPost, nameOfRow, type RegisterRow } from '../registers/rows'
import { daysBefore } from '../words/dates'
import { useWords } from '../words/useWords'
import { useSurroundings } from './FormState'
import { useSettled } from './useSettled'
import type { Register } from './fields'

const RESOURCE: Record<Register, string> = { person: 'people', position: 'positions', body: 'bodies', case: 'cases' }

/** The row of the register that an id names. */
export const useRegisterRow = (register: Register, id: string) =>
  useQuery({
    queryKey: ['@register', register, id],
    queryFn: async ({ signal }) => (await dataProvider.getOne(RESOURCE[register], { id, signal })).data as RegisterRow,
    enabled: id !== '',
    staleTime: 300_000,
    retry: false,
  })

const MoreThanShown = createContext(false)

/** The list under a picker. It says when there are more rows than it shows. */
function Choices({ children, ...props }: PaperProps) {
  const { t } = useWords()
  const more = useContext(MoreThanShown)

  return (
    <Paper {...props}>
      {children}
      <Typography
        variant="body2"
        color="text.secondary"
        role="status"
        sx={more ? { px: 2, py: 1, borderTop: 1, borderColor: 'divider' } : {}}
      >
        {more ? t('app.form.more') : ''}
      </Typography>
    </Paper>
  )
}

/** Search of a register; `body` limits people and positions to one state body. */
export function RegisterPicker({
  id,
  register,
  body,
  holder = null,
  among = null,
  label,
  value,
  help,
  error,
  required,
  onChange,
  since = null,
  refusing = null,
  form = null,
}: {
  id: string
  /** address of the form in which one is chosen: whom it lets one name is offered, beside whom one is shown anyhow */
  form?: string | null
  /** where to ask which rows cannot be chosen now, for which field, and whose words say why */
  refusing?: { at: string; field: string; process: string; startIn?: Record<string, string> } | null
  register: Register
  body: string | null
  /** people appointed on that day or later are offered first of all; whoever is searched for is found all the same */
  since?: string | null
  /** the people from among whom one is chosen; null: the whole register */
  among?: readonly string[] | null
  /** a person whose positions are meant, where there are any */
  holder?: string | null
  label: string
  value: string
  help: string
  error: boolean
  required: boolean
  onChange: (id: string, row: RegisterRow | null) => void
}) {
  const words = useWords()
  const [typed, setTyped] = useState('')
  const search = useSettled(typed)
  const chosen = useRegisterRow(register, value).data ?? null
  const set = register === 'case' ? refusing?.startIn?.['set'] : undefined
  const nameOf = (row: RegisterRow) => nameOfRow(row, words, body === null)
  const chosenName = chosen ? nameOf(chosen) : ''
  const q = search === chosenName ? '' : search
  const found = useQuery({
    queryKey: ['@search', register, body, holder, since, set, among, form, q],
    queryFn: async ({ signal }) => {
      const listed = async (filter: Record<string, string | readonly string[]>) => {
        const page = await dataProvider.getList(RESOURCE[register], {
          pagination: { page: 1, perPage: 25 },
          sort: register === 'case' ? { field: 'startedOn', order: 'DESC' } : { field: 'name', order: 'ASC' },
          filter,
          signal,
        })

        return { rows: page.data as RegisterRow[], more: page.pageInfo.hasNextPage }
      }
      const limited = body && (register === 'person' || register === 'position')
      const typedFor = { ...(q === '' ? {} : { q }), ...(form && register === 'person' ? { form } : {}) }
      const common = { ...typedFor, ...(limited ? { body } : {}), ...(set ? { rehearsal: set } : {}) }
      if (among) return among.length > 0 ? listed({ ...typedFor, id: among }) : { rows: [], more: false }
      // of all that may be chosen, those that are likely are offered first
      const likely = [
        ...(register === 'position' && holder ? [{ ...common, person: holder }] : []),
        ...(since && q === '' ? [{ ...common, appointedSince: since }] : []),
      ]
      for (const filter of likely) {
        const { rows } = await listed(filter)
        if (rows.length > 0) return { rows, more: true }
      }

      return listed(common)
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })

  const { rows, more } = found.data ?? { rows: [], more: false }
  const shown = [...new Set([...(value === '' ? [] : [value]), ...rows.map((row) => row.id)])]
  const codes: Record<string, string> =
    useQuery({
      queryKey: ['@refused', refusing?.at, refusing?.field, refusing?.startIn, shown],
      queryFn: ({ signal }) =>
        refusing
          ? dataProvider.refused(refusing.at, { ...refusing.startIn, field: refusing.field, id: shown }, signal)
          : {},
      // the rules of a form speak of people and positions
      enabled: refusing !== null && (register === 'person' || register === 'position') && shown.length > 0,
      staleTime: 5_000,
    }).data ?? {}
  const refused = Object.fromEntries(
    Object.entries(codes).map(([row, code]) => [row, words.of(refusing?.process ?? '', `errors.${code}`)]),
  )
  const why = refused[value]

  return (
    <MoreThanShown value={more}>
      <Autocomplete
        id={id}
        slots={{ paper: Choices }}
        options={rows}
        value={chosen}
        loading={found.isPending}
        filterOptions={(rows) => rows}
        getOptionKey={(row) => row.id}
        getOptionLabel={nameOf}
        getOptionDisabled={(row) => row.id in refused}
        renderOption={({ key, ...props }, row) => (
          <Box key={key} component="li" {...props} sx={{ '&[aria-disabled="true"]': { opacity: '1 !important' } }}>
            <span>
              {row.name ? words.name(row.name) : (row.number ?? row.id)}
              {[detailsOfRow(row, words, body === null), refused[row.id]].map((line) =>
                line ? (
                  <Typography
                    key={line}
                    component="span"
                    variant="body2"
                    color="text.secondary"
                    sx={{ display: 'block' }}
                  >
                    {line}
                  </Typography>
                ) : null,
              )}
            </span>
          </Box>
        )}
        isOptionEqualToValue={(row, other) => row.id === other.id}
        onInputChange={(_, text) => setTyped(text)}
        onChange={(_, row) => onChange(row?.id ?? '', row)}
        renderInput={(params) => (
          <TextField
            {...params}
            label={label}
            required={required}
            error={error || why !== undefined}
            helperText={why ?? help}
          />
        )}
      />
    </MoreThanShown>
  )
}

export function ReferenceInput({
  field,
  onChange,
  ...props
}: {
  id: string
  field: { name: string; register: Register; scope: string; appointedWithin: number | null; required: boolean }
  label: string
  value: string
  help: string
  error: boolean
  onChange: (id: string) => void
}) {
  const { body, form, address } = useSurroundings()
  const today = useMe()?.today
  const { offered } = form
  const person = form.values['person']
  const holder = typeof person === 'string' && person !== '' ? person : null
  const startIn = offered?.startIn ? { ...offered.startIn, ...(holder && { person: holder }) } : {}
  const choose = (id: string, row: RegisterRow | null) => {
    onChange(id)
    const post = row && hasPost(row) ? row.post : null
    if (field.name !== 'person' || !post || (body !== null && post.body.key !== body)) return
    for (const { name, follows } of form.fields) {
      if (follows) form.set([name], follows === 'post.from' ? post.from : post.position.id)
    }
  }

  return (
    <RegisterPicker
      {...props}
      register={field.register}
      required={field.required}
      body={field.scope === 'anyone' || field.scope === 'party' ? null : body}
      holder={holder}
      among={offered?.offer.among[field.name] ?? null}
      since={field.appointedWithin !== null && today ? daysBefore(today, field.appointedWithin) : null}
      onChange={choose}
      form={address}
      refusing={offered && { at: offered.refusedAt, field: field.name, process: offered.process, startIn }}
    />
  )
}
