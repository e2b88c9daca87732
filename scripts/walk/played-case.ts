/** A case of a walk as it is played: each step is said with the term that follows from it. */
import type { CaseDetail, Page, TaskDetail, TaskView } from '../../api/shapes/views'
import { WalkFailed, type Json, type Say, type SignedIn } from './person'

const AGAIN_AFTER_MS = 250
const PATIENCE_MS = 60_000
const WORKABLE = ['ready', 'reserved', 'inProgress']

/** Fails the walk when something is otherwise than it says. */
export function expect(what: string, is: unknown, should: unknown): void {
  if (is !== should) throw new WalkFailed(`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`)
}

/** Waits for what the story does by itself after an answer. */
export async function comes<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until;) {
    const found = await look()
    if (found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS))
  }
  throw new WalkFailed(`${what} did not come`)
}

export class PlayedCase {
  /** `watcher`: by whose eyes the walk tells of the case. */
  constructor(
    readonly id: string,
    private readonly watcher: SignedIn,
    private readonly say: Say,
  ) {}

  file = (): Promise<CaseDetail> => this.watcher.get<CaseDetail>(`/api/cases/${this.id}`)

  /** Those that the watcher sees, or somebody else. */
  async tasks(by: SignedIn = this.watcher): Promise<TaskView[]> {
    return (await by.get<Page<TaskView>>(`/api/cases/${this.id}/tasks?perPage=100`)).data
  }

  async tell(who: string, what: string): Promise<CaseDetail> {
    const now = await this.file()
    const open = (await this.tasks()).filter((task) => !['completed', 'obsolete'].includes(task.state))
    const clock = now.clocks[0]
    this.say(`${now.today}  ${who.padEnd(10)} ${what}`)
    this.say(
      `            stage ${now.stage}${clock && now.status === 'open' ? `; ${clock.name} ends ${clock.endsOn}` : ''}`,
    )
    for (const task of open) this.say(`            next: ${task.kind}${dueOf(task)}`)

    return now
  }

  /** Answers the open task of that kind which is his, or which he may take up. */
  async complete(who: SignedIn, kind: string, form: Json, what: string): Promise<CaseDetail> {
    const { id, version } = await this.taskOf(who, kind)
    await who.send('POST', `/api/tasks/${id}/complete`, { version, form })

    return this.tell(who.login, what)
  }

  async act(who: SignedIn, name: string, form: Json, what: string): Promise<CaseDetail> {
    const { step } = await who.get<CaseDetail>(`/api/cases/${this.id}`)
    await who.send('POST', `/api/cases/${this.id}/acts/${name}`, { step, form })

    return this.tell(who.login, what)
  }

  /** Waits until the story has closed it. */
  ends = (): Promise<CaseDetail> =>
    comes(`the end of ${this.id}`, async () => {
      const now = await this.file()

      return now.status === 'closed' ? now : null
    })

  private async taskOf(who: SignedIn, kind: string): Promise<TaskDetail> {
    const { id: own } = who.me.person
    const open = await comes(`an open task ${kind} for ${who.login}`, async () => {
      const tasks = await this.tasks(who)

      return (
        tasks.find(
          ({ kind: each, state, assignee }) =>
            each === kind && WORKABLE.includes(state) && (assignee === null || assignee.id === own),
        ) ?? null
      )
    })
    if (open.state === 'ready') await who.claim(open)

    return who.get<TaskDetail>(`/api/tasks/${open.id}`)
  }
}

const dueOf = (task: TaskView): string => {
  if (!task.due) return ''
  const adds = task.due.steps.find((step) => step.code === 'adds' || step.code === 'back')
  const why = adds ? ` (${adds.term.key}: ${String(adds.term.value)} ${adds.term.unit}, ${adds.term.confidence})` : ''

  return `, due ${task.due.on}${why}`
}
