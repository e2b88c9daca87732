import AddCircleOutline from '@mui/icons-material/AddCircleOutline'
import CalendarMonth from '@mui/icons-material/CalendarMonth'
import FolderOutlined from '@mui/icons-material/FolderOutlined'
import Inbox from '@mui/icons-material/Inbox'
import MailOutline from '@mui/icons-material/MailOutlined'
import PauseCircle from '@mui/icons-material/PauseCircleOutlined'
import Box from '@mui/material/Box'
import Divider from '@mui/material/Divider'
import Drawer from '@mui/material/Drawer'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemButton from '@mui/material/ListItemButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { NavLink, useLocation } from 'react-router-dom'
import { countOf, useMe, useTaskCounts } from '../providers/useApi'
import { useOwnRegisters } from '../registers/described'
import { REGISTER_GROUPS } from '../registers/groups'
import { useWords } from '../words/useWords'

const WIDTH = '15.5rem'

function Item({ to, icon, label, onClose }: { to: string; icon?: ReactNode; label: string; onClose: () => void }) {
  const { pathname } = useLocation()
  const here = pathname === to || pathname.startsWith(`${to}/`)

  return (
    <ListItem disablePadding>
      <ListItemButton component={NavLink} to={to} selected={here} dense onClick={onClose}>
        {icon && <ListItemIcon sx={{ minWidth: '2.25rem' }}>{icon}</ListItemIcon>}
        <ListItemText primary={label} />
      </ListItemButton>
    </ListItem>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box>
      <Divider />
      <Typography variant="body2" color="text.secondary" aria-hidden sx={{ px: 2, pt: 1.5 }}>
        {title}
      </Typography>
      <List aria-label={title}>{children}</List>
    </Box>
  )
}

function Entries({ onClose }: { onClose: () => void }) {
  const words = useWords()
  const { t } = words
  const own = useOwnRegisters() ?? []
  const counts = useTaskCounts().data
  const me = useMe()
  const operates = me?.roles.some(({ role }) => role === 'administrator' || role === 'developer') === true
  const groups = REGISTER_GROUPS.map(({ title, resources }) => ({
    title,
    resources: resources.filter((resource) => me?.registers.includes(resource)),
  })).filter(({ resources }) => resources.length > 0)
  const todo = counts ? ` (${countOf(counts.todo)})` : ''

  return (
    <>
      <List>
        <Item to="/tasks" icon={<Inbox />} label={`${t('app.menu.tasks')}${todo}`} onClose={onClose} />
        <Item to="/cases" icon={<FolderOutlined />} label={t('app.menu.cases')} onClose={onClose} />
        <Item to="/start" icon={<AddCircleOutline />} label={t('app.menu.start')} onClose={onClose} />
        <Item to="/calendar" icon={<CalendarMonth />} label={t('app.menu.calendar')} onClose={onClose} />
        {operates && <Item to="/outbox" icon={<MailOutline />} label={t('app.outbox.title')} onClose={onClose} />}
        {operates && <Item to="/stuck-cases" icon={<PauseCircle />} label={t('app.menu.stuck')} onClose={onClose} />}
      </List>
      {groups.map(({ title, resources }) => (
        <Group key={title} title={t(title)}>
          {resources.map((resource) => (
            <Item key={resource} to={`/${resource}`} label={t(`app.registers.${resource}.title`)} onClose={onClose} />
          ))}
        </Group>
      ))}
      {own.length > 0 && (
        <Group title={t('app.menu.own')}>
          {own.map(({ register, process, name }) => (
            <Item
              key={register}
              to={`/registers/${register}`}
              label={words.of(process, `registers.${name}.title`)}
              onClose={onClose}
            />
          ))}
        </Group>
      )}
    </>
  )
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
        <nav aria-label={label}>
          <Entries onClose={onClose} />
        </nav>
      </Drawer>
    </>
  )
}
