/** A probation walked over HTTP by the people concerned, as a rehearsal on a held clock, with words planted in every field. */
import { today } from '../../../api/service/today'
import type { TaskView } from '../../../api/shapes/views'
import { addDays } from '../../../workflows/kernel/law/calendar'
import type { IsoDate } from '../../../workflows/kernel/contract'
import { keepDraft, personOf, type Agent, type Api } from '../harness'
import { pdfWith } from '../../support/sample-files'
import { word } from './marks'

export const BODY = 'ministryFinance'
export const USERS = [
  ...['newcomer', 'mentor', 'secondMentor', 'supervisor', 'hrMinistry', 'otherHr', 'headMinistry', 'hrAkimat'],
  ...['agencyOfficer', 'agencyOfficerRegion', 'recordsMinistry', 'developer', 'administrator', 'stranger'],
] as const
export type User = (typeof USERS)[number]
/** Roles that people of the demonstration hold, as the test tells of them. */
export const ROLES: Readonly<Partial<Record<User, { role: string; body: string }>>> = {
  hrMinistry: { role: 'hr', body: BODY },
  otherHr: { role: 'hr', body: BODY },
  headMinistry: { role: 'head', body: BODY },
  hrAkimat: { role: 'hr', body: 'akimat.karaganda' },
  agencyOfficer: { role: 'agency', body: 'civilServiceAgency' },
  agencyOfficerRegion: { role: 'agency', body: 'civilServiceAgency.karaganda' },
  recordsMinistry: { role: 'records', body: BODY },
  developer: { role: 'developer', body: 'civilServiceAgency' },
  administrator: { role: 'administrator', body: 'civilServiceAgency' },
}

/** People beside those of the demonstration: another HR officer and another mentor in the body, and a servant with no part in anything. */
export async function addPeople(api: Api): Promise<void> {
  const posts = await api.db.post.findMany({
    where: {
      to: null,
      from: { lte: new Date(Date.now() - 500 * 24 * 60 * 60 * 1000) },
      position: { bodyKey: BODY, headsBody: false, headsUnit: false },
      person: { accounts: { none: { demoAs: { not: null } } }, roles: { none: {} } },
    },
    orderBy: { id: 'asc' },
    take: 3,
  })
  const people = (['otherHr', 'secondMentor', 'stranger'] as const).map((id, n) => ({ id, person: posts[n]?.personId }))
  for (const { id, person } of people)
    await api.db.account.create({ data: { id, personId: person ?? '', demoAs: 'hrMinistry' } })
  await api.database.sql(
    `insert into body_roles (id, "personId", role, "bodyKey", "from", basis) values (gen_random_uuid(), $1, 'hr', $2, '2020-01-01', 'test')`,
    [people[0]?.person, BODY],
  )
  await api.database.sql(`update people set "surnameKk" = $2, "surnameRu" = $2, "surnameEn" = $2 where id = $1`, [
    await personOf(api, 'newcomer'),
    word('Surname'),
  ])
}

/** A case on its way, and what its people do in it. */
export class Walk {
  caseId = ''
  number = ''
  subject = ''
  position = ''
  appointedOn = '' as IsoDate
  readonly set = 'planted words'
  /** what a developer was answered who moved the clock */
  readonly toDeveloper: string[] = []

  constructor(
    private readonly api: Api,
    private readonly people: Readonly<Record<User, Agent>>,
  ) {}

  async begins(): Promise<void> {
    this.subject = await personOf(this.api, 'newcomer')
    const post = await this.api.db.post.findFirstOrThrow({ where: { personId: this.subject, to: null } })
    this.position = post.positionId
    this.appointedOn = post.from.toISOString().slice(0, 10) as IsoDate
    const form = { person: this.subject, position: post.positionId, appointedOn: this.appointedOn }
    const { body } = await this.people.hrMinistry
      .post('/api/processes/probation/cases')
      .send({
        form: { ...form, actNumber: word('Act'), actDate: this.appointedOn },
        rehearsal: { set: this.set, origin: this.appointedOn },
      })
      .expect(201)
    ;({ caseId: this.caseId, number: this.number } = body as { caseId: string; number: string })
  }

  private async open(kind: string) {
    return this.api.db.task.findFirstOrThrow({
      where: { caseId: this.caseId, kind, state: { in: ['ready', 'reserved', 'inProgress'] } },
    })
  }
  private async held(user: User, kind: string): Promise<{ id: string; version: number }> {
    const task = await this.open(kind)
    if (task.state !== 'ready') return task
    const { body } = await this.people[user]
      .post(`/api/tasks/${task.id}/claim`)
      .send({ version: task.version })
      .expect(200)

    return body as TaskView
  }
  async asks(user: User, kind: string, whom: User, question: string): Promise<void> {
    const { id, version } = await this.held(user, kind)
    const person = await personOf(this.api, whom)
    await this.people[user].post(`/api/tasks/${id}/ask`).send({ version, person, question }).expect(200)
  }
  async answers(user: User, kind: string, form: object): Promise<void> {
    const { id, version } = await this.held(user, kind)
    const answered = await this.people[user].post(`/api/tasks/${id}/complete`).send({ version, form })
    if (answered.status !== 200) throw new Error(`${user} ${kind}: ${answered.text}`)
  }
  async returns(user: User, kind: string, remarks: string): Promise<void> {
    const { id, version } = await this.held(user, kind)
    await this.people[user].post(`/api/tasks/${id}/return`).send({ version, remarks }).expect(200)
  }
  async does(user: User, act: string, form: object): Promise<void> {
    const { step } = await this.api.db.case.findUniqueOrThrow({ where: { id: this.caseId } })
    const done = await this.people[user].post(`/api/cases/${this.caseId}/acts/${act}`).send({ step, form })
    if (![200, 204].includes(done.status)) throw new Error(`${user} ${act}: ${done.text}`)
    if (user === 'developer') this.toDeveloper.push(done.text)
  }
  /** A file for a field of a form, with a word in its name and one in its bytes. */
  async uploads(user: User, form: string, field: string, words: { name: string; bytes: string }): Promise<string> {
    const [kind, ...rest] = form.split(' ')
    const address = encodeURIComponent([kind, this.caseId, ...rest].join(':'))
    const { body } = await this.people[user]
      .post(`/api/files?form=${address}&field=${field}&name=${word(words.name)}.pdf`)
      .set('Content-Type', 'application/octet-stream')
      .send(pdfWith(word(words.bytes)))
      .expect(201)

    return (body as { id: string }).id
  }
  async says(user: User, text: string): Promise<void> {
    await this.people[user].post(`/api/cases/${this.caseId}/comments`).send({ text }).expect(201)
  }
  /** A paper and a note come after the end. */
  async comesLate(): Promise<void> {
    const { closedOn } = await this.api.db.case.findUniqueOrThrow({ where: { id: this.caseId } })
    const day = (closedOn ?? new Date()).toISOString().slice(0, 10)
    const file = await this.uploads('recordsMinistry', 'add paper', 'file', { name: 'LateName', bytes: 'LateBytes' })
    const paper = { paperTitle: word('LateTitle'), paperNumber: '1', issuer: 'x', issuedOn: day, receivedOn: day, file }
    for (const added of [
      { kind: 'paper', form: paper },
      { kind: 'note', form: { note: word('LateNote') } },
    ])
      await this.people.recordsMinistry.post(`/api/cases/${this.caseId}/additions`).send(added).expect(201)
  }
  private async stage(): Promise<string> {
    return (await this.api.db.case.findUniqueOrThrow({ where: { id: this.caseId } })).stage
  }
  /** A developer moves the clock. */
  async comesTo(stage: string, until: () => Promise<boolean> = async () => (await this.stage()) === stage) {
    for (let stop = 0; stop < 30; stop += 1) {
      if (await until()) return
      await this.does('developer', 'advance', {})
    }
    throw new Error(`the case did not come to ${stage}`)
  }
  isAsked = async (kind: string): Promise<boolean> =>
    (await this.api.db.task.count({ where: { caseId: this.caseId, kind, state: { in: ['ready', 'reserved'] } } })) > 0

  async keepsDraft(): Promise<void> {
    await keepDraft(this.people.hrMinistry, `act:${this.caseId}:recordAbsence`, {
      person: await personOf(this.api, 'hrMinistry'),
      form: { document: word('Draft') },
    }).expect(200)
  }
  /** The role of an officer ended yesterday. */
  async officeEnds(user: User): Promise<void> {
    await this.api.database.sql(`update body_roles set "to" = $2 where "personId" = $1`, [
      await personOf(this.api, user),
      addDays(today(Date.now()), -1),
    ])
  }
}
