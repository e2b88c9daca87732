/** Branches side by side keep apart what was said in each, and how a case ended is not told by the name of its end. */
import { randomUUID } from 'node:crypto'
import type { EarlierEffects } from '../../../workflows/kernel/protocol/activities'
import type { CaseId, ContentId } from '../../../workflows/kernel/contract'
import { casework, open, openTask, say, type Casework } from '../../support/casework'
import { freshDatabase, type FreshDatabase } from '../../support/database'
import {
  arrangeErrands,
  BODY,
  DONE,
  effectsBy,
  errandLaw,
  ERRANDS,
  hr,
  MONDAY,
  newSubject,
} from '../../support/errands'

jest.setTimeout(120_000)

let database: FreshDatabase
let work: Casework
let worker: { stop(): Promise<void> }
const givenBack: CaseId[] = []

beforeAll(async () => {
  database = await freshDatabase()
  await arrangeErrands(database)
  const hold: EarlierEffects['hold'] = () => Promise.resolve(DONE)
  const release: EarlierEffects['release'] = ({ case: id }) => {
    givenBack.push(id)

    return Promise.resolve(DONE)
  }
  work = await casework(database.url, ERRANDS, { ...errandLaw, ...effectsBy({ hold, release }) })
  worker = await work.work()
})
afterAll(async () => {
  await worker.stop()
  await work.close()
  await database.drop()
})

const begin = async () =>
  open(work, {
    process: 'petition',
    body: BODY,
    subject: await newSubject(database),
    on: MONDAY,
    by: hr,
    form: {},
  })
const answer = async (id: CaseId, kind: string) =>
  expect(await say(work, id, 'complete', hr, { task: await openTask(work, id, kind), answer: {} })).toMatchObject({
    ok: true,
  })
/** Returns the work from a task, with remarks whose content row it answers. */
async function sendBack(id: CaseId, kind: string): Promise<ContentId> {
  const content = { id: randomUUID() as ContentId, hash: 'x' }
  const sent = await say(work, id, 'return', hr, { task: await openTask(work, id, kind), content })
  expect(sent).toMatchObject({ ok: true })

  return content.id
}
/** Content of the remarks that the open task of a kind came back with. */
const remarksOf = async (id: CaseId, kind: string) => {
  const task = await work.db.task.findUniqueOrThrow({ where: { id: await openTask(work, id, kind) } })

  return { returned: task.returned, remarks: task.contentId }
}

test('of two branches that come back at once, each task shows the remarks given for it', async () => {
  const { id } = await begin()
  await answer(id, 'draftNorth')
  await answer(id, 'draftSouth')
  const north = await sendBack(id, 'approveNorth')
  const south = await sendBack(id, 'approveSouth')
  // the north comes to its drafter only after the south was returned too
  await answer(id, 'weigh')
  expect(await remarksOf(id, 'draftNorth')).toEqual({ returned: true, remarks: north })
  expect(await remarksOf(id, 'draftSouth')).toEqual({ returned: true, remarks: south })
})

test('what comes back once more shows the latest remarks of its own branch', async () => {
  const { id } = await begin()
  await answer(id, 'draftNorth')
  await answer(id, 'draftSouth')
  await sendBack(id, 'approveSouth')
  await answer(id, 'draftSouth')
  const south = await sendBack(id, 'approveSouth')
  await sendBack(id, 'approveNorth')
  await answer(id, 'weigh')
  await answer(id, 'draftNorth')
  const north = await sendBack(id, 'approveNorth')
  await answer(id, 'weigh')
  expect(await remarksOf(id, 'draftNorth')).toEqual({ returned: true, remarks: north })
  expect(await remarksOf(id, 'draftSouth')).toEqual({ returned: true, remarks: south })
})

test('an end of the process is an end of the process, whatever it is called: nothing is taken back, and it has begun', async () => {
  const { id, outcome } = await begin()
  expect(outcome).toEqual({ result: 'started' })
  for (const kind of ['draftNorth', 'draftSouth', 'approveNorth', 'approveSouth']) await answer(id, kind)
  expect(await work.db.case.findUniqueOrThrow({ where: { id } })).toMatchObject({ status: 'closed' })
  const said = await work.db.event.findMany({ where: { caseId: id, kind: { in: ['caseRefused', 'caseClosed'] } } })
  expect(said.map(({ kind }) => kind)).toEqual(['caseClosed'])
  expect(givenBack).not.toContain(id)
})
