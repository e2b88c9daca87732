/**
 * Compares what the database shows with what the workflows say, names what differs, and mends what is behind: history is right.
 * Works while the product runs: a case that moves is looked at again until two looks agree.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { sendAgain, type Sender } from '../../api/commands/submit'
import { findStuck, whyStuck } from '../../api/operations/stuck-cases'
import { engineOf } from '../../api/service/temporal'
import {
  pendingCommands,
  takeLinkedCommands,
  takePendingCommands,
  type StoredCommand,
} from '../../prisma/store/commands'
import { rootFaults, sealedAsTheyAre, unlikeSealed, type AuditRoot } from '../../prisma/store/audit-roots'
import type { Db } from '../../prisma/store/db'
import { changedAdditions } from '../../prisma/store/additions'
import { damagedDocuments, type DamagedDocument } from '../../prisma/store/documents'
import { damagedPapers, type DamagedPaper } from '../../prisma/store/papers'
import { verifyChain } from '../../prisma/store/events'
import { fileStoreInPostgres, type FileStore } from '../../prisma/store/file-store'
import { damagedFiles, type DamagedFile } from '../../prisma/store/files'
import { storyFailures, type StoryFault } from '../../prisma/store/incidents'
import { troubledLetters, type TroubledLetter } from '../../prisma/store/letters'
import {
  allCases,
  contentLost,
  differencesOf,
  doneWithoutEffect,
  mendCase,
  openCases,
  rowsOf,
  withoutOpenRow,
  type CaseRows,
  type Difference,
} from '../../prisma/store/reconcile-rows'
import type { Recording } from '../../prisma/store/casefile'
import { processStores } from '../../prisma/store/process-stores'
import type { WhyStuck } from '../../prisma/store/stuck'
import { changedContents, decisionsWithoutCommand, unlikeHistory } from '../../prisma/store/reconcile-trails'
import type { CaseId, CommandId, NobodyMay } from '../../workflows/kernel/contract'
import type { CaseSnapshot } from '../../workflows/kernel/protocol/step'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { isKnown, querySnapshot, runningCases, stepsOf, type WorkflowAnswer } from './workflow'

export type FindingKind =
  /** rows are not what the workflow says */
  | 'differs'
  /** a workflow that has recorded steps, and no row of its case */
  | 'rowMissing'
  /** an open case of which Temporal knows nothing */
  | 'workflowMissing'
  /** an open case whose workflow has failed or was ended by hand */
  | 'workflowEnded'
  /** rows of steps that the workflow has not taken: Temporal was restored to an earlier moment than Postgres */
  | 'workflowBehind'
  /** a step that is not written, however long one looks: Postgres refuses it, or nobody writes it */
  | 'stuck'
  /** the workflow could not say where it stands: no worker serves its process version, or its code fails */
  | 'unanswered'
  /** the code of its process failed: the case stands still until it is mended */
  | 'storyFailed'
  /** open, and nothing will ever move it: no task that anybody may do, no date, no case that it waits for */
  | 'ownerless'
  /** stored, and without an outcome */
  | 'commandPending'
  /** said to be done, and nothing shows it */
  | 'effectAbsent'
  /** the audit trail was changed by another hand, or cut off; never mended */
  | 'chainBroken'
  /** a decision is in the file and nobody has sent a command for it; never mended */
  | 'commandMissing'
  /** what the last daily root knows of all cases was changed, or is not what was told of it; never mended */
  | 'rootChanged'
  /** an answer or a document whose content is in no row */
  | 'contentLost'
  /** what was written in an answer, or what a document is made of, was changed by another hand; never mended */
  | 'contentChanged'
  /** a letter waits a day beyond its time, or is stopped */
  | 'letterWaiting'
  /** bytes of a file are not all there; never mended */
  | 'fileLost'
  /** bytes of a file are others than were uploaded; never mended */
  | 'fileAltered'
  /** the store does not give the bytes of a file; nothing is known of them */
  | 'fileUnreadable'
  /** bytes that no file refers to, and that no round takes away */
  | 'fileOrphaned'
  /** a document whose paper is not there minutes after it was ordered */
  | 'paperMissing'
  /** bytes of a paper that are not those that were issued; never mended */
  | 'paperChanged'

export interface Finding {
  readonly kind: FindingKind
  /** null: all cases together */
  readonly case: CaseId | null
  readonly number: string | null
  /** one sentence for the operator */
  readonly says: string
  readonly differences: readonly Difference[]
  readonly mended: boolean
}

export interface Report {
  readonly looked: { readonly cases: number; readonly workflows: number; readonly chains: number }
  /** cases with a step on its way all the while: nothing wrong, nothing compared */
  readonly moving: number
  readonly findings: readonly Finding[]
  /** nothing differs, or all that did is mended */
  readonly whole: boolean
}

export interface Reconciling {
  readonly db: Db
  readonly client: Client
  /** write what is behind; otherwise only name it */
  readonly mend: boolean
  /** where bytes of files are; absent: in the database */
  readonly files?: FileStore
  /** only these cases, and not everything there is */
  readonly only?: readonly CaseId[]
  readonly taskQueue?: string
  /** what steps that are brought back are recorded with; absent: what the product serves */
  readonly recording?: Recording
  /** daily roots as they were told outside of the database; absent: only the database is looked at */
  readonly told?: readonly AuditRoot[]
  /** leaves commands alone that were sent in the last seconds: whoever sent them is still waiting */
  readonly pendingAfterS?: number
  /** called with each finding as it is made */
  readonly tell?: (finding: Finding) => void
}

const PAGE = 200
/** queries that a worker answers at once; it has other work to do */
const AT_ONCE = 8
const MOST = 1000
const PENDING_AFTER_S = 10
/** a paper takes a second or two */
const PAPER_AFTER_S = 300
const ANSWER_WITHIN_MS = 20_000
/** A letter that waits so long beyond its time is named. */
const LETTER_HOURS = 24

/** Looks at every open case, every running workflow, every command and every audit chain. */
export async function reconcile(asked: Reconciling): Promise<Report> {
  const findings: Finding[] = []
  const looked = { cases: 0, workflows: 0, chains: 0 }
  let moving = 0
  const found = (finding: Finding): void => {
    findings.push(finding)
    asked.tell?.(finding)
  }
  const look = async (caseId: CaseId): Promise<void> => {
    const seen = await lookAt(asked, caseId)
    if (seen === 'moving') moving += 1
    else seen.forEach(found)
  }

  // commands first: what they bring is then compared like everything else
  for (const finding of await pending(asked)) found(finding)
  if (asked.only) {
    looked.cases = asked.only.length
    await inParallel(asked.only, look)
  } else {
    await pages(
      (after) => openCases(asked.db, after, PAGE),
      (id) => id,
      async (ids) => {
        looked.cases += ids.length
        await inParallel(ids, look)
      },
    )
    await batches(runningCases(asked.client, asked.taskQueue), async (ids) => {
      looked.workflows += ids.length
      await inParallel(await withoutOpenRow(asked.db, ids), look)
    })
  }
  for (const { caseId, caseNumber, params } of await storyFailures(asked.db, MOST, asked.only))
    found(finding('storyFailed', caseId, caseNumber, faultOf(params)))
  for (const finding of await ownerless(asked)) found(finding)
  for (const finding of await absentEffects(asked)) found(finding)
  for (const { case: id, number, says } of await decisionsWithoutCommand(asked.db, MOST, asked.only))
    found(finding('commandMissing', id, number, says))
  for (const { case: id, number, task } of await contentLost(asked.db, MOST, asked.only))
    found(finding('contentLost', id, number, `the content of the answer to task ${task} is in no row`))
  await pages(
    (after) => allCases(asked.db, after, PAGE, asked.only),
    ({ id }) => id,
    async (cases) => {
      looked.chains += cases.length
      const ids = cases.map(({ id }) => id)
      const sealed = await sealedAsTheyAre(asked.db, ids)
      await inParallel(cases, async ({ id, number }) => {
        const chain = await settledChain(asked.db, id)
        if (!chain.ok)
          found(finding('chainBroken', id, number, `the audit trail does not verify from entry ${chain.brokenAt} on`))
        // what the last root has seen is held against the root
        else if (!sealed.has(id))
          for (const says of await againstHistory(asked, id)) found(finding('chainBroken', id, number, says))
      })
      for (const document of await damagedDocuments(asked.db, ids)) found(damaged(document))
      for (const paper of await damagedPapers(asked.db, ids, PAPER_AFTER_S)) found(paperFault(paper))
      for (const { case: id, number, seq, what } of await changedAdditions(asked.db, ids))
        found(
          finding(
            'contentChanged',
            id,
            number,
            `the ${what} that was added after the end is not the one of entry ${String(seq)} of the case file`,
          ),
        )
      for (const { case: id, number, says } of await changedContents(asked.db, ids))
        found(finding('contentChanged', id, number, says))
    },
  )
  for (const { case: id, number, says } of await unlikeSealed(asked.db, asked.only))
    found(finding('chainBroken', id, number, says))
  if (!asked.only)
    for (const letter of await troubledLetters(asked.db, LETTER_HOURS))
      if (letter.state !== 'refused') found(finding('letterWaiting', null, null, waitingSaid(letter)))
  if (!asked.only)
    for await (const file of damagedFiles(asked.db, asked.files ?? fileStoreInPostgres(asked.db)))
      found(damagedFile(file))
  if (!asked.only)
    for (const { case: id, number, says } of await rootFaults(asked.db, asked.told ?? []))
      found(finding('rootChanged', id, number, says))

  return { looked, moving, findings, whole: findings.every(({ mended }) => mended) }
}

const waitingSaid = ({ id, state, dueAt, attempts, lastError }: TroubledLetter): string =>
  `letter ${id} ${state === 'stopped' ? 'is stopped' : 'waits'} since ${dueAt.toISOString()} after ${String(attempts)} attempts: ${lastError ?? 'nobody has tried to send it'}`

const finding = (
  kind: FindingKind,
  caseId: CaseId | null,
  number: string | null,
  says: string,
  more: { readonly differences?: readonly Difference[]; readonly mended?: boolean } = {},
): Finding => ({ kind, case: caseId, number, says, differences: more.differences ?? [], mended: more.mended ?? false })

const paperFault = ({ case: id, caseNumber, number, what }: DamagedPaper): Finding => {
  switch (what) {
    case 'notMade':
      return finding(
        'paperMissing',
        id,
        caseNumber,
        `document ${number} has no paper: see its incident and the worker's log`,
      )
    case 'changed':
      return finding('paperChanged', id, caseNumber, `the paper of document ${number} is not the bytes of its sum`)
    case 'otherwiseInFile':
      return finding(
        'paperChanged',
        id,
        caseNumber,
        `the paper of document ${number} is not the one that the case file says`,
      )
  }
}

const damaged = ({ case: id, caseNumber, number, what }: DamagedDocument): Finding =>
  what === 'lost'
    ? finding('contentLost', id, caseNumber, `the content of document ${number} is in no row`)
    : finding('contentChanged', id, caseNumber, `the content of document ${number} is not what was issued`)

const OF_FILES = {
  lost: ['fileLost', 'are not all there'],
  altered: ['fileAltered', 'are not what was uploaded'],
  unreadable: ['fileUnreadable', 'cannot be read'],
  orphaned: ['fileOrphaned', 'belong to no file'],
} as const
const damagedFile = ({ storeKey, what, why, cases }: DamagedFile): Finding => {
  const [kind, says] = OF_FILES[what]

  return finding(
    kind,
    null,
    cases.length > 0 ? cases.join(', ') : null,
    `the bytes ${storeKey} ${says}${why === undefined ? '' : ` (${why})`}`,
  )
}

// ------------------------------------------------------------------ one case

/** ten seconds in all: longer than it takes until another worker writes what a killed one was writing */
const LOOKS = 20
const SETTLED_LOOKS = 10
const FIRST_PAUSE_MS = 50

/** Compares one case. A difference counts when the workflow said the same before and after the rows were read. */
async function lookAt(asked: Reconciling, caseId: CaseId): Promise<Finding[] | 'moving'> {
  const first = await querySnapshot(asked.client, caseId)
  let before = first
  for (let look = 1; ; look += 1) {
    const rows = await rowsOf(asked.db, caseId)
    const found = judge(caseId, rows, before)
    if (found.length === 0 && recordingIn(before) === null) return []
    const after = await querySnapshot(asked.client, caseId)
    if (isStill(before, after)) return asked.mend ? await mended(asked, caseId, rows, after, found) : found
    if (look === LOOKS) {
      const step = recordingIn(after)
      if (step === null || step !== recordingIn(first)) return 'moving'

      return [...found, finding('stuck', caseId, rows?.file.number ?? null, `step ${step} is waiting to be written`)]
    }
    await sleep(FIRST_PAUSE_MS * look)
    before = await querySnapshot(asked.client, caseId)
  }
}

/** The step that a workflow has given to be written and does not know to be written. */
const recordingIn = (said: WorkflowAnswer): number | null =>
  said.known && said.status === 'RUNNING' && said.answer ? said.answer.recording : null

const isStill = (before: WorkflowAnswer, after: WorkflowAnswer): boolean => {
  if (!before.known || !after.known) return before.known === after.known
  if (!before.answer || !after.answer) return before.answer === after.answer && before.status === after.status

  return (
    before.status === after.status &&
    recordingIn(before) === null &&
    recordingIn(after) === null &&
    before.answer.recorded?.n === after.answer.recorded?.n
  )
}

function judge(caseId: CaseId, rows: CaseRows | null, said: WorkflowAnswer): Finding[] {
  const number = rows?.file.number ?? null
  const found = (kind: FindingKind, says: string, differences: readonly Difference[] = []) =>
    finding(kind, caseId, number, says, { differences })
  if (!said.known) {
    if (!rows || rows.file.status === 'closed') return []

    return [found('workflowMissing', 'the case is open and Temporal has no workflow of it')]
  }
  if (!said.answer) return [found('unanswered', `its workflow could not say where it stands: ${said.why}`)]
  const { recorded } = said.answer
  if (!recorded) {
    // a start on its way; rows that were there before it are looked at as ahead of it
    if (!rows) return []

    return [found('workflowBehind', `rows stand at step ${rows.steps.at(-1) ?? 0}, the workflow has recorded none`)]
  }
  const all: Finding[] = []
  if (!rows) return [found('rowMissing', `the workflow stands at step ${recorded.n} and the case has no row`)]
  const last = rows.steps.at(-1) ?? 0
  if (last > recorded.n)
    all.push(found('workflowBehind', `rows stand at step ${last}, the workflow at step ${recorded.n}`))
  else {
    const differences = differencesOf(rows, recorded)
    if (differences.length > 0) all.push(found('differs', sentence(differences), differences))
  }
  if (recorded.status === 'open') {
    if (said.status !== 'RUNNING')
      all.push(found('workflowEnded', `the case is open and its workflow is ${said.status.toLowerCase()}`))
  }

  return all
}

/** Open cases that nothing moves, real ones and rehearsals. */
async function ownerless({ db, client, taskQueue, only }: Reconciling): Promise<Finding[]> {
  const service = { db, engine: engineOf(client, taskQueue), now: Date.now }
  const among = only === undefined ? {} : { only }
  const stuck = await Promise.all(
    [false, true].map((rehearsals) => findStuck(service, { rehearsals, limit: MOST, ...among })),
  )

  return stuck.flatMap((cases) => {
    const all = new Map(cases.map((each) => [each.case as string, each]))

    return cases.map((each) => finding('ownerless', each.case, each.number, unmovedBecause(whyStuck(each, all))))
  })
}

const NOBODY_MAY: Readonly<Record<NobodyMay, string>> = {
  nobodyHolds: 'nobody holds its role',
  allExcluded: 'everybody who holds its role is excluded',
  noneNamed: 'its case is restricted, and names nobody who holds its role',
  excluded: 'its person is excluded',
  leftOffice: 'its person has left the office',
}

/** Why nothing moves a case, as an operator reads it. */
function unmovedBecause({ tasks, waitsFor, circle }: WhyStuck): string {
  const parts = [
    ...tasks.map(({ kind, why, role, body }) => {
      const whose = role === null ? '' : ` of ${role} ${body ?? ''}`

      return `nobody may do its task ${kind}${whose}: ${NOBODY_MAY[why]}`
    }),
    ...(circle.length > 0 ? [`it waits in a circle: ${[...circle, circle[0]].join(', ')}`] : []),
    ...waitsFor.map(
      ({ case: id, number, closed }) =>
        `it waits for ${number ?? id}, which ${closed ? 'is closed' : 'nothing moves either'}`,
    ),
  ]

  return parts.length === 0 ? 'nobody has a task in it and no date will move it' : parts.join('; ')
}

/** What stopped a case, as a developer reads it. */
const faultOf = ({ process, version, cause, line }: StoryFault): string =>
  `${process} version ${version} failed: ${cause}${line === null ? '' : ` at ${line}`}`

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** What differs, as a person reads it. */
function sentence(differences: readonly Difference[]): string {
  return differences
    .map(({ table, of, field, row, workflow }) => {
      const where = of === null ? field : `${table === 'tasks' ? 'task' : 'clock'} ${of} ${field}`

      return `${where} is ${shown(row)} and should be ${shown(workflow)}`
    })
    .join('; ')
}

async function mended(
  asked: Reconciling,
  caseId: CaseId,
  rows: CaseRows | null,
  said: WorkflowAnswer,
  found: readonly Finding[],
): Promise<Finding[]> {
  const snapshot = said.known ? (said.answer?.recorded ?? null) : null
  const mendable = found.some(({ kind }) => kind === 'differs' || kind === 'rowMissing')
  if (!snapshot || !mendable) return [...found]
  const done = await writeOver(asked, snapshot)
  const number = rows?.file.number ?? (await rowsOf(asked.db, caseId))?.file.number ?? null

  return found.map((each) =>
    each.kind === 'differs' || each.kind === 'rowMissing' ? { ...each, number, mended: done } : each,
  )
}

/** Writes the case as its workflow has it; when it goes on meanwhile, as it stands then. */
async function writeOver(
  { db, client, recording = { processes, words: readWords(), stores: processStores } }: Reconciling,
  snapshot: CaseSnapshot,
): Promise<boolean> {
  let now: CaseSnapshot | null = snapshot
  for (let attempt = 1; now && attempt <= LOOKS; attempt += 1) {
    const steps = await stepsOf(client, now.case)
    if (await mendCase(db, recording, { snapshot: now, steps, now: Date.now() })) return true
    await sleep(FIRST_PAUSE_MS * attempt)
    const again = await querySnapshot(client, now.case)
    now = again.known ? (again.answer?.recorded ?? null) : null
  }

  return false
}

/** An event is written with its hash in one transaction, but the chain is read in two statements: looked at twice when broken. */
async function settledChain(db: Db, caseId: CaseId): ReturnType<typeof verifyChain> {
  let chain = await verifyChain(db, caseId)
  for (let look = 1; !chain.ok && look < 4; look += 1) {
    await sleep(FIRST_PAUSE_MS * look)
    chain = await verifyChain(db, caseId)
  }

  return chain
}

/**
 * What a case that was not sealed since it last moved says otherwise than its history. History is read first, and a step may be
 * written in between: looked at again before it is said.
 */
async function againstHistory({ db, client }: Reconciling, caseId: CaseId): Promise<string[]> {
  for (let look = 1; ; look += 1) {
    // forgotten after its retention, or lost: that an open case has none is said elsewhere
    const steps = (await isKnown(client, caseId)) ? await stepsOf(client, caseId) : null
    const said = steps ? await unlikeHistory(db, caseId, steps) : []
    if (said.length === 0 || look === SETTLED_LOOKS) return said
    await sleep(FIRST_PAUSE_MS * look)
  }
}

// ------------------------------------------------------------------ commands

/** Commands without an outcome; sent again when mending, like the API does every few seconds. */
async function pending(asked: Reconciling): Promise<Finding[]> {
  const { db, client, mend, only, taskQueue, pendingAfterS = PENDING_AFTER_S } = asked
  if (!mend)
    return (await pendingCommands(db, MOST, pendingAfterS, only)).map((command) => pendingFinding(command, false))
  const sender: Sender = {
    db,
    processes,
    engine: engineOf(client, taskQueue),
    answerWithinMs: ANSWER_WITHIN_MS,
    log: { warn: () => undefined, error: () => undefined },
    metrics: { command: () => undefined },
  }
  const found: Finding[] = []
  const done = new Set<CommandId>()
  for (;;) {
    const ofPeople = await takePendingCommands(db, AT_ONCE, pendingAfterS, only)
    const ofCases = await takeLinkedCommands(db, AT_ONCE, only)
    const taken = [...ofPeople, ...ofCases].filter(({ id }) => !done.has(id))
    if (taken.length === 0 || found.length >= MOST) return found
    const sent = await Promise.all(taken.map((command) => sendAgain(sender, command)))
    for (const command of sent) {
      done.add(command.id)
      found.push(pendingFinding(command, command.state !== 'stored'))
    }
  }
}

const pendingFinding = (command: StoredCommand, mended: boolean): Finding =>
  finding(
    'commandPending',
    command.caseId,
    null,
    mended
      ? `the command ${command.id} (${command.kind}) had no outcome; sent again, it is ${command.state}`
      : `the command ${command.id} (${command.kind}) has no outcome yet`,
    { mended },
  )

async function absentEffects(asked: Reconciling): Promise<Finding[]> {
  const absent = await doneWithoutEffect(asked.db, MOST, asked.only)
  if (asked.mend) for (const caseId of new Set(absent.map((each) => each.case))) await bringBack(asked, caseId)
  const left = new Set(
    asked.mend && absent.length > 0
      ? (await doneWithoutEffect(asked.db, MOST, asked.only)).map(({ id }) => id)
      : absent.map(({ id }) => id),
  )

  return absent.map(({ id, case: caseId, number, kind }) =>
    finding('effectAbsent', caseId, number, `the command ${id} (${kind}) is done and nothing in the case shows it`, {
      mended: !left.has(id),
    }),
  )
}

async function bringBack(asked: Reconciling, caseId: CaseId): Promise<void> {
  const said = await querySnapshot(asked.client, caseId)
  const snapshot = said.known ? (said.answer?.recorded ?? null) : null
  if (snapshot) await writeOver(asked, snapshot)
}

// ------------------------------------------------------------------ many cases

async function inParallel<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const queue = [...all]
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, queue.length) }, async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next)
    }),
  )
}

/** Page after page by id, so that a hundred thousand cases are never in memory at once. */
async function pages<T>(
  read: (after: CaseId | null) => Promise<readonly T[]>,
  idOf: (each: T) => CaseId,
  work: (page: readonly T[]) => Promise<void>,
): Promise<void> {
  let after: CaseId | null = null
  for (;;) {
    const page: readonly T[] = await read(after)
    const last = page.at(-1)
    if (last === undefined) return
    await work(page)
    after = idOf(last)
  }
}

async function batches<T>(all: AsyncIterable<T>, work: (batch: readonly T[]) => Promise<void>): Promise<void> {
  let batch: T[] = []
  for await (const each of all) {
    batch.push(each)
    if (batch.length < PAGE) continue
    await work(batch)
    batch = []
  }
  if (batch.length > 0) await work(batch)
}
