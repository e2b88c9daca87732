/** Who sees what, in SQL: the same tables as `workflows/kernel/law/sight.ts` reads, as conditions on cases `c`. */
import {
  LINK_PARTS,
  ROLES,
  SEEN_AS,
  UNSERVED,
  type Piece,
  type Role,
  type Sees,
  type Sights,
} from '../../workflows/kernel/contract'
import { AGENCY } from '../../workflows/kernel/law/policy'
import { EVERYWHERE, type Viewer } from '../../workflows/kernel/law/sight'
import { allOf, anyOf, FALSE, OPEN_TASK, TRUE } from './conditions'
import { Prisma } from './db'
import { isExcluded, isKeptFromNot, mayByOffice, whyKeptSql } from './kept'

/** What lists are filtered and ordered by. */
type Asked = 'exists' | 'course' | 'identity'

const brings = (piece: Piece, of: Asked): boolean => of === 'exists' || piece === of

/** When the sights of a row bring the piece: always, never, or once and while the case has come so far. */
function whenSeen(sights: Sights, piece: Asked): Prisma.Sql {
  return anyOf(
    sights.map((each) => {
      if (typeof each === 'string') return brings(each, piece) ? TRUE : FALSE
      if (!each.sees.some((seen) => brings(seen, piece))) return FALSE

      return allOf([
        each.from === undefined ? TRUE : Prisma.sql`c.reached @> array[${each.from}::text]`,
        each.until === undefined ? TRUE : Prisma.sql`not c.reached @> array[${each.until}::text]`,
      ])
    }),
  )
}

type Tables = Viewer['tables']
/** What the tables say of a row is put into SQL once: it is the same whoever looks. */
const written = new WeakMap<Tables, Map<string, Prisma.Sql>>()

/** Of which cases a row of the tables brings the piece, whoever it fits. */
function rowSeen({ tables }: Viewer, row: string, piece: Asked): Prisma.Sql {
  const ofTables = written.get(tables) ?? new Map<string, Prisma.Sql>()
  written.set(tables, ofTables)
  const key = `${piece} ${row}`
  const condition = ofTables.get(key) ?? rowSql(tables, row, piece)
  ofTables.set(key, condition)

  return condition
}

function rowSql(tables: Tables, row: string, piece: Asked): Prisma.Sql {
  const of = (sees: Sees) => whenSeen(sees[row] ?? [], piece)
  const served = tables.map(({ process, version, sees }) => ({
    is: Prisma.sql`(c.process = ${process} and c.version = ${version})`,
    when: of(sees),
  }))
  const otherwise = of(UNSERVED)
  const all = [...served.map(({ when }) => when), otherwise]
  if (all.every((when) => when === TRUE)) return TRUE
  if (all.every((when) => when === FALSE)) return FALSE
  const unserved =
    served.length === 0
      ? TRUE
      : Prisma.sql`not (${Prisma.join(
          served.map(({ is }) => is),
          ' or ',
        )})`

  return anyOf([...served.map(({ is, when }) => allOf([when, is])), allOf([otherwise, unserved])])
}

const me = ({ actor: { person } }: Viewer) => Prisma.sql`${person}::uuid`
/** It is not about the viewer: nobody sees his own case by an office or a link. */
const ofAnother = (viewer: Viewer): Prisma.Sql => Prisma.sql`c."subjectId" is distinct from ${me(viewer)}`
/** It is not kept from the viewer: his offices and links count. */
const notKept = ({ actor: { person } }: Viewer): Prisma.Sql => isKeptFromNot('c', person)

/** Roles in the body of the case, with the bodies in which the viewer holds each. */
function bodiesByRole({ actor: { grants } }: Viewer): Map<Role, string[]> {
  const found = new Map<Role, string[]>()
  for (const { role, body } of grants) found.set(role, [...(found.get(role) ?? []), body])

  return found
}

function officesSee(viewer: Viewer, piece: Asked): Prisma.Sql[] {
  return [...bodiesByRole(viewer)].map(([role, bodies]) => {
    const everywhere = EVERYWHERE.includes(role) || (role === 'agency' && bodies.includes(AGENCY))
    const column = Prisma.raw(role === 'agency' ? 'c."agencyKey"' : 'c."bodyKey"')

    return allOf([
      rowSeen(viewer, role, piece),
      everywhere ? TRUE : Prisma.sql`${column} = any(${bodies}::text[])`,
      ofAnother(viewer),
      notKept(viewer),
    ])
  })
}

/** Names of parties in any of the tables, and of roles that processes add, which nobody has as a part. */
const partsIn = ({ tables }: Viewer): string[] => {
  const others: readonly string[] = [...ROLES, ...SEEN_AS]

  return [
    ...new Set(
      tables
        .flatMap(({ sees }) => Object.keys(sees))
        .filter((row) => !others.includes(row) && !row.startsWith('linked:')),
    ),
  ]
}

/** Cases in which the viewer has one of these parts; they are few, and found by their ids. */
const hasPart = (viewer: Viewer, parts: readonly string[]): Prisma.Sql =>
  Prisma.sql`c.id = any(array(select p."caseId" from case_parts p
    where p."personId" = ${me(viewer)} and p."to" is null and p.part = any(${[...parts]}::text[])))`

function partsSee(viewer: Viewer, piece: Asked): Prisma.Sql[] {
  // parts of which the tables say the same are asked for together
  const alike = new Map<string, { readonly when: Prisma.Sql; readonly parts: string[] }>()
  for (const part of partsIn(viewer)) {
    const when = rowSeen(viewer, part, piece)
    const key = JSON.stringify([when.text, when.values])
    const found = alike.get(key)
    if (found) found.parts.push(part)
    else if (when !== FALSE) alike.set(key, { when, parts: [part] })
  }

  return [
    allOf([rowSeen(viewer, 'subject', piece), Prisma.sql`c."subjectId" = ${me(viewer)}`]),
    // most people have few parts or none: asked first, that spares the rest
    ...[...alike.values()].map(({ when, parts }) =>
      allOf([hasPart(viewer, parts), Prisma.sql`not ${isExcluded('c', me(viewer))}`, when]),
    ),
  ]
}

/** The task `t` is open and in the viewer's hands. */
const inHandSql = (viewer: Viewer, ofOffice: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(t."assigneeId" = ${me(viewer)} and t.state in ${OPEN_TASK} and ${mayHold(viewer)} and (t.role is null or ${ofOffice}))`

/** The viewer has the part `p` now, in a case from which he is not excluded. */
const isTakingPart = (viewer: Viewer): Prisma.Sql => Prisma.sql`(p."personId" = ${me(viewer)} and p."to" is null
  and not exists (select from cases c where c.id = p."caseId" and ${isExcluded('c', me(viewer))}))`

/** Cases in which the viewer has a part, or a task in hand: what they are linked to concerns him. */
const concerning = (viewer: Viewer): Prisma.Sql => Prisma.sql`
  select p."caseId" from case_parts p where ${isTakingPart(viewer)}
  union select t."caseId" from tasks t where ${inHandSql(viewer, heldByOffice(viewer))}`

function linkedSee(viewer: Viewer, piece: Asked): Prisma.Sql[] {
  return Object.entries(LINK_PARTS).flatMap(([kind, { from, to }]) =>
    (
      [
        [from, 'toId', 'fromId'],
        [to, 'fromId', 'toId'],
      ] as const
    ).map(([part, its, others]) => {
      const when = rowSeen(viewer, `linked:${part}`, piece)
      if (when === FALSE) return FALSE

      return allOf([
        when,
        Prisma.sql`c.id = any(array(select l.${Prisma.raw(`"${its}"`)} from (${concerning(viewer)}) his join case_links l
          on l.${Prisma.raw(`"${others}"`)} = his."caseId" and l.kind = ${kind}))`,
        ofAnother(viewer),
        notKept(viewer),
      ])
    }),
  )
}

/** The pairs of role and body that the viewer holds, of those roles, as rows for `in`: one text, however many they are. */
const pairs = (viewer: Viewer, among: (role: Role) => boolean): Prisma.Sql | null => {
  const held = viewer.actor.grants.filter(({ role }) => among(role))

  return held.length === 0
    ? null
    : Prisma.sql`select * from unnest(${held.map(({ role }) => role)}::text[], ${held.map(({ body }) => body)}::text[])`
}
/** Of a task `t`: the viewer is not excluded; it is of a role that he may do by an office, or he is named by virtue of a post and has one in that body. */
const mayHold = (viewer: Viewer): Prisma.Sql => {
  const inPost =
    viewer.actor.posts === undefined
      ? TRUE
      : Prisma.sql`(t."bodyKey" is null or t."bodyKey" = any(${[...viewer.actor.posts]}::text[]))`

  return Prisma.sql`not (${viewer.actor.person}::text = any(t.excluded))
    and case when t.role is null then ${inPost} else ${mayByOffice('t', me(viewer))} end`
}
const heldByOffice = (viewer: Viewer): Prisma.Sql => {
  const all = pairs(viewer, () => true)

  return all ? Prisma.sql`(t.role, t."bodyKey") in (${all})` : FALSE
}

/** Cases of which the viewer holds a task, or may take one up; `isHis`: it is known of each that he does. */
function holderSees(viewer: Viewer, piece: Asked, isHis: boolean): Prisma.Sql[] {
  const when = rowSeen(viewer, 'holder', piece)
  if (when === FALSE) return []
  if (isHis) return [when]
  const inHand = Prisma.sql`c.id = any(array(select t."caseId" from tasks t where ${inHandSql(viewer, heldByOffice(viewer))}))`
  // a role that sees every case of its body need not be asked for its tasks in them, which may be many
  const covers = (role: Role) => rowSeen(viewer, role, piece) === TRUE
  const elsewhere = pairs(viewer, covers)
  const uncovered = pairs(viewer, (role) => !covers(role))
  const byOffice = [
    elsewhere && Prisma.sql`t.elsewhere and (t.role, t."bodyKey") in (${elsewhere})`,
    uncovered && Prisma.sql`(t.role, t."bodyKey") in (${uncovered})`,
  ].flatMap((each) => (each ? [each] : []))

  return [
    allOf([when, inHand]),
    ...byOffice.map((each) =>
      allOf([
        when,
        Prisma.sql`c.id = any(array(select t."caseId" from tasks t where t.state = 'ready' and ${each} and ${mayHold(viewer)}))`,
      ]),
    ),
  ]
}

/** `sightOf(...).sees(piece)` as a condition on cases `c`: whether the viewer finds it, sees its course, or the name of whom it is about. */
export const seesSql = (viewer: Viewer, piece: Asked = 'exists', isHis = false): Prisma.Sql =>
  anyOf([
    ...officesSee(viewer, piece),
    ...partsSee(viewer, piece),
    ...holderSees(viewer, piece, isHis),
    ...linkedSee(viewer, piece),
  ])

/**
 * The same of cases of tasks that are in the viewer's own queues: each is in his hands or his to take up, so that his other tasks
 * need not be looked through for each line.
 */
export const seesOfHisTasksSql = (viewer: Viewer, piece: Asked): Prisma.Sql => seesSql(viewer, piece, true)

/** A list of texts that is empty for whoever has no part in any case, which is asked once for all rows: most people have none. */
const ifAnyPart = (viewer: Viewer, list: Prisma.Sql): Prisma.Sql => Prisma.sql`case when (
    select exists (select 1 from case_parts p where p."personId" = ${me(viewer)} and p."to" is null)) then ${list} else '{}' end`

/** What the cases at one end of the links of the case `c` are to it, in which the viewer has a part or a task in hand; null where no table asks. */
function linkedAt(viewer: Viewer, end: 'from' | 'to'): Prisma.Sql | null {
  const kinds = Object.entries(LINK_PARTS).filter(([, parts]) =>
    viewer.tables.some(({ sees }) => `linked:${parts[end]}` in sees),
  )
  if (kinds.length === 0) return null
  const [its, others] = end === 'from' ? ['"toId"', '"fromId"'] : ['"fromId"', '"toId"']
  const parts = kinds.map(([, each]) => each[end])

  return Prisma.sql`select (${parts}::text[])[array_position(${kinds.map(([kind]) => kind)}::text[], l.kind)] as part
    from case_links l where l.${Prisma.raw(its)} = c.id and l.kind = any(${kinds.map(([kind]) => kind)}::text[]) and (exists (
      select 1 from case_parts p where p."caseId" = l.${Prisma.raw(others)} and ${isTakingPart(viewer)})
      or exists (select 1 from tasks t where t."caseId" = l.${Prisma.raw(others)} and ${inHandSql(viewer, isOfOffice(viewer))}))`
}

function linkedSql(viewer: Viewer): Prisma.Sql {
  const ends = (['from', 'to'] as const).flatMap((end) => linkedAt(viewer, end) ?? [])
  if (ends.length === 0) return Prisma.sql`'{}'::text[]`

  // asked once for all rows: most people are concerned by no other case
  return Prisma.sql`case when (select exists (${concerning(viewer)}))
    then array(select distinct part from (${Prisma.join(ends, ' union all ')}) linked order by part) else '{}' end`
}

/** `heldByOffice` of a task that is at hand: an array is asked without a plan of its own, which each row of a page would run. */
const isOfOffice = ({ actor: { grants } }: Viewer): Prisma.Sql =>
  grants.length === 0
    ? FALSE
    : Prisma.sql`(t.role || ' ' || t."bodyKey") = any(${grants.map(({ role, body }) => `${role} ${body}`)}::text[])`

/** The viewer holds the task `t` of the case `c`, or may take it up. */
const holdsTask = (viewer: Viewer): Prisma.Sql => Prisma.sql`(${inHandSql(viewer, isOfOffice(viewer))}
  or (t.state = 'ready' and ${mayHold(viewer)} and ${isOfOffice(viewer)}))`

/** `Mine` of the case `c`, as JSON: what it has to do with the viewer. */
const mineSql = (viewer: Viewer, ofTask: boolean): Prisma.Sql => {
  const holdsOne = Prisma.sql`exists (select 1 from tasks t where t."caseId" = c.id and ${holdsTask(viewer)})`

  return Prisma.sql`json_build_object(
    'parts', ${ifAnyPart(viewer, Prisma.sql`array(select p.part from case_parts p where p."caseId" = c.id and p."personId" = ${me(viewer)} and p."to" is null order by p.part)`)},
    'holds', ${ofTask ? Prisma.sql`${holdsTask(viewer)} is true or ${holdsOne}` : holdsOne},
    'linked', ${linkedSql(viewer)},
    'kept', ${whyKeptSql('c', viewer.actor.person)})`
}

/** A `SeenCase` of the case `c`. */
const seen = (
  viewer: Viewer,
  ofTask: boolean,
): Prisma.Sql => Prisma.sql`json_build_object('id', c.id, 'process', c.process, 'version', c.version,
    'body', c."bodyKey", 'agency', c."agencyKey", 'subject', c."subjectId", 'reached', c.reached,
    'mine', ${mineSql(viewer, ofTask)})`

/** A `SeenCase` of the case `c`: what decides how much of it the viewer sees. */
export const seenJson = (viewer: Viewer): Prisma.Sql => seen(viewer, false)
/** The same of the case of a task `t`: where the viewer holds that one, the others of its case are not looked through. */
export const seenOfTaskJson = (viewer: Viewer): Prisma.Sql => seen(viewer, true)
