/** Probations told in business words: who does what, on a held clock, against the seeded register. */
import { openingOf } from '../../prisma/store/opening'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import { contract } from '../../workflows/probation/contract'
import type { BodyKey, CaseId, IsoDate, PersonId, PositionId, Actor, People } from '../../workflows/kernel/contract'
import { actor, open } from './casework'
import type { Casework, Opened } from './casework'
import { StoryCase } from './story-case'

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
export class ProbationCase extends StoryCase {
  constructor(
    work: Casework,
    readonly cast: Cast,
    id: CaseId,
  ) {
    super(work, id, cast.hr)
  }

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

  /** Mentor, plan of two goals, acknowledged: the case is running. */
  async isRunning(): Promise<void> {
    await this.mentorIsAppointed()
    await this.mentorDraftsPlan('2026-02-01', '2026-03-01')
    await this.supervisorAgreesPlan()
    await this.servantAcknowledges()
  }

  ends = () => this.clock('probation')
}
