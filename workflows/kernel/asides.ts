/**
 * Tasks that the kernel itself asks for beside the story. They do not hold up its main line, but the case does not close while
 * one is open: a hold that nobody gave back, or a decision that stands on a wrong date, would otherwise be nobody's.
 */
import type { Addressee, Reason } from './contract'
import type { AskOptions, Closing, ProcessTypes } from './story'
import { Scope } from './strands'
import type { Underway } from './underway'
import type { AskWait, Outcome } from './waits'

type Kind = 'mendUndo'

interface Asking<P extends ProcessTypes> extends Underway<P> {
  ask(scope: Scope, kind: string, options: AskOptions & { readonly about: Reason }): Promise<Outcome>
}

export class Asides<P extends ProcessTypes> {
  /** beside the story: no act of it ends these tasks */
  private readonly scope = new Scope(null)

  constructor(private readonly underway: Asking<P>) {}

  /** An undo failed: somebody has to take back by hand what the system could not. */
  mend(effect: string, because: Reason): void {
    this.underway.draft.event('undoFailed', { effect, reason: because.code })
    this.ask('mendUndo', { code: 'undoFailed', params: { effect, reason: because.code } })
  }

  /** Does the task stay when the story ends so? */
  keeps(wait: AskWait, _ending: Closing): boolean {
    return wait.kind === 'mendUndo'
  }

  private ask(kind: Kind, about: Reason): void {
    const { input } = this.underway.state
    const of: Addressee = { role: 'hr', body: input.body }
    this.underway.strands.begin(
      () => this.underway.ask(this.scope, kind, { of, exclude: [input.subject], about }),
      () => undefined,
    )
  }
}
