import { lazy } from 'react'
import type { ResourceProps } from 'react-admin'

export const swaps: ResourceProps = {
  name: 'swaps',
  list: lazy(() => import('./SwapList')),
  edit: lazy(() => import('./SwapShow')),
  create: lazy(() => import('./SwapCreate')),
}
