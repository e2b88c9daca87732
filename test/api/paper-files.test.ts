/** Papers as files: who is given one, under which name, and what anybody who holds one is told. */
import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { damagedPapers, takePapers } from '../../prisma/store/papers'
import type { CaseId } from '../../workflows/kernel/contract'
import { make } from '../../worker/papers/making'
import { settingInThread } from '../../worker/papers/setting'
import { attachment, plainName } from '../../api/service/file-name'
import type { DocumentView } from '../../api/shapes/views'
import type { Response } from 'superagent'
import { personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

jest.setTimeout(120_000)

let api: Api
let hr: Agent
let document: DocumentView
let caseId: string
const setting = settingInThread()
const log = pino({ level: 'silent' })

beforeAll(async () => {
  api = await startWorkedApi()
  hr = await api.as('hrMinistry')
  const newcomer = await personOf(api, 'newcomer')
  const { from, positionId } = await api.db.post.findFirstOrThrow({ where: { personId: newcomer, to: null } })
  const appointedOn = from.toISOString().slice(0, 10)
  const { body: started } = await hr
    .post('/api/processes/probation/cases')
    .send({ form: { person: newcomer, position: positionId, appointedOn, actNumber: '12-ж/қ', actDate: appointedOn } })
    .expect(201)
  caseId = String(started.caseId)
  const { body: tasks } = await hr.get(`/api/cases/${caseId}/tasks`).expect(200)
  const { id, version } = tasks.data[0]
  const claimed = await hr.post(`/api/tasks/${id}/claim`).send({ version }).expect(200)
  await hr
    .post(`/api/tasks/${id}/complete`)
    .send({ version: claimed.body.version, form: { mentor: await personOf(api, 'mentor'), order: '77-қ' } })
    .expect(200)
  document = await listed()
})
afterAll(async () => {
  await setting.stop()
  await api.close()
})

const listed = async (): Promise<DocumentView> =>
  (await hr.get(`/api/cases/${caseId}/documents`).expect(200)).body.data[0]
const fileOf = (agent: Agent, language = 'kk') =>
  agent.get(`/api/documents/${document.id}/papers/${language}`).buffer(true).parse(bytes)
const bytes = (response: Response, done: (error: Error | null, body: unknown) => void) => {
  const parts: Buffer[] = []
  response.on('data', (part: Buffer) => parts.push(part))
  response.on('end', () => done(null, Buffer.concat(parts)))
}
const check = (query: string) => api.nobody().get(`/check?locale=en&${query}`)

test('while it is made it says so; then it is a file for whoever may read the document, and for nobody else', async () => {
  expect(document.papers).toEqual([])
  expect((await hr.get(`/api/documents/${document.id}/papers/kk`).expect(409)).body).toMatchObject({
    code: 'paperBeingMade',
  })
  for (const paper of await takePapers(api.db, 10)) await make({ db: api.db, log, setting }, paper)
  document = await listed()
  expect(document.papers).toMatchObject([{ language: 'kk' }, { language: 'ru' }])
  const { body, headers } = await fileOf(hr).expect(200)
  const [kk] = document.papers ?? []
  expect(createHash('sha256').update(body).digest('hex')).toBe(kk?.sha256)
  expect(headers).toMatchObject({
    'content-type': 'application/pdf',
    etag: `"${kk?.sha256 ?? ''}"`,
    'cache-control': 'no-store',
  })
  expect(decodeURIComponent(headers['content-disposition'] ?? '')).toContain(
    `${document.number} Тәлімгерді бекіту туралы бұйрық.kk.pdf`,
  )
  await hr
    .get(`/api/documents/${document.id}/papers/kk`)
    .set('If-None-Match', `"${kk?.sha256 ?? ''}"`)
    .expect(304)
  await hr.get(`/api/documents/${document.id}/papers/en`).expect(404)
  // HR of another body finds no such case, and nobody signed in is nobody
  await fileOf(await api.as('hrAkimat')).expect(404)
  await api.nobody().get(`/api/documents/${document.id}/papers/kk`).expect(401)
})

test('each look at a file is in the access log before it leaves', async () => {
  const count = async () =>
    (
      await api.database.sql(
        `select count(*)::int as n from access_log where door like '%/papers/:language' and $1 = any(cases)`,
        [caseId],
      )
    )[0]?.['n']
  const before = Number(await count())
  await fileOf(hr, 'ru').expect(200)
  expect(await count()).toBe(before + 1)
})

test('the case file says that it was made', async () => {
  const { body } = await hr.get(`/api/cases/${caseId}/events?perPage=100`).expect(200)
  expect(body.data).toContainEqual(
    expect.objectContaining({ kind: 'paperMade', params: expect.objectContaining({ document: 'mentorOrder' }) }),
  )
})

describe('whoever holds a paper', () => {
  const codeOf = async () => (await api.db.paper.findUniqueOrThrow({ where: { documentId: document.id } })).code

  test('is told what stands on it, and nothing of the person or the case', async () => {
    const code = await codeOf()
    const { text } = await check(`code=${code}`).expect(200)
    expect(text).toContain(document.number)
    expect(text).toContain('Order on the appointment of a mentor')
    const file = await api.db.case.findUniqueOrThrow({ where: { id: caseId } })
    for (const name of ['newcomer', 'mentor']) {
      const person = await api.db.person.findUniqueOrThrow({ where: { id: await personOf(api, name) } })
      for (const surname of [person.surnameKk, person.surnameRu, person.surnameEn]) expect(text).not.toContain(surname)
    }
    for (const secret of [file.id, file.number, document.id]) expect(text).not.toContain(secret)
  })

  test('may type the code as he reads it, in three languages', async () => {
    const spelled =
      (await codeOf())
        .toLowerCase()
        .match(/.{1,4}/g)
        ?.join('-') ?? ''
    for (const [locale, said] of [
      ['kk', 'Құжатты тексеру'],
      ['ru', 'Проверка документа'],
      ['en', 'Check a document'],
    ] as const) {
      const { text } = await api.nobody().get(`/check?locale=${locale}&code=${spelled}`).expect(200)
      expect(text).toContain(said)
      expect(text).toContain(`lang="${locale}"`)
    }
  })

  test('is told of a single changed byte', async () => {
    const { body } = await fileOf(hr).expect(200)
    const code = await codeOf()
    const sum = (file: Buffer) => createHash('sha256').update(file).digest('hex')
    expect((await check(`code=${code}&sha256=${sum(body)}`)).text).toMatch(
      /role="status" class="good">The file is the one/,
    )
    const changed = Buffer.from(body)
    changed[1000] = (changed[1000] ?? 0) ^ 1
    expect((await check(`code=${code}&sha256=${sum(changed)}`)).text).toMatch(
      /role="status" class="bad">The file is not the one/,
    )
    expect((await check(`code=${code}&sha256=nonsense`)).text).toMatch(
      /role="status" class="bad">The file is not the one/,
    )
  })

  test('is told so of a file in which a byte was changed where it is kept', async () => {
    /** Past the trigger, as whoever has the database may. */
    const flip = () =>
      api.database.sql(
        `do $$ begin set local session_replication_role = replica;
         update paper_renderings set bytes = set_byte(bytes, 500, get_byte(bytes, 500) # 1) where language = 'kk'; end $$`,
      )
    await flip()
    const { body } = await fileOf(hr).expect(200)
    const sum = createHash('sha256').update(body).digest('hex')
    expect((await check(`code=${await codeOf()}&sha256=${sum}`)).text).toMatch(
      /role="status" class="bad">The file is not the one/,
    )
    expect(await damagedPapers(api.db, [caseId as CaseId], 0)).toMatchObject([{ what: 'changed' }])
    await flip()
  })

  test('is told when the result of its case was annulled', async () => {
    await api.database.sql(
      `insert into annulments ("caseId", "byId", "effectId", "on", ground, at) values ($1, gen_random_uuid(), gen_random_uuid(), now(), 'x', now())`,
      [caseId],
    )
    expect((await check(`code=${await codeOf()}`)).text).toContain('has been annulled')
  })

  test.each(['0'.repeat(26), 'x', '"><script>alert(1)</script>', '%27%3B--'])(
    'with another code is told that there is none: %s',
    async (code) => {
      const { text, headers } = await check(`code=${encodeURIComponent(code)}`).expect(404)
      expect(text).toContain('No document with this code was issued')
      expect(text).not.toContain('<script>')
      const policy = String(headers['content-security-policy'])
      for (const part of ["script-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'"])
        expect(policy).toContain(part)
    },
  )
})

test('a name of a file is one in every script, and no header', () => {
  expect(attachment(plainName('2026-MO-000001 Бұйрық "x"\r\nSet-Cookie: a=b/..\\.kk.pdf'))).toBe(
    `attachment; filename="2026-MO-000001 ______ x Set-Cookie a=b .. .kk.pdf"; filename*=UTF-8''2026-MO-000001%20%D0%91%D2%B1%D0%B9%D1%80%D1%8B%D2%9B%20x%20Set-Cookie%20a%3Db%20..%20.kk.pdf`,
  )
})
