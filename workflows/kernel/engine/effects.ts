/** What a story asks the store, and what it does to registers and takes back. */
import { patched, uuid4 } from '@temporalio/workflow'
import type { CaseId, ContentId, EffectId, Fact, IsoDate, KeptList, ProcessTypes } from '../contract'
import type {
  Activities,
  Annul,
  DoOn,
  EffectOutcome,
  EffectRef,
  Hold,
  QuestionSet,
  QuestionsOf,
  TakeBack,
  TakeEffect,
} from '../protocol/activities'
import type { CaseState } from './case-state'
import type { KernelTasks } from './kernel-tasks'
import type { LinkedCases } from './linked-cases'
import type { StepContext } from './step-context'
import type { Scope } from './strands'
import { undoing, UNANSWERED, Undos, type Undo } from './undos'

export class Questions<P extends ProcessTypes> {
  constructor(
    private readonly state: CaseState<P>,
    private readonly activities: Activities,
  ) {}

  /** In a rehearsal questions are asked with its set. */
  private get set(): QuestionSet | undefined {
    const { rehearsal, body, setBody = body } = this.state.input

    return rehearsal === null ? undefined : { rehearsal, setBody }
  }

  /** A call by the name of any question is an activity of that name: which there are, the types of the process say. */
  private get questions(): QuestionsOf<P> {
    const named = this.activities as unknown as Readonly<
      Record<string, (...asked: readonly unknown[]) => Promise<unknown>>
    >
    const { set } = this
    const asked = (_: object, name: string) => (question: unknown) => named[name]?.(question, set)

    return (set ? new Proxy({}, { get: asked }) : named) as QuestionsOf<P>
  }

  async consult<T>(scope: Scope, question: (register: QuestionsOf<P>) => Promise<T>): Promise<T> {
    if (scope.over) throw scope.over

    return await question(this.questions)
  }

  /** Keeps the answer to a question in the store. */
  async keep(scope: Scope, name: string, question: unknown): Promise<KeptList> {
    if (scope.over) throw scope.over
    const id = uuid4() as ContentId
    const { set } = this
    const { hash, total } = await this.activities.keep({
      case: this.state.input.case,
      content: id,
      name,
      question,
      ...(set && { set }),
    })

    return { content: { id, hash }, field: 'rows', total }
  }
}

export class Effects<P extends ProcessTypes> {
  readonly undos: Undos

  constructor(
    private readonly step: StepContext<P>,
    private readonly activities: Activities,
    private readonly linkedCases: LinkedCases<P>,
    kernelTasks: KernelTasks<P>,
  ) {
    this.undos = new Undos(
      (effect, because) => kernelTasks.mend(effect, because),
      (effect, of) => this.noteEffect('effectUndone', effect, of),
    )
  }

  async attempt(
    scope: Scope,
    name: string,
    request: Fact,
    { undo, decision }: { readonly undo: boolean; readonly decision?: string },
  ): Promise<EffectOutcome> {
    if (scope.over) throw scope.over
    const { case: id } = this.step.state.input
    // its first step is not recorded yet, and with it the link, where a story annuls without asking anybody
    if (name === 'annul' && !this.linkedCases.annuls((request as unknown as Annul).case))
      return { taken: false, reason: { code: 'annul.notLinked' } }
    // cases opened before effects had ids knew only this one
    if (name === 'hold' && !patched('effects')) return this.holdAsBefore(scope, request as unknown as Hold, undo)
    const effect = { effect: uuid4() as EffectId, name }
    const back: Undo = {
      effect: name,
      run: () => undoing.undoEffect({ ...effect, case: id, on: this.step.state.today }),
    }
    // registered before the effect: one that succeeded but was never heard of is undone too
    if (undo) this.undos.keep(scope, back)
    const asked = this.asked(effect, request)
    const outcome = await this.activities.takeEffect(decision === undefined ? asked : { ...asked, decision })
    if (outcome.taken)
      this.noteEffect('effectTaken', name, name === 'annul' ? (request as unknown as Annul).case : undefined)
    if (outcome.taken && name === 'annul') this.tellUndone()
    // cases of the release before took back what was refused too
    if (undo && !outcome.taken && patched('refusedStaysRefused')) this.undos.forget(back)

    return outcome
  }

  private asked(effect: EffectRef, request: Fact): TakeEffect {
    const { case: id, rehearsal, body, setBody = body } = this.step.state.input

    return { ...effect, case: id, request, on: this.step.state.today, rehearsal, setBody }
  }

  private holdAsBefore(scope: Scope, hold: Hold, undo: boolean): Promise<EffectOutcome> {
    if (undo) this.undos.keep(scope, { effect: 'hold', run: () => undoing.release(hold) })

    return this.activities.hold(hold)
  }

  /** What a case did to a register stands in its file; that it is the only one of its kind does not. */
  private noteEffect(event: 'effectTaken' | 'effectUndone', effect: string, of?: CaseId): void {
    if (effect !== 'hold') this.step.draft.event(event, { effect, ...(of && { case: of }) })
  }

  /** HR and the Agency are told that what a case decided has no effect any more, or another one. */
  tellUndone(): void {
    const { body, agency } = this.step.state
    const { notices } = this.step.draft
    notices.push({ kind: 'resultUndone', to: { role: 'hr', body } })
    notices.push({ kind: 'resultUndone', to: { role: 'agency', body: agency } })
  }

  async compensate(scope: Scope, of: CaseId | undefined): Promise<void> {
    if (scope.over) throw scope.over
    if (of === undefined) return this.undos.run(scope)
    for (const { effect, name } of [...((await this.activities.effectsOf({ case: of })) ?? [])].reverse())
      await this.change(scope, { name, of }, 'takeBack', { effect } satisfies TakeBack)
  }

  /** Does what another case did for another day, in the order in which it was done. False: it has withdrawn the decision, and nothing is done. */
  async doOn(scope: Scope, of: CaseId, on: IsoDate, decision: string): Promise<boolean> {
    if (scope.over) throw scope.over
    const done = await this.activities.effectsOf({ case: of, decision })
    if (!done) return false
    for (const { effect, name } of done)
      await this.change(scope, { name, of }, 'doOn', { effect, on, decision } satisfies DoOn)
    this.tellUndone()

    return true
  }

  /** Changes what another case did, by an effect of this one. */
  private async change(
    scope: Scope,
    done: { readonly name: string; readonly of: CaseId },
    name: 'takeBack' | 'doOn',
    request: TakeBack | DoOn,
  ): Promise<void> {
    const { case: id } = this.step.state.input
    const effect = { effect: uuid4() as EffectId, name }
    const back: Undo = {
      effect: name,
      run: () => undoing.undoEffect({ ...effect, case: id, on: this.step.state.today }),
    }
    this.undos.keep(scope, back)
    const because = await this.undos.runOne({
      ...{ effect: done.name, of: done.of },
      run: () => undoing.takeEffect(this.asked(effect, request)),
    })
    // one that was never heard of may have been done
    if (because && because.code !== UNANSWERED && patched('refusedChangesStayRefused')) this.undos.forget(back)
  }
}
