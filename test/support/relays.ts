/** Relays: cases that open and tell each other. */
import path from 'node:path'
import { z } from 'zod'
import { person } from '../../workflows/kernel/forms'
import { defineProcess, processesOf } from '../../workflows/kernel/process'
import type { CaseId, PersonId } from '../../workflows/kernel/contract'
import { contract, type RelayForm, type Script } from '../workflows/kernel/relay'
import { casework, open, type Casework } from './casework'
import type { FreshDatabase } from './database'
import { BODY, errandLaw, hr, MONDAY, newSubject } from './errands'

const RELAYS = path.join(__dirname, '..', 'workflows', 'kernel', 'bundle.ts')

const relay = defineProcess({
  contract,
  forms: {
    start: z.strictObject({ person: person('anyone'), script: z.string() }),
    tasks: { work: z.strictObject({}) },
    acts: {
      hear: z.strictObject({ from: z.uuid(), n: z.int() }),
      stop: z.strictObject({}),
      cancel: z.strictObject({}),
    },
  },
  subjectOf: (start) => ({ person: (start as unknown as RelayForm).person, position: '' as never }),
  check: () => null,
  prefill: () => ({}),
})

export const relays = (database: FreshDatabase): Promise<Casework> =>
  casework(database.url, RELAYS, errandLaw, { processes: processesOf(relay) })

export async function begin(database: FreshDatabase, work: Casework, script: Script): Promise<CaseId> {
  const subject: PersonId = await newSubject(database)
  const form = { person: subject, script: JSON.stringify(script) }

  return (await open(work, { process: 'relay', body: BODY, subject, on: MONDAY, by: hr, form })).id
}
