import { verifyChain } from '../../../prisma/store/events'
import type { CaseId, PersonId } from '../../../workflows/kernel/contract'
import { processesOf } from '../../../workflows/kernel/process'
import { freshDatabase } from '../../support/database'
import type { FreshDatabase } from '../../support/database'
import { actor, advance, casework, open, say } from '../../support/casework'
import type { Casework } from '../../support/casework'
import { dyingWorker } from '../../support/dying'
import { arrangeErrands, BODY, errandLaw, ERRANDS, hr, id, MONDAY, newSubject, otherHr } from '../../support/errands'
import { panel, Sitting } from '../../support/panels'
import type { PanelForm } from './panel'

const [M1, M2, M3, M4, A7, A8] = [1, 2, 3, 6, 7, 8].map(id) as [
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
  PersonId,
]

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  work = await casework(database.url, ERRANDS, errandLaw, { processes: processesOf(panel) })
  worker = await work.work()
})

afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

async function sit(more: Partial<PanelForm> = {}, subject?: PersonId): Promise<Sitting> {
  const opened = await open(work, {
    process: 'panel',
    body: BODY,
    subject: subject ?? (await newSubject(database)),
    on: MONDAY,
    by: hr,
    form: { members: [M1, M2, M3], quorum: 2, rules: {}, ...more },
  })
  expect(opened.outcome).toEqual({ result: 'started' })

  return new Sitting(work, opened.id)
}
const termEnds = (sitting: Sitting, on = '2026-03-06') => advance(work, sitting.id, hr, on)
const outcome = async (sitting: Sitting) => {
  const { status, outcome: end, basis } = await sitting.file()

  return status === 'open' ? 'open' : `${end ?? ''}: ${(basis as { code: string }).code}`
}

const history = async (key: CaseId): Promise<string> => {
  const { events } = await work.client.workflow.getHandle(key).fetchHistory()
  const texts: string[] = []
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('utf8'))
    else if (typeof value === 'string') texts.push(value)
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) walk(inner)
  }
  walk(events)

  return texts.join('\n')
}

describe('sealed votes', () => {
  test('are known to have been given, and nothing more, until all are in; then all are open in one step', async () => {
    const sitting = await sit()
    await sitting.votes(M1, 'forBrightMark')
    await sitting.votes(M2, 'forBrightMark')
    expect(await sitting.seats()).toEqual(['1 answered', '2 answered', '3 asked'])
    expect(await sitting.taskOf(M1)).toMatchObject({ state: 'completed', answer: null, answerContentId: null })
    expect(await history(sitting.id)).not.toContain('forBrightMark')
    const [events] = await database.sql(
      `select string_agg(row_to_json(e)::text, ' ') as text from events e where "caseId" = $1`,
      [sitting.id],
    )
    expect(events?.['text']).toContain('commitment')
    expect(events?.['text']).not.toContain('forBrightMark')

    await sitting.votes(M3, 'against')
    expect(await outcome(sitting)).toBe('decided: forBrightMark')
    expect(await sitting.seats()).toEqual([
      '1 answered forBrightMark',
      '2 answered forBrightMark',
      '3 answered against',
    ])
    expect(await sitting.taskOf(M1)).toMatchObject({ answer: { vote: 'forBrightMark' } })
    expect((await sitting.taskOf(M1))?.answerContentId).not.toBeNull()
    const { step } = await sitting.file()
    const revealed = await work.db.event.findFirst({ where: { caseId: sitting.id, kind: 'commissionRevealed' } })
    const closed = await work.db.event.findFirst({ where: { caseId: sitting.id, kind: 'caseClosed' } })
    expect([revealed?.step, closed?.step]).toEqual([step, step])
    expect(await verifyChain(work.db, sitting.id)).toEqual({ ok: true })
  })

  test('that were changed in their row are void: it is an incident that a person is told of, and the case goes on', async () => {
    const sitting = await sit()
    await sitting.votes(M1, 'yes')
    await sitting.votes(M2, 'no')
    await database.sql(`update contents set body = '{"vote":"no"}' where body = '{"vote":"yes"}' and "caseId" = $1`, [
      sitting.id,
    ])
    await sitting.votes(M3, 'no')
    expect(await outcome(sitting)).toBe('decided: no')
    expect(await sitting.seats()).toEqual(['1 answered void: sealBroken', '2 answered no', '3 answered no'])
    expect(await sitting.taskOf(M1)).toMatchObject({ answer: null, answerContentId: null })
    expect(await sitting.events('sealBroken')).toHaveLength(1)
    expect(await work.db.notice.count({ where: { caseId: sitting.id, kind: 'sealBroken', role: 'hr' } })).toBe(1)
  })

  test.each([
    ['it opens them', 'reveals', ['1 answered', '2 answered', '3 asked']],
    ['it has written them open', 'steps', ['1 answered yes', '2 answered no', '3 answered yes']],
  ] as const)('a worker is killed when %s: another goes on, and they are revealed once', async (_when, of, then) => {
    const sitting = await sit()
    await sitting.votes(M1, 'yes')
    await sitting.votes(M2, 'no')
    await worker.stop()
    const died = dyingWorker(database.url, work.taskQueue, of, 1)
    const last = sitting.votes(M3, 'yes')
    last.catch(() => undefined)
    try {
      expect(await died).toBe('SIGKILL')
      // opened, and nobody has been told: in the file they are open together or not at all
      expect(await sitting.seats()).toEqual(then)
      const open = of === 'steps'
      expect(await sitting.taskOf(M1)).toMatchObject({
        answer: open ? { vote: 'yes' } : null,
        answerContentId: open ? expect.any(String) : null,
      })
    } finally {
      worker = await work.work()
    }
    expect(await last).toMatchObject({ ok: true })
    expect(await outcome(sitting)).toBe('decided: yes')
    expect(await sitting.seats()).toEqual(['1 answered yes', '2 answered no', '3 answered yes'])
    expect(await sitting.events('commissionRevealed')).toHaveLength(1)
    expect(await verifyChain(work.db, sitting.id)).toEqual({ ok: true })
  })

  test('whose row is gone cost the quorum: the commission has failed', async () => {
    const sitting = await sit({ quorum: 3 })
    await sitting.votes(M1, 'yes')
    await database.sql('delete from contents where "caseId" = $1', [sitting.id])
    await sitting.votes(M2, 'yes')
    await sitting.votes(M3, 'yes')
    expect(await outcome(sitting)).toBe('failed: quorum')
  })
})

describe('a quorum', () => {
  test('that is there when the term ends is enough: whoever did not vote was absent', async () => {
    const sitting = await sit()
    await sitting.votes(M1, 'yes')
    await sitting.votes(M2, 'yes')
    await termEnds(sitting)
    expect(await outcome(sitting)).toBe('decided: yes')
    expect(await sitting.minutes()).toMatchObject({ present: [M1, M2], absent: [M3], decision: 'yes' })
  })

  test('that is missing fails the commission, where the contract says so, and its votes stay sealed', async () => {
    const sitting = await sit()
    await sitting.votes(M1, 'yes')
    await termEnds(sitting)
    expect(await outcome(sitting)).toBe('failed: quorum')
    expect(await sitting.taskOf(M1)).toMatchObject({ answer: null, answerContentId: null })
  })

  test('that is missing extends the term, once', async () => {
    const rules = { withoutQuorum: { extendBy: 'errand.wait' } }
    const [mended, failed] = [await sit({ rules }), await sit({ rules })]
    for (const sitting of [mended, failed]) {
      await sitting.votes(M1, 'yes')
      await termEnds(sitting)
      expect(await outcome(sitting)).toBe('open')
      expect(await sitting.seats()).toEqual(['1 answered', '2 asked', '3 asked'])
    }
    await mended.votes(M2, 'yes')
    await mended.votes(M3, 'no')
    expect(await outcome(mended)).toBe('decided: yes')
    await termEnds(failed, '2026-05-01')
    expect(await outcome(failed)).toBe('failed: quorum')
  })

  test('that is missing calls alternates into the seats of those who did not come', async () => {
    const sitting = await sit({ rules: { withoutQuorum: 'alternates' }, alternates: [A7] })
    await sitting.votes(M1, 'yes')
    await termEnds(sitting)
    expect(await sitting.seats()).toEqual(['1 answered', '2 late', '3 late', '7 asked'])
    await sitting.votes(A7, 'yes')
    expect(await outcome(sitting)).toBe('decided: yes')
  })

  test('that is missing with no alternate left fails', async () => {
    const sitting = await sit({ rules: { withoutQuorum: 'alternates' }, alternates: [A7] })
    await termEnds(sitting)
    await termEnds(sitting, '2026-03-20')
    expect(await outcome(sitting)).toBe('failed: quorum')
  })

  test('that is a share is counted anew among those who sit', async () => {
    const sitting = await sit({ members: [M1, M2, M3, M4], quorum: 0.75 })
    expect((await sitting.record()).quorum).toBe(3)
    await sitting.recuses(M4)
    await sitting.recuses(M3)
    expect((await sitting.record()).quorum).toBe(2)
    await sitting.votes(M1, 'yes')
    await sitting.votes(M2, 'yes')
    expect(await outcome(sitting)).toBe('decided: yes')
  })
})

describe('equal votes', () => {
  const members = [M1, M2, M3, M4]

  test('fail where the contract says so', async () => {
    const sitting = await sit({ members })
    for (const [member, vote] of [
      [M1, 'a'],
      [M2, 'b'],
      [M3, 'a'],
      [M4, 'b'],
    ] as const)
      await sitting.votes(member, vote)
    expect(await outcome(sitting)).toBe('failed: tie')
    expect(await sitting.minutes()).toMatchObject({ tie: 'undecided', decision: null })
  })

  test('are told by the vote that the chair has given', async () => {
    const sitting = await sit({ members, rules: { tie: 'chairCasts' } })
    for (const [member, vote] of [
      [M1, 'b'],
      [M2, 'b'],
      [M3, 'a'],
      [M4, 'a'],
    ] as const)
      await sitting.votes(member, vote)
    expect(await outcome(sitting)).toBe('decided: b')
    expect((await sitting.file()).basis).toMatchObject({ params: { cast: M1 } })
    expect(await sitting.minutes()).toMatchObject({ tie: 'chair' })
  })

  test('are put to the chair who gave none, in a task of his own', async () => {
    const sitting = await sit({ members: [M1, M2, M3], rules: { tie: 'chairCasts' } })
    await sitting.votes(M2, 'a')
    await sitting.votes(M3, 'b')
    await termEnds(sitting)
    expect(await sitting.record()).toMatchObject({ state: 'casting' })
    expect(await sitting.taskOf(M1, 'castVote')).toMatchObject({ state: 'reserved' })
    await sitting.votesOpenly(M1, 'b', 'castVote')
    expect(await outcome(sitting)).toBe('decided: b')
  })

  test('are voted on again, once', async () => {
    const sitting = await sit({ members, rules: { tie: 'again' } })
    for (const [member, vote] of [
      [M1, 'a'],
      [M2, 'b'],
      [M3, 'a'],
      [M4, 'b'],
    ] as const)
      await sitting.votes(member, vote)
    expect(await outcome(sitting)).toBe('open')
    expect(await sitting.seats()).toContain('1 answered a void: again')
    for (const [member, vote] of [
      [M1, 'a'],
      [M2, 'a'],
      [M3, 'a'],
      [M4, 'b'],
    ] as const)
      await sitting.votes(member, vote)
    expect(await outcome(sitting)).toBe('decided: a')
  })
})

describe('who sits', () => {
  test('a member who withdraws with a reason is followed by the next alternate, whose vote counts', async () => {
    const sitting = await sit({ alternates: [A7, A8] })
    expect(await sitting.recuses(M2)).toMatchObject({ ok: true })
    expect(await sitting.seats()).toEqual(['1 asked', '2 recused', '3 asked', '7 asked'])
    expect(await sitting.taskOf(M2)).toMatchObject({ state: 'obsolete' })
    expect(await sitting.votes(M2, 'yes')).toMatchObject({ refusal: { status: 409 } })
    for (const member of [M1, M3, A7]) await sitting.votes(member, 'yes')
    expect(await outcome(sitting)).toBe('decided: yes')
    expect(await sitting.minutes()).toMatchObject({ present: [M1, M3, A7], recused: [M2] })
  })

  test('nobody withdraws where the contract does not allow it', async () => {
    const sitting = await sit({ rules: { recusal: false } })
    expect(await sitting.recuses(M2)).toMatchObject({ refusal: { status: 409, reason: { code: 'task.noRecusal' } } })
  })

  test('when the chair withdraws, whoever takes his seat chairs', async () => {
    const sitting = await sit({ members: [M1, M2], alternates: [A7], rules: { tie: 'chairCasts' } })
    await sitting.recuses(M1)
    await sitting.votes(M2, 'a')
    await sitting.votes(A7, 'b')
    expect(await outcome(sitting)).toBe('decided: b')
  })

  test('a vote of a member who is replaced is void but stays, and his successor votes', async () => {
    const sitting = await sit({ alternates: [A7] })
    await sitting.votes(M1, 'no')
    expect(await sitting.replaces(hr, M1, A8)).toMatchObject({ ok: true })
    expect(await sitting.replaces(hr, M2)).toMatchObject({ ok: true })
    expect(await sitting.seats()).toEqual(['1 replaced void: replaced', '2 replaced', '3 asked', '8 asked', '7 asked'])
    for (const member of [M3, A7, A8]) await sitting.votes(member, 'yes')
    expect(await outcome(sitting)).toBe('decided: yes')
    expect(await sitting.seats()).toContain('1 replaced no void: replaced')
    expect(await sitting.minutes()).toMatchObject({ present: [M3, A8, A7], replaced: [M1, M2] })
  })

  test('the last who has not voted may be replaced: the commission waits for his successor', async () => {
    const sitting = await sit()
    await sitting.votes(M1, 'yes')
    await sitting.votes(M2, 'yes')
    await sitting.replaces(hr, M3, A8)
    expect(await outcome(sitting)).toBe('open')
    await sitting.votes(A8, 'yes')
    expect(await outcome(sitting)).toBe('decided: yes')
  })

  test('only HR replaces, only who sits, and only by somebody who may sit', async () => {
    const subject = await newSubject(database)
    const sitting = await sit({ excluded: [A7] }, subject)
    expect(await sitting.replaces(actor(M2), M1, A8)).toMatchObject({ refusal: { status: 403 } })
    expect(await sitting.replaces(otherHr, A8, A7)).toMatchObject({ refusal: { errors: { member: 'noSeat' } } })
    expect(await sitting.replaces(hr, M1)).toMatchObject({ refusal: { errors: { by: 'required' } } })
    for (const by of [subject, A7, M2])
      expect(await sitting.replaces(hr, M1, by)).toMatchObject({ refusal: { errors: { by: 'mayNotHold' } } })
  })

  test('neither the subject of the case nor anybody who is excluded ever sits: alternates do', async () => {
    const sitting = await sit({ members: [M1, M2, M3], excluded: [M3], alternates: [A7, A8] }, M2)
    expect(await sitting.seats()).toEqual(['1 asked', '2 excluded', '3 excluded', '7 asked', '8 asked'])
    expect(await sitting.taskOf(M2)).toBeNull()
  })
})

describe('what ends a commission', () => {
  test('a turn of the story withdraws it with its tasks, and its votes stay sealed for good', async () => {
    const sitting = await sit()
    await sitting.votes(M1, 'yes')
    const { step } = await sitting.file()
    await say(work, sitting.id, 'act', hr, { act: 'abandon', step, form: {} })
    expect(await outcome(sitting)).toBe('turned: abandoned')
    expect(await sitting.record()).toMatchObject({ state: 'withdrawn' })
    expect(await sitting.taskOf(M2)).toMatchObject({ state: 'obsolete' })
    expect(await sitting.taskOf(M1)).toMatchObject({ state: 'completed', answer: null })
  })

  test('cancelling the case does too', async () => {
    const sitting = await sit()
    const { step } = await sitting.file()
    await say(work, sitting.id, 'act', hr, { act: 'cancel', step, form: {} })
    expect(await outcome(sitting)).toBe('cancelled: cancelled')
    expect(await sitting.record()).toMatchObject({ state: 'withdrawn' })
  })
})

test('a commission whose votes are open counts them as they come', async () => {
  const sitting = await sit({ open: true })
  await sitting.votesOpenly(M1, 'yes')
  expect(await sitting.seats()).toContain('1 answered yes')
  await sitting.votesOpenly(M2, 'yes')
  await sitting.votesOpenly(M3, 'no')
  expect(await outcome(sitting)).toBe('decided: yes')
})
