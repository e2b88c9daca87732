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

  heard({ party, person, successor: holder }: Messages['partyLeft']): void {
    const { state, draft } = this.step
    const comesIn = state.contract.whenPostEnds?.[party]
    // the story is over, or it is somebody else's already
    if (state.ending || comesIn === undefined || !state.rulebook.left || this.holderOf(party) !== person) return
    const successor = comesIn === 'successor' && holder !== state.input.subject ? holder : null
    const rule: Parameters<NonNullable<typeof state.rulebook.left>>[2]['rule'] = (key) => state.ruleRow(key).value
    const { left } = state.rulebook
    // the contract names the part, and is held against its own names
    const change = (facts: P['facts']) => left(facts, { party: party as PartyOf<P['contract']>, successor }, { rule })
    this.step.note(change(state.facts))
    const next = this.holderOf(party)
    draft.event('partyLeft', { part: party, person, ...(next && { successor: next }) })
    this.movedDeadlines.changed(change)
    if (next) return
    const wait = this.kernelTasks.ask('nameSuccessor', { code: 'partyLeft', params: { part: party } })
    if (wait) this.asked.set(party, wait)
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

  private holderOf(party: string): PersonId | undefined {
    const { state } = this.step
    const parties: Readonly<Partial<Record<string, PersonId>>> = state.rulebook.parties(state.facts)

    return parties[party]
  }
}
