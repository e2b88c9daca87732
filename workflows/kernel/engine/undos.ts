/** What the story attempted in the world, and taking it back. */
import { ActivityFailure, CancellationScope, proxyActivities } from '@temporalio/workflow'
import type { EarlierEffects, EffectActivities, EffectOutcome } from '../protocol/activities'
import type { CaseId, Reason } from '../contract'
import type { Scope } from './strands'

/** An undo is tried for about half a minute; then a person has to see to it, and the case does not wait longer. */
export const undoing = proxyActivities<
  Pick<EffectActivities, 'undoEffect' | 'takeEffect'> & Pick<EarlierEffects, 'release'>
>({
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '4 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds', maximumAttempts: 10 },
})

/** Why something could not be taken back of which nobody heard what it came to. */
export const UNANSWERED = 'undoUnanswered'

/** How something is taken back. */
export interface Undo {
  /** what could not be taken back, should it fail: words `effects.<name>` */
  readonly effect: string
  /** the other case that did it; absent: this one did */
  readonly of?: CaseId
  readonly run: () => Promise<EffectOutcome>
}

export class Undos {
  private readonly kept: (Undo & { readonly scope: Scope })[] = []

  /** `failed` hears of every undo that did not take back what it should; `undone` of every other. */
  constructor(
    private readonly failed: (effect: string, because: Reason) => void,
    private readonly undone: (effect: string, of: CaseId | undefined) => void,
  ) {}

  keep(scope: Scope, undo: Undo): void {
    this.kept.push({ scope, ...undo })
  }

  /** What was attempted was refused: there is nothing to take back. */
  forget({ run }: Undo): void {
    const at = this.kept.findIndex((each) => each.run === run)
    if (at >= 0) this.kept.splice(at, 1)
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
      await this.runOne(undo)
    }
  }

  /** Answers why it could not be done; null: it was. */
  async runOne({ effect, of, run }: Undo): Promise<Reason | null> {
    const because = await this.refusalOf(run)
    if (because) this.failed(effect, because)
    else this.undone(effect, of)

    return because
  }

  private async refusalOf(run: Undo['run']): Promise<Reason | null> {
    try {
      const undone = await CancellationScope.nonCancellable(run)

      return undone.taken ? null : undone.reason
    } catch (error) {
      if (error instanceof ActivityFailure) return { code: UNANSWERED }
      throw error
    }
  }
}
