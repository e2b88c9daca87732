import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const categories: ResourceProps = {
  name: 'categories',
  list: lazy(() => import('./CategoryList')),
  edit: lazy(() => import('./CategoryShow')),
}
