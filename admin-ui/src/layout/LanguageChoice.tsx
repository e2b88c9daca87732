import Button from '@mui/material/Button'
import ButtonGroup from '@mui/material/ButtonGroup'
import { useLocaleState } from 'react-admin'
import { LOCALE_NAMES } from '../locale'
import { useWords } from '../words/useWords'

/** The three languages, each under its own name and marked as being in that language. */
export function LanguageChoice() {
  const { t, locale: current } = useWords()
  const [, setLocale] = useLocaleState()

  return (
    <ButtonGroup size="small" color="inherit" variant="text" aria-label={t('app.language')}>
      {LOCALE_NAMES.map(({ locale, name }) => (
        <Button
          key={locale}
          lang={locale}
          aria-pressed={locale === current}
          onClick={() => setLocale(locale)}
          sx={{ fontWeight: locale === current ? 700 : 400, textDecoration: locale === current ? 'underline' : 'none' }}
        >
          {name}
        </Button>
      ))}
    </ButtonGroup>
  )
}
