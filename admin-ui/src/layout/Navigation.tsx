import AddCircleOutline from '@mui/icons-material/AddCircleOutline'
import CalendarMonth from '@mui/icons-material/CalendarMonthOutlined'
import FolderOutlined from '@mui/icons-material/FolderOutlined'
import Inbox from '@mui/icons-material/InboxOutlined'
import MailOutline from '@mui/icons-material/MailOutlined'
import MenuBook from '@mui/icons-material/MenuBookOutlined'
import PauseCircle from '@mui/icons-material/PauseCircleOutlined'
import PersonOutline from '@mui/icons-material/PersonOutlineOutlined'
import Today from '@mui/icons-material/TodayOutlined'
import Box from '@mui/material/Box'
import Drawer from '@mui/material/Drawer'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemButton from '@mui/material/ListItemButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'react-router-dom'
import { countOf, useMe, useProcesses, useTaskCounts } from '../providers/useApi'
import { REGISTER_GROUPS } from '../registers/groups'
import { useWords } from '../words/useWords'

const WIDTH = '15.5rem'
const REGISTERS = '/registers'
const TODO = ['todo'] as const

/** Is the page at that address one of this entry? The pages of shared registers have addresses of their own. */
function isHere(to: string, pathname: string): boolean {
  const under = (address: string) => pathname === address || pathname.startsWith(`${address}/`)
  if (to === '/') return pathname === '/'

  return (
    under(to) ||
    (to === REGISTERS && REGISTER_GROUPS.some(({ resources }) => resources.some((each) => under(`/${each}`))))
  )
}

function Item({ to, icon, label, onClose }: { to: string; icon: ReactNode; label: string; onClose: () => void }) {
  const { pathname } = useLocation()
  const here = isHere(to, pathname)

  return (
    <ListItem disablePadding>
      <ListItemButton
        component={Link}
        to={to}
        selected={here}
        onClick={onClose}
        {...(here && { 'aria-current': pathname === to ? 'page' : 'true' })}
      >
        <ListItemIcon sx={{ minWidth: '2.25rem', color: here ? 'primary.main' : 'text.secondary' }}>
          {icon}
        </ListItemIcon>
        <ListItemText primary={label} slotProps={{ primary: { sx: { fontWeight: 'inherit' } } }} />
      </ListItemButton>
    </ListItem>
  )
}

/** What this person can do. */
function Entries({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const todo = useTaskCounts(TODO).data?.['todo']
  const me = useMe()
  const processes = useProcesses().data ?? []
  const operates = me?.roles.some(({ role }) => role === 'administrator' || role === 'developer') === true
  const starts = processes.some(({ startableIn }) => startableIn.length > 0)
  const looksUp = (me?.registers.length ?? 0) > 0 || processes.some(({ registers }) => registers.length > 0)
  const waiting = todo === undefined ? '' : ` (${countOf(todo)})`

  return (
    <List>
      <Item to="/" icon={<Today />} label={t('app.day.title')} onClose={onClose} />
      <Item to="/tasks" icon={<Inbox />} label={`${t('app.menu.tasks')}${waiting}`} onClose={onClose} />
      {me?.ownCases === true && (
        <Item to="/my-cases" icon={<PersonOutline />} label={t('app.myCases.title')} onClose={onClose} />
      )}
      <Item to="/cases" icon={<FolderOutlined />} label={t('app.menu.cases')} onClose={onClose} />
      {starts && <Item to="/start" icon={<AddCircleOutline />} label={t('app.menu.start')} onClose={onClose} />}
      <Item to="/calendar" icon={<CalendarMonth />} label={t('app.menu.calendar')} onClose={onClose} />
      {looksUp && <Item to={REGISTERS} icon={<MenuBook />} label={t('app.menu.registers')} onClose={onClose} />}
      {operates && <Item to="/outbox" icon={<MailOutline />} label={t('app.outbox.title')} onClose={onClose} />}
      {operates && <Item to="/stuck-cases" icon={<PauseCircle />} label={t('app.menu.stuck')} onClose={onClose} />}
    </List>
  )
}

/** Who is signed in: said in the drawer, where the header has no room for it. */
function Whose() {
  const { name } = useWords()
  const me = useMe()

  return me ? (
    <Typography color="text.secondary" sx={{ px: 2, pt: 2, display: { sm: 'none' } }}>
      {name(me.person.name)}
    </Typography>
  ) : null
}

/** The menu: beside the page where there is room, else in a drawer. */
export function Navigation({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords()
  const label = t('app.menu.label')

  return (
    <>
      <Box
        component="nav"
        aria-label={label}
        sx={{
          width: WIDTH,
          flexShrink: 0,
          display: { xs: 'none', md: 'block' },
          borderRight: 1,
          borderColor: 'divider',
          bgcolor: 'background.paper',
        }}
      >
        <Entries onClose={onClose} />
      </Box>
      <Drawer
        open={open}
        onClose={onClose}
        sx={{ display: { md: 'none' } }}
        slotProps={{ paper: { sx: { width: WIDTH } } }}
      >
        <Whose />
        <nav aria-label={label}>
          <Entries onClose={onClose} />
        </nav>
      </Drawer>
    </>
  )
}
