/** Probation as the API knows it: its contract and forms, and what its forms start with. */
import type { Fact } from '../../kernel/contract'
import { aboutServant, defineProcess, type EarlierAnswer } from '../../kernel/process'
import { contract } from './contract'
import { forms } from './forms'
import { answerErrors, offers } from './rules'
import type { Probation, ProbationFacts } from './rules'

type Values = Readonly<Record<string, unknown>>

const latest = (given: readonly EarlierAnswer[], kind: string): Values | null =>
  given.filter((answer) => answer.kind === kind).at(-1)?.answer ?? null

/** The goals of the agreed plan, numbered, so that each is judged by itself. */
function numberedGoals(given: readonly EarlierAnswer[]): Values {
  const goals = latest(given, 'draftAdaptationPlan')?.['goals']

  return Array.isArray(goals)
    ? { goals: goals.map((goal: { goal?: unknown }, i) => ({ number: i + 1, goal: goal.goal })) }
    : {}
}

function prefill(kind: string, given: readonly EarlierAnswer[], facts: Fact): Values {
  const known = facts as unknown as ProbationFacts
  switch (kind) {
    case 'draftAdaptationPlan':
      return latest(given, 'draftAdaptationPlan') ?? {}
    case 'interimCheck':
      return numberedGoals(given)
    case 'reviewProbation':
      return latest(given, 'reviewProbation') ?? numberedGoals(given)
    case 'moveToOtherPost':
      return known.supervisor ? { supervisor: known.supervisor } : {}
    default:
      return {}
  }
}

/** Absences as they stand, each with the document that was named with it last; they are numbered in the order of recording. */
function itemsOf(_list: string, facts: Fact, acts: readonly EarlierAnswer[]): readonly Values[] {
  const { absences } = facts as unknown as ProbationFacts
  const recorded = acts.filter(({ kind }) => kind === 'recordAbsence')

  return absences.map((absence, i) => {
    const said = acts.findLast(({ kind, answer }) => kind === 'correctAbsence' && answer['absence'] === i + 1)

    return { ...absence, document: (said ?? recorded[i])?.answer['document'] ?? null }
  })
}

export const process = defineProcess<Probation>({
  contract,
  forms,
  aboutOf: aboutServant,
  check: answerErrors,
  offers,
  prefill,
  itemsOf,
})
