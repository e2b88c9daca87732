/** What the story attempted in the world, and taking it back. */
import { ActivityFailure, CancellationScope, proxyActivities } from '@temporalio/workflow'
import type { EffectOutcome, Effects } from '../protocol/activities'
import type { Reason } from '../contract'
import type { Scope } from './strands'

/** Something done in the world that may be refused. */
export type Effect = (effects: Effects) => Promise<EffectOutcome>

/** An undo is tried for about half a minute; then a person has to see to it, and the case does not wait longer. */
const undoing = proxyActivities<Effects>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '4 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds', maximumAttempts: 10 },
})

interface Undo {
  readonly scope: Scope
  /** what could not be taken back, should it fail: words `effects.<name>` */
  readonly effect: string
  readonly run: Effect
}

export class Undos {
  private readonly kept: Undo[] = []

  /** `failed` hears of every undo that did not take back what it should. */
  constructor(private readonly failed: (effect: string, because: Reason) => void) {}

  keep(scope: Scope, effect: string, run: Effect): void {
    this.kept.push({ scope, effect, run })
  }

  /** Was anything attempted within this part of the story? */
  has(part: Scope): boolean {
    return this.kept.some(({ scope }) => scope.within(part))
  }

  /** Takes back, last first, what was attempted within a part; each once, whatever came of it. */
  async run(part: Scope): Promise<void> {
    for (let i = this.kept.length - 1; i >= 0; i -= 1) {
      const undo = this.kept[i]
      if (!undo?.scope.within(part)) continue
      this.kept.splice(i, 1)
      const because = await this.refusalOf(undo)
      if (because) this.failed(undo.effect, because)
    }
  }

  private async refusalOf({ run }: Undo): Promise<Reason | null> {
    try {
      const undone = await CancellationScope.nonCancellable(() => run(undoing))

      return undone.taken ? null : undone.reason
    } catch (error) {
      if (error instanceof ActivityFailure) return { code: 'undoUnanswered' }
      throw error
    }
  }
}
