/** The answers given in a case, with their content: what forms are filled in from and what documents are made of. */
import { contentsByIds, eventsOf } from '../../prisma/store/cases'
import { answeredTasks, type TaskRow } from '../../prisma/store/inbox'
import type { Fact, TaskId } from '../../workflows/kernel/contract'
import type { EarlierAnswer, Process } from '../../workflows/kernel/process'
import type { SeenCase, Viewer } from '../../workflows/kernel/law/sight'
import { naming, type NamedIn } from '../policy/cases'
import type { Service } from '../service/service'
import type { AnswerView, QuestionView } from '../shapes/views'
import { hidingIds } from './hidden-ids'
import { addresseeOf, namedIn } from './task-view'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const textOf = (content: Record<string, unknown> | undefined, field: string): string | null => {
  const text = content?.[field]

  return typeof text === 'string' ? text : null
}

/** The facts of a case by their names. */
export const factsOf = (facts: Fact): Readonly<Record<string, unknown>> => (isRecord(facts) ? facts : {})

interface Answer {
  readonly row: TaskRow
  readonly content: Record<string, unknown>
}

/** Answers of a case as they were given, and what makes of values of them, or of its facts, what the viewer is shown. */
export interface Given {
  readonly answers: readonly Answer[]
  readonly shown: Awaited<ReturnType<typeof hidingIds>>
}

/** The last answers and questions of a case, and those of the task that is looked at. */
export async function answersOf(
  { db }: Pick<Service, 'db'>,
  viewer: Viewer,
  { caseId, facts, seen }: { readonly caseId: string; readonly facts: Fact; readonly seen: SeenCase },
  looksAt: TaskId | null = null,
): Promise<Given> {
  const rows = await answeredTasks(db, viewer, caseId, looksAt)
  const contents = await contentsByIds(
    db,
    rows.flatMap((row) => [row.answerContentId, row.contentId].filter((id) => id !== null)),
  )

  const answers = rows.map((row) => ({
    row,
    content: {
      ...(isRecord(row.answer) ? row.answer : {}),
      ...contents.get(row.answerContentId ?? ''),
      ...(row.questionOf ? { question: textOf(contents.get(row.contentId ?? ''), 'question') } : {}),
    },
  }))
  const shown = await hidingIds({ db }, viewer, { seen }, [facts, ...answers.map(({ content }) => content)])

  return { answers, shown }
}

/** Those that were answered. */
export const completed = (answers: readonly Answer[]): Answer[] =>
  answers.filter(({ row }) => row.state === 'completed')

/** The answers that forms are filled in from: without those that only sent a task back. */
export const earlierAnswers = (answers: readonly Answer[]): EarlierAnswer[] =>
  answers
    .filter(({ content }) => content['returned'] !== true)
    .map(({ row, content }) => ({ kind: row.kind, answer: content }))

export const answerView = (viewer: Viewer, { row, content }: Answer, shown: Given['shown']): AnswerView => ({
  taskId: row.id,
  kind: row.kind,
  by: namedIn(viewer, row)(row.answerer),
  on: row.answeredOn ?? row.openedOn,
  revised: row.returned,
  answer: shown(content),
})

/**
 * What a case was started with, and by whom, as it is named to the viewer; nothing where no form was sent, or a release opened it that did
 * not say which content that was. The caller notes that it is shown.
 */
export async function startAnswer({ db }: Pick<Service, 'db'>, viewer: Viewer, file: NamedIn): Promise<AnswerView[]> {
  const { data } = await eventsOf(db, viewer, file.seen.id, { page: 1, perPage: 1 }, { newestFirst: false })
  const opened = data.find(({ kind }) => kind === 'caseOpened')
  if (!opened?.content) return []
  const { actor, on, content } = opened
  const shown = await hidingIds({ db }, viewer, file, [content])

  return [{ taskId: null, kind: 'start', by: naming(viewer, file)(actor), on, revised: false, answer: shown(content) }]
}

export const questionView = (viewer: Viewer, { row, content }: Answer): QuestionView => ({
  taskId: row.id,
  to: addresseeOf(viewer, row),
  question: textOf(content, 'question') ?? '',
  askedOn: row.openedOn,
  answer: textOf(content, 'answer'),
  answeredOn: row.answeredOn,
})

/** What the form of a task or act starts with; nothing when that cannot be worked out, so that the page is shown all the same. */
export function prefilled(
  { log }: Pick<Service, 'log'>,
  { contract, prefill }: Process,
  kind: string,
  known: { readonly given: readonly EarlierAnswer[]; readonly facts: Fact },
): Record<string, unknown> {
  try {
    return { ...prefill(kind, known.given, known.facts) }
  } catch (err) {
    log.error({ err, kind: `${contract.name}/${kind}` }, 'a form could not be prefilled')

    return {}
  }
}
