import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const roles: ResourceProps = {
  name: 'roles',
  list: lazy(() => import('./RoleList')),
  edit: lazy(() => import('./RoleShow')),
  create: lazy(() => import('./RoleCreate')),
}
