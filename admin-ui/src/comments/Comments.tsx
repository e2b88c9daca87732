import Alert from '@mui/material/Alert'
import Autocomplete from '@mui/material/Autocomplete'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState, type KeyboardEvent } from 'react'
import type { CommentView, PersonRef } from '../../../api/shapes/views'
import { standingIn } from '../cases/CaseReaders'
import { tooLongBy } from '../forms/fields'
import { Paged } from '../layout/Paged'
import { dataProvider } from '../providers/dataProvider'
import { failureOf, newKey } from '../providers/http'
import { refreshDetails } from '../providers/useApi'
import { useWords } from '../words/useWords'

const LONGEST = 4000

/** A case, or one of its tasks, of which colleagues say something. */
interface Of {
  readonly caseId: string
  readonly process: string
  readonly task: string | null
}

/** What somebody says: shown as it was typed, as text and nothing else. It is withdrawn only where one may say something. */
function Comment({ process, comment, may }: { process: string; comment: CommentView; may: boolean }) {
  const words = useWords()
  const { t, name } = words
  const client = useQueryClient()
  const [failed, setFailed] = useState('')
  const withdraw = async () => {
    try {
      await dataProvider.withdrawComment(comment.id)
      await refreshDetails(client)
    } catch (error) {
      setFailed(failureOf(error).message)
    }
  }

  return (
    <Box component="li" sx={{ mb: 2, pl: 2, borderLeft: 2, borderColor: 'divider' }}>
      <Typography variant="body2" color="text.secondary">
        {name(comment.author?.name)} ({standingIn(words, process, comment.capacity)}) ·{' '}
        <time dateTime={comment.at}>{words.instant(comment.at)}</time>
        {comment.taskId === null ? '' : ` · ${t('app.comments.onTask')}`}
      </Typography>
      {comment.text === null ? (
        <Typography sx={{ fontStyle: 'italic' }}>{t('app.comments.withdrawn')}</Typography>
      ) : (
        <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{comment.text}</Typography>
      )}
      {comment.mentions.length > 0 && (
        <Typography variant="body2">
          {t('app.comments.told', { people: comment.mentions.map((person) => name(person.name)).join(', ') })}
        </Typography>
      )}
      {may && comment.mine && comment.text !== null && (
        <Button size="small" onClick={() => void withdraw()}>
          {t('app.comments.withdraw')}
        </Button>
      )}
      {failed && <Alert severity="error">{failed}</Alert>}
    </Box>
  )
}

/** Says something and names people who are told; a @ at the beginning of a word goes to the list of people. */
function Say({ caseId, task }: Of) {
  const { t, name, tooLong } = useWords()
  const client = useQueryClient()
  const people = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [mentions, setMentions] = useState<PersonRef[]>([])
  const [choosing, setChoosing] = useState(false)
  const [sending, setSending] = useState(false)
  const [failed, setFailed] = useState('')
  // what is sent again after a failure is the same comment
  const sent = useRef({ said: '', key: '' })
  const offered = useQuery({
    queryKey: ['@case', caseId, 'people'],
    queryFn: ({ signal }) => dataProvider.commentPeople(caseId, signal),
    enabled: choosing || mentions.length > 0,
  })
  const long = tooLongBy(text, LONGEST)
  const mention = (event: KeyboardEvent<HTMLElement>) => {
    const { target } = event
    if (event.key !== '@' || !(target instanceof HTMLTextAreaElement)) return
    if (!/(^|\s)$/.test(text.slice(0, target.selectionStart))) return
    event.preventDefault()
    setChoosing(true)
    people.current?.focus()
  }
  const send = async () => {
    setSending(true)
    setFailed('')
    try {
      const said = { text, ...(task === null ? {} : { task }), mentions: mentions.map(({ id }) => id) }
      if (sent.current.said !== JSON.stringify(said)) sent.current = { said: JSON.stringify(said), key: newKey() }
      await dataProvider.say(caseId, said, sent.current.key)
      sent.current = { said: '', key: '' }
      setText('')
      setMentions([])
      await refreshDetails(client)
    } catch (error) {
      setFailed(failureOf(error).message)
    }
    setSending(false)
  }

  return (
    <Box sx={{ display: 'grid', gap: 1.5, mb: 3, maxWidth: '60rem' }}>
      <TextField
        label={t('app.comments.text')}
        value={text}
        multiline
        minRows={2}
        error={long > 0}
        helperText={long > 0 ? tooLong(LONGEST, long) : t('app.comments.explain')}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={mention}
      />
      <Autocomplete
        multiple
        open={choosing}
        onOpen={() => setChoosing(true)}
        onClose={() => setChoosing(false)}
        options={offered.data ?? []}
        loading={offered.isPending}
        value={mentions}
        getOptionKey={({ id }) => id}
        getOptionLabel={(person) => name(person.name)}
        isOptionEqualToValue={(option, value) => option.id === value.id}
        onChange={(_, chosen) => setMentions(chosen)}
        renderInput={(params) => <TextField {...params} inputRef={people} label={t('app.comments.mention')} />}
      />
      {failed && <Alert severity="error">{failed}</Alert>}
      <div>
        <Button variant="outlined" disabled={sending || text.trim() === '' || long > 0} onClick={() => void send()}>
          {t('app.comments.say')}
        </Button>
      </div>
    </Box>
  )
}

/** What colleagues say to one another, newest first, and where one says something himself. */
export function Comments({ may, ...of }: Of & { readonly may: boolean }) {
  const { t } = useWords()

  return (
    <>
      {may && <Say {...of} />}
      <Paged<CommentView>
        of={['@case', of.caseId, 'comments', of.task ?? '']}
        get={(page, signal) => dataProvider.comments(of.caseId, of.task, page, signal)}
      >
        {(comments) =>
          comments.length === 0 ? (
            <Typography>{t('app.comments.none')}</Typography>
          ) : (
            <Box component="ul" aria-label={t('app.cases.tabs.comments')} sx={{ listStyle: 'none', p: 0, m: 0 }}>
              {comments.map((comment) => (
                <Comment key={comment.id} process={of.process} comment={comment} may={may} />
              ))}
            </Box>
          )
        }
      </Paged>
    </>
  )
}
