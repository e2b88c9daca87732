/**
 * People at work: each begins a probation, or a case that opens others and appoints people, walks it as far as it goes, hands it over to
 * another body now and then, ends it or lets two others annul it, and begins the next, until told to stop.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CaseDetail, EventView, Page, PersonRef, TaskDetail, TaskView } from '../../../api/shapes/views'
import type { Newcomer } from '../../../prisma/seed/seed'
import { addDays } from '../../../workflows/kernel/law/calendar'
import { contract } from '../../../workflows/probation/contract'
import { pdfWith } from '../../support/sample-files'
import { Refused, type Caller, type Decision } from './decisions'
import { answerTo, type People } from './people'
import type { Places } from './places'
import { drawRelay, type Drawn } from './relay-scripts'

/** What the next person to come to a fitting moment is asked to do. */
export type Wish = 'double' | 'afterAnswer' | 'afterHandover'

type Mode = 'real' | 'fast' | 'held'
const MOVES = 26
/** how many of the cases that people start open others */
const RELAYS = 0.3
/** how often a case is handed over, at each move */
const HANDOVERS = 0.05
/** how many of the relays that came to their end are annulled */
const ANNULLED = 0.9
/** how often somebody says something of a case, at each move */
const COMMENTS = 0.1
/** how often somebody restricts a case, says who is named in it, or lifts that, at each move */
const RESTRICTIONS = 0.2
/** stages at which somebody is absent now and then */
const MAY_BE_ABSENT = ['mentoring', 'planning', 'running']
/** how many absences come with their certificate, of a size up to so many bytes */
const CERTIFIED = 0.8
const LARGEST_CERTIFICATE = 2_000_000
/** a case day in a fifth of a second: terms pass while things fail */
const FAST = 432_000

const kindsThat = (does: 'asks' | 'returns'): string[] =>
  Object.entries(contract.tasks).flatMap(([kind, task]) => (does in task ? [kind] : []))
const ASKS = kindsThat('asks')
const RETURNS = kindsThat('returns')

export interface Load {
  /** Asks for something special; resolves with the decision once it is known what came of it. */
  readonly wish: (wish: Wish) => Promise<Decision>
  /** Nobody decides anything more, once what is under way is known, until `resume`. */
  readonly pause: () => Promise<void>
  readonly resume: () => void
  readonly stop: () => Promise<void>
  /** what people met with that no fault explains */
  readonly troubles: readonly string[]
  readonly claims: readonly { readonly taskId: string; readonly person: string }[]
}

/** Lets that many people work. */
export function startLoad(count: number, people: People, places: Places, chance: () => number): Load {
  const bodies = [...new Set(people.newcomers.map(({ body }) => body))]
  const troubles: string[] = []
  const claims: { taskId: string; person: string }[] = []
  const wishes = new Map<Wish, (decision: Decision) => void>()
  let stopping = false
  let gate: Promise<void> = Promise.resolve()
  let open: () => void = () => undefined
  let active = 0

  const granted = (wish: Wish) => {
    const tell = wishes.get(wish)
    wishes.delete(wish)

    return tell
  }

  /** Changes something, unless and until nobody may. */
  async function changing<T>(work: () => Promise<T>): Promise<T> {
    for (let seen = null; seen !== gate;) {
      seen = gate
      await seen
    }
    active += 1
    try {
      return await work()
    } finally {
      active -= 1
    }
  }

  async function decide(who: Caller, what: Parameters<Caller['decide']>[0]) {
    const tell = what.late ? undefined : granted('double')
    const decision = await changing(() => who.decide(what, tell !== undefined))
    tell?.(decision)

    return decision
  }

  async function claim(who: Caller, task: TaskView): Promise<void> {
    try {
      await changing(() => who.patiently('POST', `/api/tasks/${task.id}/claim`, { version: task.version }))
      claims.push({ taskId: task.id, person: who.person })
    } catch (error) {
      // its answer was lost, and the claim was not; or somebody else was first
      if (!(error instanceof Refused) || ![409, 412].includes(error.answer.status)) throw error
    }
  }

  /** Does a task of whoever may hold it. */
  async function work(task: TaskView, form: Record<string, unknown>, but: string): Promise<void> {
    const who = await people.holderOf(task, but)
    if (task.state === 'ready') await claim(who, task)
    const { assignee, verbs, version } = await who.get<TaskDetail>(`/api/tasks/${task.id}`)
    if (assignee?.id !== who.person || !verbs.includes('complete')) return
    await decide(who, {
      kind: 'complete',
      path: `/api/tasks/${task.id}/complete`,
      body: { version, form },
      caseId: task.caseId,
      taskId: task.id,
    })
  }

  /** The head of its body hands a case over; answers to which. */
  async function handOver({ id, step, body }: CaseDetail): Promise<string> {
    const others = bodies.filter((each) => each !== body.key)
    const to = others[Math.floor(chance() * others.length)] ?? ''
    await decide(await people.holding('head', body.key), {
      kind: 'act',
      path: `/api/cases/${id}/acts/handOver`,
      body: { step, form: { body: to, reason: 'The bodies were merged.' } },
      act: 'handOver',
      caseId: id,
    })

    return to
  }

  const hrOf = ({ body }: Pick<CaseDetail, 'body'>, but?: string) => people.holding('hr', body.key, but)

  class Walk {
    private absences = 0

    constructor(
      private readonly newcomer: Newcomer,
      private readonly mode: Mode,
      private readonly hr: Caller,
      private readonly id: string,
    ) {}

    private file = () => this.hr.get<CaseDetail>(`/api/cases/${this.id}`)

    private act(who: Caller, act: string, step: number, form: Record<string, unknown>) {
      return decide(who, {
        kind: 'act',
        path: `/api/cases/${this.id}/acts/${act}`,
        body: { step, form },
        act,
        caseId: this.id,
      })
    }

    /** One thing that a person does; false when there is nothing left to do. */
    async move(): Promise<boolean> {
      const file = await this.file()
      if (file.status !== 'open') return false
      const desk = await hrOf(file)
      const { data } = await desk.get<Page<TaskView>>(`/api/cases/${this.id}/tasks?perPage=100`)
      const open = data.filter(({ state }) => ['ready', 'reserved', 'inProgress'].includes(state))
      const task = open[Math.floor(chance() * open.length)]
      // a message is under way more often than not
      // a restricted case stays where those whom it names have their offices
      if (!file.restricted && chance() < HANDOVERS)
        await Promise.all([handOver(file), ...(task ? [this.answer(task, file)] : [])])
      else if (chance() < COMMENTS) await this.comment(file)
      else if (chance() < RESTRICTIONS) await this.restrict(file)
      else if (chance() < 0.2 && this.absences < 3 && MAY_BE_ABSENT.includes(file.stage ?? '')) await this.absent(file)
      else if (task) await this.answer(task, file)
      else if (this.mode === 'held') await this.act(this.hr, 'advance', file.step, {})
      else if (this.mode === 'real') return false
      else await sleep(400)

      return true
    }

    private async absent(file: CaseDetail): Promise<void> {
      this.absences += 1
      const from = addDays(this.newcomer.appointedOn, 10 * this.absences)
      const who = await hrOf(file)
      const bytes = pdfWith(randomUUID(), 1000 + Math.floor(chance() * LARGEST_CERTIFICATE))
      const certificate =
        chance() < CERTIFIED
          ? await changing(() => who.upload(`act:${this.id}:recordAbsence`, 'certificate', bytes))
          : null
      const form = {
        ...{ from, to: addDays(from, 4), kind: 'illness', document: 'Sick leave certificate 77' },
        ...(certificate !== null && { certificate }),
      }
      await this.act(who, 'recordAbsence', file.step, form)
    }

    /** Keeps the case from who only looks on, lets him in, keeps him out again, or lifts it. */
    private async restrict({ restricted, step, body }: CaseDetail): Promise<void> {
      const who = await people.holding(chance() < 0.5 ? 'hr' : 'head', body.key, this.newcomer.person)
      const { person } = await people.bystander(body.key)
      const reason = 'The matter is delicate.'
      const named = people.officers(body.key).filter((each) => each !== this.newcomer.person)
      if (!restricted) await this.act(who, 'restrict', step, { people: named, reason })
      else if (chance() < 0.4) await this.act(who, 'lift', step, { reason })
      else {
        const isNamed = restricted.to?.some(({ id }) => id === person) === true
        await this.act(who, isNamed ? 'revokeAccess' : 'grant', step, { person, reason })
      }
    }

    private async comment(file: CaseDetail): Promise<void> {
      const who = await hrOf(file)
      const { data } = await who.get<{ data: PersonRef[] }>(`/api/cases/${this.id}/comments/people`)
      const named = data[Math.floor(chance() * data.length)]
      await changing(() => who.say(this.id, `Has anybody seen ${randomUUID()}?`, named ? [named.id] : []))
    }

    async end(): Promise<void> {
      const file = await this.file()
      if (file.status !== 'open') return
      const head = await people.holding('head', file.body.key)
      await this.act(head, 'cancel', file.step, { ground: 'openedInError', reason: 'The end of a test.' })
    }

    private async answer(task: TaskView, { body }: CaseDetail): Promise<void> {
      const { mentors } = people.newcomers.find((each) => each.body === body.key) ?? this.newcomer
      const who = await people.holderOf(task, this.newcomer.person)
      if (task.state === 'ready') await claim(who, task)
      const page = () => who.get<TaskDetail>(`/api/tasks/${task.id}`)
      let now = await page()
      if (now.assignee?.id !== who.person || !now.verbs.includes('complete')) return
      const send = (verb: 'complete' | 'return' | 'ask', version: number, rest: object, late = false) => {
        return decide(who, {
          kind: verb,
          path: `/api/tasks/${task.id}/${verb}`,
          body: { version, ...rest },
          caseId: this.id,
          taskId: task.id,
          late,
        })
      }
      const form = answerTo(task.kind, { ...this.newcomer, mentors }, chance)
      const draft = { form, person: who.person, writer: 'load' }
      if (chance() < 0.2)
        await changing(() => who.patiently('PUT', `/api/drafts/task:${task.id}:complete`, draft, { 'if-match': '"0"' }))
      const [person] = mentors
      if (
        ASKS.includes(task.kind) &&
        chance() < 0.12 &&
        person &&
        person !== who.person &&
        !now.questions.some((q) => !q.answeredOn)
      ) {
        await send('ask', now.version, { person, question: 'Is that so?' })

        return
      }
      if (RETURNS.includes(task.kind) && chance() < 0.2) {
        await send('return', now.version, { remarks: 'Please be exact.' })

        return
      }
      const handover = 'role' in task.for ? granted('afterHandover') : undefined
      if (handover) {
        const { version } = now
        await changing(() => who.patiently('POST', `/api/tasks/${task.id}/release`, { version }))
        await claim(who, { ...task, version: now.version + 1 })
        handover(await send('complete', now.version, { form }, true))
        now = await page()
      }
      const decision = await send('complete', now.version, { form })
      if (decision.told !== 'confirmed') return
      granted('afterAnswer')?.(await send('complete', now.version, { form }, true))
    }
  }

  /** A case that opens others, which tell each other; people do the tasks among them, and cancel some. */
  class RelayWalk {
    /** HR of the bodies to which its cases belong */
    private readonly desks: Caller[]

    constructor(
      private readonly newcomer: Newcomer,
      private readonly drawn: Drawn,
      private readonly set: string | null,
      private readonly hr: Caller,
      private readonly id: string,
    ) {
      this.desks = [hr]
    }

    /** A case, as whoever of them may find it. */
    private async file(id: string): Promise<CaseDetail> {
      let none: unknown
      for (const desk of this.desks) {
        try {
          return await desk.get<CaseDetail>(`/api/cases/${id}`)
        } catch (error) {
          if (!(error instanceof Refused)) throw error
          none = error
        }
      }
      throw none
    }

    /** One thing that a person does; false when the case is over. */
    async move(): Promise<boolean> {
      if ((await this.file(this.id)).status !== 'open') return false
      const of = this.set === null ? '' : `&rehearsal=${encodeURIComponent(this.set)}`
      const desk = this.desks[Math.floor(chance() * this.desks.length)] ?? this.hr
      const { data } = await desk.get<Page<TaskView>>(`/api/tasks?process=relay&perPage=20${of}`)
      const task = data[Math.floor(chance() * data.length)]
      if (chance() < 0.08) await this.cancel(await this.someCase())
      else if (chance() < HANDOVERS) await Promise.all([this.leaves(task?.caseId), ...(task ? [this.work(task)] : [])])
      else if (task) await this.work(task)
      else await sleep(300)

      return true
    }

    private async leaves(id = this.id): Promise<void> {
      const file = await this.file(id)
      if (file.status !== 'open') return
      this.desks.push(await people.holding('hr', await handOver(file)))
    }

    private readonly work = (task: TaskView) =>
      work(task, task.kind === 'work' ? {} : { measures: 'Done by hand.' }, this.newcomer.person)

    /** The case, when it has come to a result. */
    async result(): Promise<CaseDetail | null> {
      const file = await this.file(this.id)

      return ['done', 'stopped'].includes(file.outcome ?? '') ? file : null
    }

    end = (): Promise<void> => this.cancel(this.id)

    private async someCase(): Promise<string> {
      if (this.drawn.cancels === 'first') return this.id
      const { data } = await this.hr.get<Page<EventView>>(`/api/cases/${this.id}/events?perPage=100`)
      const among = [
        this.id,
        ...data.flatMap(({ kind, params }) => {
          const opened = kind === 'linkedCaseOpened' ? params['case'] : null

          return typeof opened === 'string' ? [opened] : []
        }),
      ]

      return among[Math.floor(chance() * among.length)] ?? this.id
    }

    private async cancel(id: string): Promise<void> {
      const { status, step, body } = await this.file(id)
      if (status !== 'open') return
      await decide(await people.holding('head', body.key), {
        kind: 'act',
        path: `/api/cases/${id}/acts/cancel`,
        body: { step, form: {} },
        act: 'cancel',
        caseId: id,
      })
    }
  }

  /** Two cases or three annul the result of one at the same time; whichever does is cancelled now and then, and gives it back. */
  async function annul({ person, appointedOn }: Newcomer, of: CaseDetail, set: string | null): Promise<void> {
    const hr = await hrOf(of, person)
    const rehearsal = set === null ? {} : { rehearsal: { set, origin: appointedOn, speed: 0 } }
    const annuller = async () => {
      const form = { person, case: of.id, ground: 'unworthy' }
      const start = await decide(hr, {
        kind: 'start',
        path: '/api/processes/revocation/cases',
        body: { form, ...rehearsal },
      })

      return start.told === 'confirmed' && start.caseId !== null ? [start.caseId] : []
    }
    const answers = async (id: string, kind: string, form: Record<string, unknown>) => {
      const { data } = await hr.get<Page<TaskView>>(`/api/cases/${id}/tasks?perPage=100`)
      const task = data.find((each) => each.kind === kind && each.state !== 'completed' && each.state !== 'obsolete')
      if (task) await work(task, form, person)
    }
    const ids = (await Promise.all([annuller(), annuller(), ...(chance() < 0.3 ? [annuller()] : [])])).flat()
    await Promise.all(ids.map((id) => answers(id, 'decide', { revokes: chance() < 0.95 })))
    for (const id of ids) {
      const file = await hr.get<CaseDetail>(`/api/cases/${id}`)
      if (file.status !== 'open') continue
      const dice = chance()
      if (dice < 0.2) await handOver(file)
      else if (dice < 0.6)
        await decide(await people.holding('head', file.body.key), {
          kind: 'act',
          path: `/api/cases/${id}/acts/cancel`,
          body: { step: file.step, form: {} },
          act: 'cancel',
          caseId: id,
        })
      else await answers(id, 'publish', {})
      await answers(id, 'mendUndo', { measures: 'Done by hand.' })
    }
  }

  async function beginRelay(newcomer: Newcomer): Promise<void> {
    const hr = await people.caller(newcomer.hr[0] ?? '')
    const drawn = drawRelay(chance, places)
    const set = chance() < 0.5 ? null : `fault ${randomUUID()}`
    const legs = drawn.legs.map((script) => ({ script: JSON.stringify(script) }))
    const start = await decide(hr, {
      kind: 'start',
      path: '/api/processes/relay/cases',
      body: {
        form: {
          person: newcomer.person,
          script: JSON.stringify(drawn.script),
          ...(legs.length > 0 && { legs }),
        },
        body: newcomer.body,
        ...(set !== null && { rehearsal: { set, origin: newcomer.appointedOn, speed: 0 } }),
      },
    })
    if (start.told !== 'confirmed' || start.caseId === null) return
    const walk = new RelayWalk(newcomer, drawn, set, hr, start.caseId)
    for (let moves = 0; moves < MOVES && !stopping; moves += 1) {
      if (!(await walk.move())) break
      await sleep(40 + chance() * 160)
    }
    const result = await walk.result()
    if (result) {
      // again, when nobody has annulled it for good
      for (let times = 0; times < 2 && chance() < ANNULLED && !stopping; times += 1) await annul(newcomer, result, set)
    } else if (chance() < 0.5 && !stopping) await walk.end()
  }

  async function begin(newcomer: Newcomer): Promise<void> {
    if (chance() < RELAYS) return beginRelay(newcomer)
    const dice = chance()
    const mode: Mode = dice < 0.25 ? 'real' : dice < 0.4 ? 'fast' : 'held'
    const hr = await people.caller(newcomer.hr[0] ?? '')
    const { person, position, appointedOn } = newcomer
    const rehearsal = { set: `fault ${randomUUID()}`, origin: appointedOn, speed: mode === 'fast' ? FAST : 0 }
    const start = await decide(hr, {
      kind: 'start',
      path: '/api/processes/probation/cases',
      body: {
        form: { person, position, appointedOn, actNumber: '118-K', actDate: appointedOn },
        ...(mode === 'real' ? {} : { rehearsal }),
      },
    })
    if (start.told !== 'confirmed' || start.caseId === null) return
    const walk = new Walk(newcomer, mode, hr, start.caseId)
    for (let moves = 0; moves < MOVES && !stopping; moves += 1) {
      if (!(await walk.move())) break
      await sleep(40 + chance() * 160)
    }
    // some stay open to the end, so that there is something open to be looked at; a real one keeps its newcomer from others
    if (mode === 'real' || (chance() < 0.7 && !stopping)) await walk.end()
  }

  async function live(n: number): Promise<void> {
    const newcomer = people.newcomers[n % people.newcomers.length]
    if (!newcomer) throw new Error('the sample has no newcomers')
    while (!stopping) {
      await begin(newcomer).catch((error: unknown) => {
        // a page that is no longer theirs to see, or a term that passed while they were reading, is everyday life
        if (!(error instanceof Refused)) troubles.push(String(error))
      })
      await sleep(100)
    }
  }
  const lives = Array.from({ length: count }, (_, n) => live(n))

  return {
    troubles,
    claims,
    wish: (wish) => new Promise((resolve) => wishes.set(wish, resolve)),
    pause: async () => {
      gate = new Promise((resolve) => (open = resolve))
      while (active > 0) await sleep(50)
    },
    resume: () => open(),
    stop: async () => {
      stopping = true
      open()
      await Promise.all(lives)
    },
  }
}
