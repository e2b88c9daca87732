/** The two pages a person works on: a task with its form, and a case with all that may be done about it. */
import { peopleByIds } from '../prisma/store/accounts'
import { clocksOf, contentsByIds, termNames, type CaseRow } from '../prisma/store/cases'
import { commandOfTask } from '../prisma/store/commands'
import { answeredTasks, draftOf, type OneTask, type TaskRow } from '../prisma/store/inbox'
import { isUnverified, type BodyKey } from '../workflows/kernel/contract'
import type { Actor } from '../workflows/kernel/messages'
import { mayComplete, mayPerform } from '../workflows/kernel/policy'
import type { Given } from '../workflows/kernel/process'
import { commissionsOf } from './commissions'
import { isRehearsalAct, actForm, actKinds, isSealed, REPLACE_MEMBER, schemaOf, taskForm } from './forms'
import { caseToday, caseView, policyTask, seesCase, seesTask, taskView } from './present'
import type { Service } from './service'
import type { ActView, AnswerView, CaseDetail, QuestionView, TaskDetail } from './views'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (content: Record<string, unknown> | undefined, field: string): string | null => {
  const text = content?.[field]

  return typeof text === 'string' ? text : null
}

interface Answer {
  readonly row: TaskRow
  readonly content: Record<string, unknown>
}

/** Every answer and question of a case with its content. */
async function answersOf({ db }: Service, caseId: string): Promise<Answer[]> {
  const rows = await answeredTasks(db, caseId)
  const contents = await contentsByIds(
    db,
    rows.flatMap((row) => [row.answerContentId, row.contentId].filter((id) => id !== null)),
  )

  return rows.map((row) => ({
    row,
    content: {
      ...(isRecord(row.answer) ? row.answer : {}),
      ...contents.get(row.answerContentId ?? ''),
      ...(row.questionOf ? { question: textOf(contents.get(row.contentId ?? ''), 'question') } : {}),
    },
  }))
}

const completed = (answers: readonly Answer[]): Answer[] => answers.filter(({ row }) => row.state === 'completed')

/** What forms are filled in from: answers, but not the times a task was sent back without one. */
const givenBy = (answers: readonly Answer[]): Given[] =>
  answers
    .filter(({ content }) => content['returned'] !== true)
    .map(({ row, content }) => ({ kind: row.kind, answer: content }))

const answerView = ({ row, content }: Answer): AnswerView => ({
  taskId: row.id,
  kind: row.kind,
  by: row.answerer,
  on: row.answeredOn ?? row.openedOn,
  answer: content,
})

const questionView = ({ row, content }: Answer): QuestionView => ({
  taskId: row.id,
  to: row.addressee ?? row.subject,
  question: textOf(content, 'question') ?? '',
  askedOn: row.openedOn,
  answer: textOf(content, 'answer'),
  answeredOn: row.answeredOn,
})

export async function taskDetail(service: Service, actor: Actor, row: OneTask): Promise<TaskDetail> {
  const { db, processes, now } = service
  const process = processes.of(row.process, row.formVersion)
  const form = taskForm(process, row.kind)
  const { content: open } = seesTask(actor, row)
  const [answers, draft, command, contents] = await Promise.all([
    answersOf(service, row.caseId),
    open ? draftOf(db, row.id, actor.person) : null,
    row.state === 'completing' ? commandOfTask(db, row.id) : null,
    contentsByIds(db, row.contentId ? [row.contentId] : []),
  ])
  const given = completed(answers).filter((answer) => answer.row.id !== row.id)
  const shown = process?.contract.tasks[row.kind]?.shows ?? []
  const told = contents.get(row.contentId ?? '')
  const prefilled = () =>
    process?.contract.tasks[row.kind] ? process.prefill(row.kind, givenBy(given), row.facts) : {}
  const own = answers.find((answer) => answer.row.id === row.id)
  const verdict = mayComplete(actor, policyTask(row))

  return {
    ...taskView(actor, row, processes, now()),
    form: form ? schemaOf(form) : {},
    initial: open ? (row.state === 'completed' ? (own?.content ?? {}) : (draft?.body ?? prefilled())) : {},
    draftSavedAt: draft?.updatedAt.toISOString() ?? null,
    shows: open ? given.filter((answer) => shown.includes(answer.row.kind)).map(answerView) : [],
    questions: open ? answers.filter((answer) => answer.row.questionOf === row.id).map(questionView) : [],
    remarks: open ? (textOf(told, 'remarks') ?? textOf(told, 'question')) : null,
    refusal: verdict.may ? null : verdict.reason,
    command,
    sealed: isSealed(process, row.kind) && row.answerContentId === null,
  }
}

/** Acts that the actor may perform on the case now. */
async function actsOf(service: Service, actor: Actor, row: CaseRow): Promise<ActView[]> {
  const process = service.processes.of(row.process, row.version)
  if (!process || row.status !== 'open') return []
  const file = { body: row.body.key as BodyKey, subject: row.subject.id as Actor['person'] }
  const allowed = Object.entries(actKinds(process)).filter(
    ([act, kind]) => mayDo(actor, act, kind, row, file) && (!kind.during || kind.during.includes(row.stage)),
  )
  const given = allowed.length > 0 ? givenBy(completed(await answersOf(service, row.id))) : []

  return allowed.flatMap(([act, kind]) => {
    const form = actForm(process, act)
    const initial = isRehearsalAct(act) || act === REPLACE_MEMBER ? {} : { ...process.prefill(act, given, row.facts) }

    return form ? [{ act, form: schemaOf(form), initial, turn: kind.turn === true }] : []
  })
}

const mayDo = (
  actor: Actor,
  act: string,
  kind: Parameters<typeof mayPerform>[1],
  row: CaseRow,
  file: Parameters<typeof mayPerform>[2],
): boolean => {
  if (act === REPLACE_MEMBER && !row.commissions.some(({ state }) => state === 'asking')) return false
  if (!isRehearsalAct(act)) return mayPerform(actor, kind, file).may

  return row.rehearsal !== null && mayAdvance(actor, kind, file)
}

/** The clock of a rehearsal moves for those who may start a case there, and for developers of any body. */
export const mayAdvance = (
  actor: Actor,
  kind: Parameters<typeof mayPerform>[1],
  file: Parameters<typeof mayPerform>[2],
): boolean => mayPerform(actor, kind, file).may || actor.grants.some((grant) => grant.role === 'developer')

export async function caseDetail(service: Service, actor: Actor, row: CaseRow): Promise<CaseDetail> {
  const { db } = service
  const { content } = seesCase(actor, row)
  const terms = row.law.terms ?? []
  const rules = row.law.rules ?? []
  const [clocks, acts, people, commissions, names] = await Promise.all([
    clocksOf(db, row.id),
    actsOf(service, actor, row),
    peopleByIds(db, Object.values(row.parties)),
    commissionsOf(service, row, content),
    termNames(
      db,
      terms.map((term) => term.id),
    ),
  ])

  return {
    ...caseView(row, service.processes),
    step: row.step,
    today: caseToday(row.clock, service.now()),
    clocks,
    acts: content ? acts : acts.filter(({ act }) => isRehearsalAct(act)),
    commissions,
    parties: Object.entries(row.parties).flatMap(([part, id]) => {
      const person = people.get(id)

      return person ? [{ part, person }] : []
    }),
    terms: terms.map((term) => ({
      ...term,
      name: names.get(term.id) ?? { kk: term.key, ru: term.key, en: term.key },
      unverified: isUnverified(term.confidence),
    })),
    rules: rules.map(({ key, value, confidence, source }) => ({
      key,
      value,
      confidence,
      source,
      unverified: isUnverified(confidence),
    })),
    clock: row.rehearsal === null ? null : { speed: row.clock.speed, held: row.clock.speed === 0 },
  }
}

/** Every answer of a case recorded by a step, with its content, oldest first; not the times a task was sent back. */
export async function givenAnswers(service: Service, caseId: string, upToStep: number): Promise<AnswerView[]> {
  return completed(await answersOf(service, caseId))
    .filter(({ row, content }) => (row.answeredStep ?? 0) <= upToStep && content['returned'] !== true)
    .map(answerView)
}
