/** Terms of the kernel in cases of every age. */
import { termRows } from '../prisma/seed/data'
import { KERNEL_TERMS } from '../workflows/kernel/protocol/opening'
import { InMemoryCase, type Told } from './support/in-memory-case'
import { calendarWith, probationUnder } from './support/in-memory-probation'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

const now = probationUnder('R4')
const withoutKernelTerms: Told = {
  ...now,
  law: { ...now.law, terms: now.law.terms.filter(({ key }) => !key.startsWith('kernel.')) },
}

test('a case opened before the kernel had a term goes by the default of the release', async () => {
  const [older, newer] = [
    await InMemoryCase.play(withoutKernelTerms, calendarWith()),
    await InMemoryCase.play(now, calendarWith()),
  ]
  expect(withoutKernelTerms.law.terms.length).toBeLessThan(now.law.terms.length)
  expect(older.dates).toEqual(newer.dates)
})

test.each(KERNEL_TERMS)(
  'the default of $key is what the register is seeded with',
  ({ key, value, unit, confidence, source }) => {
    expect(termRows().filter((row) => row.key === key)).toEqual([
      expect.objectContaining({ regimeId: '*', value, unit, confidence, source }),
    ])
  },
)
