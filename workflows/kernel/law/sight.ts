/**
 * Who sees what of a case: one answer for every list, page, document, event and notice. Pure but for the viewer's notes; `prisma/store/sight.ts` says the same in
 * SQL from the same tables, and a property test holds the two together.
 */
import {
  UNSERVED,
  type Actor,
  type BodyKey,
  type CaseId,
  type KernelRole,
  type LinkPart,
  type PersonId,
  type Piece,
  type Role,
  type Sees,
  type SeesTable,
  type Sights,
} from '../contract'
import { whyKept, type Keeps, type WhyKept } from './kept'
import { AGENCY, holdsRole } from './policy'

/** As what somebody looks; staff have an account of the service. */
export type ViewerKind = 'staff' | 'candidate' | 'citizen' | 'system'

/** Hears what of which case somebody is shown, and by which rows of its table: what the access log is written from. */
export interface Notes {
  readonly shown: (id: CaseId, rows: readonly string[], piece: Piece) => void
}

/** Who looks, and the tables by which he is answered. It is never stored or sent: an actor is. */
export interface Viewer {
  readonly actor: Actor
  readonly kind: ViewerKind
  /** the person for whom he looks; null: for himself */
  readonly onBehalfOf: PersonId | null
  readonly tables: readonly SeesTable[]
  /** null: it is only decided by what he sees, and nothing is shown */
  readonly notes: Notes | null
}

/** A person of today: whoever holds no role and no post is no staff any more. */
export const viewerOf = (actor: Actor, tables: readonly SeesTable[]): Viewer => ({
  actor,
  kind: actor.grants.length > 0 || (actor.posts ?? []).length > 0 ? 'staff' : 'citizen',
  onBehalfOf: null,
  tables,
  notes: null,
})

/** The same person where what he sees only decides what is read or done. */
export const deciding = (viewer: Viewer): Viewer => ({ ...viewer, notes: null })

/** What a case has to do with the viewer. */
export interface Mine {
  /** his parts in it that have not ended, `subject` among them */
  readonly parts: readonly string[]
  /** he holds a task of it, or may take one up */
  readonly holds: boolean
  /** what other cases in which he has a part and from which he is not excluded, or of which he has a task in hand, are to it */
  readonly linked: readonly LinkPart[]
  /** why it is kept from him, if it is: neither an office of his nor a link shows him anything of it */
  readonly kept: WhyKept | null
}

/** A case as far as it decides who sees what of it. */
export interface SeenCase {
  readonly id: CaseId
  readonly process: string
  readonly version: number
  readonly body: BodyKey
  readonly agency: BodyKey
  readonly subject: PersonId | null
  /** stages that it has reached, and `end` once it is closed */
  readonly reached: readonly string[]
  readonly mine: Mine
}

/** What a person sees of a case. */
export interface Sight {
  /** he finds it; to everybody else it does not exist */
  readonly finds: boolean
  /** rows of the table that fit him */
  readonly rows: readonly string[]
  /** Asked before the piece is shown: the viewer's notes hear of it. */
  sees(piece: Piece): boolean
}

/** The table by which a case is seen. */
export const tableOf = (
  tables: readonly SeesTable[],
  file: { readonly process: string; readonly version: number },
): Sees => tables.find(({ process, version }) => process === file.process && version === file.version)?.sees ?? UNSERVED

/** Roles that count whatever the body of the case is: who operates the product operates it everywhere. */
export const EVERYWHERE: readonly Role[] = ['developer', 'administrator'] satisfies KernelRole[]

/** Does an office of the viewer fit the row of a role? */
function holdsOffice({ grants }: Actor, role: Role, { body, agency }: Pick<SeenCase, 'body' | 'agency'>): boolean {
  if (EVERYWHERE.includes(role)) return grants.some((grant) => grant.role === role)
  if (role === 'agency') return holdsRole(grants, role, agency) || holdsRole(grants, role, AGENCY)

  return holdsRole(grants, role, body)
}

/**
 * The rows of the table that fit him. Nobody sees his own case by an office or a link; whoever is not named in a restricted one sees it by his
 * parts and tasks alone, and whoever is excluded only as the person it is about.
 */
function rowsFor({ actor }: Viewer, sees: Sees, file: SeenCase): string[] {
  const { mine } = file
  const fromOutside =
    file.subject === actor.person || mine.kept !== null
      ? []
      : [
          ...actor.grants.map(({ role }) => role).filter((role) => holdsOffice(actor, role, file)),
          ...mine.linked.map((part) => `linked:${part}`),
        ]
  const parts = mine.kept === 'excluded' ? mine.parts.filter((part) => part === 'subject') : mine.parts
  const rows = [...fromOutside, ...parts, ...(mine.holds ? ['holder'] : [])]

  return rows.filter((row) => row in sees)
}

const isOpened = (sights: Sights[number], reached: readonly string[]): boolean => {
  if (typeof sights === 'string') return true
  const { from, until } = sights

  return (from === undefined || reached.includes(from)) && (until === undefined || !reached.includes(until))
}

/** What a viewer sees of a case, whether or not he is shown it. */
interface Seen {
  /** rows of the table that fit him */
  readonly rows: readonly string[]
  readonly pieces: ReadonlySet<Piece>
}

function seenBy(viewer: Viewer, file: SeenCase): Seen {
  const table = tableOf(viewer.tables, file)
  const rows = [...new Set(rowsFor(viewer, table, file))]
  const pieces = new Set<Piece>()
  for (const row of rows)
    for (const sights of table[row] ?? [])
      if (isOpened(sights, file.reached))
        for (const piece of typeof sights === 'string' ? [sights] : sights.sees) pieces.add(piece)

  return { rows, pieces }
}

/** What is seen of a case that was read is asked for each line of a page many times, and worked out once for who looks. */
const workedOut = new WeakMap<
  SeenCase,
  { readonly actor: Actor; readonly tables: Viewer['tables']; readonly seen: Seen }
>()

function seenOnce(viewer: Viewer, file: SeenCase): Seen {
  const { actor, tables } = viewer
  const known = workedOut.get(file)
  if (known?.actor === actor && known.tables === tables) return known.seen
  const seen = seenBy(viewer, file)
  workedOut.set(file, { actor, tables, seen })

  return seen
}

const whole = (piece: Piece): Piece =>
  piece.startsWith('answer:') ? 'answers' : piece.startsWith('document:') ? 'documents' : piece
const NOTHING = () => false

/** What the viewer sees of the case now. */
export function sightOf(viewer: Viewer, file: SeenCase): Sight {
  const { rows, pieces } = seenOnce(viewer, file)
  if (pieces.size === 0) return { finds: false, rows, sees: NOTHING }

  return {
    finds: true,
    rows,
    sees: (piece) => {
      const shown = piece === 'exists' || pieces.has(piece) || pieces.has(whole(piece))
      if (shown) viewer.notes?.shown(file.id, rows, piece)

      return shown
    },
  }
}

/** An open task of a case, as far as it decides who holds it or may take it up. */
export interface SeenTask {
  /** it waits for somebody to take it up */
  readonly ready: boolean
  readonly role: Role | null
  readonly body: BodyKey | null
  readonly assignee: PersonId | null
  readonly excluded: readonly PersonId[]
}

/** Everything of a case that decides who sees what of it, whoever looks. */
export interface WatchedCase extends Omit<SeenCase, 'mine'>, Keeps {
  readonly parts: readonly { readonly person: PersonId; readonly part: string }[]
  /** who has a part in another case from which he is not excluded, and what that case is to this one */
  readonly linked: readonly { readonly person: PersonId; readonly part: LinkPart }[]
  /** open tasks of another case that somebody has in hand, and what that case is to this one */
  readonly linkedTasks: readonly (Omit<SeenTask, 'ready'> &
    Keeps & { readonly part: LinkPart; readonly subject: PersonId | null })[]
  readonly tasks: readonly SeenTask[]
}

/** What a case has to do with the viewer; `seenJson` of the store says the same of rows. */
export function mineOf({ actor }: Viewer, file: WatchedCase): Mine {
  const { person, grants, posts } = actor
  const kept = whyKept(person, file)
  const mayHold = (
    { role, body, excluded }: Omit<SeenTask, 'ready'>,
    of: Keeps & { readonly subject: PersonId | null },
  ) => {
    if (excluded.includes(person)) return false
    if (role === null) return body === null || (posts?.includes(body) ?? true)

    return of.subject !== person && whyKept(person, of) === null && body !== null && holdsRole(grants, role, body)
  }
  const holds = (task: SeenTask) =>
    (task.assignee === person || (task.ready && task.role !== null)) && mayHold(task, file)
  const own = <Part extends string>(all: readonly { readonly person: PersonId; readonly part: Part }[]): Part[] => [
    ...new Set(all.flatMap((each) => (each.person === person ? [each.part] : []))),
  ]

  const inHand = file.linkedTasks.flatMap((task) =>
    task.assignee === person && mayHold(task, task) ? [{ person, part: task.part }] : [],
  )

  return { parts: own(file.parts), holds: file.tasks.some(holds), linked: own([...file.linked, ...inHand]), kept }
}
