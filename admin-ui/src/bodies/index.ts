import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const bodies: ResourceProps = {
  name: 'bodies',
  list: lazy(() => import('./BodyList')),
  edit: lazy(() => import('./BodyShow')),
}
