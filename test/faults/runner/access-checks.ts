/** What must hold of cases that were restricted while things failed: who is named is what the file says, and nobody else finds them. */
import type { Violation } from './checks'

const CHANGES = ['caseRestricted', 'accessGranted', 'accessRevoked', 'restrictionLifted', 'headNamed'] as const
export const ACCESS_ACTS = ['restrict', 'grant', 'revokeAccess', 'lift'] as const

export interface AccessRows {
  readonly cases: readonly {
    readonly id: string
    /** null: it is not restricted */
    readonly named: readonly string[] | null
  }[]
  /** what the files say, in order */
  readonly changes: readonly {
    readonly caseId: string
    readonly kind: (typeof CHANGES)[number]
    readonly people: readonly string[]
  }[]
  /** acts by which people changed access */
  readonly commands: readonly { readonly caseId: string; readonly state: string }[]
  /** where somebody with an office in the body of the case, and no part in it, found it */
  readonly looks: readonly { readonly caseId: string; readonly person: string; readonly found: readonly string[] }[]
}
export const ACCESS_CHANGES: readonly string[] = CHANGES

/** How often cases were restricted, and how often somebody was kept from one. */
export interface AccessCount {
  readonly changes: number
  readonly kept: number
}
export const countOfAccess = (rows: AccessRows): AccessCount => ({
  changes: rows.changes.length,
  kept: rows.looks.filter((look) => isKept(rows, look)).length,
})

/** What is wrong with who is named, and with who finds what. */
export function faultsOfAccess(rows: AccessRows): Violation[] {
  const found: Violation[] = []
  for (const { id: caseId, named } of rows.cases) {
    const say = (kind: Violation['kind'], what: string) => found.push({ kind, caseId, what })
    const changes = rows.changes.filter((change) => change.caseId === caseId)
    const said = changes.reduce<readonly string[] | null>(after, null)
    if (listed(said) !== listed(named))
      say('disagrees', `${listed(named)} are named, and its file says ${listed(said)}`)
    const ofPeople = changes.filter(({ kind }) => kind !== 'headNamed').length
    const done = rows.commands.filter((each) => each.caseId === caseId && each.state === 'done').length
    if (ofPeople < done) say('lost', `access was changed ${done} times, and ${ofPeople} times in its file`)
    if (ofPeople > done) say('doubled', `access was changed ${done} times, and ${ofPeople} times in its file`)
  }
  for (const look of rows.looks) {
    const { caseId, person, found: where } = look
    if (isKept(rows, look) && where.length > 0)
      found.push({ kind: 'shown to a stranger', caseId, what: `${person} finds it by ${where.join(', ')}` })
    if (!isKept(rows, look) && where.length === 0)
      found.push({ kind: 'lost', caseId, what: `${person} has an office in it, and does not find it` })
  }

  return found
}

function isKept({ cases }: AccessRows, { caseId, person }: AccessRows['looks'][number]): boolean {
  const named = cases.find(({ id }) => id === caseId)?.named ?? null

  return named !== null && !named.includes(person)
}

function after(named: readonly string[] | null, { kind, people }: AccessRows['changes'][number]) {
  switch (kind) {
    case 'caseRestricted':
      return people
    case 'accessGranted':
    case 'headNamed':
      return [...(named ?? []), ...people]
    case 'accessRevoked':
      return (named ?? []).filter((each) => !people.includes(each))
    case 'restrictionLifted':
      return null
  }
}

const listed = (people: readonly string[] | null): string => (people === null ? 'all' : [...people].sort().join(' '))
