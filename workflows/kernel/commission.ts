/**
 * A commission: one wait of the story, made of one task per member. A sealed answer enters history as a commitment only (the id of
 * its content row and its salted hash); the rows are read when all have answered, or at the end of the term, and revealed in the
 * step that is recorded then. What is done without a quorum, when votes are equal and who may withdraw is said by the contract.
 */
import { uuid4 } from '@temporalio/workflow'
import type {
  CommissionKind,
  IsoDate,
  KernelEvent,
  MINUTES,
  PersonId,
  RuleRow,
  TaskId,
  Actor,
  ContentRef,
  Fact,
  Moment,
  ProcessTypes,
} from './contract'
import type { Engine } from './engine/engine'
import type { CommissionRecord, GivenAnswer, SeatRecord } from './protocol/step'
import type { Group, Scope } from './engine/strands'
import { mayBeReplaced } from './law/seats'

export interface CommissionOptions {
  readonly members: readonly PersonId[]
  /** one of the members; whoever takes his seat chairs */
  readonly chair: PersonId
  /** called in this order into seats that become empty */
  readonly alternates?: readonly PersonId[]
  /** so many must have answered, or, below one, such a share of those who sit */
  readonly quorum: number | RuleRow
  /**
   * key of the term, counted for each seat from the day it is called; or how to work out the date. It ends the wait. Absent where
   * the contract gives the kind its term.
   */
  readonly within?: string | Moment
  /** people who may not sit, beside the subject of the case, who never may */
  readonly exclude?: readonly PersonId[] | (() => readonly PersonId[])
}

/** A member's answer; a void one does not count but stays in the file. */
export interface Mark<A> {
  readonly member: PersonId
  readonly on: IsoDate
  /** null when its seal was broken: nobody knows what it was */
  readonly answer: A | null
  /** its member was replaced, its row was tampered with, or all voted once more */
  readonly void: 'replaced' | 'sealBroken' | 'again' | null
}

/** As `MINUTES` in the contract says. */
interface Minutes {
  readonly present: readonly PersonId[]
  readonly absent: readonly PersonId[]
  readonly recused: readonly PersonId[]
  readonly replaced: readonly PersonId[]
  readonly votes: Fact
  readonly tie: Tie
  readonly decision: string | null
}

type Tie = (typeof MINUTES)['tie'][number]

interface Counted<A> {
  readonly marks: readonly Mark<A>[]
  readonly tally: Readonly<Record<string, number>>
  /** for the minutes: who was present, absent, recused, replaced, who voted how, and what came of it */
  readonly minutes: Minutes
}
/** What a commission came to. */
export type Decision<A> =
  | (Counted<A> & {
      readonly result: 'decided'
      readonly choice: string
      /** who decided when votes were equal */
      readonly cast: PersonId | null
      /** who chaired at the end; null: nobody came to the chair's seat */
      readonly chair: PersonId | null
    })
  | (Counted<A> & { readonly result: 'failed'; readonly why: 'quorum' | 'tie' })

type Given = GivenAnswer & { readonly content: ContentRef }

interface Seat<A> {
  readonly member: PersonId
  readonly as: SeatRecord['as']
  readonly chair: boolean
  state: SeatRecord['state']
  task: TaskId | null
  on: IsoDate | null
  /** as history knows it: of a sealed answer the commitment only */
  given: Given | null
  answer: A | null
  void: Mark<A>['void']
  /** an alternate has been called for whoever did not come */
  filled: boolean
}

export class Commission<P extends ProcessTypes, A> {
  private readonly id = uuid4()
  private readonly rules: CommissionKind
  private readonly seats: Seat<A>[] = []
  private readonly alternates: PersonId[]
  private state: CommissionRecord['state'] = 'asking'
  private group: Group | null = null
  private within: string | Moment
  private extended = false
  private again = false
  private tie: Tie = 'none'
  private choice: string | null = null

  constructor(
    private readonly engine: Engine<P>,
    private readonly scope: Scope,
    private readonly kind: string,
    private readonly options: CommissionOptions,
  ) {
    const declared = engine.state.contract.tasks[kind]
    const rules = declared?.commission
    if (!rules) throw new Error(`the contract does not say how a commission decides by ${kind}`)
    if (!options.members.includes(options.chair)) throw new Error('the chair of a commission is one of its members')
    this.rules = rules
    const within = options.within ?? declared.within
    if (within === undefined) throw new Error('a commission has a term')
    this.within = within
    this.alternates = [...(options.alternates ?? [])]
  }

  async run(): Promise<Decision<A>> {
    if (this.scope.over) throw this.scope.over
    this.engine.state.commissions.add(this)
    for (const member of this.options.members) this.call(member, 'member', member === this.options.chair)
    this.event('commissionConvened', { members: this.seats.length, quorum: this.needed })
    try {
      return await this.decide()
    } catch (error) {
      this.state = 'withdrawn'
      throw error
    }
  }

  private async decide(): Promise<Decision<A>> {
    for (;;) {
      await this.ask()
      if (!this.quorate) {
        if (this.mendQuorum()) continue

        return this.failed('quorum')
      }
      await this.reveal()
      // a broken seal may have cost it the quorum; once the others are open nobody can vote unseen any more
      if (!this.quorate) return this.failed('quorum')
      const leading = this.leading()
      const [choice] = leading
      if (leading.length === 1 && choice !== undefined) return this.decided(choice, null)
      if (this.rules.tie === 'again' && !this.again) this.voteAgain()
      else return this.rules.tie === 'chairCasts' ? this.chairCasts(leading) : this.failed('tie')
    }
  }

  // ------------------------------------------------------------------ seats

  private call(member: PersonId, as: Seat<A>['as'], chair: boolean): Seat<A> {
    const seat: Seat<A> = {
      member,
      as,
      chair,
      state: 'called',
      task: null,
      on: null,
      given: null,
      answer: null,
      void: null,
      filled: false,
    }
    this.seats.push(seat)

    return seat
  }

  /** Waits until nobody who was called still has a task. */
  private async ask(): Promise<void> {
    await this.engine.strands.gather(this.scope, (group) => {
      this.group = group
      for (const seat of this.seats) if (seat.state === 'called') group.add((part) => this.sit(part, seat))
    })
    this.group = null
  }

  private async sit(part: Scope, seat: Seat<A>): Promise<void> {
    if (this.barred().includes(seat.member)) {
      seat.state = 'excluded'
      this.event('memberExcluded', { member: seat.member })

      return void this.callAlternate(seat)
    }
    const came = await this.engine.askMember(part, this.kind, {
      of: { person: seat.member },
      within: this.within,
      closing: this.end(),
      exclude: () => this.barred(),
      opened: (task) => {
        seat.task = task
        seat.state = 'asked'
      },
    })
    if (came.result === 'answered') {
      seat.state = 'answered'
      seat.on = came.on
      if (this.engine.state.contract.tasks[this.kind]?.sealed) seat.given = came.given
      else seat.answer = came.answer
    } else if (came.result === 'late') {
      seat.state = 'late'
    } else if (came.result === 'recused') {
      seat.state = 'recused'
      this.callAlternate(seat)
    }
  }

  private end(): Moment {
    const from = this.engine.state.today
    const due = () => this.engine.state.dueOf(this.within, from, [])

    return () => {
      const at = due()
      if (!at) throw new Error('a commission has a term')

      return at
    }
  }

  /** Puts the next alternate into a seat that has become empty. */
  private callAlternate(empty: Seat<A>): boolean {
    const next = this.alternates.shift()
    if (next === undefined) return false
    empty.filled = true
    const seat = this.call(next, 'alternate', empty.chair)
    this.event('alternateCalled', { member: next })
    this.group?.add((part) => this.sit(part, seat))

    return true
  }

  private barred(): readonly PersonId[] {
    const { exclude = [] } = this.options

    const { subject } = this.engine.state.input

    const { keptFrom } = this.engine.state

    return [
      ...(subject === null ? [] : [subject]),
      ...keptFrom,
      ...(typeof exclude === 'function' ? exclude() : exclude),
    ]
  }

  // ------------------------------------------------------------------ replacement of a member

  /** The seat of a member who may still be replaced: until the answers are opened. */
  private seatOf(member: PersonId): Seat<A> | undefined {
    return this.seats.find(
      (seat) => seat.member === member && mayBeReplaced({ commission: { state: this.state }, seat }),
    )
  }

  hasSeat(member: PersonId): boolean {
    return this.seatOf(member) !== undefined
  }

  /** Why this person may not take the seat: field → code. Absent: the next alternate takes it. */
  whyNotReplacedBy(successor: PersonId | undefined): Readonly<Record<string, string>> | null {
    if (successor === undefined) return this.alternates.length > 0 ? null : { by: 'required' }
    const sits = this.seats.some((seat) => seat.member === successor)

    return sits || this.barred().includes(successor) ? { by: 'mayNotHold' } : null
  }

  /** The mark of whoever leaves is void, not deleted; his successor gets a task. */
  replace(member: PersonId, by: PersonId | undefined, actor: Actor): void {
    const seat = this.seatOf(member)
    if (!seat || this.whyNotReplacedBy(by)) return
    const reserve = by === undefined ? this.alternates.shift() : by
    if (reserve === undefined) return
    if (by !== undefined && this.alternates.includes(by)) this.alternates.splice(this.alternates.indexOf(by), 1)
    const next = this.call(reserve, 'replacement', seat.chair)
    // joins before the other leaves, so that the commission is never without a task in between
    this.group?.add((part) => this.sit(part, next))
    if (seat.state === 'asked' && seat.task) this.engine.dismissMember(seat.task)
    else seat.void = 'replaced'
    seat.state = 'replaced'
    this.event('memberReplaced', { member, by: reserve }, actor)
  }

  /** People excluded from the case leave their seats, which alternates take; what they answered before the answers are opened is void. */
  unseat(people: readonly PersonId[]): void {
    for (const member of people) {
      const seat = this.seatOf(member)
      if (!seat) continue
      const { state, task } = seat
      this.event('memberExcluded', { member })
      this.callAlternate(seat)
      if (state === 'asked' && task) this.engine.dismissMember(task)
      else seat.void = 'replaced'
      seat.state = 'excluded'
    }
  }

  // ------------------------------------------------------------------ quorum

  private get valid(): readonly Seat<A>[] {
    return this.seats.filter((seat) => seat.state === 'answered' && seat.void === null)
  }

  private get needed(): number {
    const { quorum } = this.options
    const value = Number(typeof quorum === 'number' ? quorum : quorum.value)
    const sitting = this.seats.filter(
      (seat) => seat.void === null && !seat.filled && !['recused', 'excluded', 'replaced'].includes(seat.state),
    )

    return Math.max(1, value < 1 ? Math.ceil(value * sitting.length) : value)
  }

  private get quorate(): boolean {
    return this.valid.length >= this.needed
  }

  /** Does what the contract says when too few have answered; false when nothing more can be done. */
  private mendQuorum(): boolean {
    const absent = this.seats.filter((seat) => seat.state === 'late' && !seat.filled)
    const rule = this.rules.withoutQuorum
    if (rule === 'fail') return false
    if (rule === 'alternates') return absent.filter((seat) => this.callAlternate(seat)).length > 0
    if (this.extended || absent.length === 0) return false
    this.extended = true
    this.within = rule.extendBy
    for (const seat of absent) seat.state = 'called'
    this.event('commissionExtended', { absent: absent.length })

    return true
  }

  // ------------------------------------------------------------------ the reveal, and the count

  /** Opens every sealed answer, the void ones too. A row that is not what was committed to is an incident, not a mark. */
  private async reveal(): Promise<void> {
    const closed = this.seats.flatMap((seat) =>
      seat.given && seat.task && seat.answer === null ? [{ seat, given: seat.given, task: seat.task }] : [],
    )
    if (closed.length === 0) return
    const opened = await this.engine.openSealed(
      this.kind,
      closed.map(({ given }) => given.content),
    )
    for (const [i, { seat, task, given }] of closed.entries()) {
      const facts = opened[i] ?? null
      if (facts === null) {
        seat.void = 'sealBroken'
        this.engine.sealBroken(this.kind, task)
      } else {
        seat.answer = facts as A
        this.engine.draft.closed.push({ id: task, state: 'completed', answer: { ...given, facts } })
      }
    }
    this.event('commissionRevealed', { opened: opened.filter((facts) => facts !== null).length })
  }

  private voteOf(seat: Seat<A>): string | null {
    const fields = seat.answer as Readonly<Record<string, unknown>> | null
    const vote = fields?.[this.rules.countedBy]

    return typeof vote === 'string' || typeof vote === 'number' || typeof vote === 'boolean' ? String(vote) : null
  }

  private get tally(): Record<string, number> {
    const tally: Record<string, number> = {}
    for (const seat of this.valid) {
      const vote = this.voteOf(seat)
      if (vote !== null) tally[vote] = (tally[vote] ?? 0) + 1
    }

    return tally
  }

  /** Everything that got the most votes. */
  private leading(): string[] {
    const tally = Object.entries(this.tally)
    const most = Math.max(0, ...tally.map(([, votes]) => votes))

    return tally.filter(([, votes]) => votes === most).map(([choice]) => choice)
  }

  private voteAgain(): void {
    this.again = true
    this.tie = 'again'
    for (const seat of [...this.valid]) {
      seat.void = 'again'
      this.call(seat.member, seat.as, seat.chair)
    }
    this.event('votedAgain', {})
  }

  private get chairing(): Seat<A> | undefined {
    return this.seats.findLast((seat) => seat.chair && ['answered', 'late'].includes(seat.state))
  }

  /** The chair's own vote tells; one who gave none is asked. */
  private async chairCasts(leading: readonly string[]): Promise<Decision<A>> {
    const chair = this.chairing
    if (!chair || leading.length === 0) return this.failed('tie')
    const own = chair.void === null ? this.voteOf(chair) : null
    this.tie = 'chair'
    if (own !== null && leading.includes(own)) return this.decided(own, chair.member)
    if (!this.rules.casting || this.barred().includes(chair.member)) return this.failed('tie')
    this.state = 'casting'
    const { casting } = this.rules
    this.within = this.engine.state.contract.tasks[casting]?.within ?? this.within
    const cast = await this.engine.ask(this.scope, casting, {
      of: { person: chair.member },
      within: this.within,
      closing: this.end(),
      exclude: () => this.barred(),
    })
    if (cast.result !== 'answered') return this.failed('tie')
    const vote = this.voteOf({ ...chair, answer: cast.answer })

    return vote !== null && leading.includes(vote) ? this.decided(vote, chair.member) : this.failed('tie')
  }

  private decided(choice: string, cast: PersonId | null): Decision<A> {
    this.state = 'decided'
    this.choice = choice
    this.event('commissionDecided', { choice })

    return { result: 'decided', choice, cast, chair: this.chairing?.member ?? null, ...this.counted() }
  }

  private failed(why: 'quorum' | 'tie'): Decision<A> {
    this.state = 'failed'
    if (why === 'tie') this.tie = 'undecided'
    this.event('commissionFailed', { why })

    return { result: 'failed', why, ...this.counted() }
  }

  private counted(): Counted<A> {
    const marks = this.seats.flatMap(({ member, on, answer, void: voided }) =>
      on === null ? [] : [{ member, on, answer, void: voided }],
    )
    const who = (...states: readonly Seat<A>['state'][]): PersonId[] => [
      ...new Set(this.seats.filter((seat) => states.includes(seat.state)).map(({ member }) => member)),
    ]
    const votes = this.valid.map((seat) => ({ member: seat.member, [this.rules.countedBy]: this.voteOf(seat) }))

    return {
      marks,
      tally: this.tally,
      minutes: {
        present: who('answered'),
        absent: who('late'),
        recused: who('recused', 'excluded'),
        replaced: who('replaced'),
        votes,
        tie: this.tie,
        decision: this.choice,
      },
    }
  }

  // ------------------------------------------------------------------ what is recorded

  /** How it stands: who sits and whether each has answered; how, only once the answers are open. */
  get record(): CommissionRecord {
    return {
      id: this.id,
      kind: this.kind,
      state: this.state,
      quorum: this.needed,
      choice: this.choice,
      seats: this.seats.map((seat) => ({
        member: seat.member,
        as: seat.as,
        chair: seat.chair,
        state: seat.state,
        on: seat.on,
        mark: this.voteOf(seat),
        void: seat.void,
      })),
    }
  }

  private event(kind: KernelEvent, params: Readonly<Record<string, Fact>>, actor?: Actor): void {
    this.engine.draft.event(kind, { kind: this.kind, ...params }, actor)
  }
}
