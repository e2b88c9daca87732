/** A case run in memory, told in business words: who answers what on which day, by which calendar. */
import { randomUUID } from 'node:crypto'
import { ruleRows, termRows } from '../../prisma/seed/data'
import { isoDate } from '../../workflows/kernel/law/calendar'
import { instant } from '../../workflows/kernel/law/case-clock'
import { TERM_UNITS } from '../../workflows/kernel/contract'
import type {
  Actor,
  BodyKey,
  CaseId,
  ContentId,
  DaysOff,
  Fact,
  IsoDate,
  PersonId,
  Role,
  RuleRow,
  ProcessContract,
  TermRow,
} from '../../workflows/kernel/contract'
import type { ServicePost } from '../../workflows/service/posts'
import type { TakeEffect } from '../../workflows/kernel/protocol/activities'
import { SNAPSHOT_QUERY, type CaseInput } from '../../workflows/kernel/protocol/messages'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import type { SnapshotAnswer, Step } from '../../workflows/kernel/protocol/step'
import { InMemoryWorkflow } from './in-memory-temporal'

/** What happens to a case: somebody answers, sends work back or acts, or its clock comes to a day. */
export type Move =
  | { readonly comes: string }
  | { readonly answers: string; readonly with: Fact; readonly people?: object }
  | { readonly returns: string }
  | { readonly acts: string; readonly with: Fact; readonly more?: object }

/** A story with what it needs to begin. */
export interface Told {
  readonly contract: ProcessContract
  readonly run: (input: CaseInput<never>) => Promise<unknown>
  readonly form: Fact
  readonly on: IsoDate
  readonly post: ServicePost & { readonly appointedOn: IsoDate }
  /** what the register says of a position on a later day; absent: the post with which it begins */
  readonly posts?: (position: string) => Told['post'] | null
  /** effects that the register refuses */
  readonly refuses?: readonly string[]
  readonly regime: string
  readonly law: { readonly terms: readonly TermRow[]; readonly rules: readonly RuleRow[] }
}

export const BODY = 'ministryFinance' as BodyKey
export const SUBJECT = 'servant' as PersonId

/** A row of the seeded register as a case takes it. */
export const seededLaw = (contract: Pick<ProcessContract, 'terms' | 'rules'>, regime: string): Told['law'] => {
  const rowOf = <Row extends { readonly key: string; readonly regimeId: string }>(rows: readonly Row[], key: string) =>
    rows.find((row) => row.key === key && row.regimeId === regime) ??
    rows.find((row) => row.key === key && row.regimeId === '*')
  const [terms, rules] = [termRows(), ruleRows()]

  return {
    terms: openingQuestion({ name: '', ...contract }, { body: BODY, on: isoDate('2026-01-01'), regime, form: null })
      .terms.flatMap((key) => rowOf(terms, key) ?? [])
      .flatMap(({ id, key, value, unit, confidence, source }) => {
        const counted = TERM_UNITS.find((each) => each === unit)

        return counted && value !== null ? [{ id, key, value, unit: counted, confidence, source }] : []
      }),
    rules: Object.keys(contract.rules).flatMap((key) => rowOf(rules, key) ?? []),
  }
}

const by = (person: string, ...roles: Role[]): Actor => ({
  person: person as PersonId,
  grants: roles.map((role) => ({ role, body: BODY })),
})
const HR = by('hr', 'hr')

export class InMemoryCase {
  private step: Step | null = null
  /** what it did to registers, or asked in vain */
  readonly effects: TakeEffect[] = []
  private readonly workflow: InMemoryWorkflow

  private constructor(
    told: Told,
    private daysOff: DaysOff,
  ) {
    this.workflow = new InMemoryWorkflow({
      record: async (step: Step) => void (this.step = step),
      daysOff: async () => this.daysOff,
      servicePost: async ({ position }: { position: string }) => told.posts?.(position) ?? told.post,
      takeEffect: async (asked: TakeEffect) => {
        this.effects.push(asked)

        return told.refuses?.includes(asked.name)
          ? { taken: false, reason: { code: 'alreadyOpen' } }
          : { taken: true, value: null }
      },
      undoEffect: async () => ({ taken: true, value: null }),
      answerUnderway: async () => false,
      messageUnderway: async () => false,
      openSealed: async ({ commitments }: { commitments: readonly object[] }) =>
        commitments.map(() => ({ vote: 'grant' })),
    })
  }

  /** Opens a case by a calendar and plays these moves. */
  static async play(told: Told, daysOff: DaysOff, moves: readonly Move[] = []): Promise<InMemoryCase> {
    const one = new InMemoryCase(told, daysOff)
    const input: CaseInput = {
      case: randomUUID() as CaseId,
      process: told.contract.name,
      version: told.contract.version,
      body: BODY,
      subject: SUBJECT,
      position: null,
      clock: {
        zone: 'Asia/Almaty',
        profile: 'five-day',
        speed: 0,
        base: { case: instant(Date.parse(`${told.on}T04:00:00Z`)), real: instant(Date.now()) },
      },
      rehearsal: 'memory',
      startedBy: HR,
      form: told.form,
      content: { id: randomUUID() as ContentId, hash: 'x' },
      opening: { regime: told.regime, ...told.law, agency: 'civilServiceAgency' as BodyKey, daysOff, missing: [] },
    }
    await one.workflow.run(() => told.run(input as CaseInput<never>))
    for (const move of moves) await one.does(move)

    return one
  }

  /** Makes one move; throws the refusal if it is not taken. */
  async does(move: Move): Promise<void> {
    if ('comes' in move) return this.act('advance', { to: move.comes }, HR)
    if ('acts' in move) return this.act(move.acts, move.with, by('hr', 'hr', 'head'), move.more)
    const kind = 'answers' in move ? move.answers : move.returns
    const task = this.now.tasks.find((each) => each.kind === kind)
    if (!task) throw new Error(`no open task ${kind}, but ${this.now.tasks.map((each) => each.kind).join(', ')}`)
    const actor = 'person' in task.for ? by(task.for.person) : { ...by(task.for.role), grants: [task.for] }
    const about = { ...this.envelope(actor), task: task.id }
    if ('returns' in move) return void (await this.workflow.update('return', about))
    await this.workflow.update('complete', { ...about, answer: move.with, people: move.people ?? {} })
  }

  /** The register has this calendar from now on; nobody tells the case. */
  registerHas(daysOff: DaysOff): void {
    this.daysOff = daysOff
  }

  /** The calendar is now this one, and the case is told. */
  async hasCalendar(daysOff: DaysOff): Promise<void> {
    this.registerHas(daysOff)
    await this.workflow.update('recompute', { command: randomUUID() })
  }

  /** The last step recorded. */
  get now(): Step {
    if (!this.step) throw new Error('nothing is recorded')

    return this.step
  }

  /** Every date that lies ahead: of each open task and clock, and the next moment at which something is due. */
  get dates(): object {
    const { wakes } = this.workflow.query(SNAPSHOT_QUERY) as SnapshotAnswer

    return {
      stage: this.now.stage,
      tasks: this.now.tasks.map(({ kind, openedOn, due, closes }) => ({ kind, openedOn, due, closes })),
      clocks: this.now.clocks,
      wakes,
    }
  }

  private async act(act: string, form: Fact, actor: Actor, more: object = {}): Promise<void> {
    await this.workflow.update('act', { ...this.envelope(actor), act, step: this.now.n, form, people: {}, ...more })
  }

  private envelope(actor: Actor) {
    return {
      command: randomUUID(),
      actor,
      receivedAt: instant(Date.now()),
      content: { id: randomUUID(), hash: 'x' },
    }
  }
}
