/** The page of one case: where it stands, what it waits for, and the acts that may be performed on it. */
import { peopleByIds } from '../../prisma/store/accounts'
import { annulmentOf } from '../../prisma/store/annulments'
import { daysOffFor } from '../../prisma/store/calendar'
import { openTasksOf, stageEntriesOf } from '../../prisma/store/case-course'
import { linksOf } from '../../prisma/store/case-links'
import { appealingProcesses, casesHeldByAppeals } from '../../prisma/store/unbegun-appeals'
import { clocksOf, termNames, type CaseRow } from '../../prisma/store/cases'
import {
  isKernelAct,
  isUnverified,
  type ActKind,
  type BodyKey,
  type DaysOff,
  type IsoDate,
  type PersonRef,
} from '../../workflows/kernel/contract'
import { actKinds, additionForms, schemaOf } from '../../workflows/kernel/kernel-forms'
import { addDays, OutsideCalendar } from '../../workflows/kernel/law/calendar'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { lacksDecision, standingDecision } from '../../workflows/kernel/law/decisions'
import { groundsOf, isSuspensionAct } from '../../workflows/kernel/law/suspension'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import { caseRef, isOffered, mayDo, naming, policyCase, seesCase, stopOf } from '../policy/cases'
import { mayAdd } from '../policy/additions'
import { mayComment } from '../policy/comments'
import type { Service } from '../service/service'
import type { ActView, AnnulmentView, CaseDetail } from '../shapes/views'
import { answersOf, completed, earlierAnswers, prefilled } from './answers-given'
import { linkedCaseView } from './appeals'
import { marksOf } from './case-marks'
import { caseView } from './case-view'
import { commissionsOf } from './commissions'
import { decisionsOf } from './decisions'
import { daysLeft, nextOf } from './next-step'
import { OPEN, offeredAct, offersOf } from './offer-view'
import { stagesOf } from './stages'
import { standstillOf } from './standstill'
import { stuckOf } from './stuck'
import { suspensionsOf } from './suspensions'
import { stepsSeen, taskView } from './task-view'

const LINKS_SHOWN = 20
/** A commission of any size fits; the page leads to the rest. */
const MOST_TASKS = 100

/** By which case, when and why it was annulled, for those who may find that case. */
async function annulmentView({ db, processes }: Service, viewer: Viewer, row: CaseRow): Promise<AnnulmentView | null> {
  const annulment = row.annulled ? await annulmentOf(db, viewer, row.id) : null
  const by = annulment && caseRef(viewer, annulment.by)
  if (!by) return null
  const { process, version } = annulment.by.seen

  return {
    by: { ...by, process: processes.keyOf(process, version) },
    on: annulment.on,
    ground: annulment.ground,
  }
}

/** Acts that the actor may perform on the case now. */
async function actsOf(service: Service, viewer: Viewer, row: CaseRow): Promise<ActView[]> {
  const { actor } = viewer
  const sight = seesCase(viewer, row)
  const process = service.processes.of(row.process, row.version)
  if (!process || row.status !== 'open') return []
  const file = policyCase(row)
  const allowed = Object.entries(actKinds(process)).flatMap(([act, kind]) => {
    const verdict = mayDo(actor, act, kind, file)
    const isNow =
      isOffered(act, row, process.contract) &&
      stopOf(act, row, process.contract) === null &&
      (!kind.during || kind.during.includes(row.stage)) &&
      !lacksDecision(kind, process.contract, row.decisions ?? [])

    return verdict.may && isNow ? [{ act, kind, capacities: [...verdict.capacities] }] : []
  })
  const forms = allowed.flatMap(({ act }) => {
    const form = offeredAct(service, process, act, { row, actor })

    return form ? [form] : []
  })
  if (allowed.length === 0) return []
  const [{ answers, shown }, offers] = await Promise.all([
    answersOf(service, viewer, { ...row, caseId: row.id }),
    offersOf(service, process, { ...row, caseId: row.id }, viewer, forms),
  ])
  const given = earlierAnswers(completed(answers))
  const grounds = groundsOf(process.contract)
  // of no ground that is there may he do it now
  const isIdle = (act: string): boolean =>
    isSuspensionAct(act) && grounds.every((ground) => offers[act]?.refused['ground']?.[ground] !== undefined)

  return allowed
    .filter(({ act }) => !isIdle(act))
    .flatMap(({ act, kind, capacities }) => {
      const form = forms.find(({ name }) => name === act)?.form
      // whoever may do it and sees nothing of what was said fills in the form by himself
      const reads = sight.sees(`answer:${act}`)
      const initial =
        isKernelAct(act) || !reads ? {} : shown(prefilled(service, process, act, { given, facts: row.facts }))
      const offer = offers[act] ?? OPEN

      return form
        ? [
            {
              act,
              form: schemaOf(form),
              offer: reads ? offer : { ...offer, items: {} },
              initial,
              turn: kind.turn === true,
              withdraws: withdrawalOf(kind, row),
              capacities,
            },
          ]
        : []
    })
}

/** What whoever performs the act withdraws: that it was delivered already is told before he does. */
function withdrawalOf({ withdraws }: ActKind, row: CaseRow): ActView['withdraws'] {
  const decision = standingDecision(row.decisions ?? [], withdraws)

  return decision ? { kind: decision.kind, deliveredOn: decision.deliveredOn } : null
}

/** Since when an appeal of a decision of the case was received that has not begun. */
async function heldByAppeal({ db, processes }: Service, { id }: CaseRow): Promise<CaseDetail['heldByAppeal']> {
  const [held] = await casesHeldByAppeals(db, appealingProcesses(processes), { olderThan: 0, only: id })

  return held ? { since: held.since.toISOString() } : null
}

function restrictedTo(row: CaseRow, viewer: Viewer, people: ReadonlyMap<string, PersonRef>): CaseDetail['restricted'] {
  const { restrictedTo: to } = row
  if (to === null) return null
  const named = naming(viewer, row)

  return { to: to.includes(viewer.actor.person) ? to.flatMap((id) => people.get(id) ?? []).map(named) : null }
}

/** No term of a case that is counted in working days is longer. */
const DAYS_AHEAD = 400

/** The days off that lie ahead of an open case; null where the register of days ends before. */
async function daysOffAhead({ db }: Service, { body, status }: CaseRow, today: IsoDate): Promise<DaysOff | null> {
  if (status !== 'open') return null
  const period = { from: today, to: addDays(today, DAYS_AHEAD) }

  return daysOffFor(db, { body: body.key as BodyKey, ...period }).catch((error: unknown) => {
    if (error instanceof OutsideCalendar) return null
    throw error
  })
}

export async function caseDetail(service: Service, viewer: Viewer, row: CaseRow): Promise<CaseDetail> {
  const { db } = service
  const today = caseToday(row.clock, service.now())
  const sight = seesCase(viewer, row)
  const may = seesCase(deciding(viewer), row)
  const terms = row.law.terms ?? []
  const rules = row.law.rules ?? []
  const [
    daysOff,
    tasks,
    stageEntries,
    clocks,
    acts,
    people,
    commissions,
    decisions,
    standstill,
    stuck,
    held,
    links,
    annulment,
    names,
  ] = await Promise.all([
    daysOffAhead(service, row, today),
    openTasksOf(db, viewer, row.id, MOST_TASKS),
    stageEntriesOf(db, row.id),
    clocksOf(db, row.id),
    actsOf(service, viewer, row),
    peopleByIds(db, [...Object.values(row.parties), ...(row.restrictedTo ?? [])]),
    commissionsOf(service, row, viewer, sight),
    decisionsOf(service, row, viewer, sight),
    standstillOf(service, row.id, sight),
    stuckOf(service, row.id, viewer),
    sight.sees('course') ? heldByAppeal(service, row) : null,
    linksOf(db, viewer, row, { most: LINKS_SHOWN, opening: sight.sees('answers') }),
    annulmentView(service, viewer, row),
    termNames(
      db,
      terms.map((term) => term.id),
    ),
  ])

  const openTasks = tasks.map((task) => {
    const shown = taskView(viewer, task, service.processes, service.now())

    return { ...shown, left: shown.due && daysLeft(shown.due, today, daysOff) }
  })
  const next = nextOf({
    ...row,
    ...{ tasks: openTasks, today },
    halted: standstill ? 'standstill' : stuck ? 'stuck' : null,
  })
  const detail: Omit<CaseDetail, 'marks'> = {
    ...caseView(viewer, row, service.processes),
    next: next.code === 'day' ? { ...next, steps: stepsSeen(sight, next.steps) } : next,
    stages: stagesOf(service.processes.of(row.process, row.version)?.contract ?? null, row, stageEntries),
    openTasks,
    step: row.step,
    readers: may.sees('readers'),
    technical: may.sees('technical'),
    comments: may.sees('comments'),
    mayComment: mayComment(viewer, row) !== null,
    added: row.status === 'closed' && may.sees('added'),
    additions: row.status === 'closed' && mayAdd(viewer.actor, row).may ? additionForms() : [],
    today,
    clocks: clocks.map((clock) => ({
      ...clock,
      steps: stepsSeen(sight, clock.steps),
      left: row.status === 'open' ? daysLeft({ on: clock.endsOn, steps: clock.steps }, today, daysOff) : null,
    })),
    acts,
    commissions,
    decisions,
    suspensions: suspensionsOf(service, row, sight),
    restricted: restrictedTo(row, viewer, people),
    parties: Object.entries(row.parties).flatMap(([part, id]) => {
      const person = people.get(id)

      return person ? [{ part, person: naming(viewer, row)(person) }] : []
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
    standstill,
    stuck,
    heldByAppeal: held,
    annulment,
    links: {
      count: links.count,
      shown: links.rows.map(({ part, as, other }) => ({
        part,
        as,
        case: other && linkedCaseView(service, viewer, other),
      })),
    },
  }

  return { ...detail, marks: marksOf(detail) }
}
