import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const tasks: ResourceProps = {
  name: 'tasks',
  list: lazy(() => import('./TaskList')),
  edit: lazy(() => import('./TaskShow')),
}
