/** A case whose start is stored has an address at once: to whoever sent it, it is being processed until it is written. */
import { commandById } from '../../prisma/store/commands'
import type { CommandId } from '../../workflows/kernel/contract'
import { eventually } from '../support/eventually'
import { isProblem, personOf, type Agent, type Api } from './harness'
import { sendAgain } from '../../api/commands/submit'
import { startWorkedApi } from './worked'

let api: Api
let away = true
let hr: Agent

beforeAll(async () => {
  api = await startWorkedApi({
    through: (engine) => ({
      ...engine,
      send: (command, waitMs) =>
        away ? Promise.resolve({ result: 'unknown', why: 'away' }) : engine.send(command, waitMs),
    }),
  })
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

async function begun() {
  const person = await personOf(api, 'newcomer')
  const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
  const appointedOn = post.from.toISOString().slice(0, 10)
  const form = { person, position: post.positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn }
  const { body } = await hr
    .post('/api/processes/probation/cases')
    .send({ form, rehearsal: { set: 'underway', origin: appointedOn } })
    .expect(202)

  return body as { id: CommandId; caseId: string }
}

test('it is being processed for its sender, absent for all others, and then the case', async () => {
  const { id, caseId } = await begun()
  const address = `/api/cases/${caseId}`
  const first = await hr.get(address).expect(202)
  expect(first.body).toMatchObject({ id, caseId, state: 'stored' })
  expect(first.headers).toMatchObject({ location: `/api/commands/${id}`, 'retry-after': '1' })
  for (const other of ['headMinistry', 'newcomer', 'hrAkimat'])
    isProblem(await (await api.as(other)).get(address), other, [404])

  away = false
  const command = await commandById(api.db, id)
  if (!command) throw new Error('it is not stored')
  await sendAgain(api.service, command)
  await eventually('the case', async () => (await hr.get(address)).status === 200)
  away = true
})

test('a start that was refused before it reached its case has made none', async () => {
  const { id, caseId } = await begun()
  await api.database.sql(`update commands set state = 'refused', outcome = '{"status":409}' where id = $1`, [id])
  isProblem(await hr.get(`/api/cases/${caseId}`), 'refused', [404])
})
