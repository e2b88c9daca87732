/** Files: uploaded for a field, used by an answer, and read by whoever sees the answer, and by nobody else. */
import { randomUUID } from 'node:crypto'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { collectFiles, damagedFiles } from '../../prisma/store/files'
import type { Scanner } from '../../api/service/scanner'
import { eventually } from '../support/eventually'
import { pdfWith, SAMPLES } from '../support/sample-files'
import { arrangeCase, arrangeTask, isProblem, keepDraft, personOf, type Agent, type Api } from './harness'
import { startWorkedApi } from './worked'

const BODY = 'ministryFinance'
const MARKER = 'EICAR-LIKE MARKER OF THE TESTS'
const SCANNER_ENDS = 'A MARKER AT WHICH THE SCANNER ENDS'
const MB = 1024 * 1024

/** Finds a marker, as a scanner finds what it knows. */
const scanner: Scanner = {
  scan: async (bytes) => {
    let all = ''
    for await (const chunk of bytes) all += Buffer.from(chunk).toString('latin1')

    if (all.includes(SCANNER_ENDS)) throw new Error('the scanner is away')

    return all.includes(MARKER) ? { clean: false, name: 'Test.Marker' } : { clean: true }
  },
}

let api: Api
let hr: Agent
let me: string
let caseId: string
let act: string

beforeAll(async () => {
  api = await startWorkedApi({ more: { scanner } })
  hr = await api.as('hrMinistry')
  me = await personOf(api, 'hrMinistry')
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.database.sql('truncate files, file_blobs, file_pieces, file_uploads, form_drafts')
  caseId = await arrangeCase(api.db, { body: BODY, subject: await personOf(api, 'newcomer') })
  act = `act:${caseId}:recordAbsence`
})

const address = (name: string, form = act, field = 'certificate') =>
  `/api/files?form=${encodeURIComponent(form)}&field=${field}&name=${encodeURIComponent(name)}`
const upload = (agent: Agent, bytes: Buffer, name = 'a.pdf', form = act) =>
  agent.post(address(name, form)).set('Content-Type', 'application/octet-stream').send(bytes)
const uploaded = async (bytes: Buffer, name?: string, agent = hr, form = act): Promise<string> =>
  (await upload(agent, bytes, name, form).expect(201)).body.id
const content = (agent: Agent, id: string) => agent.get(`/api/files/${id}/content`)
const count = async (table: string): Promise<number> =>
  Number((await api.database.sql(`select count(*)::int as n from ${table}`))[0]?.['n'])
const nothingIsLeft = async () => {
  for (const table of ['files', 'file_blobs', 'file_pieces', 'file_uploads'])
    expect([table, await count(table)]).toEqual([table, 0])
}

describe('an upload', () => {
  test('comes back byte for byte under its name, in three scripts, to be kept and not to be run', async () => {
    const bytes = pdfWith('x', 3 * MB + 17)
    for (const name of ['Анықтама № 7 (Ә).pdf', 'Больничный лист.pdf', 'Certificate "7"; a=b.pdf']) {
      const { body } = await upload(hr, bytes, name).expect(201)
      expect(body).toEqual({ id: expect.any(String), name: name.replaceAll('"', '_'), kind: 'pdf', size: bytes.length })
      const answer = await content(hr, body.id).buffer(true).parse(binary).expect(200)
      expect(Buffer.compare(answer.body, bytes)).toBe(0)
      expect(answer.headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-length': String(bytes.length),
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'no-store',
      })
      const disposition = answer.headers['content-disposition'] ?? ''
      expect(disposition).toMatch(/^attachment; /)
      expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe(name.replaceAll('"', '_'))
    }
    expect(await count('file_blobs')).toBe(1)
    expect(await count('file_pieces')).toBe(4)
  })

  test('whose type lies is refused with a sentence, and leaves nothing', async () => {
    for (const bytes of [
      Buffer.from('MZ not a pdf'),
      SAMPLES.docx,
      SAMPLES.txt,
      Buffer.concat([Buffer.from(' '), SAMPLES.pdf]),
    ]) {
      const { body } = await upload(hr, bytes, 'certificate.pdf').expect(422)
      expect(body).toMatchObject({ code: 'fileKind', params: { kinds: 'pdf, jpeg, png' } })
    }
    await nothingIsLeft()
  })

  test('that is empty, too large, or has malware in it is refused, and leaves nothing', async () => {
    isProblem(await upload(hr, Buffer.alloc(0)), 'empty', [422])
    isProblem(await upload(hr, pdfWith('x', 20 * MB + 1)), 'larger', [413])
    expect((await upload(hr, pdfWith(MARKER)).expect(422)).body).toMatchObject({
      code: 'fileInfected',
      params: { name: 'Test.Marker' },
    })
    await nothingIsLeft()
    await uploaded(pdfWith('x', 20 * MB))
  })

  test('that the scanner could not look at is no file, and leaves nothing', async () => {
    const answer = await upload(hr, pdfWith(SCANNER_ENDS))
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('scanner')
    await nothingIsLeft()
    await uploaded(pdfWith('the scanner is back'))
  })

  test.each([
    ['../../etc/passwd', 'passwd.pdf'],
    ['..\\..\\Windows\\win.ini', 'win.ini.pdf'],
    ['/etc/shadow/', 'file.pdf'],
    ['..', 'file.pdf'],
  ])('named %j is kept as %j: no folder, no way out of one', async (name, kept) => {
    const { body } = await upload(hr, SAMPLES.pdf, name).expect(201)
    expect(body.name).toBe(kept)
    const answer = await content(hr, body.id).buffer(true).parse(binary).expect(200)
    expect(answer.headers['content-disposition']).toContain(kept)
    expect(answer.headers['content-disposition']).not.toMatch(/\.\.|[/\\]/)
    expect((await api.database.sql('select name from files')).map((row) => row['name'])).toEqual([kept])
  })

  // ten thousand of them take minutes on a busy machine and show nothing that two thousand do not
  test('that is empty, two thousand times by fifty at once and half of them without a length, is refused each time and leaves nothing', async () => {
    const cookie = (await cookieOf('hrMinistry')) ?? ''
    const each = 2000 / 50
    const connections = new HttpAgent({ keepAlive: true, maxSockets: 50 })
    const one = (length: { 'content-length'?: number }): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = httpRequest(`${api.url}${address('a.pdf')}`, {
          ...{ method: 'POST', agent: connections },
          headers: { cookie, 'content-type': 'application/octet-stream', ...length },
        })
        asked.on('response', (response) => {
          response.resume()
          response.on('end', () => resolve(response.statusCode ?? 0))
        })
        asked.on('error', reject)
        asked.end()
      })
    const sender = async (n: number) => {
      const answers: number[] = []
      for (let sent = 0; sent < each; sent += 1) answers.push(await one(n % 2 === 0 ? { 'content-length': 0 } : {}))

      return answers
    }
    const answers = (await Promise.all(Array.from({ length: 50 }, (_, n) => sender(n)))).flat()
    connections.destroy()
    expect([answers.length, new Set(answers)]).toEqual([2000, new Set([422])])
    await nothingIsLeft()
    await uploaded(pdfWith('there is room'))
  })

  test('that says no length is stopped where it is too large', async () => {
    const piece = pdfWith('x', MB)
    const status = await sent(piece, { times: 22 })
    expect(status).toBe(413)
    await eventually('nothing is left', async () => (await count('file_uploads')) === 0)
    await nothingIsLeft()
  })

  test('is for whoever may fill in the form, and for a field of it that takes files', async () => {
    isProblem(await upload(await api.as('hrAkimat'), SAMPLES.pdf), 'another body', [404])
    isProblem(await upload(await api.as('mentor'), SAMPLES.pdf), 'no office', [403, 404])
    isProblem(await upload(api.nobody(), SAMPLES.pdf), 'nobody', [401])
    for (const field of ['document', 'from', 'unheardOf', 'certificate.0', '__proto__', 'constructor'])
      isProblem(
        await hr
          .post(address('a.pdf', act, field))
          .set('Content-Type', 'application/octet-stream')
          .send(SAMPLES.pdf),
        field,
        [404],
      )
    isProblem(await hr.post(address('a.pdf')).send({ bytes: 'x' }), 'JSON', [415])
    await nothingIsLeft()
  })

  test('of the same bytes, many at once, is kept once with as many references', async () => {
    const bytes = pdfWith('the same', 2 * MB)
    const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => uploaded(bytes, `${n}.pdf`)))
    expect(new Set(ids).size).toBe(6)
    expect([
      await count('file_blobs'),
      await count('file_pieces'),
      await count('file_uploads'),
      await count('files'),
    ]).toEqual([1, 2, 0, 6])
    // one goes: the bytes stay for the others
    await hr.delete(`/api/files/${ids[0]}`).expect(204)
    await collect()
    await content(hr, ids[1] ?? '').expect(200)
    for (const id of ids.slice(1)) await hr.delete(`/api/files/${id}`).expect(204)
    await collect()
    await nothingIsLeft()
  })

  test.each([
    ['lost', `delete from file_pieces where n = 1`],
    ['altered', `update file_pieces set bytes = set_byte(bytes, 9, 7) where n = 0`],
  ])('of bytes whose stored copy is %s mends it, for everybody who has them', async (_, damage) => {
    const bytes = pdfWith('once more', 2 * MB)
    const first = await uploaded(bytes)
    await api.database.sql(damage)
    const again = await Promise.all([uploaded(bytes), uploaded(bytes)])
    for (const id of [first, ...again]) {
      const answer = await content(hr, id).buffer(true).parse(binary).expect(200)
      expect(Buffer.compare(answer.body, bytes)).toBe(0)
    }
    for await (const wrong of damagedFiles(api.db, api.service.files)) throw new Error(JSON.stringify(wrong))
    await collectFiles(api.db, api.service.files, { now: Date.now(), unusedMs: 3600_000 })
    expect([await count('file_blobs'), await count('file_pieces'), await count('file_uploads')]).toEqual([1, 2, 0])
  })

  test('of a person who has many waiting is refused by their number, and by their size', async () => {
    // ten thousand of them would be refused as the one behind the last that may wait
    const { quota } = api.service.uploads
    await uploaded(SAMPLES.pdf)
    await api.database.sql(
      `insert into files (id, sha256, name, "uploadedById", "uploadedAt")
       select gen_random_uuid(), sha256, 'x', $1, now() from file_blobs, generate_series(1, $2::int)`,
      [me, quota.files - 2],
    )
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => upload(hr, pdfWith(`more ${n}`))))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)])
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'uploadsFull' })
    await api.database.sql('truncate files')
    await api.database.sql(`insert into file_uploads values ($1, $2, $3, now())`, [randomUUID(), me, quota.bytes - 10])
    isProblem(await upload(hr, SAMPLES.pdf), 'bytes', [409])
  })

  test('that is cut off at 99 % counts for nothing, and what a killed process leaves of one is collected', async () => {
    const bytes = pdfWith('cut off', 4 * MB)
    await sent(bytes, { cutAt: Math.floor(bytes.length * 0.99), length: bytes.length })
    await eventually('nothing is left', async () => (await count('file_uploads')) === 0)
    await nothingIsLeft()
    // the process died: nobody took its pieces away
    const key = randomUUID()
    await api.database.sql(`insert into file_uploads values ($1, $2, 100, now())`, [key, me])
    await api.service.files.write(key, chunks(bytes.subarray(0, 2 * MB)))
    await collect()
    expect(await count('file_pieces')).toBe(2)
    await collectFiles(api.db, api.service.files, { now: Date.now() + 3 * 3600_000, unusedMs: 1e12 })
    await nothingIsLeft()
  })

  test('that nobody uses is collected after its time, unless a draft of its owner names it', async () => {
    const [inDraft] = [await uploaded(pdfWith('in a draft')), await uploaded(pdfWith('forgotten'))]
    await keepDraft(hr, act, { person: me, form: { certificate: inDraft } }).expect(200)
    await collect()
    expect(await count('files')).toBe(2)
    await collect(25 * 3600_000)
    expect(await count('files')).toBe(1)
    await content(hr, inDraft).expect(200)
    await api.database.sql('truncate form_drafts')
    await collect(25 * 3600_000)
    await nothingIsLeft()
  })

  test('of a start is kept as long as the draft of the start names it', async () => {
    const servant = await api.as('newcomer')
    const form = `start:appeal:${BODY}`
    const file = async (word: string) =>
      (
        await servant
          .post(address(`${word}.pdf`, form, 'papers'))
          .set('Content-Type', 'application/octet-stream')
          .send(pdfWith(word))
          .expect(201)
      ).body.id as string
    const [named, forgotten] = [await file('named'), await file('forgotten')]
    const person = await personOf(api, 'newcomer')
    await keepDraft(servant, form, { person, form: { grounds: 'The plan was met.', papers: [named] } }).expect(200)
    await collect(25 * 3600_000)
    await content(servant, named).expect(200)
    isProblem(await content(servant, forgotten), 'forgotten', [404])
    await keepDraft(servant, form, { person, form: { papers: [] }, version: 1 }).expect(200)
    await collect(25 * 3600_000)
    await nothingIsLeft()
  })

  const collect = (later = 0) =>
    collectFiles(api.db, api.service.files, { now: Date.now() + later, unusedMs: api.service.uploads.unusedMs })

  /** Sends by hand: in pieces, without a length, or cut off. */
  async function sent(
    bytes: Buffer,
    { times = 1, cutAt, length }: { times?: number; cutAt?: number; length?: number },
  ): Promise<number> {
    const cookie = (await cookieOf('hrMinistry')) ?? ''
    return new Promise((resolve) => {
      const asked = httpRequest(`${api.url}${address('a.pdf')}`, {
        method: 'POST',
        headers: {
          cookie,
          'content-type': 'application/octet-stream',
          ...(length === undefined ? {} : { 'content-length': length }),
        },
      })
      asked.on('response', (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      asked.on('error', () => resolve(0))
      if (cutAt === undefined) {
        for (let n = 0; n < times; n += 1) asked.write(bytes)
        asked.end()
      } else asked.write(bytes.subarray(0, cutAt), () => setTimeout(() => asked.destroy(), 200))
    })
  }
})

const cookieOf = async (user: string): Promise<string | undefined> =>
  (await api.nobody().post('/api/session').send({ user }).expect(200)).headers['set-cookie']?.[0]?.split(';')[0]

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}

/** The body of an answer as bytes. */
function binary(response: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const all: Buffer[] = []
  if (!(response instanceof Readable)) throw new Error('no stream')
  response.on('data', (chunk: Buffer) => all.push(chunk))
  response.on('end', () => done(null, Buffer.concat(all)))
}

describe('a file of an answer', () => {
  let certificate: string
  let running: string
  let appointedOn: string
  const bytes = pdfWith('certificate of the servant')

  beforeEach(async () => {
    const person = await personOf(api, 'newcomer')
    const post = await api.db.post.findFirstOrThrow({ where: { personId: person, to: null } })
    appointedOn = post.from.toISOString().slice(0, 10)
    const form = { person, position: post.positionId, appointedOn, actNumber: '1', actDate: appointedOn }
    running = (
      await hr
        .post('/api/processes/probation/cases')
        .send({ form, rehearsal: { set: randomUUID(), origin: appointedOn } })
        .expect(201)
    ).body.caseId
    certificate = await uploaded(bytes, 'Анықтама.pdf', hr, `act:${running}:recordAbsence`)
  })
  const record = async (file: string, key?: string) => {
    const { step } = (await hr.get(`/api/cases/${running}`).expect(200)).body
    const form = { from: appointedOn, to: appointedOn, kind: 'illness', document: 'No 7', certificate: file }
    const asked = hr.post(`/api/cases/${running}/acts/recordAbsence`)

    return (key ? asked.set('Idempotency-Key', key) : asked).send({ step, form })
  }

  test('belongs to it: it is read by whoever sees the answer, from the case page, and by nobody else', async () => {
    expect((await record(certificate)).status).toBe(200)
    const [command] = await api.database.sql(
      `select payload::text as said from commands where "caseId" = $1 and kind = 'act'`,
      [running],
    )
    expect(command?.['said']).toContain(certificate)
    for (const user of ['hrMinistry', 'headMinistry', 'agencyOfficer', 'newcomer']) {
      const agent = await api.as(user)
      expect(
        Buffer.compare((await content(agent, certificate).buffer(true).parse(binary).expect(200)).body, bytes),
      ).toBe(0)
      expect((await agent.get(`/api/files?id=${certificate}`).expect(200)).body.data).toMatchObject([
        { name: 'Анықтама.pdf' },
      ])
    }
    for (const [user, statuses] of [
      ['developer', [403]],
      ['administrator', [403]],
      ['hrAkimat', [404]],
      ['agencyOfficerRegion', [404]],
    ] as const) {
      const agent = await api.as(user)
      isProblem(await content(agent, certificate), user, statuses)
      expect((await agent.get(`/api/files?id=${certificate}`).expect(200)).body.data).toEqual([])
    }
    isProblem(await hr.delete(`/api/files/${certificate}`), 'it is in the case', [404])
  })

  test('is in the access log before its first byte leaves', async () => {
    await record(certificate)
    const looks = () =>
      api.database.sql(`select pieces, cases from access_log where door = 'GET /api/files/:id/content'`)
    const before = (await looks()).length
    await content(await api.as('headMinistry'), certificate).expect(200)
    expect((await looks()).slice(before)).toMatchObject([{ pieces: ['answer:recordAbsence'], cases: [running] }])
  })

  test('is refused to somebody who lost the right a second ago, and in a case that is kept from him', async () => {
    await record(certificate)
    const head = await api.as('headMinistry')
    await content(head, certificate).expect(200)
    await api.database.sql(`update cases set "keptFrom" = array[$2]::uuid[] where id = $1`, [
      running,
      await personOf(api, 'headMinistry'),
    ])
    isProblem(await content(head, certificate), 'excluded', [404])
    await api.database.sql(`update cases set "keptFrom" = '{}', "restrictedTo" = array[$2]::uuid[] where id = $1`, [
      running,
      me,
    ])
    isProblem(await content(head, certificate), 'restricted', [404])
    await content(hr, certificate).expect(200)
    await api.database.sql(`update cases set "restrictedTo" = null where id = $1`, [running])
    await content(head, certificate).expect(200)
    const role = await api.database.sql(
      `update body_roles set "to" = current_date - 2 where "personId" = $1 returning id`,
      [await personOf(api, 'headMinistry')],
    )
    isProblem(await content(head, certificate), 'his office ended', [404])
    await api.database.sql(`update body_roles set "to" = null where id = any($1)`, [role.map((row) => row['id'])])
  })

  test('is in one answer only: a file that is used, of another person, of another kind, or gone is refused', async () => {
    const refused = async (file: string, code: string) =>
      expect((await record(file)).body).toMatchObject({ status: 422, errors: { certificate: code } })
    await refused(randomUUID(), 'fileGone')
    const head = await personOf(api, 'headMinistry')
    const ofOther = await uploaded(pdfWith('of another'))
    await api.database.sql(`update files set "uploadedById" = $2 where id = $1`, [ofOther, head])
    await refused(ofOther, 'fileGone')
    const ofOtherKind = await uploaded(pdfWith('of another kind'))
    await api.database.sql(
      `update file_blobs set kind = 'docx' from files where files.id = $1 and files.sha256 = file_blobs.sha256`,
      [ofOtherKind],
    )
    await refused(ofOtherKind, 'fileKind')
    expect((await record(certificate)).status).toBe(200)
    await refused(certificate, 'fileGone')
  })

  test('sent twice under one key has one effect; of two answers that name it at once one has it', async () => {
    const key = randomUUID()
    const [first, second] = await Promise.all([record(certificate, key), record(certificate, key)])
    expect([first.status, second.status]).toEqual([200, 200])
    const again = await uploaded(pdfWith('raced'), 'b.pdf', hr, `act:${running}:recordAbsence`)
    const both = await Promise.all([record(again), record(again), record(again)])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await count('file_blobs')).toBe(2)
  })

  test('that was refused with its answer may be sent again', async () => {
    await api.db.command.create({
      data: {
        id: randomUUID(),
        ...{ caseId: running, kind: 'act', act: 'recordAbsence', principal: me, key: randomUUID(), digest: '' },
        ...{ actor: {}, payload: {}, receivedAt: new Date(), state: 'refused' },
      },
    })
    await api.database.sql(
      `update files set "commandId" = (select id from commands where "caseId" = $2 and state = 'refused' limit 1) where id = $1`,
      [certificate, running],
    )
    await content(hr, certificate).expect(200)
    expect((await record(certificate)).status).toBe(200)
  })

  test('that is lost or was altered is told: no half file is taken for a whole one, and it is named', async () => {
    await record(certificate)
    const damage = async () => {
      const found = []
      for await (const each of damagedFiles(api.db, api.service.files)) found.push(each)
      return found
    }
    const { number } = (await hr.get(`/api/cases/${running}`).expect(200)).body
    expect(await damage()).toEqual([])
    await api.database.sql(`update file_pieces set bytes = set_byte(bytes, 12, 65)`)
    expect(await damage()).toMatchObject([{ what: 'altered', cases: [number] }])
    await api.database.sql(`update file_pieces set bytes = substring(bytes from 1 for 5)`)
    expect(await damage()).toMatchObject([{ what: 'lost', cases: [number] }])
    await expect(content(hr, certificate).then((answer) => answer)).rejects.toThrow(/aborted|hang up/)
    await api.database.sql(`insert into file_pieces values ($1, 0, 'x')`, [randomUUID()])
    expect((await damage()).map(({ what }) => what)).toEqual(['lost', 'orphaned'])
  })
})

test('a holder of a task sees files of the answers that his task shows, and no longer than he holds it', async () => {
  const mentor = await personOf(api, 'mentor')
  const { tasks } = api.service.processes.current['probation']!.contract
  const [showing, shown] = Object.entries(tasks).flatMap(([kind, { shows = [] }]) => shows.map((of) => [kind, of]))[0]!
  const task = await arrangeTask(api.db, caseId, {
    ...{ kind: shown!, state: 'completed', role: 'hr', body: BODY, answeredBy: me },
  })
  const file = await uploaded(pdfWith('shown'))
  const command = randomUUID()
  const contentId = randomUUID()
  await api.db.command.create({
    data: {
      ...{ id: command, caseId, taskId: task, kind: 'complete', principal: me, key: command, digest: '', contentId },
      ...{ actor: {}, payload: {}, receivedAt: new Date(), state: 'done' },
    },
  })
  await api.database.sql(`update files set "commandId" = $2 where id = $1`, [file, command])
  const holder = await api.as('mentor')
  // sealed, or not yet recorded: the answer shows nothing, and that there is a file is known to whoever sees its case
  isProblem(await content(hr, file), 'not open', [403])
  isProblem(await content(holder, file), 'not open, of a case that he does not see', [404])
  await api.db.task.update({ where: { id: task }, data: { answerContentId: contentId } })
  await content(hr, file).expect(200)
  isProblem(await content(holder, file), 'no task yet', [404])
  // however many tasks the case had before
  for (let n = 0; n < 101; n += 1) await arrangeTask(api.db, caseId, { state: 'obsolete', role: 'hr', body: BODY })
  const held = await arrangeTask(api.db, caseId, {
    ...{ kind: showing!, state: 'reserved', person: me, assignee: me },
  })
  isProblem(await content(holder, file), 'the task of another', [404])
  await api.db.task.update({ where: { id: held }, data: { personId: mentor, assigneeId: mentor } })
  await content(holder, file).expect(200)
  await api.db.task.update({ where: { id: held }, data: { state: 'obsolete' } })
  isProblem(await content(holder, file), 'no task any more', [404])
})
