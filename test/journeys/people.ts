/** The six people of the journeys, in a product with its sample cases: what has to be there so that each has something to do. */
import type { CaseDetail, Page, TaskView } from '../../api/shapes/views'
import { createDb } from '../../prisma/store/db'
import { runningIn } from '../../scripts/running'
import { Person } from '../../scripts/walk'
import { PlayedCase, comes } from '../../scripts/walk/played-case'
import { castOf, postOf, startForm, type Cast } from '../../scripts/walk/probation'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'

export const PEOPLE = {
  'an HR officer': 'hrMinistry',
  'a supervisor': 'supervisor',
  'a head': 'headMinistry',
  'an officer of the Agency': 'agencyOfficer',
  'a servant': 'newcomer',
  'a member of an appeal commission': 'appealMemberFirst',
} as const

const silent = (): void => undefined

/** Arranges it over HTTP, by the people who do it in the product. */
export async function giveEverybodyWork(baseUrl: string, dataDir: string): Promise<void> {
  const cast = await castOf(baseUrl, 0)
  await planForServant(cast)
  await appealForMember(baseUrl, dataDir, cast)
}

/** A probation of the servant, up to the plan that he is to acknowledge. */
async function planForServant(cast: Cast): Promise<void> {
  const { hr, mentor, supervisor } = cast
  const post = await postOf(cast)
  const { caseId } = await hr.send<{ caseId: string }>('POST', '/api/processes/probation/cases', {
    form: startForm(cast, post),
  })
  const probation = new PlayedCase(caseId, hr, silent)
  const by = addDays(isoDate(post.from), 30)
  await probation.complete(hr, 'appointMentor', { mentor: mentor.me.person.id, order: '12-K' }, '')
  const goals = [{ goal: 'Learn the order of document flow', measure: 'Test of the registry passed', by }]
  await probation.complete(mentor, 'draftAdaptationPlan', { goals }, '')
  await probation.complete(supervisor, 'agreeAdaptationPlan', {}, '')
}

/** An appeal of a dismissal to which the Agency agrees, up to the vote. */
async function appealForMember(baseUrl: string, dataDir: string, { hr, agency }: Cast): Promise<void> {
  const { data } = await agency.get<Page<TaskView>>('/api/tasks?queue=todo&kind=agreeDismissal&perPage=100')
  const asked = data.find(({ body }) => body.key === 'ministryFinance')
  if (!asked?.subject) throw new Error('the sample has no dismissal in the Ministry of Finance to agree to')
  const { caseId, subject } = asked
  const dismissal = new PlayedCase(caseId, hr, silent)
  await dismissal.complete(agency, 'agreeDismissal', { decision: 'agree', grounds: 'The grounds show a failure.' }, '')
  const servant = await signedInAs(baseUrl, dataDir, subject.id)
  await dismissal.complete(servant, 'acknowledge', {}, '')
  await comes('the delivery of the dismissal', async () => {
    const { decisions } = await hr.get<CaseDetail>(`/api/cases/${caseId}`)

    return decisions.find(({ deliveredOn }) => deliveredOn !== null) ?? null
  })
  const { caseId: appealed } = await servant.send<{ caseId: string }>('POST', '/api/processes/appeal/cases', {
    form: { case: caseId, document: 'dismissalAct', asks: 'cancel', grounds: 'Both goals of the plan were reached.' },
  })
  const appeal = new PlayedCase(appealed, hr, silent)
  await appeal.complete(hr, 'giveObjections', { objections: 'The reviews were made in time.' }, '')
  const [secretary, ...members] = await Promise.all(
    ['appealSecretary', 'appealChair', 'appealMemberFirst', 'appealMemberSecond'].map((login) =>
      Person.signedIn(baseUrl, login),
    ),
  )
  const ids = members.map(({ me }) => me.person.id)
  if (secretary) await appeal.complete(secretary, 'prepare', { chair: ids[0], members: ids, alternates: [] }, '')
}

/** A person of the sample whom the first page does not offer: it is made to. */
async function signedInAs(baseUrl: string, dataDir: string, person: string) {
  const db = createDb(runningIn(dataDir).databaseUrl, 1)
  try {
    const { id } = await db.account.findFirstOrThrow({ where: { personId: person } })
    await db.account.update({ where: { id }, data: { demoAs: 'newcomer' } })

    return await Person.signedIn(baseUrl, id)
  } finally {
    await db.$disconnect()
  }
}
