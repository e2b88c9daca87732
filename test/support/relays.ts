/** Relays: cases that open and tell each other. */
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { sealed } from '../../prisma/store/canonical'
import { processesOf } from '../../workflows/kernel/process'
import type { CaseId, ContentId, PersonId } from '../../workflows/kernel/contract'
import type { Script } from '../workflows/kernel/relay'
import { relay } from '../workflows/kernel/relay-process'
import { relayStore } from '../workflows/kernel/relay-store'
import { casework, open, type Casework, type NewCase } from './casework'
import type { FreshDatabase } from './database'
import { BODY, errandLaw, hr, MONDAY, newSubject } from './errands'

const RELAYS = path.join(__dirname, '..', 'workflows', 'kernel', 'bundle.ts')

export const relays = (database: FreshDatabase): Promise<Casework> =>
  casework(database.url, RELAYS, errandLaw, { processes: processesOf(relay), stores: { relay: relayStore } })

/** Begins a relay; `legs` are scripts of the cases that it opens by a list, in a content row that only the store reads. */
export async function begin(
  database: FreshDatabase,
  work: Casework,
  script: Script,
  legs: readonly Script[] = [],
  more: Pick<NewCase, 'rehearsal'> = {},
): Promise<CaseId> {
  const subject: PersonId = await newSubject(database)
  const form = { person: subject, script: JSON.stringify(script) }
  const body = { ...form, legs: legs.map((each) => ({ script: JSON.stringify(each) })) }
  const { salt, hash } = sealed(body)
  const content = { id: randomUUID() as ContentId, hash }
  const id = randomUUID() as CaseId
  await work.db.content.create({ data: { id: content.id, caseId: id, body, salt, hash, createdAt: new Date() } })
  await open(work, { id, process: 'relay', body: BODY, subject, on: MONDAY, by: hr, form, content, ...more })

  return id
}
