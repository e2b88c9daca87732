/**
 * Who sees what, read off the table by its meaning and from plain facts that a test tells. It shares nothing with `sightOf` and its
 * SQL: what the two say of the same case is compared.
 */
import type { Sees } from '../../workflows/kernel/contract'

/** Somebody as a test tells of him: which roles he holds today, in which bodies. */
export interface ToldPerson {
  readonly id: string
  readonly roles: readonly { readonly role: string; readonly body: string }[]
}

/** A case as a test tells of it. */
export interface ToldCase {
  readonly table: Sees
  readonly body: string
  /** the body of the Agency competent for it */
  readonly agency: string
  readonly subject: string | null
  /** stages in which it has been */
  readonly stages: readonly string[]
  readonly closed: boolean
  readonly parts: readonly { readonly part: string; readonly person: string; readonly ended: boolean }[]
  /** who holds a task of it, or may take one up */
  readonly holders: readonly string[]
  /** what other cases are to it, with the people who have a part in them now */
  readonly linked: readonly { readonly part: string; readonly people: readonly string[] }[]
  /** people excluded from it */
  readonly excluded: readonly string[]
  /** the people whom it names, if it is restricted to them */
  readonly named: readonly string[] | null
}

/** Whoever operates the product operates it everywhere. */
const OPERATORS = ['developer', 'administrator']
const OFFICES = ['hr', 'head', 'agency', 'records', ...OPERATORS]
const CENTRAL = 'civilServiceAgency'

const isOfficeIn = ({ roles }: ToldPerson, office: string, { body, agency }: ToldCase): boolean =>
  roles.some((held) => {
    if (held.role !== office) return false
    if (OPERATORS.includes(office)) return true
    if (office === 'agency') return held.body === agency || held.body === CENTRAL

    return held.body === body
  })

function fits(row: string, person: ToldPerson, file: ToldCase): boolean {
  if (row === 'subject') return file.subject === person.id
  if (row === 'holder') return file.holders.includes(person.id)
  const isOutside = file.excluded.includes(person.id) || (file.named !== null && !file.named.includes(person.id))
  if (row.startsWith('linked:'))
    return (
      !isOutside &&
      file.subject !== person.id &&
      file.linked.some((other) => `linked:${other.part}` === row && other.people.includes(person.id))
    )
  if (OFFICES.includes(row)) return !isOutside && file.subject !== person.id && isOfficeIn(person, row, file)

  if (file.excluded.includes(person.id)) return false

  return file.parts.some(({ part, person: who, ended }) => part === row && who === person.id && !ended)
}

/** The pieces that the table gives the person of the case now, as the table names them. */
export function piecesOf(person: ToldPerson, file: ToldCase): ReadonlySet<string> {
  const given = new Set<string>()
  const hasCome = (stage: string) => (stage === 'end' ? file.closed : file.stages.includes(stage))
  for (const [row, entries] of Object.entries(file.table)) {
    if (!fits(row, person, file)) continue
    for (const entry of entries) {
      if (typeof entry === 'string') given.add(entry)
      else if ((!entry.from || hasCome(entry.from)) && !(entry.until && hasCome(entry.until)))
        for (const piece of entry.sees) given.add(piece)
    }
  }

  return given
}

/** Is the piece among them: by itself, or as one of all answers or documents? Every piece tells that there is the case. */
export function isAmong(pieces: ReadonlySet<string>, piece: string): boolean {
  if (piece === 'exists') return pieces.size > 0

  return (
    pieces.has(piece) ||
    (piece.startsWith('answer:') && pieces.has('answers')) ||
    (piece.startsWith('document:') && pieces.has('documents'))
  )
}
