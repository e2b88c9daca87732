import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import FormControlLabel from '@mui/material/FormControlLabel'
import { Facts } from '../layout/AppTable'
import { chooseDisplay } from '../display'
import { useWords } from '../words/useWords'
import { KEYS, SHOWN } from './keys'

/** The keys of the inbox; here they are switched off, too. */
export function KeysDialog({ on, onClose }: { on: boolean; onClose: () => void }) {
  const { t } = useWords()

  return (
    <Dialog open onClose={onClose} aria-labelledby="keys-title">
      <DialogTitle id="keys-title">{t('app.inbox.keys.title')}</DialogTitle>
      <DialogContent>
        <Facts
          facts={KEYS.map((name) => [
            t(`app.inbox.keys.${name}`),
            SHOWN[name].map((key) => (
              <kbd key={key} lang="en" translate="no" style={{ marginRight: '0.75rem', fontSize: '1rem' }}>
                {key}
              </kbd>
            )),
          ])}
        />
        <FormControlLabel
          label={t('app.inbox.keys.on')}
          control={
            <Checkbox checked={on} onChange={(event) => chooseDisplay({ keys: event.target.checked ? 'on' : 'off' })} />
          }
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{t('app.dismiss')}</Button>
      </DialogActions>
    </Dialog>
  )
}
