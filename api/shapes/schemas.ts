/** The shapes of `views.ts` as zod schemas, from which /openapi.json comes; in tests every answer is checked against them. */
import { z } from 'zod'
import {
  ADDITIONS,
  EXTENDED_REGISTERS,
  FILE_KIND_NAMES,
  IMPERSONAL,
  LETTER_CHOICES,
  LINK_PARTS,
  LOCALES,
  NOBODY_MAY,
  NOTICES,
  TASK_STATES,
  TERM_UNITS,
} from '../../workflows/kernel/contract'
import { REGISTERS } from '../../workflows/kernel/register-sight'
import * as views from './views'

/** Says at compile time that every value of the view fits the schema. */
const view =
  <V>() =>
  <S extends z.ZodType>(schema: S & (V extends z.input<S> ? unknown : never)): S =>
    schema

const isoDate = z.string().meta({ format: 'date', examples: ['2026-11-30'] })
const instant = z.string().meta({ format: 'date-time', examples: ['2026-11-30T06:15:00.000Z'] })
const id = z.string().meta({ format: 'uuid' })
const json = z.record(z.string(), z.unknown())
const scalar = z.union([z.boolean(), z.number(), z.string()])
const confidence = z.enum(['S', 'L', 'O', 'N', 'B', 'U', 'D'])

export const name = view<views.Name>()(z.strictObject({ kk: z.string(), ru: z.string(), en: z.string() })).meta({
  id: 'Name',
})
export const personRef = view<views.PersonRef>()(z.strictObject({ id, name })).meta({ id: 'PersonRef' })
export const bodyRef = view<views.BodyRef>()(z.strictObject({ key: z.string(), name })).meta({ id: 'BodyRef' })
const caseRef = view<views.CaseRef>()(z.strictObject({ id, number: z.string() })).meta({ id: 'CaseRef' })
const aboutShape = {
  subject: personRef.nullable(),
  position: z.strictObject({ id, name }).nullable(),
  aboutBody: bodyRef.nullable(),
  aboutCase: caseRef.nullable(),
}
const role = z.string()

export const reason = z
  .strictObject({
    code: z.string(),
    params: z.record(z.string(), scalar).exactOptional(),
    source: z.string().exactOptional(),
    confidence: confidence.exactOptional(),
  })
  .meta({ id: 'Reason' })

const problemShape = {
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().exactOptional(),
  params: z.record(z.string(), z.union([scalar, name])).exactOptional(),
  errors: z.record(z.string(), z.string()).exactOptional(),
  reason: reason.exactOptional(),
  capacities: z.array(z.string()).exactOptional(),
  instance: z.string().exactOptional(),
}
export const problem = view<views.Problem>()(z.strictObject(problemShape)).meta({ id: 'Problem' })

/** A page of a list: never with a count of the whole. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({
    data: z.array(item),
    pageInfo: z.strictObject({
      hasNextPage: z.boolean(),
      hasPreviousPage: z.boolean(),
      end: z
        .string()
        .exactOptional()
        .meta({ description: 'Where it ends, of a list that can be asked for what is behind' }),
    }),
  })

export const me = view<views.Me>()(
  z.strictObject({
    person: personRef,
    roles: z.array(z.strictObject({ role, body: bodyRef, from: isoDate, to: isoDate.nullable() })),
    demo: z.boolean(),
    developer: z.boolean(),
    administrator: z.boolean(),
    scansFiles: z.boolean(),
    today: isoDate,
    ownCases: z.boolean(),
    registers: z.array(z.enum(REGISTERS)),
  }),
).meta({ id: 'Me' })

export const demoUser = view<views.DemoUser>()(
  z.strictObject({ id: z.string(), name, as: z.string(), body: bodyRef.nullable() }),
).meta({ id: 'DemoUser' })

const termRow = {
  id: z.string(),
  key: z.string(),
  value: z.number(),
  unit: z.enum(TERM_UNITS),
  confidence,
  source: z.string(),
}
const term = z.strictObject({ ...termRow, name, unverified: z.boolean() }).meta({ id: 'Term' })

const taskKind = z.strictObject({
  kind: z.string(),
  form: json,
  within: z.string().nullable(),
  decision: z.strictObject({ field: z.string(), choices: z.array(z.string()) }).nullable(),
  returns: z.boolean(),
  shows: z.array(z.string()),
  facts: z.array(z.string()),
  clocks: z.array(z.string()),
})
const linkPart = z.enum(Object.values(LINK_PARTS).flatMap(({ from, to }) => [from, to]))
const addition = z.strictObject({ kind: z.enum(ADDITIONS), form: json })

export const processView = view<views.ProcessView>()(
  z.strictObject({
    name: z.string(),
    version: z.number().int(),
    current: z.boolean(),
    stages: z.array(z.string()),
    ends: z.array(z.string()),
    moves: z.record(z.string(), z.array(z.string())),
    startedBy: z.array(z.string()),
    startableIn: z.array(z.strictObject({ key: z.string(), name, capacities: z.array(z.string()) })),
    start: json,
    tasks: z.array(taskKind),
    facts: json.nullable(),
    acts: z.array(z.strictObject({ act: z.string(), form: json, byCases: z.array(linkPart) })),
    opens: z.array(
      z.strictObject({
        as: z.string(),
        process: z.string(),
        whenCancelled: z.union([z.literal('cancel'), z.strictObject({ tell: z.string() })]).nullable(),
      }),
    ),
    roles: z.array(z.string()),
    registers: z.array(
      z.strictObject({
        register: z.string(),
        name: z.string(),
        form: json,
        body: z.string(),
        sorts: z.array(z.string()),
        removable: z.boolean(),
        keptIn: z.array(z.string()).nullable(),
      }),
    ),
    registerFields: z.array(z.strictObject({ register: z.enum(EXTENDED_REGISTERS), form: json })),
    documents: z.array(z.string()),
    additions: z.array(addition),
    continues: z.array(z.string()),
    appeals: z.boolean(),
    lists: z.array(z.string()),
    terms: z.array(term),
  }),
).meta({ id: 'Process' })

const pause = z.strictObject({ from: isoDate, to: isoDate, because: z.string(), open: z.literal(true).optional() })
const dueTerm = z.strictObject(termRow)
const field = z.string()
const givenTerm = z.strictObject({
  value: z.number(),
  unit: z.enum(TERM_UNITS),
  given: z.union([z.strictObject({ task: z.string(), field }), z.strictObject({ act: z.string(), field })]),
})
export const dueStep = z
  .discriminatedUnion('code', [
    z.strictObject({ code: z.literal('starts'), on: isoDate }),
    z.strictObject({ code: z.literal('adds'), term: dueTerm, reaches: isoDate }),
    z.strictObject({ code: z.literal('back'), term: dueTerm, reaches: isoDate }),
    z.strictObject({ code: z.literal('given'), term: givenTerm, reaches: isoDate }),
    z.strictObject({ code: z.literal('givenBack'), term: givenTerm, reaches: isoDate }),
    z.strictObject({ code: z.literal('daysOff'), days: z.array(isoDate).readonly() }),
    z.strictObject({
      code: z.literal('paused'),
      pauses: z.array(pause).readonly(),
      days: z.number(),
      reaches: isoDate,
    }),
    z.strictObject({ code: z.literal('movedToWorkingDay'), reaches: isoDate }),
    z.strictObject({ code: z.literal('capped'), by: z.string(), reaches: isoDate }),
  ])
  .meta({ id: 'DueStep' })
const dueSteps = z.array(dueStep).readonly()
const due = view<views.DueView>()(
  z.strictObject({ on: isoDate, steps: dueSteps, at: instant.nullable(), overdue: z.boolean() }),
).meta({ id: 'Due' })

const taskShape = {
  id,
  caseId: id,
  caseNumber: z.string(),
  process: z.string(),
  kind: z.string(),
  state: z.enum(TASK_STATES),
  version: z.number().int(),
  stage: z.string().nullable(),
  for: z.union([z.strictObject({ role, body: bodyRef }), z.strictObject({ person: personRef })]),
  ...aboutShape,
  body: bodyRef,
  openedOn: isoDate,
  due: due.nullable(),
  closesOn: isoDate.nullable(),
  assignee: personRef.nullable(),
  returned: z.boolean(),
  escalated: z.boolean(),
  unheld: z.boolean(),
  about: reason.nullable(),
  answeredBy: personRef.nullable(),
  answeredAt: instant.nullable(),
  unanswered: z.strictObject({ because: z.string(), on: isoDate.nullable() }).nullable(),
  rehearsal: z.string().nullable(),
  verbs: z.array(z.enum(views.TASK_VERBS)),
  snoozedUntil: isoDate.nullable(),
  snooze: z.strictObject({ from: isoDate, to: isoDate.nullable() }).nullable(),
}
export const taskView = view<views.TaskView>()(z.strictObject(taskShape)).meta({ id: 'Task' })

const { kind, process, for: waitsFor, assignee } = taskShape
export const day = view<views.DayView>()(
  z.strictObject({
    parts: z.array(
      z.strictObject({
        part: z.enum(views.DAY_PARTS),
        total: z.number().int(),
        tasks: z.array(
          z.strictObject({
            ...taskShape,
            beside: z.array(z.strictObject({ id, kind, process, for: waitsFor, assignee })),
          }),
        ),
      }),
    ),
    loads: z.array(
      z.strictObject({
        by: z.enum(['person', 'body']),
        rows: z.array(
          z.strictObject({
            holder: z.enum(['person', 'subject', 'nobody', 'body']),
            person: personRef.nullable(),
            body: bodyRef.nullable(),
            open: z.number().int(),
            overdue: z.number().int(),
            soon: z.number().int(),
          }),
        ),
        whole: z.boolean(),
      }),
    ),
    soon: z.array(taskView),
  }),
).meta({ id: 'Day' })

export const answerView = view<views.AnswerView>()(
  z.strictObject({
    taskId: id.nullable(),
    kind: z.string(),
    by: personRef.nullable(),
    on: isoDate,
    revised: z.boolean(),
    answer: json,
  }),
).meta({ id: 'Answer' })
const missedView = view<views.MissedView>()(
  z.strictObject({ taskId: id, kind: z.string(), by: personRef.nullable(), due: isoDate.nullable(), on: isoDate }),
).meta({ id: 'Missed' })
const questionView = view<views.QuestionView>()(
  z.strictObject({
    taskId: id,
    to: personRef,
    question: z.string(),
    askedOn: isoDate,
    answer: z.string().nullable(),
    answeredOn: isoDate.nullable(),
  }),
).meta({ id: 'Question' })

const bound = z.strictObject({ on: isoDate, code: z.string() }).nullable()
export const offerView = view<views.OfferView>()(
  z.strictObject({
    closed: reason.nullable(),
    refused: z.record(z.string(), z.record(z.string(), z.string())),
    days: z.record(z.string(), z.strictObject({ from: bound, to: bound })),
    among: z.record(z.string(), z.array(id)),
    items: z.record(z.string(), z.strictObject({ list: z.string(), items: z.array(json) })),
  }),
).meta({ id: 'Offer' })

/** Those of the ids that were asked about which cannot be chosen now, each with the code of its sentence. */
export const refusedIds = z.strictObject({ refused: z.record(z.string(), z.string()) })

export const taskDetail = view<views.TaskDetail>()(
  z.strictObject({
    ...taskShape,
    regime: z.string(),
    form: json,
    offer: offerView,
    initial: json,
    shows: z.array(answerView),
    facts: json,
    documents: z.array(
      z.strictObject({ id, kind: z.string(), number: z.string(), issuedOn: isoDate, process: z.string() }),
    ),
    terms: z.record(z.string(), z.strictObject({ value: z.number(), unit: z.enum(TERM_UNITS) })),
    missed: z.array(missedView),
    questions: z.array(questionView),
    remarks: z.string().nullable(),
    refusal: reason.nullable(),
    heldSince: isoDate.nullable(),
    capacities: z.array(z.string()),
    command: id.nullable(),
    standsInFor: z
      .strictObject({
        role: role.nullable(),
        person: personRef.nullable(),
        body: bodyRef.nullable(),
        why: z.enum(NOBODY_MAY).nullable(),
        asked: z.boolean(),
      })
      .nullable(),
    sealed: z.boolean(),
    commission: id.nullable(),
    comments: z.enum(['none', 'sees', 'may']),
  }),
).meta({ id: 'TaskDetail' })

export const draftView = view<views.DraftView>()(
  z.strictObject({ version: z.number().int(), form: json.nullable(), savedAt: instant.nullable() }),
).meta({ id: 'Draft' })
export const staleDraft = view<views.StaleDraft>()(z.strictObject({ ...problemShape, draft: draftView })).meta({
  id: 'StaleDraft',
})

const commissionView = view<views.CommissionView>()(
  z.strictObject({
    id,
    kind: z.string(),
    state: z.enum(['asking', 'casting', 'decided', 'failed', 'withdrawn']),
    quorum: z.number(),
    countedBy: z.string(),
    choice: z.string().nullable(),
    closesOn: isoDate.nullable(),
    task: id.nullable(),
    seats: z.array(
      z.strictObject({
        member: personRef,
        as: z.enum(['member', 'alternate', 'replacement']),
        chair: z.boolean(),
        state: z.enum(['called', 'asked', 'answered', 'late', 'recused', 'replaced', 'excluded']),
        on: isoDate.nullable(),
        mark: z.string().nullable(),
        void: z.enum(['replaced', 'sealBroken', 'again']).nullable(),
      }),
    ),
  }),
).meta({ id: 'Commission' })

const caseShape = {
  id,
  number: z.string(),
  process: z.string(),
  version: z.number().int(),
  regime: z.string(),
  stage: z.string().nullable(),
  status: z.enum(['opening', 'open', 'closed']).nullable(),
  outcome: z.string().nullable(),
  annulled: z.boolean(),
  basis: reason.nullable(),
  body: bodyRef,
  ...aboutShape,
  startedOn: isoDate,
  closedOn: isoDate.nullable(),
  rehearsal: z.string().nullable(),
}
export const caseView = view<views.CaseView>()(z.strictObject(caseShape)).meta({ id: 'Case' })

const standstill = view<views.StandstillView>()(
  z.strictObject({
    since: instant,
    details: z
      .strictObject({
        process: z.string(),
        version: z.number().int(),
        cause: z.string(),
        line: z.string().nullable(),
        times: z.number().int(),
      })
      .nullable(),
  }),
).meta({ id: 'Standstill' })

const stuck = view<views.StuckView>()(
  z.strictObject({
    since: instant,
    tasks: z.array(
      z.strictObject({
        kind: z.string(),
        why: z.enum(NOBODY_MAY),
        role: role.nullable(),
        body: bodyRef.nullable(),
        person: personRef.nullable(),
      }),
    ),
    waitsFor: z.array(z.strictObject({ number: z.string().nullable(), closed: z.boolean() })),
    circle: z.array(z.string()),
  }),
).meta({ id: 'Stuck' })

export const stuckCase = view<views.StuckCaseView>()(
  z.strictObject({ caseId: id, caseNumber: z.string(), process: z.string(), stuck }),
).meta({ id: 'StuckCase' })

export const notice = view<views.NoticeView>()(
  z.strictObject({
    id,
    kind: z.enum(NOTICES),
    at: instant,
    read: z.boolean(),
    process: z.string(),
    case: caseRef,
    task: z.strictObject({ id, kind: z.string(), open: z.boolean() }).nullable(),
    due: isoDate.nullable(),
    stage: z.string().nullable(),
    end: z.string().nullable(),
    rehearsal: z.string().nullable(),
  }),
).meta({ id: 'Notice' })

export const letterWish = view<views.LetterWishView>()(
  z.strictObject({
    address: z.string().nullable(),
    letters: z.enum(LETTER_CHOICES),
    language: z.enum(LOCALES),
    sent: z.boolean(),
  }),
).meta({ id: 'LetterWish' })

const figure = z.number().int()
export const outbox = view<views.OutboxView>()(
  z.strictObject({
    on: z.boolean(),
    waiting: figure,
    stopped: figure,
    refused: figure,
    sent: figure,
    oldest: instant.nullable(),
    troubled: z.array(
      z.strictObject({
        id,
        kind: z.enum(['notice', 'digest']),
        state: z.enum(['waiting', 'stopped', 'refused']),
        attempts: figure,
        dueAt: instant,
        nextAt: instant,
        lastError: z.string().nullable(),
      }),
    ),
  }),
).meta({ id: 'Outbox' })

const linkedCase = z.strictObject({
  id,
  number: z.string(),
  process: z.string(),
  stage: caseShape.stage,
  status: caseShape.status,
  outcome: z.string().nullable(),
  annulled: z.boolean(),
})

const caseLink = view<views.LinkView>()(
  z.strictObject({ part: linkPart, as: z.string().nullable(), case: linkedCase.nullable() }),
).meta({ id: 'CaseLink' })

const takenBy = z
  .union([z.literal('unknown'), z.strictObject({ name, position: name.nullable(), capacity: name.nullable() })])
  .nullable()

const amendmentView = view<views.AmendmentView>()(
  z.strictObject({
    document: z.strictObject({ id, kind: z.string(), number: z.string() }).nullable(),
    takenBy,
    on: isoDate,
    deliveredOn: isoDate.nullable(),
    appealAnew: z.boolean(),
  }),
).meta({ id: 'Amendment' })

const decisionView = view<views.DecisionView>()(
  z.strictObject({
    document: z.strictObject({ id, kind: z.string(), number: z.string() }),
    takenBy,
    amendments: z.array(amendmentView),
    withdrawn: z
      .strictObject({
        on: isoDate,
        ground: z.string(),
        by: z.strictObject({ person: personRef, capacity: z.string().nullable() }).nullable(),
      })
      .nullable(),
    void: z.enum(['annulled', 'cancelled', 'withdrawn']).nullable(),
    madeOn: isoDate,
    effectiveFrom: isoDate,
    firstEffectiveFrom: isoDate.nullable(),
    deliveredOn: isoDate.nullable(),
    appeal: z.strictObject({ on: isoDate, steps: dueSteps, over: z.boolean(), unverified: z.boolean() }).nullable(),
    appeals: z.array(z.strictObject({ since: isoDate, case: linkedCase })),
    mayAppeal: z
      .strictObject({ process: z.string(), body: z.string(), form: z.record(z.string(), z.string()) })
      .nullable(),
  }),
).meta({ id: 'Decision' })

const suspensionView = view<views.SuspensionView>()(
  z.strictObject({
    ground: z.string().nullable(),
    of: z.union([z.literal('case'), z.strictObject({ clock: z.string() }), z.strictObject({ task: z.string() })]),
    from: isoDate,
    to: isoDate.nullable(),
    expected: isoDate.nullable(),
    days: z.number().int(),
    rule: z.strictObject({ source: z.string(), confidence, unverified: z.boolean() }).nullable(),
    endsItself: z.boolean(),
    endedBy: z.array(z.string()),
  }),
).meta({ id: 'Suspension' })

const daysLeft = view<views.DaysLeft>()(
  z.strictObject({ days: z.number().int(), unit: z.enum(['working days', 'calendar days']) }),
).meta({ id: 'DaysLeft' })

const nextStep = view<views.NextView>()(
  z.discriminatedUnion('code', [
    z.strictObject({ code: z.enum(['opening', 'standstill', 'stuck']) }),
    z.strictObject({ code: z.literal('ended'), end: z.string().nullable(), on: isoDate }),
    z.strictObject({
      code: z.literal('suspended'),
      since: isoDate,
      expected: isoDate.nullable(),
    }),
    z.strictObject({
      code: z.literal('task'),
      id,
      process: z.string(),
      kind: z.string(),
      on: isoDate.nullable(),
      overdue: z.boolean(),
      others: z.number().int(),
    }),
    z.strictObject({ code: z.literal('day'), comes: z.string().nullable(), on: isoDate, steps: dueSteps }),
    z.strictObject({ code: z.enum(['cases', 'goesOn']) }),
  ]),
).meta({ id: 'NextStep' })

export const caseDetail = view<views.CaseDetail>()(
  z.strictObject({
    ...caseShape,
    next: nextStep,
    marks: z.array(z.enum(views.CASE_MARKS)),
    stages: z.array(
      z.strictObject({
        stage: z.string(),
        state: z.enum(['done', 'now', 'ahead', 'skipped']),
        stays: z.array(z.strictObject({ from: isoDate, to: isoDate.nullable() })),
      }),
    ),
    openTasks: z.array(z.strictObject({ ...taskShape, left: daysLeft.nullable() })),
    step: z.number().int(),
    readers: z.boolean(),
    comments: z.boolean(),
    mayComment: z.boolean(),
    added: z.boolean(),
    additions: z.array(addition),
    technical: z.boolean(),
    today: isoDate,
    clocks: z.array(
      z.strictObject({
        name: z.string(),
        left: daysLeft.nullable(),
        startsOn: isoDate,
        endsOn: isoDate,
        steps: dueSteps,
      }),
    ),
    acts: z.array(
      z.strictObject({
        act: z.string(),
        form: json,
        offer: offerView,
        initial: json,
        turn: z.boolean(),
        withdraws: z.strictObject({ kind: z.string(), deliveredOn: isoDate.nullable() }).nullable(),
        capacities: z.array(z.string()),
      }),
    ),
    parties: z.array(z.strictObject({ part: z.string(), person: personRef })),
    restricted: z.strictObject({ to: z.array(personRef).nullable() }).nullable(),
    commissions: z.array(commissionView),
    decisions: z.array(decisionView),
    suspensions: z.array(suspensionView),
    terms: z.array(term),
    rules: z.array(
      z.strictObject({ key: z.string(), value: scalar, confidence, source: z.string(), unverified: z.boolean() }),
    ),
    clock: z.strictObject({ speed: z.number(), held: z.boolean() }).nullable(),
    standstill: standstill.nullable(),
    stuck: stuck.nullable(),
    heldByAppeal: z.strictObject({ since: instant }).nullable(),
    annulment: z
      .strictObject({
        by: z.strictObject({ id, number: z.string(), process: z.string() }),
        on: isoDate,
        ground: z.string(),
      })
      .nullable(),
    links: z.strictObject({ count: z.number().int(), shown: z.array(caseLink) }),
  }),
).meta({ id: 'CaseDetail' })

export const eventView = view<views.EventView>()(
  z.strictObject({
    seq: z.number().int(),
    kind: z.string(),
    at: instant,
    on: isoDate,
    actor: personRef.nullable(),
    by: z.enum(['case', ...IMPERSONAL]).nullable(),
    actorCase: caseRef.nullable(),
    otherCase: z.strictObject({ id, number: z.string(), process: z.string() }).nullable(),
    handedOver: z.strictObject({ from: bodyRef, to: bodyRef }).nullable(),
    capacity: z.string().nullable(),
    taskId: id.nullable(),
    params: json,
    content: json.nullable(),
    hash: z.string(),
  }),
).meta({ id: 'Event' })

export const readerView = view<views.ReaderView>()(
  z.strictObject({
    id,
    at: instant,
    person: personRef.nullable(),
    kind: z.enum(['staff', 'candidate', 'citizen', 'system']),
    onBehalfOf: personRef.nullable(),
    as: z.array(z.string()),
    door: z.string(),
    pieces: z.array(z.string()),
  }),
).meta({ id: 'Reader' })

const paperView = view<views.PaperView>()(
  z.strictObject({ language: z.enum(LOCALES), sha256: z.string(), size: z.number().int() }),
).meta({ id: 'Paper' })
const documentShape = {
  ...{ id, kind: z.string(), number: z.string(), issuer: bodyRef, issuedOn: isoDate },
  papers: z.array(paperView).nullable(),
}
export const documentView = view<views.DocumentView>()(z.strictObject(documentShape)).meta({ id: 'Document' })
export const documentDetail = view<views.DocumentDetail>()(
  z.strictObject({
    ...{ ...documentShape, caseId: id, process: z.string(), html: z.string() },
    dayChanged: z.strictObject({ effectiveFrom: isoDate, firstEffectiveFrom: isoDate.nullable() }).nullable(),
  }),
).meta({ id: 'DocumentDetail' })

const outcome = view<views.Outcome>()(
  z.discriminatedUnion('result', [
    z.strictObject({ result: z.literal('done') }),
    z.strictObject({ result: z.literal('started'), caseId: id.nullable(), number: z.string().nullable() }),
    z.strictObject({ result: z.literal('received'), caseId: id.nullable(), number: z.string().nullable() }),
    z.strictObject({ result: z.literal('refused'), caseId: id.nullable(), number: z.string().nullable(), reason }),
  ]),
).meta({ id: 'Outcome' })
export const startOutcome = outcome

export const commandView = view<views.CommandView>()(
  z.strictObject({
    id,
    state: z.enum(['stored', 'done', 'refused']),
    caseId: id.nullable(),
    taskId: id.nullable(),
    receivedAt: instant,
    outcome: outcome.nullable(),
    problem: problem.nullable(),
    standstill: standstill.nullable(),
  }),
).meta({ id: 'Command' })

export const historyEventView = view<views.HistoryEventView>()(
  z.strictObject({ id: z.number().int(), at: instant, type: z.string(), summary: z.string(), attributes: json }),
).meta({ id: 'HistoryEvent' })

export const fileView = view<views.FileView>()(
  z.strictObject({ id, name: z.string(), kind: z.enum(FILE_KIND_NAMES), size: z.number().int() }),
).meta({ id: 'File' })

export const commentView = view<views.CommentView>()(
  z.strictObject({
    id,
    taskId: id.nullable(),
    author: personRef.nullable(),
    capacity: z.string(),
    text: z.string().nullable(),
    at: instant,
    mentions: z.array(personRef),
    mine: z.boolean(),
  }),
).meta({ id: 'Comment' })

export const additionView = view<views.AdditionView>()(
  z.strictObject({
    seq: z.number().int(),
    kind: z.enum(ADDITIONS),
    at: instant,
    on: isoDate,
    author: personRef.nullable(),
    capacity: z.string(),
    content: json,
    hash: z.string(),
  }),
).meta({ id: 'Addition' })
