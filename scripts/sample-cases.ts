/**
 * About forty probations of the demonstration, at every stage, so that no screen is empty. Each is a real case: started on the day
 * of its appointment on a held clock, played by the people of the sample through the same commands that the API sends, and
 * released to run with real time once it has come to the present.
 */
import { readPayloadKeys } from '../api/config'
import { randomUUID } from 'node:crypto'
import { connectEngine } from '../api/service/temporal'
import type { Engine } from '../api/service/temporal'
import { newcomers } from '../prisma/seed/seed'
import type { Newcomer } from '../prisma/seed/seed'
import { sealed } from '../prisma/store/canonical'
import { commandById, storeCommand } from '../prisma/store/commands'
import { createDb } from '../prisma/store/db'
import type { Db } from '../prisma/store/db'
import { actorOf } from '../prisma/store/accounts'
import { factsOfPeople } from '../prisma/store/register-facts'
import { KEEPER } from '../prisma/store/register-sight'
import { claim } from '../prisma/store/tasks'
import { addDays, daysBetween, isoDate, localDate, startOfDay } from '../workflows/kernel/law/calendar'
import { instant, millis } from '../workflows/kernel/law/case-clock'
import { ROLES } from '../workflows/kernel/contract'
import type {
  CaseId,
  CommandId,
  ContentId,
  IsoDate,
  PersonId,
  TaskId,
  Actor,
  ContentRef,
  People,
} from '../workflows/kernel/contract'
import { factsOf } from '../workflows/kernel/forms'
import type { CaseInput, MessageKind } from '../workflows/kernel/protocol/messages'
import { contract } from '../workflows/probation/contract'
import { forms } from '../workflows/probation/forms'

const HOW_MANY = 40
const AT_ONCE = 2
const WAIT_MS = 60_000
const MORNING_MS = 9 * 3_600_000

/** Where people of the sample leave their task undone, and how they decide: what makes one case unlike another. */
interface Script {
  readonly leaves: readonly string[]
  readonly first: 'satisfactory' | 'unsatisfactory'
  readonly second: 'satisfactory' | 'unsatisfactory'
  readonly agency: 'agree' | 'refuse'
  readonly absent: boolean
  readonly returned: boolean
}

const script = (over: Partial<Script>): Script => ({
  leaves: [],
  first: 'unsatisfactory',
  second: 'unsatisfactory',
  agency: 'refuse',
  absent: false,
  returned: false,
  ...over,
})

/** Scripts by the age of the appointment in days, tried in turn. */
const SCRIPTS: readonly { readonly upTo: number; readonly scripts: readonly Script[] }[] = [
  {
    upTo: 7,
    scripts: [
      script({ leaves: ['appointMentor'] }),
      script({ leaves: ['draftAdaptationPlan'] }),
      script({ leaves: ['agreeAdaptationPlan'], returned: true }),
      script({ leaves: ['acknowledge'] }),
    ],
  },
  {
    upTo: 75,
    scripts: [script({}), script({ absent: true }), script({ leaves: ['interimCheck'] }), script({ returned: true })],
  },
  {
    upTo: 93,
    scripts: [
      script({ leaves: ['mentorOpinion'] }),
      script({ leaves: ['reviewProbation'] }),
      script({ leaves: ['decideExtension'] }),
    ],
  },
  {
    upTo: 165,
    scripts: [
      script({}),
      script({ first: 'satisfactory' }),
      script({ absent: true }),
      script({ leaves: ['reviewProbation'] }),
    ],
  },
  {
    upTo: 400,
    scripts: [
      script({ leaves: ['reviewProbation'] }),
      script({ leaves: ['agreeDismissal'] }),
      script({ leaves: ['decideDismissal'] }),
      script({}),
      script({ agency: 'agree' }),
      script({ second: 'satisfactory' }),
    ],
  },
]

interface Where {
  readonly databaseUrl: string
  readonly temporalAddress: string
  readonly today: IsoDate
}

/** Starts and plays the sample cases that do not exist yet; resolves with how many it made. */
export async function seedSampleCases({ databaseUrl, temporalAddress, today }: Where): Promise<number> {
  const db = createDb(databaseUrl, 4)
  const engine = connectEngine({ address: temporalAddress, namespace: 'default', keys: readPayloadKeys() })
  try {
    const people = newcomers({ on: await dayOfSample(db, today) }).filter((each) => !each.leftFree)
    const turns = new Map<number, number>()
    // first those that give the demo users work
    const ordered = [...people].sort((a, b) => Number(b.standsAt !== null) - Number(a.standsAt !== null))
    const plans = ordered.slice(0, HOW_MANY).map((newcomer) => {
      if (newcomer.standsAt) return { newcomer, script: script({ leaves: [newcomer.standsAt] }) }
      const age = daysBetween(newcomer.appointedOn, today)
      const group = SCRIPTS.find(({ upTo }) => age <= upTo) ?? SCRIPTS.at(-1)
      const turn = turns.get(group?.upTo ?? 0) ?? 0
      turns.set(group?.upTo ?? 0, turn + 1)

      return { newcomer, script: group?.scripts[turn % group.scripts.length] ?? script({}) }
    })
    let made = 0
    const next = async (): Promise<void> => {
      for (let plan = plans.shift(); plan; plan = plans.shift()) {
        if ((await db.case.count({ where: { subjectId: plan.newcomer.person, rehearsal: null } })) > 0) continue
        await new Play(db, engine, plan.newcomer, plan.script, today).run()
        made += 1
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, next))

    return made
  } finally {
    await engine.close()
    await db.$disconnect()
  }
}

/** The day on which the sample register was made: the youngest appointment tells, and the newcomers follow from it. */
async function dayOfSample(db: Db, today: IsoDate): Promise<IsoDate> {
  for (let back = 0; back < 400; back += 1) {
    const on = addDays(today, -back)
    const [first] = newcomers({ on })
    const post = first && (await db.post.findFirst({ where: { personId: first.person, to: null } }))
    if (first && post?.from.toISOString().slice(0, 10) === first.appointedOn) return on
  }

  return today
}

class Play {
  private readonly id = randomUUID() as CaseId
  private readonly left = new Set<string>()

  constructor(
    private readonly db: Db,
    private readonly engine: Engine,
    private readonly newcomer: Newcomer,
    private readonly script: Script,
    private readonly today: IsoDate,
  ) {}

  async run(): Promise<void> {
    if (!(await this.start())) return
    for (let moves = 0; moves < 60; moves += 1) {
      const file = await this.file()
      if (file.status === 'closed') return
      const day = localDate(
        instant(Date.parse(String((file.clock as { base: { case: string } }).base.case))),
        'Asia/Almaty',
      )
      if (this.script.absent && file.stage === 'running' && !this.left.has('absence')) await this.recordAbsence(day)
      else if (await this.answerOne()) continue
      else if (day >= this.today || !(await this.advance(day))) break
    }
    if ((await this.file()).status === 'open') await this.act({ release: true }, 'advance')
  }

  private file() {
    return this.db.case.findUniqueOrThrow({ where: { id: this.id } })
  }

  private async start(): Promise<boolean> {
    const { person, position, body, appointedOn } = this.newcomer
    const form = forms.start.parse({
      person,
      position,
      appointedOn,
      actNumber: `${String(1 + (daysBetween(isoDate('2026-01-01'), appointedOn) % 200))}-K`,
      actDate: appointedOn,
    })
    const by = await this.actor(this.newcomer.hr[0])
    const region = await this.db.stateBody.findUniqueOrThrow({ where: { key: body }, include: { region: true } })
    const zone = region.region.timezone
    const morning = instant(millis(startOfDay(appointedOn, zone)) + MORNING_MS)
    const facts = factsOf(forms.start, form)
    const sent = await this.send('start', by, form, null, (envelope, content) => {
      const input: CaseInput = {
        case: this.id,
        process: 'probation',
        version: contract.version,
        body,
        subject: person,
        position,
        clock: {
          zone,
          profile: region.weekProfile === 'six-day' ? 'six-day' : 'five-day',
          speed: 0,
          base: { case: morning, real: instant(Date.now()) },
        },
        rehearsal: null,
        startedBy: by,
        form: facts,
        content,
      }

      return { input, message: { ...envelope, content } }
    })

    return sent
  }

  /** Answers one open task that this script does not leave; false when there is none. */
  private async answerOne(): Promise<boolean> {
    const tasks = await this.db.task.findMany({ where: { caseId: this.id, state: { in: ['ready', 'reserved'] } } })
    const file = await this.file()
    const second = file.stage === 'secondReview' || file.stage === 'agencyReview'
    for (const task of tasks) {
      // an overdue first review would lapse: what is left undone is left in the last part of the case
      const leaves = this.script.leaves.includes(task.kind) && (second || !this.passesFirstReview())
      if (leaves || this.left.has(task.id)) continue
      const by = await this.actor(task.personId ?? (await this.holder(task.role ?? '', task.bodyKey ?? '')))
      let { version } = task
      if (task.state === 'ready') {
        const on = isoDate(task.openedOn.toISOString().slice(0, 10))
        const at = instant(Date.now())
        await claim(this.db, {
          task: task.id as TaskId,
          case: this.id,
          version,
          actor: by.person,
          capacity: ROLES.find((role) => role === task.role) ?? 'self',
          at,
          on,
        })
        version += 1
      }
      if (task.kind === 'agreeAdaptationPlan' && this.script.returned && !this.left.has('returned')) {
        this.left.add('returned')
        const remarks = { remarks: 'Please make the measures exact.' }
        await this.send(
          'return',
          by,
          remarks,
          { id: task.id as TaskId, version, holder: by.person },
          (envelope, content) => ({
            ...envelope,
            task: task.id,
            content,
          }),
        )

        return true
      }
      const form = forms.tasks[task.kind as keyof typeof forms.tasks].parse(this.answerTo(task.kind, second))
      const facts = factsOf(forms.tasks[task.kind as keyof typeof forms.tasks], form)
      const people = await this.people(form)
      await this.send(
        'complete',
        by,
        form,
        { id: task.id as TaskId, version, holder: by.person },
        (envelope, content) => ({
          ...envelope,
          task: task.id,
          answer: facts,
          people,
          content,
        }),
      )

      return true
    }

    return false
  }

  /** The case is old enough to stand behind the extension. */
  private passesFirstReview(): boolean {
    return daysBetween(this.newcomer.appointedOn, this.today) > 165
  }

  private answerTo(kind: string, second: boolean): object {
    const { appointedOn, mentors } = this.newcomer
    const verdict = second ? this.script.second : this.script.first
    const goals = (last: string) => [
      { number: 1, verdict: 'met' },
      { number: 2, verdict: last, remark: 'See the report of the mentor.' },
    ]
    switch (kind) {
      case 'appointMentor':
        return { mentor: this.mentor(), order: `${String(10 + (mentors.length % 80))}-K` }
      case 'draftAdaptationPlan':
        return {
          goals: [
            {
              goal: 'Learn the order of document flow',
              measure: 'Test of the registry passed',
              by: addDays(appointedOn, 30),
            },
            {
              goal: 'Prepare a draft order independently',
              measure: 'Draft accepted without remarks',
              by: addDays(appointedOn, 75),
            },
          ],
        }
      case 'interimCheck':
        return { goals: goals('inHand') }
      case 'mentorOpinion':
        return { recommends: verdict, opinion: 'Diligent; the second goal needs more practice.' }
      case 'reviewProbation':
        return {
          result: verdict,
          goals: goals(verdict === 'satisfactory' ? 'met' : 'missed'),
          grounds: 'On the results of the plan.',
        }
      case 'decideExtension':
        return { decision: 'extend', grounds: 'To be given the time that the law allows.' }
      case 'decideDismissal':
        return { decision: 'propose', grounds: 'The plan was not fulfilled twice.' }
      case 'agreeDismissal':
        return { decision: this.script.agency, grounds: 'On the papers of the case.' }
      default:
        return {}
    }
  }

  /** The one beside him for cases at an early task, another for the rest: nobody may mentor many. */
  private mentor(): string | undefined {
    const { mentors, standsAt } = this.newcomer

    return standsAt === null || standsAt === 'interimCheck' || standsAt === 'draftAdaptationPlan'
      ? mentors[0]
      : mentors.at(-1)
  }

  private async recordAbsence(day: IsoDate): Promise<void> {
    this.left.add('absence')
    const form = forms.acts.recordAbsence.parse({
      from: addDays(day, 1),
      to: addDays(day, 8),
      kind: 'illness',
      document: 'Sick leave certificate',
    })
    await this.act(factsOf(forms.acts.recordAbsence, form), 'recordAbsence', form)
  }

  /** Lets the clock run to the next term, no further than today; false when nothing lies ahead. */
  private async advance(day: IsoDate): Promise<boolean> {
    const to = addDays(day, 7) < this.today ? addDays(day, 7) : this.today

    return this.act({ to }, 'advance')
  }

  private async act(facts: unknown, act: string, content: unknown = facts): Promise<boolean> {
    const by = await this.actor(this.newcomer.hr[0])
    const { step } = await this.file()

    return this.send('act', by, content, null, (envelope, ref) => ({
      ...envelope,
      act,
      step,
      form: facts,
      people: {},
      content: ref,
    }))
  }

  private async actor(person: string | undefined): Promise<Actor> {
    const actor = person === undefined ? null : await actorOf(this.db, person as PersonId, this.today)
    if (!actor) throw new Error('the sample lacks a person for this task')

    return actor
  }

  private async holder(role: string, body: string): Promise<string | undefined> {
    const row = await this.db.bodyRole.findFirst({
      where: { role, bodyKey: body, to: null, NOT: { personId: this.newcomer.person } },
      orderBy: { personId: 'asc' },
    })

    return row?.personId
  }

  private async people(form: object): Promise<People> {
    if (!('mentor' in form) || typeof form.mentor !== 'string') return {}
    const mentor = form.mentor as PersonId
    const known = await factsOfPeople(this.db, [mentor], { on: this.today, acting: this.today }, null, KEEPER)
    const { body = null, serviceMonths = 0 } = known.get(mentor) ?? {}

    return { [mentor]: { body, serviceMonths, mentees: 0 } }
  }

  /** Stores a command with its content and sends it, as the API does. */
  private async send(
    kind: MessageKind,
    actor: Actor,
    body: unknown,
    task: { id: TaskId; version: number; holder: PersonId } | null,
    payload: (envelope: { command: CommandId; actor: Actor }, content: ContentRef) => unknown,
  ): Promise<boolean> {
    const id = randomUUID() as CommandId
    const content = { id: randomUUID() as ContentId, body, ...sealed(body) }
    const stored = await storeCommand(this.db, {
      id,
      caseId: this.id,
      kind,
      act: null,
      principal: actor.person,
      key: `sample:${id}`,
      digest: '',
      actor,
      payload: payload({ command: id, actor }, { id: content.id, hash: content.hash }),
      content,
      task,
    })
    if (!stored.stored) throw new Error(`sample command ${kind} was not stored: ${stored.why}`)
    const command = await commandById(this.db, id)
    if (!command) throw new Error('a stored command has no row')
    const sent = await this.engine.send(command, WAIT_MS)
    if (sent.result !== 'answered') throw new Error(`sample command ${kind} was answered ${JSON.stringify(sent)}`)

    return sent.outcome.result !== 'refused'
  }
}
