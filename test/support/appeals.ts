/** Appeals of dismissals told in business words, as real cases on held clocks: what is done to posts is done. */
import { randomUUID } from 'node:crypto'
import { sampleRegister } from '../../prisma/seed/sample'
import { agencyOf, holdersOf } from '../../prisma/store/service'
import type { Actor, BodyKey, CaseId, Instant, IsoDate, PersonId } from '../../workflows/kernel/contract'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { Activities } from '../../workflows/kernel/protocol/activities'
import { processes } from '../../workflows/registry'
import { contract as probation } from '../../workflows/probation/contract'
import { contract as appeal } from '../../workflows/appeal/contract'
import { actor, casework, open, type Casework, type Sent } from './casework'
import type { FreshDatabase } from './database'
import { Sitting } from './panels'
import { ProbationCase, type Cast } from './probation'
import { StoryCase } from './story-case'

// Monday 5 January 2026; dismissal may be proposed at the first review under this regime
const APPOINTED = isoDate('2026-01-05')
const REGIME = 'R1'
export const SAMPLE = { seed: 7, on: isoDate('2026-01-20') }
/** the day on which the dismissal is agreed to and he is told */
export const TOLD = isoDate('2026-03-18')

/** `instead`: activities that the test has in the place of the product's. */
export const appealing = (database: FreshDatabase, instead: Partial<Activities> = {}): Promise<Casework> =>
  casework(database.url, undefined, instead, { processes })

/** Who hears appeals: people of the central body of the Agency who agreed to nothing. */
export interface Hearers {
  readonly body: BodyKey
  readonly secretary: Actor
  readonly members: readonly PersonId[]
  readonly alternates: readonly PersonId[]
}

type Dealt = ReturnType<typeof sampleRegister>['newcomers'][number]

/** Newcomers of central bodies with the people around them, each once. */
export function casting(database: FreshDatabase, work: Casework) {
  // HR answers the appeal: it is nobody who decided first
  const answering = ({ hr, mentors, supervisor, head }: Dealt) =>
    hr.find((id) => ![...mentors.slice(0, 2), supervisor, head].includes(id))
  const free = sampleRegister(SAMPLE).newcomers.filter(
    (each) =>
      each.bodyKind === 'central' &&
      each.mentors.length > 1 &&
      each.supervisor !== each.head &&
      answering(each) !== undefined,
  )

  return async (): Promise<{ cast: Cast; hearers: Hearers }> => {
    const newcomer = free.shift()
    if (!newcomer) throw new Error('nobody is left to dismiss')
    const { body, person, position, head, supervisor } = newcomer
    await database.sql('delete from posts where "positionId" = $1 and "personId" <> $2', [position, person])
    await database.sql('update posts set "from" = $1 where "personId" = $2 and "to" is null', [APPOINTED, person])
    // a role that he holds by virtue of his post
    await database.sql(
      `insert into body_roles (id, "personId", role, "bodyKey", "from", basis, "postId")
       select gen_random_uuid(), "personId", 'records', $1, "from", 'test', id from posts where "personId" = $2 and "to" is null`,
      [body, person],
    )
    const agency = await agencyOf(work.db, body)
    const [agent, secretary] = await holdersOf(work.db, { role: 'agency', body: agency }, SAMPLE.on)
    const hr = answering(newcomer)
    const [mentor, otherMentor] = newcomer.mentors
    if (!agent || !secretary || !hr || !mentor || !otherMentor) throw new Error(`${body} lacks people`)
    const others = await work.db.post.findMany({
      where: {
        position: { bodyKey: agency },
        to: null,
        personId: { notIn: [agent, secretary, person, mentor, otherMentor, supervisor, head] },
      },
      orderBy: { id: 'asc' },
      take: 5,
    })
    const ids = others.map(({ personId }) => personId as PersonId)

    return {
      cast: {
        ...{ body, servant: person, position, appointedOn: APPOINTED, supervisor, mentor, otherMentor },
        hr: actor(hr, ['hr', body]),
        head: actor(head, ['head', body]),
        agency: actor(agent, ['agency', agency]),
      },
      hearers: {
        body: agency,
        secretary: actor(secretary, ['agency', agency]),
        members: ids.slice(0, 3),
        alternates: ids.slice(3),
      },
    }
  }
}

/** A probation whose dismissal was agreed to on `TOLD`, and of which the servant was told on that day. */
export async function dismissal(
  work: Casework,
  cast: Cast,
  more: { readonly told?: boolean } = {},
): Promise<ProbationCase> {
  const form = {
    person: cast.servant,
    position: cast.position,
    appointedOn: cast.appointedOn,
    actDate: cast.appointedOn,
  }
  const opened = await open(work, {
    ...{ process: 'probation', version: probation.version, body: cast.body, subject: cast.servant },
    ...{ position: cast.position, on: cast.appointedOn, by: cast.hr, form, regime: REGIME, rehearsal: null },
  })
  if (opened.outcome.result !== 'started') throw new Error(JSON.stringify(opened.outcome))
  const file = new ProbationCase(work, cast, opened.id)
  await file.isRunning()
  await file.comes(TOLD)
  await file.supervisorReviewsUnsatisfactory()
  await file.headDecides('proposeDismissal')
  await file.agencyAnswers('agree')
  if (more.told !== false) await file.servantAcknowledges()

  return file
}

export class AppealCase extends StoryCase {
  constructor(
    work: Casework,
    private readonly cast: Cast,
    private readonly hearers: Hearers,
    id: CaseId,
  ) {
    super(work, id, cast.hr)
  }

  /** The commission is named, votes, and its chair writes the ruling. */
  async isRuled(outcome: string, effectiveFrom?: string): Promise<void> {
    await this.isPrepared()
    await this.isVoted(outcome)
    await this.isWritten(effectiveFrom)
  }
  isPrepared = async (): Promise<Sent> => {
    const { members, alternates, secretary, body } = this.hearers
    const [chair] = members
    const objected = await this.answer('giveObjections', this.cast.hr, {})
    if (!objected.ok) throw new Error(`no objections: ${JSON.stringify(objected)}`)
    const people = Object.fromEntries([...members, ...alternates].map((id) => [id, { body, serviceMonths: 60 }]))

    const said = await this.answer('prepare', secretary, { chair: chair ?? null, members, alternates }, people)
    if (!said.ok) throw new Error(`the commission is not named: ${JSON.stringify(said)}`)

    return said
  }
  isVoted = async (outcome: string): Promise<void> => {
    const sitting = new Sitting(this.work, this.id, 'voteOnAppeal')
    for (const member of this.hearers.members) await sitting.votes(member, outcome)
  }
  isWritten = (effectiveFrom?: string): Promise<Sent> =>
    this.answer('writeRuling', actor(this.hearers.members[0] ?? ''), effectiveFrom ? { effectiveFrom } : {})
  isAcknowledged = (): Promise<Sent> => this.answer('acknowledge', actor(this.cast.servant), {})
  isWithdrawn = (): Promise<Sent> => this.act('withdrawAppeal', actor(this.cast.servant), {})
}

/** The servant appeals on a day; or is refused. */
export async function appealOf(
  work: Casework,
  { cast, hearers }: { readonly cast: Cast; readonly hearers: Hearers },
  of: CaseId,
  more: {
    readonly on?: string
    readonly document?: string
    readonly by?: Actor
    /** absent: any */
    readonly id?: CaseId
    /** when its start was stored; the case begins the next day */
    readonly receivedAt?: Date
  } = {},
): Promise<{ file: AppealCase; outcome: Awaited<ReturnType<typeof open>>['outcome'] }> {
  const by = more.by ?? actor(cast.servant)
  const id = more.id ?? (randomUUID() as CaseId)
  const { outcome } = await open(work, {
    ...{ id, process: 'appeal', version: appeal.version, body: cast.body, subject: by.person, aboutCase: of },
    ...{ on: (more.on ?? TOLD) as IsoDate, by, regime: REGIME, rehearsal: null },
    ...(more.receivedAt && receivedAt(more.receivedAt)),
    form: { case: of, document: more.document ?? 'dismissalAct', asks: 'cancel' },
  })

  return { file: new AppealCase(work, cast, hearers, id), outcome }
}

/** A clock that runs as real time does, and shows the morning after the start was received. */
const receivedAt = (at: Date) => ({
  receivedAt: at.toISOString() as Instant,
  clock: {
    zone: 'Asia/Almaty',
    profile: 'five-day' as const,
    speed: 1,
    base: {
      case: new Date(at.getTime() + MORNING).toISOString() as Instant,
      real: new Date(at.getTime() + MORNING).toISOString() as Instant,
    },
  },
})
const MORNING = 9 * 60 * 60 * 1000

/** The posts of a servant, each with the last day of the role that hangs on it, as a table worked out by hand names them. */
export async function postOf({ db }: Casework, { servant, position }: Cast) {
  const rows = await db.post.findMany({
    where: { personId: servant, positionId: position },
    include: { roles: true },
  })
  const day = (date: Date | null) => date?.toISOString().slice(0, 10) ?? null

  return rows.map(({ from, to, endGround, roles }) => ({
    ...{ from: day(from), to: day(to), ground: endGround },
    roles: roles.map((role) => day(role.to)),
  }))
}
