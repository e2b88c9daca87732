import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const rules: ResourceProps = {
  name: 'rules',
  list: lazy(() => import('./RuleList')),
  edit: lazy(() => import('./RuleShow')),
}
