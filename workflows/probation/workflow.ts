/** Probation with a mentor, from the hiring act to the decision. Law on Civil Service, art. 20. */
import { openCase } from '../kernel/casefile'
import type { CaseFile } from '../kernel/casefile'
import type { Answered, Closing, Confidence, Due, IsoDate, Moment, Returned } from '../kernel/contract'
import { addDays } from '../kernel/law/calendar'
import type { CaseInput } from '../kernel/protocol/messages'
import { contract, type End } from './contract'
import type { Answers, StartForm } from './forms'
import {
  beginsAnew,
  dayOfMove,
  endOfProbation,
  firstFacts,
  headOf,
  hrOf,
  interimCheckDay,
  mayNotReview,
  mentorOf,
  moved,
  planDueWithoutRevisions,
  probationApplies,
  restarted,
  rulebook,
  servant,
  supervisorOf,
} from './rules'
import type { Move, Probation } from './rules'

type File = CaseFile<Probation>
type Review = Answered<Answers['reviewProbation']>

export async function probation(input: CaseInput<StartForm>): Promise<Closing> {
  return openCase<Probation, StartForm>(contract, rulebook, input, firstFacts(input.form, input.body), async (file) => {
    const { person, position, appointedOn } = input.form
    const post = await file.consult((register) => register.servicePost({ person, position, on: appointedOn }))
    if (!post) return file.refuse({ code: 'notInPost' })
    if (post.appointedOn !== appointedOn)
      return file.refuse({ code: 'notFirstDay', params: { first: post.appointedOn } })
    const applies = probationApplies(post, {
      applies: file.rule('probation.applies'),
      base: file.term('probation.base'),
      noBreak: file.term('selection.noBreakBetweenPosts'),
    })
    if (!applies.applies) return file.refuse(applies.reason)
    const only = await file.attempt('hold', file.onlyCase, { undo: false })
    if (!only.taken) return file.refuse(only.reason)

    file.note({
      bodyKind: post.bodyKind,
      supervisor: post.supervisor,
      dismissalOpen: file.rule('probation.dismissalAtFirstReview').value === true,
    })
    file.clock(
      'probation',
      () => endOf(file),
      () => file.facts.startsOn,
    )

    for (;;) {
      const run = await file.during(['moveToOtherPost'], (part) => part.first([fromMentorToDecision, movesOnTheirDay]))
      const came = run.turned ? run.turned.form : run.value
      if ('end' in came) return came
      // art. 20(3-1): other duties, and probation begins anew
      file.note(restarted(file.facts, came))
    }
  })
}

/** A move recorded before its day takes effect on that day, if the register has it still. Returns one with which probation begins anew. */
async function movesOnTheirDay(file: File): Promise<Move> {
  for (;;) {
    await file.until(() => dayOfMove(file.facts), 'move')
    const { servant: person, body, moveAhead: move } = file.facts
    if (!move) continue
    const post = await file.consult((register) =>
      register.servicePost({ person, position: move.position, on: move.from }),
    )
    if (post?.appointedOn !== move.from || post.body !== body) {
      forgetMove(file, move)
      continue
    }
    if (beginsAnew(move, (key) => file.rule(key).value)) return move
    file.note(moved(file.facts, move))
    file.remark('moveMade', { from: move.from })
  }
}

function forgetMove(file: File, { from }: Move): void {
  file.note({ moveAhead: null })
  file.remark('moveNotMade', { from })
}

async function fromMentorToDecision(file: File): Promise<Closing<End>> {
  if (!(await appointMentor(file))) return lapsed(file)
  if (!(await agreePlan(file))) return lapsed(file)

  file.enter('running')
  const first = await serveAndReview(file, 'reviewDue')
  if (!first) return lapsed(file)
  if (first.answer.result === 'satisfactory') return passed(file, 'review')

  const decision = await decideAfterFirstReview(file, first)
  if (decision === 'lapsed') return lapsed(file)
  if (decision === 'satisfactory') return passed(file, 'review')
  if (decision === 'proposeDismissal') return dismissal(file)

  // art. 20(3): extended by three months, once
  file.note({ extended: true })
  file.order('extensionAct', { until: endOf(file).on })
  file.enter('extended')
  const second = await serveAndReview(file, 'secondReview')
  if (!second) return lapsed(file)
  if (second.answer.result === 'satisfactory') return passed(file, 'secondReview')

  const proposal = await decideAfterSecondReview(file)
  if (proposal === 'lapsed') return lapsed(file)
  if (proposal === 'satisfactory') return passed(file, 'secondReview')

  return proposal === 'propose' ? dismissal(file) : passed(file, 'keptByHead')
}

/** False if nobody appointed one before the probation lapsed. */
async function appointMentor(file: File): Promise<boolean> {
  file.enter('mentoring')
  const appointed = await file.ask('appointMentor', {
    of: hrOf(file.facts),
    within: () => file.dueIn('probation.mentorOrder', file.facts.startsOn),
    closing: lapse(file),
    exclude: [file.facts.servant],
  })
  if (appointed.result === 'late') return false
  const { mentor } = appointed.answer
  file.note({ mentor })
  file.order('mentorOrder', { mentor })

  return true
}

/** False if it was not agreed before the probation lapsed. */
async function agreePlan(file: File): Promise<boolean> {
  file.enter('planning')
  for (let again: Returned | null = null; ;) {
    const lay = file.today
    const draft = await file.ask('draftAdaptationPlan', {
      of: () => mentorOf(file.facts),
      closing: lapse(file),
      exclude: [file.facts.servant],
      again,
    })
    if (draft.result === 'late') return false
    if (again && file.rule('probation.returnStopsTerm').value === true)
      file.note({
        revisions: [...file.facts.revisions, { from: lay, to: addDays(file.today, -1), because: 'revision' }],
      })
    const agreed = await file.ask('agreeAdaptationPlan', {
      of: () => supervisorOf(file.facts),
      within: () => planDueWithoutRevisions(file.facts, file.term('probation.planAgreed'), file.daysOff),
      closing: lapse(file),
      exclude: [file.facts.servant],
    })
    if (agreed.result === 'late') return false
    if (agreed.result === 'returned') {
      again = agreed
      continue
    }
    file.note({ goals: draft.answer.goals.map((goal) => goal.by) })
    break
  }
  file.order('adaptationPlan')
  await acknowledgedBy(file)

  return true
}

/** The servant is told; if he does not acknowledge in time the case goes on, and the file says so. Answers whether he did. */
async function acknowledgedBy(file: File): Promise<boolean> {
  const told = file.today
  const { result } = await file.ask('acknowledge', {
    of: servant(file.facts),
    closing: () => file.dueIn('probation.acknowledgement', told),
  })

  return result === 'answered'
}

/** Monthly checks by the mentor until the review opens, then the review; nothing if it lapsed. */
async function serveAndReview(file: File, stage: 'reviewDue' | 'secondReview'): Promise<Review | null> {
  const opens = (): Due => file.dueIn('probation.reviewBeforeEnd', endOf(file).on, true)
  for (let n = 1; ; n += 1) {
    const day = (): IsoDate => interimCheckDay(file.facts, n, file.term('probation.interimEvery'))
    if (day() <= file.today) continue
    if (day() >= opens().on) break
    await file.until(() => onOrBefore(day(), opens()), 'interimCheck')
    if (file.today >= opens().on) break
    await file.ask('interimCheck', {
      of: () => mentorOf(file.facts),
      closing: () => onOrBefore(file.dueIn('probation.interimCheck', day()).on, opens()),
      exclude: [file.facts.servant],
    })
  }
  await file.until(opens, 'review')
  file.enter(stage)
  const opened = file.today
  await file.ask('mentorOpinion', {
    of: () => mentorOf(file.facts),
    closing: () => file.dueIn('probation.mentorOpinion', opened),
    exclude: [file.facts.servant],
  })

  return review(file)
}

/** The direct supervisor reviews by the end of the term; after the grace nobody may any more, and the probation lapses. */
async function review(file: File, again: Returned | null = null): Promise<Review | null> {
  const answer = await file.ask('reviewProbation', {
    of: () => supervisorOf(file.facts),
    within: () => endOf(file),
    closing: lapse(file),
    exclude: () => mayNotReview(file.facts),
    actsOn: 'probation',
    again,
  })
  if (answer.result === 'late') return null
  file.order('reviewSheet')

  return answer
}

/** After an unsatisfactory first review: extend, or, where the regime opens it, propose dismissal. */
async function decideAfterFirstReview(file: File, first: Review): Promise<Decision | 'extend' | 'proposeDismissal'> {
  for (let reviewed = first; ;) {
    if (reviewed.answer.result === 'satisfactory') return 'satisfactory'
    const decided = await file.ask('decideExtension', {
      of: headOf(file.facts),
      closing: lapse(file),
      exclude: [file.facts.servant],
    })
    if (decided.result === 'late') return 'lapsed'
    if (decided.result === 'answered') return decided.answer.decision
    const again = await review(file, decided)
    if (!again) return 'lapsed'
    reviewed = again
  }
}

async function decideAfterSecondReview(file: File): Promise<Decision | 'propose' | 'keep'> {
  for (;;) {
    const decided = await file.ask('decideDismissal', {
      of: headOf(file.facts),
      closing: lapse(file),
      exclude: [file.facts.servant],
    })
    if (decided.result === 'late') return 'lapsed'
    if (decided.result === 'answered') return decided.answer.decision
    const again = await review(file, decided)
    if (!again) return 'lapsed'
    if (again.answer.result === 'satisfactory') return 'satisfactory'
  }
}

/** Art. 20(3): dismissed only with the agreement of the Agency or its territorial department; silence is not consent. */
async function dismissal(file: File): Promise<Closing<End>> {
  // where he is to serve while his dismissal is decided is not decided by a move that was planned before (D)
  if (file.facts.moveAhead) forgetMove(file, file.facts.moveAhead)
  file.enter('agencyReview')
  file.order('agencyRequest')
  const { answer } = await file.ask('agreeDismissal', {
    of: { role: 'agency', body: file.agency },
    exclude: [file.facts.servant],
  })
  file.order('agencyReply', { decision: answer.decision })
  if (answer.decision === 'refuse') {
    await acknowledgedBy(file)

    return file.close('keptInService', { code: 'agencyRefused', ...lawOn(file) })
  }
  const agreed = file.today
  const notice = (): Due => file.dueIn('probation.dismissalNotice', agreed)
  file.decide('dismissalAct', () => notice().on, { on: notice().on })
  const { servant: person, position } = file.facts
  // that the day of dismissal is the last one in the post is in no act that was read (D)
  const became = await file.during(['withdrawDismissal'], (part) =>
    part.execute(
      'dismissalAct',
      'endPost',
      (on) => ({ person, position, on, ground: 'probation' }),
      async (branch) => {
        // that he did not answer is not that he was told
        if (await acknowledgedBy(branch)) branch.deliver('dismissalAct')
      },
    ),
  )
  // withdrawn before its day: he stays in his post, and an appeal in hand finds nothing to cancel
  if (became.turned) return file.close('keptInService', { code: became.turned.form.ground, ...OUR_CHOICE })
  if (became.value === 'cancelled') return file.close('keptInService', { code: 'cancelledOnAppeal', ...OUR_CHOICE })

  return file.close('dismissed', { code: 'agencyAgreed', ...lawOn(file) })
}

function passed(file: File, by: 'review' | 'secondReview' | 'keptByHead'): Closing<End> {
  file.order('passedNotice', { basis: by })

  return file.close('passed', {
    code: `passed.${by}`,
    ...(by === 'keptByHead' ? OUR_CHOICE : sourceOf(file.term('probation.base'))),
  })
}

/**
 * The day with which the probation lapses if what is asked now is not answered: the grace after its end. What is asked after the end,
 * or before an end that is moved into the past, still leaves the whole grace (D). No such day where the regime lets nothing lapse.
 */
function lapse(file: File): Moment {
  const asked = file.today

  return () =>
    file.rule('probation.lapseMeansPassed').value === true
      ? file.dueIn('probation.lapseGrace', later(endOf(file).on, asked))
      : null
}

/** Nobody acted in time: it counts as passed, under a rule the file names. */
function lapsed(file: File): Closing<End> {
  const rule = file.rule('probation.lapseMeansPassed')
  file.order('lapseNotice')

  return file.close('passed', { code: 'passed.lapse', source: rule.source, confidence: rule.confidence })
}

/** That a head may keep a servant whom the second review found unsatisfactory is in no law that was read. */
const OUR_CHOICE = { source: 'design default', confidence: 'D' } as const

const sourceOf = ({ source, confidence }: { source: string; confidence: Confidence }) => ({ source, confidence })

/** Where the regime of the case has it that a dismissal on the results of probation is agreed. */
const lawOn = (file: File) => sourceOf(file.rule('probation.dismissalAtFirstReview'))

type Decision = 'satisfactory' | 'lapsed'

const endOf = (file: File): Due =>
  endOfProbation(file.facts, file.term('probation.base'), file.term('probation.extension'), file.daysOff)

const later = (a: IsoDate, b: IsoDate): IsoDate => (a > b ? a : b)

/** A day of the story's own, but no later than another date. */
const onOrBefore = (day: IsoDate, limit: Due): Due =>
  day < limit.on ? { on: day, steps: [{ code: 'starts', on: day }] } : limit
