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
import { DisplayChoice } from './DisplayChoice'
import { LanguageChoice } from './LanguageChoice'

export function Header({ onMenu }: { onMenu: () => void }) {
  const { t, name } = useWords()
  const me = useMe()
  const logout = useLogout()

  const signOut = () => void logout({}, undefined, false)

  return (
    <AppBar position="static" color="inherit" elevation={0}>
      <Toolbar variant="dense" sx={{ gap: { xs: 0.5, sm: 1 }, minHeight: '3.25rem', px: { xs: 1.5, md: 2 } }}>
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
          to="/"
          sx={{
            color: 'primary.main',
            textDecoration: 'none',
            fontWeight: 750,
            fontSize: '1.2rem',
            letterSpacing: '-0.01em',
          }}
        >
          Mansap
        </Typography>
        <Typography
          variant="body2"
          color="text.secondary"
          noWrap
          sx={{ flexGrow: 1, minWidth: 0, visibility: { xs: 'hidden', xl: 'visible' }, ml: 1 }}
        >
          {t('app.tagline')}
        </Typography>
        <Box sx={{ display: { xs: me ? 'none' : 'block', sm: 'block' } }}>
          <LanguageChoice />
        </Box>
        <DisplayChoice />
        {me && (
          <>
            <Bell />
            <Typography variant="body2" sx={{ mx: 1, display: { xs: 'none', sm: 'block' } }}>
              {name(me.person.name)}
            </Typography>
            <Button
              color="inherit"
              startIcon={<Logout />}
              onClick={signOut}
              sx={{ display: { xs: 'none', sm: 'inline-flex' } }}
            >
              {t('app.signOut')}
            </Button>
            <IconButton
              color="inherit"
              aria-label={t('app.signOut')}
              onClick={signOut}
              sx={{ display: { sm: 'none' } }}
            >
              <Logout />
            </IconButton>
          </>
        )}
      </Toolbar>
    </AppBar>
  )
}
