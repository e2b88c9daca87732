import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const regimes: ResourceProps = {
  name: 'regimes',
  list: lazy(() => import('./RegimeList')),
  edit: lazy(() => import('./RegimeShow')),
}
