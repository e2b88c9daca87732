import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import FormControl from '@mui/material/FormControl'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormLabel from '@mui/material/FormLabel'
import Radio from '@mui/material/Radio'
import RadioGroup from '@mui/material/RadioGroup'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import type { LetterWishView } from '../../../api/shapes/views'
import { Facts } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { LOCALE_NAMES } from '../locale'
import { dataProvider } from '../providers/dataProvider'
import { failureOf } from '../providers/http'
import { useSay } from '../providers/useSay'
import { useWords } from '../words/useWords'

const CHOICES = ['atOnce', 'daily', 'none'] as const

function Wish({ wish }: { wish: LetterWishView }) {
  const { t } = useWords()
  const say = useSay()
  const client = useQueryClient()
  const [letters, setLetters] = useState(wish.letters)
  const [language, setLanguage] = useState(wish.language)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    try {
      client.setQueryData(['@letters'], await dataProvider.wishLetters({ letters, language }))
      say(t('app.letters.saved'), 'success')
    } catch (error) {
      say(failureOf(error).message, 'error')
    }
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      {!wish.sent && (
        <Alert severity="info" sx={{ my: 2 }}>
          {t('app.letters.off')}
        </Alert>
      )}
      <Facts facts={[[t('app.letters.address'), wish.address ?? t('app.letters.noAddress')]]} />
      <FormControl sx={{ display: 'block', my: 2 }}>
        <FormLabel id="letters-when">{t('app.letters.when')}</FormLabel>
        <RadioGroup aria-labelledby="letters-when" value={letters}>
          {CHOICES.map((choice) => (
            <FormControlLabel
              key={choice}
              value={choice}
              control={<Radio onChange={() => setLetters(choice)} />}
              label={t(`app.letters.${choice}`)}
            />
          ))}
        </RadioGroup>
      </FormControl>
      <FormControl sx={{ display: 'block', my: 2 }}>
        <FormLabel id="letters-language">{t('app.letters.language')}</FormLabel>
        <RadioGroup row aria-labelledby="letters-language" value={language}>
          {LOCALE_NAMES.map(({ locale, name }) => (
            <FormControlLabel
              key={locale}
              value={locale}
              control={<Radio onChange={() => setLanguage(locale)} />}
              label={<span lang={locale}>{name}</span>}
            />
          ))}
        </RadioGroup>
      </FormControl>
      <Button type="submit" variant="contained">
        {t('app.save')}
      </Button>
    </form>
  )
}

/** How one wants letters by e-mail; letters lead here. */
export default function LettersPage() {
  const { t } = useWords()
  const query = useQuery({ queryKey: ['@letters'], queryFn: ({ signal }) => dataProvider.letterWish(signal) })

  return (
    <>
      <PageTitle title={t('app.letters.title')} />
      <p>{t('app.letters.explain')}</p>
      <Loadable query={query}>{(wish) => <Wish wish={wish} />}</Loadable>
    </>
  )
}
