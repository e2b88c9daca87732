import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { useEffect, useRef, type ReactNode } from 'react'
import { useLogout } from 'react-admin'
import type { AppKey } from '../i18n/messages'
import { Loadable } from '../layout/Loadable'
import { useWords } from '../words/useWords'
import type { Draft, DraftStatus, OtherText } from './draft'
import type { Values } from './fields'
import { useOpenDraft } from './useDraft'

/** Shows a form once it is known what the person has typed into it before. */
export function Drafted({ address, children }: { address: string; children: (draft: Draft) => ReactNode }) {
  return <Loadable query={useOpenDraft(address)}>{children}</Loadable>
}

/** Says before a form that it begins with a draft, which may be discarded. */
export function DraftRestored({
  draft,
  status: { begun },
  touched,
  onDiscarded,
}: {
  draft: Draft
  status: DraftStatus
  touched: boolean
  onDiscarded: () => void
}) {
  const words = useWords()
  const { t } = words
  if (begun === null || touched) return null
  const discard = async () => {
    if (await draft.discard()) onDiscarded()
  }

  return (
    <Alert
      severity="info"
      sx={{ mb: 2 }}
      action={<Button onClick={() => void discard()}>{t('app.draft.discard')}</Button>}
    >
      {begun.savedAt ? t('app.draft.restored', { at: words.instant(begun.savedAt) }) : t('app.draft.restoredHere')}
    </Alert>
  )
}

const WORDS: Record<DraftStatus['state'], AppKey | null> = {
  none: null,
  typing: 'app.draft.typing',
  saving: 'app.draft.saving',
  saved: 'app.draft.saved',
  failed: 'app.draft.failed',
  signedOut: 'app.draft.signedOut',
  conflict: null,
}

/** Both texts, of which the person chooses one. */
function Conflict({
  other,
  here,
  show,
  onMine,
  onOther,
}: {
  other: OtherText
  here: Values
  show: (form: Values) => ReactNode
  onMine: () => void
  onOther: () => void
}) {
  const words = useWords()
  const { t } = words
  const box = useRef<HTMLDivElement>(null)
  // it comes up under the hand, at the end of a form that may be long
  useEffect(() => box.current?.scrollIntoView({ block: 'nearest' }), [])
  const texts: readonly (readonly [title: string, form: Values, choose: () => void, button: AppKey])[] = [
    [t('app.draft.other', { at: words.instant(other.savedAt) }), other.form, onOther, 'app.draft.takeOther'],
    [t('app.draft.here'), here, onMine, 'app.draft.keepHere'],
  ]

  return (
    <Alert ref={box} severity="warning" sx={{ mt: 2, '& .MuiAlert-message': { width: '100%' } }}>
      <AlertTitle>{t('app.draft.conflict')}</AlertTitle>
      <Typography>{t('app.draft.choose')}</Typography>
      <Box sx={{ display: 'grid', gap: 2, mt: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(16rem, 1fr))' }}>
        {texts.map(([title, form, choose, button]) => (
          <Box key={button} component="section" aria-label={title}>
            <Typography sx={{ fontWeight: 600, mb: 1 }}>{title}</Typography>
            {show(form)}
            <Button variant="outlined" sx={{ mt: 1 }} onClick={choose}>
              {t(button)}
            </Button>
          </Box>
        ))}
      </Box>
    </Alert>
  )
}

/** Says after a form how its draft is kept and, when it was changed in another window too, shows both texts. */
export function DraftKept({
  draft,
  status,
  typed,
  quiet = false,
  show,
  onRestore,
}: {
  draft: Draft
  status: DraftStatus
  typed: Values
  /** what was typed is being sent, and that is said already */
  quiet?: boolean
  show: (form: Values) => ReactNode
  /** the person goes on with the other text */
  onRestore: (form: Values) => void
}) {
  const words = useWords()
  const { t } = words
  const logout = useLogout()
  const { state, other } = status
  const said = WORDS[state]
  const lost = state === 'failed' || state === 'signedOut'
  const takeOther = () => {
    draft.takeOther()
    if (other) onRestore(other.form)
  }

  return (
    <>
      <Typography
        variant="body2"
        color={lost ? 'error' : 'text.secondary'}
        role="status"
        sx={{ mt: 2, minHeight: '1.5em' }}
      >
        {said && !quiet ? t(said, { at: words.instant(status.savedAt) }) : ''}
      </Typography>
      {state === 'signedOut' && (
        <Button variant="outlined" sx={{ my: 1 }} onClick={() => void logout()}>
          {t('app.draft.signIn')}
        </Button>
      )}
      {other && <Conflict other={other} here={typed} show={show} onMine={() => draft.keepMine()} onOther={takeOther} />}
    </>
  )
}
