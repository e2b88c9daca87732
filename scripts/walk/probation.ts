/** The walk of the README: a probation that is extended once, and whose dismissal the Agency does not agree to. */
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { IsoDate } from '../../workflows/kernel/contract'
import type { CaseDetail, DocumentView, EventView, HistoryEventView, Page } from '../../api/shapes/views'
import { Person, WalkFailed, type Say, type SignedIn } from './person'
import { expect, PlayedCase } from './played-case'

/** The people of a probation. */
export interface Cast {
  readonly hr: SignedIn
  readonly head: SignedIn
  readonly supervisor: SignedIn
  readonly mentor: SignedIn
  readonly servant: SignedIn
  readonly agency: SignedIn
}

export interface Post {
  readonly from: string
  readonly position: { readonly id: string; readonly name: { readonly en: string } }
}

/** Signs in everybody who takes part in a probation. */
export async function castOf(baseUrl: string, patienceMs: number): Promise<Cast> {
  const [hr, head, supervisor, mentor, servant, agency] = await Promise.all([
    Person.signedIn(baseUrl, 'hrMinistry', patienceMs),
    Person.signedIn(baseUrl, 'headMinistry', patienceMs),
    Person.signedIn(baseUrl, 'supervisor', patienceMs),
    Person.signedIn(baseUrl, 'mentor', patienceMs),
    Person.signedIn(baseUrl, 'newcomer', patienceMs),
    Person.signedIn(baseUrl, 'agencyOfficer', patienceMs),
  ])

  return { hr, head, supervisor, mentor, servant, agency }
}

/** The post that the register of posts gives the servant. */
export async function postOf({ hr, servant }: Cast): Promise<Post> {
  const { post } = await hr.get<{ readonly post: Post | null }>(`/api/register/people/${servant.me.person.id}`)
  if (!post) throw new WalkFailed('the newcomer holds no post')

  return post
}

/** What HR enters to start the probation of the servant in his post. */
export const startForm = ({ servant }: Cast, post: Post, appointedOn: string = post.from) => ({
  person: servant.me.person.id,
  position: post.position.id,
  appointedOn,
  actNumber: '118-K',
  actDate: post.from,
})

const goals = (verdict: string) => [
  { number: 1, verdict: 'met', remark: 'Done ahead of the date.' },
  { number: 2, verdict, remark: 'The draft was returned twice.' },
]
const review = {
  result: 'unsatisfactory',
  goals: goals('missed'),
  grounds: 'The second goal of the plan was not reached.',
}

/** A probation in a set of rehearsals of that name, up to the proposal to dismiss. */
export async function toProposal(cast: Cast, set: string, say: Say): Promise<PlayedCase> {
  const { hr, head, supervisor, mentor, servant } = cast
  const post = await postOf(cast)
  const appointedOn = isoDate(post.from)
  const started = await hr.send<{ result: string; caseId: string; number: string }>(
    'POST',
    '/api/processes/probation/cases',
    { form: startForm(cast, post), rehearsal: { set, origin: post.from, speed: 0 } },
  )
  expect('the start', started.result, 'started')
  const played = new PlayedCase(started.caseId, hr, say)
  const advanceToStage = async (stage: string): Promise<CaseDetail> => {
    for (let stop = 0; stop < 30; stop += 1) {
      const now = await played.file()
      if (now.stage === stage) return now
      const tasks = await played.tasks()
      if (tasks.some((each) => each.kind === 'interimCheck' && each.state === 'reserved'))
        await played.complete(mentor, 'interimCheck', { goals: goals('inHand') }, 'makes the monthly check')
      else await played.act(hr, 'advance', {}, 'lets the clock run to the next term')
    }
    throw new WalkFailed(`the case did not reach ${stage}`)
  }

  await played.tell('hrMinistry', `starts probation ${started.number} from the hiring act`)
  await played.complete(hr, 'appointMentor', { mentor: mentor.me.person.id, order: '12-K' }, 'appoints the mentor')
  const soon = addDays(appointedOn, 30)
  const later = addDays(appointedOn, 60)
  await played.complete(
    mentor,
    'draftAdaptationPlan',
    {
      goals: [
        { goal: 'Learn the order of document flow', measure: 'Test of the registry passed', by: soon },
        { goal: 'Prepare a draft order independently', measure: 'Draft accepted without remarks', by: later },
      ],
    },
    'drafts the adaptation plan',
  )
  await played.complete(supervisor, 'agreeAdaptationPlan', {}, 'agrees the plan')
  let now = await played.complete(servant, 'acknowledge', {}, 'acknowledges it')
  expect('the stage', now.stage, 'running')

  const endBefore = endOf(now)
  now = await played.act(
    hr,
    'recordAbsence',
    {
      from: addDays(appointedOn, 20),
      to: addDays(appointedOn, 29),
      kind: 'illness',
      document: 'Sick leave certificate 77',
    },
    'records ten days of illness',
  )
  expect('the end of probation', endOf(now), addDays(endBefore, 10))

  await advanceToStage('reviewDue')
  await played.complete(
    mentor,
    'mentorOpinion',
    { recommends: 'unsatisfactory', opinion: 'More practice is needed.' },
    'gives an opinion',
  )
  await played.complete(supervisor, 'reviewProbation', review, 'reviews: unsatisfactory')
  now = await played.complete(
    head,
    'decideExtension',
    { decision: 'extend', grounds: 'To be given one more chance.' },
    'extends, once',
  )
  expect('the stage', now.stage, 'extended')

  await advanceToStage('secondReview')
  await played.complete(
    mentor,
    'mentorOpinion',
    { recommends: 'satisfactory', opinion: 'There is progress.' },
    'gives an opinion',
  )
  await played.complete(supervisor, 'reviewProbation', review, 'reviews again: unsatisfactory')
  await played.complete(
    head,
    'decideDismissal',
    { decision: 'propose', grounds: 'The plan was not fulfilled.' },
    'proposes dismissal',
  )

  return played
}

/** A name that no other walk has. */
export const newSet = (): string => `walk ${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}`

/** Plays the walk; resolves with the id of the case. `patienceMs`: see Person. */
export async function walk(baseUrl: string, say: Say, patienceMs = 0): Promise<string> {
  const cast = await castOf(baseUrl, patienceMs)
  const { hr, servant, agency } = cast
  const developer = await Person.signedIn(baseUrl, 'developer', patienceMs)
  const played = await toProposal(cast, newSet(), say)
  const { id } = played
  await played.complete(
    agency,
    'agreeDismissal',
    { decision: 'refuse', grounds: 'The grounds do not show a failure.' },
    'refuses consent',
  )
  const now = await played.complete(servant, 'acknowledge', {}, 'is told')
  expect('the outcome', now.outcome, 'keptInService')

  const { data: documents } = await hr.get<Page<DocumentView>>(`/api/cases/${id}/documents?perPage=100`)
  for (const document of documents)
    say(`            document ${document.number} ${document.kind}, ${document.issuedOn}`)
  const { data: events } = await hr.get<Page<EventView>>(`/api/cases/${id}/events?perPage=100`)
  const { data: history } = await developer.get<Page<HistoryEventView>>(`/api/cases/${id}/history?perPage=100`)
  if (documents.length < 6 || events.length < 20 || history.length < 20)
    throw new WalkFailed('the case file or the workflow history is not whole')
  say(
    `The case file: ${baseUrl}/cases/${id} (${String(events.length)} business events; developers see the workflow history)`,
  )

  return id
}

const endOf = (detail: CaseDetail): IsoDate => isoDate(detail.clocks[0]?.endsOn ?? '')
