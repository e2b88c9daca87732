import Logout from '@mui/icons-material/Logout'
import MenuIcon from '@mui/icons-material/Menu'
import AppBar from '@mui/material/AppBar'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import Toolbar from '@mui/material/Toolbar'
import Typography from '@mui/material/Typography'
import { useLogout } from 'react-admin'
import { Link } from 'react-router-dom'
import { Bell } from '../notices/Bell'
import { useMe } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { LanguageChoice } from './LanguageChoice'

export function Header({ onMenu }: { onMenu: () => void }) {
  const { t, name } = useWords()
  const me = useMe()
  const logout = useLogout()

  return (
    <AppBar position="static" color="primary" elevation={0}>
      <Toolbar variant="dense" sx={{ gap: 1, flexWrap: 'wrap', py: 0.5 }}>
        <IconButton
          color="inherit"
          edge="start"
          onClick={onMenu}
          aria-label={t('app.menu.open')}
          sx={{ display: { md: 'none' } }}
        >
          <MenuIcon />
        </IconButton>
        <Typography
          component={Link}
          to="/tasks"
          sx={{ color: 'inherit', textDecoration: 'none', fontWeight: 700, fontSize: '1.15rem' }}
        >
          Mansap
        </Typography>
        <Typography variant="body2" sx={{ flexGrow: 1, display: { xs: 'none', lg: 'block' }, ml: 1 }}>
          {t('app.tagline')}
        </Typography>
        <Box sx={{ flexGrow: 1, display: { lg: 'none' } }} />
        <LanguageChoice />
        {me && (
          <>
            <Bell />
            <Typography variant="body2" sx={{ mx: 1 }}>
              {name(me.person.name)}
            </Typography>
            <Button color="inherit" startIcon={<Logout />} onClick={() => void logout({}, undefined, false)}>
              {t('app.signOut')}
            </Button>
          </>
        )}
      </Toolbar>
    </AppBar>
  )
}
