import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const cases: ResourceProps = {
  name: 'cases',
  list: lazy(() => import('./CaseList')),
  edit: lazy(() => import('./CaseShow')),
}
