/**
 * The walk of the README, played over HTTP by the people concerned against a running product, as a rehearsal on a held clock.
 * Prints each step with its term, and fails loudly when the product does not do what the walk says.
 */
import { randomUUID } from 'node:crypto'
import { addDays, isoDate } from '../workflows/kernel/law/calendar'
import type { IsoDate } from '../workflows/kernel/contract'
import type {
  CaseDetail,
  CommandView,
  DocumentView,
  EventView,
  HistoryEventView,
  Me,
  Page,
  TaskDetail,
  TaskView,
} from '../api/shapes/views'

type Say = (line: string) => void
type Json = Record<string, unknown>

/** Something answered otherwise than the walk expects. */
export class WalkFailed extends Error {}

const REQUEST_TIMEOUT_MS = 60_000
const AGAIN_AFTER_MS = 250

/** One person with a session of his own. */
export class Person {
  private cookie = ''

  /** `patienceMs`: how long he tries again, under the same key, while the product cannot be reached or stores nothing. */
  constructor(
    private readonly baseUrl: string,
    readonly login: string,
    private readonly patienceMs = 0,
  ) {}

  static async signedIn(baseUrl: string, login: string, patienceMs = 0): Promise<Person & { me: Me }> {
    const person = new Person(baseUrl, login, patienceMs)
    const me = await person.send<Me>('POST', '/api/session', { user: login })

    return Object.assign(person, { me })
  }

  get = <T>(path: string): Promise<T> => this.send<T>('GET', path)

  /** Sends a command and follows it to its outcome when the product could not answer at once. */
  async send<T>(method: string, path: string, body?: Json, key: string = randomUUID()): Promise<T> {
    const { status, answer } = await this.reach(method, path, body, key)
    if (status === 202) return this.follow<T>(answer as CommandView, () => this.send<T>(method, path, body, key))
    if (status >= 300)
      throw new WalkFailed(`${this.login}: ${method} ${path} was answered ${String(status)} ${JSON.stringify(answer)}`)

    return answer as T
  }

  /** A claim carries no key: one whose answer was lost shows by the task being his. */
  async claim(task: TaskView): Promise<void> {
    try {
      await this.send('POST', `/api/tasks/${task.id}/claim`, { version: task.version })
    } catch (error) {
      const [{ assignee }, { person }] = await Promise.all([
        this.get<TaskDetail>(`/api/tasks/${task.id}`),
        this.get<Me>('/api/me'),
      ])
      if (assignee?.id !== person.id) throw error
    }
  }

  private async reach(method: string, path: string, body: Json | undefined, key: string): Promise<Answer> {
    const until = Date.now() + this.patienceMs
    for (;;) {
      const answered = await this.once(method, path, body, key).catch((error: unknown) => {
        if (Date.now() >= until) throw error

        return null
      })
      if (answered && (answered.status !== 503 || Date.now() >= until)) return answered
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
    }
  }

  private async once(method: string, path: string, body: Json | undefined, key: string): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: {
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body ? { 'content-type': 'application/json', 'idempotency-key': key } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const answer: unknown = response.status === 204 ? null : await response.json()
    const cookie = response.headers.get('set-cookie')
    if (cookie) this.cookie = cookie.split(';')[0] ?? ''

    return { status: response.status, answer }
  }

  private async follow<T>(command: CommandView, again: () => Promise<T>): Promise<T> {
    for (let seconds = 0; seconds < 120; seconds += 1) {
      const { status, answer } = await this.reach('GET', `/api/commands/${command.id}`, undefined, randomUUID())
      // the database was lost as it was being stored, and it was not: the same request once more
      if (status === 404) return again()
      if (status >= 300) throw new WalkFailed(`${this.login}: command ${command.id} was answered ${String(status)}`)
      const now = answer as CommandView
      if (now.state === 'refused') throw new WalkFailed(`${this.login}: ${JSON.stringify(now.problem)}`)
      if (now.state === 'done') return again()
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    throw new WalkFailed(`${this.login}: command ${command.id} has no outcome after two minutes`)
  }
}

interface Answer {
  readonly status: number
  readonly answer: unknown
}

interface RegisterPerson {
  readonly id: string
  readonly post: { readonly from: string; readonly position: { readonly id: string } } | null
}

const expect = (what: string, is: unknown, should: unknown): void => {
  if (is !== should) throw new WalkFailed(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`)
}

/** Plays the walk; resolves with the id of the case. `patienceMs`: see Person. */
export async function walk(baseUrl: string, say: Say, patienceMs = 0): Promise<string> {
  const [hr, head, supervisor, mentor, servant, agency, developer] = await Promise.all(
    ['hrMinistry', 'headMinistry', 'supervisor', 'mentor', 'newcomer', 'agencyOfficer', 'developer'].map((login) =>
      Person.signedIn(baseUrl, login, patienceMs),
    ),
  )
  if (!hr || !head || !supervisor || !mentor || !servant || !agency || !developer)
    throw new WalkFailed('people are missing')
  const { post } = await hr.get<RegisterPerson>(`/api/register/people/${servant.me.person.id}`)
  if (!post) throw new WalkFailed('the newcomer holds no post')
  const appointedOn = isoDate(post.from)

  const started = await hr.send<{ result: string; caseId: string; number: string }>(
    'POST',
    '/api/processes/probation/cases',
    {
      form: {
        person: servant.me.person.id,
        position: post.position.id,
        appointedOn: post.from,
        actNumber: '118-K',
        actDate: post.from,
      },
      rehearsal: {
        set: `walk ${new Date().toISOString().slice(0, 19).replaceAll(':', '.')}`,
        origin: post.from,
        speed: 0,
      },
    },
  )
  expect('the start', started.result, 'started')
  const id = started.caseId
  const file = () => hr.get<CaseDetail>(`/api/cases/${id}`)
  const tasks = async () => (await hr.get<Page<TaskView>>(`/api/cases/${id}/tasks?perPage=100`)).data

  const tell = async (who: string, what: string): Promise<CaseDetail> => {
    const now = await file()
    const open = (await tasks()).filter((task) => !['completed', 'obsolete'].includes(task.state))
    const clock = now.clocks[0]
    say(`${now.today}  ${who.padEnd(10)} ${what}`)
    say(`            stage ${now.stage}${clock && now.status === 'open' ? `; probation ends ${clock.endsOn}` : ''}`)
    for (const task of open) say(`            next: ${task.kind}${dueOf(task)}`)

    return now
  }
  const task = async (who: Person, kind: string): Promise<TaskDetail> => {
    const { data } = await who.get<Page<TaskView>>(`/api/cases/${id}/tasks?perPage=100`)
    const open = data.find((each) => each.kind === kind && ['ready', 'reserved', 'inProgress'].includes(each.state))
    if (!open) throw new WalkFailed(`there is no open task ${kind} for ${who.login}`)
    if (open.state === 'ready') await who.claim(open)

    return who.get<TaskDetail>(`/api/tasks/${open.id}`)
  }
  const complete = async (who: Person, kind: string, form: Json, what: string): Promise<CaseDetail> => {
    const { id: taskId, version } = await task(who, kind)
    await who.send('POST', `/api/tasks/${taskId}/complete`, { version, form })

    return tell(who.login, what)
  }
  const act = async (who: Person, name: string, form: Json, what: string): Promise<CaseDetail> => {
    const { step } = await who.get<CaseDetail>(`/api/cases/${id}`)
    await who.send('POST', `/api/cases/${id}/acts/${name}`, { step, form })

    return tell(who.login, what)
  }
  const advanceToStage = async (stage: string): Promise<CaseDetail> => {
    for (let stop = 0; stop < 30; stop += 1) {
      const now = await file()
      if (now.stage === stage) return now
      const check = (await tasks()).find((each) => each.kind === 'interimCheck' && each.state === 'reserved')
      if (check) await complete(mentor, 'interimCheck', { goals: goals('inHand') }, 'makes the monthly check')
      else await act(hr, 'advance', {}, 'lets the clock run to the next term')
    }
    throw new WalkFailed(`the case did not reach ${stage}`)
  }

  const goals = (verdict: string) => [
    { number: 1, verdict: 'met', remark: 'Done ahead of the date.' },
    { number: 2, verdict, remark: 'The draft was returned twice.' },
  ]
  const review = {
    result: 'unsatisfactory',
    goals: goals('missed'),
    grounds: 'The second goal of the plan was not reached.',
  }

  await tell('hrMinistry', `starts probation ${started.number} from the hiring act`)
  await complete(hr, 'appointMentor', { mentor: mentor.me.person.id, order: '12-K' }, 'appoints the mentor')
  const soon = addDays(appointedOn, 30)
  const later = addDays(appointedOn, 60)
  await complete(
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
  await complete(supervisor, 'agreeAdaptationPlan', {}, 'agrees the plan')
  let now = await complete(servant, 'acknowledge', {}, 'acknowledges it')
  expect('the stage', now.stage, 'running')

  const endBefore = endOf(now)
  now = await act(
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

  now = await advanceToStage('reviewDue')
  await complete(
    mentor,
    'mentorOpinion',
    { recommends: 'unsatisfactory', opinion: 'More practice is needed.' },
    'gives an opinion',
  )
  await complete(supervisor, 'reviewProbation', review, 'reviews: unsatisfactory')
  now = await complete(
    head,
    'decideExtension',
    { decision: 'extend', grounds: 'To be given one more chance.' },
    'extends, once',
  )
  expect('the stage', now.stage, 'extended')

  now = await advanceToStage('secondReview')
  await complete(
    mentor,
    'mentorOpinion',
    { recommends: 'satisfactory', opinion: 'There is progress.' },
    'gives an opinion',
  )
  await complete(supervisor, 'reviewProbation', review, 'reviews again: unsatisfactory')
  await complete(
    head,
    'decideDismissal',
    { decision: 'propose', grounds: 'The plan was not fulfilled.' },
    'proposes dismissal',
  )
  await complete(
    agency,
    'agreeDismissal',
    { decision: 'refuse', grounds: 'The grounds do not show a failure.' },
    'refuses consent',
  )
  now = await complete(servant, 'acknowledge', {}, 'is told')
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

const dueOf = (task: TaskView): string => {
  if (!task.due) return ''
  const adds = task.due.steps.find((step) => step.code === 'adds' || step.code === 'back')
  const why = adds ? ` (${adds.term.key}: ${String(adds.term.value)} ${adds.term.unit}, ${adds.term.confidence})` : ''

  return `, due ${task.due.on}${why}`
}

if (require.main === module) {
  const baseUrl = process.env.BASE_URL ?? `http://localhost:${process.env.PORT ?? '3000'}`
  walk(baseUrl, (line) => console.log(line)).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    console.error(
      error instanceof TypeError ? `Mansap does not answer at ${baseUrl}: start it with npm start. (${why})` : why,
    )
    process.exitCode = 1
  })
}
