/** What must hold after any fault, as pure questions to the rows of a case and to the book of what people were told. */
import { canonical } from '../../../prisma/store/canonical'
import type { Decision } from './decisions'

export interface Violation {
  readonly kind:
    | 'lost'
    | 'doubled'
    | 'orphaned'
    | 'effect of what was refused'
    | 'ownerless'
    | 'no outcome'
    | 'broken file'
    | 'disagrees'
    | 'shown to a stranger'
  readonly caseId: string | null
  readonly what: string
}

interface CommandRow {
  readonly id: string
  readonly caseId: string
  readonly taskId: string | null
  readonly kind: string
  readonly principal: string
  readonly key: string
  readonly state: string
  readonly contentId: string | null
}

/** Everything that the store holds of one case, and what Temporal says of its workflow. */
export interface CaseRows {
  readonly file: {
    readonly id: string
    readonly status: string
    readonly step: number
    readonly outcome: string | null
    /** cases and lists whose reply or end it waits for */
    readonly waitsFor: readonly string[]
  }
  readonly commands: readonly CommandRow[]
  readonly tasks: readonly {
    readonly id: string
    readonly state: string
    readonly personId: string | null
    readonly role: string | null
    readonly bodyKey: string | null
    readonly answerContentId: string | null
  }[]
  readonly events: readonly { readonly kind: string; readonly taskId: string | null; readonly params: unknown }[]
  readonly steps: readonly { readonly n: number }[]
  readonly contents: readonly { readonly id: string; readonly body: unknown }[]
  readonly chain: { readonly ok: true } | { readonly ok: false; readonly brokenAt: number }
  readonly workflow: {
    readonly status: string
    /** a timer is set, or the clock is held and stands before a moment that HR may let it run to */
    readonly alarm: boolean
    /** activities or workflow tasks that keep failing */
    readonly failing: readonly string[]
  }
}

const OPEN = ['created', 'ready', 'reserved', 'inProgress', 'completing', 'suspended']
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  complete: ['taskCompleted', 'questionAnswered'],
  return: ['taskReturned'],
}

/** What is wrong with a case, whoever did what to it. */
export function faultsOfCase(rows: CaseRows): Violation[] {
  const { file, commands, tasks, events, steps, chain, workflow } = rows
  const found: Violation[] = []
  const say = (kind: Violation['kind'], what: string) => found.push({ kind, caseId: file.id, what })
  const count = (kind: string) => events.filter((event) => event.kind === kind).length

  for (const { id, kind, state } of commands) if (state === 'stored') say('no outcome', `${kind} ${id}`)
  if (!chain.ok) say('broken file', `the chain of events is broken at ${chain.brokenAt}`)
  if (steps.map(({ n }) => n).join() !== Array.from({ length: file.step }, (_, i) => i + 1).join())
    say('broken file', `its steps are ${steps.map(({ n }) => n).join()}, not 1 to ${file.step}`)
  if (count('caseOpened') !== 1) say('doubled', `it was opened ${count('caseOpened')} times`)
  const ended = count('caseClosed') + count('caseRefused')
  if (ended !== (file.status === 'closed' ? 1 : 0)) say('broken file', `it is ${file.status} and ended ${ended} times`)

  for (const task of tasks) {
    for (const kind of ['taskOpened', 'taskCompleted', 'taskReturned', 'questionAsked', 'questionAnswered']) {
      const times = events.filter((event) => event.kind === kind && event.taskId === task.id).length
      if (times > 1) say('doubled', `${kind} ${times} times for task ${task.id}`)
    }
    if (task.state === 'completing') say('no outcome', `task ${task.id} waits for a command that has an outcome`)
    const owned = task.personId !== null || (task.role !== null && task.bodyKey !== null)
    if (OPEN.includes(task.state) && !owned) say('ownerless', `task ${task.id} is nobody’s`)
  }
  const answers = commands.filter(({ kind, state }) => kind in ANSWERS && state === 'done').length
  const answered = tasks.filter(({ state }) => state === 'completed').length
  if (answered !== answers) say('broken file', `${answers} answers were taken and ${answered} tasks are answered`)

  const open = tasks.filter(({ state }) => OPEN.includes(state))
  if (file.status === 'closed' && open.length > 0) say('broken file', `it is closed and has ${open.length} open tasks`)
  // whether that for which it waits gets on is looked at by reconcile
  if (file.status === 'open' && open.length === 0 && !workflow.alarm && file.waitsFor.length === 0)
    say('ownerless', 'no open task, no timer and no case that it waits for')
  const runs = file.status === 'open' ? 'RUNNING' : 'COMPLETED'
  if (workflow.status !== runs) say('disagrees', `it is ${file.status} and its workflow ${workflow.status}`)
  for (const each of workflow.failing) say('disagrees', `its workflow does not get on: ${each}`)

  return found
}

/** What is wrong with one decision, as its sender was told of it. `rows`: of its case, once there is one. */
export function faultsOfDecision(
  decision: Decision,
  commands: readonly CommandRow[],
  rows: CaseRows | undefined,
): Violation[] {
  const found: Violation[] = []
  const own = commands.filter(({ principal, key }) => principal === decision.person && key === decision.key)
  const [command] = own
  const caseId = decision.caseId ?? command?.caseId ?? null
  const say = (kind: Violation['kind'], what: string) =>
    found.push({ kind, caseId, what: `${decision.kind} ${decision.key} of ${decision.login}: ${what}` })
  if (own.length > 1) say('doubled', `stored ${own.length} times`)

  const traces = command && rows ? tracesOf(command, rows) : { tasks: 0, events: 0 }
  switch (decision.told) {
    case 'confirmed':
      if (decision.late) say('effect of what was refused', 'it came too late and was taken')
      if (!command) say('lost', 'confirmed, and not stored')
      else if (command.state !== 'done') say('lost', `confirmed, and ${command.state}`)
      else if (!rows) say('lost', 'confirmed, and its case is not there')
      else missing(decision, command, rows, traces, say)
      break
    case 'refused':
    case 'notStored':
      if (decision.told === 'notStored' && command)
        say('effect of what was refused', `told that nothing was stored; ${command.state}`)
      if (command?.state === 'done') say('effect of what was refused', 'refused, and done')
      if (traces.tasks + traces.events > 0) say('effect of what was refused', 'it is in the file')
      break
    case 'unknown':
    case 'underway':
      if (command && command.state !== 'stored') break
      if (command) say('no outcome', `its sender gave up after ${decision.attempts} attempts`)
  }

  return found
}

/** What a command has left in the file. */
function tracesOf({ kind, contentId, taskId }: CommandRow, { tasks, events }: CaseRows) {
  const of = (event: CaseRows['events'][number], name: string): unknown =>
    typeof event.params === 'object' && event.params !== null
      ? (event.params as Record<string, unknown>)[name]
      : undefined
  const byKind = events.filter((event) => {
    if (kind === 'act') return event.kind === 'actPerformed' && of(event, 'content') === contentId
    if (kind === 'start') return event.kind === 'caseOpened'

    return false
  })
  const answered = tasks.filter((task) => contentId !== null && task.answerContentId === contentId)
  const told = answered.flatMap(({ id }) =>
    events.filter((event) => event.taskId === id && (ANSWERS[kind] ?? []).includes(event.kind)),
  )
  const asked =
    kind === 'ask' ? events.filter((event) => event.kind === 'questionAsked' && of(event, 'of') === taskId) : []

  return { tasks: answered.length, events: byKind.length + told.length, asked: asked.length }
}

function missing(
  decision: Decision,
  command: CommandRow,
  rows: CaseRows,
  traces: { readonly tasks: number; readonly events: number; readonly asked?: number },
  say: (kind: Violation['kind'], what: string) => void,
): void {
  const once = (times: number, what: string) => {
    if (times === 0) say('lost', `confirmed, and ${what} is not there`)
    if (times > 1) say('doubled', `${what} is there ${times} times`)
  }
  if (decision.kind === 'complete' || decision.kind === 'return') {
    once(traces.tasks, 'the answered task')
    once(traces.events, 'its event')
  }
  // the clock of a rehearsal leaves only the step behind
  if (decision.kind === 'start' || (decision.kind === 'act' && decision.act !== 'advance'))
    once(traces.events, 'its event')
  if (decision.kind === 'act' && rows.file.step <= Number(decision.body['step']))
    say('lost', 'confirmed, and no step followed')
  if (decision.kind === 'ask') {
    const asked = rows.commands.filter(
      ({ kind, state, taskId }) => kind === 'ask' && state === 'done' && taskId === command.taskId,
    ).length
    if ((traces.asked ?? 0) < asked) say('lost', 'confirmed, and the question is not there')
    if ((traces.asked ?? 0) > asked) say('doubled', 'more questions were put than sent')
  }
  const content = rows.contents.find(({ id }) => id === command.contentId)
  if (!content) say('lost', 'what was written is not there')
  else if (canonical(content.body) !== canonical(contentOf(decision)))
    say('lost', 'what was written is not what is there')
}

/** The part of a request that is kept as content. */
function contentOf({ kind, body }: Decision): unknown {
  if (kind === 'return') return { remarks: body['remarks'] }
  if (kind === 'ask') return { person: body['person'], question: body['question'] }

  return body['form']
}

/** Numbers that were given twice, or left out, in one register of numbers. */
export function faultsOfNumbers(register: string, numbers: readonly string[], last: number): Violation[] {
  const found: Violation[] = []
  const seen = new Set<string>()
  for (const number of numbers) {
    if (seen.has(number)) found.push({ kind: 'doubled', caseId: null, what: `${register}: ${number} was given twice` })
    seen.add(number)
  }
  if (seen.size !== last)
    found.push({
      kind: 'broken file',
      caseId: null,
      what: `${register}: ${last} numbers were taken and ${seen.size} given`,
    })

  return found
}
