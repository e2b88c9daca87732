/** What the register says of who may do the tasks of a case: nobody may, somebody else is asked; somebody may again. */
import type { Addressee, Role, ProcessTypes } from '../contract'
import { sameAddressee } from '../law/policy'
import type { Messages } from '../protocol/messages'
import { nameHeads } from './access'
import type { StepContext } from './step-context'

const isSame = (a: Addressee<Role> | null, b: Addressee<Role> | null): boolean =>
  a === null || b === null ? a === b : sameAddressee(a, b)

/** Writes into the file what is new, and addresses each task to who is asked now. The step notes that a task has moved. */
export function hearWhoMay<P extends ProcessTypes>(
  step: Pick<StepContext<P>, 'state' | 'draft'>,
  { tasks, body }: Messages['eligible'],
): void {
  const { state, draft } = step
  // found before the case was handed over: the register is asked again
  if (body !== undefined && body !== state.body) return
  for (const { task, by, heads = [] } of tasks) {
    const wait = state.askById(task)
    // it is over, or its answer has come
    if (!wait || state.taken.has(task)) continue
    nameHeads(step, heads)
    const own = wait.own()
    const before = wait.standsIn
    if (by !== null && sameAddressee(by, own)) {
      if (before === null) continue
      wait.standIn = null
      draft.event('eligibleAgain', { kind: wait.kind, for: own }, undefined, { task })
    } else if (!before || !isSame(before.by, by)) {
      wait.standIn = { for: own, by }
      if (by === null) draft.event('nobodyAnywhere', { kind: wait.kind, for: own }, undefined, { task })
      else draft.event('nobodyEligible', { kind: wait.kind, for: own, asked: by }, undefined, { task })
    }
  }
}
