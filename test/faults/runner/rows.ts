/** Looks at everything that is stored, and asks Temporal, for the checks. */
import { Client, Connection } from '@temporalio/client'
import type { Db } from '../../../prisma/store/db'
import { verifyChain } from '../../../prisma/store/events'
import type { CaseId } from '../../../workflows/kernel/contract'
import { reconcile, type FindingKind } from '../../../scripts/reconcile/reconcile'
import { eventually } from '../../support/eventually'
import { contract as relay } from '../../workflows/kernel/relay'
import { countOfAccess, faultsOfAccess, type AccessCount } from './access-checks'
import { accessRows } from './access-rows'
import { faultsOfCarried, type Carried } from './carried-checks'
import { carriedRows, countOfCarried, type CarriedCount } from './carried-rows'
import { faultsOfCase, faultsOfDecision, faultsOfNumbers, type CaseRows, type Violation } from './checks'
import type { Decision } from './decisions'
import { faultsOfAnnulments } from './annulment-checks'
import { faultsOfEffects, type EffectRows } from './effect-checks'
import { annulmentRows, handoverRows, postRows } from './effect-rows'
import { faultsOfHandovers } from './handover-checks'
import { faultsOfLinks, type LinkedRows } from './link-checks'
import type { People } from './people'
import { faultsOfPosts } from './post-checks'

/** attempts of one activity or workflow task, in peace, that show that it will not succeed */
const FAILING_ATTEMPTS = 4
const SETTLED_WITHIN_MS = 120_000

export interface Looking {
  readonly db: Db
  readonly temporalAddress: string
  readonly mailFile: string
}

/**
 * Waits until every stored command has an outcome and no workflow has anything under way; a time that is over is no error here. What a
 * workflow did on the way may have been sent to others: so it looks until nothing was sent in between.
 */
export async function settled({ db, temporalAddress }: Looking): Promise<void> {
  const connection = await Connection.connect({ address: temporalAddress })
  try {
    const client = new Client({ connection })
    const until = Date.now() + SETTLED_WITHIN_MS
    for (let before = -1, now = await db.command.count(); before !== now && Date.now() < until;) {
      before = now
      await eventually(
        'an outcome for every command',
        async () => (await db.command.count({ where: { state: 'stored' } })) === 0,
        SETTLED_WITHIN_MS,
      ).catch(() => undefined)
      for (const { id } of await db.case.findMany({ where: { status: 'open' }, select: { id: true } })) {
        const idle = async () => {
          const { raw } = await client.workflow.getHandle(id).describe()

          return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask
        }
        await eventually('a workflow to rest', idle, 40_000).catch(() => undefined)
      }
      now = await db.command.count()
    }
    await carriedOut(db)
  } finally {
    await connection.close()
  }
}

/**
 * Waits until every paper is made and every letter sent. Who was killed with one in his hands holds it for two minutes yet, and what failed
 * is tried later and later: their times are brought forward once.
 */
async function carriedOut({ sql }: Db): Promise<void> {
  await sql.run`update papers set "tryAt" = clock_timestamp() where "madeAt" is null`
  await sql.run`update letters set "nextAt" = clock_timestamp() where state in ('waiting', 'stopped') and kind = 'notice'`
  const left = async () => {
    const [{ n } = { n: 0 }] = await sql.rows<{ n: number }>`
      select (select count(*) from papers where "madeAt" is null)::int
        + (select count(*) from notices where "letteredAt" is null and "toldAt" is not null)::int
        + (select count(*) from letters where state in ('waiting', 'stopped'))::int as n`

    return n
  }
  await eventually('every paper and letter', async () => (await left()) === 0, SETTLED_WITHIN_MS).catch(() => undefined)
}

/** How much cases had to do with each other. */
export interface LinkedCount {
  /** sent by cases, replies and ends among them */
  readonly messages: number
  readonly cases: number
  readonly links: number
  readonly lists: number
}

/** How much cases did to registers, and how often they moved. */
export interface EffectCount {
  /** on posts: done, and of these taken back */
  readonly posts: number
  readonly takenBack: number
  readonly annulments: number
  /** cases that were refused an annulment */
  readonly refusedAnnulments: number
  readonly handovers: number
}

/** Everything wrong with the cases and decisions; cases in `sound` were closed and whole at an earlier look. */
export async function violations(
  looking: Looking,
  people: People,
  book: Carried,
  sound: Set<string>,
): Promise<{
  found: Violation[]
  cases: number
  linked: LinkedCount
  effects: EffectCount
  carried: CarriedCount
  access: AccessCount
  evidence: unknown[]
}> {
  const { db, temporalAddress, mailFile } = looking
  const { decisions } = book
  const connection = await Connection.connect({ address: temporalAddress })
  try {
    const client = new Client({ connection })
    const files = await db.case.findMany({ select: { id: true } })
    const commands = await db.command.findMany({
      select: {
        id: true,
        caseId: true,
        taskId: true,
        kind: true,
        principal: true,
        key: true,
        state: true,
        contentId: true,
      },
    })
    const byKey = new Map(commands.map((command) => [command.key, command]))
    const decisionsOf = new Map<string | null, Decision[]>()
    for (const decision of decisions) {
      const of = decision.caseId ?? byKey.get(decision.key)?.caseId ?? null
      decisionsOf.set(of, [...(decisionsOf.get(of) ?? []), decision])
    }
    const found: Violation[] = []
    const evidence: unknown[] = []
    for (const { id } of files) {
      if (sound.has(id)) continue
      const rows = await rowsOf(looking, client, id, commands)
      const own = decisionsOf.get(id) ?? []
      const wrong = [...faultsOfCase(rows), ...own.flatMap((each) => faultsOfDecision(each, commands, rows))]
      found.push(...wrong)
      if (wrong.length > 0) evidence.push({ rows, decisions: own })
      else if (rows.file.status === 'closed') sound.add(id)
    }
    const there = new Set(files.map(({ id }) => id))
    for (const [id, own] of decisionsOf)
      if (id === null || !there.has(id))
        found.push(...own.flatMap((each) => faultsOfDecision(each, commands, undefined)))
    // a command whose case never came into being, and that nobody was told of either
    for (const { id, caseId, kind, state } of commands)
      if (!there.has(caseId) && state === 'stored') found.push({ kind: 'no outcome', caseId, what: `${kind} ${id}` })
    const linked = await linkedRows(db)
    const betweenCases = faultsOfLinks(linked)
    found.push(...betweenCases)
    if (betweenCases.length > 0) evidence.push(linked)
    found.push(...faultsOfEffects(await effectRows(db)))
    const [posts, annulments, handovers] = await Promise.all([
      postRows(db),
      annulmentRows(db),
      handoverRows(db, people),
    ])
    const ofEffects = [...faultsOfPosts(posts), ...faultsOfAnnulments(annulments), ...faultsOfHandovers(handovers)]
    found.push(...ofEffects)
    if (ofEffects.length > 0)
      evidence.push({ posts, annulments: { ...annulments, states: [...annulments.states] }, handovers })
    const carried = await carriedRows(db, mailFile)
    const ofCarried = faultsOfCarried(carried, book)
    found.push(...ofCarried)
    if (ofCarried.length > 0) evidence.push({ carried })
    const access = await accessRows(db, people)
    const ofAccess = faultsOfAccess(access)
    found.push(...ofAccess)
    if (ofAccess.length > 0) evidence.push({ access })
    found.push(...(await numbers(db)))
    found.push(...(await differences(db, client)))

    const effects: EffectCount = {
      posts: posts.effects.filter(({ state }) => state !== 'refused').length,
      takenBack: posts.effects.filter(({ state }) => state === 'undone').length,
      annulments: annulments.effects.filter(({ state }) => state !== 'refused').length,
      refusedAnnulments: annulments.effects.filter(({ state }) => state === 'refused').length,
      handovers: handovers.handed.length,
    }

    return {
      ...{ found, cases: files.length, linked: countOf(linked), effects, carried: countOfCarried(carried) },
      ...{ access: countOfAccess(access), evidence },
    }
  } finally {
    await connection.close()
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((from, name) => (isRecord(from) ? from[name] : undefined), value)
const textAt = (...of: Parameters<typeof at>): string | null => {
  const found = at(...of)

  return typeof found === 'string' ? found : null
}

const ENDS_WITH_OPENER = Object.entries(relay.opens).flatMap(([as, kind]) => ('whenCancelled' in kind ? [as] : []))

/** What cases took and gave back. */
async function effectRows(db: Db): Promise<EffectRows> {
  const [effects, holds, open] = await Promise.all([
    db.effect.findMany({ where: { name: 'hold' }, orderBy: { seq: 'asc' } }),
    db.hold.findMany(),
    db.case.findMany({ where: { status: 'open' }, select: { id: true } }),
  ])

  return {
    effects: effects.map(({ id, caseId, request, state, outcome }) => ({
      ...{ id, caseId, state, unanswered: outcome === null },
      key: textAt(request, 'key') ?? '',
    })),
    holds,
    open: new Set(open.map(({ id }) => id)),
  }
}

/** Everything that is stored of what cases had to do with each other. */
async function linkedRows(db: Db): Promise<LinkedRows> {
  const [commands, cases, links, lists, events] = await Promise.all([
    db.command.findMany({
      where: { OR: [{ senderId: { not: null } }, { kind: 'start' }] },
      orderBy: { seq: 'asc' },
    }),
    db.case.findMany({ select: { id: true, process: true, status: true, outcome: true, facts: true } }),
    db.caseLink.findMany({ where: { kind: 'opened' } }),
    db.caseList.findMany(),
    db.event.findMany({
      where: { kind: { startsWith: 'linkedCase' } },
      select: { caseId: true, kind: true, params: true },
    }),
  ])

  return {
    commands: commands.map(({ payload, state, outcome, ...command }) => {
      const n = at(payload, 'form', 'n')

      return {
        ...command,
        state,
        result: state === 'refused' ? 'refused' : state === 'done' ? (textAt(outcome, 'result') ?? 'done') : null,
        n: typeof n === 'number' ? n : null,
        of: textAt(payload, 'of'),
      }
    }),
    cases: cases.map(({ process, facts, ...file }) => ({
      ...file,
      heard: process === relay.name ? (at(facts, 'heard') as { from: string; n: number }[]) : null,
    })),
    links: links.map(({ fromId, toId, as }) => ({
      fromId,
      toId,
      endsWithOpener: as !== null && ENDS_WITH_OPENER.includes(as),
    })),
    lists,
    events: events.map(({ caseId, kind, params }) => ({
      caseId,
      kind,
      about: textAt(params, 'case') ?? textAt(params, 'list'),
    })),
  }
}

const countOf = ({ commands, cases, links, lists }: LinkedRows): LinkedCount => {
  const opened = new Set(links.map(({ toId }) => toId))

  return {
    messages: commands.filter(({ senderId }) => senderId !== null).length,
    cases: cases.filter(({ id }) => opened.has(id)).length,
    links: links.length,
    lists: lists.length,
  }
}

async function rowsOf({ db }: Looking, client: Client, id: string, commands: CaseRows['commands']): Promise<CaseRows> {
  const of = { where: { caseId: id } }
  const file = await db.case.findUniqueOrThrow({
    where: { id },
    select: { id: true, status: true, step: true, outcome: true, clock: true, waitsFor: true },
  })
  const [tasks, events, steps, contents, clocks, chain] = await Promise.all([
    db.task.findMany(of),
    db.event.findMany({ ...of, orderBy: { seq: 'asc' } }),
    db.step.findMany({ ...of, orderBy: { n: 'asc' } }),
    db.content.findMany({ ...of, select: { id: true, body: true } }),
    db.clock.count(of),
    verifyChain(db, id as CaseId),
  ])
  const held = (file.clock as { speed: number }).speed === 0

  return {
    file,
    commands: commands.filter(({ caseId }) => caseId === id),
    tasks,
    events,
    steps,
    contents,
    chain,
    workflow: await workflowOf(client, id, held && clocks > 0, file.status === 'open'),
  }
}

async function workflowOf(client: Client, id: string, held: boolean, open: boolean): Promise<CaseRows['workflow']> {
  const handle = client.workflow.getHandle(id)
  const { status, raw } = await handle.describe()
  const tried = (what: string, attempt: unknown) =>
    Number(attempt ?? 0) >= FAILING_ATTEMPTS ? [`${what}, ${Number(attempt)} attempts`] : []
  const failing = [
    ...(raw.pendingActivities ?? []).flatMap((each) => tried(each.activityType?.name ?? 'activity', each.attempt)),
    ...tried('workflow task', raw.pendingWorkflowTask?.attempt),
  ]
  if (!open || held) return { status: status.name, alarm: held, failing }
  const set = new Set<string>()
  for (const event of (await handle.fetchHistory()).events ?? []) {
    const ended = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes
    if (event.timerStartedEventAttributes) set.add(event.timerStartedEventAttributes.timerId ?? '')
    if (ended) set.delete(ended.timerId ?? '')
  }

  return { status: status.name, alarm: set.size > 0, failing }
}

/** What the rows of open cases say against what their workflows answer when asked. */
async function differences(db: Db, client: Client): Promise<Violation[]> {
  const { findings } = await reconcile({ db, client, mend: false, pendingAfterS: 0 })

  return findings.map(({ kind, case: caseId, says }) => ({ kind: KINDS[kind] ?? 'disagrees', caseId, what: says }))
}
const KINDS: Readonly<Partial<Record<FindingKind, Violation['kind']>>> = {
  ownerless: 'ownerless',
  commandPending: 'no outcome',
  chainBroken: 'broken file',
  contentLost: 'lost',
  contentChanged: 'lost',
  effectAbsent: 'lost',
}

/** Restricted cases and their documents have numbers that are drawn, and not counted. */
const DRAWN = /-[0-9A-F]{12}$/

async function numbers(db: Db): Promise<Violation[]> {
  const registers = await db.numbering.findMany()
  const given = await db.$queryRaw<{ register: string; number: string }[]>`
    select case when rehearsal is null then '' else 'rehearsal/' end || 'case/' || substring(number from '(\\d{4})-') as register,
           number from cases
    union all
    select case when c.rehearsal is null then '' else 'rehearsal/' || coalesce(c."setBodyKey", c."bodyKey") || '/' || c.rehearsal || '/' end
           || 'document/' || coalesce(d.made ->> 'issuer', c."bodyKey") || '/'
           || substring(d.number from '\\d{4}-(.+)-[^-]+$') || '/' || substring(d.number from '(\\d{4})-'), d.number
    from documents d join cases c on c.id = d."caseId"`

  return registers
    .filter(({ register }) => /(^|\/)(case|document)\//.test(register))
    .flatMap(({ register, last }) =>
      faultsOfNumbers(
        register,
        given.filter((each) => each.register === register && !DRAWN.test(each.number)).map(({ number }) => number),
        last,
      ),
    )
}
