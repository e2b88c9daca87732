/** A flag in the register of rules: an administrator enters the act and the day that brought it into force. */
import { randomUUID } from 'node:crypto'
import { processes } from '../../workflows/registry'
import { processesOf } from '../../workflows/kernel/process'
import { example } from '../example/process'
import { enterExampleLaw } from '../example/register'
import { isProblem, startApi, type Agent, type Api } from './harness'

const FLAG = 'example.everyoneInRoll:R5'
const RULE = 'example.quorum:R5'

let api: Api
let administrator: Agent
beforeAll(async () => {
  api = await startApi(undefined, { processes: processesOf(...processes.all, example) })
  await enterExampleLaw(api.db)
  administrator = await api.as('administrator')
})
afterAll(() => api.close())

const at = (id: string) => `/api/register/rules/${encodeURIComponent(id)}`
const row = async (id: string) =>
  (await administrator.get(at(id)).expect(200)).body as { version: number } & Record<string, unknown>
const change = async (id: string, body: object) => {
  const { version } = await row(id)

  return administrator
    .patch(at(id))
    .set('If-Match', `"${String(version)}"`)
    .set('Idempotency-Key', randomUUID())
    .send(body)
}

test('it is off, and says so, until act and day are entered', async () => {
  expect(await row(FLAG)).toMatchObject({ flag: true, kind: 'yesNo', value: false, act: null, inForceFrom: null })
  const entered = { value: true, act: 'Order 12 of 1 March 2026', inForceFrom: '2026-03-15' }
  expect((await change(FLAG, entered)).body).toMatchObject({ flag: true, ...entered })
  expect(await row(FLAG)).toMatchObject(entered)
  expect((await change(FLAG, { act: null, inForceFrom: null })).body).toMatchObject({ act: null, inForceFrom: null })
})

test.each([
  ['a number for yes or no', FLAG, { value: 1 }],
  ['a day that is none', FLAG, { inForceFrom: '2026-02-30' }],
  ['an act without a word', FLAG, { act: '' }],
  ['an act of a rule that is no flag', RULE, { act: 'Order 12' }],
  ['a day of a rule that is no flag', RULE, { inForceFrom: '2026-03-15' }],
])('%s is refused', async (what, id, body) => {
  const before = await row(id)
  isProblem(await change(id, body), what, [422])
  expect(await row(id)).toEqual(before)
})

test('only an administrator enters it', async () => {
  const hr = await api.as('hrMinistry')
  const { version } = await row(FLAG)
  isProblem(
    await hr
      .patch(at(FLAG))
      .set('If-Match', `"${String(version)}"`)
      .send({ act: 'x' }),
    'an act entered by HR',
    [403],
  )
})
