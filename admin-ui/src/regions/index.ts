import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const regions: ResourceProps = {
  name: 'regions',
  list: lazy(() => import('./RegionList')),
  edit: lazy(() => import('./RegionShow')),
}
