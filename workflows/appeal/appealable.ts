/** What may be appealed, and the rows of the register that say how. A decision of another process is a line here, its rows and their words. */
import type { RuleKind } from '../kernel/contract'

/** Decisions by process, each with the kinds of task in which whoever answered decided first: he does not hear the appeal. */
export const APPEALABLE = {
  probation: {
    dismissalAct: ['mentorOpinion', 'reviewProbation', 'decideExtension', 'decideDismissal', 'agreeDismissal'],
  },
  appeal: { ruling: ['prepare', 'voteOnAppeal', 'castVote', 'writeRuling', 'decideAppeal', 'decideAnew'] },
} as const

/** What the register says of the appeal of each. */
const ROWS = {
  /** the Agency hears it; otherwise the superior body, and the Agency where there is none */
  byAgency: 'yesNo',
  /** whoever hears it may cancel and change the decision; otherwise only uphold it, or return it to be considered anew */
  mayAnnul: 'yesNo',
  /** the decision is not carried out while it is heard */
  suspends: 'yesNo',
  /** a commission hears it; otherwise one official */
  commission: 'yesNo',
  /** of the commission */
  quorum: { from: 1, to: 15 },
  /** the ruling may be appealed in its turn */
  furtherAppeal: 'yesNo',
} as const satisfies Readonly<Record<string, RuleKind>>

type Appealable = typeof APPEALABLE
/** `probation.dismissalAct` */
export type Appealed = { [P in keyof Appealable]: `${P}.${keyof Appealable[P] & string}` }[keyof Appealable]
type Row = keyof typeof ROWS
type RuleName = `appeal.${Appealed}.${Row}`

/** The key of a row of what is appealed. */
export const rowOf = (appealed: Appealed, row: Row): RuleName => `appeal.${appealed}.${row}`

const isAppealed = (name: string): name is Appealed => ALL.some((each) => each === name)
const ALL = Object.entries(APPEALABLE).flatMap(([process, documents]) =>
  Object.keys(documents).map((document) => `${process}.${document}`),
)

/** The decision of a process, if it may be appealed. */
export function appealedOf(process: string, document: string): Appealed | null {
  const name = `${process}.${document}`

  return isAppealed(name) ? name : null
}

/** In which tasks whoever answered decided first. */
export function decidedIn(appealed: Appealed): readonly string[] {
  switch (appealed) {
    case 'probation.dismissalAct':
      return APPEALABLE.probation.dismissalAct
    case 'appeal.ruling':
      return APPEALABLE.appeal.ruling
  }
}

/** Every row, as the contract names it. */
export function rulesOf(): Readonly<Record<RuleName, RuleKind>> {
  const names = ALL.filter(isAppealed).flatMap((appealed) =>
    rowNames.map((row): [RuleName, RuleKind] => [rowOf(appealed, row), ROWS[row]]),
  )

  return Object.fromEntries(names) as Record<RuleName, RuleKind>
}
const rowNames = Object.keys(ROWS) as Row[]
