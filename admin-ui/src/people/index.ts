import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const people: ResourceProps = {
  name: 'people',
  list: lazy(() => import('./PersonList')),
  edit: lazy(() => import('./PersonShow')),
}
