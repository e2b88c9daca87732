/** Who decides in the sample register, and what each answers. */
import { randomUUID } from 'node:crypto'
import { newcomers, type Newcomer } from '../../../prisma/seed/seed'
import { addDays } from '../../../workflows/kernel/law/calendar'
import type { BodyKey, IsoDate, PersonId } from '../../../workflows/kernel/contract'
import { SYSTEM, writeRegister } from '../../../prisma/store/register-trail'
import type { Db } from '../../../prisma/store/db'
import type { TaskView } from '../../../api/shapes/views'
import { Caller, type Book } from './decisions'

/** Everybody of the sample, each signed in once he is needed. */
export interface People {
  /** newcomers whose probation may be begun, each with all whom it needs */
  readonly newcomers: readonly Newcomer[]
  readonly caller: (person: string) => Promise<Caller>
  /** somebody who has that role in the body */
  readonly holding: (role: string, body: string, but?: string) => Promise<Caller>
  /** whom a restricted case of the body names, so that work goes on in it: who holds a role there, and who does the tasks of an agency */
  readonly officers: (body: string) => readonly string[]
  /** an HR officer of the body who decides nothing, and is named in no case until somebody grants it */
  readonly bystander: (body: string) => Promise<Caller>
  /** who may hold a task, but for those whom it excludes */
  readonly holderOf: (task: Pick<TaskView, 'for' | 'assignee'>, but: string) => Promise<Caller>
}

/** Lets every account of the sample sign in: the faults need more people than the demonstration shows. */
export async function peopleOf(
  db: Db,
  { urls, today, book, givesUp }: { urls: readonly string[]; today: IsoDate; book: Book; givesUp: () => boolean },
): Promise<People> {
  await db.account.updateMany({ where: { demoAs: null }, data: { demoAs: 'newcomer' } })
  const [accounts, roles] = await Promise.all([db.account.findMany(), db.bodyRole.findMany({ where: { to: null } })])
  const loginOf = new Map(accounts.map(({ personId, id }) => [personId, id]))
  const atWork = newcomers({ on: today })
  const bystanders = await arrangeBystanders(db, atWork, today)
  const signedIn = new Map<string, Promise<Caller>>()
  const caller = (person: string): Promise<Caller> => {
    const known = signedIn.get(person)
    if (known) return known
    const login = loginOf.get(person)
    if (login === undefined) throw new Error(`${person} has no account`)
    const one = new Caller(login, person, urls, book, givesUp)
    const arriving = one.signIn().then(() => one)
    signedIn.set(person, arriving)

    return arriving
  }

  const holding: People['holding'] = (role, body, but) => {
    const holder = roles.find((each) => each.role === role && each.bodyKey === body && each.personId !== but)
    if (!holder) throw new Error(`nobody holds ${role} in ${body}`)

    return caller(holder.personId)
  }

  return {
    newcomers: atWork,
    caller,
    holding,
    officers: (body) => {
      const own = roles.filter(({ bodyKey }) => bodyKey === body)
      const agencies = roles.filter(({ role }) => role === 'agency')
      // of each agency the first, who does its tasks
      const firsts = agencies.filter(({ bodyKey }, n) => agencies.findIndex((each) => each.bodyKey === bodyKey) === n)

      return [...new Set([...own, ...firsts].map(({ personId }) => personId))]
    },
    bystander: (body) => {
      const found = bystanders.get(body)
      if (found === undefined) throw new Error(`${body} has nobody who only looks on`)

      return caller(found)
    },
    holderOf: (task, but) => {
      if (task.assignee) return caller(task.assignee.id)
      if ('person' in task.for) return caller(task.for.person.id)
      const { role, body } = task.for

      return holding(role, body.key, but)
    },
  }
}

/** Gives the role of HR in each body to somebody who has no part in the work. */
async function arrangeBystanders(
  db: Db,
  all: readonly Newcomer[],
  today: IsoDate,
): Promise<ReadonlyMap<string, PersonId>> {
  const atWork = all.flatMap(({ person, mentors, hr, head, supervisor }) => [
    ...[person, head, supervisor],
    ...mentors,
    ...hr,
  ])
  const bodies = [...new Set(all.map(({ body }) => body))]
  const idle = await db.sql.rows<{ id: PersonId }>`
    select p.id from people p where p.id <> all(${atWork}::uuid[]) and not exists (select 1 from body_roles r where r."personId" = p.id)
      and exists (select 1 from accounts a where a."personId" = p.id)
      and exists (select 1 from posts o where o."personId" = p.id and o."to" is null)
    order by p.id limit ${bodies.length}`
  const found = new Map<BodyKey, PersonId>()
  for (const [n, bodyKey] of bodies.entries()) {
    const personId = idle[n]?.id
    if (personId === undefined) throw new Error(`nobody is left to look on in ${bodyKey}`)
    found.set(bodyKey, personId)
  }
  const enter = [...found].map(([bodyKey, personId]) => {
    return { id: randomUUID(), personId, role: 'hr', bodyKey, from: today, to: null, basis: 'fault rounds' }
  })
  await db.sql.transaction((tx) => writeRegister(tx, SYSTEM, 'roles', { enter }))

  return found
}

const goals = (verdict: string) => [
  { number: 1, verdict: 'met', remark: 'Done ahead of the date.' },
  { number: 2, verdict, remark: 'See the report.' },
]

/** An answer to a task of probation: now one way, now the other. */
export function answerTo(kind: string, { appointedOn, mentors }: Newcomer, chance: () => number): object {
  const either = <T>(one: T, other: T): T => (chance() < 0.5 ? one : other)
  switch (kind) {
    case 'appointMentor':
      return { mentor: mentors[Math.floor(chance() * mentors.length)] ?? '', order: '12-K' }
    case 'draftAdaptationPlan':
      return {
        goals: [
          { goal: 'Learn the order of document flow', measure: 'A test', by: addDays(appointedOn, 30) },
          { goal: 'Prepare a draft order', measure: 'The draft is accepted', by: addDays(appointedOn, 60) },
        ],
      }
    case 'interimCheck':
      return { goals: goals('inHand') }
    case 'mentorOpinion':
      return { recommends: either('satisfactory', 'unsatisfactory'), opinion: 'Diligent.' }
    case 'reviewProbation': {
      const result = either('satisfactory', 'unsatisfactory')

      return {
        result,
        goals: goals(result === 'satisfactory' ? 'met' : 'missed'),
        grounds: 'On the results of the plan.',
      }
    }
    case 'decideExtension':
      return { decision: 'extend', grounds: 'To be given the time that the law allows.' }
    case 'decideDismissal':
      return { decision: either('propose', 'keep'), grounds: 'On the results of both reviews.' }
    case 'agreeDismissal':
      return { decision: either('agree', 'refuse'), grounds: 'On the papers of the case.' }
    case 'answerQuestion':
      return { answer: 'Yes, it is so.' }
    case 'mendUndo':
    case 'mendEffect':
    case 'nameSuccessor':
      return { measures: 'Done by hand.' }
    default:
      return {}
  }
}
