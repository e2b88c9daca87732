import type { TranslationMessages } from 'ra-core'
import type { AppMessages } from '../messages'
import { common } from './common'
import { ra } from './ra'
import { registers } from './registers'
import { work } from './work'

const app: AppMessages = { ...common, ...work, ...registers }

export const ru: TranslationMessages = { ...ra, app: { ...app } }
