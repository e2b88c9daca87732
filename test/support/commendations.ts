/** Commendations, the cases of the example, driven by the people concerned; with or without certificates, which are cases of their own. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { sampleRegister } from '../../prisma/seed/sample'
import { seedRegister } from '../../prisma/seed/seed'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { Actor, BodyKey, CaseId, PersonId, PositionId } from '../../workflows/kernel/contract'
import { processesOf } from '../../workflows/kernel/process'
import { certificate } from '../certificate/process'
import { example } from '../example/process'
import { revocation } from '../revocation/process'
import { revocationStore } from '../revocation/store'
import { enterExampleLaw } from '../example/register'
import { exampleStore } from '../example/store'
import { actor, advance, casework, open, openTask, say, type Casework, type Sent } from './casework'
import type { FreshDatabase } from './database'
import { Sitting, storeContent } from './panels'

export const EXAMPLE = path.resolve(__dirname, '../example/workflows.ts')
const MONDAY = isoDate('2026-03-02')
export const SITTING = isoDate('2026-03-16')
const sample = { seed: 7, on: isoDate('2026-01-20') }

/** The example, with the cases that it opens and those that annul its result, and what they own in the store. */
export const COMMENDATIONS = {
  processes: processesOf(example, certificate, revocation),
  stores: { example: exampleStore, revocation: revocationStore },
}

/** A register, the law of the example, and what it takes to run its cases. */
export async function commendations(
  database: FreshDatabase,
  more: { readonly taskQueue?: string } = {},
): Promise<Casework> {
  await seedRegister(database.url, sample)
  const work = await casework(database.url, EXAMPLE, {}, { ...COMMENDATIONS, ...more })
  await enterExampleLaw(work.db)

  return work
}

/** One of a team, in his post. */
export interface TeamMember {
  readonly person: PersonId
  readonly position: PositionId
}

export interface Proposal {
  readonly id: CaseId
  readonly body: BodyKey
  readonly commission: Sitting
  readonly members: readonly PersonId[]
  readonly hr: Actor
  readonly head: Actor
  readonly servant: Actor
  readonly supervisor: Actor
  answers(kind: string, by: Actor, answer: object): Promise<Sent>
}

type Newcomer = ReturnType<typeof sampleRegister>['newcomers'][number]

/** Whoever proposes: each time about somebody new, by HR of his body, with five members and an alternate. */
export function proposer(database: FreshDatabase, work: Casework) {
  const free = sampleRegister(sample).newcomers.filter((each) => each.bodyKind === 'central' && each.hr.length > 0)

  return async (
    proposedByHead = false,
    more: object = {},
    teamOf?: (newcomer: Newcomer) => Promise<readonly TeamMember[]>,
  ): Promise<Proposal> => {
    const newcomer = free.shift()
    if (!newcomer) throw new Error('nobody is left to commend')
    const { body, person, position, head, supervisor } = newcomer
    const people = await work.db.person.findMany({
      where: { id: { notIn: [person, head, supervisor, ...newcomer.hr] } },
      take: 6,
    })
    const ids = people.map(({ id }) => id as PersonId)
    const hr = actor(newcomer.hr[0] ?? '', ['hr', body])
    // nobody else has held his position
    await database.sql('delete from posts where "positionId" = $1 and "personId" <> $2', [position, person])
    await database.sql('update posts set "from" = $1 where "personId" = $2 and "to" is null', ['2026-01-05', person])
    const id = randomUUID() as CaseId
    const form = {
      person,
      position,
      chair: ids[0],
      members: ids.slice(0, 5),
      alternates: ids.slice(5),
      sitting: SITTING,
      proposedByHead,
      ...more,
    }
    const team = teamOf && (await teamOf(newcomer))
    const content = team && { content: await storeContent(work, id, { ...form, team }) }
    const opened = await open(work, {
      ...{ id, process: 'example', body, subject: person, position, on: MONDAY, by: hr, form },
      ...content,
    })
    if (opened.outcome.result !== 'started') throw new Error(`the proposal was answered ${opened.outcome.result}`)

    return {
      ...{ id, body, members: ids, hr, commission: new Sitting(work, id) },
      ...{ head: actor(head, ['head', body]), servant: actor(person), supervisor: actor(supervisor) },
      answers: async (kind, by, answer) =>
        say(work, id, 'complete', by, { task: await openTask(work, id, kind), answer: answer as never }),
    }
  }
}

/** So many places of a team: those who serve in the body, again and again. */
export async function teamIn(work: Casework, body: BodyKey, size: number): Promise<readonly TeamMember[]> {
  const posts = await work.db.post.findMany({
    where: { to: null, position: { bodyKey: body } },
    orderBy: { id: 'asc' },
    select: { personId: true, positionId: true },
  })

  return Array.from({ length: size }, (_, n) => {
    const post = posts[n % posts.length]
    if (!post) throw new Error(`nobody serves in ${body}`)

    return { person: post.personId as PersonId, position: post.positionId as PositionId }
  })
}

/** The commission sits, and all its members are in favour. */
export async function voteFor(work: Casework, proposal: Proposal): Promise<void> {
  await advance(work, proposal.id, proposal.hr, SITTING)
  for (const member of proposal.members.slice(0, 5)) await proposal.commission.votes(member, 'grant')
}
