import Typography from '@mui/material/Typography'
import { useEffect, useRef, type ReactNode } from 'react'
import { useLocation } from 'react-router-dom'

// on the first page nobody has gone anywhere yet: the skip link must come first
let arrivedAt: string | null = null

/** The page's heading and the tab's title; takes the focus when the address changes, so that a screen reader says where one is. */
export function PageTitle({ title, children }: { title: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { pathname } = useLocation()
  useEffect(() => {
    const moved = arrivedAt !== null && arrivedAt !== pathname
    arrivedAt = pathname
    if (!moved) return
    heading.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [pathname])

  return (
    <>
      <title>{`${title} · Mansap`}</title>
      <Typography variant="h1" tabIndex={-1} ref={heading} sx={{ outline: 'none', mt: { xs: 1.25, md: 2 }, mb: 1 }}>
        {title}
        {children}
      </Typography>
    </>
  )
}
