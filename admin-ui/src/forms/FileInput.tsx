import AttachFile from '@mui/icons-material/AttachFile'
import DeleteOutline from '@mui/icons-material/DeleteOutline'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormHelperText from '@mui/material/FormHelperText'
import LinearProgress from '@mui/material/LinearProgress'
import Typography from '@mui/material/Typography'
import { useEffect, useRef, useState, type DragEvent } from 'react'
import { dataProvider } from '../providers/dataProvider'
import { failureOf, fieldError } from '../providers/http'
import { useMe } from '../providers/useApi'
import { FileLink, fileSize, useFile } from '../words/FileLink'
import { useWords } from '../words/useWords'
import { useSurroundings } from './FormState'
import type { Field } from './fields'

type FileField = Extract<Field, { kind: 'file' }>

/** Why a file cannot be the right one, as far as its name and size tell; the server looks at its content. */
function refusedBefore({ endings, largest }: FileField, { name, size }: File): string | null {
  if (size > largest) return fieldError('fileTooLarge')
  const ending = name.toLowerCase().split('.').at(-1) ?? ''

  return endings.includes(ending) ? null : fieldError('fileKind')
}

/** What is on its way: how much of it has arrived, from 0 to 1. */
interface Underway {
  readonly name: string
  readonly done: number
}

/** One file: chosen or dropped, sent at once, and named by its id in the form. */
export function FileInput({
  id,
  field,
  at,
  label,
  value,
  help,
  error,
  onChange,
}: {
  id: string
  field: FileField
  /** dotted place in the form */
  at: string
  label: string
  value: string
  help: string
  error: boolean
  onChange: (id: string) => void
}) {
  const words = useWords()
  const { t } = words
  const { address } = useSurroundings()
  const input = useRef<HTMLInputElement>(null)
  const choose = useRef<HTMLButtonElement>(null)
  const removed = useRef(false)
  const sending = useRef<AbortController | null>(null)
  const [underway, setUnderway] = useState<Underway | null>(null)
  const [refused, setRefused] = useState('')
  const [over, setOver] = useState(false)
  const known = useFile(value)
  const scanned = useMe()?.scansFiles !== false
  const gone = value !== '' && known.data === null
  useEffect(() => () => sending.current?.abort(), [])

  const send = async (file: File | undefined) => {
    if (!file || address === null) return
    const why = refusedBefore(field, file)
    setRefused(why ?? '')
    if (why !== null) return
    const controller = new AbortController()
    sending.current = controller
    setUnderway({ name: file.name, done: 0 })
    try {
      const kept = await dataProvider.upload({ form: address, field: at, file, signal: controller.signal }, (done) =>
        setUnderway({ name: file.name, done }),
      )
      onChange(kept.id)
    } catch (failed) {
      if (!controller.signal.aborted) setRefused(failureOf(failed).message)
    }
    setUnderway(null)
  }
  const remove = () => {
    // should this fail, the server takes it away by itself after a while
    if (!gone) void dataProvider.removeFile(value).catch(() => undefined)
    onChange('')
    setRefused('')
    removed.current = true
  }
  // the button that had the focus is gone with the file
  useEffect(() => {
    if (value === '' && removed.current) choose.current?.focus()
    removed.current = false
  }, [value])
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (underway === null && value === '') void send(event.dataTransfer.files[0])
  }
  const wrong = refused || (gone ? fieldError('fileGone') : error ? help : '')
  const limits = t('app.file.limits', {
    kinds: field.kinds.map((kind) => kind.toUpperCase()).join(', '),
    size: fileSize(words, field.largest),
  })

  return (
    <Box
      component="fieldset"
      onDragOver={(event: DragEvent) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      sx={{
        border: 1,
        borderStyle: 'dashed',
        borderColor: wrong ? 'error.main' : over ? 'primary.main' : 'divider',
        bgcolor: over ? 'action.hover' : 'transparent',
        borderRadius: 1,
        p: 2,
        m: 0,
        minWidth: 0,
      }}
    >
      <Box component="legend" sx={{ px: 1 }}>
        {label}
        {field.required ? ' *' : ''}
      </Box>
      <input
        ref={input}
        type="file"
        hidden
        data-testid={id}
        accept={field.endings.map((ending) => `.${ending}`).join(',')}
        onChange={(event) => {
          void send(event.target.files?.[0])
          // the same file may be chosen again
          event.target.value = ''
        }}
      />
      {value !== '' && !gone && <FileLink id={value} />}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: value === '' ? 0 : 1 }}>
        {value === '' ? (
          <Button
            ref={choose}
            id={id}
            variant="outlined"
            size="small"
            startIcon={<AttachFile />}
            disabled={underway !== null || address === null}
            aria-label={`${t('app.file.choose')}: ${label}`}
            aria-describedby={`${id}-help`}
            onClick={() => input.current?.click()}
          >
            {t('app.file.choose')}
          </Button>
        ) : (
          <Button id={id} size="small" color="error" startIcon={<DeleteOutline />} onClick={remove}>
            {t('app.form.remove', { label })}
          </Button>
        )}
        {underway !== null && (
          <Button size="small" onClick={() => sending.current?.abort()}>
            {t('app.file.stop')}
          </Button>
        )}
      </Box>
      {underway !== null && (
        <Box sx={{ mt: 1 }}>
          <Typography variant="body2">{t('app.file.sending', { name: underway.name })}</Typography>
          <LinearProgress
            variant="determinate"
            value={Math.round(underway.done * 100)}
            aria-label={t('app.file.sending', { name: underway.name })}
          />
        </Box>
      )}
      <FormHelperText id={`${id}-help`} error={wrong !== ''} role="status">
        {[wrong, ...(wrong === help ? [] : [help]), limits, scanned ? '' : t('app.file.unscanned')]
          .filter(Boolean)
          .join(' · ')}
      </FormHelperText>
    </Box>
  )
}
