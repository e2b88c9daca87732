/** The policy asked about what is added to a case after its end. */
import type { CaseRow } from '../../prisma/store/cases'
import { KEEPS_RECORDS } from '../../workflows/kernel/contract'
import type { Actor } from '../../workflows/kernel/contract'
import { mayPerform, type Verdict } from '../../workflows/kernel/law/policy'
import { policyCase } from './cases'

/** May the actor add something to the case, whether or not it has ended? Who keeps the records of its body, unless it is kept from him. */
export const mayAdd = (actor: Actor, row: CaseRow): Verdict =>
  mayPerform(actor, { by: [KEEPS_RECORDS] }, policyCase(row))
