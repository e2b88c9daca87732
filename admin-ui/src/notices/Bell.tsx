import Notifications from '@mui/icons-material/NotificationsOutlined'
import Badge from '@mui/material/Badge'
import IconButton from '@mui/material/IconButton'
import { Link } from 'react-router-dom'
import { countOf, useUnread } from '../providers/useApi'
import { useWords } from '../words/useWords'

/** In the header: how many notices one has not read, and the way to them. */
export function Bell() {
  const { t } = useWords()
  const unread = useUnread().data?.unread ?? 0
  const count = countOf(unread)

  return (
    <IconButton
      color="inherit"
      component={Link}
      to="/notices"
      aria-label={unread === 0 ? t('app.notices.title') : t('app.notices.unreadCount', { count })}
    >
      <Badge
        badgeContent={unread === 0 ? 0 : count}
        max={999}
        sx={{ '& .MuiBadge-badge': { bgcolor: 'primary.main', color: 'primary.contrastText' } }}
      >
        <Notifications aria-hidden />
      </Badge>
    </IconButton>
  )
}
