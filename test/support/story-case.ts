/** A case as a scenario tells it, of whatever process: who answers what, which act is done, what day comes, where it stands. */
import type { Actor, CaseId, Fact, People, Positions } from '../../workflows/kernel/contract'
import { advance, openTask, say, OPEN_TASK } from './casework'
import type { Casework, Sent } from './casework'

export class StoryCase {
  constructor(
    protected readonly work: Casework,
    readonly id: CaseId,
    private readonly hr: Actor,
  ) {}

  /** Answers the open task of that kind. An answer has no free text here: a story never sees any. */
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
  comes = (to: string) => advance(this.work, this.id, this.hr, to)

  file() {
    return this.work.db.case.findUniqueOrThrow({ where: { id: this.id } })
  }
  async stage(): Promise<string> {
    return (await this.file()).stage
  }
  /** The day to which a clock runs. */
  async clock(name: string): Promise<string | undefined> {
    const clock = await this.work.db.clock.findFirst({ where: { caseId: this.id, name } })

    return clock?.endsOn.toISOString().slice(0, 10)
  }
  /** The day on which the open task of that kind is due. */
  async due(kind: string): Promise<string | undefined> {
    const id = await openTask(this.work, this.id, kind)
    const { dueOn } = await this.work.db.task.findUniqueOrThrow({ where: { id } })

    return dueOn?.toISOString().slice(0, 10)
  }
  async openKinds(): Promise<string[]> {
    const rows = await this.work.db.task.findMany({ where: { caseId: this.id, state: OPEN_TASK } })

    return rows.map((row) => row.kind).sort()
  }
  async documents(): Promise<string[]> {
    const rows = await this.work.db.document.findMany({ where: { caseId: this.id }, orderBy: { step: 'asc' } })

    return rows.map((row) => row.kind)
  }
  /** The decisions taken so far, as the case keeps them. */
  async decisions(): Promise<unknown[]> {
    const { decisions } = await this.work.db.case.findUniqueOrThrow({ where: { id: this.id } })

    return Array.isArray(decisions) ? decisions : []
  }
  /** The days on which something of that kind was written into the file. */
  async events(kind: string): Promise<string[]> {
    const rows = await this.work.db.event.findMany({ where: { caseId: this.id, kind }, orderBy: { seq: 'asc' } })

    return rows.map((row) => row.on.toISOString().slice(0, 10))
  }
}
