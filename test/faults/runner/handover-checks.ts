/** What must hold of cases that were handed over, once all is settled: the case, its tasks and its rights are the new body's, and once. */
import type { Violation } from './checks'

export interface HandoverRows {
  readonly cases: readonly {
    readonly id: string
    readonly body: string
    /** the bodies to which it belonged, in order */
    readonly former: readonly string[]
  }[]
  /** what the files say, in order */
  readonly handed: readonly { readonly caseId: string; readonly from: string; readonly to: string }[]
  /** acts by which people handed over, in the order in which they were stored */
  readonly commands: readonly {
    readonly id: string
    readonly caseId: string
    readonly to: string
    readonly state: string
    readonly receivedAt: number
  }[]
  /** open tasks of a role of the body, as the story asked them: nobody is asked instead */
  readonly tasks: readonly { readonly id: string; readonly caseId: string; readonly body: string }[]
  /** answers of those who hold a role in the body */
  readonly answers: readonly {
    readonly caseId: string
    readonly taskId: string
    readonly receivedAt: number
    /** bodies in which whoever answered has the role */
    readonly bodies: readonly string[]
  }[]
  /** what the product lets those who hold the role of an open task do with it */
  readonly rights: readonly {
    readonly caseId: string
    readonly taskId: string
    readonly body: string
    readonly may: boolean
  }[]
}

type Say = (kind: Violation['kind'], caseId: string | null, what: string) => void

/** What is wrong with handovers. */
export function faultsOfHandovers(rows: HandoverRows): Violation[] {
  const found: Violation[] = []
  const say: Say = (kind, caseId, what) => void found.push({ kind, caseId, what })
  for (const file of rows.cases) oneCase(file, rows, say)
  const known = new Set(rows.cases.map(({ id }) => id))
  for (const { caseId, to } of rows.handed)
    if (!known.has(caseId)) say('orphaned', caseId, `handed over to ${to}, and no case`)

  return found
}

function oneCase(file: HandoverRows['cases'][number], rows: HandoverRows, say: Say): void {
  const { id, body, former } = file
  const of = <T extends { readonly caseId: string }>(all: readonly T[]): T[] =>
    all.filter(({ caseId }) => caseId === id)
  const [handed, commands] = [of(rows.handed), of(rows.commands)]
  const done = commands.filter(({ state }) => state === 'done')
  for (const { id: command, state } of commands) if (state === 'stored') say('no outcome', id, `handover ${command}`)

  const [asked, told] = [done.map(({ to }) => to).join(' → '), handed.map(({ to }) => to).join(' → ')]
  if (handed.length < done.length) say('lost', id, `handed over by ${asked}, and its file says ${told || 'nothing'}`)
  else if (handed.length > done.length)
    say('doubled', id, `handed over by ${asked || 'nobody'}, and its file says ${told}`)
  else if (asked !== told) say('disagrees', id, `handed over by ${asked}, and its file says ${told}`)
  for (const [n, { from }] of handed.slice(1).entries())
    if (handed[n]?.to !== from)
      say('broken file', id, `it was in ${handed[n]?.to ?? ''}, and was handed over from ${from}`)
  const last = handed.at(-1)
  if (last && last.to !== body) say('disagrees', id, `it was handed over to ${last.to}, and is in ${body}`)
  if (former.join() !== handed.map(({ from }) => from).join())
    say('disagrees', id, `it was in ${former.join()}, and its file says ${handed.map(({ from }) => from).join()}`)

  for (const task of of(rows.tasks))
    if (task.body !== body) say('disagrees', id, `task ${task.id} is open in ${task.body}, and the case in ${body}`)
  const begun = handed[0]?.from ?? body
  for (const { taskId, receivedAt, bodies } of of(rows.answers)) {
    const then = done.findLast((each) => each.receivedAt <= receivedAt)?.to ?? begun
    if (!bodies.includes(then))
      say('effect of what was refused', id, `task ${taskId} was answered from ${bodies.join()} while it was in ${then}`)
  }
  for (const { taskId, body: where, may } of of(rows.rights)) {
    if (where === body && !may) say('lost', id, `nobody of ${where} may do task ${taskId}, which is there`)
    if (where !== body && may)
      say('effect of what was refused', id, `${where} may do task ${taskId}, which is in ${body}`)
  }
}
