/** Who sees what of the registers, asked of rows `t`: the table of `workflows/kernel/register-sight.ts` as conditions. */
import type { BodyKey, CaseId, PersonId } from '../../workflows/kernel/contract'
import { AGENCY } from '../../workflows/kernel/law/policy'
import {
  looksFor,
  placesOf,
  type LooksAs,
  type SharedRegister,
  type Shown,
} from '../../workflows/kernel/register-sight'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { anyOf, FALSE, TRUE } from './conditions'
import { Prisma } from './db'

/** Whom a form lets somebody name: those who serve in this body, or whoever is in office anywhere. */
export type Choice = BodyKey | 'anywhere'

/** Who reads a register, and whom he is choosing from it if he is filling in a form. */
export interface Reader {
  readonly viewer: Viewer
  readonly chooses?: readonly Choice[]
}
/** The product itself, and whoever keeps the register: every column of every row. */
export const KEEPER = 'keeper'

/** Whose the rows of a register are. */
export interface Whose {
  readonly register: SharedRegister
  /** rows of bodies of a list: an expression of type text[] */
  readonly inBodies: (bodies: Prisma.Sql) => Prisma.Sql
  /** rows about that person */
  readonly of: (person: PersonId) => Prisma.Sql
  /** rows of people in office anywhere, where they can be chosen */
  readonly inOffice?: Prisma.Sql
}

const list = (bodies: readonly BodyKey[]): Prisma.Sql => Prisma.sql`${[...bodies]}::text[]`

/** The bodies that a department of the Agency is competent for, as `agencyOf` of the service says it of one. */
const under = (departments: readonly BodyKey[]): Prisma.Sql => Prisma.sql`array(select key from state_bodies
  where kind not in ('central', 'agency') and ${AGENCY}::text || '.' || "regionKey" = any(${list(departments)})
    and key <> all(${list(departments)}))`

function rowsFor({ viewer, chooses = [] }: Reader, whose: Whose): Readonly<Record<LooksAs, Prisma.Sql>> {
  const { colleague, office, departments, keeps } = placesOf(viewer)
  const of = (bodies: readonly BodyKey[]) => (bodies.length === 0 ? FALSE : whose.inBodies(list(bodies)))
  const chosen = viewer.kind === 'staff' ? chooses : []

  return {
    anyone: TRUE,
    colleague: of(colleague),
    chooser:
      chosen.includes('anywhere') && whose.inOffice
        ? whose.inOffice
        : of(chosen.flatMap((choice) => (choice === 'anywhere' ? [] : [choice]))),
    office:
      office === 'everywhere'
        ? TRUE
        : anyOf([of(office), departments.length === 0 ? FALSE : whose.inBodies(under(departments))]),
    self: whose.of(viewer.actor.person),
    keeper: keeps ? TRUE : FALSE,
  }
}

/** The condition on rows of which the reader is shown so much, and how much of each he is shown. */
export interface RegisterSight {
  readonly sees: (needed: Shown) => Prisma.Sql
  /** one of `SHOWN` */
  readonly shown: Prisma.Sql
}

/** Who fills in a form, by which address of it, and of which case it is; null: of none, it starts one. */
export interface Chooser {
  readonly viewer: Viewer
  readonly chooses: readonly Choice[]
  readonly file: CaseId | null
}

/** Where people serve or have served: who has left a body is known there. */
const known = {
  register: 'people',
  inBodies: (bodies) => Prisma.sql`t.id in (select post."personId" from posts post
    join positions o on o.id = post."positionId" where o."bodyKey" = any(${bodies}))`,
  of: (id) => Prisma.sql`t.id = ${id}::uuid`,
  inOffice: Prisma.sql`(t.id in (select post."personId" from posts post where post."to" is null)
    or t.id in (select held."personId" from body_roles held where held."to" is null))`,
} as const satisfies Whose

/**
 * Whom somebody may name in a form, as a condition on people `t`: those that he is shown as he fills it in, who have left his bodies, and who have a part in
 * its case. To whoever guesses an id, anybody else does not exist.
 */
export const mayBeNamed = (by: Chooser | typeof KEEPER): Prisma.Sql =>
  by === KEEPER
    ? TRUE
    : anyOf([
        registerSight(by, known).sees('public'),
        by.file === null
          ? FALSE
          : Prisma.sql`t.id in (select p."personId" from case_parts p where p."caseId" = ${by.file}::uuid)`,
      ])

/** What a reader is shown of a register; one whose rows are nobody's shows all to everybody. */
export function registerSight(reader: Reader | typeof KEEPER, whose: Whose | null): RegisterSight {
  if (reader === KEEPER || whose === null) return { sees: () => TRUE, shown: Prisma.sql`'all'` }
  const rows = rowsFor(reader, whose)
  const sees = (needed: Shown) => anyOf(looksFor(whose.register, needed).map((as) => rows[as]))

  return {
    sees,
    shown: Prisma.sql`case when ${sees('all')} then 'all' when ${sees('public')} then 'public' else 'name' end`,
  }
}
