import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const positions: ResourceProps = {
  name: 'positions',
  list: lazy(() => import('./PositionList')),
  edit: lazy(() => import('./PositionShow')),
}
