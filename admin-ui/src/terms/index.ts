import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const terms: ResourceProps = {
  name: 'terms',
  list: lazy(() => import('./TermList')),
  edit: lazy(() => import('./TermShow')),
}
