/** What the rules are asked of a case does not depend on whether the person who acts is shown whom it is about. */
import type { CaseRow } from '../../prisma/store/cases'
import { mayDo, policyCase } from '../../api/policy/cases'
import { subjectOf } from '../../api/service/form-check'
import type { Actor, BodyKey, PersonId } from '../../workflows/kernel/contract'

const BODY = 'ministryFinance' as BodyKey
const me = 'me' as PersonId
const actor: Actor = { person: me, grants: [{ role: 'hr', body: BODY }], posts: [BODY] }
/** A case about the actor as he is shown it: without the name. */
const row = {
  ...{ body: { key: BODY }, agencyKey: BODY, setBody: null, subject: null, keptFrom: [], restrictedTo: null },
  seen: { process: 'any', version: 1, body: BODY, agency: BODY, subject: me, reached: [] },
} as unknown as CaseRow

test('nobody acts by office in his own case, not even in one that does not show him whom it is about', () => {
  expect(mayDo(actor, 'recordAbsence', { by: ['hr'] }, policyCase(row)).may).toBe(false)
})

test('a form is checked by whom the case is about, whoever fills it in', () => {
  expect(subjectOf(row)).toBe(me)
})
