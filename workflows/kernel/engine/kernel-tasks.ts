/**
 * Tasks that the kernel itself asks for beside the story. They do not hold up its main line, but the case does not close while
 * one is open: a hold that nobody gave back, or a decision that stands on a wrong date, would otherwise be nobody's.
 */
import type { Addressee, KernelTask, Reason, Closing, ProcessTypes, Role, TaskOptions } from '../contract'
import { Scope } from './strands'
import type { StepContext } from './step-context'
import type { AskWait, Outcome } from './waits'

type Kind = Exclude<KernelTask, 'answerQuestion'>

interface Asking<P extends ProcessTypes> extends StepContext<P> {
  ask(scope: Scope, kind: string, options: TaskOptions & { readonly about: Reason }): Promise<Outcome>
}

export class KernelTasks<P extends ProcessTypes> {
  /** beside the story: no act of it ends these tasks */
  private readonly scope = new Scope(null)

  constructor(private readonly step: Asking<P>) {}

  /** An undo failed: somebody has to take back by hand what the system could not. */
  mend(effect: string, because: Reason): void {
    this.step.draft.event('undoFailed', { effect, reason: because.code })
    this.ask('mendUndo', { code: 'undoFailed', params: { effect, reason: because.code } })
  }

  /** What was decided could not be done in a register: somebody has to do it by hand. */
  mendEffect(effect: string, because: Reason): void {
    this.step.draft.event('effectRefused', { effect, reason: because.code })
    this.ask('mendEffect', { code: 'effectRefused', params: { effect, reason: because.code } })
  }

  /** Does the task stay when the story ends so? */
  keeps(wait: AskWait, { by }: Closing): boolean {
    // what came to nothing needs no second look
    return wait.kind === 'mendUndo' || ((wait.kind === 'reconsider' || wait.kind === 'mendEffect') && by === 'story')
  }

  /** Asks HR, or whom it says; `heard` is told what came of it. */
  ask(
    kind: Kind,
    about: Reason,
    to: { readonly of?: Addressee<Role>; heard?(outcome: Outcome): void } = {},
  ): AskWait | null {
    const { body, subject } = this.step.state.stands
    const { of = { role: 'hr', body } } = to
    const exclude = subject === null ? [] : [subject]
    this.step.strands.begin(
      () => this.step.ask(this.scope, kind, { of, exclude, about }),
      (outcome) => to.heard?.(outcome),
    )

    return [...this.step.state.asks].at(-1) ?? null
  }
}
