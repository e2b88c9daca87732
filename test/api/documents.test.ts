/** An issued document is what it was on the day of its issue, whatever is changed afterwards. */
import { LOCALES } from '../../workflows/kernel/contract'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

let api: Api
let reader: Agent
let administrator: Agent
/** the mentor's order and the adaptation plan of a probation */
let caseId: string
let issued: string[]
/** its subject */
let newcomer: string
let post: { positionId: string; bodyKey: string; unitId: string | null }

beforeAll(async () => {
  api = await startWorkedApi()
  const hr = await api.as('hrMinistry')
  administrator = await api.as('administrator')
  newcomer = await personOf(api, 'newcomer')
  const { from, positionId, position } = await api.db.post.findFirstOrThrow({
    where: { personId: newcomer, to: null },
    include: { position: true },
  })
  post = { positionId, bodyKey: position.bodyKey, unitId: position.unitId }
  const appointedOn = from.toISOString().slice(0, 10)
  const { body: started } = await hr
    .post('/api/processes/probation/cases')
    .send({
      form: { person: newcomer, position: positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn },
      rehearsal: { set: 'papers', origin: appointedOn },
    })
    .expect(201)
  caseId = String(started.caseId)
  await answer(caseId, 'hrMinistry', 'appointMentor', { mentor: await personOf(api, 'mentor'), order: '77-қ' })
  const goals = [1, 2].map((n) => ({ goal: `Goal ${n}`, measure: `Measure ${n}`, by: appointedOn }))
  await answer(caseId, 'mentor', 'draftAdaptationPlan', { goals })
  await answer(caseId, 'supervisor', 'agreeAdaptationPlan', {})
  // somebody whose own role is not among what is changed below
  reader = await api.as('headMinistry')
  const { body: documents } = await reader.get(`/api/cases/${caseId}/documents`).expect(200)
  issued = documents.data.map(({ id }: { id: string }) => id)
  expect(documents.data.map(({ kind }: { kind: string }) => kind)).toEqual(['mentorOrder', 'adaptationPlan'])
})
afterAll(() => api.close())

async function answer(caseId: string, user: string, kind: string, form: object): Promise<void> {
  const agent = await api.as(user)
  const { body: tasks } = await agent.get(`/api/cases/${caseId}/tasks`).expect(200)
  const { id, version, state } = tasks.data.find((task: { kind: string }) => task.kind === kind)
  const held =
    state === 'ready' ? await agent.post(`/api/tasks/${id}/claim`).send({ version }).expect(200) : { body: { version } }
  await agent.post(`/api/tasks/${id}/complete`).send({ version: held.body.version, form }).expect(200)
}

/** The pages of the documents in each language, by both of their addresses. */
async function read(): Promise<string[]> {
  const pages = await Promise.all(
    issued.flatMap((id) =>
      LOCALES.flatMap((locale) => [
        reader.get(`/api/documents/${id}?locale=${locale}`).expect(200),
        reader.get(`/api/documents/${id}/html?locale=${locale}`).expect(200),
      ]),
    ),
  )

  return pages.map(({ body, text }) => (body.html as string | undefined) ?? text)
}

test('an address of a document is enough to name it and to come to its case', async () => {
  const { body } = await reader.get(`/api/documents/${issued[0] ?? ''}`).expect(200)
  expect(body).toMatchObject({ kind: 'mentorOrder', process: 'probation', caseId })
})

test('a document says who signed an answer, in which post and when, and gives its goals in the order of the form', async () => {
  const { body } = await reader.get(`/api/documents/${issued[1] ?? ''}?locale=en`).expect(200)
  const mentor = await personOf(api, 'mentor')
  const person = await api.db.person.findUniqueOrThrow({ where: { id: mentor } })
  const held = await api.db.post.findFirstOrThrow({
    where: { personId: mentor, to: null },
    include: { position: true },
  })
  expect(body.html).toContain(`<p>${person.surnameEn} ${person.givenEn}, ${held.position.nameEn}, `)
  expect(body.html).toMatch(/<ol><li><dl><dt>Goal<\/dt><dd>Goal 1<\/dd><dt>[^<]*<\/dt><dd>Measure 1<\/dd>/)
  for (const page of await read()) expect(page).not.toMatch(/%\{|undefined|[0-9a-f]{8}-[0-9a-f]{4}/)
})

const all = (name: string) => ({ kk: `${name} kk`, ru: `${name} ru`, en: `${name} en` })
async function edit(resource: string, id: string, change: object): Promise<void> {
  const row = await administrator.get(`/api/register/${resource}/${id}`).expect(200)
  await administrator
    .patch(`/api/register/${resource}/${id}`)
    .set('If-Match', `"${row.body.version}"`)
    .send(change)
    .expect(200)
}

const EDITS: readonly (readonly [what: string, edit: () => Promise<unknown>])[] = [
  ['the surname of its subject', () => edit('people', newcomer, { surname: all('Surname') })],
  [
    'the surname of a person that an answer names',
    async () => edit('people', await personOf(api, 'mentor'), { surname: all('Mentor') }),
  ],
  ['the name of whoever signed', async () => edit('people', await personOf(api, 'mentor'), { given: all('Signed') })],
  ['the name of the position', () => edit('positions', post.positionId, { name: all('Position') })],
  ['the name of the body', () => edit('bodies', post.bodyKey, { name: all('Body') })],
  ['the name of the unit', () => edit('units', post.unitId ?? '', { name: all('Unit') })],
  [
    'the position of the case',
    async () => {
      const other = await api.db.position.findFirstOrThrow({ where: { id: { not: post.positionId } } })
      await api.db.case.updateMany({ data: { positionId: other.id, bodyKey: other.bodyKey } })
    },
  ],
  [
    'the roles and posts of whoever signed',
    async () => {
      const signed = {
        personId: { in: await Promise.all(['hrMinistry', 'mentor'].map((user) => personOf(api, user))) },
      }
      await api.db.bodyRole.deleteMany({ where: signed })
      await api.db.post.deleteMany({ where: signed })
    },
  ],
  ['the answers it is made of', () => api.db.task.updateMany({ data: { answer: {} } })],
]

test.each(EDITS)(
  'a document that was issued stays as it was in every language: %s is edited',
  async (_what, change) => {
    const before = await read()
    expect(before).toHaveLength(12)
    await change()
    expect(await read()).toEqual(before)
  },
)

test('a document that was issued stays as it was in every language: the words of its process are edited', async () => {
  const before = await read()
  const replaced = (tree: object): void => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') Object.assign(tree, { [key]: `${value} (of a later release)` })
      else replaced(value as object)
    }
  }
  for (const locale of LOCALES) replaced(api.service.words[locale])
  expect(await read()).toEqual(before)
})

test('a document whose content was changed by another hand is not shown, and the reader is told why', async () => {
  const [id = ''] = issued
  const { contentId } = await api.db.document.findUniqueOrThrow({ where: { id } })
  await api.db.content.update({ where: { id: contentId ?? '' }, data: { body: {} } })
  const told = await reader.get(`/api/documents/${id}`).expect(500)
  expect(told.body).toMatchObject({ code: 'documentDamaged' })
})
