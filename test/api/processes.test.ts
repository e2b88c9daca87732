/** What a page of a process needs to know is told by the API, as its contract says it. */
import { startApi, type Agent, type Api } from './harness'

let api: Api
let hr: Agent
beforeAll(async () => {
  api = await startApi()
  hr = await api.as('hrMinistry')
})
afterAll(() => api.close())

test('a page learns the moves between stages, what decides a task and what matters for it', async () => {
  const { body } = await hr.get('/api/processes').expect(200)
  const probation = body.find(({ name }: { name: string }) => name === 'probation')
  expect(probation.moves).toMatchObject({ start: ['mentoring'], agencyReview: ['dismissed', 'keptInService'] })
  expect(probation.lists).toEqual(expect.arrayContaining(['absences', 'goals']))
  const kind = (name: string) => probation.tasks.find((each: { kind: string }) => each.kind === name)
  expect(kind('reviewProbation')).toMatchObject({
    decision: { field: 'result', choices: ['satisfactory', 'unsatisfactory'] },
    facts: ['mentor', 'absences', 'extended'],
    clocks: ['probation'],
    returns: false,
    within: null,
  })
  // the kernel asks for it in a case of any process
  expect(kind('reconsider')).toMatchObject({ decision: { field: 'verdict', choices: ['stands', 'changed'] } })
  expect(kind('mendUndo')).toMatchObject({ decision: null })
  expect(kind('agreeAdaptationPlan')).toMatchObject({ decision: null, returns: true, shows: ['draftAdaptationPlan'] })
})
