/** Probations told in business words: who does what, on a held clock, against the seeded register. */
import { openingOf } from '../../prisma/store/opening'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import { contract } from '../../workflows/probation/contract'
import type {
  BodyKey,
  CaseId,
  IsoDate,
  PersonId,
  PositionId,
  Actor,
  Fact,
  People,
  Positions,
} from '../../workflows/kernel/contract'
import { actor, advance, open, openTask, say } from './casework'
import type { Casework, Opened, Sent } from './casework'

export interface Cast {
  readonly body: BodyKey
  readonly servant: PersonId
  readonly position: PositionId
  readonly appointedOn: IsoDate
  readonly hr: Actor
  readonly head: Actor
  readonly supervisor: PersonId
  readonly mentor: PersonId
  readonly otherMentor: PersonId
  readonly agency: Actor
}

/** A probation with the people who take part in it. */
export class ProbationCase {
  constructor(
    private readonly work: Casework,
    readonly cast: Cast,
    readonly id: CaseId,
  ) {}

  static async open(
    work: Casework,
    cast: Cast,
    more: { regime?: string; on?: IsoDate; bringsItsLaw?: boolean } = {},
  ): Promise<ProbationCase & { opened: Opened }> {
    const on = more.on ?? cast.appointedOn
    const form = {
      person: cast.servant,
      position: cast.position,
      appointedOn: cast.appointedOn,
      actDate: cast.appointedOn,
    }
    const opened = await open(work, {
      process: 'probation',
      version: contract.version,
      body: cast.body,
      subject: cast.servant,
      position: cast.position,
      on,
      by: cast.hr,
      form,
      ...(more.regime ? { regime: more.regime } : {}),
      ...(more.bringsItsLaw
        ? {
            opening: await openingOf(
              work.db,
              openingQuestion(contract, { body: cast.body, on, regime: more.regime ?? null, form }),
            ),
          }
        : {}),
    })

    return Object.assign(new ProbationCase(work, cast, opened.id), { opened })
  }

  private get supervisor(): Actor {
    return actor(
      this.cast.supervisor,
      ...this.cast.head.grants
        .filter(() => this.cast.supervisor === this.cast.head.person)
        .map(({ role, body }): [typeof role, string] => [role, body]),
    )
  }
  private get people(): People {
    return { [this.cast.mentor]: { body: this.cast.body, serviceMonths: 60, mentees: 0 } }
  }

  async answer(kind: string, by: Actor, answer: Fact, people: People = {}): Promise<Sent> {
    return say(this.work, this.id, 'complete', by, { task: await openTask(this.work, this.id, kind), answer, people })
  }
  async act(act: string, by: Actor, form: Fact, people: People = {}, positions: Positions = {}): Promise<Sent> {
    const { step } = await this.file()

    return say(this.work, this.id, 'act', by, { act, step, form, people, positions })
  }
  async returns(kind: string, by: Actor): Promise<Sent> {
    return say(this.work, this.id, 'return', by, { task: await openTask(this.work, this.id, kind) })
  }

  mentorIsAppointed = (mentor = this.cast.mentor) =>
    this.answer('appointMentor', this.cast.hr, { mentor }, { ...this.people })
  mentorDraftsPlan = (...goals: string[]) =>
    this.answer('draftAdaptationPlan', actor(this.cast.mentor), { goals: goals.map((by) => ({ by })) })
  supervisorAgreesPlan = () => this.answer('agreeAdaptationPlan', this.supervisor, {})
  supervisorReturnsPlan = () => this.returns('agreeAdaptationPlan', this.supervisor)
  servantAcknowledges = () => this.answer('acknowledge', actor(this.cast.servant), {})
  mentorChecks = (...verdicts: string[]) =>
    this.answer('interimCheck', actor(this.cast.mentor), {
      goals: verdicts.map((verdict, i) => ({ number: i + 1, verdict })),
    })
  mentorThinks = (recommends: string) => this.answer('mentorOpinion', actor(this.cast.mentor), { recommends })
  supervisorReviews = (result: string, ...verdicts: string[]) =>
    this.answer('reviewProbation', this.supervisor, {
      result,
      goals: verdicts.map((verdict, i) => ({ number: i + 1, verdict })),
    })
  /** The mentor thinks so too, then the supervisor's review of two goals. */
  supervisorReviewsUnsatisfactory = async () => {
    await this.mentorThinks('unsatisfactory')

    return this.supervisorReviews('unsatisfactory', 'partlyMet', 'missed')
  }
  supervisorMayReview = async (result: string, ...verdicts: string[]) => {
    await this.mentorThinks('satisfactory')

    return this.supervisorReviews(result, ...verdicts)
  }
  headDecides = (decision: string) => this.answer('decideExtension', this.cast.head, { decision })
  headDecidesDismissal = (decision: string) => this.answer('decideDismissal', this.cast.head, { decision })
  agencyAnswers = (decision: string) => this.answer('agreeDismissal', this.cast.agency, { decision })
  comes = (to: string) => advance(this.work, this.id, this.cast.hr, to)

  /** Mentor, plan of two goals, acknowledged: the case is running. */
  async isRunning(): Promise<void> {
    await this.mentorIsAppointed()
    await this.mentorDraftsPlan('2026-02-01', '2026-03-01')
    await this.supervisorAgreesPlan()
    await this.servantAcknowledges()
  }

  file() {
    return this.work.db.case.findUniqueOrThrow({ where: { id: this.id } })
  }
  async stage(): Promise<string> {
    return (await this.file()).stage
  }
  async ends(): Promise<string | undefined> {
    const clock = await this.work.db.clock.findFirst({ where: { caseId: this.id, name: 'probation' } })

    return clock?.endsOn.toISOString().slice(0, 10)
  }
  async openKinds(): Promise<string[]> {
    const rows = await this.work.db.task.findMany({
      where: { caseId: this.id, state: { in: ['ready', 'reserved', 'inProgress', 'suspended'] } },
    })

    return rows.map((row) => row.kind).sort()
  }
  async documents(): Promise<string[]> {
    const rows = await this.work.db.document.findMany({ where: { caseId: this.id }, orderBy: { step: 'asc' } })

    return rows.map((row) => row.kind)
  }
  async events(kind: string): Promise<string[]> {
    const rows = await this.work.db.event.findMany({ where: { caseId: this.id, kind }, orderBy: { seq: 'asc' } })

    return rows.map((row) => row.on.toISOString().slice(0, 10))
  }
}
