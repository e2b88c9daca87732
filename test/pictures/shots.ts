/** The pictures of the README and of the walk: a probation from the hiring act to its plan, and what head and Agency meet later. */
import type { Locale } from '../../workflows/kernel/contract'
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { DocumentView, Page, TaskView } from '../../api/shapes/views'
import { PlayedCase } from '../../scripts/walk/played-case'
import { castOf, postOf, startForm, type Cast } from '../../scripts/walk/probation'
import { SCREENS, Visitor } from '../e2e/visitor'
import { eventually } from '../support/eventually'
import type { Place } from '../journeys/product'

/** A picture and the sentence that stands with it. */
export interface Shot {
  readonly file: string
  readonly says: string
}
/** Puts what a visitor sees into a file of that name. */
export type Take = (visitor: Visitor, name: string) => Promise<string>

/** What is judged and the decision under it are on one picture. */
const TALL = { ...SCREENS.wide, height: 1150 }
const silent = (): void => undefined
const WORKABLE = ['ready', 'reserved', 'inProgress']

/** Takes every picture in the order of the walk. */
export async function takeAll(place: Place, take: Take): Promise<Shot[]> {
  const session = new Session(place, take)
  const cast = await castOf(place.baseUrl, 0)
  await session.forReadme(cast)
  await session.walk(cast)

  return session.shots
}

class Session {
  readonly shots: Shot[] = []

  constructor(
    private readonly place: Place,
    private readonly take: Take,
  ) {}

  /** A page as somebody sees it, once its heading is there and nothing loads any more. */
  private async at(
    user: string,
    address: string,
    locale: Locale = 'en',
    more: (who: Visitor) => Promise<void> = async () => {},
  ) {
    const who = await Visitor.signedIn(this.place.browser, this.place.baseUrl, locale, user)
    await who.open(address, '')
    await eventually('nothing loads', async () => (await who.page.locator('main [role=status] svg').count()) === 0)
    await more(who)

    return who
  }

  private async shot(
    user: string,
    address: string,
    says: string,
    more?: (who: Visitor) => Promise<void>,
    locale?: Locale,
  ) {
    const who = await this.at(user, address, locale, more)
    const file = await this.take(who, `walk-${String(this.shots.length + 1).padStart(2, '0')}`)
    this.shots.push({ file, says })
    await who.leave()
  }

  /** The start page, the inbox and a case, of the sample; a task is taken on the walk. */
  async forReadme({ supervisor }: Cast): Promise<void> {
    const { caseId } = await openTask(supervisor, 'reviewProbation')
    const pages = [
      ['start', 'headMinistry', '/'],
      ['inbox', 'agencyOfficer', '/tasks'],
      ['case', 'hrMinistry', `/cases/${caseId}`],
    ] as const
    for (const [name, user, address] of pages) {
      const who = await this.at(user, address)
      await this.take(who, name)
      await who.leave()
    }
  }

  async walk(cast: Cast): Promise<void> {
    await this.fromActToPlan(cast)
    await this.decisions(cast)
  }

  private async fromActToPlan(cast: Cast): Promise<void> {
    const { hr, mentor, supervisor, servant } = cast
    const post = await postOf(cast)
    const { caseId } = await hr.send<{ caseId: string }>('POST', '/api/processes/probation/cases', {
      form: startForm(cast, post),
    })
    const probation = new PlayedCase(caseId, hr, silent)
    const by = (days: number) => addDays(isoDate(post.from), days)
    const task = async (who: Cast[keyof Cast], kind: string) => `/tasks/${(await openTask(who, kind, caseId)).id}`

    await this.shot(
      'hrMinistry',
      '/',
      'The day of an HR officer: what needs the officer, in the order of the legal terms. One button leads to the first task.',
    )
    await this.shot(
      'hrMinistry',
      await task(hr, 'appointMentor'),
      'A task that nobody has taken up yet: what it is about has the width, the decision stands under it, and whoever decides takes it up by that.',
    )
    await probation.complete(hr, 'appointMentor', { mentor: mentor.me.person.id, order: '12-K' }, '')
    await this.shot(
      'mentor',
      await task(mentor, 'draftAdaptationPlan'),
      'The mentor drafts the adaptation plan. What is typed is kept on the server, and in the tab while the server is away.',
    )
    const goals = [
      { goal: 'Learn the order of document flow', measure: 'Test of the registry passed', by: by(30) },
      { goal: 'Prepare a draft order independently', measure: 'Draft accepted without remarks', by: by(60) },
    ]
    await probation.complete(mentor, 'draftAdaptationPlan', { goals }, '')
    const agreement = await task(supervisor, 'agreeAdaptationPlan')
    const whole = await this.at('supervisor', agreement, 'en', (who) => who.page.setViewportSize(TALL))
    await this.take(whole, 'task')
    await whole.leave()
    await this.shot(
      'supervisor',
      agreement,
      'The supervisor has the plan in full: to agree to it, or to return it with remarks. Each button says what it puts on record and what follows.',
    )
    await this.shot(
      'supervisor',
      agreement,
      'Before anything is sent, all that goes on record is shown once more.',
      async (who) => {
        await who.press(`${who.answer('agreeAdaptationPlan')}…`)
        await who.dialog().waitFor()
      },
    )
    await probation.complete(supervisor, 'agreeAdaptationPlan', {}, '')
    await this.shot(
      'newcomer',
      await task(servant, 'acknowledge'),
      'The servant reads the plan on a phone and confirms it.',
      (who) => who.page.setViewportSize(SCREENS.phone),
    )
    await probation.complete(servant, 'acknowledge', {}, '')
    await this.shot(
      'hrMinistry',
      `/cases/${caseId}`,
      'The case: where it stands, what it waits for, and who does what next.',
    )
    const { data } = await hr.get<Page<DocumentView>>(`/api/cases/${caseId}/documents?perPage=10`)
    const plan = data.find(({ kind }) => kind === 'adaptationPlan')
    if (plan)
      await this.shot(
        'hrMinistry',
        `/documents/${plan.id}`,
        'Each decision makes its document, numbered, in Kazakh, Russian and English.',
      )
  }

  private async decisions({ supervisor, head, agency }: Cast): Promise<void> {
    const review = await openTask(supervisor, 'reviewProbation')
    await this.shot(
      'supervisor',
      `/tasks/${review.id}`,
      'Three months later, another probation: the supervisor reviews goal by goal, with the monthly checks and the opinion of the mentor beside each other.',
    )
    await this.shot('headMinistry', '/', 'The day of a head: own decisions, and how the work of the body is spread.')
    const dismissal = await openTask(head, 'decideDismissal')
    await this.shot(
      'headMinistry',
      `/tasks/${dismissal.id}`,
      'The head decides whether to propose a dismissal; each way names its consequence and its legal term.',
      (who) => who.decisions().scrollIntoViewIfNeeded(),
    )
    const consent = await openTask(agency, 'agreeDismissal')
    await this.shot('agencyOfficer', `/tasks/${consent.id}`, 'The Agency has to agree before anybody is dismissed.')
    await this.shot(
      'hrMinistry',
      '/registers',
      'Registers stand behind one entry of the menu, each with what it is for.',
    )
    await this.shot(
      'hrMinistry',
      '/',
      'The same day in Kazakh and in dark.',
      (who) => who.page.emulateMedia({ colorScheme: 'dark' }),
      'kk',
    )
  }
}

/** An open task of that kind that is his, or his to take up. */
async function openTask(who: Cast[keyof Cast], kind: string, caseId?: string): Promise<TaskView> {
  for (const until = Date.now() + 60_000; Date.now() < until;) {
    const { data } = await who.get<Page<TaskView>>(`/api/tasks?queue=todo&kind=${kind}&perPage=100`)
    const found = data.find((task) => WORKABLE.includes(task.state) && (caseId === undefined || task.caseId === caseId))
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  throw new Error(`${who.login} has no open task ${kind}`)
}
