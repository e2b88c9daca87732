import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const bodyDays: ResourceProps = {
  name: 'body-days',
  list: lazy(() => import('./BodyDayList')),
  edit: lazy(() => import('./BodyDayShow')),
  create: lazy(() => import('./BodyDayCreate')),
}
