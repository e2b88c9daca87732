/** What happens to the decisions of a case: they are taken, delivered, amended and withdrawn. */
import type { Fact, IsoDate, ProcessTypes } from '../contract'
import { standingDecision } from '../law/decisions'
import type { WithdrawalRecord } from '../protocol/step'
import type { CaseDecision } from './case-state'
import type { StepContext } from './step-context'

export class Decisions<P extends ProcessTypes> {
  constructor(private readonly step: StepContext<P>) {}

  decide(kind: string, effectiveFrom: () => IsoDate, facts: Fact): void {
    const { state, draft } = this.step
    // before anything is written: a date outside the calendar refuses all of it
    const from = effectiveFrom()
    const document = draft.order(kind, facts)
    const madeOn = state.today
    state.decisions.push({ document, kind, madeOn, effectiveFrom, deliveredOn: null, amendments: [] })
    draft.event('decisionMade', { document: kind, effectiveFrom: from })
  }

  /** A decision that was withdrawn is delivered to nobody. */
  deliver(kind: string): void {
    const { state, draft } = this.step
    const told = state.decisions
      .filter(({ withdrawn }) => !withdrawn)
      .flatMap((decision) => [decision, ...decision.amendments])
      .findLast((each) => each.kind === kind && each.deliveredOn === null)
    if (!told) throw new Error(`no decision ${kind} waits for its delivery`)
    told.deliveredOn = state.today
    draft.event('decisionDelivered', { document: kind })
  }

  /** `effectiveFrom`: null leaves the day from which the decision has effect as it was. */
  amend(amendment: string, effectiveFrom: (() => IsoDate) | null, facts: Fact): void {
    const { state, draft } = this.step
    const amends = state.contract.decisions?.[amendment]?.amends ?? amendment
    const decision = this.standing(amends)
    const from = (effectiveFrom ?? decision.effectiveFrom)()
    const document = draft.order(amendment, facts)
    if (effectiveFrom) {
      const before = decision.effectiveFrom()
      if (from !== before) decision.firstEffectiveFrom ??= before
      decision.effectiveFrom = effectiveFrom
    }
    decision.amendments.push({ document, kind: amendment, on: state.today, deliveredOn: null })
    draft.event('decisionAmended', { document: amendment, amends, effectiveFrom: from })
  }

  withdraw(kind: string, ground: string, by: Pick<WithdrawalRecord, 'by' | 'capacity'> = {}): void {
    const { state, draft } = this.step
    const decision = this.standing(kind)
    const { by: actor, ...capacity } = by
    // it has no effect: the day that it named moves no more
    const day = decision.effectiveFrom()
    decision.effectiveFrom = () => day
    decision.withdrawn = { on: state.today, ground, ...by }
    draft.event('decisionWithdrawn', { document: kind, withdrawnFor: ground }, undefined, {
      ...(actor && { actor }),
      ...capacity,
    })
  }

  /** A decision has effect from another day: an appeal said so, or suspended it until then. */
  move(document: string, to: IsoDate): void {
    const { state, draft } = this.step
    const decision = state.decisions.find((each) => each.document === document)
    const before = decision?.effectiveFrom()
    if (!decision || before === undefined || before === to) return
    decision.firstEffectiveFrom ??= before
    decision.effectiveFrom = () => to
    draft.event('decisionMoved', { document: decision.kind, effectiveFrom: to })
  }

  /** The last decision of a kind that was not withdrawn; throws where there is none. */
  standing(kind: string): CaseDecision {
    const decision = standingDecision(this.step.state.decisions, kind)
    if (!decision) throw new Error(`no decision ${kind} stands`)

    return decision
  }
}
