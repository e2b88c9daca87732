/** Both versions of the chore as the API knows them: a report is a number of rooms at first, and later says how clean they are. */
import { z } from 'zod'
import { person, position } from '../../../workflows/kernel/forms'
import { defineProcess, type Process } from '../../../workflows/kernel/process'
import { contract, type Chore, type ChoreForm } from './chore'

const nothing = z.strictObject({})

function version(number: number, report: Process['forms']['start']): Process {
  return defineProcess<Chore>({
    contract: { ...contract, version: number },
    forms: {
      start: z.strictObject({ person: person(), position: position() }),
      tasks: { sweep: nothing, inspect: nothing, report },
      acts: { cancel: nothing },
    },
    aboutOf: (start) => start as unknown as ChoreForm,
    check: () => null,
    prefill: () => ({}),
  })
}

export const v1 = version(1, z.strictObject({ rooms: z.number() }))
export const v2 = version(2, z.strictObject({ clean: z.enum(['quite', 'very']) }))
