import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLogin } from 'react-admin'
import { useLocation } from 'react-router-dom'
import type { DemoUser } from '../../../api/shapes/views'
import { isValues } from '../forms/fields'
import { DemoBanner } from '../layout/DemoBanner'
import { DisplayChoice } from '../layout/DisplayChoice'
import { LanguageChoice } from '../layout/LanguageChoice'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { demoUsers } from '../providers/authProvider'
import { failureOf } from '../providers/http'
import { useWords } from '../words/useWords'

function User({ user, busy, onChoose }: { user: DemoUser; busy: boolean; onChoose: () => void }) {
  const words = useWords()

  return (
    <Paper component="li" variant="outlined" sx={{ listStyle: 'none' }}>
      <ButtonBase
        onClick={onChoose}
        disabled={busy}
        sx={{
          display: 'flex',
          flexDirection: 'column',
          alignItems: 'flex-start',
          justifyContent: 'flex-start',
          width: '100%',
          height: '100%',
          p: 2,
          textAlign: 'start',
          '&:hover, &:focus-visible': { bgcolor: 'action.hover', outline: '2px solid', outlineColor: 'primary.main' },
        }}
      >
        <Typography component="span" sx={{ display: 'block', fontWeight: 600 }}>
          {words.name(user.name)}
        </Typography>
        <Typography component="span" sx={{ display: 'block' }}>
          {words.of('service', `demo.${user.as}`)}
        </Typography>
        {user.body && (
          <Typography component="span" variant="body2" color="text.secondary">
            {words.name(user.body.name)}
          </Typography>
        )}
      </ButtonBase>
    </Paper>
  )
}

/** The address of the page that was open when its session ended, as react-admin hands it over; null when somebody signed out. */
function pageLeft(state: unknown): string | null {
  if (!isValues(state) || typeof state['nextPathname'] !== 'string') return null
  const { nextPathname, nextSearch } = state

  return nextPathname + (typeof nextSearch === 'string' ? nextSearch : '')
}

/** Sign-in of the demonstration: one chooses who to be. */
export default function LoginPage() {
  const { t } = useWords()
  const login = useLogin()
  const left = pageLeft(useLocation().state)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const users = useQuery({ queryKey: ['@demo-users'], queryFn: demoUsers })
  const choose = async (user: string) => {
    setBusy(true)
    setError('')
    try {
      await login({ user, left })
    } catch (thrown) {
      setError(failureOf(thrown).message)
      setBusy(false)
    }
  }

  return (
    <Box sx={{ minHeight: '100vh', bgcolor: 'background.default' }}>
      <Box
        component="header"
        sx={{
          bgcolor: 'background.paper',
          borderBottom: 1,
          borderColor: 'divider',
          display: 'flex',
          alignItems: 'center',
          gap: 2,
          px: 2,
          py: 0.75,
        }}
      >
        <Typography
          component="span"
          sx={{ color: 'primary.main', fontWeight: 750, fontSize: '1.2rem', letterSpacing: '-0.01em', flexGrow: 1 }}
        >
          Mansap
        </Typography>
        <LanguageChoice />
        <DisplayChoice />
      </Box>
      {users.data !== undefined && <DemoBanner />}
      <Box component="main" sx={{ maxWidth: '64rem', mx: 'auto', px: 2, pb: 6 }}>
        <PageTitle title={t('app.login.title')} />
        <Typography sx={{ mb: 2 }}>{t('app.tagline')}</Typography>
        <div role="alert">{error && <Alert severity="error">{error}</Alert>}</div>
        <Loadable query={users}>
          {(list) => (
            <>
              <Typography variant="h2" sx={{ mt: 2, mb: 1 }}>
                {t('app.login.choose')}
              </Typography>
              <Box
                component="ul"
                sx={{
                  p: 0,
                  m: 0,
                  display: 'grid',
                  gap: 1.5,
                  gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr', lg: '1fr 1fr 1fr' },
                }}
              >
                {list.map((user) => (
                  <User key={user.id} user={user} busy={busy} onChoose={() => void choose(user.id)} />
                ))}
              </Box>
            </>
          )}
        </Loadable>
      </Box>
    </Box>
  )
}
