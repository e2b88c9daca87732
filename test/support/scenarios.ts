/** Scenarios of a process of the registry: its cases on a real Temporal, a real Postgres and the seeded register. */
import { sampleRegister } from '../../prisma/seed/sample'
import { seedRegister } from '../../prisma/seed/seed'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { Actor, BodyKey, PersonId, PositionId, ProcessContract } from '../../workflows/kernel/contract'
import { actor, casework, open, type Casework } from './casework'
import { freshDatabase, type FreshDatabase } from './database'
import { StoryCase } from './story-case'

const sample = { seed: 7, on: isoDate('2026-01-20') }

/** The servant whom a case is about, and those around him in a central body. */
export interface Around {
  readonly body: BodyKey
  readonly person: PersonId
  readonly position: PositionId
  readonly servant: Actor
  readonly supervisor: Actor
  readonly head: Actor
  readonly hr: Actor
}

/** Its start form; without one, the person and the position. */
type StartOf = (around: Around) => Readonly<Record<string, string | number | boolean>>

/**
 * Registers what a file of scenarios needs before and after its tests, and gives the way to begin a case: by HR, at nine in the
 * morning of that day, about a servant of whom no case of the file is.
 */
export function scenariosOf(
  { name, version }: Pick<ProcessContract, 'name' | 'version'>,
  on: string,
): (form?: StartOf) => Promise<Around & { readonly file: StoryCase }> {
  let database: FreshDatabase
  let work: Casework
  let worker: { stop(): Promise<void> }
  beforeAll(async () => {
    database = await freshDatabase()
    await seedRegister(database.url, sample)
    work = await casework(database.url)
    worker = await work.work()
  })
  afterAll(async () => {
    await worker.stop()
    await work.close()
    await database.drop()
  })
  const free = sampleRegister(sample).newcomers.filter(
    (each) => each.bodyKind === 'central' && each.hr.length > 0 && each.supervisor !== each.head,
  )

  return async (form = ({ person, position }) => ({ person, position })) => {
    const newcomer = free.shift()
    if (!newcomer) throw new Error('the sample has no more servants: move some scenarios to another file')
    const { body, person, position } = newcomer
    const around: Around = {
      body,
      person,
      position,
      servant: actor(person),
      supervisor: actor(newcomer.supervisor),
      head: actor(newcomer.head, ['head', body]),
      hr: actor(newcomer.hr[0] ?? '', ['hr', body]),
    }
    const { id, outcome } = await open(work, {
      process: name,
      version,
      body,
      subject: person,
      position,
      on: isoDate(on),
      by: around.hr,
      form: form(around),
    })
    expect(outcome).toEqual({ result: 'started' })

    return { ...around, file: new StoryCase(work, id, around.hr) }
  }
}
