import type { TranslationMessages } from 'ra-core'
import type { AppMessages } from '../messages'
import { ofCases } from './cases'
import { common } from './common'
import { day } from './day'
import { inbox } from './inbox'
import { notices } from './notices'
import { ra } from './ra'
import { registers } from './registers'
import { work } from './work'

const app: AppMessages = { ...common, ...day, ...inbox, ...ofCases, ...work, ...registers, ...notices }

export const ru: TranslationMessages = { ...ra, app: { ...app } }
