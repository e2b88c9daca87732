/** Commissions told in business words: who sits, who votes how, who withdraws, what has come of it. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { sealed } from '../../prisma/store/canonical'
import type { CaseId, ContentId, PersonId, TaskId, Actor, ContentRef } from '../../workflows/kernel/contract'
import type { Process } from '../../workflows/kernel/process'
import type { CommissionRecord } from '../../workflows/kernel/protocol/step'
import { actor, say } from './casework'
import type { Casework, Sent } from './casework'

const form = z.strictObject({ vote: z.string() })
/** What the API and the activities know of the process in which they sit. */
export const panel: Process = {
  contract: {
    name: 'panel',
    version: 1,
    stages: [],
    moves: {},
    ends: [],
    startedBy: [],
    tasks: {},
    acts: {},
    sees: {},
    documents: {},
    terms: [],
    rules: {},
  },
  forms: { start: form, tasks: { vote: form }, acts: {} },
  aboutOf: () => {
    throw new Error('nobody starts it')
  },
  check: () => null,
  prefill: () => ({}),
}

/** What the API stores before it sends a sealed answer. */
export async function storeContent(work: Casework, caseId: CaseId, body: object): Promise<ContentRef> {
  const id = randomUUID() as ContentId
  const { salt, hash } = sealed(body)
  await work.db.content.create({ data: { id, caseId, body, salt, hash, createdAt: new Date() } })

  return { id, hash }
}

/** A commission that sits in a case. */
export class Sitting {
  constructor(
    private readonly work: Casework,
    readonly id: CaseId,
    private readonly kind = 'vote',
  ) {}

  async taskOf(member: PersonId, kind = this.kind) {
    return this.work.db.task.findFirst({
      where: { caseId: this.id, kind, personId: member },
      orderBy: { openedStep: 'desc' },
    })
  }

  private async openTaskOf(member: PersonId, kind: string): Promise<TaskId> {
    const row = await this.taskOf(member, kind)
    if (!row) throw new Error(`no task ${kind} for ${member}`)

    return row.id as TaskId
  }

  /** Votes as the API would send it: the vote itself stays in its row. */
  async votes(member: PersonId, vote: string, more: object = {}): Promise<Sent> {
    const content = await storeContent(this.work, this.id, { vote, ...more })

    return say(this.work, this.id, 'complete', actor(member), {
      task: await this.openTaskOf(member, this.kind),
      answer: null,
      content,
    })
  }

  async votesOpenly(member: PersonId, vote: string, kind = this.kind): Promise<Sent> {
    return say(this.work, this.id, 'complete', actor(member), {
      task: await this.openTaskOf(member, kind),
      answer: { vote },
    })
  }

  async recuses(member: PersonId): Promise<Sent> {
    return say(this.work, this.id, 'recuse', actor(member), { task: await this.openTaskOf(member, this.kind) })
  }

  async replaces(hr: Actor, member: PersonId, by?: PersonId): Promise<Sent> {
    const { step } = await this.file()

    return say(this.work, this.id, 'act', hr, { act: 'replaceMember', step, form: { member, ...(by ? { by } : {}) } })
  }

  file() {
    return this.work.db.case.findUniqueOrThrow({ where: { id: this.id } })
  }

  async record(): Promise<CommissionRecord> {
    const { commissions } = (await this.file()) as { commissions: unknown }
    const last = (commissions as CommissionRecord[]).at(-1)
    if (!last) throw new Error('no commission sits')

    return last
  }

  /** Who sits, and how it stands with each: `1 answered grant`, by the last digit of the member's id. */
  async seats(): Promise<string[]> {
    const { seats } = await this.record()

    return seats.map(({ member, state, mark, void: voided }) =>
      [member.slice(-1), state, mark, voided && `void: ${voided}`].filter(Boolean).join(' '),
    )
  }

  async events(...kinds: string[]): Promise<string[]> {
    const rows = await this.work.db.event.findMany({
      where: { caseId: this.id, ...(kinds.length > 0 ? { kind: { in: kinds } } : {}) },
      orderBy: { seq: 'asc' },
    })

    return rows.map((row) => row.kind)
  }

  async minutes(): Promise<Record<string, unknown>> {
    const row = await this.work.db.document.findFirstOrThrow({ where: { caseId: this.id, kind: 'minutes' } })
    const { facts } = row.made as { facts: Record<string, unknown> }

    return facts
  }
}
