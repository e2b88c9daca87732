/** Relays: cases that open and tell each other. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { sealed } from '../../prisma/store/canonical'
import { person, rows } from '../../workflows/kernel/forms'
import { defineProcess, processesOf } from '../../workflows/kernel/process'
import type { CaseId, ContentId, PersonId } from '../../workflows/kernel/contract'
import { contract, type RelayForm, type Script } from '../workflows/kernel/relay'
import { casework, open, type Casework } from './casework'
import type { FreshDatabase } from './database'
import { BODY, errandLaw, hr, MONDAY, newSubject } from './errands'

const RELAYS = path.join(__dirname, '..', 'workflows', 'kernel', 'bundle.ts')

export const relay = defineProcess({
  contract,
  forms: {
    start: z.strictObject({
      person: person('anyone'),
      script: z.string(),
      about: z.uuid().optional(),
      legs: rows(z.strictObject({ script: z.string() })).optional(),
    }),
    tasks: { work: z.strictObject({}) },
    acts: {
      hear: z.strictObject({ from: z.uuid(), n: z.int() }),
      stop: z.strictObject({}),
      cancel: z.strictObject({}),
    },
  },
  aboutOf: (start) => {
    const { person, about } = start as unknown as RelayForm

    return { person, case: about }
  },
  check: () => null,
  prefill: () => ({}),
})

export const relays = (database: FreshDatabase): Promise<Casework> =>
  casework(database.url, RELAYS, errandLaw, { processes: processesOf(relay) })

/** Begins a relay; `legs` are scripts of the cases that it opens by a list, in a content row that only the store reads. */
export async function begin(
  database: FreshDatabase,
  work: Casework,
  script: Script,
  legs: readonly Script[] = [],
): Promise<CaseId> {
  const subject: PersonId = await newSubject(database)
  const form = { person: subject, script: JSON.stringify(script) }
  const body = { ...form, legs: legs.map((each) => ({ script: JSON.stringify(each) })) }
  const { salt, hash } = sealed(body)
  const content = { id: randomUUID() as ContentId, hash }
  const id = randomUUID() as CaseId
  await work.db.content.create({ data: { id: content.id, caseId: id, body, salt, hash, createdAt: new Date() } })
  await open(work, { id, process: 'relay', body: BODY, subject, on: MONDAY, by: hr, form, content })

  return id
}
