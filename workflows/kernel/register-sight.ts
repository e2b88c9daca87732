/**
 * Who sees what of the registers: one table for every list, row, filter, order and menu. Pure; `prisma/store/register-sight.ts` asks it of
 * rows. No law that was read says who serves where is whose to know: the table is a design default (confidence D).
 */
import type { RegisterName } from './register'
import type { BodyKey } from './contract'
import { AGENCY } from './law/policy'
import type { Viewer } from './law/sight'

/**
 * How much of a row somebody is shown, rising. `name`: what it is called, to whoever has its id already; it is in no list. `public`: what
 * colleagues know of each other. `all`: every column.
 */
export const SHOWN = ['name', 'public', 'all'] as const
export type Shown = (typeof SHOWN)[number]

/**
 * As whom somebody looks at a row. `anyone`: he is signed in. `colleague`: he serves or holds a role in its body. `chooser`: he is staff
 * and may fill in a form that names such people. `office`: HR or head of its body, or the Agency that is competent for it.
 * `self`: it is about himself. `keeper`: an administrator.
 */
export const LOOKS_AS = ['anyone', 'colleague', 'chooser', 'office', 'self', 'keeper'] as const
export type LooksAs = (typeof LOOKS_AS)[number]

type Row = Partial<Readonly<Record<LooksAs, Shown>>>
const TO_ANYONE: Row = { anyone: 'all' }
const WHO_SERVES: Row = { colleague: 'public', office: 'all', self: 'all', keeper: 'all' }

/** The registers that all processes share. Who reads a register of a process its contract says. */
export type SharedRegister = Exclude<RegisterName, 'own'>

/** What each register shows to whom; a row shows the most of what fits. Whom nothing fits finds no row. */
export const REGISTER_SIGHT: Readonly<Record<SharedRegister, Row>> = {
  regions: TO_ANYONE,
  bodies: TO_ANYONE,
  units: TO_ANYONE,
  categories: TO_ANYONE,
  regimes: TO_ANYONE,
  rules: TO_ANYONE,
  terms: TO_ANYONE,
  holidays: TO_ANYONE,
  swaps: TO_ANYONE,
  'body-days': TO_ANYONE,
  positions: { anyone: 'public', colleague: 'all', office: 'all', self: 'all', keeper: 'all' },
  people: { anyone: 'name', chooser: 'public', ...WHO_SERVES },
  posts: WHO_SERVES,
  roles: WHO_SERVES,
}

const isRegister = (name: string): name is SharedRegister => Object.hasOwn(REGISTER_SIGHT, name)
export const REGISTERS: readonly SharedRegister[] = Object.keys(REGISTER_SIGHT).filter(isRegister)

/** Columns that not everybody is shown who finds the row, and how much he must be shown for it. */
export const COLUMNS = {
  people: { post: 'public', sex: 'all', birthDate: 'all', email: 'all', fields: 'all' },
  positions: { holder: 'all', fields: 'all' },
  posts: { endGround: 'all' },
  roles: { basis: 'all', post: 'all' },
} as const satisfies Partial<Record<SharedRegister, Readonly<Record<string, Shown>>>>

/** Is that enough? */
export const suffices = (shown: Shown, needed: Shown): boolean => SHOWN.indexOf(shown) >= SHOWN.indexOf(needed)

/** The most of these. */
export const mostOf = (all: readonly Shown[]): Shown =>
  all.reduce((most, each) => (suffices(most, each) ? most : each), 'name')

/** As whom one must look to be shown so much. */
export const looksFor = (register: SharedRegister, needed: Shown): LooksAs[] =>
  LOOKS_AS.filter((as) => {
    const shown = REGISTER_SIGHT[register][as]

    return shown !== undefined && suffices(shown, needed)
  })

/** The bodies to whose rows somebody looks as a colleague, and as an office. */
export interface Places {
  readonly colleague: readonly BodyKey[]
  /** `everywhere`: the Agency itself */
  readonly office: readonly BodyKey[] | 'everywhere'
  /** departments of the Agency, for the bodies that they are competent for */
  readonly departments: readonly BodyKey[]
  readonly keeps: boolean
}

/** Where the viewer looks as what. */
export function placesOf({ actor: { grants, posts = [] } }: Viewer): Places {
  const bodiesOf = (...roles: readonly string[]) =>
    grants.flatMap(({ role, body }) => (roles.includes(role) ? [body] : []))
  const agencies = bodiesOf('agency')

  return {
    colleague: [...new Set([...grants.map(({ body }) => body), ...posts])],
    office: agencies.includes(AGENCY) ? 'everywhere' : bodiesOf('hr', 'head'),
    departments: agencies,
    keeps: bodiesOf('administrator').length > 0,
  }
}

/** The registers of which there is a list for him, beyond what is about himself. The menu shows no others. */
export function registersFor(viewer: Viewer): SharedRegister[] {
  const { colleague, office, departments, keeps } = placesOf(viewer)
  const looks: Readonly<Record<LooksAs, boolean>> = {
    anyone: true,
    colleague: colleague.length > 0,
    chooser: false,
    office: office === 'everywhere' || office.length > 0 || departments.length > 0,
    self: false,
    keeper: keeps,
  }

  return REGISTERS.filter((register) => looksFor(register, 'public').some((as) => looks[as]))
}
