import Box from '@mui/material/Box'
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useState, type ReactNode } from 'react'
import { SkipNavigationButton } from 'react-admin'
import { useLocation } from 'react-router-dom'
import { startLiveUpdates } from '../providers/liveUpdates'
import { useMe } from '../providers/useApi'
import { DemoBanner } from './DemoBanner'
import { ErrorBoundary } from './ErrorBoundary'
import { Header } from './Header'
import { Waiting } from './Loadable'
import { Navigation } from './Navigation'

/** react-admin's own layout puts the menu inside `<main>`; ours has one landmark each for header, menu and page. */
export function AppLayout({ children }: { children: ReactNode }) {
  const { pathname } = useLocation()
  const client = useQueryClient()
  const me = useMe()
  const [menuOpen, setMenuOpen] = useState(false)
  const signedIn = me !== undefined
  useEffect(() => (signedIn ? startLiveUpdates(client) : undefined), [client, signedIn])

  return (
    <Box sx={{ minHeight: '100vh', display: 'flex', flexDirection: 'column', bgcolor: 'background.default' }}>
      {/* react-admin's own colours are white on light grey */}
      <SkipNavigationButton sx={{ bgcolor: 'primary.dark', '&:hover': { bgcolor: 'primary.dark', opacity: 1 } }} />
      <Box sx={{ position: { sm: 'sticky' }, top: 0, zIndex: 'appBar' }}>
        <Header onMenu={() => setMenuOpen(true)} />
        {me?.demo && <DemoBanner />}
      </Box>
      <Box sx={{ display: 'flex', flexGrow: 1, minWidth: 0 }}>
        <Navigation open={menuOpen} onClose={() => setMenuOpen(false)} />
        <Box
          component="main"
          id="main-content"
          tabIndex={-1}
          sx={{ flexGrow: 1, minWidth: 0, px: { xs: 1.5, md: 3 }, pb: 6, outline: 'none', maxWidth: '90rem' }}
        >
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<Waiting />}>{children}</Suspense>
          </ErrorBoundary>
        </Box>
      </Box>
    </Box>
  )
}
