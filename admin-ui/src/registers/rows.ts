/** Rows of the registers as the API answers them. */
import type { BodyRef, CaseView, Name, PersonRef } from '../../../api/shapes/views'
import { aboutLine } from '../words/about'
import type { Words } from '../words/useWords'

export interface RegisterRow {
  id: string
  name?: Name
  /** of a case, which has no name */
  number?: string
  version?: number
}
interface Sourced {
  confidence: string
  source: string
}
/** From what to what a value may go. */
export interface Range {
  from: number
  to: number
}
interface Place {
  id: string
  name: Name
}
export interface Region extends RegisterRow {
  name: Name
  timezone: string
  kind: string
  createdOn: string | null
  source: string
}
export interface Body extends RegisterRow {
  name: Name
  kind: string
  parent: string | null
  region: string
  weekProfile: string
  source: string
}
export interface Unit extends RegisterRow {
  name: Name
  body: BodyRef
}
export interface Position extends RegisterRow {
  name: Name
  body: BodyRef
  unit: Place | null
  category: string
  corps: string
  headsUnit: boolean
  headsBody: boolean
  elected: boolean
  /** absent for those who are not shown it */
  holder?: { person: PersonRef; from: string } | null
}
export interface Person extends RegisterRow {
  name: Name
  /** absent for those who are not shown it; so is the post */
  birthDate?: string
  email?: string | null
  sample: boolean
  post?: { id: string; from: string; position: Place; unit: Place | null; body: BodyRef } | null
}
export interface Post extends RegisterRow {
  person: PersonRef
  position: Place
  body: BodyRef
  from: string
  to: string | null
  /** absent for those who are not shown it */
  endGround?: string | null
  kind: 'permanent' | 'temporary'
}
export interface Role extends RegisterRow {
  person: PersonRef
  role: string
  body: BodyRef
  from: string
  to: string | null
  /** absent for those who are not shown it; so is the post */
  basis?: string
  post?: string | null
}
export interface Category extends RegisterRow, Sourced {
  group: string
  rank: number | null
  corps: string
  managerial: string
  bodyKind: string
}
export interface Regime extends RegisterRow {
  name: Name
  validFrom: string | null
  validTo: string | null
  basis: string
  confidence: string
}
export interface Term extends RegisterRow, Sourced {
  key: string
  process: string
  name: Name
  value: number | null
  unit: string
  range: Range
  regime: string
  validFrom: string | null
  validTo: string | null
}
export interface Rule extends RegisterRow, Sourced {
  key: string
  regime: string
  value: boolean | number | string
  kind: 'yesNo' | Range | null
  flag: boolean
  act: string | null
  inForceFrom: string | null
}
export interface Holiday extends RegisterRow, Sourced {
  date: string
  name: Name
  kind: string
  moves: boolean
}
export interface Swap extends RegisterRow, Sourced {
  date: string
  kind: string
  appliesTo: string
  reason: string
}
export interface BodyDay extends RegisterRow {
  body: string
  date: string
  working: boolean
  reason: string
}

export const hasPost = (row: RegisterRow): row is Person => 'post' in row
const isCase = (row: RegisterRow): row is CaseView => 'number' in row
const hasUnit = (row: RegisterRow): row is Position => 'unit' in row && 'category' in row

/** What tells a row from others of its name where one is chosen: post, unit and since when; the body where it is not known. */
export function detailsOfRow(row: RegisterRow, words: Words, withBody: boolean): string {
  const { t, name, date } = words
  const named = (...names: (Name | null | undefined)[]) => names.flatMap((each) => (each ? [name(each)] : []))
  const body = (ref: BodyRef | undefined) => (withBody ? ref?.name : undefined)
  if (hasPost(row)) {
    if (!row.post) return ''
    const { position, unit, body: of, from } = row.post

    return [...named(position.name, unit?.name, body(of)), t('app.form.since', { date: date(from) })].join(', ')
  }
  if (isCase(row)) return [words.of(row.process, 'name'), aboutLine(words, row)].join(', ')
  if (!hasUnit(row)) return ''
  const { holder } = row

  return [
    ...named(row.unit?.name ?? (withBody ? undefined : row.body.name), body(row.body)),
    ...(holder === undefined
      ? []
      : [
          holder
            ? t('app.form.heldBy', { person: name(holder.person.name), date: date(holder.from) })
            : t('app.form.vacant'),
        ]),
  ].join(', ')
}

/** How a row is called where one is chosen or was: people share names, and posts share titles. */
export function nameOfRow(row: RegisterRow, words: Words, withBody = false): string {
  const name = row.name ? words.name(row.name) : (row.number ?? row.id)
  const details = detailsOfRow(row, words, withBody)

  return details === '' ? name : `${name} — ${details}`
}
