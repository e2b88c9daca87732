/** What a case that takes no more messages refuses is not lost silently. */
import { sendAgain } from '../../api/commands/submit'
import { pendingCommands, storeRecompute } from '../../prisma/store/commands'
import { openIncidents } from '../../prisma/store/incidents'
import type { CaseId } from '../../workflows/kernel/contract'
import { arrangeCase, AWAY, personOf, startApi, type Api } from './harness'

let api: Api

beforeAll(async () => {
  api = await startApi({
    ...AWAY,
    send: () => Promise.resolve({ result: 'refused', refusal: { status: 409, reason: { code: 'case.full' } } }),
  })
})
afterAll(() => api.close())

test('the recomputation that a full case refuses is named by its incident', async () => {
  const subject = await personOf(api, 'newcomer')
  const id = (await arrangeCase(api.db, { body: 'ministryFinance', subject })) as CaseId
  await storeRecompute(api.db, 'ministryFinance')
  const [command] = await pendingCommands(api.db, 1, 0, [id])
  if (!command) throw new Error('nothing is on its way')
  expect(await sendAgain(api.service, command)).toMatchObject({
    state: 'refused',
    problem: { status: 409, reason: { code: 'case.full' } },
  })
  expect(await openIncidents(api.db)).toMatchObject([
    { caseId: id, kind: 'manyMessages', params: { refused: 'recompute' } },
  ])
})
