/** The page of one task: the task with its form, and what the person needs to see beside it. */
import { bodiesByKeys, peopleByIds } from '../../prisma/store/accounts'
import { contentsByIds } from '../../prisma/store/cases'
import { commandOfTask } from '../../prisma/store/commands'
import { stoodInFor } from '../../prisma/store/eligible'
import { heldSince, missedTasks, type OneTask } from '../../prisma/store/inbox'
import { isClosed } from '../../prisma/store/tasks'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import { standing } from '../../workflows/kernel/forms'
import { isSealed, schemaOf, taskForm } from '../../workflows/kernel/kernel-forms'
import type { Process } from '../../workflows/kernel/process'
import { mayComplete } from '../../workflows/kernel/law/policy'
import { whySuspended } from '../../workflows/kernel/law/suspension'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { seesCase } from '../policy/cases'
import { mayComment } from '../policy/comments'
import { noteTask, policyTask, seesTask, suspensionOf } from '../policy/tasks'
import type { Service } from '../service/service'
import { today } from '../service/today'
import type { TaskDetail } from '../shapes/views'
import {
  answersOf,
  answerView,
  completed,
  earlierAnswers,
  factsOf,
  questionView,
  startAnswer,
  textOf,
  prefilled,
} from './answers-given'
import { OPEN, offeredTask, offersOf } from './offer-view'
import { papersBeside } from './task-papers'
import { fileOf, missedView, namedIn, taskView } from './task-view'

/** Why somebody else is asked than the story says, while the task is open. */
async function standsInFor({ db, now }: Service, viewer: Viewer, row: OneTask): Promise<TaskDetail['standsInFor']> {
  const found = isClosed(row.state) ? null : await stoodInFor(db, row.id, today(now()))
  if (!found) return null
  const { role, person, body, why, asked } = found
  const [people, bodies] = await Promise.all([
    peopleByIds(db, person === null ? [] : [person]),
    body === null ? [] : bodiesByKeys(db, [body]),
  ])

  const named = namedIn(viewer, row)((person && people.get(person)) ?? null)

  return { role, person: named, body: bodies[0] ?? null, why, asked }
}

/** The commission in which a task is asked: the last of its kind, or one whose chair casts his vote by it. */
function commissionOf(process: Process | undefined, { kind, commissions }: OneTask): string | null {
  const casts = (asked: string) => process?.contract.tasks[asked]?.commission?.casting

  return commissions.findLast((each) => each.kind === kind || casts(each.kind) === kind)?.id ?? null
}

/** The facts of the case that its contract names for the task, as they stand. */
function namedFacts(process: Process | undefined, row: OneTask): Record<string, unknown> {
  const named = process?.contract.tasks[row.kind]?.facts ?? []
  const recorded = factsOf(row.facts)
  const facts = process?.forms.facts ? standing(process.forms.facts, recorded) : recorded

  return Object.fromEntries(named.flatMap((name) => (name in facts ? [[name, facts[name]]] : [])))
}

export async function taskDetail(service: Service, viewer: Viewer, row: OneTask): Promise<TaskDetail> {
  const { db, processes, now } = service
  const { actor } = viewer
  const process = processes.of(row.process, row.formVersion)
  const form = taskForm(process, row.kind)
  const { holds, answered } = seesTask(viewer, row)
  const sight = seesCase(deciding(viewer), row)
  const reads = (kind: string) => sight.sees(`answer:${kind}`)
  const asked = holds || sight.sees('answers')
  const shown = process?.contract.tasks[row.kind]?.shows ?? []
  const [begun, { answers, shown: showing }, missed, command, contents, offers, documents, since] = await Promise.all([
    shown.includes('start') && (holds || reads('start')) ? startAnswer(service, viewer, fileOf(row)) : [],
    answersOf(service, viewer, row, row.id),
    holds || sight.sees('course') ? missedTasks(db, viewer, row.caseId, shown) : [],
    row.state === 'completing' ? commandOfTask(db, row.id) : null,
    contentsByIds(db, row.contentId ? [row.contentId] : []),
    process && form && (holds || sight.sees('answers')) && !isClosed(row.state)
      ? offersOf(service, process, row, viewer, [
          offeredTask(process, row.kind, { form, today: caseToday(row.clock, service.now()) }),
        ])
      : null,
    papersBeside(service, viewer, process, row),
    sight.sees('course') && !isClosed(row.state) ? heldSince(db, row) : null,
  ])
  const given = completed(answers).filter((answer) => answer.row.id !== row.id)
  const told = contents.get(row.contentId ?? '')
  const initial = () =>
    process?.contract.tasks[row.kind]
      ? showing(prefilled(service, process, row.kind, { given: earlierAnswers(given), facts: row.facts }))
      : {}
  const own = answers.find((answer) => answer.row.id === row.id)
  /** what was answered: to whoever answered it, without the question */
  const written = () => {
    const content = showing(own?.content ?? {})
    if (reads(row.kind)) return content
    const { question: _question, ...said } = content

    return answered ? said : {}
  }
  const verdict = mayComplete(actor, policyTask(row))
  const stopped = suspensionOf(row, process)
  const isAnswered = row.state === 'completed'
  const filledIn = isAnswered ? written() : asked ? initial() : {}
  const beside = given.filter(({ row: { kind } }) => shown.includes(kind) && (holds || reads(kind)))
  const questions = asked ? answers.filter((answer) => answer.row.questionOf === row.id) : []
  const facts = asked ? showing(namedFacts(process, row)) : {}
  const remarks = asked ? (textOf(told, 'remarks') ?? textOf(told, 'question')) : null
  if (begun.length > 0) noteTask(viewer, row, 'answer:start')
  for (const answer of beside) noteTask(viewer, row, `answer:${answer.row.kind}`)
  if (Object.keys(filledIn).length > 0) noteTask(viewer, row, isAnswered ? `answer:${row.kind}` : 'answers')
  if (questions.length > 0 || remarks !== null || Object.keys(facts).length > 0) noteTask(viewer, row, 'answers')
  if (missed.length > 0) noteTask(viewer, row, 'course')

  return {
    ...taskView(viewer, row, processes, now()),
    regime: row.regime,
    form: form ? schemaOf(form) : {},
    offer: offers?.[row.kind] ?? OPEN,
    initial: filledIn,
    shows: [...begun, ...beside.map((answer) => answerView(viewer, answer, showing))],
    facts,
    documents,
    terms: Object.fromEntries((row.law.terms ?? []).map(({ key, value, unit }) => [key, { value, unit }])),
    missed: missed.map((each) => missedView(viewer, each)),
    questions: questions.map((answer) => questionView(viewer, answer)),
    remarks,
    refusal: verdict.may ? stopped && whySuspended(stopped) : verdict.reason,
    heldSince: since,
    capacities: verdict.may ? [...verdict.capacities] : [],
    command,
    standsInFor: await standsInFor(service, viewer, row),
    commission: sight.sees('course') ? commissionOf(process, row) : null,
    sealed: isSealed(process, row.kind) && row.answerContentId === null,
    comments:
      sight.sees('course') && sight.sees('comments') ? (mayComment(viewer, row) === null ? 'sees' : 'may') : 'none',
  }
}
