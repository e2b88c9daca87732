/**
 * The shapes in which the API answers, shared with the console by `import type`. Dates are `YYYY-MM-DD`, instants ISO UTC.
 */
import type {
  Addition,
  BodyRef,
  Capacity,
  Confidence,
  Due,
  ExtendedRegister,
  FileId,
  FileKind,
  Impersonal,
  LetterChoice,
  LinkPart,
  Locale,
  Name,
  NobodyMay,
  Notice,
  PersonRef,
  Reason,
  Role,
  Starter,
  TaskState,
  TermRow,
  TermUnit,
} from '../../workflows/kernel/contract'
import type { Problem } from '../../workflows/kernel/protocol/problem'
import type { SharedRegister } from '../../workflows/kernel/register-sight'

export type { BodyRef, DemoUser, Name, PersonRef } from '../../workflows/kernel/contract'
export type { Problem } from '../../workflows/kernel/protocol/problem'

/** Lists never count whole tables: they say whether there is more. */
export interface Page<T> {
  data: T[]
  /** `end`: where it ends, for a list that can be asked for what is behind (`after`) */
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; end?: string }
}

/** JSON Schema (2020-12) of a form. `x-widget` names the input, `x-content` marks personal content. */
export type JsonSchema = Record<string, unknown>

export interface Me {
  person: PersonRef
  roles: { role: Role; body: BodyRef; from: string; to: string | null }[]
  /** true while the product runs as a demonstration */
  demo: boolean
  developer: boolean
  administrator: boolean
  /** what people upload is looked at for malware */
  scansFiles: boolean
  today: string
  /** there is a case about him whose course he sees, a rehearsal only in the demonstration */
  ownCases: boolean
  /** those of which there is a list for him */
  registers: SharedRegister[]
}

export interface ProcessView {
  /** `probation`, or `probation@1` for a version kept for cases that began under it */
  name: string
  version: number
  /** new cases begin with it */
  current: boolean
  stages: string[]
  ends: string[]
  /** from each stage, and from the `start`, the stages and ends that may follow: the map of the process */
  moves: Record<string, string[]>
  /** who starts its cases; without a name whoever is signed in, in any body */
  startedBy: Starter[]
  /** bodies in which the signed-in person may start a case, and in which capacities by his name; none: only without it */
  startableIn: (BodyRef & { capacities: Capacity[] })[]
  start: JsonSchema
  /** of the process, then of the kernel, which may ask for them in any case */
  tasks: TaskKindView[]
  /** what each fact is that a task shows; null: none does */
  facts: JsonSchema | null
  /** `byCases`: what a linked case has to be to this one in order to do it */
  acts: { act: string; form: JsonSchema; byCases: LinkPart[] }[]
  /** cases that it opens: words `opens.<as>`; what becomes of them when this one is cancelled, null: nothing */
  opens: { as: string; process: string; whenCancelled: 'cancel' | { tell: string } | null }[]
  /** roles in a body that it adds to the kernel's */
  roles: string[]
  /** its own registers that the signed-in person may look up */
  registers: OwnRegisterView[]
  /** fields that it adds to shared registers: words `fields.<field>` */
  registerFields: { register: ExtendedRegister; form: JsonSchema }[]
  documents: string[]
  /** what may be added to its cases after their end, with the forms */
  additions: { kind: Addition; form: JsonSchema }[]
  /** processes whose closed cases a new one may continue */
  continues: string[]
  /** it hears appeals of what others decided: its cases begin from the decision they are against */
  appeals: boolean
  /** lists of its facts and forms, of which each item has words: `items.<list>` */
  lists: string[]
  terms: (TermRow & { name: Name; unverified: boolean })[]
}

/** A register of a process as a page needs it: words `registers.<name>.{title,explain}`. */
export interface OwnRegisterView {
  /** in addresses: `/api/register/<register>` */
  register: string
  name: string
  /** of a row */
  form: JsonSchema
  /** field that names the body to which a row belongs */
  body: string
  /** orders of its list */
  sorts: string[]
  removable: boolean
  /** bodies whose rows the signed-in person may enter and change; null: of all */
  keptIn: string[] | null
}
export interface OwnRowView {
  id: string
  body: string
  fields: Record<string, unknown>
  version: number
}

/** What a page of a kind of task needs to know before any such task is open. */
export interface TaskKindView {
  kind: string
  form: JsonSchema
  /** key of the term that its contract gives; null where its story gives a date of its own */
  within: string | null
  /**
   * the field that decides, and the values it may have: words `tasks.<kind>.choices.<choice>.{button,record,consequence}`; null: the kind has
   * one button, `tasks.<kind>.{button,record,consequence}`
   */
  decision: { field: string; choices: string[] } | null
  /** it may be answered by returning an earlier one for revision */
  returns: boolean
  /** kinds whose answers, and facts and clocks of the case, that matter for it */
  shows: string[]
  facts: string[]
  clocks: string[]
}

export interface DueView extends Due {
  /** real instant at which it falls due; null while the clock of a rehearsal is held */
  at: string | null
  overdue: boolean
}

export const TASK_VERBS = [
  'claim',
  'release',
  'start',
  'assign',
  'delegate',
  'complete',
  'return',
  'recuse',
  'ask',
  'withdrawQuestion',
] as const
export type TaskVerb = (typeof TASK_VERBS)[number]

export interface TaskView extends AboutView {
  id: string
  caseId: string
  caseNumber: string
  process: string
  kind: string
  state: TaskState
  version: number
  /** null: the course of the case is not shown */
  stage: string | null
  /** the role in a body, or the person, that it is for */
  for: { role: Role; body: BodyRef } | { person: PersonRef }
  body: BodyRef
  openedOn: string
  due: DueView | null
  closesOn: string | null
  assignee: PersonRef | null
  returned: boolean
  escalated: boolean
  /** nobody who may do it has it: the person it is addressed to is no longer in office, or its holder lost his role while it stands still */
  unheld: boolean
  /** why the system itself asks for it; null for a task of the process */
  about: Reason | null
  answeredBy: PersonRef | null
  answeredAt: string | null
  /** why it ended without an answer; null while it is open, and for one that was answered */
  unanswered: Unanswered | null
  rehearsal: string | null
  /** what the signed-in person may do with it now */
  verbs: TaskVerb[]
  /** the day until which he has put it off for himself; null: he has not */
  snoozedUntil: string | null
  /** the days until which he may put it off, the last by its term; null: he may not */
  snooze: { from: string; to: string | null } | null
}

export const DAY_PARTS = ['overdue', 'today', 'week', 'returned', 'free', 'later'] as const
/** The parts of a day in their order; a task is in the first that fits. */
export type DayPart = (typeof DAY_PARTS)[number]
/** A task of a day, with the other open tasks of its case: at most four. */
export interface DayTask extends TaskView {
  beside: { id: string; kind: string; process: string; for: TaskView['for']; assignee: PersonRef | null }[]
}
/** What needs the signed-in person. */
export interface DayView {
  /** without those in which there is nothing; `total` up to a hundred, of which the first are told */
  parts: { part: DayPart; total: number; tasks: DayTask[] }[]
  /** how the work is spread for which he answers: as a head by people, as an officer of the Agency by bodies */
  loads: LoadView[]
  /** the first tasks that others have to do today or in this week */
  soon: TaskView[]
}
export interface LoadView {
  by: 'person' | 'body'
  /** whoever is late first; `subject`: people whom the cases are about; `nobody`: not taken up yet */
  rows: {
    holder: 'person' | 'subject' | 'nobody' | 'body'
    person: PersonRef | null
    body: BodyRef | null
    open: number
    overdue: number
    /** due today or in this week */
    soon: number
  }[]
  /** false: only the tasks that end first were counted */
  whole: boolean
}

/** Why a closed task has no answer: words `because.<because>`, of which `missed` says that nobody did it before it closed. */
export interface Unanswered {
  because: string
  on: string | null
}

/** A task that nobody did before it closed. */
export interface MissedView {
  taskId: string
  kind: string
  /** whose it was; null where it was a role's */
  by: PersonRef | null
  due: string | null
  /** when it closed */
  on: string
}

/** An answer with its content, as those who may see the case see it. */
export interface AnswerView {
  /** null: it is what the case was started with (`start`) */
  taskId: string | null
  kind: string
  by: PersonRef | null
  on: string
  /** it was given after an earlier one had been sent back for revision */
  revised: boolean
  answer: Record<string, unknown>
}

export interface QuestionView {
  taskId: string
  to: PersonRef
  question: string
  askedOn: string
  answer: string | null
  answeredOn: string | null
}

/** A day before or after which a date is not accepted, and the code of the sentence that says so. */
export interface BoundView {
  on: string
  code: string
}

/** What a form offers as its case stands. Codes have words `errors.<code>`. */
export interface OfferView {
  /** why it cannot be used at all now */
  closed: Reason | null
  /** by field: the choices, or numbers of items, that cannot be chosen now, each with its code */
  refused: Record<string, Record<string, string>>
  /** by dotted field without places in lists: the days between which a date has to lie */
  days: Record<string, { from: BoundView | null; to: BoundView | null }>
  /** by field that names a person: the people from among whom he is chosen; where there are none, the register is searched */
  among: Record<string, string[]>
  /** by field that names a recorded item: the list, and its items in order, with what is recorded of each */
  items: Record<string, { list: string; items: Record<string, unknown>[] }>
}

export interface TaskDetail extends TaskView {
  /** the regime of law of the case, which its instruction cites */
  regime: string
  form: JsonSchema
  offer: OfferView
  /** values the form starts with, as the process fills them in; what was typed since is a draft */
  initial: Record<string, unknown>
  /** answers the person needs to see beside the form */
  shows: AnswerView[]
  /** facts of the case that matter for it, in the order of its kind; what each is, `facts` of its process says */
  facts: Record<string, unknown>
  /** documents that matter for it, of those that the reader may open; words `documents.<kind>.title` of `process` */
  documents: { id: string; kind: string; number: string; issuedOn: string; process: string }[]
  /** how long each term is that the case took with it: what follows from an answer is told with them */
  terms: Record<string, { value: number; unit: TermUnit }>
  /** tasks of the kinds it shows that nobody did before they closed, oldest first */
  missed: MissedView[]
  questions: QuestionView[]
  /** remarks with which it was returned, or the question being answered */
  remarks: string | null
  /** why the signed-in person may not complete it, if so */
  refusal: Reason | null
  /** the day since which whoever holds it has held it, to whoever sees the course of the case */
  heldSince: string | null
  /** those in which he may; of several he has to say in which he acts */
  capacities: Capacity[]
  /** command under way for it */
  command: string | null
  /** whose task it was before somebody else was asked, and why he may not do it; `why`: null where he may again; `asked`: false where nobody anywhere may */
  standsInFor: {
    role: Role | null
    person: PersonRef | null
    body: BodyRef | null
    why: NobodyMay | null
    asked: boolean
  } | null
  /** the answer is, or will be, sealed until its commission opens all of them */
  sealed: boolean
  /** the commission in which it is asked, to whoever sees the case */
  commission: string | null
  /** he sees what colleagues say of the task; `may`: and may say something himself */
  comments: 'none' | 'sees' | 'may'
}

/** What the signed-in person has typed into a form and not sent. */
export interface DraftView {
  /** 0: nothing was ever typed */
  version: number
  form: Record<string, unknown> | null
  savedAt: string | null
}
/** Why a draft was not saved: another text was saved at the same address meanwhile. */
export interface StaleDraft extends Problem {
  draft: DraftView
}

/** Whom and what a case is about: any of these; its own body is no part of it. */
export interface AboutView {
  subject: PersonRef | null
  position: { id: string; name: Name } | null
  aboutBody: BodyRef | null
  /** for those who may find it */
  aboutCase: CaseRef | null
}

export interface CaseView extends AboutView {
  id: string
  number: string
  process: string
  version: number
  regime: string
  /** these are null, and `annulled` false, for whoever does not see the course of the case */
  stage: string | null
  status: 'opening' | 'open' | 'closed' | null
  outcome: string | null
  /** another case annulled its result */
  annulled: boolean
  basis: Reason | null
  body: BodyRef
  startedOn: string
  closedOn: string | null
  rehearsal: string | null
}

/** The annulment of the result of a case, as whoever may find the case that annulled it reads it. */
export interface AnnulmentView {
  by: CaseRef & { process: string }
  on: string
  /** a reason of the process of that case */
  ground: string
}

/** Another case, as it is named to those who may find it. */
export interface CaseRef {
  id: string
  number: string
}

export interface ClockView {
  name: string
  left: DaysLeft | null
  startsOn: string
  endsOn: string
  steps: Due['steps']
}

/** A decision: the document that says it, who took it, from when it has effect and until when it may be appealed. */
export interface DecisionView {
  document: { id: string; kind: string; number: string }
  /** null: nobody's answer decided it; unknown: what its document is made of cannot be read */
  takenBy: { name: Name; position: Name | null; capacity: Name | null } | 'unknown' | null
  /** documents that amended it, oldest first */
  amendments: AmendmentView[]
  /** by: null where no person did */
  withdrawn: { on: string; ground: string; by: { person: PersonRef; capacity: string | null } | null } | null
  /** why it has no effect any more; null: it stands */
  void: 'annulled' | 'cancelled' | 'withdrawn' | null
  madeOn: string
  effectiveFrom: string
  /** the day of before, where an amendment or an appeal has changed it; null: nothing has */
  firstEffectiveFrom: string | null
  /** null: it is not known that whom it concerns was told */
  deliveredOn: string | null
  /** the last day for an appeal, and how it was reached; null before it was delivered, and where no term is known */
  appeal: { on: string; steps: DueView['steps']; over: boolean; unverified: boolean } | null
  /** accepted appeals of it that the reader finds, oldest first */
  appeals: { since: string; case: LinkedCaseView }[]
  /** the start form by which the reader may appeal it now, and what it says then */
  mayAppeal: { process: string; body: string; form: Record<string, string> } | null
}

/** A suspension of the case, or of one term of it. */
export interface SuspensionView {
  /** words `because.<ground>`; null: why clocks stood still is not shown */
  ground: string | null
  of: 'case' | { clock: string } | { task: string }
  /** first and last day; no last day while it stands */
  from: string
  to: string | null
  /** the last day on which it is expected to stand; null: nobody knows */
  expected: string | null
  /** days that have passed, its first, and its last or today, among them */
  days: number
  /** the rule by which there is such a ground */
  rule: { source: string; confidence: Confidence; unverified: boolean } | null
  /** it ends by itself with the expected day */
  endsItself: boolean
  /** roles that may end it: words `roles.<role>` */
  endedBy: string[]
}

/** A document that amended a decision; null to whoever does not see it. */
export interface AmendmentView {
  document: { id: string; kind: string; number: string } | null
  takenBy: DecisionView['takenBy']
  on: string
  deliveredOn: string | null
  /** the term of appeal runs anew from its delivery */
  appealAnew: boolean
}

/** A commission: who sits, and who has answered. Marks are null until the answers are open. */
export interface CommissionView {
  id: string
  /** the kind of task that its members answer */
  kind: string
  state: 'asking' | 'casting' | 'decided' | 'failed' | 'withdrawn'
  quorum: number
  /** field of the answer that is counted: words of a mark are `options.<countedBy>.<mark>` */
  countedBy: string
  choice: string | null
  /** the day with which it ends, while it is asked */
  closesOn: string | null
  /** your own task in it, while it is open */
  task: string | null
  seats: {
    member: PersonRef
    as: 'member' | 'alternate' | 'replacement'
    chair: boolean
    state: 'called' | 'asked' | 'answered' | 'late' | 'recused' | 'replaced' | 'excluded'
    on: string | null
    mark: string | null
    void: 'replaced' | 'sealBroken' | 'again' | null
  }[]
}

export interface ActView {
  act: string
  form: JsonSchema
  offer: OfferView
  initial: Record<string, unknown>
  /** ends the present part of the case: the console asks for confirmation */
  turn: boolean
  /** the decision that it withdraws; one that was delivered is withdrawn only by whoever confirms that he knows */
  withdraws: { kind: string; deliveredOn: string | null } | null
  /** those in which the signed-in person may perform it; of several he has to say in which he acts */
  capacities: Capacity[]
}

/** How many days of a term are left after today, in the days by which it is counted; 0: it ends today. */
export interface DaysLeft {
  days: number
  unit: 'working days' | 'calendar days'
}
export interface OpenTaskView extends TaskView {
  /** null: without a term, over, or not known */
  left: DaysLeft | null
}

/**
 * What a case waits for, or how it ended, as one sentence: of a task `tasks.<kind>.waits` of its process, of a day
 * `awaits.<comes>`.
 */
export type NextView =
  | { code: 'opening' | 'standstill' | 'stuck' }
  | { code: 'ended'; end: string | null; on: string }
  | { code: 'suspended'; since: string; expected: string | null }
  /** `others`: kinds of task beside it that wait too */
  | { code: 'task'; id: string; process: string; kind: string; on: string | null; overdue: boolean; others: number }
  /** comes: null where the story does not say what comes with the day */
  | { code: 'day'; comes: string | null; on: string; steps: DueView['steps'] }
  /** for other cases; or it goes on as soon as something happens, and nothing more is known */
  | { code: 'cases' | 'goesOn' }

/** A stage of the process on the way of a case; a stay has no last day while the case is there. */
export interface StageView {
  stage: string
  /** gone through, where it stands, may come, or left out */
  state: 'done' | 'now' | 'ahead' | 'skipped'
  stays: { from: string; to: string | null }[]
}

/** What is out of the ordinary about a case, each a word with an icon: `app.marks.<mark>`. */
export const CASE_MARKS = [
  'standstill',
  'stuck',
  'annulled',
  'suspended',
  'heldByAppeal',
  'overdue',
  'extended',
  'returned',
  'undelivered',
  'restricted',
] as const
export type CaseMark = (typeof CASE_MARKS)[number]

export interface CaseDetail extends CaseView {
  next: NextView
  marks: CaseMark[]
  stages: StageView[]
  /** whichever falls due first comes first */
  openTasks: OpenTaskView[]
  /** changes with every step; sent back with an act to refuse a stale one */
  step: number
  /** you may read who looked at it */
  readers: boolean
  /** you may read the workflow history behind it */
  /** he sees what colleagues say of it */
  comments: boolean
  /** he may say something himself */
  mayComment: boolean
  /** it has ended, and he sees what was added to it since */
  added: boolean
  /** what he may add to it now: words `additions.<kind>` */
  additions: ProcessView['additions']
  technical: boolean
  /** today by the clock of the case */
  today: string
  clocks: ClockView[]
  acts: ActView[]
  parties: { part: string; person: PersonRef }[]
  /** it is restricted to named people; who they are is told to them alone */
  restricted: { to: PersonRef[] | null } | null
  commissions: CommissionView[]
  /** those whose documents the reader sees, newest first */
  decisions: DecisionView[]
  /** those that stand first */
  suspensions: SuspensionView[]
  /** terms and rules the case took with it */
  terms: (TermRow & { name: Name; unverified: boolean })[]
  rules: {
    key: string
    value: boolean | number | string
    confidence: Confidence
    source: string
    unverified: boolean
  }[]
  clock: { speed: number; held: boolean } | null
  standstill: StandstillView | null
  stuck: StuckView | null
  /** no decision of the case is carried out until an appeal, received then, has begun */
  heldByAppeal: { since: string } | null
  /** null: it is not annulled, or whoever asks may not find the case that annulled it */
  annulment: AnnulmentView | null
  links: LinksView
}

/** Links with other cases, of those that the reader may find. */
export interface LinksView {
  count: number
  /** those that were made last */
  shown: LinkView[]
}

export interface LinkView {
  /** what the other case is to this one */
  part: LinkPart
  /** name under which this case opened the other: words `opens.<as>` */
  as: string | null
  /** null: it is being opened */
  case: LinkedCaseView | null
}

export interface LinkedCaseView extends CaseRef, Pick<CaseView, 'stage' | 'status' | 'outcome' | 'annulled'> {
  process: string
}

export interface EventView {
  seq: number
  kind: string
  at: string
  on: string
  actor: PersonRef | null
  /** who acted, where it is no person; null: a person, or the case by itself */
  by: 'case' | Impersonal | null
  /** the case that acted, for those who may find it */
  actorCase: CaseRef | null
  /** the case that the entry tells of, for those who may find it */
  otherCase: (CaseRef & { process: string }) | null
  /** the bodies from which and to which the case was handed over */
  handedOver: { from: BodyRef; to: BodyRef } | null
  capacity: string | null
  taskId: string | null
  params: Record<string, unknown>
  /** content of the answer or act, for those who may see it */
  content: Record<string, unknown> | null
  hash: string
}

/** Somebody who was shown something of the case, in one answer. */
export interface ReaderView {
  id: string
  at: string
  /** null: the register does not have him any more */
  person: PersonRef | null
  kind: 'staff' | 'candidate' | 'citizen' | 'system'
  onBehalfOf: PersonRef | null
  /** in what capacity: the rows of the table of who sees what by which he was shown it */
  as: string[]
  /** the route */
  door: string
  pieces: string[]
}

export interface DocumentView {
  id: string
  kind: string
  /** in the numbers of the body that issued it */
  number: string
  issuer: BodyRef
  issuedOn: string
  /** its files, by language: none while they are being made; null for a document of before, which has no paper */
  papers: PaperView[] | null
}

/** A document by itself, with its page. */
export interface DocumentDetail extends DocumentView {
  caseId: string
  /** key of the process and version, for its words */
  process: string
  html: string
  /** of a decision that has effect from another day than it says; null: of any other document */
  dayChanged: Pick<DecisionView, 'effectiveFrom' | 'firstEffectiveFrom'> | null
}

export interface PaperView {
  language: Locale
  sha256: string
  /** in bytes */
  size: number
}

/** A case stands still because the code of its process failed: it keeps all it was sent, and goes on once the code is mended. */
export interface StandstillView {
  since: string
  /** for developers */
  details: { process: string; version: number; cause: string; line: string | null; times: number } | null
}

/** Nothing will move an open case: why. */
export interface StuckView {
  since: string
  /** its open tasks, none of which anybody may do */
  tasks: { kind: string; why: NobodyMay; role: Role | null; body: BodyRef | null; person: PersonRef | null }[]
  /** cases that it waits for; their numbers are for developers and administrators */
  waitsFor: { number: string | null; closed: boolean }[]
  /** numbers of the cases that wait for one another in a circle, this case first; for developers and administrators */
  circle: string[]
}

/** What somebody is told, as far as he sees it now. */
export interface NoticeView {
  id: string
  kind: Notice
  at: string
  read: boolean
  process: string
  case: CaseRef
  task: { id: string; kind: string; open: boolean } | null
  due: string | null
  stage: string | null
  end: string | null
  rehearsal: string | null
}

/** How somebody wants letters. */
export interface LetterWishView {
  /** the register's; null: it has none */
  address: string | null
  letters: LetterChoice
  language: Locale
  /** this installation sends letters */
  sent: boolean
}

/** How letters go, for operators. */
export interface OutboxView {
  on: boolean
  waiting: number
  stopped: number
  refused: number
  sent: number
  oldest: string | null
  troubled: {
    id: string
    kind: 'notice' | 'digest'
    state: 'waiting' | 'stopped' | 'refused'
    attempts: number
    dueAt: string
    nextAt: string
    lastError: string | null
  }[]
}

export interface StuckCaseView {
  caseId: string
  caseNumber: string
  process: string
  stuck: StuckView
}

/** 202 and GET /api/commands/:id */
export interface CommandView {
  id: string
  state: 'stored' | 'done' | 'refused'
  /** null, as in its outcome: you do not find the case any more */
  caseId: string | null
  taskId: string | null
  receivedAt: string
  outcome: Outcome | null
  problem: Problem | null
  /** why it has no outcome yet, where the case stands still */
  standstill: StandstillView | null
}

/** What came of a command. */
export type Outcome =
  | { result: 'done' }
  | { result: 'started'; caseId: string | null; number: string | null }
  /** a start without a name: its sender hears no more, for whether a case began may tell of another */
  | { result: 'received'; caseId: string | null; number: string | null }
  | { result: 'refused'; caseId: string | null; number: string | null; reason: Reason; errors?: Record<string, string> }

/** One event of the Temporal history, decoded, for developers. */
/** One change of a row of a register: entered when there is nothing before, removed when there is nothing after. */
export interface RowChangeView {
  seq: number
  at: string
  by: 'person' | 'case' | 'system'
  person: PersonRef | null
  /** role in which the person acted */
  capacity: string | null
  /** number of the case that did it */
  case: string | null
  /** number of the document under which it was done */
  document: string | null
  basis: string | null
  /** the row by the names of its columns */
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

export interface HistoryEventView {
  id: number
  at: string
  type: string
  /** what the event is about: activity name, update name, timer length */
  summary: string
  attributes: Record<string, unknown>
}

/** What somebody uploaded. */
export interface FileView {
  readonly id: FileId
  readonly name: string
  readonly kind: FileKind
  /** bytes */
  readonly size: number
}

/** What a colleague says of a case or of one of its tasks. */
export interface CommentView {
  id: string
  /** the task that it is on; null: the case */
  taskId: string | null
  /** null: the register does not have him any more */
  author: PersonRef | null
  /** the row of who sees what by which he saw the comments: a role or a part */
  capacity: string
  /** null: it is withdrawn */
  text: string | null
  at: string
  mentions: PersonRef[]
  /** whoever asks wrote it */
  mine: boolean
}

/** What was added to a case after its end. */
export interface AdditionView {
  /** number of its entry in the case file */
  seq: number
  kind: Addition
  at: string
  /** day by the clock of the case */
  on: string
  /** null: the register does not have him any more */
  author: PersonRef | null
  capacity: string
  /** what was filled in, by the names of the fields */
  content: Record<string, unknown>
  /** hash of its entry */
  hash: string
}
