/** What must hold of annulments once all is settled: one of a case at a time, by the case that was told so; the others know that they lost. */
import type { Violation } from './checks'

export interface AnnulmentRows {
  readonly effects: readonly {
    readonly id: string
    readonly caseId: string
    /** the case whose result it annuls */
    readonly of: string
    readonly state: string
    /** why it was refused */
    readonly reason: string | null
    /** it has no answer */
    readonly unanswered: boolean
  }[]
  readonly annulments: readonly { readonly caseId: string; readonly byId: string; readonly effectId: string }[]
  /** effects of other cases that a case took back; `stood`: it found them standing */
  readonly takenBack: readonly {
    readonly caseId: string
    readonly of: string
    readonly state: string
    readonly stood: boolean
  }[]
  /** all effects: whose they are, and who took them back */
  readonly states: ReadonlyMap<
    string,
    { readonly caseId: string; readonly state: string; readonly undoneBy: string | null }
  >
  /** the cases that annul */
  readonly cases: readonly {
    readonly id: string
    readonly status: string
    readonly outcome: string | null
    readonly reason: string | null
    /** tasks by which HR takes back by hand what could not be */
    readonly mendings: number
    /** how often its file says that it annulled */
    readonly told: number
  }[]
}

type Say = (kind: Violation['kind'], caseId: string | null, what: string) => void

/** What is wrong with annulments, and with what was taken back with them. */
export function faultsOfAnnulments(rows: AnnulmentRows): Violation[] {
  const found: Violation[] = []
  const say: Say = (kind, caseId, what) => void found.push({ kind, caseId, what })
  oneStands(rows, say)
  annullersKnow(rows, say)
  takenBackOnce(rows, say)

  return found
}

/** Each annulment is of one effect that stands, and each such effect has one. */
function oneStands({ effects, annulments }: AnnulmentRows, say: Say): void {
  const byCase = new Map<string, string[]>()
  for (const { caseId, effectId } of annulments) byCase.set(caseId, [...(byCase.get(caseId) ?? []), effectId])
  const standing = new Map<string, AnnulmentRows['effects'][number]>()
  for (const effect of effects) {
    if (effect.unanswered) say('no outcome', effect.caseId, `effect ${effect.id}`)
    if (effect.state !== 'taken') continue
    const other = standing.get(effect.of)
    if (other) say('doubled', effect.of, `annulled by ${other.caseId} and by ${effect.caseId}`)
    standing.set(effect.of, effect)
    if (!byCase.get(effect.of)?.includes(effect.id))
      say('lost', effect.caseId, `it annulled ${effect.of}, which is not`)
  }
  for (const [caseId, ids] of byCase) if (ids.length > 1) say('doubled', caseId, `annulled ${ids.length} times`)
  for (const { caseId, byId, effectId } of annulments) {
    const effect = effects.find(({ id }) => id === effectId)
    if (effect?.state !== 'taken') say('orphaned', caseId, `annulled by ${effectId}, which does not stand`)
    else if (effect.caseId !== byId)
      say('disagrees', caseId, `annulled by ${byId}, and the effect is of ${effect.caseId}`)
  }
}

/** Who annulled goes on, and gives it back when it is cancelled; who was refused ends with the reason. */
function annullersKnow({ effects, cases }: AnnulmentRows, say: Say): void {
  const byId = new Map(cases.map((each) => [each.id, each]))
  for (const { caseId, of, state, reason } of effects) {
    const file = byId.get(caseId)
    if (!file) {
      say('orphaned', caseId, `it annuls ${of}, and there is no such case`)
      continue
    }
    const { status, outcome, told } = file
    if (state === 'refused') {
      if (told > 0)
        say('effect of what was refused', caseId, `it was refused to annul ${of}, and its file says that it did`)
      if (status !== 'closed' || outcome !== 'upheld' || file.reason !== reason)
        say(
          'no outcome',
          caseId,
          `it was refused to annul ${of} (${reason ?? ''}), and ended ${outcome ?? 'not'}, ${file.reason ?? ''}`,
        )
      continue
    }
    if (told !== 1) say(told > 1 ? 'doubled' : 'lost', caseId, `its file says ${told} times that it annulled ${of}`)
    if (outcome === 'upheld') say('disagrees', caseId, `it annulled ${of}, and ended as if it had not`)
    if (outcome === 'cancelled' && state === 'taken' && file.mendings === 0)
      say('orphaned', caseId, `it was cancelled, and ${of} is annulled by it`)
  }
}

/** What a case took back is taken back while that stands, and by nobody else's hand. */
function takenBackOnce({ takenBack, states }: AnnulmentRows, say: Say): void {
  const standing = new Set<string>()
  for (const { caseId, of, state, stood } of takenBack) {
    if (state !== 'taken' || !stood) continue
    if (standing.has(of)) say('doubled', caseId, `effect ${of} was taken back twice`)
    standing.add(of)
    if (states.get(of)?.state !== 'undone') say('lost', caseId, `it took back ${of}, which stands`)
  }
  for (const [id, { caseId, state, undoneBy }] of states)
    if (state === 'undone' && undoneBy !== null && undoneBy !== caseId && !standing.has(id))
      say('orphaned', caseId, `effect ${id} was taken back by ${undoneBy}, which does not say so`)
}
