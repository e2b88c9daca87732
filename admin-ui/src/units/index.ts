import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const units: ResourceProps = {
  name: 'units',
  list: lazy(() => import('./UnitList')),
  edit: lazy(() => import('./UnitShow')),
}
