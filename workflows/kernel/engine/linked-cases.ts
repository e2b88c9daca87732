/**
 * What a case has to do with other cases: opens them, tells them, and hears what came of it. Nothing is sent from here: what a step
 * sends is stored with the step, and what comes back is a message like any other. So no answer of this case waits for another.
 */
import { uuid4 } from '@temporalio/workflow'
import type {
  BodyKey,
  CaseId,
  Closing,
  CommandId,
  Fact,
  LinkedEnd,
  ListId,
  ListOfStarts,
  OpenedKind,
  ProcessTypes,
  Reply,
} from '../contract'
import { handedOut, isAppealing } from '../contract'
import type { KernelActivities } from '../protocol/activities'
import type { AwaitEnd, CaseEnded, ListEnded, ReplyTo } from '../protocol/messages'
import type { CaseWait, StepSend } from '../protocol/step'
import type { Scope, Wait } from './strands'
import type { StepContext } from './step-context'
import { LinkedWait } from './waits'

/** Something this case sent to another, to wait for what came of it. */
export interface SentToCase {
  readonly command: CommandId
  readonly case: CaseId
}

/** Cases that this one opened by a list. */
export interface SentToList {
  readonly list: ListId
  readonly total: number
}

/** A case to be opened: its start form without free text, which says whom and what it is about. */
export interface StartOfCase {
  readonly form: Fact
  /** where it begins if its form names neither a position, nor a body, nor a case; absent: in the body of this one */
  readonly body?: BodyKey
}

const cameFrom = <K, T>(heard: ReadonlyMap<K, T>, of: K): { readonly came: T } | null => {
  const came = heard.get(of)

  return came === undefined ? null : { came }
}

export class LinkedCases<P extends ProcessTypes> {
  /** cases that this one opened, as long as it has not heard of their end */
  private readonly opened = new Map<CaseId, OpenedKind>()
  /** starts, and questions for an end: one that is refused is the end of its case */
  private readonly endIfRefused = new Map<CommandId, CaseId>()
  private readonly replies = new Map<CommandId, Reply>()
  private readonly ends = new Map<CaseId, LinkedEnd>()
  /** cases that wait for the end of this one */
  private readonly awaiting = new Set<CaseId>()
  /** lists of cases that are not all over, as far as this one has heard */
  private readonly lists = new Map<ListId, OpenedKind>()

  constructor(
    private readonly step: StepContext<P>,
    private readonly activities: Pick<KernelActivities, 'openEach'>,
  ) {}

  /** Is this a case that may annul the other? */
  annuls(of: CaseId): boolean {
    const { contract, input } = this.step.state

    return (isAppealing(contract) || contract.aboutCaseAs === 'annuls') && input.aboutCase === of
  }

  open(scope: Scope, as: string, { form, body }: StartOfCase): SentToCase {
    if (scope.over) throw scope.over
    const kind = this.kindOf(as)
    const sent = { command: uuid4() as CommandId, case: uuid4() as CaseId }
    this.opened.set(sent.case, kind)
    this.endIfRefused.set(sent.command, sent.case)
    this.send({ ...sent, kind: 'start', as, process: kind.process, form, body: body ?? this.step.state.body })
    this.step.draft.event('linkedCaseOpened', { opens: as, case: sent.case })

    return sent
  }

  tell(scope: Scope, to: CaseId, act: string, form: Fact): SentToCase {
    if (scope.over) throw scope.over

    return this.sendAct(to, act, form)
  }

  private sendAct(to: CaseId, act: string, form: Fact): SentToCase {
    const sent = { command: uuid4() as CommandId, case: to }
    this.send({ ...sent, kind: 'act', act, form })
    this.step.draft.event('linkedCaseTold', { act, case: to })

    return sent
  }

  private kindOf(as: string): OpenedKind {
    const kind = this.step.state.contract.opens?.[as]
    if (!kind) throw new Error(`${this.step.state.contract.name} does not say that it opens ${as}`)

    return kind
  }

  async openEach(scope: Scope, as: string, starts: ListOfStarts): Promise<SentToList> {
    if (scope.over) throw scope.over
    const kind = this.kindOf(as)
    const { input, clock, body } = this.step.state
    const list = uuid4() as ListId
    this.lists.set(list, kind)
    const { rehearsal, case: id, setBody = input.body } = input
    const { total } = await this.activities.openEach({
      ...starts,
      body: starts.body ?? body,
      list,
      case: id,
      clock,
      rehearsal,
      setBody,
      as,
      process: kind.process,
    })
    // of none there is no last
    if (total === 0) this.lists.delete(list)
    this.step.draft.event('linkedCasesOpened', { opens: as, total })

    return { list, total }
  }

  tellEach(scope: Scope, list: ListId, act: string, form: Fact): void {
    if (scope.over) throw scope.over
    this.sendEach(list, act, form)
  }

  private sendEach(list: ListId, act: string, form: Fact): void {
    this.send({ kind: 'actEach', command: uuid4() as CommandId, case: this.step.state.input.case, list, act, form })
    this.step.draft.event('linkedCaseTold', { act, list })
  }

  allEnded(scope: Scope, list: ListId): Promise<void> {
    return this.waitFor(scope, list, { list, for: 'list' }, () => (this.lists.has(list) ? null : { came: undefined }))
  }

  heardListEnd({ list }: ListEnded): void {
    this.lists.delete(list)
    this.step.draft.event('linkedCasesEnded', { list })
    this.wake(list)
  }

  private send(send: StepSend): void {
    this.step.draft.sends.push(send)
    this.step.draft.changed = true
  }

  reply(scope: Scope, { command, case: of }: SentToCase): Promise<Reply> {
    return this.waitFor(scope, command, { case: of, for: 'reply' }, () => cameFrom(this.replies, command))
  }

  ended(scope: Scope, of: CaseId): Promise<LinkedEnd> {
    if (!scope.over) this.askEnd(of)

    return this.waitFor(scope, of, { case: of, for: 'end' }, () => cameFrom(this.ends, of))
  }

  /** A case that this one opened tells its end without being asked; any other is asked once. */
  private askEnd(of: CaseId): void {
    if (this.ends.has(of) || this.opened.has(of) || [...this.endIfRefused.values()].includes(of)) return
    const command = uuid4() as CommandId
    this.endIfRefused.set(command, of)
    this.send({ kind: 'awaitEnd', command, case: of })
  }

  heardAwaitingEnd({ actor }: AwaitEnd): void {
    this.awaiting.add(actor.case)
  }

  /** Waits until something has come, if it has not. */
  private waitFor<T>(
    scope: Scope,
    of: LinkedWait['of'],
    said: CaseWait,
    known: () => { readonly came: T } | null,
  ): Promise<T> {
    if (scope.over) return Promise.reject(scope.over)
    const before = known()
    if (before) return Promise.resolve(before.came)

    return new Promise((resolve, reject) => {
      const heard = (): void => {
        const now = known()
        if (now) resolve(now.came)
      }
      const wait = new LinkedWait(of, said, heard, reject)
      this.step.state.linkedWaits.add(wait)
      this.step.draft.changed = true
      this.step.strands.park(wait, scope)
    })
  }

  /** Nobody waits for it any more: its part of the story is over. */
  withdrawn(wait: Wait): void {
    for (const each of this.step.state.linkedWaits) if (each === wait) this.step.state.linkedWaits.delete(each)
  }

  /** Hears what came of something that was sent. Whoever no longer waits for it is not woken: the file says it all the same. */
  heardReply({ from, of, reply }: ReplyTo): void {
    this.replies.set(of, reply)
    if (reply.result === 'refused')
      this.step.draft.event('linkedCaseRefused', { case: from, reason: reply.reason.code })
    else this.step.draft.event('linkedCaseReplied', { case: from, result: reply.result })
    this.wake(of)
    if (reply.result === 'refused' && this.endIfRefused.has(of))
      this.end(from, { end: 'refused', basis: reply.reason, on: this.step.state.today, facts: null })
  }

  heardEnd({ case: from, end, basis, on, facts, annulled }: CaseEnded): void {
    this.step.draft.event('linkedCaseEnded', { case: from, end, basis: basis.code })
    this.end(from, { end, basis, on, facts, ...(annulled && { annulled }) })
  }

  private end(from: CaseId, ended: LinkedEnd): void {
    this.opened.delete(from)
    this.ends.set(from, ended)
    this.wake(from)
  }

  /** What is about this has come. */
  private wake(of: LinkedWait['of']): void {
    for (const wait of this.step.state.linkedWaits) {
      if (wait.of !== of) continue
      this.step.state.linkedWaits.delete(wait)
      if (this.step.strands.resume(wait)) wait.resolve()
    }
  }

  /**
   * The case is over: what it opened is cancelled or told where its contract says so, and whoever opened it, or waits for its end, hears
   * how it ended.
   */
  close({ by, end, basis }: Closing): void {
    const { contract, input, refusedAtStart, today } = this.step.state
    const cancelled = by === 'kernel' && end === 'cancelled'
    if (cancelled)
      for (const [id, kind] of this.opened)
        if (kind.whenCancelled === 'cancel') this.sendAct(id, 'cancel', {})
        else if (kind.whenCancelled) this.sendAct(id, kind.whenCancelled.tell, {})
    if (cancelled)
      for (const [list, { whenCancelled }] of this.lists)
        if (whenCancelled) this.sendEach(list, whenCancelled === 'cancel' ? 'cancel' : whenCancelled.tell, {})
    this.step.state.linkedWaits.clear()
    const { openedBy } = input
    // a case that did not begin is told of by the outcome of its start
    if (openedBy && !refusedAtStart) {
      const { case: opener, list } = openedBy
      if (list) this.send({ kind: 'overInList', command: uuid4() as CommandId, case: opener, list })
      else this.awaiting.add(opener)
    }
    const ended = { end, basis, on: today, facts: handedOut(contract, this.step.state.facts) }
    for (const each of this.awaiting) this.send({ kind: 'caseEnded', command: uuid4() as CommandId, case: each, ended })
  }
}
