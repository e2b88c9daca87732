/** Live changes: who hears of which, and how long. */
import http from 'node:http'
import { randomUUID } from 'node:crypto'
import { notify, type Change } from '../../prisma/store/notify'
import { eventually } from '../support/eventually'
import { arrangeCase, arrangeTask, personOf, startApi, AWAY, type Api } from './harness'

/** How often sessions and roles are looked at: never while a test runs, and at once. */
const [HOURS, AT_ONCE] = [3_600_000, 50]
let api: Api
afterEach(() => api.close())
const open = async (lookAgainMs: number): Promise<void> => {
  api = await startApi(AWAY, {}, { lookAgainMs })
}

interface Listener {
  readonly cookie: string
  /** ids that were told, by topic */
  readonly told: (topic: Change['topic']) => string[]
  readonly text: () => string
  readonly ended: () => boolean
  readonly leave: () => void
}

const signedIn = async (user: string): Promise<string> => {
  const response = await api.nobody().post('/api/session').send({ user }).expect(200)

  return String(response.headers['set-cookie']).split(';')[0] ?? ''
}

/** A stream of a session; it is open when this returns. */
async function listens(user: string, cookie?: string): Promise<Listener> {
  const own = cookie ?? (await signedIn(user))
  let text = ''
  let ended = false
  const request = http.get(`${api.url}/api/events`, { headers: { cookie: own } }, (response) => {
    response.on('data', (chunk) => (text += String(chunk)))
    response.on('end', () => (ended = true))
  })
  for (const over of ['error', 'close']) request.on(over, () => (ended = true))
  await eventually('the stream', () => text.includes('retry'))

  return {
    cookie: own,
    told: (topic) =>
      [...text.matchAll(/^data: (.*)$/gm)]
        .map(([, data]) => JSON.parse(data ?? '{}') as Partial<Change>)
        .flatMap((change) => (change.topic === topic ? (change.ids ?? []) : [])),
    text: () => text,
    ended: () => ended,
    leave: () => void request.destroy(),
  }
}

/** Says the changes, and after them one of a case that each of these finds: when he has heard of that, he has heard of the others or will never. */
async function said(listeners: readonly Listener[], ...changes: readonly Change[]): Promise<void> {
  const last = await arrangeCase(api.db, {
    body: 'ministryFinance',
    subject: await personOf(api, 'newcomer'),
    parties: {
      mentor: await personOf(api, 'mentor'),
      supervisor: await personOf(api, 'supervisor'),
    },
  })
  for (const user of ['hrAkimat', 'headMinistry'])
    await arrangeTask(api.db, last, { person: await personOf(api, user), assignee: await personOf(api, user) })
  await notify(api.db.sql, ...changes)
  // what is said before the API listens is not heard, so the end is said until it is
  await eventually('the end', async () => {
    await notify(api.db.sql, { topic: 'cases', ids: [last] })

    return listeners.every(({ told }) => told('cases').includes(last))
  })
}

const hires = async (): Promise<string> =>
  arrangeCase(api.db, { body: 'ministryFinance', subject: await personOf(api, 'newcomer') })

test('of a case and its tasks only they hear who find it, by ids alone', async () => {
  await open(HOURS)
  const caseId = await hires()
  const task = await arrangeTask(api.db, caseId, { role: 'hr', body: 'ministryFinance' })
  const [hr, subject, stranger] = await Promise.all([listens('hrMinistry'), listens('newcomer'), listens('hrAkimat')])
  await said([hr, subject, stranger], { topic: 'tasks', ids: [task] }, { topic: 'cases', ids: [caseId] })
  expect(hr.told('cases')).toContain(caseId)
  expect(hr.told('tasks')).toContain(task)
  expect(subject.told('cases')).toContain(caseId)
  expect(stranger.text()).not.toContain(caseId)
  expect(stranger.text()).not.toContain(task)
  expect(hr.text()).not.toContain('newcomer')
  for (const each of [hr, subject, stranger]) each.leave()
})

test('who begins to listen after changes that nobody heard is told of the next', async () => {
  await open(HOURS)
  const first = await listens('hrMinistry')
  // the API listens by now
  await said([first])
  first.leave()
  await eventually('nobody to listen', () => first.ended())
  for (let change = 0; change < 20; change += 1) await notify(api.db.sql, { topic: 'cases', ids: [await hires()] })
  const [second, id] = [await listens('hrMinistry'), await hires()]
  await eventually('the next change', async () => {
    await notify(api.db.sql, { topic: 'cases', ids: [id] })

    return second.told('cases').includes(id)
  })
})

test('a comment, and that one is withdrawn, is heard at once by whoever looks at the case, and what it says comes with the next look', async () => {
  await open(HOURS)
  const mentor = await personOf(api, 'mentor')
  const caseId = await arrangeCase(api.db, {
    ...{ body: 'ministryFinance', subject: await personOf(api, 'newcomer'), parties: { mentor } },
  })
  const [hr, speaker, stranger] = await Promise.all([listens('hrMinistry'), listens('mentor'), listens('hrAkimat')])
  const all = [hr, speaker, stranger]
  // from here on nothing is missed
  await said(all)
  const looking = await api.as('hrMinistry')
  const shown = async () => (await looking.get(`/api/cases/${caseId}/comments`).expect(200)).body.data
  expect([await shown(), hr.told('cases').includes(caseId)]).toEqual([[], false])
  const { body } = await (
    await api.as('mentor')
  )
    .post(`/api/cases/${caseId}/comments`)
    .send({ text: 'Something new' })
    .expect(201)
  await eventually('the comment', () => hr.told('cases').includes(caseId))
  expect(await shown()).toMatchObject([{ text: 'Something new' }])
  const before = hr.told('cases').filter((id) => id === caseId).length
  await (await api.as('mentor')).post(`/api/comments/${body.data[0].id}/withdraw`).expect(204)
  await eventually('its end', () => hr.told('cases').filter((id) => id === caseId).length > before)
  expect(await shown()).toMatchObject([{ text: null }])
  await said(all)
  expect(speaker.told('cases')).toContain(caseId)
  expect(stranger.text()).not.toContain(caseId)
  for (const each of all) {
    expect(each.text()).not.toContain('Something new')
    each.leave()
  }
})

test('whoever a task is addressed to hears of it, and of its end, without his case', async () => {
  await open(HOURS)
  const caseId = await hires()
  const asked = await personOf(api, 'hrAkimat')
  const task = await arrangeTask(api.db, caseId, { person: asked, assignee: asked, body: 'akimat.karaganda' })
  const holder = await listens('hrAkimat')
  await said([holder], { topic: 'tasks', ids: [task] })
  expect(holder.told('tasks')).toEqual([task])
  await api.db.task.update({ where: { id: task }, data: { state: 'completed' } })
  await said([holder], { topic: 'tasks', ids: [task] }, { topic: 'cases', ids: [caseId] })
  expect(holder.told('tasks')).toEqual([task, task])
  // he may not find the case any more
  expect(holder.told('cases')).not.toContain(caseId)
  holder.leave()
})

test('of a notice they hear to whom it is addressed, and who see the course of its case', async () => {
  await open(HOURS)
  const caseId = await hires()
  const [hr, head, subject, stranger] = await Promise.all(
    ['hrMinistry', 'headMinistry', 'newcomer', 'hrAkimat'].map((user) => listens(user)),
  )
  const all = [hr, head, subject, stranger].flatMap((each) => (each ? [each] : []))
  await said(all)
  const tell = async (to: { role: string; bodyKey: string } | { personId: string }) =>
    (
      await api.db.notice.create({
        data: { id: randomUUID(), caseId, kind: 'taskOpened', ...to, params: {}, at: new Date() },
      })
    ).id
  const toOffice = await tell({ role: 'hr', bodyKey: 'ministryFinance' })
  const toSubject = await tell({ personId: await personOf(api, 'newcomer') })
  // it is addressed to him, and shows him nothing
  await tell({ personId: await personOf(api, 'hrAkimat') })
  await said(all)
  expect(all.map(({ told }) => told('notices'))).toEqual([[toOffice], [], [toSubject], []])
  for (const each of all) each.leave()
})

test('a stream ends at once when its session is signed out, and no other', async () => {
  await open(HOURS)
  const [one, other] = await Promise.all([listens('hrMinistry'), listens('hrMinistry')])
  await api.nobody().delete('/api/session').set('Cookie', one.cookie).expect(204)
  await eventually('the end at sign-out', () => one.ended(), 5_000)
  await said([other])
  expect(other.ended()).toBe(false)
  await api.nobody().get('/api/events').set('Cookie', one.cookie).expect(401)
  other.leave()
})

test('a stream ends when somebody else signs in with its session', async () => {
  await open(HOURS)
  const one = await listens('hrMinistry')
  await api.nobody().post('/api/session').set('Cookie', one.cookie).send({ user: 'mentor' }).expect(200)
  await eventually('the end', () => one.ended(), 5_000)
})

test('a stream ends when its session runs out', async () => {
  await open(AT_ONCE)
  const one = await listens('mentor')
  const person = await personOf(api, 'mentor')
  await api.database.sql(
    `update sessions set expire = now() - interval '1 minute' where sess ->> 'person' = '${person}'`,
  )
  await eventually('the end', () => one.ended(), 5_000)
})

test('the stream of a session that was due to be renewed does not bring it back', async () => {
  await open(AT_ONCE)
  const cookie = await signedIn('supervisor')
  const person = await personOf(api, 'supervisor')
  await api.database.sql(
    `update sessions set sess = jsonb_set(sess::jsonb, '{renewedAt}', '1')::json where sess ->> 'person' = '${person}'`,
  )
  const listener = await listens('supervisor', cookie)
  await api.database.sql(`delete from sessions where sess ->> 'person' = '${person}'`)
  await eventually('the end', () => listener.ended())
  expect(await api.database.sql(`select 1 from sessions where sess ->> 'person' = '${person}'`)).toEqual([])
})

test('after a role has ended nothing more is heard by it; one that begins is heard by', async () => {
  await open(AT_ONCE)
  const officer = await personOf(api, 'hrMinistry')
  const listener = await listens('hrMinistry')
  const before = await hires()
  await said([listener], { topic: 'cases', ids: [before] })
  expect(listener.told('cases')).toContain(before)
  await api.database.sql(
    `update body_roles set "to" = date '2020-01-01', "from" = date '2019-01-01' where "personId" = '${officer}'`,
  )
  // it is heard until his roles are read anew
  await eventually('that he hears no more', async () => {
    const heard = listener.told('cases').length
    const probe = await hires()
    const own = await arrangeCase(api.db, { body: 'ministryFinance', subject: officer })
    await notify(api.db.sql, { topic: 'cases', ids: [probe, own] })
    await eventually('his own', () => listener.told('cases').length > heard)

    return !listener.told('cases').includes(probe)
  })
  await api.database.sql(`update body_roles set "to" = null where "personId" = '${officer}'`)
  await eventually('that he hears again', async () => {
    const probe = await hires()
    const own = await arrangeCase(api.db, { body: 'ministryFinance', subject: officer })
    const heard = listener.told('cases').length
    await notify(api.db.sql, { topic: 'cases', ids: [probe, own] })
    await eventually('his own', () => listener.told('cases').length > heard)

    return listener.told('cases').includes(probe)
  })
  expect(listener.ended()).toBe(false)
  listener.leave()
})

test('nobody hears of what is not there, and nobody listens who is not signed in', async () => {
  await open(HOURS)
  const listener = await listens('hrMinistry')
  const unknown = randomUUID()
  await said([listener], { topic: 'cases', ids: [unknown] }, { topic: 'tasks', ids: [unknown] })
  expect(listener.text()).not.toContain(unknown)
  listener.leave()
  await api.nobody().get('/api/events').expect(401)
})
