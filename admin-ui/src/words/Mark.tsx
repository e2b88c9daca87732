import Box from '@mui/material/Box'
import type { ReactNode } from 'react'

/** Something that is so, said by an icon and in words; a colour may add to it. */
export function Mark({
  icon,
  tone,
  children,
}: {
  icon: ReactNode
  tone?: 'error.main' | 'warning.main' | 'success.main'
  children: ReactNode
}) {
  return (
    <Box
      component="span"
      sx={{
        display: 'inline-flex',
        alignItems: 'flex-start',
        gap: 0.5,
        color: tone ?? 'inherit',
        '& > svg': { fontSize: '1.15em', mt: '0.15em', flexShrink: 0 },
      }}
    >
      {icon}
      <span>{children}</span>
    </Box>
  )
}
