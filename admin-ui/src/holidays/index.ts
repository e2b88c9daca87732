import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const holidays: ResourceProps = {
  name: 'holidays',
  list: lazy(() => import('./HolidayList')),
  edit: lazy(() => import('./HolidayShow')),
  create: lazy(() => import('./HolidayCreate')),
}
