/** What every locale must say. English gives the shape; a key that another locale lacks, or has too many, does not compile. */
import type { ofCases } from './en/cases'
import type { common } from './en/common'
import type { day } from './en/day'
import type { inbox } from './en/inbox'
import type { notices } from './en/notices'
import type { registers } from './en/registers'
import type { work } from './en/work'

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> }
type Leaves<T> = {
  [K in keyof T & (string | number)]: T[K] extends string ? `${K}` : `${K}.${Leaves<T[K]>}`
}[keyof T & (string | number)]

export type CommonMessages = Shape<typeof common>
export type WorkMessages = Shape<typeof work>
export type RegisterMessages = Shape<typeof registers>
export type NoticeMessages = Shape<typeof notices>
export type InboxMessages = Shape<typeof inbox>
export type DayMessages = Shape<typeof day>
export type CaseMessages = Shape<typeof ofCases>
export type AppMessages = CommonMessages &
  WorkMessages &
  RegisterMessages &
  NoticeMessages &
  DayMessages &
  InboxMessages &
  CaseMessages

/** Every key under `app`, so that a sentence that nobody wrote does not compile either. */
export type AppKey = `app.${Leaves<AppMessages>}`
