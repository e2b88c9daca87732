/**
 * Who has a part in the case by virtue of a post, and has left it. The contract says who comes in, the rules what follows; where nobody
 * does, HR is asked to name somebody, until the part is somebody's again.
 */
import type { PartyOf, PersonId, ProcessTypes } from '../contract'
import type { Messages } from '../protocol/messages'
import type { KernelTasks } from './kernel-tasks'
import type { MovedDeadlines } from './moved-deadlines'
import type { StepContext } from './step-context'
import type { AskWait } from './waits'

export class Departures<P extends ProcessTypes> {
  /** what HR was asked for each part that is nobody's */
  private readonly asked = new Map<string, AskWait>()

  constructor(
    private readonly step: StepContext<P>,
    private readonly kernelTasks: KernelTasks<P>,
    private readonly movedDeadlines: MovedDeadlines<P>,
  ) {}

  /** The post of whoever has the part has ended. */
  heard({ party, person, successor }: Messages['partyLeft']): void {
    const comesIn = this.step.state.contract.whenPostEnds?.[party]
    // it is somebody else's already
    if (comesIn === undefined || this.holderOf(party) !== person) return
    const change = this.changeTo(party, comesIn === 'successor' ? successor : null)
    if (!change) return
    this.step.note(change(this.step.state.facts))
    const next = this.holderOf(party)
    this.step.draft.event('partyLeft', { part: party, person, ...(next && { successor: next }) })
    this.movedDeadlines.changed(change)
    if (next) return
    const wait = this.kernelTasks.ask('nameSuccessor', { code: 'partyLeft', params: { part: party } })
    if (wait) this.asked.set(party, wait)
  }

  /** Somebody holds the position of whoever has left, while HR is still asked to name somebody. */
  heardSuccessor({ party, successor }: Messages['successorCame']): void {
    const { state, draft } = this.step
    const asked = this.asked.get(party)
    if (!asked || !state.asks.has(asked) || state.contract.whenPostEnds?.[party] !== 'successor') return
    const change = this.changeTo(party, successor)
    if (!change) return
    const facts = change(state.facts)
    const next = this.holderOf(party, facts)
    // the rules of the process do not take him
    if (!next) return
    draft.event('successorCame', { part: party, successor: next })
    this.step.note(facts)
    this.movedDeadlines.changed(change)
  }

  /** The change of facts by which a part is this person's, or, by the rules of the process, nobody's; null: the story is over, or has no rule. */
  private changeTo(party: string, person: PersonId | null): ((facts: P['facts']) => P['facts']) | null {
    const { state } = this.step
    const { left } = state.rulebook
    if (state.ending || !left) return null
    const successor = person === state.input.subject ? null : person
    const rule: Parameters<typeof left>[2]['rule'] = (key) => state.ruleRow(key).value

    // the contract names the part, and is held against its own names
    return (facts) => left(facts, { party: party as PartyOf<P['contract']>, successor }, { rule })
  }

  /** Facts have changed: a part that is somebody's again needs nobody to be named. */
  filled(): void {
    const { state, draft } = this.step
    for (const [party, wait] of this.asked) {
      if (!state.asks.has(wait)) this.asked.delete(party)
      else if (this.holderOf(party)) {
        this.asked.delete(party)
        this.step.finishAsk(wait, { id: wait.id, state: 'obsolete' })
        draft.event('taskWithdrawn', { kind: wait.kind, because: 'replaced' }, undefined, { task: wait.id })
      }
    }
  }

  private holderOf(party: string, facts = this.step.state.facts): PersonId | undefined {
    const parties: Readonly<Partial<Record<string, PersonId>>> = this.step.state.rulebook.parties(facts)

    return parties[party]
  }
}
